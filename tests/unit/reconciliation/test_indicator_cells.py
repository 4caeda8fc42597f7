"""The printed tables of indicators against the register and the observations of March 2018."""

from __future__ import annotations

import shutil
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from analytics import settings as configuration
from analytics.errors import DeliveryUnreadableError, LayoutError
from analytics.goals import Register
from analytics.organisation import Organisation
from analytics.periods import Period
from analytics.progress import Progress
from analytics.reconciliation.comparison import Compared, ReconcileReport
from analytics.reconciliation.indicator_cells import compare
from analytics.reference import Reference
from analytics.sample.indicators import write_indicators
from analytics.snapshots import register as register_file
from analytics.sources import Context, read_delivery

ROOT = Path(__file__).parents[3]
PUBLISHED = ROOT / "data/raw/published"
REFERENCE = ROOT / "data/raw/reference"
MARCH = Period(2018, 3)
TEXTS, BLANKS = 638, 62
"""Printed cells that hold a text, and none; the other 43 are numbers."""


@pytest.fixture(scope="module")
def observations(tmp_path_factory: pytest.TempPathFactory) -> pl.DataFrame:
    """The delivery of March 2018 of the demonstration region, read as it is loaded."""
    folder = tmp_path_factory.mktemp("raw")
    settings = configuration.load(ROOT)
    reference, organisation = Reference(REFERENCE), Organisation.read(REFERENCE)
    write_indicators(
        folder, settings=settings, reference=reference, organisation=organisation, scale=1, seed=1, progress=Progress()
    )
    now = datetime(2018, 4, 15, tzinfo=UTC)
    snapshot = register_file(
        folder / "stratsys/stratsys_indikatorer_201803.txt",
        layout="stratsys_indikatorer",
        supplier="stratsys",
        period="2018-03",
        store=folder / ".snapshots",
        now=now,
    )
    return read_delivery(snapshot, Context(settings, reference, organisation, b"", now)).frame


def compared(frame: pl.DataFrame, **changed: Any) -> tuple[Compared, ...]:
    arguments: dict[str, Any] = {"period": MARCH, "unit": "17"} | changed
    folder = arguments.pop("folder", PUBLISHED)
    return compare(folder, Register.read(REFERENCE), frame.lazy(), **arguments)


def test_every_printed_cell_of_the_110_indicators_is_that_of_the_package(observations: pl.DataFrame) -> None:
    cells = compared(observations)
    assert [cell for cell in cells if cell.verdict != "matched"] == []
    per_file = Counter(cell.file for cell in cells)
    # Every printed column; in 2018 the three shares in one cell too.
    assert per_file == {
        "indicators_2015.csv": 45 * 8,
        "indicators_2018.csv": 22 * 6 + 3,
        "indicators_2019.csv": 19 * 8,
        "indicators_2024.csv": 24 * 4,
    }
    texts, blanks = sum(cell.text for cell in cells), sum(cell.blank for cell in cells)
    assert (texts, blanks, len(cells)) == (TEXTS, BLANKS, 43 + TEXTS + BLANKS)


def test_outcomes_are_compared_for_their_month_and_unit_alone(observations: pl.DataFrame) -> None:
    declared = 45 * 8 + 22 * 5 + 19 * 8 + 24 * 4
    assert len(compared(observations, period=Period(2018, 2))) == declared
    assert len(compared(observations, unit="10")) == declared


def test_an_outcome_that_is_not_loaded_differs(observations: pl.DataFrame) -> None:
    wrong = [cell for cell in compared(observations.clear()) if cell.verdict == "differs"]
    assert len(wrong) == 22 + 3
    assert {cell.package for cell in wrong} == {"no outcome is loaded"}


