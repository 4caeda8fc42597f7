import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_tables import by_group, fr1, group, months, pivot, protected, with_deviations, years

from analytics import sentences
from analytics.errors import DisclosureError, UsageError
from analytics.measures.catalogue import TABLES
from analytics.sentences import key_figures, ledger, words


def say(table, **options):
    return sentences.main_change(table, **options).text.replace("\u00a0", " ")


def training(outcome, budget, previous):
    row = {"outcome": outcome, "budget": budget, "previous": previous}
    return pivot("focus_training", [("", "Totalsumma", 1, row)])


def test_cost_against_last_year_and_budget():
    text = say(training(237_246.0, 303_538.0, 325_442.0))
    assert text == (
        "Utbildningskostnaderna är 237 tkr, vilket är 27 % lägre än samma period föregående år "
        "och 66 tkr lägre än budget."
    )


def test_numbers_and_units_are_kept_together():
    text = sentences.main_change(training(237_246.0, 303_538.0, 325_442.0)).text
    assert "237\u00a0tkr" in text
    assert "27\u00a0%" in text


@pytest.mark.parametrize("previous", [0.0, -5_000.0])
def test_no_percentage_of_zero_or_over_a_change_of_sign(previous):
    text = say(training(237_000.0, None, previous))
    assert "%" not in text
    assert f"{round((237_000 - previous) / 1000)} tkr högre än samma period föregående år" in text


def test_no_comparison_with_a_missing_year():
    assert say(training(237_000.0, None, None)) == "Utbildningskostnaderna är 237 tkr."


def test_unchanged_when_the_change_rounds_to_zero():
    text = say(training(237_000.0, 237_400.0, 236_700.0))
    assert text == (
        "Utbildningskostnaderna är 237 tkr, vilket är oförändrat jämfört med samma period föregående år "
        "och i nivå med budget."
    )


def test_a_change_below_half_a_percent_is_given_in_kronor():
    assert "2 tkr högre än samma period föregående år" in say(training(902_000.0, None, 900_000.0))


def test_nothing_posted_is_said():
    absent = "Förvaltningen har inga bokförda utbildningskostnader för perioden."
    assert say(training(None, None, 10.0)) == absent
    assert say(training(None, None, 25_400.0)) == f"{absent} Samma period föregående år var utfallet 25 tkr."


def test_change_of_the_total_and_the_group_behind_it():
    table = by_group(
        "worked_fte", {"1.1 Ledning": (9.7, 9.4), "1.2 Handläggare": (87.8, 95.8), "Total": (124.1, 128.3)}
    )
    assert say(table) == (
        "Antalet årsarbetare har ökat med 4,2 till 128,3 jämfört med samma period föregående år. "
        "Störst är ökningen i personalgrupp 1.2 Handläggare (8,0)."
    )


def test_the_change_comes_from_unrounded_values():
    assert "ökat med 0,1 till 1,1" in say(by_group("worked_fte", {"Total": (1.04, 1.12)}))


def test_a_decrease_names_the_group_that_decreased_most():
    table = by_group("overtime_fte", {"1.1 A": (0.5, 0.9), "1.2 B": (2.0, 1.0), "Total": (2.5, 1.9)})
    assert say(table) == (
        "Övertiden har minskat med 0,60 årsarbetare till 1,90 jämfört med samma period föregående år. "
        "Störst är minskningen i personalgrupp 1.2 B (1,00)."
    )


def test_unchanged_staff():
    assert say(by_group("headcount", {"Total": (12.0, 12.0)})) == (
        "Antalet anställda är oförändrat 12 jämfört med samma period föregående år."
    )


def test_unchanged_rate():
    assert say(rate("turnover_pct", {"T": (0.81, 0.84)})) == (
        "Den externa personalrörligheten är oförändrad, 0,8 %, jämfört med samma period föregående år."
    )


def test_nothing_registered_in_either_year():
    assert say(by_group("additional_fte", {"Total": (0.0, 0.0)})) == (
        "Ingen mertid är registrerad för perioden eller året innan."
    )


def test_a_suppressed_total_is_said_and_not_derived():
    rows = [*years(group("1.1", "A"), 3.0, 4.0), *years(group("", "Total", total=True), 3.21, 4.32, n=(3, 3))]
    text = say(protected("overtime_fte", rows))
    assert text == "Övertiden visas inte av sekretesskäl."


