from __future__ import annotations

from datetime import date

import pytest
from measure_frames import YEARS, cells, data, months, posting, scope

from analytics import sentences
from analytics.disclosure import protect
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
    assert "senaste fakturadatum i underlaget är den 20 mars 2018" in notes
    assert "1 rad i leverantörernas uppgifter har ersatts" in notes


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


def pay(month: str, kronor: int, administration: str = "10", **values: object) -> dict[str, object]:
    return posting("40110", month, kronor, administration=administration, **values)


def test_share_is_agency_cost_against_own_staff_without_hired_and_projects() -> None:
    ledger = [
        *(pay(month, 800_000) for month in months("2017-01", "2017-02")),
        *(pay(month, 500_000) for month in months("2018-01", "2018-02")),
        *(pay(month, 250_000, "20") for month in YEARS),
        pay("2018-01", 900_000, is_project=True),
        posting("42110", "2018-01", 700_000, administration="10", report_line="staff_agency"),
        posting("55110", "2018-01", 300_000, administration="10"),
    ]
    table = registry.compute("agency_share_pct", data(agency=ROWS, ledger=ledger), scope())
    values = cells(table, "administration", "row_type", "column")
    # Unit 10: 60 000 of 1 000 000 and 100 000 of 1 600 000 kr; unit 11 has agency staff and no own cost here.
    assert values["10", "row", "current"] == pytest.approx(6.0)
    assert values["10", "row", "previous"] == pytest.approx(6.25)
    assert values["10", "row", "change"] == pytest.approx(-0.25)
    assert values["11", "row", "current"] is None
    assert ("20", "row", "current") not in values
    assert values["", "total", "current"] == pytest.approx(160_000 / 1_500_000 * 100)
    assert values["", "total", "previous"] == pytest.approx(100_000 / 2_100_000 * 100)


def lagged(last_invoice: date) -> list[dict[str, object]]:
    """Every month of 2017 had 90 of 100 hours at its end and the rest three weeks later; then January and February."""
    rows = []
    for month in range(1, 13):
        week = date(2017, month, 15).isocalendar().week
        rows.append(statement(2017, week, 90.0, invoice_date=date(2017, month, 20)))
        after = date(2017 + month // 12, month % 12 + 1, 21)
        rows.append(statement(2017, week, 100.0, version=2, invoice_date=after))
    rows.append(statement(2018, 3, 50.0, invoice_date=date(2018, 1, 25)))
    rows.append(statement(2018, 7, 45.0, invoice_date=last_invoice))
    return rows


def test_hours_not_yet_invoiced_are_estimated_by_how_late_earlier_months_came() -> None:
    rows = lagged(date(2018, 2, 28))
    values = cells(registry.compute("agency_lag_fte", data(agency=rows), scope()), "period", "row_type", "column")
    # 100 hours are one full-time equivalent and month. February: 45 hours, and 90 per cent known at the month's end.
    assert values["2018-02", "row", "known"] == pytest.approx(0.45)
    assert values["2018-02", "row", "likely"] == pytest.approx(0.5)
    # January: 28 days after its end the later versions of 2017 had come.
    assert values["2018-01", "row", "likely"] == pytest.approx(0.5)
    assert values["", "total", "known"] == pytest.approx(0.475)
    assert values["", "total", "likely"] == pytest.approx(0.5)
    assert values["", "total", "lowest"] == pytest.approx(0.5)


def test_an_old_month_is_taken_as_it_is_and_few_earlier_months_give_no_estimate() -> None:
    old = registry.compute("agency_lag_fte", data(agency=lagged(date(2018, 6, 30))), scope())
    values = cells(old, "period", "row_type", "column")
    assert values["2018-02", "row", "likely"] == values["2018-02", "row", "known"]
    few = [row for row in lagged(date(2018, 2, 28)) if row["period"] >= "2017-09"]
    table = registry.compute("agency_lag_fte", data(agency=few), scope())
    values = cells(table, "period", "row_type", "column")
    assert values["2018-02", "row", "known"] == pytest.approx(0.45)
    assert values["2018-02", "row", "likely"] is None
    assert values["", "total", "likely"] is None
    assert any("för få" in note for note in table.notes)


def test_the_year_so_far_stands_as_invoiced_and_as_it_is_likely_to_end() -> None:
    rows = lagged(date(2018, 2, 28))
    table = registry.compute("agency_fte_monthly", data(agency=rows), scope())
    values = cells(table, "period", "series")
    assert values["2017-01", "invoiced"] == values["2017-12", "invoiced"] == pytest.approx(1.0)
    # January 50 hours and February 45, of 100 a month; 28 days after January the later versions had come.
    assert values["2018-01", "invoiced"] == pytest.approx(0.5)
    assert values["2018-02", "invoiced"] == pytest.approx(0.475)
    assert values["2018-02", "likely"] == pytest.approx(0.5)
    assert ("2017-12", "likely") not in values
    # No rows of 2016: no figure, and the label begins where the data do.
    assert values["2016-06", "invoiced"] is None
    assert table.period_label == "januari 2017–februari 2018"
    lag = cells(registry.compute("agency_lag_fte", data(agency=rows), scope()), "period", "row_type", "column")
    assert values["2018-02", "likely"] == lag["", "total", "likely"]
    assert values["2018-02", "invoiced"] == lag["", "total", "known"]
    text = str(sentences.main_change(protect(table, scope().settings.disclosure.public, "..")))
    assert text.replace("\u00a0", " ") == (
        "Från januari till och med februari 2018 är inhyrningen 0,5 årsarbetare, mot 1,0 år 2017. "
        "Över hela året var den 1,0 år 2017."
    )


def test_a_missing_month_leaves_the_rest_of_its_year_empty() -> None:
    rows = [row for row in lagged(date(2018, 2, 28)) if row["period"] != "2017-05"]
    values = cells(registry.compute("agency_fte_monthly", data(agency=rows), scope()), "period", "series")
    assert values["2017-04", "invoiced"] == pytest.approx(1.0)
    assert values["2017-05", "invoiced"] is values["2017-12", "invoiced"] is None
    assert values["2018-01", "invoiced"] == pytest.approx(0.5)


def test_months_taken_as_complete_are_told_in_one_sentence() -> None:
    rows = [row for month in months("2017-01", "2017-12") for row in monthly_statement(month)]
    rows += monthly_statement("2018-01")
    table = registry.compute("agency_lag_fte", data(agency=rows), scope("2018-01"))
    complete = [note for note in table.notes if "kompletta" in note]
    assert complete == ["Januari–september 2017 är så långt tillbaka att fakturorna räknas som kompletta."]


def monthly_statement(month: str) -> list[dict[str, object]]:
    week = date(int(month[:4]), int(month[5:]), 15).isocalendar().week
    return [statement(int(month[:4]), week, 10.0, invoice_date=date(int(month[:4]), int(month[5:]), 28))]
