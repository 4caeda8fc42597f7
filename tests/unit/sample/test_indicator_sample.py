"""Goal follow-up and Kolada of the demonstration region: marked, repeatable, and March 2018 as published."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from analytics import settings as configuration
from analytics import snapshots
from analytics.organisation import Organisation
from analytics.progress import Progress
from analytics.reference import Reference
from analytics.sample.files import is_synthetic
from analytics.sample.indicator_files import HEADER
from analytics.sample.indicators import write_indicators
from analytics.sources import LAYOUTS, Context, read_delivery

ROOT = Path(__file__).parents[3]
REFERENCE = ROOT / "data/raw/reference"
NOW = datetime(2018, 4, 15, tzinfo=UTC)


def write(folder: Path, seed: int = 20180331) -> list[Path]:
    write_indicators(
        folder,
        settings=configuration.load(ROOT),
        reference=Reference(REFERENCE),
        organisation=Organisation.read(REFERENCE),
        scale=1,
        seed=seed,
        progress=Progress(),
    )
    return sorted(file for file in folder.rglob("*") if file.is_file())


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write(tmp_path_factory.mktemp("raw"))


@pytest.fixture(scope="module")
def observed(files: list[Path], tmp_path_factory: pytest.TempPathFactory) -> pl.DataFrame:
    context = Context(configuration.load(ROOT), Reference(REFERENCE), Organisation.read(REFERENCE), b"", NOW)
    store = tmp_path_factory.mktemp("store")
    frames = []
    for file in files:
        layout, digits = file.stem.rsplit("_", 1)
        snapshot = snapshots.register(
            file, layout=layout, supplier=file.parent.name, period=f"{digits[:4]}-{digits[4:]}", store=store, now=NOW
        )
        frames.append(read_delivery(snapshot, context).frame)
    return pl.concat(frames)


def test_the_deliveries_are_text_workbooks_and_one_snapshot(files: list[Path]) -> None:
    assert [file.name for file in files] == [
        "kolada_201803.json",
        *(
            f"stratsys_indikatorer_{month}.{form}"
            for month, form in (
                ("201503", "txt"), ("201508", "txt"), ("201512", "txt"), ("201603", "txt"), ("201608", "txt"),
                ("201612", "xlsx"), ("201703", "txt"), ("201708", "txt"), ("201712", "xlsx"), ("201803", "txt"),
            )
        ),
    ]  # fmt: skip
    assert all(is_synthetic(file) for file in files)
    assert LAYOUTS["stratsys_indikatorer"].columns == HEADER


def test_a_workbook_without_the_mark_is_not_taken_for_synthetic(tmp_path: Path) -> None:
    (tmp_path / "stratsys_indikatorer_201803.xlsx").write_bytes(b"PK not a workbook")
    assert not is_synthetic(tmp_path / "stratsys_indikatorer_201803.xlsx")


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(files: list[Path], tmp_path: Path) -> None:
    again, other = write(tmp_path / "again"), write(tmp_path / "other", seed=7)
    assert [file.read_bytes() for file in again] == [file.read_bytes() for file in files]
    assert [file.read_bytes() for file in other] != [file.read_bytes() for file in files]
    # What was published does not depend on the seed.
    march = "stratsys_indikatorer_201803.txt"
    texts = [{line for line in (folder / "stratsys" / march).read_text().splitlines() if "2018-03-31" in line}
             for folder in (tmp_path / "again", tmp_path / "other")]  # fmt: skip
    assert texts[0] == texts[1]


def test_march_2018_holds_the_published_texts_unchanged(observed: pl.DataFrame) -> None:
    with (ROOT / "data/raw/published/indicators_2018.csv").open(encoding="utf-8", newline="") as stream:
        printed = [row["outcome_text"] for row in csv.DictReader(stream)]
    march = observed.filter(pl.col("period") == "2018-03", pl.col("source") == "stratsys")
    own = march.filter(pl.col("administration") == "17").sort("indicator")
    assert own["forecast"].to_list() == printed
    others = march.filter(pl.col("administration") != "17")
    assert others.select("administration", "indicator", "value", "state").rows() == [
        ("20", "2018-03", 7.5, None),
        ("10", "2018-03", 2.6, None),
        ("30", "2018-03", None, "uppföljning saknas"),
    ]


def test_baselines_printed_for_2017_are_observations_of_2017(observed: pl.DataFrame) -> None:
    rows = observed.filter(
        pl.col("period") == "2017-12", pl.col("delivery") == "2018-03", pl.col("source") == "stratsys"
    )
    found = dict(rows.select("indicator", "value").iter_rows())
    assert {name: found[name] for name in ("2018-16", "2018-17", "2018-18")} == {
        "2018-16": 57.9,
        "2018-17": 50.0,
        "2018-18": 70.1,
    }
    engagement = observed.filter(
        pl.col("indicator") == "2015-41", pl.col("period") == "2017-12", pl.col("administration") == "17"
    )
    assert found["2018-15"] == engagement["value"].item()


def test_history_follows_the_frequency_and_has_units_to_compare(observed: pl.DataFrame) -> None:
    share = observed.filter(pl.col("indicator") == "2015-38")
    assert share["period"].unique().sort().to_list() == ["2015-12", "2016-12", "2017-12"]
    assert share["administration"].unique().sort().to_list() == ["10", "17", "18", "20", "30", "40"]
    assert share["denominator"].null_count() == 0
    quota = observed.filter(pl.col("indicator") == "2015-35", pl.col("administration") == "17")
    assert quota.height == 9


def test_kolada_has_sexes_and_a_missing_value_and_ids_that_are_nobodys(
    observed: pl.DataFrame, files: list[Path]
) -> None:
    kolada = observed.filter(pl.col("source") == "kolada")
    assert kolada["sex"].unique().sort().to_list() == ["K", "M", "T"]
    assert kolada.filter(pl.col("value").is_null())["missing_status"].unique().to_list() == ["Missing"]
    document = json.loads(files[0].read_text(encoding="utf-8"))
    assert all(kpi["title"].startswith("Demonstrationsnyckeltal") for kpi in document["kpis"])