def test_a_suppressed_earlier_year_suppresses_the_comparison_only():
    rows = years(group("", "Total", total=True), 3.21, 40.0, n=(3, 60))
    text = say(protected("overtime_fte", rows))
    assert text == (
        "Övertiden är 40,00 årsarbetare, men jämförelsen med samma period föregående år visas inte av sekretesskäl."
    )


def test_a_suppressed_group_cannot_be_named_as_the_largest():
    rows = [
        *years(group("1.1", "A"), 1.0, 9.0, n=(2, 90)),
        *years(group("1.2", "B"), 1.0, 2.0),
        *years(group("1.3", "C"), 1.0, 3.0, n=(6, 6)),
        *years(group("", "Total", total=True), 3.0, 14.0),
    ]
    text = say(protected("worked_fte", rows))
    assert text.endswith("Störst av de grupper som visas är ökningen i personalgrupp 1.2 B (1,0).")


def rate(table_id, values, n=100):
    key = {"measure": "m", "measure_label": "Mått", "row_type": "row"}
    return protected(
        table_id, [row for sex, pair in values.items() for row in years({**key, "sex": sex}, *pair, n=(n, n))]
    )


def test_rates_change_in_percentage_points():
    text = say(rate("sick_leave_pct", {"K": (0.6, 1.2), "M": (7.1, 6.6), "T": (5.5, 5.2)}))
    assert text == (
        "Sjukfrånvaron har minskat med 0,3 procentenheter till 5,2 % jämfört med samma period föregående år. "
        "Den är 1,2 % bland kvinnor och 6,6 % bland män."
    )


def test_ten_employees_are_too_few_for_sick_leave():
    assert say(rate("sick_leave_pct", {"K": (0.6, 1.2), "M": (7.1, 6.6), "T": (5.5, 5.2)}, n=10)) == (
        "Sjukfrånvaron visas inte av sekretesskäl."
    )


def test_the_disclosure_counts_what_it_may_not_show():
    total = {"measure": "total", "measure_label": "Total sjukfrånvaro", "row_type": "row"}
    young = {"measure": "young", "measure_label": "29 år eller yngre", "row_type": "row"}
    text = say(protected("sick_leave_disclosure", [*years(total, 5.5, 5.2), *years(young, 1.0, 2.0, n=(4, 4))]))
    assert text.endswith("1 av 2 nyckeltal visas inte av sekretesskäl.")


def test_net_cost_in_millions():
    net = {"outcome": 30_133_000.0, "budget": 28_420_000.0, "previous": 25_765_000.0}
    assert say(fr1("fr1_outcome", {"net": net})) == (
        "Nettokostnaden är 30,1 mnkr, vilket är 17 % högre än samma period föregående år och 1,7 mnkr högre än budget. "
        "Av nettokostnaden är 30,1 mnkr extern och 0 tkr intern."
    )


def test_income_is_spoken_of_as_more_or_less_income():
    income = {"outcome": -320_000.0, "budget": -1_257_000.0, "previous": -2_834_000.0}
    assert say(fr1("fr1_outcome", {"income": income}), line="income") == (
        "Intäkterna är 320 tkr, vilket är 89 % lägre än samma period föregående år och 937 tkr lägre än budget."
    )


def test_a_line_without_a_sentence_is_refused():
    with pytest.raises(UsageError, match="staff_other"):
        say(fr1("fr1_outcome", {}), line="staff_other")


def test_net_income_is_called_by_its_name():
    text = say(fr1("fr1_outcome", {"net": {"outcome": -2_000_000.0, "budget": -1_000_000.0, "previous": 500_000.0}}))
    assert text == (
        "Nettointäkten är 2,0 mnkr, vilket är 2,5 mnkr högre än samma period föregående år "
        "och 1,0 mnkr högre än budget."
    )


def test_forecast_in_balance_or_not_lodged():
    net = {"forecast": 113_681_000.0, "budget": 113_681_200.0, "previous": 107_000_000.0}
    assert say(fr1("fr1_forecast", {"net": net})) == (
        "Prognosen för helåret är en nettokostnad på 113,7 mnkr, vilket är i nivå med budget "
        "och 6 % högre än föregående års utfall."
    )
    assert say(fr1("fr1_forecast", {"net": {}})) == "Ingen prognos är lämnad för perioden."


