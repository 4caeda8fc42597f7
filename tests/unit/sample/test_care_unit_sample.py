"""Care units of the demonstration region: marked, repeatable, readable, and with the signals that docs name."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from analytics import settings
from analytics.care_follow_up import PARTS, QUANTITIES
from analytics.errors import SettingsError
from analytics.organisation import Organisation
from analytics.progress import Progress
from analytics.reference import Reference
from analytics.sample.care_units import HEADER, PLANTED, RANGE, write_care_units
from analytics.sample.files import is_synthetic
from analytics.sources import LAYOUTS

ROOT = Path(__file__).parents[3]
SETTINGS = settings.load(ROOT)
COLUMNS = {quantity.code: quantity.column for quantity in QUANTITIES}


def write(out: Path, *, seed: int = 20180331, reference: Path = SETTINGS.paths.reference) -> list[Path]:
    write_care_units(
        out,
        settings=SETTINGS,
        reference=Reference(reference),
        organisation=Organisation.read(SETTINGS.paths.reference),
        scale=1,
        seed=seed,
        progress=Progress(),
    )
    return sorted((out / "halsoval").iterdir())


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write(tmp_path_factory.mktemp("raw"))


def rows(file: Path) -> list[dict[str, str]]:
    lines = file.read_text(encoding="cp1252").splitlines()
    return list(csv.DictReader(lines[1:-1], delimiter=";"))


def ratio(file: Path, unit: str, numerator: str, denominator: str) -> float:
    row = next(row for row in rows(file) if row["Vårdenhet"] == unit)
    return float(row[numerator]) / float(row[denominator])


def test_there_is_a_marked_file_in_the_layout_for_every_month(files: list[Path]) -> None:
    assert [file.name for file in files] == [f"halsoval_{period.compact}.csv" for period in RANGE]
    assert all(is_synthetic(file) for file in files)
    assert LAYOUTS["halsoval"].columns == HEADER


def test_no_part_is_higher_than_its_whole(files: list[Path]) -> None:
    for file in files:
        for row in rows(file):
            for part, whole in PARTS:
                assert int(row[COLUMNS[part]]) <= int(row[COLUMNS[whole]])


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(files: list[Path], tmp_path: Path) -> None:
    again, other = write(tmp_path / "again"), write(tmp_path / "other", seed=1)
    assert [file.read_bytes() for file in again] == [file.read_bytes() for file in files]
    assert other[0].read_bytes() != files[0].read_bytes()


def test_the_planted_signals_are_there(files: list[Path]) -> None:
    march = files[-1]
    assert set(PLANTED) == {"V04", "V07", "V09", "V10", "V11"}
    vaccinated = ("Influensavaccinerade 75+", "Listade 75+")
    assert (
        ratio(march, "V04", *vaccinated) < min(ratio(march, unit, *vaccinated) for unit in ("V01", "V02", "V03")) - 0.05
    )
    assert int(rows(march)[6]["SÄBO"]) < 10
    same_day = ("Kontakt samma dag", "Kontakter")
    before = [ratio(file, "V09", *same_day) for file in files if file.name < "halsoval_201710.csv"]
    after = [ratio(file, "V09", *same_day) for file in files if file.name >= "halsoval_201710.csv"]
    assert max(after) < min(before)


def test_a_register_with_other_units_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "reference"
    folder.mkdir()
    text = (SETTINGS.paths.reference / "care_units.csv").read_text(encoding="utf-8")
    (folder / "care_units.csv").write_text(text.replace("V12;", "V13;"), encoding="utf-8")
    with pytest.raises(SettingsError, match="V12, V13"):
        write(tmp_path / "raw", reference=folder)
