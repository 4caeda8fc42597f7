from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from measure_frames import REFERENCE, budget, cells, data, months, posting, scope

from analytics.errors import MissingDataError
from analytics.measures import registry
from analytics.measures.account_tables import in_focus
from analytics.settings import Focus

Rows = list[dict[str, object]]


def base(last: str = "2018-03") -> Rows:
    """One krona of pay in every month, so that no month is missing."""
    return [posting("40110", month, 1) for month in months("2017-01", last)]


def compute(table_id: str, *rows: dict[str, object], period: str = "2018-03", unit: str = "17"):
    return registry.compute(table_id, data(ledger=list(rows)), scope(period, unit))


def test_fr1_has_sixteen_lines_with_sums_totals_and_deviations() -> None:
    table = compute(
        "fr1_outcome",
        *base(),
        *budget("40110", 2),
        posting("30110", "2018-02", -100.25),
        posting("46110", "2018-03", 30),
        posting("46110", "2018-03", 8, origin="internal", counterparty="I10"),
        posting("68110", "2018-01", 7.5),
        posting("75510", "2017-03", 11),
        posting("80000", "2018-01", 4),
    )
    values = cells(table, "report_line", "origin", "column")
    assert len(values) == 16 * 3 * 5
    assert values["staff", "external", "outcome"] == 33.0
    assert values["staff", "internal", "outcome"] == 8.0
    assert values["staff", "total", "outcome"] == 41.0
    assert values["staff_employees", "total", "outcome"] == 3.0
    assert values["staff_agency", "total", "outcome"] == 0.0
    assert values["operations", "total", "outcome"] == 7.5
    assert values["capital", "total", "outcome"] == 4.0
    assert values["total_income", "total", "outcome"] == -100.25
    assert values["total_cost", "total", "outcome"] == 52.5
    assert values["net", "total", "outcome"] == -47.75
    assert values["net", "total", "budget"] == 6.0
    assert values["net", "total", "vs_budget"] == 53.75
    assert values["net", "total", "previous"] == 14.0
    assert values["net", "total", "vs_previous"] == 61.75
    assert table.frame.get_column("report_line").unique(maintain_order=True).to_list() == list(REFERENCE.report_lines)
    assert table.frame.get_column("column").to_list()[:5] == [
        "outcome",
        "budget",
        "previous",
        "vs_budget",
        "vs_previous",
    ]


def test_projects_opening_and_other_units_are_left_out_and_closing_counts_in_december() -> None:
    rows = [
        *base("2018-12"),
        posting("40110", "2018-12", 500, period_kind="closing"),
        posting("40110", "2018-01", 7000, period_kind="opening"),
        posting("40110", "2018-01", 9000, is_project=True, cost_centre="1771"),
        posting("40110", "2018-01", 11000, administration="10"),
    ]
    assert cells(compute("fr1_outcome", *rows), "report_line", "origin", "column")["net", "total", "outcome"] == 3.0
    year = compute("fr1_outcome", *rows, period="2018-12")
    assert cells(year, "report_line", "origin", "column")["net", "total", "outcome"] == 512.0
    assert any("period 00" in note for note in year.notes)


def test_forecast_is_the_latest_up_to_the_month() -> None:
    rows = [
        *base("2018-06"),
        *budget("40110", 2),
        posting("40110", "2018-03", 20, kind="forecast"),
        posting("40110", "2018-05", 30, kind="forecast"),
    ]
    march = cells(compute("fr1_forecast", *rows), "report_line", "origin", "column")
    assert march["net", "total", "forecast"] == 20.0
    assert march["net", "total", "vs_budget"] == 4.0
    assert march["net", "total", "previous"] == 12.0
    assert march["net", "total", "vs_previous"] == -8.0
    june = compute("fr1_forecast", *rows, period="2018-06")
    assert cells(june, "report_line", "origin", "column")["net", "total", "forecast"] == 30.0
    assert "Prognosen är den som lämnades per maj 2018." in june.notes


def test_an_earlier_forecast_never_stands_in_a_report_whose_own_is_late() -> None:
    rows = [*base("2018-05"), *budget("40110", 2), posting("40110", "2018-03", 20, kind="forecast")]
    in_april = compute("fr1_forecast", *rows, period="2018-04")
    assert cells(in_april, "report_line", "origin", "column")["net", "total", "forecast"] == 20.0
    for table_id, column in (("fr1_forecast", "forecast"), ("fr1_summary", "forecast_vs_budget")):
        in_may = compute(table_id, *rows, period="2018-05")
        assert {row["value"] for row in in_may.frame.rows(named=True) if row["column"] == column} == {None}
        assert "Prognos för 2018 saknas." in in_may.notes