def test_both_budgets_side_by_side():
    key = {"report_line": "net", "report_line_label": "NETTORESULTAT", "level": 1, "parent": ""}
    values = {"outcome": 30_133_000.0, "vs_budget": -1_713_000.0, "vs_seasonal": 600_000.0}
    table = protected("seasonal_budget", [{**key, "column": name, "value": value} for name, value in values.items()])
    assert say(table) == (
        "Nettokostnaden är 1,7 mnkr högre än budgeten i tolftedelar "
        "och 0,6 mnkr lägre än den säsongsfördelade budgeten."
    )


def project(outcome, forecast):
    key = {"cost_centre": "", "cost_centre_label": "Total", "account_class": "", "account_class_label": "Total"}
    values = {"outcome": outcome, "forecast": forecast}
    rows = [{**key, "row_type": "total", "column": name, "value": value} for name, value in values.items()]
    return protected("projects", rows)


def test_projects():
    assert say(project(40_000.0, 0.0)) == (
        "Projekten har hittills under året 40 tkr högre kostnader än intäkter. "
        "Enligt prognosen är de i balans vid årets slut."
    )
    assert "Enligt prognosen är överskottet 5 tkr" in say(project(0.0, -5_000.0))
    assert say(protected("projects", [])) == "Förvaltningen har ingen projektverksamhet."


def test_monthly_averages_and_extremes_of_full_years():
    amounts = {f"{year}-{month:02d}": 1000.0 * (100 + month) for year in (2016, 2017) for month in range(1, 13)}
    amounts["2016-07"] = 10_000.0
    amounts |= {"2018-01": 50_000.0, "2018-02": 70_000.0}
    text = say(months("focus_training_monthly", {"outcome": amounts, "budget": {"2018-01": 9e9}}))
    assert text == (
        "Den genomsnittliga utbildningskostnaden per månad var 98 tkr 2016 och 107 tkr 2017. "
        "Lägst var den i juli 2016 och januari 2017 och högst i december båda åren. "
        "Hittills under 2018 är genomsnittet 60 tkr per månad."
    )


def test_nothing_posted_in_any_month():
    assert say(months("focus_travel_monthly", {"outcome": {"2017-01": 0.0, "2017-02": 0.0}})) == (
        "Inget är bokfört under de år som redovisas."
    )


def test_an_average_income_keeps_its_sign():
    amounts = {f"2017-{month:02d}": -2_000_000.0 for month in range(1, 13)}
    assert "per månad var −2,0 mnkr 2017." in say(months("net_monthly", {"outcome": amounts}))


def test_the_split_by_sex_is_said_to_be_hidden_when_the_total_is_shown():
    rows = [
        row
        for sex, n in (("K", 100), ("M", 4), ("T", 104))
        for row in years({"measure": "m", "measure_label": "Mått", "row_type": "row", "sex": sex}, 1.0, 2.0, n=(n, n))
    ]
    text = say(protected("turnover_pct", rows))
    assert text.endswith("Uppdelningen på kvinnor och män visas inte av sekretesskäl.")
    assert "till 2,0 %" in text


def test_the_latest_month_against_the_same_month_last_year():
    rows = [{"period": "2017-02", "sex": "T", "value": 100.0}, {"period": "2018-02", "sex": "T", "value": 97.5}]
    assert say(protected("worked_fte_monthly", rows)) == (
        "I februari 2018 var antalet årsarbetare 97,5, vilket är 2,5 lägre än i februari 2017."
    )


def test_a_suppressed_month_is_not_compared():
    rows = [{"period": "2017-02", "sex": "T", "value": 77.7, "n": 4}, {"period": "2018-02", "sex": "T", "value": 97.5}]
    text = say(protected("worked_fte_monthly", rows))
    assert (
        text == "Jämförelsen av antalet årsarbetare mellan februari 2018 och februari 2017 visas inte av sekretesskäl."
    )


