"""Care units from the delivered files to the shown tables, recomputed plainly from the same files."""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path

import pytest
from small_region import SECRET, SmallRegion

import analytics
from analytics import intake
from analytics.errors import CodeError
from analytics.organisation import Organisation
from analytics.progress import Progress
from analytics.reference import Reference
from analytics.sample.care_units import write_care_units
from analytics.validation import Validator
from analytics.workbench import Workbench

QUARTER = ("201801", "201802", "201803")
NOW = datetime(2018, 4, 15, tzinfo=UTC)
EVENTS = {
    "same_day": ("Kontakt samma dag", "Kontakter"),
    "assessed": ("Bedömd inom 3 dagar", "Bedömningar"),
    "coverage": ("Besök primärvård", "Besök totalt"),
}
PERSONS = {
    "doctor": ("Fast läkarkontakt", "Listade"),
    "nursing_home": ("Fast läkarkontakt SÄBO", "SÄBO"),
    "vaccinated": ("Influensavaccinerade 75+", "Listade 75+"),
    "diabetes": ("NDR-registrerade", "Diabetesdiagnos"),
}
Row = dict[str, str]


def load(region: SmallRegion) -> intake.LoadReport:
    reference, organisation = (
        Reference(region.settings.paths.reference),
        Organisation.read(region.settings.paths.reference),
    )
    gate = Validator(region.settings, reference, organisation)
    return intake.load(region.settings, secret=SECRET, now=NOW, validate=gate)


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> SmallRegion:
    """A project that holds care units and nothing else."""
    made = SmallRegion(tmp_path_factory.mktemp("care") / "region")
    made.settings.paths.expectations.parent.mkdir(parents=True, exist_ok=True)
    made.settings.paths.expectations.symlink_to(Path(__file__).parents[2] / "expectations")
    write_care_units(
        made.raw,
        settings=made.settings,
        reference=Reference(made.settings.paths.reference),
        organisation=Organisation.read(made.settings.paths.reference),
        scale=1,
        seed=7,
        progress=Progress(),
    )
    load(made)
    return made


@pytest.fixture(scope="module")
def wb(region: SmallRegion) -> Workbench:
    return analytics.open(period="2018-03", unit="17", root=region.root)


def raw(region: SmallRegion, month: str) -> list[Row]:
    text = (region.raw / f"halsoval/halsoval_{month}.csv").read_text(encoding="cp1252")
    return list(csv.DictReader(text.splitlines()[1:-1], delimiter=";"))


def counted(region: SmallRegion) -> dict[tuple[str, str], tuple[int, int]]:
    """(unit, share) → numerator and denominator: events of the quarter, persons of its last month."""
    sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for shares, months in ((EVENTS, QUARTER), (PERSONS, QUARTER[-1:])):
        for row in (row for month in months for row in raw(region, month)):
            for share, columns in shares.items():
                for place, column in enumerate(columns):
                    sums[row["Vårdenhet"], share][place] += int(row[column])
    return {key: (numerator, denominator) for key, (numerator, denominator) in sums.items()}


def small(groups: list[tuple[int, int]]) -> bool:
    """Whether a group of the quarter is under five: in itself, or in what it adds to the last sum that was shown."""
    shown, hidden = (0, 0), False
    for month in range(1, len(groups) + 1):
        now = tuple(sum(group[place] for group in groups[:month]) for place in (0, 1))
        added = [one - other for one, other in zip(now, shown, strict=True) if one > other]
        hidden = bool(added) and min(added) < 5
        shown = shown if hidden else now
    return hidden


def hidden_shares(region: SmallRegion) -> set[tuple[str, str]]:
    found = set()
    for shares, months in ((EVENTS, QUARTER), (PERSONS, QUARTER[-1:])):
        by_unit = [{row["Vårdenhet"]: row for row in raw(region, month)} for month in months]
        for share, (part, whole) in shares.items():
            for unit in by_unit[-1]:
                rows = [units[unit] for units in by_unit]
                if small([(int(row[part]), int(row[whole]) - int(row[part])) for row in rows]):
                    found.add((unit, share))
    return found


def test_every_share_is_that_of_the_files_and_small_groups_are_hidden(region: SmallRegion, wb: Workbench) -> None:
    expected = counted(region)
    shown = wb.protected("care_unit_overview").frame
    cells = {(row["care_unit"], row["column"]): row for row in shown.iter_rows(named=True)}
    hidden = hidden_shares(region)
    assert {share for _, share in hidden} >= {"nursing_home", "assessed"}
    for key, (numerator, whole) in expected.items():
        if key in hidden:
            assert (cells[key]["status"], cells[key]["value"]) == ("suppressed", None)
        else:
            assert cells[key]["value"] == pytest.approx(100 * numerator / whole)
    for share in (*EVENTS, *PERSONS):
        held = [value for key, value in expected.items() if key[1] == share and key not in hidden]
        together = 100 * sum(numerator for numerator, _ in held) / sum(whole for _, whole in held)
        assert cells["", share]["value"] == pytest.approx(together)


def test_costs_and_care_plans_are_those_of_the_files(region: SmallRegion, wb: Workbench) -> None:
    spent, plans = defaultdict(float), defaultdict(int)
    listed: dict[str, list[int]] = defaultdict(list)
    for row in (row for month in QUARTER for row in raw(region, month)):
        spent[row["Vårdenhet"]] += float(row["Läkemedelskostnad"].replace(",", "."))
        listed[row["Vårdenhet"]].append(int(row["Listade"]))
        plans[row["Vårdenhet"]] += int(row["SIP"])
    costs = wb.table("care_unit_costs").frame
    for unit, column, value in costs.select("care_unit", "column", "value").iter_rows():
        if unit and column == "medicine":
            assert value == pytest.approx(spent[unit] / (sum(listed[unit]) / 3))
    made = wb.table("care_unit_care_plans").frame
    assert {
        unit: value
        for unit, column, value in made.select("care_unit", "column", "value").iter_rows()
        if column == "current"
    } == plans


def test_the_planted_signals_are_found_and_told(wb: Workbench) -> None:
    assert "Vårdcentral Linden (under)" in str(wb.say("care_unit_funnel_vaccinated"))
    assert "Familjeläkarna Boken (under)" in str(wb.say("care_unit_funnel_same_day"))
    assert "Familjeläkarna Boken (mars 2018: " in str(wb.say("care_unit_series_same_day"))
    assert "Vårdcentral Hasseln (mars 2018: " in str(wb.say("care_unit_series_coverage"))
    assert "mest i förhållande till åldern vid Hälsohuset Lönnen" in str(wb.say("care_unit_costs"))


def test_a_bad_delivery_leaves_what_was_there(region: SmallRegion) -> None:
    before = region.store.catalog().version
    file = region.raw / "halsoval/halsoval_201803.csv"
    good = file.read_bytes()
    file.write_bytes(good.replace(b"V12;", b"V99;"))
    try:
        with pytest.raises(CodeError, match="unknown care unit V99"):
            load(region)
        assert region.store.catalog().version == before
    finally:
        file.write_bytes(good)


def test_other_administrations_have_no_report_of_care_units(region: SmallRegion) -> None:
    other = analytics.open(period="2018-03", unit="20", root=region.root)
    assert "inga vårdenheter" in other._lacking["halsoval"]
