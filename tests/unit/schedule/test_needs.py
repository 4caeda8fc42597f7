"""Which deliveries a month needs, which are missing, and what readers are told."""

from __future__ import annotations

from datetime import date

import pytest

from analytics import needs
from analytics.calendar import Kind, Occasion
from analytics.measures.catalogue import REPORTS
from analytics.needs import NEEDS, NOT_WAITED_FOR, Missing
from analytics.periods import Period, PeriodRange
from analytics.sources import LAYOUTS

ALL_REPORTS = (*REPORTS, "kpp")


def occasion(period: str = "2018-03", kind: Kind = "quarter", *, with_forecast: bool = True) -> Occasion:
    month = Period.parse(period)
    day = date(2018, 4, 10)
    return Occasion(month, kind, with_forecast, day, day, day, None, (), ())


def held(*, without: tuple[tuple[str, str], ...] = ()) -> set[tuple[str, str]]:
    months = PeriodRange(Period(2017, 1), Period(2018, 12)).months
    return {(layout, month) for layout in LAYOUTS for month in months} - set(without)


def missing(given: Occasion | None = None, **arguments) -> tuple[Missing, ...]:
    arguments = {
        "staff_lag": 1,
        "held": held(),
        "refused": (),
        "reports": ALL_REPORTS,
        "subjects": ("halsoval", "kpp"),
        **arguments,
    }
    return needs.missing(given or occasion(), **arguments)


def test_every_layout_is_needed_or_declared_as_not_waited_for():
    assert {need.layout for need in NEEDS} | set(NOT_WAITED_FOR) == set(LAYOUTS)
    assert not {need.layout for need in NEEDS} & set(NOT_WAITED_FOR)


def test_every_report_that_is_named_exists():
    assert {name for need in NEEDS for name in (*need.reports, need.subject) if name} <= set(ALL_REPORTS)


def test_the_months_of_march():
    found = {need.layout: months.months for need, months in needs.needed(occasion(), staff_lag=1)}
    assert found == {
        "raindance_saldo": ["2018-01", "2018-02", "2018-03"],
        "raindance_budget": ["2018-01"],
        "raindance_prognos": ["2018-03"],
        "heroma_anstallning": ["2018-01", "2018-02"],
        "heroma_tid": ["2018-01", "2018-02"],
        "heroma_franvaro": ["2018-01", "2018-02"],
        "inhyrd": ["2018-01", "2018-02"],
        "stratsys_indikatorer": ["2018-03"],
        "halsoval": ["2018-01", "2018-02", "2018-03"],
        "kpp_kontakter": ["2018-01", "2018-02", "2018-03"],
        "kpp_kostnader": ["2018-01", "2018-02", "2018-03"],
    }


def test_a_plain_month_needs_neither_forecast_nor_goals():
    found = [need.layout for need, _ in needs.needed(occasion("2018-04", "month", with_forecast=False), staff_lag=1)]
    assert "raindance_prognos" not in found
    assert "stratsys_indikatorer" not in found


def test_in_january_staff_is_the_whole_year_before():
    found = {need.layout: months for need, months in needs.needed(occasion("2018-01", "month"), staff_lag=1)}
    assert found["heroma_tid"] == Period(2017, 12).accumulated
    assert len(found["heroma_tid"]) == 12


def test_nothing_is_missing_when_everything_is_in():
    assert missing() == ()


def test_an_earlier_month_that_never_came_is_missing_too():
    (found,) = missing(held=held(without=(("heroma_tid", "2018-01"),)))
    assert (found.need.layout, found.months, found.refused) == ("heroma_tid", (Period(2018, 1),), False)
    assert found.reports == ("personal",)
    assert not found.is_critical


def test_without_the_ledger_nothing_can_be_made():
    (found,) = missing(held=held(without=(("raindance_saldo", "2018-03"),)))
    assert found.is_critical


