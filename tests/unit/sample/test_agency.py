"""Agency extracts: the latest versions give the published totals and the direction the text states."""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from analytics import settings as settings_module
from analytics.organisation import Organisation
from analytics.progress import Progress
from analytics.reference import Reference
from analytics.sample.agency import write_agency
from analytics.sample.generate import DEFAULT_SEED

ROOT = Path(__file__).parents[3]


def written(out: Path, scale: int) -> list[dict[str, str]]:
    settings = settings_module.load(ROOT)
    reference = Reference(settings.paths.reference)
    organisation = Organisation.read(settings.paths.reference)
    write_agency(
        out,
        settings=settings,
        reference=reference,
        organisation=organisation,
        scale=scale,
        seed=DEFAULT_SEED,
        progress=Progress(),
    )
    rows = []
    for file in sorted((out / "inhyrd").glob("inhyrd_*.csv")):
        _, header, *body, trailer = file.read_bytes().decode("cp1252").split("\r\n")[:-1]
        assert trailer == f"Antal rader: {len(body)}"
        rows += [dict(zip(header.split(";"), line.split(";"), strict=True), delivery=file.stem[-6:]) for line in body]
    return rows


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, str]]:
    return written(tmp_path_factory.mktemp("raw"), 1)


def thursday(row: dict[str, str]) -> date:
    year, week = row["Vecka"].split("-V")
    return date.fromisocalendar(int(year), int(week), 4)


def key(row: dict[str, str]) -> tuple[str, ...]:
    return tuple(row[name] for name in ("Leverantör", "Förvaltning", "Yrke", "Vecka"))


def fte(rows: list[dict[str, str]], year: int) -> dict[tuple[str, str], Fraction]:
    latest: dict[tuple[str, ...], dict[str, str]] = {}
    for row in rows:
        if key(row) not in latest or int(row["Version"]) > int(latest[key(row)]["Version"]):
            latest[key(row)] = row
    found: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    for row in latest.values():
        if date(year, 1, 1) <= thursday(row) <= date(year, 2, 28):
            found[row["Förvaltning"], row["Yrke"]] += Fraction(row["Timmar"].replace(",", ".")) * 6 / 1760
    return found


def test_totals_are_the_published_ones(rows: list[dict[str, str]]) -> None:
    with (ROOT / "data/raw/published/text_numbers.csv").open(encoding="utf-8", newline="") as stream:
        stated = {row["statement"]: row["value"] for row in csv.DictReader(stream)}
    for year in (2017, 2018):
        assert f"{float(sum(fte(rows, year).values())):.1f}" == stated[f"inhyrd personal jan-feb {year}"]


def test_changes_go_the_way_the_text_says(rows: list[dict[str, str]]) -> None:
    before, after = fte(rows, 2017), fte(rows, 2018)
    assert all(after[unit, "LÄK"] < before[unit, "LÄK"] for unit in ("10", "20", "30"))
    assert after["20", "SSK"] > before["20", "SSK"]


def test_versions_come_in_order_and_are_never_repeated(rows: list[dict[str, str]]) -> None:
    seen: dict[tuple[str, ...], list[tuple[int, str]]] = defaultdict(list)
    for row in rows:
        seen[key(row)].append((int(row["Version"]), row["delivery"]))
        assert thursday(row).strftime("%Y%m") <= row["delivery"]
        assert thursday(row) <= date.fromisoformat(row["Fakturadatum"])
        assert row["Fakturadatum"][:7].replace("-", "") <= row["delivery"]
    assert any(len(versions) == 3 for versions in seen.values())
    for versions in seen.values():
        assert [version for version, _ in versions] == list(range(1, len(versions) + 1))
        assert versions == sorted(versions, key=lambda each: each[1])


def test_copies_have_suppliers_of_their_own(rows: list[dict[str, str]], tmp_path: Path) -> None:
    doubled = written(tmp_path, 2)
    assert len(doubled) == 2 * len(rows)
    assert len({(key(row), row["Version"]) for row in doubled}) == len(doubled)
