"""Deviations that are shared: protected for their readers, and for everyone about whole administrations only."""

import csv

import openpyxl
import pytest
from made_findings import MONTHS, finding
from made_store import fill, new_project

import analytics
from analytics.errors import UsageError
from analytics.finder.model import Evidence, Part, Posting
from analytics.sentences import findings as sentences
from analytics.settings import Audience
from analytics.workbench.leaving import SYNTHETIC
from analytics.workbench.listing import permitted


def part(**keys):
    return Part(keys=keys, label="Kansliet", outcome=300_000.0, expected=0.0, deviation=-300_000.0)


FOUND = [
    finding(1, parts=(part(account="68110"),)),
    finding(2, parts=(part(cost_centre="1311"),)),
    finding(3, keys={"administration": "17", "base_unit": "171"}, labels={"base_unit": "Stabsledning och kansli"}),
    finding(4, kind="misplaced_budget", parts=(part(base_unit="171"), part(base_unit="172"))),
    finding(
        5, measure="worked_fte", unit="årsarbetare", persons=2, outcome=1.5, expected=0.5, deviation=1.0, kind="volume"
    ),
]


@pytest.fixture(scope="module")
def wb(tmp_path_factory):
    root = new_project(tmp_path_factory.mktemp("region") / "project")
    fill(root)
    return analytics.open(period="2018-03", unit="17", root=root)


def test_everyone_gets_what_is_about_whole_administrations(wb):
    shared = wb.share(FOUND)
    assert [row[0] for row in shared.listing.rows] == [1, 2]
    assert shared.listing.note == "3 avvikelser visas inte av sekretesskäl."
    shown = shared._repr_html_()
    assert "Läsekrets: Offentlig" in shown
    # A part that is a cost centre is not named; an account is.
    assert shown.count("Kansliet") == 1


def test_those_inside_get_parts_too_but_not_of_few_persons(wb):
    shared = wb.share(FOUND, audience="internal")
    assert len(shared.listing.rows) == 4
    assert "Stabsledning och kansli" in shared._repr_html_()
    assert shared.listing.note == "1 avvikelse visas inte av sekretesskäl."
    assert len(wb.share(FOUND[2], audience="internal").listing.rows) == 1


def test_a_list_of_deviations_is_a_file_that_says_what_it_is(wb, tmp_path):
    lines = wb.share(FOUND, file=tmp_path / "avvikelser.csv").read_text(encoding="utf-8").splitlines()
    rows = list(csv.DictReader(lines))
    assert [row["avvikelse"] for row in rows] == ["-400000.0", "-400000.0"]
    assert {row["märkning"] for row in rows} == {SYNTHETIC}
    assert {row["läsekrets"] for row in rows} == {"Offentlig"}
    sheet = openpyxl.load_workbook(wb.share(FOUND, file=tmp_path / "avvikelser.xlsx")).active
    cells = [cell.value for row in sheet for cell in row if cell.value is not None]
    assert {"Avvikelser, de viktigaste först", SYNTHETIC, -400_000} <= set(cells)
    page = wb.share(FOUND, file=tmp_path / "avvikelser.html").read_text(encoding="utf-8")
    assert "3 avvikelser visas inte" in page


def test_what_the_bench_finds_can_be_shared(wb, tmp_path):
    shared = wb.share(wb.deviations(), audience="internal")
    assert len(shared.listing.rows) + shared.listing.withheld == len(wb.deviations())
    empty = wb.share(wb.deviations()[:0], file=tmp_path / "inga.csv").read_text(encoding="utf-8").splitlines()
    assert len(empty) == 2
    assert "Offentlig" in empty[1]


def test_a_single_posting_is_named_inside_and_left_out_of_what_is_published():
    posting = Posting(day="2018-03-20", label="66110 Reparation och underhåll", amount=600_000.0)
    own = Evidence(table="ledger", keys={}, months=MONTHS, rows=5, posting=posting)
    one_off = finding(1, kind="one_off", evidence=own)
    limits = Audience("", "", sick_leave_at_most=10, staff_fewer_than=5, patients_fewer_than=5, largest_patient_pct=50)
    (inside,) = permitted([one_off], limits, sick_groups=frozenset(), published=False).findings
    (published,) = permitted([one_off], limits, sick_groups=frozenset(), published=True).findings
    assert "bokförd den 20 mars 2018" in sentences.finding(inside)
    assert published.evidence.posting is None
    assert "bokförd" not in sentences.finding(published)


def test_what_could_not_be_looked_at_stands_beside_the_findings_and_follows_the_measure(wb):
    found = wb.deviations()
    assert "turnover_pct" in {each.measure for each in found.not_looked_at}
    assert "Inte genomsökt: " in found._repr_html_()
    (only,) = wb.deviations(measure="turnover_pct").not_looked_at
    assert only.reason


def test_a_measure_that_is_not_looked_at_is_answered_with_the_nearest(wb):
    with pytest.raises(UsageError, match="headcount"):
        wb.deviations(measure="headcounts")
