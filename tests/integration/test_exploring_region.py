"""The workbench on the demonstration region: parts add up to the whole, and every example of its document runs."""

import re
from pathlib import Path

import polars as pl
import pytest

import analytics

DOCUMENT = Path(__file__).parents[2] / "docs/workbench.md"
ADDITIVE = (
    "worked_fte",
    "overtime_fte",
    "absence_fte",
    "headcount",
    "worked_fte_monthly",
    "fr1_outcome",
    "fr1_forecast",
    "result_by_class",
    "staff_cost_by_group",
    "net_monthly",
    "staff_cost_monthly",
    "focus_travel",
)
OF_PATTERN = ("seasonal",)
"""Series that follow the pattern of their own history, and so do not add up."""


def sums(frame):
    keys = [key for key in frame.columns if key in KEYS]
    return frame.group_by(keys).agg(pl.col("value").sum()).filter(pl.col("value").abs() > 1e-6).sort(keys)


KEYS = (
    "personnel_group",
    "absence_group",
    "row_type",
    "sex",
    "column",
    "report_line",
    "origin",
    "code",
    "period",
    "series",
)


@pytest.mark.parametrize("unit", ["10", "17"])
@pytest.mark.parametrize("span", ["accumulated", "month"])
def test_parts_add_up_to_the_whole(region, unit, span):
    wb = analytics.open(period="2018-03", unit=unit, root=region.root).range(span)
    part = wb.children[next(iter(wb.children))]
    for bench in (wb, part):
        for table_id in ADDITIVE:
            if table_id == "fr1_forecast" and span != "accumulated":
                continue
            whole, parts = bench.table(table_id).frame, bench.children.frame(table_id)
            if "series" in whole.columns:
                whole, parts = (frame.filter(~pl.col("series").is_in(OF_PATTERN)) for frame in (whole, parts))
            expected, found = sums(whole), sums(parts)
            assert expected.height > 0, table_id
            keys = [key for key in expected.columns if key != "value"]
            assert found.select(keys).equals(expected.select(keys)), table_id
            assert (found["value"] - expected["value"]).abs().max() < 1e-6, table_id


def test_every_example_of_the_document_runs(region, tmp_path, monkeypatch):
    # The region is shared by many tests, and the examples write files.
    for name in ("analytics.toml", "data"):
        (tmp_path / name).symlink_to(region.root / name)
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"^```python\n(.*?)^```", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert len(blocks) >= 7
    namespace = {}
    for block in blocks:
        exec(compile(block, str(DOCUMENT), "exec"), namespace)  # noqa: S102 - the examples are ours
    assert {file.name for file in tmp_path.iterdir()} == {
        "analytics.toml",
        "data",
        "utfall.xlsx",
        "netto.svg",
        "avvikelser.xlsx",
    }
    shown = namespace["wb"].children["171"].staff.worked_fte._repr_html_()
    assert "Oskyddade uppgifter" in shown
    assert "171 Stabsledning och kansli" in shown