def test_what_the_data_do_not_hold_is_empty_not_zero() -> None:
    table = compute("fr1_summary", *base())
    values = cells(table, "report_line", "column")
    assert values["net", "outcome"] == 3.0
    for column in ("budget", "outcome_vs_budget", "forecast", "budget_year", "forecast_vs_budget"):
        assert values["net", column] is None
    assert "Prognos för 2018 saknas." in table.notes
    half_a_budget = cells(compute("fr1_summary", *base(), *budget("40110", 2)[:2]), "report_line", "column")
    assert half_a_budget["net", "budget"] is None


def test_missing_month_of_the_unit_is_an_error() -> None:
    with pytest.raises(MissingDataError, match="no outcome for unit 17 in 2018-03"):
        compute("net_monthly", *base("2018-02"))
    with pytest.raises(MissingDataError, match="no outcome for unit 10"):
        compute("fr1_outcome", *base(), unit="10")


def test_pivot_keeps_blank_apart_from_zero() -> None:
    table = compute(
        "result_by_class",
        *base(),
        *budget("40110", 2),
        posting("80000", "2018-01", 11),
        posting("80000", "2017-01", 11.004),
        posting("90000", "2018-02", 2),
    )
    values = cells(table, "code", "column")
    assert values["3", "outcome"] is None
    assert values["3", "vs_budget"] is None
    assert (values["9", "budget"], values["9", "vs_budget"], values["9", "vs_previous"]) == (None, -2.0, -2.0)
    assert values["8", "vs_previous"] == 0.0
    assert values["", "outcome"] == 16.0
    assert values["", "vs_budget"] == -10.0
    assert table.frame.get_column("label").unique(maintain_order=True).to_list() == [
        "Intäkter",
        "Personal",
        "Drift",
        "Avskrivningar",
        "Finansen",
        "Totalsumma",
    ]


def rows_of(table, column: str = "outcome") -> list[tuple[object, ...]]:
    picked = table.frame.filter(table.frame["column"] == column)
    return picked.select("code", "label", "level", "row_type", "value").rows()


def test_staff_cost_nests_groups_under_the_class() -> None:
    table = compute("staff_cost_by_group", *base(), posting("46110", "2018-01", 5), posting("30110", "2018-01", -9))
    assert rows_of(table) == [
        ("4", "Kostnader", 1, "row", 8.0),
        ("4", "Kostnader för personal", 2, "row", 8.0),
        ("40", "Lön arbetad tid", 3, "row", 3.0),
        ("46", "Övriga personalkostnader", 3, "row", 5.0),
        ("", "Totalsumma", 1, "total", 8.0),
    ]


def test_operations_have_their_three_classes() -> None:
    table = compute("operations_by_class", *base(), posting("50110", "2018-01", 5), posting("75510", "2018-01", 2))
    assert rows_of(table) == [
        ("4", "Kostnader", 1, "row", 7.0),
        ("5", "Kostnader för köpt verksamhet", 2, "row", 5.0),
        ("6", "Övriga verksamhetskostnader", 2, "row", None),
        ("7", "Övriga verksamhetskostnader", 2, "row", 2.0),
        ("", "Totalsumma", 1, "total", 7.0),
    ]


def test_focus_areas_list_the_accounts_that_are_posted_on() -> None:
    rows = [
        *base(),
        *budget("46130", 10),
        *budget("40110", 1),
        posting("46110", "2018-01", 5),
        posting("46210", "2018-01", 100),
        posting("68110", "2018-01", 3),
        posting("68410", "2017-01", 4),
        posting("75564", "2018-03", 6),
    ]
    assert rows_of(compute("focus_training", *rows)) == [
        ("4", "Kostnader", 1, "row", 5.0),
        ("4", "Kostnader för personal", 2, "row", 5.0),
        ("46", "Övriga personalkostnader", 3, "row", 5.0),
        ("46110", "Konferenskostnader", 4, "row", 5.0),
        ("46130", "Föreläsare, för personal", 4, "row", None),
        ("", "Totalsumma", 1, "total", 5.0),
    ]
    assert [row[:4] for row in rows_of(compute("focus_training", *rows), "budget")][4][0] == "46130"
    assert rows_of(compute("focus_travel", *rows)) == [
        ("5", "Drift", 1, "row", 3.0),
        ("681", "Biljetter", 2, "row", 3.0),
        ("684", "Hotell och logi, utlandet", 2, "row", None),
        ("", "Totalsumma", 1, "total", 3.0),
    ]
    assert rows_of(compute("focus_consultants", *rows)) == [
        ("75564", REFERENCE.accounts["75564"], 1, "row", 6.0),
        ("", "Totalsumma", 1, "total", 6.0),
    ]


