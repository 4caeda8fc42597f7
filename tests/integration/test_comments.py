"""The demonstration region: deviations as published, and the demonstration comment beside its figure."""

from __future__ import annotations

import csv
import json

import pytest

pytestmark = pytest.mark.slow


PUBLISHED = (
    ("budget-staff_employees", "Anställda", "Personal", "utfall_jmf_budget"),
    ("previous-staff_employees", "Anställda", "Personal", "utfall_jmf_foreg_ar"),
    ("budget-operations_purchased", "Köpta tjänster", "Drift", "utfall_jmf_budget"),
    ("previous-income", "Intäkter", "", "utfall_jmf_foreg_ar"),
)


@pytest.fixture(scope="module")
def listed(region):
    return region.analytics_json("comments", "2018-03", "--unit", "17")["units"]["17"]


def published(region, line, parent, column):
    with (region.root / "data/raw/published/kvartal_2018_03_fr1_utfall.csv").open(encoding="utf-8") as stream:
        rows = [list(row.values()) for row in csv.DictReader(stream)]
    (value,) = [
        row[5] for row in rows if row[0] == line and row[2] == parent and row[3] == column and row[4] == "totalt"
    ]
    return int(value)


def test_deviations_are_the_published_ones(region, listed):
    figures = {item["about"]: item["figure"] for item in listed}
    for deviation, line, parent, column in PUBLISHED:
        printed = figures[f"deviations, deviation {deviation}, column amount"]
        number = int(printed.removesuffix("\u00a0tkr").replace("\u00a0", "").replace("−", "-"))
        assert number == published(region, line, parent, column), deviation


def test_the_demonstration_comment_is_approved_for_the_figure_that_is_printed(listed):
    found = [item for item in listed if item["file"]]
    assert [(item["file"], item["state"]) for item in found] == [("demonstration-staff-budget.md", "approved")]


def test_the_page_prints_it_and_lists_what_is_missing(region):
    page = (region.reports / "2018-03/17/ekonomi.html").read_text(encoding="utf-8").replace("\u00a0", " ")
    assert "Demonstrationskommentar" in page
    assert "Siffran har ändrats" not in page
    missing = page.partition("Kommentar saknas")[2].partition("</ul>")[0]
    assert "helårsprognos mot budget" in missing
    assert "Personal: Anställda, utfall mot budget" not in missing
    plans = (region.reports / "2018-03/17/prognos.html").read_text(encoding="utf-8")
    assert "Åtgärdsplan saknas" in plans


def test_the_manifest_names_the_comments_of_its_unit_alone(region):
    for unit, files in (("17", ["demonstration-staff-budget.md"]), ("10", [])):
        record = json.loads((region.reports / "2018-03" / unit / "manifest.json").read_text(encoding="utf-8"))
        assert [item["file"] for item in record["inputs"]["comments"]] == files
