"""Cost per patient from the delivered files to the shown tables, recomputed plainly from the same files."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Callable

import polars as pl
import pytest
from raw_extracts import number
from small_region import NOW, PROJECT, SECRET, SmallRegion

import analytics
from analytics import intake, settings
from analytics.errors import AnalyticsError, CodeError, PersonalDataError, ValidationFailedError
from analytics.organisation import Organisation
from analytics.progress import Progress
from analytics.reference import Reference
from analytics.sample.ledger import write_ledger
from analytics.sample.patient_costs import write_patient_costs
from analytics.validation import Validator
from analytics.workbench import Workbench

SEED = 20180331
NOW_MONTHS, BEFORE_MONTHS = ("201801", "201802", "201803"), ("201701", "201702", "201703")
CONTACTS, COSTS = "kpp/kpp_kontakter_201803.csv", "kpp/kpp_kostnader_201803.csv"
OUTSIDE_CENTRES, OUTSIDE_ACCOUNTS = ("0110", "0111", "0112"), ("50110", "91110")
HIDDEN = "105"
Row = dict[str, str]


def load(region: SmallRegion) -> intake.LoadReport:
    reference = Reference(region.settings.paths.reference)
    organisation = Organisation.read(region.settings.paths.reference)
    gate = Validator(region.settings, reference, organisation)
    return intake.load(region.settings, secret=SECRET, now=NOW, validate=gate)


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> SmallRegion:
    """A project that holds the hospital's ledger and its contacts of two first quarters."""
    made = SmallRegion(tmp_path_factory.mktemp("kpp") / "region")
    made.settings.paths.expectations.symlink_to(PROJECT / "expectations")
    declared = settings.load(PROJECT)
    shared = {
        "settings": declared,
        "reference": Reference(declared.paths.reference),
        "organisation": Organisation.read(declared.paths.reference),
        "scale": 1,
        "seed": SEED,
        "progress": Progress(),
    }
    write_patient_costs(made.raw, **shared)  # type: ignore[arg-type]
    write_ledger(made.raw, **shared, units=("10",))  # type: ignore[arg-type]
    for file in (made.raw / "kpp").iterdir():
        if file.stem.rsplit("_", 1)[1] not in (*NOW_MONTHS, *BEFORE_MONTHS):
            file.unlink()
    load(made)
    return made


@pytest.fixture(scope="module")
def wb(region: SmallRegion) -> Workbench:
    return analytics.open(period="2018-03", unit="10", root=region.root)


def raw(region: SmallRegion, kind: str, months: tuple[str, ...]) -> list[Row]:
    rows = []
    for month in months:
        text = (region.raw / f"kpp/kpp_{kind}_{month}.csv").read_text(encoding="cp1252")
        rows += list(csv.DictReader(text.splitlines()[1:-1], delimiter=";"))
    return rows


def ore(row: Row) -> int:
    return round(number(row["Belopp"]) * 100)


class Counted:
    """Contacts, patients and öre of a year, by clinic and kind; the clinic that may not be shown is left out of sums."""

    def __init__(self, region: SmallRegion, months: tuple[str, ...]) -> None:
        self.contacts = raw(region, "kontakter", months)
        self.costs = raw(region, "kostnader", months)
        self.spent: dict[str, int] = defaultdict(int)
        for row in self.costs:
            self.spent[row["Kontaktnr"]] += ore(row)

    def of(self, clinic: str, kind: str) -> list[Row]:
        return [
            row
            for row in self.contacts
            if (row["Basenhet"] == clinic if clinic else row["Basenhet"] != HIDDEN)
            and kind in ("all", row["Kontakttyp"])
        ]

    def rate(self, clinic: str, kind: str, by: str) -> float:
        rows = self.of(clinic, kind)
        whole = sum(self.spent[row["Kontaktnr"]] for row in rows)
        return whole / 100 / len({row[by] for row in rows})


@pytest.fixture(scope="module")
def now(region: SmallRegion) -> Counted:
    return Counted(region, NOW_MONTHS)


@pytest.fixture(scope="module")
def before(region: SmallRegion) -> Counted:
    return Counted(region, BEFORE_MONTHS)


def shown(wb: Workbench, table_id: str, *keys: str) -> dict[tuple[str, ...], dict[str, object]]:
    rows = wb.protected(table_id).frame.iter_rows(named=True)
    return {tuple(row[key] for key in (*keys, "column")): row for row in rows}


KINDS = {"inpatient": "SV", "outpatient": "ÖV", "other": "DV", "all": "all"}
CLINICS = ("102", "103", "104", "106", "")