def test_focus_intervals_include_both_ends() -> None:
    focus = Focus(id="x", label="X", accounts=("46110-46110", "68100-68999"), rows="accounts")
    assert [in_focus(focus, account) for account in ("46109", "46110", "46111", "68100", "68999", "69000")] == [
        False,
        True,
        False,
        True,
        True,
        False,
    ]


def test_projects_show_their_classes_with_totals() -> None:
    project: dict[str, object] = {"is_project": True, "cost_centre": "1771"}
    table = compute(
        "projects",
        *base(),
        posting("34110", "2018-01", -70, **project),
        posting("40110", "2018-02", 50, **project),
        posting("50110", "2018-03", 12, **project),
        posting("70110", "2018-03", 8, **project),
        posting("34110", "2018-03", -300, kind="forecast", **project),
        posting("34110", "2018-01", -4, is_project=True, cost_centre="1778"),
    )
    picked = table.frame.filter(table.frame["column"] == "outcome")
    assert picked.select("cost_centre", "cost_centre_label", "account_class", "row_type", "value").rows() == [
        ("1771", "Forskning, KC", "3", "row", -70.0),
        ("1771", "Forskning, KC", "4", "row", 50.0),
        ("1771", "Forskning, KC", "5", "row", 20.0),
        ("1771", "Forskning, KC", "9", "row", 0.0),
        ("1771", "Forskning, KC", "", "total", 0.0),
        ("1778", "Projekt, KC", "3", "row", -4.0),
        ("1778", "Projekt, KC", "4", "row", 0.0),
        ("1778", "Projekt, KC", "5", "row", 0.0),
        ("1778", "Projekt, KC", "9", "row", 0.0),
        ("1778", "Projekt, KC", "", "total", -4.0),
        ("", "Total", "", "total", -4.0),
    ]
    assert cells(table, "cost_centre", "account_class", "column")["", "", "forecast"] == -300.0


def test_unit_without_projects_has_an_empty_table() -> None:
    table = compute("projects", *base())
    assert table.frame.height == 0
    assert table.frame.columns == [*table.spec.keys, "value"]


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(sorted(REFERENCE.accounts)),
            st.sampled_from(["external", "internal"]),
            st.integers(-(10**9), 10**9),
        ),
        min_size=1,
        max_size=15,
    )
)
def test_every_account_is_in_exactly_one_line_and_the_lines_are_the_ledger(
    postings: list[tuple[str, str, int]],
) -> None:
    rows = [posting(account, "2018-02", ore / 100, origin=origin) for account, origin, ore in postings]
    tables = data(ledger=[*base(), *rows])
    form = cells(registry.compute("fr1_outcome", tables, scope()), "report_line", "origin", "column")
    whole = (sum(ore for _, _, ore in postings) + 300) / 100
    assert form["net", "total", "outcome"] == pytest.approx(whole, abs=1e-6)
    assert form["net", "external", "outcome"] + form["net", "internal", "outcome"] == pytest.approx(whole, abs=1e-6)
    leaves = [line for line in REFERENCE.report_lines.values() if line.level == 2 or line.code in ("income", "capital")]
    assert sum(form[line.code, "total", "outcome"] for line in leaves) == pytest.approx(whole, abs=1e-6)
    pivot = cells(registry.compute("result_by_class", tables, scope()), "code", "column")
    assert pivot["", "outcome"] == pytest.approx(whole, abs=1e-6)
    assert sum(pivot[code, "outcome"] or 0 for code in "34589") == pytest.approx(whole, abs=1e-6)


def test_no_note_speaks_of_what_a_table_does_not_print() -> None:
    rows = [posting("68110", month, 100) for month in months("2016-01", "2018-03")]
    rows += budget("68110", 100)
    tables = data(ledger=rows)
    printed = registry.compute("fr1_forecast", tables, scope())
    assert "Prognos för 2018 saknas." in printed.notes
    for table_id in ("focus_travel", "focus_travel_monthly", "result_by_class", "seasonal_budget"):
        assert not [note for note in registry.compute(table_id, tables, scope()).notes if "Prognos" in note]
    # Without 2015 the columns of last year are empty, which the table by account prints and the months do not.
    early = scope("2016-06")
    assert "Utfall för januari–juni 2015 saknas." in registry.compute("focus_travel", tables, early).notes
    monthly = registry.compute("focus_travel_monthly", tables, early)
    assert not [note for note in monthly.notes if "2015" in note]
    # The data begin in 2016, and so does the series of a report of 2016.
    assert monthly.period_label == "januari–juni 2016"
