"""Texts of the plans: what is read from them, and that nothing is read from what only looks like them."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.goals import Known, Relative, State, Threshold, Unread
from analytics.goals.agreement import agreed_baseline, agreed_target
from analytics.goals.baselines import parse_baseline
from analytics.goals.targets import parse_follow_up, parse_target

READ = {
    "Minst 75%": Threshold(">=", Fraction(75), "%"),
    ">80 %": Threshold(">", Fraction(80), "%"),
    "> 80\u00a0%": Threshold(">", Fraction(80), "%"),
    "100 procent": Threshold(">=", Fraction(100), "%"),
    "1 257,5": Threshold(">=", Fraction(2515, 2), ""),
    "Utfall/Budget högst 100 %": Threshold("<=", Fraction(100), "%"),
    "0,3 ton": Threshold(">=", Fraction(300), "kg"),
    "Två vårdprocesser ska ha processledare.": Threshold(">=", Fraction(2), ""),
    "Minst fyra olika kliniker": Threshold(">=", Fraction(4), ""),
    "Oförändrat eller högre": Relative("not_worse"),
    "75 %¹ ²": Threshold(">=", Fraction(75), "%"),
    "Lika eller lägre kostnadsutveckling än i budget": Relative("budget_costs"),
    "Lägre än 2018": Relative("lower", year=2018),
    "Högre än ingångsvärdet 2017": Relative("higher", year=2017),
    "Minska med 10 %": Relative("reduced_by", percent=Fraction(10)),
    "Ingen eller positiv resultatavvikelse jämfört med budget": Relative("budget"),
    "Ja": State("ja"),
    "Fastställda": State("fastställda"),
    "Struktur och design för ett integrerat ledningssystem framtaget": State("framtaget"),
}
NOT_READ = (
    "",
    "80",
    "80-90 %",
    "cirka 80 %",
    "80 % eller 90 %",
    "inte 80 %",
    "80 promille",
    "8 0 %",
    "1 25 %",
    "Minst 75% av 60 %",
    "Två eller tre vårdprocesser",
    "ej två vårdprocesser ska",
    "Budget högst 100 %",
    "Utfall/Budget 100 %",
    "Minska med cirka 10 %",
    "Högre än 1",
    "Kanske infört 2019",
    "Oförändrat",
    "En minskning",
    "En förbättring",
    "Ett oförändrat resultat",
    "Två procent",
    "Minst två veckor",
    "Minst en gång per år",
    "Två färre vårdskador",
    "Ej infört",
    "Inte infört",
    "Delvis infört",
    "Inget framtaget",
    "Nej eller ja",
    "Minska med 10 procentenheter",
    "Högre än ingångsvärdet",
)


@pytest.mark.parametrize("text", READ)
def test_a_known_form_is_read(text):
    assert parse_target(text, direction="higher") == READ[text]


@pytest.mark.parametrize("text", NOT_READ)
def test_anything_else_is_not_read_and_says_why(text):
    direction = "none" if text == "80" else "higher"
    read = parse_target(text, direction=direction)
    assert isinstance(read, Unread)
    assert read.reason.endswith(".")


@pytest.mark.parametrize("direction", ["lower", "state"])
def test_a_count_in_words_is_a_minimum_only_where_more_is_better(direction):
    assert isinstance(parse_target("Två vårdprocesser", direction=direction), Unread)


@pytest.mark.parametrize(
    ("text", "direction", "unit", "kind"),
    [
        ("75 %", "higher", "antal", "antal_troskel"),
        ("75", "higher", "%", "andel_troskel"),
        ("0,3 ton", "lower", "antal", "antal_troskel"),
        ("Högst 75 %", "higher", "%", "andel_troskel"),
        ("Minst 2,5 %", "lower", "%", "forandring_procent_max"),
        ("110 %", "higher", "%", "andel_troskel"),
        ("Ja", "higher", "%", "andel_troskel"),
        ("Minst 75 %", "state", "", "ja_nej"),
        ("Minska med 10 %", "higher", "%", "andel_troskel"),
        ("Oförändrat eller högre", "lower", "index", "index_riktning_ej_samre"),
    ],
)
def test_a_target_that_contradicts_its_indicator_is_not_read(text, direction, unit, kind):
    read = parse_target(text, direction=direction, kind=kind)
    assert not isinstance(read, Unread)
    assert isinstance(agreed_target(read, direction=direction, unit=unit, kind=kind), Unread)


def test_a_target_that_fits_its_indicator_is_kept():
    weight, quota = Threshold("<=", Fraction(300), "kg"), Threshold("<=", Fraction(110), "%")
    assert agreed_target(weight, direction="lower", unit="kg per årsarbetare", kind="") == weight
    assert agreed_target(quota, direction="lower", unit="%", kind="kvot_troskel_max") == quota


def test_a_baseline_in_another_unit_is_not_read():
    series = parse_baseline("2012: 63,6 % 2013: 40")
    assert isinstance(agreed_baseline(series, direction="higher", unit="%"), Unread)
    whole = parse_baseline("2012: 63,6 % 2013: 40 %")
    assert agreed_baseline(whole, direction="higher", unit="%") == whole


def test_a_bare_number_takes_its_side_from_the_direction():
    assert parse_target("2,5 %", direction="lower") == Threshold("<=", Fraction(5, 2), "%")


@given(
    st.sampled_from([text for text in READ if text[-1] in "%t"]), st.text("0123456789abcxyz,%", min_size=1, max_size=4)
)
def test_something_after_a_known_form_is_never_passed_over(text, junk):
    read = parse_target(f"{text}; {junk}", direction="higher")
    assert isinstance(read, Unread)


def test_a_sentence_with_one_share_is_read_and_with_two_is_not():
    one = (
        "Minst 60 % av de listade 65 år och äldre, som gjort tre eller flera läkarbesök, vid minst tre av dessa besök."
    )
    assert parse_follow_up(one, kind="andel_troskel") == Threshold(">=", Fraction(60), "%")
    assert isinstance(parse_follow_up("Minst 60 % av de listade och 80 % av äldre.", kind="andel_troskel"), Unread)
    assert parse_follow_up("minst 6 veckors framförhållning.", kind="antal_troskel") == Threshold(
        ">=", Fraction(6), "veckor"
    )
    assert parse_follow_up("Kontinuitetsindex ska öka.", kind="index") == Relative("higher")
    assert isinstance(parse_follow_up("Indexet ska öka eller minska.", kind="index"), Unread)


@pytest.mark.parametrize(
    "text",
    [
        "Högst 5 % av patienterna ska ha fått en vårdskada.",
        "Mindre än 5 % av patienterna.",
        "Andelen ska minska till 10 %.",
        "Andelen ska öka med 5 %.",
        "60-65 % av de listade.",
        "Mellan 60 och 65 % av de listade.",
        "Minst 60 % av de listade och 80 procent av de äldre.",
        "60 % ska inte ha fått en fast läkarkontakt.",
        "Minst 6 veckors framförhållning, högst 8 veckors.",
        "Andelen som inte är nöjda ska öka.",
        "Andelen ska öka inom alla perspektiv.",
    ],
)
def test_a_sentence_that_may_be_turned_is_not_read(text):
    read = parse_follow_up(text, kind="andel_troskel")
    assert isinstance(read, Unread)
    assert read.reason.endswith(".")


def test_baselines_with_years_units_and_the_four_kinds_of_blank():
    shares = parse_baseline("2012: 63,6 % 2013: 40 %")
    assert shares.known == (Known(Fraction(318, 5), "%", 2012), Known(Fraction(40), "%", 2013))
    assert parse_baseline("2012: 73 2013: 73").known[0] == Known(Fraction(73), "", 2012)
    assert parse_baseline("2009=54 2014=53 (nästa mätning senast 2020)").known[-1] == Known(Fraction(53), "", 2014)
    mixed = parse_baseline("Utfall 2018 (utfall 2017=0,3 ton)")
    assert (mixed.deferred_to, mixed.known) == (2018, (Known(Fraction(300), "kg", 2017),))
    assert parse_baseline("Utgångsvärde 2017 AMI 70,1").known == (Known(Fraction(701, 10), "", 2017),)
    assert parse_baseline("Utfall 2018").deferred_to == 2018
    assert parse_baseline("delvis").state == "delvis"
    blanks = [parse_baseline(text).absent for text in ("", "-", "Saknas", "Ej relevant")]
    assert len(set(blanks)) == 4
    assert all(blanks)


def test_a_baseline_may_hold_thousands():
    counts = parse_baseline("2012: 1 257 2013: 1 300,5")
    assert counts.known == (Known(Fraction(1257), "", 2012), Known(Fraction(2601, 2), "", 2013))


@pytest.mark.parametrize(
    "text",
    [
        "2012: 5 2012: 6",
        "2012: 12 57 2013: 8",
        "ungefär 40 %",
        "2012: 63,6 % och 40 %",
        "40-50 %",
        "Utfall",
        "2012: 2013: 40 %",
    ],
)
def test_other_baselines_are_not_read(text):
    assert isinstance(parse_baseline(text), Unread)