def test_a_share_that_is_another_than_the_printed_differs(observations: pl.DataFrame) -> None:
    changed = observations.with_columns(pl.when(pl.col("value") == 7.5).then(7.6).otherwise("value").alias("value"))
    [cell] = [cell for cell in compared(changed) if cell.verdict == "differs"]
    assert (cell.printed, cell.package, cell.text) == ("7,5 %", "7,6", False)
    assert "2018-03 · outcome PV" in cell.location


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("indicators_2018.csv", "75 procent", "76 procent", "75 procent"),
        ("indicators_2018.csv", ",0,3,", ",0,4,", "3"),
        ("indicators_2015.csv", "2012: 73 2013: 73", "2012: 73 2013: 74", "2012: 73 2013: 73"),
        ("indicators_2024.csv", ",60,%", ",61,%", "60"),
        ("indicators_2015.csv", "Manuellt i årsredovisning,", "Manuellt,", "Manuellt i årsredovisning"),
        (
            "indicators_2015.csv",
            ",Sammanhållen vård och omsorg för äldre,",
            ",Sammanhållen vård,",
            "Sammanhållen vård och omsorg för äldre",
        ),
        ("indicators_2019.csv", ",Heroma,", ",QlickView,", "Heroma"),
        ("indicators_2024.csv", ",Tillgänglighet,", ",Tillgång,", "Tillgänglighet"),
        ("indicators_2019.csv", "Attraktionsindex,", "Attraktivitetsindex,", "Attraktionsindex"),
    ],
)
def test_a_cell_that_was_changed_is_found(  # noqa: PLR0917 - two fixtures and a case
    observations: pl.DataFrame, tmp_path: Path, file: str, old: str, new: str, says: str
) -> None:
    text = (PUBLISHED / file).read_text(encoding="utf-8")
    assert old in text
    (tmp_path / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    wrong = [cell for cell in compared(observations, folder=tmp_path) if cell.verdict == "differs"]
    assert [cell.package for cell in wrong] in ([says], [says, says])
    # One printed column may hold both how often and from where.
    assert len(wrong) == 1 or {cell.location.split(" · ")[1].split(",")[0] for cell in wrong} == {"frequency", "source"}


def test_a_row_that_the_register_has_not_is_told(observations: pl.DataFrame, tmp_path: Path) -> None:
    text = (PUBLISHED / "indicators_2019.csv").read_text(encoding="utf-8")
    extra = "Invånare,mål,Ny indikator,-,Ökning,Årsbokslut,,riktning_okning,,9999\n"
    (tmp_path / "indicators_2019.csv").write_text(text.rstrip("\n") + "\n" + extra, encoding="utf-8")
    wrong = [cell for cell in compared(observations, folder=tmp_path) if cell.verdict == "differs"]
    assert {cell.package for cell in wrong} == {"not in the register"}
    assert len(wrong) == 8


def test_a_folder_without_tables_of_indicators_gives_nothing(observations: pl.DataFrame, tmp_path: Path) -> None:
    assert compared(observations, folder=tmp_path) == ()


def test_a_table_without_its_columns_is_refused(observations: pl.DataFrame, tmp_path: Path) -> None:
    (tmp_path / "indicators_2019.csv").write_text("goal,indicator\nx,y\n", encoding="utf-8")
    with pytest.raises(LayoutError, match="baseline_text"):
        compared(observations, folder=tmp_path)


def test_a_table_that_is_not_utf8_is_refused(observations: pl.DataFrame, tmp_path: Path) -> None:
    shutil.copy(PUBLISHED / "indicators_2019.csv", tmp_path)
    file = tmp_path / "indicators_2019.csv"
    file.write_bytes(file.read_text(encoding="utf-8").encode("cp1252"))
    with pytest.raises(DeliveryUnreadableError):
        compared(observations, folder=tmp_path)


def test_texts_are_counted_apart_from_figures(observations: pl.DataFrame) -> None:
    report = ReconcileReport("2018-03", "17", "Offentlig", compared(observations))
    assert (report.figures, report.texts(), report.blanks) == (43, TEXTS, BLANKS)
    assert report.as_record()["texts_by_verdict"] == {"matched": TEXTS, "differs": 0, "cannot both be true": 0}
    assert f"{TEXTS} text cells compared as texts: {TEXTS} matched." in str(report)
    report.raise_if_unexplained()
