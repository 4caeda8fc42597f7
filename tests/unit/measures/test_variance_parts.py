"""Staff cost against last year in parts: by hand, and that the parts are always the whole."""

from __future__ import annotations

import dataclasses
import shutil
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from measure_frames import ROOT, cells, data, months, posting, scope, worked

from analytics import charts, sentences
from analytics.disclosure import ProtectedTable, protect
from analytics.errors import SettingsError
from analytics.measures import registry
from analytics.measures.catalogue import MeasureTable
from analytics.measures.forecast.stated_causes import read_causes
from analytics.measures.forecast.variance import Year, parts
from analytics.reference import Reference

PERSONS = 6
POSITIVE = st.integers(1, 10**12)
ANY = st.integers(-(10**12), 10**12)
YEARS = st.builds(
    Year,
    pay=POSITIVE,
    by_the_hour=ANY,
    contributions=ANY,
    other=ANY,
    days=st.integers(18, 260),
    hours=POSITIVE,
    hour_days=st.integers(18, 260),
)


@given(YEARS, YEARS)
def test_the_parts_are_exactly_the_whole(before: Year, now: Year) -> None:
    assert sum(parts(before, now).values(), Fraction(0)) == before.whole - now.whole


@given(YEARS)
def test_two_equal_years_differ_in_no_part(year: Year) -> None:
    assert set(parts(year, year).values()) == {Fraction(0)}


@given(YEARS, st.integers(-(10**6), 10**6).filter(bool))
def test_what_is_changed_alone_is_explained_alone(year: Year, more: int) -> None:
    def moved(**changes: int) -> set[str]:
        later = parts(year, dataclasses.replace(year, **changes))
        return {part for part, ore in later.items() if ore}

    assert moved(other=year.other + more) == {"other"}
    assert moved(contributions=year.contributions + more) == {"contributions"}
    # Twice the hours for twice the pay and contributions: nobody costs more, there are only more of them.
    assert moved(pay=2 * year.pay, contributions=2 * year.contributions, hours=2 * year.hours) == {"volume"}
    # More working days with the hours that follow them: monthly pay is the same, so nothing has changed.
    doubled = {"days": year.days, "hours": 2 * year.hours, "hour_days": 2 * year.hour_days}
    assert moved(**doubled) == set()


def ledger() -> list[dict[str, object]]:
    """Pay 100 000 → 110 000 a month (10 000 by the hour in 2017), contributions 40 % → 45 %, other 5 000 → 3 000."""
    rows = []
    for month in months("2017-01", "2017-03"):
        rows += [posting("40110", month, 90_000), posting("40210", month, 10_000), posting("45110", month, 40_000)]
        rows += [posting("46110", month, 5_000)]
    for month in months("2018-01", "2018-03"):
        rows += [posting("40110", month, 100_000), posting("41110", month, 10_000), posting("45110", month, 49_500)]
        rows += [posting("46110", month, 3_000)]
    rows.append(posting("40110", "2018-02", 999_999, cost_centre="1771", is_project=True))
    return rows


def hours(first: float, later: float, *, persons: int = PERSONS, **values: object) -> list[dict[str, object]]:
    """Hours a month of each person in January and February of both years."""
    rows = []
    for number in range(persons):
        rows += worked(f"p{number}", first, periods=months("2017-01", "2017-02"), **values)
        rows += worked(f"p{number}", later, periods=months("2018-01", "2018-02"), **values)
    return rows


def table(time: list[dict[str, object]], period: str = "2018-03") -> MeasureTable:
    return registry.compute("variance_parts", data(ledger=ledger(), time=time), scope(period))


def protected(found: MeasureTable) -> ProtectedTable:
    return protect(found, scope().settings.disclosure.public, "..")


def test_the_parts_by_hand() -> None:
    # 42 working days in January and February 2018, 41 in 2017; 63 and 64 up to March.
    found = table(hours(41, 46.2))
    values = cells(found, "part", "column")
    assert values["", "amount"] == 435_000 - 487_500
    growth = 1.1 - 1  # 46,2 / 42 against 41 / 41 hours a working day
    calendar = 30_000 * (63 / 64 - 1)
    assert values["volume", "amount"] == pytest.approx(-300_000 * growth * 1.4)
    assert values["calendar", "amount"] == pytest.approx(-calendar * 1.4)
    assert values["price", "amount"] == pytest.approx(-(330_000 - 300_000 - 300_000 * growth - calendar) * 1.4)
    assert values["contributions", "amount"] == pytest.approx(-(0.45 - 0.40) * 330_000)
    assert values["other", "amount"] == 6_000.0
    rows = [value for (part, column), value in values.items() if part and column == "amount"]
    assert sum(rows) == pytest.approx(values["", "amount"])  # type: ignore[arg-type]
    texts = cells(found, "part", "column", column="text")
    assert (
        texts["contributions", "formula"]
        == "(pålägg i fjol 40,00\u00a0% − pålägg i år 45,00\u00a0%) × lön i år 330\u00a0tkr"
    )
    assert all(texts[part, "formula"] for part in ("volume", "calendar", "price", "other", ""))
    assert any("antas ha ändrats lika mycket" in note for note in found.notes)