def test_every_cost_per_contact_and_patient_is_that_of_the_files(wb: Workbench, now: Counted, before: Counted) -> None:
    cells = shown(wb, "kpp_clinics", "base_unit", "contact_kind")
    for clinic in CLINICS:
        for kind, code in KINDS.items():
            rows = now.of(clinic, code)
            found = {column: cells[clinic, kind, column]["value"] for column in wb.table("kpp_clinics").spec.labels}
            assert found["contacts"] == len(rows)
            assert found["patients"] == len({row["Patientnr"] for row in rows})
            for name, by in (("per_contact", "Kontaktnr"), ("per_patient", "Patientnr")):
                rate, earlier = now.rate(clinic, code, by), before.rate(clinic, code, by)
                assert found[name] == pytest.approx(rate)
                assert found[f"{name}_previous"] == pytest.approx(earlier)
                assert found[f"{name}_change"] == pytest.approx((rate / earlier - 1) * 100)
    days = [int(row["Vårddagar"]) for row in now.of("103", "SV")]
    assert cells["103", "inpatient", "care_days"]["value"] == pytest.approx(sum(days) / len(days))


def test_the_clinic_with_few_patients_is_hidden_everywhere(wb: Workbench, now: Counted) -> None:
    assert 0 < len({row["Patientnr"] for row in now.of(HIDDEN, "all")}) < 5
    for table_id in ("kpp_clinics", "kpp_cost_kinds", "kpp_outliers"):
        rows = [row for row in wb.protected(table_id).frame.iter_rows(named=True) if row["base_unit"] == HIDDEN]
        assert rows
        assert {(row["status"], row["value"], row.get("text")) for row in rows} == {("suppressed", None, None)}


def test_the_kinds_of_cost_are_those_of_the_files_and_the_dear_medicine_is_hidden(wb: Workbench, now: Counted) -> None:
    clinic_of = {row["Kontaktnr"]: row["Basenhet"] for row in now.contacts}
    patient_of = {row["Kontaktnr"]: row["Patientnr"] for row in now.contacts}
    spent: dict[tuple[str, str], int] = defaultdict(int)
    medicine: dict[str, int] = defaultdict(int)
    for row in now.costs:
        clinic = clinic_of[row["Kontaktnr"]]
        spent[clinic, row["Kostnadsslag"]] += ore(row)
        if (clinic, row["Kostnadsslag"]) == ("106", "LKM"):
            medicine[patient_of[row["Kontaktnr"]]] += ore(row)
    assert max(medicine.values()) > sum(medicine.values()) / 2
    cells = shown(wb, "kpp_cost_kinds", "base_unit")
    hidden = {key for key, cell in cells.items() if cell["status"] == "suppressed" and key[0] != HIDDEN}
    assert ("106", "medicines") in hidden
    assert len(hidden) == 4
    codes = {"nursing": "VPE", "doctors": "LAK", "surgery": "OPE", "imaging": "RTG", "laboratory": "LAB"}
    for clinic in ("102", "103", "104", "106"):
        for kind, code in codes.items():
            if (clinic, kind) not in hidden:
                assert cells[clinic, kind]["value"] == pytest.approx(spent[clinic, code] / 100)


def test_outliers_are_the_dearest_of_each_clinic_and_kind(wb: Workbench, now: Counted) -> None:
    cells = shown(wb, "kpp_outliers", "base_unit")
    for clinic in ("102", "103", "104", "106"):
        outer: list[int] = []
        for code, share in (("SV", 5), ("ÖV", 3), ("DV", 3)):
            costs = sorted((now.spent[row["Kontaktnr"]] for row in now.of(clinic, code)), reverse=True)
            most = len(costs) * share // 100
            outer += [cost for cost in costs[:most] if cost > costs[most]]
        every = [now.spent[row["Kontaktnr"]] for row in now.of(clinic, "all")]
        assert cells[clinic, "outliers"]["value"] == len(outer)
        assert cells[clinic, "contact_pct"]["value"] == pytest.approx(100 * len(outer) / len(every))
        assert cells[clinic, "cost_pct"]["value"] == pytest.approx(100 * sum(outer) / sum(every))
        inner = (sum(every) - sum(outer)) / 100 / (len(every) - len(outer))
        assert cells[clinic, "inner"]["value"] == pytest.approx(inner)


