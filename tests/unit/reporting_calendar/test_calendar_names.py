"""Old names of reports mean what the documents say, however they are written; other names are refused."""

from __future__ import annotations

import pytest
from calendar_files import SETTINGS, repository
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.calendar import names
from analytics.errors import UsageError
from analytics.periods import MONTH_NAMES

DASHES = st.sampled_from(["–", "-", " - ", " – ", "—", "‑"])


def told(text, year=2018):
    found = names.resolve(text, year)
    return f"{found.first} {found.last} {'forecast' if found.with_forecast else 'plain'} {found.kind}"


@pytest.mark.parametrize(
    ("name", "meaning"),
    [
        ("tertialbokslut mars", "2018-01 2018-03 forecast quarter"),
        ("tertialbokslut augusti", "2018-01 2018-08 forecast interim"),
        ("delårsrapport april–augusti", "2018-04 2018-08 forecast interim"),
        ("delårsrapport", "2018-01 2018-08 forecast interim"),
        ("delårsbokslut augusti", "2018-01 2018-08 forecast interim"),
        ("kvartalsrapport mars", "2018-01 2018-03 forecast quarter"),
        ("kvartalsrapport januari–mars", "2018-01 2018-03 forecast quarter"),
        ("månadsrapport maj", "2018-01 2018-05 forecast month"),
        ("månadsrapport april", "2018-01 2018-04 plain month"),
        ("månadsrapport januari", "2018-01 2018-01 plain month"),
        ("prognosrapport mars", "2018-01 2018-03 forecast quarter"),
        ("prognosrapport maj", "2018-01 2018-05 forecast month"),
        ("prognosrapport augusti", "2018-01 2018-08 forecast interim"),
        ("årsredovisning", "2018-01 2018-12 plain year"),
        ("årsredovisning 2018", "2018-01 2018-12 plain year"),
        ("verksamhetsberättelse", "2018-01 2018-12 plain year"),
        ("bokslutsrapport", "2018-01 2018-12 plain year"),
        ("bokslutsrapport juli", "2018-01 2018-07 plain month"),
        ("helårsbokslut", "2018-01 2018-12 plain year"),
        ("årsbokslut", "2018-01 2018-12 plain year"),
        ("  Kvartalsrapport   MARS 2018 ", "2018-01 2018-03 forecast quarter"),
        ("delårsrapport apr-aug", "2018-04 2018-08 forecast interim"),
    ],
)
def test_a_name_means_its_months(name, meaning):
    assert told(name) == meaning


def test_the_year_may_stand_in_the_name_alone():
    assert str(names.resolve("Tertialbokslut augusti 2015").last) == "2015-08"


def test_the_figures_are_added_up_from_january_whatever_the_name_says():
    found = names.resolve("delårsrapport april–augusti", 2018)
    assert found.accumulated.label == "januari–augusti 2018"
    assert str(found) == "Delårsrapport: april–augusti 2018 (siffrorna från januari), med prognos"
    assert found.as_record() == {
        "from": "2018-04", "to": "2018-08", "with_forecast": True, "kind": "interim", "accumulated_from": "2018-01",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "year", "advice"),
    [
        ("tertialbokslut april", 2018, "tertialbokslut mars, tertialbokslut augusti"),
        ("kvartalsrapport juni", 2018, "kvartalsrapport mars"),
        ("prognosrapport juli", 2018, "prognosrapport maj"),
        ("delårsrapport maj–augusti", 2018, "delårsrapport april–augusti"),
        ("kvartalsraport", 2018, "kvartalsrapport"),
        ("veckobrev", 2018, "månadsrapport"),
        ("", 2018, "månadsrapport"),
        ("månadsrapport juni", 2018, "July"),
        ("prognosrapport juni", 2018, "July"),
        ("årsredovisning 2017", 2018, "one year"),
        ("årsredovisning 2017 2018", None, "one year"),
        ("årsredovisning", None, "Add the year"),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest(name, year, advice):
    with pytest.raises(UsageError) as caught:
        names.resolve(name, year)
    assert advice in caught.value.action


@settings(deadline=None)
@given(st.sampled_from(names.names()), DASHES, st.booleans(), st.booleans(), st.sampled_from(["", " 2018", "  2018 "]))
def test_spelling_does_not_matter(name, dash, capitals, short, year):
    text = name.replace("–", dash)
    if short:
        for month in MONTH_NAMES:
            text = text.replace(f" {month}", f" {month[:3]}").replace(f"{dash}{month}", f"{dash}{month[:3]}")
    assert names.resolve((text.upper() if capitals else text) + year, 2018) == names.resolve(name, 2018)


@settings(deadline=None)
@given(st.text(max_size=40))
def test_any_other_text_is_refused_and_nothing_else(text):
    try:
        found = names.resolve(text, 2018)
    except UsageError as refused:
        assert refused.action  # noqa: PT017 - either outcome is right
    else:
        assert found.first.year == found.last.year == 2018


def test_the_names_agree_with_the_rules_and_the_calendar():
    rules = SETTINGS.calendar
    assert rules.not_reported == names.UNREPORTED
    assert rules.forecast_after == names.WITH_FORECAST
    for occasion in repository().of_year(2018):
        found = names.resolve(f"månadsrapport {MONTH_NAMES[occasion.period.month - 1]}", 2018)
        assert (found.last, found.kind, found.with_forecast) == (occasion.period, occasion.kind, occasion.with_forecast)