def test_hours_at_project_cost_centres_do_not_count() -> None:
    plain = cells(table(hours(41, 46.2)), "part", "column")
    projects = hours(500, 5, cost_centre="1771")
    assert cells(table([*hours(41, 46.2), *projects]), "part", "column") == plain


def test_few_persons_hide_every_part() -> None:
    shown = protected(table(hours(41, 46.2, persons=4)))
    assert set(shown.frame["status"]) == {"suppressed"}
    assert shown.frame["text"].is_null().all()
    assert "sekretesskäl" in str(sentences.main_change(shown))


def test_few_persons_at_projects_could_be_told_from_the_staff_tables() -> None:
    one = hours(10, 10, persons=1, cost_centre="1771")
    assert set(protected(table([*hours(41, 46.2), *one])).frame["status"]) == {"suppressed"}


@pytest.mark.parametrize("gone", ["2017-02", "2018-01"])
def test_a_month_without_time_leaves_the_whole_undivided(gone: str) -> None:
    found = table([row for row in hours(41, 46.2) if row["period"] != gone])
    values = cells(found, "part", "column")
    assert values["", "amount"] == -52_500.0
    assert values["volume", "amount"] is None
    assert any("saknas; skillnaden kan därför inte delas upp" in note for note in found.notes)
    assert "kan inte delas upp" in str(sentences.main_change(protected(found)))


def test_a_report_of_january_has_no_time_of_its_year() -> None:
    time = [*hours(41, 46.2), *worked("p0", 1, periods=months("2016-01", "2017-12"))]
    found = table(time, period="2018-01")
    assert cells(found, "part", "column")["volume", "amount"] is None
    assert any("Ingen månad 2018 har komplett arbetad tid" in note for note in found.notes)
    # The whole alone is no steps: it stands in the sentence and the table.
    drawn = charts.of(protected(found))
    assert not isinstance(drawn, charts.Figure)
    assert str(drawn) == "Det finns inga uppgifter som kan visas i diagrammet Personalkostnadens förändring i delar."


def test_what_the_unit_says_stands_beside_and_is_told_apart() -> None:
    found = table(hours(41, 46.2))
    values = cells(found, "part", "column")
    assert values["price", "stated"] == -450_000.0
    assert values["contributions", "stated"] == -300_000.0
    assert any("inte bokförd" in note for note in found.notes)
    assert "uppger själv" in str(sentences.main_change(protected(found)))


def test_the_steps_of_the_chart_end_at_the_whole() -> None:
    figure = charts.of(protected(table(hours(41, 46.2))))
    assert isinstance(figure, charts.Figure)
    (values,) = figure.spec["datasets"].values() if "datasets" in figure.spec else [figure.spec["data"]["values"]]
    steps = [row for row in values if row["riktning"] != "Hela skillnaden"]
    whole = values[-1]
    assert steps[0]["från"] == 0
    assert all(earlier["till"] == later["från"] for earlier, later in pairwise(steps))
    assert steps[-1]["till"] == whole["till"]
    assert whole["från"] == 0


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("17;2018-03;luck;1;002:1", "part"),
        ("17;2018-03;volume;1,5;002:1", "kr"),
        ("17;mars;volume;1;002:1", "period"),
        ("17;2018-03;price;1;002:1", "part"),
    ],
)
def test_a_wrong_row_of_stated_causes_is_refused_with_its_line(tmp_path: Path, row: str, column: str) -> None:
    folder = Path(shutil.copytree(ROOT / "data/raw/reference", tmp_path / "reference"))
    with (folder / "stated_causes.csv").open("a", encoding="utf-8") as stream:
        stream.write(f"{row}\n")
    with pytest.raises(SettingsError) as caught:
        read_causes(Reference(folder))
    where = caught.value.where
    assert where is not None
    assert (where.line, where.column) == (4, column)
