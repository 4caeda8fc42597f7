"""The made region: the same bytes from the same seed, the declared tables, and noise like the demonstration region's."""

from __future__ import annotations

import polars as pl
import pytest
from benchmarks.planted import likeness
from benchmarks.planted.ground import USUAL_FTE
from benchmarks.planted.scenario import DEVELOPMENT, EVALUATION, make
from benchmarks.planted.staff import Staff
from benchmarks.planted.world import PROJECT, World

from analytics.measures.registry import compute
from analytics.organisation import Organisation
from analytics.processed import schema_of
from analytics.reference import Reference
from analytics.sample.ledger_postings import MONTHS as REGION_MONTHS
from analytics.sample.ledger_postings import Region
from analytics.schemas import TABLES

REFERENCE = Reference(PROJECT / "data/raw/reference")
ORGANISATION = Organisation.read(PROJECT / "data/raw/reference")


@pytest.fixture(scope="module")
def made(world: World) -> list[dict[str, pl.DataFrame]]:
    scenarios = [make(seed, world, none=True) for seed in range(4)]
    return [{name: getattr(each.data, name).collect() for name in TABLES} for each in scenarios]


def test_a_seed_gives_the_same_frames_and_another_seed_others(world: World):
    first, again, other = make(3, world), make(3, world), make(4, world)
    for name in ("ledger", "employments", "time", "absence"):
        frame = getattr(first.data, name).collect()
        assert frame.equals(getattr(again.data, name).collect())
        assert not frame.equals(getattr(other.data, name).collect())
    assert first.plants == again.plants


def test_the_frames_are_processed_tables(made: list[dict[str, pl.DataFrame]]):
    for name, frame in made[0].items():
        assert dict(frame.schema) == schema_of(name)
        required = [column.name for column in TABLES[name].columns if not column.nullable]
        assert frame.select(required).null_count().sum_horizontal().sum() == 0
        if TABLES[name].key:
            assert not frame.select(TABLES[name].key).is_duplicated().any()


@pytest.mark.parametrize("table", ["fr1_outcome", "fr1_forecast", "seasonal_budget", "worked_fte", "headcount"])
def test_the_measures_can_be_computed_of_the_made_region(world: World, table: str):
    scenario = make(2, world)
    for scope in scenario.scopes.values():
        measured = compute(table, scenario.data, scope).frame
        assert measured.get_column("value").abs().sum() > 0


def test_development_and_evaluation_share_no_seed():
    assert not set(DEVELOPMENT) & set(EVALUATION)


def test_the_ledger_varies_as_in_the_demonstration_region(made: list[dict[str, pl.DataFrame]]):
    region = Region(PROJECT / "data/raw/published", REFERENCE, ORGANISATION, likeness.SEED)
    theirs = likeness.postings_frame((each for month in REGION_MONTHS for each in region.outcome(month)), REFERENCE)
    ours = pl.concat(
        [
            frames["ledger"]
            .filter(pl.col("kind") == "outcome")
            .with_columns(pl.concat_str(pl.lit(f"{number}-"), "administration").alias("administration"))
            for number, frames in enumerate(made)
        ]
    )
    both = likeness.ledger_variation(theirs).join(
        likeness.ledger_variation(ours), on=["level", "report_line"], suffix="_made"
    )
    # Small accounts fall on a cost centre at random, so below the administration their lines jump in both regions.
    large = both.filter(
        ~pl.col("report_line").is_in(["operations_information", "operations_telecom", "operations_travel"])
    )
    apart = large.filter((pl.col("variation_made") / pl.col("variation")).log().abs() > pl.lit(1.5).log())
    assert large.height == 24
    assert apart.is_empty(), apart
    at_the_top = both.filter(pl.col("level") == "administration")
    assert (at_the_top["variation_made"] / at_the_top["variation"]).median() == pytest.approx(1, abs=0.2)
    assert len(likeness.table(likeness.ledger_variation(theirs), likeness.ledger_variation(ours))) == 13


def test_staff_vary_as_in_the_demonstration_region(made: list[dict[str, pl.DataFrame]]):
    ours = [Staff(each["employments"], each["time"], each["absence"], pl.DataFrame()) for each in made]
    theirs = likeness.staff_variation([likeness.region_staff(REFERENCE, ORGANISATION)])
    assert likeness.staff_variation(ours) == pytest.approx(theirs, rel=0.2)
    assert pytest.approx(theirs / 2**0.5, rel=0.15) == USUAL_FTE


def test_staff_cost_is_low_in_summer_and_rises_by_the_year(made: list[dict[str, pl.DataFrame]]):
    pay = made[0]["ledger"].filter(pl.col("kind") == "outcome", pl.col("report_line") == "staff_employees")
    by_month = dict(pay.group_by("period").agg(pl.col("amount_ore").sum()).rows())
    assert by_month["2017-07"] < 0.85 * by_month["2017-05"]
    assert 1.0 < by_month["2018-03"] / by_month["2017-03"] < 1.12
