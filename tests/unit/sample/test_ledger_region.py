"""The ledger of the whole region: administrations, internal balance, quirks of the files, scale and determinism."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from pathlib import Path

import pytest

from analytics.organisation import Organisation
from analytics.periods import Period
from analytics.progress import Progress
from analytics.reference import Reference
from analytics.sample.ledger import write_ledger
from analytics.settings import load

ROOT = Path(__file__).parents[3]
ADMINISTRATIONS = {"10", "17", "18", "20", "30", "40"}


class Counter(Progress):
    def __init__(self) -> None:
        self.total = 0
        self.steps = 0

    def start(self, total: int, text: str) -> None:
        assert text
        self.total += total

    def step(self, text: str = "") -> None:
        assert text
        self.steps += 1


def write(out: Path, *, seed: int = 1, scale: int = 1, units: tuple[str, ...] | None = None) -> Counter:
    settings = load(ROOT)
    progress = Counter()
    chosen = {} if units is None else {"units": units}
    write_ledger(
        out,
        settings=settings,
        reference=Reference(settings.paths.reference),
        organisation=Organisation.read(settings.paths.reference),
        scale=scale,
        seed=seed,
        progress=progress,
        **chosen,
    )
    return progress


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("region")
    progress = write(out)
    assert progress.steps == progress.total == 38
    return out / "raindance"


def text_of(file: Path) -> str:
    content = file.read_bytes()
    return content.decode("utf-8-sig" if content.startswith(b"\xef\xbb\xbf") else "cp1252")


def ore_of(text: str) -> int:
    digits = text.replace("\u00a0", "").replace("\u2212", "-").replace(",", "")
    return -int(digits[:-1]) if digits.endswith("-") else int(digits)


def rows_of(file: Path) -> list[list[str]]:
    return [
        cells for line in text_of(file).split("\r\n")[4:] if len(cells := line.split("\t")) == 13 and cells[0][0] != "S"
    ]


def digests(folder: Path) -> dict[str, str]:
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(folder.iterdir())}


def test_all_deliveries_are_there(folder: Path) -> None:
    names = {file.name for file in folder.iterdir()}
    first = Period(2016, 1)
    outcome = {f"raindance_saldo_{first.plus(step).compact}.txt" for step in range(27)}
    assert outcome <= names
    assert names - outcome == {
        "raindance_saldo_201711_v2.txt",
        *(f"raindance_budget_{year}01.txt" for year in (2016, 2017, 2018)),
        *(f"raindance_prognos_{month}.txt" for month in (201603, 201605, 201608, 201703, 201705, 201708, 201803)),
    }


def test_there_are_enough_rows(folder: Path) -> None:
    assert 100_000 < sum(len(rows_of(file)) for file in folder.iterdir()) < 150_000


def test_internal_postings_cancel_out_every_month(folder: Path) -> None:
    for file in folder.glob("raindance_saldo_*.txt"):
        internal = [ore_of(row[10]) for row in rows_of(file) if row[5].startswith("I")]
        assert len(internal) > 100
        assert sum(internal) == 0, file.name


def test_administrations_have_their_size(folder: Path) -> None:
    cost: dict[str, int] = defaultdict(int)
    for month in range(1, 13):
        name = "raindance_saldo_201711_v2.txt" if month == 11 else f"raindance_saldo_2017{month:02d}.txt"
        for row in rows_of(folder / name):
            if row[3][0] != "3":
                cost[row[0]] += ore_of(row[10])
    assert set(cost) == ADMINISTRATIONS
    million = {code: ore / 100_000_000 for code, ore in cost.items()}
    expected = {"10": 1_900, "20": 600, "30": 450, "40": 250, "18": 450}
    for code, size in expected.items():
        assert 0.85 * size < million[code] < 1.25 * size, (code, million[code])


def test_the_redelivery_has_what_came_late(folder: Path) -> None:
    first = {tuple(row[:10]) for row in rows_of(folder / "raindance_saldo_201711.txt")}
    rows_1 = rows_of(folder / "raindance_saldo_201711.txt")
    rows_2 = rows_of(folder / "raindance_saldo_201711_v2.txt")
    total_1, total_2 = (sum(ore_of(row[10]) for row in rows) for rows in (rows_1, rows_2))
    assert first <= {tuple(row[:10]) for row in rows_2}
    assert 0 < len(rows_2) - len(rows_1) < 0.03 * len(rows_2)
    assert total_1 != total_2
    assert abs(total_2 - total_1) < 0.05 * abs(total_2)


def test_files_carry_the_quirks_of_the_source(folder: Path) -> None:
    contents = {file.name: file.read_bytes() for file in folder.glob("raindance_saldo_*.txt")}
    web = [name for name, content in contents.items() if content.startswith(b"\xef\xbb\xbf")]
    trailing = [name for name in contents if any(row[10].endswith("-") for row in rows_of(folder / name))]
    assert 2 <= len(web) <= 8
    assert 2 <= len(trailing) <= 8
    assert "\u2212" in text_of(folder / web[0])
    december = rows_of(folder / "raindance_saldo_201712.txt")
    assert {row[8] for row in december} == {"201712", "201713"}
    assert {row[8] for row in rows_of(folder / "raindance_saldo_201701.txt")} == {"201701", "201700"}
    assert "Konsultarvoden för speciella u" in {row[4] for row in december}
    assert max(len(row[4]) for row in december) == 30
    assert any(row[3].startswith("9") for row in december)
    assert any(row[12][:7] > row[11][:7] for row in december), "some postings are registered late"
    assert any("\u00a0" in row[10] for row in december)


def test_opening_rows_cancel_out_and_closing_rows_do_not(folder: Path) -> None:
    opening: dict[tuple[str, ...], int] = defaultdict(int)
    for row in rows_of(folder / "raindance_saldo_201801.txt"):
        if row[8] == "201800":
            opening[tuple(row[:4])] += ore_of(row[10])
    assert opening
    assert set(opening.values()) == {0}
    closing = [ore_of(row[10]) for row in rows_of(folder / "raindance_saldo_201712.txt") if row[8] == "201713"]
    assert sum(closing) != 0


def test_sum_rows_equal_their_rows(folder: Path) -> None:
    for name in ("raindance_saldo_201803.txt", "raindance_budget_201701.txt", "raindance_prognos_201803.txt"):
        sums: dict[str, int] = defaultdict(int)
        said: dict[str, int] = {}
        for line in text_of(folder / name).split("\r\n")[4:]:
            cells = line.split("\t")
            if cells[0] == "Summa konto":
                assert cells[3] not in said, "one sum row per account"
                said[cells[3]] = ore_of(cells[10])
            elif len(cells) == 13:
                sums[cells[3]] += ore_of(cells[10])
        assert said == dict(sums)
        assert len(said) > 40


def test_budget_transfers_stand_beside_the_budget_and_are_net_zero(folder: Path) -> None:
    rows = rows_of(folder / "raindance_budget_201701.txt")
    transfers = [row for row in rows if row[9] == "BUDGETOMF"]
    assert {row[0] for row in transfers} == {"20"}
    assert {row[8] for row in transfers} == {f"2017{month:02d}" for month in range(4, 13)}
    assert sum(ore_of(row[10]) for row in transfers) == 0
    assert any(ore_of(row[10]) for row in transfers)
    for year in (2016, 2018):
        assert {row[9] for row in rows_of(folder / f"raindance_budget_{year}01.txt")} == {"BUDGET"}


def test_cost_centres_and_accounts_are_known(folder: Path) -> None:
    organisation = Organisation.read(load(ROOT).paths.reference)
    accounts = Reference(load(ROOT).paths.reference).accounts
    for row in rows_of(folder / "raindance_saldo_201803.txt"):
        path = organisation.path_of(row[2], Period(2018, 3))
        assert path is not None
        assert [unit.code for unit in path] == row[:3]
        assert row[4] == accounts[row[3]][:30]


def test_same_seed_same_bytes_and_other_seed_other_rows(tmp_path: Path) -> None:
    for name, seed in (("a", 7), ("b", 7), ("c", 8)):
        write(tmp_path / name, seed=seed, units=("17",))
    first, again, other = (digests(tmp_path / name / "raindance") for name in "abc")
    assert first == again
    assert all(first[name] != other[name] for name in first if "saldo" in name)


def test_scale_multiplies_postings_and_keeps_every_sum(tmp_path: Path) -> None:
    for name, scale in (("one", 1), ("three", 3)):
        write(tmp_path / name, scale=scale, units=("17",))
    one, three = (rows_of(tmp_path / name / "raindance" / "raindance_saldo_201802.txt") for name in ("one", "three"))
    assert len(three) == 3 * len(one)

    def by_account(rows: list[list[str]]) -> dict[tuple[str, ...], int]:
        sums: dict[tuple[str, ...], int] = defaultdict(int)
        for row in rows:
            sums[tuple(row[:9])] += ore_of(row[10])
        return dict(sums)

    assert by_account(one) == by_account(three)
