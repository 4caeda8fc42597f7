"""Packages that are made without late deliveries: what is left out, what every page says, and what comes afterwards."""

from __future__ import annotations

import json
import re
import zipfile
from html import unescape
from pathlib import Path

import nbformat
import pytest
from made_packages import faults, tree
from small_project import MAKE_TABLE, NOW, SHOW, notebook, write_data

from analytics.errors import MissingDataError
from analytics.needs import NEEDS, Missing
from analytics.periods import Period
from analytics.reports import run as reports
from analytics.reports.results import RunReport
from analytics.settings import Settings

MARCH = Period(2018, 3)
TIME_LACKS = "Personaluppgifter för februari 2018 saknas. Därför ingår inte rapporten Personal."
TAKEN_BACK = "Bokföringen för mars 2018 kunde inte läsas in på nytt. Siffrorna är de tidigare inlästa."


def lacks(layout: str, month: str, *, superseded: bool = False) -> Missing:
    need = next(need for need in NEEDS if need.layout == layout)
    return Missing(need, (Period.parse(month),), refused=superseded, superseded=superseded)


TIME = lacks("heroma_tid", "2018-02")
LEDGER = lacks("raindance_saldo", "2018-03")
CORRECTION = lacks("raindance_saldo", "2018-03", superseded=True)


def make(settings: Settings, *missing: Missing, units: tuple[str, ...] = ("17",), only: tuple[str, ...] = ()):
    return reports.run(
        settings,
        period=MARCH,
        units=units,
        reports=only,
        audience="public",
        now=NOW,
        missing={"17": missing},
    )


def made(settings: Settings, *missing: Missing, only: tuple[str, ...] = ()) -> Path:
    make(settings, *missing, only=only).raise_if_failed()
    return settings.paths.reports / "2018-03/17"


def manifest_of(folder: Path) -> dict[str, object]:
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


def pages(folder: Path) -> dict[str, str]:
    return {file.name: file.read_text(encoding="utf-8") for file in folder.glob("*.html")}


def banner(page: str) -> list[str]:
    """The lines of what the page says is missing, heading first; empty without a banner."""
    found = re.search(
        r'<div class="brist band" role="note" aria-labelledby="brist-rubrik">(.*?)</div>', page, re.DOTALL
    )
    return re.findall(r"<(?:strong|li)>(.*?)</", found[1]) if found else []


def first_sheet(workbook: Path) -> str:
    with zipfile.ZipFile(workbook) as book:
        return book.read("xl/sharedStrings.xml").decode()


@pytest.fixture
def partial(project: Settings) -> tuple[Settings, RunReport, Path]:
    """A package without the working time of February, and beside it that of a unit that lacks nothing."""
    result = make(project, TIME, units=("17", "10"))
    result.raise_if_failed()
    return project, result, project.paths.reports / "2018-03/17"


def test_reports_that_need_what_is_missing_are_left_out_and_every_page_says_so(partial):
    settings, result, folder = partial
    assert set(pages(folder)) == {"andringar.html", "datakvalitet.html", "ekonomi.html", "index.html"}
    for name, page in pages(folder).items():
        assert banner(page) == ["Rapporten är inte komplett", TIME_LACKS], name
        assert "personal.html" not in page, name
        assert "SYNTETISKA DATA · Rapporten är inte komplett" in page, name  # at the edge of every sheet of paper
    assert not (folder / "tables/worked_fte.csv").exists()
    assert TIME_LACKS in first_sheet(folder / "tabeller.xlsx")
    assert "Not complete, unit 17: " + TIME_LACKS in str(result)
    assert result.as_record()["missing"] == {"17": [TIME_LACKS]}
    assert faults(folder) == []

    beside = settings.paths.reports / "2018-03/10"
    assert (beside / "personal.html").exists()
    assert [banner(page) for page in pages(beside).values()] == [[]] * 5


def test_the_manifest_tells_what_is_missing_and_that_nothing_else_is(partial):
    _, _, folder = partial
    record = manifest_of(folder)
    assert record["missing"] == [
        {
            "layout": "heroma_tid",
            "what": "Personaluppgifter",
            "months": ["2018-02"],
            "refused": False,
            "superseded": False,
            "critical": False,
            "reports": ["personal"],
        }
    ]
    assert record["missing_in_words"] == [TIME_LACKS]
    assert record["not_made"] == {"personal": TIME_LACKS}
    assert record["whole"] is True


