"""When an action plan is required: the unit's own forecast against the budget of the year."""

from __future__ import annotations

import pytest
from measure_frames import budget, cells, data, months, posting, scope

from analytics import sentences
from analytics.disclosure import protect
from analytics.measures import registry
from analytics.measures.catalogue import MeasureTable
from analytics.measures.forecast.action_plan import NOT_JUDGED, NOT_REQUIRED, REQUIRED, exceeds


def table(*forecasts: tuple[str, float], planned: bool = True) -> MeasureTable:
    """Budget 1 200 000 staff, 240 000 travel, 120 000 information and −600 000 income; outcome 100 000 a month."""
    rows = [
        *(posting("40110", month, 100_000) for month in months("2018-01", "2018-03")),
        *(posting(account, "2018-03", kr, kind="forecast") for account, kr in forecasts),
    ]
    for account, kr in (("40110", 100_000), ("68110", 20_000), ("72110", 10_000), ("33110", -50_000)):
        rows += budget(account, kr) if planned else []
    return registry.compute("action_plan_required", data(ledger=rows), scope())


def plans(found: MeasureTable) -> dict[object, object]:
    texts = cells(found, "report_line", "column", column="text")
    return {line: text for (line, column), text in texts.items() if column == "plan"}


def say(found: MeasureTable) -> str:
    settings = scope().settings
    return str(sentences.main_change(protect(found, settings.disclosure.public, "..")))


IN_BALANCE = (("40110", 1_200_000), ("68110", 240_000), ("72110", 120_000), ("33110", -600_000))


def test_a_forecast_on_budget_requires_nothing() -> None:
    found = table(*IN_BALANCE)
    assert set(plans(found).values()) == {NOT_REQUIRED}
    assert "Åtgärdsplan krävs inte" in say(found)


def test_the_line_that_overspends_needs_a_plan_and_its_parts_say_whose() -> None:
    found = table(("40110", 1_500_000), ("68110", 0), ("72110", 150_000), ("33110", -600_000))
    said = plans(found)
    assert said["staff"] == REQUIRED
    assert said["staff_employees"] == "Ingår i planen för personal"
    assert said["operations"] == NOT_REQUIRED  # 150 000 of 360 000
    assert said["operations_information"] == "Krävs inte för drift som helhet"
    assert said["operations_travel"] == NOT_REQUIRED
    assert said["net"] == REQUIRED  # 1 050 000 against 960 000
    values = cells(found, "report_line", "column")
    assert values["staff", "vs_budget"] == -300_000.0
    assert values["staff", "computed_vs_budget"] == 0.0
    text = say(found)
    assert "överskrids årets budget för personal med 300\u00a0tkr. Nettokostnaden blir " in text
    assert "90\u00a0tkr högre än budget" in text


def test_lower_income_than_budget_counts_as_overspend() -> None:
    found = table(*IN_BALANCE[:3], ("33110", -500_000))
    assert plans(found)["income"] == REQUIRED
    assert plans(found)["net"] == REQUIRED
    assert "egen prognos blir årets intäkter 100\u00a0tkr lägre än budgeterat. Nettokostnaden blir " in say(found)


def test_an_overspend_that_does_not_print_requires_nothing() -> None:
    assert plans(table(("40110", 1_200_499), *IN_BALANCE[1:]))["staff"] == NOT_REQUIRED
    assert plans(table(("40110", 1_200_500), *IN_BALANCE[1:]))["staff"] == REQUIRED


@pytest.mark.parametrize(("deviation", "limit", "expected"), [(-500_000, 500, True), (-499_000, 500, False)])
def test_the_limit_is_that_of_the_settings(deviation: float, limit: int, expected: bool) -> None:  # noqa: FBT001
    assert exceeds(deviation, limit) is expected


def test_a_computed_forecast_never_requires_a_plan() -> None:
    found = table(planned=True)
    assert set(plans(found).values()) == {NOT_JUDGED}
    assert "kan därför inte bedömas" in say(found)


def test_without_a_budget_nothing_is_judged() -> None:
    assert set(plans(table(*IN_BALANCE, planned=False)).values()) == {NOT_JUDGED}


def test_totals_that_repeat_lines_are_not_judged() -> None:
    assert {"total_income", "total_cost"}.isdisjoint(plans(table(*IN_BALANCE)))
