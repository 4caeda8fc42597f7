"""Care contacts of the demonstration hospital: marked, repeatable, within the ledger to the öre, with what is planted."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path
from statistics import mean

import pytest

from analytics import settings
from analytics.organisation import Organisation
from analytics.patient_costs import PatientCosts
from analytics.periods import Period
from analytics.progress import Progress
from analytics.reference import Reference
from analytics.sample.files import is_synthetic
from analytics.sample.ledger_postings import Region
from analytics.sample.patient_costs import CONTACT_HEADER, COST_HEADER, PLANTED, RANGE, write_patient_costs
from analytics.sources import LAYOUTS

ROOT = Path(__file__).parents[3]
SETTINGS = settings.load(ROOT)
SEED = 20180331
QUARTER = ("201801", "201802", "201803")
Row = dict[str, str]


def write(out: Path, *, seed: int = SEED) -> Path:
    write_patient_costs(
        out,
        settings=SETTINGS,
        reference=Reference(SETTINGS.paths.reference),
        organisation=Organisation.read(SETTINGS.paths.reference),
        scale=1,
        seed=seed,
        progress=Progress(),
    )
    return out / "kpp"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("raw"))


def rows(folder: Path, kind: str, month: str) -> list[Row]:
    lines = (folder / f"kpp_{kind}_{month}.csv").read_text(encoding="cp1252").splitlines()
    return list(csv.DictReader(lines[1:-1], delimiter=";"))


def ore(row: Row) -> int:
    return int(row["Belopp"].replace(",", ""))


def spent(folder: Path, months: tuple[str, ...]) -> dict[str, int]:
    """Öre by contact."""
    found: dict[str, int] = defaultdict(int)
    for row in (row for month in months for row in rows(folder, "kostnader", month)):
        found[row["Kontaktnr"]] += ore(row)
    return found


def of_clinic(folder: Path, clinic: str, kind: str, months: tuple[str, ...]) -> list[int]:
    """Öre of each contact of a clinic and kind."""
    costs = spent(folder, months)
    contacts = [row for month in months for row in rows(folder, "kontakter", month)]
    return [costs[row["Kontaktnr"]] for row in contacts if (row["Basenhet"], row["Kontakttyp"]) == (clinic, kind)]


def test_there_are_two_marked_files_in_the_layouts_for_every_month(folder: Path) -> None:
    names = {f"kpp_{kind}_{period.compact}.csv" for period in RANGE for kind in ("kontakter", "kostnader")}
    assert {file.name for file in folder.iterdir()} == names
    assert all(is_synthetic(file) for file in folder.iterdir())
    assert LAYOUTS["kpp_kontakter"].columns == CONTACT_HEADER
    assert LAYOUTS["kpp_kostnader"].columns == COST_HEADER


def test_every_contact_has_cost_and_every_cost_its_contact(folder: Path) -> None:
    for month in QUARTER:
        contacts = [row["Kontaktnr"] for row in rows(folder, "kontakter", month)]
        assert len(contacts) == len(set(contacts)) > 8_000
        costs = rows(folder, "kostnader", month)
        assert {row["Kontaktnr"] for row in costs} == set(contacts)
        assert min(ore(row) for row in costs) > 0


def test_no_number_repeats_over_the_months(folder: Path) -> None:
    every = [row["Kontaktnr"] for period in RANGE for row in rows(folder, "kontakter", period.compact)]
    assert len(every) == len(set(every))


def test_each_cost_centre_distributes_most_of_its_own_ledger_cost_and_never_more(folder: Path) -> None:
    reference = Reference(SETTINGS.paths.reference)
    region = Region(SETTINGS.paths.published, reference, Organisation.read(SETTINGS.paths.reference), SEED)
    declared = PatientCosts.read(SETTINGS.paths.reference)
    for month in (Period(2017, 12), Period(2018, 1)):
        booked: dict[str, int] = defaultdict(int)
        for posting in region.outcome(month):
            is_cost = posting.centre.administration == "10" and posting.account[0] != "3" and posting.month
            if is_cost and not declared.reason_of(posting.account, posting.centre.code, month):
                booked[posting.centre.code] += posting.ore
        given: dict[str, int] = defaultdict(int)
        for row in rows(folder, "kostnader", month.compact):
            given[row["Ansvar"]] += ore(row)
        assert set(given) == set(booked)
        for centre, amount in given.items():
            assert 0.78 * booked[centre] < amount < booked[centre], centre


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(folder: Path, tmp_path: Path) -> None:
    again, other = write(tmp_path / "again"), write(tmp_path / "other", seed=1)
    for name in ("kpp_kontakter_201803.csv", "kpp_kostnader_201803.csv"):
        assert (again / name).read_bytes() == (folder / name).read_bytes()
        assert (other / name).read_bytes() != (folder / name).read_bytes()


def test_what_is_planted_is_there(folder: Path) -> None:
    assert set(PLANTED) == {"102", "103", "105", "106"}
    before = ("201701", "201702", "201703")
    few = [
        row["Patientnr"] for month in QUARTER for row in rows(folder, "kontakter", month) if row["Basenhet"] == "105"
    ]
    assert len(few) == len(set(few)) == 3
    now, then = (sorted(of_clinic(folder, "103", "SV", months)) for months in (QUARTER, before))
    dearest = {name: sum(each[-len(each) // 20 :]) / sum(each) for name, each in (("now", now), ("then", then))}
    assert dearest["now"] > 0.3 > dearest["then"]
    medical = [of_clinic(folder, "102", "SV", months) for months in (QUARTER, before)]
    assert len(medical[0]) < len(medical[1])
    assert mean(medical[0]) > 1.05 * mean(medical[1])


def test_one_patient_has_most_of_the_medicines_of_one_clinic(folder: Path) -> None:
    patient_of = {
        row["Kontaktnr"]: row["Patientnr"]
        for month in QUARTER
        for row in rows(folder, "kontakter", month)
        if row["Basenhet"] == "106"
    }
    of_patient: dict[str, int] = defaultdict(int)
    for row in (row for month in QUARTER for row in rows(folder, "kostnader", month)):
        if row["Kontaktnr"] in patient_of and row["Kostnadsslag"] == "LKM":
            of_patient[patient_of[row["Kontaktnr"]]] += ore(row)
    assert len(of_patient) > 100
    assert 0.6 < max(of_patient.values()) / sum(of_patient.values()) < 0.9