def test_what_only_other_units_or_no_report_need_is_not_missed():
    lacking = held(without=(("halsoval", "2018-03"), ("kpp_kontakter", "2018-03"), ("stratsys_indikatorer", "2018-03")))
    assert [each.need.layout for each in missing(held=lacking, subjects=())] == ["stratsys_indikatorer"]
    assert missing(held=lacking, subjects=(), reports=("sammanfattning", "ekonomi")) == ()


def test_a_refused_delivery_is_missing_and_a_refused_correction_is_taken_back():
    refused = {("heroma_tid", "2018-02"), ("raindance_saldo", "2018-03")}
    ledger, staff = missing(held=held(without=(("heroma_tid", "2018-02"),)), refused=refused)
    assert (staff.need.layout, staff.refused, staff.superseded, staff.reports) == (
        "heroma_tid",
        True,
        False,
        ("personal",),
    )
    assert (ledger.need.layout, ledger.superseded, ledger.reports) == ("raindance_saldo", True, ())
    assert not ledger.is_critical, "the figures that were delivered before are in force"


def test_the_words():
    lacking = held(
        without=(
            *((layout, "2018-02") for layout in ("heroma_anstallning", "heroma_tid", "heroma_franvaro", "inhyrd")),
            ("raindance_budget", "2018-01"),
        )
    )
    found = missing(held=lacking, refused={("raindance_saldo", "2018-02")})
    assert needs.sentences(found, str.capitalize) == (
        "Bokföringen för februari 2018 kunde inte läsas in på nytt. Siffrorna är de tidigare inlästa.",
        "Årsbudgeten för 2018 saknas. Därför saknas jämförelserna med budget.",
        "Personaluppgifter för februari 2018 saknas. Därför ingår inte rapporten Personal.",
        "Uppgifter om inhyrd personal för februari 2018 saknas. Därför ingår inte rapporterna Personal och Fokusomraden.",
    )
    assert needs.sentences(found[2:3]) == ("Personaluppgifter för februari 2018 saknas.",)


def test_a_report_that_does_not_exist_is_not_told_of():
    found = missing(held=held(without=(("inhyrd", "2018-02"),)))
    assert needs.sentences(found, {"personal": "Personal"}.get) == (
        "Uppgifter om inhyrd personal för februari 2018 saknas. Därför ingår inte rapporten Personal.",
    )


def test_reports_that_are_left_out_each_have_a_reason():
    found = missing(held=held(without=(("heroma_tid", "2018-02"), ("stratsys_indikatorer", "2018-03"))))
    assert needs.left_out(found, str.capitalize) == {
        "personal": "Personaluppgifter för februari 2018 saknas. Därför ingår inte rapporten Personal.",
        "indikatorer": "Uppföljningen av indikatorer för mars 2018 saknas. Därför ingår inte rapporten Indikatorer.",
    }


def test_what_came_is_told_when_all_that_readers_know_by_one_name_has_come():
    before = [
        each.as_record()
        for each in missing(
            held=held(without=(("heroma_tid", "2018-02"), ("heroma_franvaro", "2018-02"), ("heroma_tid", "2018-01"))),
            refused={("raindance_saldo", "2018-02")},
        )
    ]
    half = missing(held=held(without=(("heroma_franvaro", "2018-02"),)), refused={("raindance_saldo", "2018-02")})
    assert needs.resolved(before, half) == (
        "Personaluppgifter för januari 2018 saknades i den förra versionen och ingår nu.",
    )
    assert needs.resolved(before, ()) == (
        "Bokföringen för februari 2018 kunde inte läsas in på nytt till den förra versionen, men har lästs in nu.",
        "Personaluppgifter för januari–februari 2018 saknades i den förra versionen och ingår nu.",
    )
    assert needs.resolved((), half) == ()


@pytest.mark.parametrize(
    ("months", "words"),
    [
        (["2018-02"], "februari 2018"),
        (["2018-01", "2018-02"], "januari–februari 2018"),
        (["2018-01", "2018-03", "2018-04", "2018-08"], "januari 2018, mars–april 2018 och augusti 2018"),
        (["2017-12", "2018-01"], "december 2017 och januari 2018"),
    ],
)
def test_months_in_words(months, words):
    assert needs.label([Period.parse(month) for month in months]) == words
