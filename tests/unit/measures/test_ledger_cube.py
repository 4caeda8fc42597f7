"""The cube that the panels draw holds the figures of the reports, split further."""

from __future__ import annotations

import polars as pl
import pytest
from measure_frames import budget, data, months, posting, scope

from analytics.errors import MissingDataError
from analytics.explore import cubes, ledger_view
from analytics.explore.cubes import WHOLE_YEAR
from analytics.measures import registry

ORE = 100


def history(account: str, kronor: float, last: str = "2018-03") -> list[dict[str, object]]:
    return [posting(account, month, kronor * (1 + int(month[5:]))) for month in months("2016-01", last)]


def region() -> list[dict[str, object]]:
    return [
        *history("40110", 100),
        *history("46110", 7.5),
        *history("30110", -30),
        *history("68110", 0.25),
        *budget("40110", 900),
        *budget("30110", -250),
        *budget("68110", 12),
        posting("40110", "2018-03", 25_000, kind="forecast"),
        posting("75510", "2018-02", 40, is_project=True),
        posting("40110", "2018-02", 99, period_kind="opening"),
    ]


@pytest.fixture
def cube():
    return cubes.ledger_cube(data(ledger=region()), scope("2018-03", "17"))


def value(table_id: str, line: str, column: str) -> float:
    table = registry.compute(table_id, data(ledger=region()), scope("2018-03", "17"))
    rows = table.frame.filter(report_line=line, column=column)
    if "origin" in rows.columns:
        rows = rows.filter(origin="total")
    return rows["value"].item()


@pytest.mark.parametrize("line", ["income", "staff_employees", "staff_other", "operations_travel"])
def test_sums_over_the_cube_are_the_figures_of_the_reports(cube, line):
    rows = cube.frame.filter(report_line=line)
    monthly = rows.filter(pl.col("month") != WHOLE_YEAR)
    assert monthly["outcome"].sum() / ORE == value("fr1_outcome", line, "outcome")
    assert monthly["budget"].sum() / ORE == value("fr1_outcome", line, "budget")
    assert monthly["previous"].sum() / ORE == value("fr1_outcome", line, "previous")
    assert monthly["seasonal"].sum() / ORE == pytest.approx(value("seasonal_budget", line, "seasonal"))
    year = rows.filter(pl.col("month") == WHOLE_YEAR)
    assert year["forecast"].sum() / ORE == value("fr1_forecast", line, "forecast")
    assert year["budget"].sum() / ORE == value("fr1_forecast", line, "budget")


def test_the_seasonal_budget_follows_the_pattern_of_the_line_and_not_twelfths(cube):
    by_month = cube.frame.filter(report_line="staff_employees").sort("month")
    assert by_month.filter(month="2018-01")["seasonal"].item() < by_month.filter(month="2018-03")["seasonal"].item()


def test_projects_and_opening_balances_are_not_in_the_cube(cube):
    assert cube.frame.filter(account="75510").is_empty()
    assert cube.held == ("budget", "seasonal", "previous", "forecast")


def test_what_the_data_lack_is_no_comparison_and_said():
    rows = [posting("40110", month, 1) for month in months("2018-01", "2018-03")]
    cube = cubes.ledger_cube(data(ledger=rows), scope("2018-03", "17"))
    assert cube.held == ()
    assert any("Budget för" in note for note in cube.notes)


def test_a_month_without_outcome_is_an_error_that_names_it():
    rows = [posting("40110", month, 1) for month in ("2018-01", "2018-03")]
    with pytest.raises(MissingDataError, match="2018-02"):
        cubes.ledger_cube(data(ledger=rows), scope("2018-03", "17"))


def test_the_sentence_gives_the_figures_of_what_is_selected(cube):
    frame = cubes.named(cube.frame, scope("2018-03", "17"))
    selected = {"report_line": ("staff_employees",)}
    where = ledger_view.place(
        frame, selected, unit_label="staben", range_label="januari–mars 2018", comparison="budget"
    )
    assert where == "Personal – Anställda, januari–mars 2018"
    measured = 100 * (2 + 3 + 4)
    whole = ledger_view.whole(frame, "budget", selected)
    assert (whole.measured, whole.comparator, whole.deviation) == (measured * ORE, 2700 * ORE, (2700 - measured) * ORE)
    said = ledger_view.tell(frame, "budget", selected, where=where).replace("\u00a0", " ")
    assert said.startswith(
        "Personal – Anställda, januari–mars 2018: utfall 1 tkr, budget 3 tkr, avvikelse 2 tkr (gynnsam)."
    )
    assert "40110" in said


def test_the_parts_of_a_selection_add_up_to_it(cube):
    frame = cubes.named(cube.frame, scope("2018-03", "17"))
    for comparison in cube.held:
        for by in ("account", "report_line", "month", "cost_centre"):
            parts = ledger_view.lines(frame, comparison, {}, by=by)
            assert sum(part.deviation for part in parts) == pytest.approx(
                ledger_view.whole(frame, comparison, {}).deviation
            )