def test_the_sentence_is_escaped():
    html = sentences.main_change(
        by_group("worked_fte", {"1.1 <b>A": (1.0, 2.0), "1.2 B": (1.0, 1.0), "Total": (2.0, 3.0)})
    )._repr_html_()
    assert "<b>" not in html
    assert "&lt;b&gt;A" in html


def test_unprotected_tables_are_refused():
    with pytest.raises(DisclosureError):
        sentences.main_change(by_group("worked_fte", {"Total": (1.0, 2.0)}).frame)


@pytest.mark.parametrize("table_id", TABLES)
def test_every_table_has_a_sentence_even_when_it_is_empty(table_id):
    text = say(protected(table_id, []))
    assert text.endswith(".")
    assert not any(character.isdigit() for character in text)


@given(outcome=st.floats(-1e9, 1e9), previous=st.floats(-1e9, 1e9))
def test_direction_words_follow_the_sign(outcome, previous):
    change = outcome - previous
    text = words.compared(change, words.Figure(previous, "ok"), outcome, "då")
    if abs(change) >= 501:
        assert ("högre" in text) == (change > 0)
    assert "−" not in text


def test_key_figures_show_marks_for_what_may_not_be_shown():
    shown = {
        table_id: by_group(table_id, {"Total": (10.0, 12.0)})
        for table_id in key_figures.STAFF
        if TABLES[table_id].keys[0] != "measure"
    }
    shown["sick_leave_pct"] = rate("sick_leave_pct", {"T": (5.5, 5.2)}, n=4)
    shown["turnover_pct"] = rate("turnover_pct", {"T": (0.0, 0.8)})
    figures = {figure.label: figure for figure in key_figures.staff(shown).figures}
    assert figures["Anställda"].value == "12"
    assert figures["Anställda"].comparison == "2 fler än samma period föregående år"
    assert figures["Sjukfrånvaro av ordinarie arbetstid"].value == ".."
    assert (
        figures["Extern personalrörlighet"].comparison == "0,8\u00a0procentenheter högre än samma period föregående år"
    )


def test_key_figures_of_the_ledger():
    net = with_deviations({"outcome": 30_133_000.0, "budget": 28_420_000.0, "previous": 25_765_000.0})
    forecast = {"forecast": 113_681_000.0, "budget": 113_681_200.0, "previous": None}
    shown = {"fr1_outcome": fr1("fr1_outcome", {"net": net}), "fr1_forecast": fr1("fr1_forecast", {"net": forecast})}
    first, second, *_ = key_figures.ledger(shown).figures
    assert (first.label, first.value) == ("Nettokostnad", "30,1\u00a0mnkr")
    assert first.comparison == "1,7\u00a0mnkr högre än budget, 17\u00a0% högre än samma period föregående år"
    assert (second.label, second.comparison) == ("Helårsprognos, nettokostnad", "I nivå med budget")


def test_operations_of_the_form_and_of_the_table_by_class_are_not_called_the_same():
    # The form's line holds the financial items (class 9), the table by class does not: two amounts on one page.
    labels = [label for line, label, _ in key_figures.LEDGER_LINES if line == "operations"]
    assert labels == ["Driftskostnader och finansnetto"]
    assert ledger.LINES["operations"][0] != ledger.SUBJECTS["operations_by_class"]


@pytest.mark.parametrize(
    ("table_id", "code", "label", "named"),
    [
        ("result_by_class", "3", "Intäkter", "intäkter: 2 tkr lägre"),
        ("operations_by_class", "5", "Köpt verksamhet", "kontoklass 5 Köpt verksamhet: 2 tkr högre"),
        ("staff_cost_by_group", "40", "Lön", "kontogrupp 40 Lön: 2 tkr högre"),
        ("focus_training", "46150", "Kurser", "konto 46150 Kurser: 2 tkr högre"),
    ],
)
def test_the_account_that_moved_most_is_named_for_what_it_is(table_id, code, label, named):
    rows = [
        (code, label, 2, {"outcome": 5_000.0, "previous": 3_000.0}),
        ("9", "Annat", 2, {"outcome": 1_000.0, "previous": 1_000.0}),
        ("", "Totalsumma", 1, {"outcome": 6_000.0, "previous": 4_000.0}),
    ]
    assert say(pivot(table_id, rows)).endswith(
        f"Den största förändringen finns på {named} än samma period föregående år."
    )