def test_the_reconciliation_foots_to_the_ore_with_ledger_and_costs(
    region: SmallRegion, wb: Workbench, now: Counted
) -> None:
    units = {"0110": "101", "0111": "101", "0112": "101", "0120": "102", "0122": "102", "0130": "103", "0131": "103"}
    units |= {"0132": "103", "0140": "104", "0141": "104", "0150": "105", "0151": "105", "0121": "106"}
    booked: dict[str, int] = defaultdict(int)
    outside: dict[str, int] = defaultdict(int)
    for month in NOW_MONTHS:
        content = (region.raw / f"raindance/raindance_saldo_{month}.txt").read_bytes()
        text = content.decode("utf-8-sig" if content.startswith(b"\xef\xbb\xbf") else "cp1252")
        for line in text.splitlines()[4:]:
            cells = line.split("\t")
            if len(cells) == 13 and cells[2] and cells[3][0] != "3" and not cells[8].endswith("00"):
                amount = round(number(cells[10]) * 100)
                booked[units[cells[2]]] += amount
                if cells[2] in OUTSIDE_CENTRES or cells[3] in OUTSIDE_ACCOUNTS:
                    outside[units[cells[2]]] += amount
    clinic_of = {row["Kontaktnr"]: row["Basenhet"] for row in now.contacts}
    given: dict[str, int] = defaultdict(int)
    for row in now.costs:
        if clinic_of[row["Kontaktnr"]] != HIDDEN:
            given[units[row["Ansvar"]]] += ore(row)
    table = {
        key: round(100 * float(str(row["value"])))
        for key, row in shown(wb, "kpp_reconciliation", "base_unit").items()
        if row["value"] is not None and key[1] != "share"
    }
    for unit in sorted(set(units.values())):
        assert table[unit, "booked"] == booked[unit]
        assert table[unit, "outside"] == outside[unit]
        assert table[unit, "distributed"] == given[unit]
        assert table[unit, "remaining"] == booked[unit] - outside[unit] - given[unit]
    for column in ("booked", "outside", "distributed", "remaining"):
        assert table["", column] == sum(table[unit, column] for unit in set(units.values()))
    assert table["", "distributed"] == round(
        100 * float(str(shown(wb, "kpp_clinics", "base_unit", "contact_kind")["", "all", "cost"]["value"]))
    )


def test_the_planted_dear_contacts_are_found_and_told(wb: Workbench) -> None:
    assert "Störst del av kostnaden har ytterfallen vid Kirurgkliniken" in str(wb.say("kpp_outliers"))
    assert "ökat mest för slutenvård vid Kirurgkliniken" in str(wb.say("kpp_clinics"))
    assert "mest vid Diagnostik" in str(wb.say("kpp_reconciliation"))


def test_nothing_of_a_contact_or_patient_is_left_in_what_is_stored(region: SmallRegion, now: Counted) -> None:
    numbers = {row[name] for row in now.contacts for name in ("Kontaktnr", "Patientnr")}
    folder = region.settings.paths.processed
    partitions = [*folder.glob("care_contacts/*.parquet"), *folder.glob("care_costs/*.parquet")]
    assert len(partitions) == 12
    for partition in partitions:
        frame = pl.read_parquet(partition)
        for column in frame.select(pl.col(pl.String)).columns:
            assert not numbers & set(frame[column].unique()), (partition, column)
    pattern = re.compile(rb"\b[KP]0\d{5,6}\b")
    for file in [*folder.rglob("*.json"), *folder.rglob("*.parquet")]:
        assert not {found.decode() for found in pattern.findall(file.read_bytes())} & numbers, file


@pytest.mark.parametrize(
    ("name", "spoil", "error", "said"),
    [
        (CONTACTS, lambda text: text.replace(";106;", ";199;", 1), CodeError, "unknown base unit 199"),
        (
            CONTACTS,
            lambda text: re.sub(r"P0\d{5}", "191212121212", text, count=1),
            PersonalDataError,
            "identity number",
        ),
        (COSTS, lambda text: text.replace(";VPE;", ";XYZ;", 1), CodeError, "unknown kind of cost XYZ"),
        # The first contact of the costs gets a number that no contact has: both files are well formed.
        (COSTS, lambda text: re.sub(r"K0\d{6}", "K9999999", text, count=1), ValidationFailedError, "sin vårdkontakt"),
        (
            CONTACTS,
            lambda text: re.sub(r"K0\d{6}", "K9999999", text, count=1),
            ValidationFailedError,
            "Varje vårdkontakt har sin kostnad",
        ),
        (
            COSTS,
            lambda text: re.sub(r";0120;(\d)", r";0120;999\1", text, count=50),
            ValidationFailedError,
            "inte mer än det som är bokfört: 1 av",
        ),
    ],
)
def test_a_bad_delivery_is_refused_and_leaves_what_was_there(
    region: SmallRegion, name: str, spoil: Callable[[str], str], error: type[AnalyticsError], said: str
) -> None:
    before = region.store.catalog().version
    file = region.raw / name
    good = file.read_bytes()
    spoiled = spoil(good.decode("cp1252")).encode("cp1252")
    assert spoiled != good
    file.write_bytes(spoiled)
    try:
        with pytest.raises(error, match=said) as caught:
            load(region)
        assert not [trace for trace in ("191212121212", "K9999999", "P0") if trace in str(caught.value)]
        assert region.store.catalog().version == before
    finally:
        file.write_bytes(good)


def test_other_administrations_have_no_report_of_it(region: SmallRegion) -> None:
    other = analytics.open(period="2018-03", unit="20", root=region.root)
    assert "inga vårdkontakter" in other._lacking["kpp"]
