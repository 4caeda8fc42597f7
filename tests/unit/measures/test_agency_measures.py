from __future__ import annotations

from datetime import date

import pytest
from measure_frames import cells, data, scope

from analytics.errors import MissingDataError
from analytics.measures import registry


def statement(year: int, week: int, hours: float, **values: object) -> dict[str, object]:
    day = date.fromisocalendar(year, week, 4)
    return {
        "period": f"{day:%Y-%m}",
        "iso_year": year,
        "iso_week": week,
        "hours": hours,
        "amount_ore": round(hours * 1000_00),
        "invoice_date": day,
        **values,
    }


ROWS = [
    statement(2017, 2, 50.0),
    statement(2017, 6, 50.0),
    statement(2018, 2, 30.0),
    statement(2018, 2, 40.0, version=2, invoice_date=date(2018, 3, 20)),
    statement(2018, 2, 20.0, supplier="S2"),
    statement(2018, 6, 100.0, administration="11", profession="doctor"),
    statement(2018, 12, 500.0),
]


def test_latest_version_of_each_statement_counts() -> None:
    table = registry.compute("agency_staff_fte", data(agency=ROWS), scope())
    assert cells(table, "administration", "profession", "row_type", "column") == {
        ("10", "nurse", "row", "current"): 0.3,
        ("10", "nurse", "row", "previous"): 0.5,
        ("10", "nurse", "row", "change"): pytest.approx(-0.2),
        ("11", "doctor", "row", "current"): 0.5,
        ("11", "doctor", "row", "previous"): 0.0,
        ("11", "doctor", "row", "change"): 0.5,
        ("", "", "total", "current"): 0.8,
        ("", "", "total", "previous"): 0.5,
        ("", "", "total", "change"): pytest.approx(0.3),
    }
    assert table.frame.columns == [*table.spec.keys, "value"]
    notes = " ".join(table.notes)
    assert "senaste fakturadatum i underlaget är 2018-03-20" in notes
    assert "1 rader i perioderna har ersatts" in notes


def test_cost_is_in_kronor_and_the_same_for_every_unit() -> None:
    cost = registry.compute("agency_staff_cost", data(agency=ROWS), scope())
    values = cells(cost, "administration", "profession", "row_type", "column")
    assert values["", "", "total", "current"] == 160_000.0
    assert values["10", "nurse", "row", "previous"] == 100_000.0
    other = registry.compute("agency_staff_cost", data(agency=ROWS), scope(unit="18"))
    assert other.frame.equals(cost.frame)


def test_missing_month_is_an_error_and_missing_last_year_is_empty() -> None:
    with pytest.raises(MissingDataError, match="table agency has no rows in 2018-02"):
        registry.compute("agency_staff_fte", data(agency=ROWS[:5]), scope())
    table = registry.compute("agency_staff_fte", data(agency=ROWS[1:]), scope())
    assert cells(table, "administration", "profession", "row_type", "column")["", "", "total", "previous"] is None
