"""The generated rows of administration 17 give the published staff figures: parsed and measured here from scratch."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import pytest

from analytics import settings as settings_module
from analytics.organisation import Organisation
from analytics.progress import Progress
from analytics.reference import Reference
from analytics.sample.generate import DEFAULT_SEED
from analytics.sample.staff import write_staff

ROOT = Path(__file__).parents[3]
UNIT = "17"
RANGES = {2017: ("201701", "201702"), 2018: ("201801", "201802")}
OPENINGS = {2017: "201612", 2018: "201712"}
UNITS_PER_HOUR = 300
FTE = Fraction(1760 * 2 * UNITS_PER_HOUR, 12)
SEXES = {"Kvinna": "KM"[0], "Man": "KM"[1], "Total": "KM"}
SEX_CODES = {"K": "K", "2": "K", "Kvinna": "K", "M": "M", "1": "M", "Man": "M"}


class Job(NamedTuple):
    sex: str
    unit: str
    group: str
    form: str
    start: str
    end: str
    leave_kind: str


class Region(NamedTuple):
    jobs: dict[tuple[str, str, str], Job]
    """(month, employee, cost centre) → employment."""
    main: dict[tuple[str, str], Job]
    """(month, employee) → main employment."""
    time: list[dict[str, str]]
    absence: list[dict[str, str]]


def rows_of(file: Path) -> list[dict[str, str]]:
    title, header, *body, trailer = file.read_bytes().decode("cp1252").split("\r\n")[:-1]
    assert "SYNTETISKA DATA" in title
    assert trailer == f"Antal rader: {len(body)}"
    names = header.split(";")
    assert names[-1] == ""
    return [dict(zip(names[:-1], line.split(";")[:-1], strict=True)) for line in body]


def exact(text: str) -> int:
    """Hours (or per cent) in three-hundredths, which hold both hundredths and minutes exactly."""
    sign = -1 if text.startswith("-") else 1
    whole, mark, rest = text.lstrip("-").partition(":" if ":" in text else ",")
    assert len(rest) == 2
    return sign * (int(whole) * UNITS_PER_HOUR + int(rest) * (5 if mark == ":" else 3))


def generated(out: Path, scale: int) -> Path:
    settings = settings_module.load(ROOT)
    reference = Reference(settings.paths.reference)
    organisation = Organisation.read(settings.paths.reference)
    write_staff(
        out,
        settings=settings,
        reference=reference,
        organisation=organisation,
        scale=scale,
        seed=DEFAULT_SEED,
        progress=Progress(),
    )
    return out / "heroma"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generated(tmp_path_factory.mktemp("raw"), 1)


@pytest.fixture(scope="module")
def region(folder: Path) -> Region:
    jobs: dict[tuple[str, str, str], Job] = {}
    best: dict[tuple[str, str], tuple[int, str, str]] = {}
    main: dict[tuple[str, str], Job] = {}
    for file in sorted(folder.glob("heroma_anstallning_*.csv")):
        month = file.stem[-6:]
        for row in rows_of(file):
            key = (month, row["Anstnr"], row["Ansvar"])
            assert key not in jobs
            job = Job(
                SEX_CODES[row["Kön"]], row["Förvaltning"], row["Personalgrupp"], row["Anstform"], row["From"],
                row["Tom"] or "9999-12-31", row["Avgångstyp"],
            )  # fmt: skip
            jobs[key] = job
            rank = (-exact(row["Sysselsättningsgrad"]), row["From"], row["Ansvar"])
            if key[:2] not in best or rank < best[key[:2]]:
                best[key[:2]], main[key[:2]] = rank, job
    names = {file.stem: file for file in folder.glob("heroma_tid_*.csv")}
    newest = [file for stem, file in sorted(names.items()) if f"{stem}_v2" not in names]
    time = [row for file in newest for row in rows_of(file)]
    absence = [row for file in sorted(folder.glob("heroma_franvaro_*.csv")) for row in rows_of(file)]
    return Region(jobs, main, time, absence)


def published(name: str) -> Iterator[dict[str, str]]:
    with (ROOT / "data/raw/published" / name).open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def printed(value: Fraction, decimals: int) -> Decimal:
    shifted = value * 10**decimals
    whole = Decimal(shifted.numerator) / Decimal(shifted.denominator)
    return whole.to_integral_value(ROUND_HALF_UP).scaleb(-decimals)


def differing(name: str, code: str, values: dict[tuple[str, str, int], Fraction]) -> list[tuple[str, str, str]]:
    """Cells that do not come out; ``values`` by (row code, K or M, year)."""
    rows = list(published(name))
    assert rows
    missed = []
    for row in rows:
        years = {int(row["year"]): 1} if row["year"].isdigit() else {2018: 1, 2017: -1}
        value = sum(
            (
                sign * amount
                for (group, sex, year), amount in values.items()
                for sign in [years.get(year, 0)]
                if sex in SEXES[row["sex"]] and (row["row_type"] == "total" or group == row[code])
            ),
            Fraction(0),
        )
        text = row["printed"].rstrip("%").replace(",", ".")
        if printed(value, len(text.partition(".")[2])) != Decimal(text):
            missed.append((row[code], row["sex"], row["year"]))
    listed = {row[code] for row in rows if row["row_type"] == "row"}
    assert {group for (group, _, _), amount in values.items() if amount} <= listed
    return missed


def hours_by_group(region: Region, kinds: tuple[str, ...]) -> dict[tuple[str, str, int], Fraction]:
    found: dict[tuple[str, str, int], Fraction] = defaultdict(Fraction)
    for row in region.time:
        for year, months in RANGES.items():
            if row["Period"] in months and row["Tidart"] in kinds:
                job = region.jobs[row["Period"], row["Anstnr"], row["Ansvar"]]
                if job.unit == UNIT:
                    found[job.group, job.sex, year] += exact(row["Timmar"]) / FTE
    return found


def absence_by(region: Region, column: str) -> dict[tuple[str, str, int], Fraction]:
    found: dict[tuple[str, str, int], Fraction] = defaultdict(Fraction)
    for row in region.absence:
        for year, months in RANGES.items():
            if row["Period"] in months:
                job = region.main[row["Period"], row["Anstnr"]]
                if job.unit == UNIT:
                    code = row["Frånvarogrupp"] if column == "absence_group" else job.group
                    found[code, job.sex, year] += exact(row["Frånvarotimmar"]) / FTE
    return found


def heads(region: Region, month: str, forms: str) -> dict[tuple[str, str], int]:
    last = f"{month[:4]}-{month[4:]}-{28 if month[4:] == '02' else 31}"
    found: dict[tuple[str, str], int] = defaultdict(int)
    for (when, _), job in region.main.items():
        if when == month and job.unit == UNIT and job.form in forms and job.start <= last <= job.end:
            found[job.group, job.sex] += 1
    return found


def test_worked_time_is_as_published(region: Region) -> None:
    values = hours_by_group(region, ("ORD", "MERTID", "ÖT-ENKEL", "ÖT-KVAL", "JOUR", "BEREDSKAP", "TIM"))
    for key, fte in absence_by(region, "personnel_group").items():
        values[key] -= fte
    assert differing("hr_fte_2018_02.csv", "personnel_group_code", values) == []


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("hr_overtid_fte_2018_02.csv", ("ÖT-ENKEL", "ÖT-KVAL")),
        ("hr_mertid_fte_2018_02.csv", ("MERTID",)),
        ("hr_timavlonade_fte_2018_02.csv", ("TIM",)),
    ],
)
def test_kinds_of_time_are_as_published(region: Region, name: str, kinds: tuple[str, ...]) -> None:
    assert differing(name, "personnel_group_code", hours_by_group(region, kinds)) == []


def test_absence_is_as_published(region: Region) -> None:
    values = absence_by(region, "absence_group")
    assert differing("hr_franvaro_fte_2018_02.csv", "absence_group_code", values) == []


def test_heads_are_as_published(region: Region) -> None:
    values = {
        (*key, year): Fraction(count) for year in RANGES for key, count in heads(region, f"{year}02", "TV").items()
    }
    assert differing("hr_anstallda_2018_02.csv", "personnel_group_code", values) == []


def test_only_the_contradictory_sick_leave_cells_differ(region: Region) -> None:
    sick = {key: fte for key, fte in absence_by(region, "absence_group").items() if key[0] == "01"}
    ordinary = hours_by_group(region, ("ORD",))

    def rate(sexes: str, year: int) -> Fraction:
        time = sum(fte for (_, sex, y), fte in ordinary.items() if sex in sexes and y == year)
        return 100 * sum(fte for (_, sex, y), fte in sick.items() if sex in sexes and y == year) / time

    missed = []
    for row in published("hr_sjukfranvaro_procent_2018_02.csv"):
        years = {int(row["year"]): 1} if row["year"].isdigit() else {2018: 1, 2017: -1}
        value = sum((sign * rate(SEXES[row["sex"]], year) for year, sign in years.items()), Fraction(0))
        if printed(value, 1) != Decimal(row["printed"].rstrip("%").replace(",", ".")):
            missed.append((row["sex"], row["year"]))
    # The columns of women and men are exchanged in print: women have 98 % of the sick hours.
    assert missed == [(sex, year) for year in ("2017", "2018", "forandring") for sex in ("Kvinna", "Man")]


def test_turnover_is_as_published(region: Region) -> None:
    left = [
        (month, job.sex)
        for (month, _, _), job in region.jobs.items()
        if job.unit == UNIT and job.form == "T" and job.leave_kind == "Extern"
    ]
    permanent = {month: heads(region, month, "T") for year in RANGES for month in (OPENINGS[year], RANGES[year][1])}
    missed = []
    for row in published("hr_externa_avgangar_procent_2018_02.csv"):
        years = {int(row["year"]): 1} if row["year"].isdigit() else {2018: 1, 2017: -1}
        sexes, value = SEXES[row["sex"]], Fraction(0)
        for year, sign in years.items():
            ends = (permanent[OPENINGS[year]], permanent[RANGES[year][1]])
            mean = Fraction(sum(count for end in ends for (_, sex), count in end.items() if sex in sexes), 2)
            leavers = sum(month in RANGES[year] and sex in sexes for month, sex in left)
            value += sign * 100 * leavers / mean
        if printed(value, 1) != Decimal(row["printed"].rstrip("%").replace(",", ".")):
            missed.append((row["sex"], row["year"]))
    assert missed == []


def test_every_time_and_absence_row_has_its_employment(region: Region) -> None:
    assert all((row["Period"], row["Anstnr"], row["Ansvar"]) in region.jobs for row in region.time)
    assert all((row["Period"], row["Anstnr"]) in region.main for row in region.absence)


def test_absence_stays_within_scheduled_time_and_hours_are_possible(region: Region) -> None:
    schedule: dict[tuple[str, str], int] = defaultdict(int)
    total: dict[tuple[str, str], int] = defaultdict(int)
    absent: dict[tuple[str, str], int] = defaultdict(int)
    for row in region.time:
        key = (row["Period"], row["Anstnr"])
        total[key] += exact(row["Timmar"])
        if row["Tidart"] == "ORD":
            schedule[key] += exact(row["Timmar"])
    for row in region.absence:
        absent[row["Period"], row["Anstnr"]] += exact(row["Frånvarotimmar"])
    # Scheduled time written as hours and minutes is rounded to half a minute.
    assert [key for key, hours in absent.items() if hours > schedule[key] + 2.5] == []
    assert min(total.values()) >= 0
    assert max(total.values()) < 300 * UNITS_PER_HOUR


def test_the_region_has_its_known_size(region: Region) -> None:
    staff = {
        employee: job for (month, employee), job in region.main.items()
        if month == "201712" and job.form in "TV" and job.end >= "2017-12-31"
    }  # fmt: skip
    women = sum(job.sex == "K" for job in staff.values())
    temporary = sum(job.form == "V" for job in staff.values())
    assert abs(len(staff) - 4942) < 100
    assert abs(100 * women / len(staff) - 79) < 1
    assert abs(temporary - 294) < 40


def test_identity_numbers_are_fictitious_and_valid(folder: Path) -> None:
    rows = rows_of(folder / "heroma_anstallning_201802.csv")
    for row in rows:
        number = row["Pnr"]
        assert len(number) == 12
        assert 980 <= int(number[8:11]) <= 999
        assert number[:4] == row["Födelseår"]
        date.fromisoformat(f"{number[:4]}-{number[4:6]}-{number[6:8]}")
        assert int(number[10]) % 2 == (SEX_CODES[row["Kön"]] == "M")
        doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(number[2:])]
        assert sum(each // 10 + each % 10 for each in doubled) % 10 == 0
    employees = {row["Anstnr"] for row in rows}
    assert len({row["Pnr"] for row in rows}) == len(employees)


def test_extracts_have_the_habits_of_the_source(folder: Path, region: Region) -> None:
    ways = {frozenset(row["Kön"] for row in rows_of(file)) for file in folder.glob("heroma_anstallning_*.csv")}
    assert ways == {frozenset("KM"), frozenset("12"), frozenset({"Kvinna", "Man"})}
    stock = rows_of(folder / "heroma_anstallning_201802.csv")
    assert {"", "9999-12-31"} <= {row["Tom"] for row in stock}
    assert {"0110"} <= {row["Ansvar"] for row in stock}
    assert {"3.0"} <= {row["Personalgrupp"] for row in stock}
    assert len({row["Anstnr"] for row in stock}) < len(stock)
    first, second = (rows_of(folder / f"heroma_tid_201711{version}.csv") for version in ("", "_v2"))
    assert len(first) == len(second)
    assert first != second
    assert all(":" in row["Timmar"] for row in rows_of(folder / "heroma_tid_201705.csv"))
    late = [row for row in rows_of(folder / "heroma_tid_201703.csv") if row["Period"] != "201703"]
    assert {row["Period"] for row in late} == {"201701", "201702"}
    assert all(row["Timmar"].startswith("-") for row in late)
    assert {row["Tom"] for row in region.absence} & {""}
    assert {row["Omfattning"] for row in region.absence} >= {"25,00", "50,00", "100,00"}


def test_long_sick_leave_runs_on_over_month_ends(region: Region) -> None:
    spells = defaultdict(list)
    for row in region.absence:
        month = date(int(row["Period"][:4]), int(row["Period"][4:]), 1)
        assert date.fromisoformat(row["From"]).replace(day=1) == month
        if row["Frånvarogrupp"] == "01" and row["Tom"]:
            spells[row["Anstnr"]].append((date.fromisoformat(row["From"]), date.fromisoformat(row["Tom"])))
            assert spells[row["Anstnr"]][-1][1].replace(day=1) == month
    longest = 0
    for parts in spells.values():
        begin = end = None
        for start, stop in sorted(parts):
            begin = begin if end is not None and (start - end).days == 1 else start
            end = stop
            longest = max(longest, (end - begin).days + 1)
    assert longest >= 60


def test_copies_are_the_same_region_with_keys_of_their_own(folder: Path, tmp_path: Path) -> None:
    name = "heroma_anstallning_201802.csv"
    once, twice = rows_of(folder / name), rows_of(generated(tmp_path, 2) / name)
    assert twice[: len(once)] == once
    copies = twice[len(once) :]
    keys = ("Anstnr", "Pnr")
    assert [{k: v for k, v in row.items() if k not in keys} for row in copies] == [
        {k: v for k, v in row.items() if k not in keys} for row in once
    ]
    assert not {row["Anstnr"] for row in once} & {row["Anstnr"] for row in copies}
    assert not {row["Pnr"] for row in once} & {row["Pnr"] for row in copies}