def test_the_delivery_that_comes_makes_a_whole_version_that_says_what_came(partial):
    settings, _, folder = partial
    before = tree(folder / "v1")
    write_data(settings.paths.processed, passed=False)
    made(settings)

    record = manifest_of(folder)
    assert (record["version"], record["reason"]) == (2, ["data", "reports"])
    assert (record["missing"], record["missing_in_words"], record["whole"]) == ([], [], True)
    assert [banner(page) for page in pages(folder).values()] == [[]] * 5
    changed = (folder / "andringar.html").read_text(encoding="utf-8")
    assert "<li>Personaluppgifter för februari 2018 saknades i den förra versionen och ingår nu.</li>" in changed
    assert "<li>Rapporten Personal är med.</li>" in changed
    assert json.loads((folder / "changes.json").read_text(encoding="utf-8"))["arrived"]
    assert tree(folder / "v1") == before
    assert banner((folder / "v1/ekonomi.html").read_text(encoding="utf-8")) == [
        "Rapporten är inte komplett",
        TIME_LACKS,
    ]
    assert faults(folder) == []


def test_a_correction_that_was_refused_leaves_nothing_out_and_is_told_on_every_page(project: Settings):
    folder = made(project, CORRECTION)
    assert "personal.html" in pages(folder)
    for name, page in pages(folder).items():
        assert banner(page) == ["Siffrorna kan komma att rättas", TAKEN_BACK], name

    # The refused file is withdrawn: no figure differs, and the package must no longer say so.
    made(project)
    assert manifest_of(folder)["reason"] == ["missing"]
    assert [banner(page) for page in pages(folder).values()] == [[]] * 5
    changed = (folder / "andringar.html").read_text(encoding="utf-8")
    assert "Bokföringen för mars 2018 kunde inte läsas in på nytt till den förra versionen, men har lästs in" in changed


def test_without_a_critical_delivery_nothing_is_published(project: Settings):
    with pytest.raises(MissingDataError, match="unit 17 without raindance_saldo 2018-03"):
        make(project, LEDGER, TIME, units=("17", "10"))
    assert not list(project.paths.reports.glob("2*"))


def test_a_report_that_is_asked_for_and_waits_for_a_delivery_is_refused_with_the_reason(project: Settings):
    with pytest.raises(
        MissingDataError, match="unit 17 has no data for the report personal: Personaluppgifter för feb"
    ):
        make(project, TIME, only=("personal",))
    assert not list(project.paths.reports.glob("2*"))


def test_a_package_of_single_reports_is_not_whole_until_the_others_are_made(project: Settings):
    folder = made(project, only=("ekonomi",))
    assert manifest_of(folder)["whole"] is False
    made(project)
    assert manifest_of(folder)["whole"] is True
    made(project, only=("ekonomi",))
    assert (manifest_of(folder)["version"], manifest_of(folder)["whole"]) == (2, True)


def test_a_unit_for_which_no_report_can_be_made_fails_with_the_reason(project: Settings):
    (project.paths.notebooks / "ekonomi.ipynb").unlink()
    result = make(project, TIME, units=("17", "10"))
    assert [(each.unit, each.cause) for each in result.failures] == [("17", "MissingDataError")]
    assert result.packages == (project.paths.reports / "2018-03/10",)


def test_a_comment_on_a_report_that_is_left_out_waits_for_it(project: Settings):
    comment = project.paths.comments / "2018-03/17/a.md"
    comment.parent.mkdir(parents=True)
    comment.write_text(
        '---\nabout:\n  table: worked_fte\n  personnel_group: "1.1"\n  sex: K\n  column: current\nperiod: 2018-03\n'
        'unit: 17\nkind: comment\nauthor_role: Controller\ndate: 2018-04-20\nstate: approved\nfigure: "1"\n---\n\nDärför.\n',
        encoding="utf-8",
    )
    made(project, TIME)
    (failure,) = make(project).failures
    assert "no page prints" in failure.problem


def test_the_summary_is_told_which_reports_are_left_out(project: Settings):
    told = "from analytics import companions\nprint(*companions.current().left_out.items(), sep='; ')"
    summary = notebook(MAKE_TABLE.replace("@ID@", "headcount"), SHOW, told, heading="Sammanfattning")
    nbformat.write(summary, project.paths.notebooks / "sammanfattning.ipynb")
    folder = made(project, TIME)
    assert f"('personal', '{TIME_LACKS}')" in unescape(pages(folder)["sammanfattning.html"])
