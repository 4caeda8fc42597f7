"""Whatever a calendar file says wrongly is refused with the file, the month and the key."""

from __future__ import annotations

import dataclasses
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from calendar_files import SETTINGS, change, copied, repository, with_reference

from analytics.calendar import ReportingCalendar
from analytics.errors import SettingsError
from analytics.periods import Period

STOCKHOLM = ZoneInfo("Europe/Stockholm")
FEBRUARY = "ledger_closes = 2018-03-08\ntime_complete = 2018-03-07\nwait_until = 2018-03-16"
MARCH = "ledger_closes = 2018-04-10"
EMBARGO = "embargo_until = 2018-04-16T08:00:00"
JUNE = '[[not_reported]]\nperiod = "2018-06"\nwhy = "Ingen rapport efter juni."'


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        # What kind of file it is.
        ("year = 2018", "year = 2017", "year is 2017, but the file's name says 2018"),
        ("year = 2018", "", "year is missing"),
        ("year = 2018", 'year = "2018"', "year must be a whole number"),
        ("year = 2018", "year = true", "year must be a whole number"),
        ('status = "demonstration"', 'status = "draft"', "status must be demonstration or decided"),
        ('source = "Demo', 'source = " "\n#', "source is empty"),
        ("year = 2018", "year = 2018\nowner = 1", "owner is an unknown key"),
        ("year = 2018", "year == 2018", "not valid TOML"),
        # Keys and types.
        (MARCH, "ledger_close = 2018-04-10", "occasion 2018-03: ledger_close is an unknown key; the nearest is ledger_closes"),
        (MARCH, 'ledger_closes = "2018-04-10"', "occasion 2018-03: ledger_closes must be a day"),
        (MARCH, "ledger_closes = 2018-04-10T12:00:00", "occasion 2018-03: ledger_closes must be a day"),
        (EMBARGO, "embargo_until = 2018-04-16", "occasion 2018-03: embargo_until must be a day and time"),
        (EMBARGO, "embargo_until = 2018-04-16T08:00:00Z", "occasion 2018-03: embargo_until must stand without offset"),
        (EMBARGO, "embargo_until = 2018-10-28T02:30:00", "occasion 2018-03: embargo_until lies in the hour"),
        (EMBARGO, "embargo_until = 2018-03-25T02:30:00", "occasion 2018-03: embargo_until lies in the hour"),
        (MARCH, f"{MARCH}\nwith_forecast = 1", "occasion 2018-03: with_forecast must be true or false"),
        (MARCH, f'{MARCH}\nkind = "tertial"', "occasion 2018-03: kind must be one of month, quarter"),
        (MARCH, f'{MARCH}\nexception = " "', "occasion 2018-03: exception is empty"),
        ('period = "2018-03"', 'period = "2018-3"', "occasion 2018-3: period must be a month"),
        ('period = "2018-03"', "period = 2018-03-01", "occasion[2]: period must be a text"),
        ('period = "2018-03"', "", "occasion[2]: period is missing"),
        (MARCH, f"{MARCH}\nunits = [17]", "occasion 2018-03: units must be a list of codes"),
        (MARCH, f"{MARCH}\nunits = []", "occasion 2018-03: units must be a list of codes"),
        (MARCH, f'{MARCH}\nunits = ["17", "17"]', "occasion 2018-03: units names a unit twice"),
        ("meetings = { committees = 2018-04-25,", "meetings = { committees = 25,", "occasion 2018-03.meetings: committees must be a day"),
        ('why = "Ingen rapport efter juni."', "", "not_reported 2018-06: why is missing"),
        ('why = "Ingen', 'because = "Ingen', "not_reported 2018-06: why is missing"),
        # Months.
        ('period = "2018-02"', 'period = "2018-01"', "period 2018-01 stands twice"),
        ('period = "2018-02"', 'period = "2018-06"', "period 2018-06 stands twice"),
        ('period = "2018-02"', 'period = "2019-02"', "period 2019-02 does not belong in the calendar of 2018"),
        (JUNE, "", "period 2018-06 is missing"),
        # The rules.
        (JUNE, '[[occasion]]\nperiod = "2018-06"', "occasion 2018-06: the rules have no report of this month"),
        ('[[occasion]]\nperiod = "2018-02"\n' + FEBRUARY + "\nmeetings = { board = 2018-03-26 }",
         '[[not_reported]]\nperiod = "2018-02"\nwhy = "x"', "not_reported 2018-02: the rules have a report of this month"),
        (FEBRUARY, f"{FEBRUARY}\nwith_forecast = true", "occasion 2018-02: with_forecast is true, the rules say false"),
        (MARCH, f"{MARCH}\nwith_forecast = false", "occasion 2018-03: with_forecast is false, the rules say true"),
        (FEBRUARY, f'{FEBRUARY}\nkind = "quarter"', "occasion 2018-02: kind is quarter, the rules say month"),
        (FEBRUARY, f'{FEBRUARY}\nexception = "Annat."', "occasion 2018-02: exception stands although nothing differs"),
        ("board = 2018-05-07", "board = 2018-06-07", "meetings.board is 2018-06-07, the rules say 2018-05"),
        ("meetings = { board = 2018-03-26 }", "meetings = { council = 2018-03-26 }", "the rules do not give this report to council"),
        ("meetings = { board = 2018-03-26 }", "meetings = { bord = 2018-03-26 }", "meetings.bord is an unknown body"),
        ("meetings = { committees = 2018-04-25,", "meetings = { staff = 2018-04-25,", "reports with forecast go to staff without a meeting"),
        (JUNE, f'{JUNE}\nexception = "Annat."', "not_reported 2018-06: exception stands although nothing differs"),
        # Units.
        (MARCH, f'{MARCH}\nunits = ["17", "99"]', "units: there is no administration '99' in 2018-03"),
        (MARCH, f'{MARCH}\nunits = ["171"]', "units: there is no administration '171' in 2018-03"),
        # Days.
        (MARCH, "ledger_closes = 2018-03-29", "occasion 2018-03: ledger_closes is 2018-03-29, before 2018-03 has ended"),
        ("time_complete = 2018-04-09", "time_complete = 2018-03-28", "time_complete is 2018-03-28, before 2018-03 has ended"),
        (MARCH, "ledger_closes = 2018-04-02", "ledger_closes is 2018-04-02, which is no working day (Annandag påsk)"),
        (MARCH, "ledger_closes = 2018-04-07", "ledger_closes is 2018-04-07, which is no working day (en lördag)"),
        ("wait_until = 2018-06-19", "wait_until = 2018-06-22", "which is no working day (Midsommarafton)"),
        (EMBARGO, "embargo_until = 2018-04-15T08:00:00", "embargo_until is 2018-04-15, which is no working day (en söndag)"),
        ("council = 2018-06-18", "council = 2018-06-06", "meetings.council is 2018-06-06, which is no working day (Nationaldagen)"),
        (MARCH, "ledger_closes = 2028-04-10", "ledger_closes is 2028-04-10, more than a year after 2018-03"),
        # Order.
        (EMBARGO, "embargo_until = 2018-04-10T08:00:00", "the embargo would hold nothing back"),
        ("wait_until = 2018-03-16", "wait_until = 2018-03-08", "wait_until is 2018-03-08, before the report may be made (2018-03-09 00:00)"),
        ("wait_until = 2018-04-18", "wait_until = 2018-04-13", "wait_until is 2018-04-13, before the report may be made"),
        ("committees = 2018-04-25", "committees = 2018-04-17", "the report could come after the meeting"),
        (FEBRUARY, "ledger_closes = 2018-04-16\nwait_until = 2018-04-17", "the report could come after the meeting"),
    ],
)  # fmt: skip
def test_a_wrong_calendar_is_refused_with_file_and_key(tmp_path, old, new, told):
    of = copied(tmp_path, 2018)
    change(tmp_path / "calendar_2018.toml", old, new)
    with pytest.raises(SettingsError) as caught:
        ReportingCalendar.read(of)
    assert str(caught.value).startswith("calendar_2018.toml: ")
    assert told in str(caught.value)


def test_months_that_do_not_open_in_order_are_refused_across_the_years_too(tmp_path):
    of = copied(tmp_path, 2017, 2018)
    file = tmp_path / "calendar_2017.toml"
    change(
        file,
        "wait_until = 2018-02-07\nembargo_until = 2018-02-05",
        "wait_until = 2018-02-12\nembargo_until = 2018-02-12",
    )
    with pytest.raises(SettingsError, match=r"calendar_2018.toml: occasion 2018-01: may be made from 2018-02-09 00:00, not "
                       r"after 2017-12 \(2018-02-12 08:00\)"):  # fmt: skip
        ReportingCalendar.read(of)


@pytest.mark.parametrize("name", ["calendar_18.toml", "calendar_2018_v2.toml", "calendar_next.toml"])
def test_a_file_that_would_not_be_read_is_told(tmp_path, name):
    of = copied(tmp_path, 2018)
    (tmp_path / name).write_text("year = 2018", encoding="utf-8")
    with pytest.raises(SettingsError, match=f"{name}: the name of a calendar file"):
        ReportingCalendar.read(of)


def test_a_calendar_in_another_encoding_is_told(tmp_path):
    of = copied(tmp_path, 2018)
    file = tmp_path / "calendar_2018.toml"
    file.write_bytes(file.read_text(encoding="utf-8").encode("utf-16"))
    with pytest.raises(SettingsError, match="the calendar is not UTF-8"):
        ReportingCalendar.read(of)


def test_made_up_days_decide_nothing_for_real_data(tmp_path):
    of = copied(tmp_path, 2018)
    real = dataclasses.replace(of, region=dataclasses.replace(of.region, synthetic=False))
    with pytest.raises(SettingsError, match=r"status is demonstration, but region\.synthetic is false"):
        ReportingCalendar.read(real)
    change(tmp_path / "calendar_2018.toml", 'status = "demonstration"', 'status = "decided"')
    assert ReportingCalendar.read(real).year(2018).status == "decided"


def test_an_exception_that_says_why_is_taken(tmp_path):
    of = copied(tmp_path, 2018)
    file = tmp_path / "calendar_2018.toml"
    change(
        file,
        FEBRUARY,
        f'{FEBRUARY}\nwith_forecast = true\nexception = "Prognos även efter februari: ekonomiskt stabsläge."',
    )
    change(
        file,
        "board = 2018-05-07, council = 2018-06-18 }",
        'board = 2018-05-07, council = 2018-07-02 }\nexception = "LF flyttat."',
    )
    calendar = ReportingCalendar.read(of)
    february = calendar.occasion(Period(2018, 2))
    assert february.with_forecast
    assert february.exception.startswith("Prognos även")
    assert [body.id for body in february.bodies] == ["staff", "board"]
    march = calendar.occasion(Period(2018, 3))
    assert {body.id: body.meeting_day for body in march.bodies}["council"] == date(2018, 7, 2)


def test_a_month_can_be_left_out_or_reported_by_exception(tmp_path):
    of = copied(tmp_path, 2018)
    file = tmp_path / "calendar_2018.toml"
    change(
        file, JUNE, '[[occasion]]\nperiod = "2018-06"\nmeetings = { council = 2018-08-27 }\nexception = "Begärd av LF."'
    )
    change(file, '[[occasion]]\nperiod = "2018-07"\nledger_closes = 2018-08-08\ntime_complete = 2018-08-07\n'
           "wait_until = 2018-08-16\nmeetings = { board = 2018-08-27 }",
           '[[not_reported]]\nperiod = "2018-07"\nwhy = "Semester."\nexception = "Nytt ekonomisystem i juli."')  # fmt: skip
    calendar = ReportingCalendar.read(of)
    june = calendar.occasion(Period(2018, 6))
    assert (june.kind, june.with_forecast, june.ledger_closes) == ("month", False, date(2018, 7, 9))
    assert {body.id: body.note for body in june.bodies}["council"] == "Begärd av LF."
    assert calendar.occasion(Period(2018, 7)) is None
    assert calendar.year(2018).unreported[0].why == "Nytt ekonomisystem i juli."


def test_days_that_the_file_leaves_out_are_working_days_of_the_settings(tmp_path):
    of = copied(tmp_path, 2018)
    change(tmp_path / "calendar_2018.toml", FEBRUARY, "")
    february = ReportingCalendar.read(of).occasion(Period(2018, 2))
    assert (february.time_complete, february.ledger_closes, february.wait_until) == (
        date(2018, 3, 7), date(2018, 3, 8), date(2018, 3, 16),
    )  # fmt: skip


def test_a_body_without_a_name_on_the_day_is_told(tmp_path):
    of = copied(tmp_path, 2018)
    bodies = tuple(body for body in of.calendar.body if body.name != "Regionstyrelsen")
    without = dataclasses.replace(of, calendar=dataclasses.replace(of.calendar, body=bodies))
    with pytest.raises(SettingsError, match="occasion 2018-11: the body board has no name on 2019-01-14"):
        ReportingCalendar.read(without)


def test_a_missing_year_is_told_with_what_to_do():
    calendar = repository()
    for ask in (
        lambda: calendar.of_year(2031),
        lambda: calendar.occasion(Period(2031, 1)),
        lambda: calendar.year(2031),
    ):
        with pytest.raises(SettingsError, match="there is no reporting calendar for 2031") as caught:
            ask()
        assert "calendar_2031.toml" in caught.value.action
        assert "2017, 2018, 2019" in caught.value.action


def test_no_calendar_at_all_is_an_empty_one(tmp_path):
    calendar = ReportingCalendar.read(copied(tmp_path))
    assert calendar.until(date(2019, 1, 1)) == ()
    assert calendar.missing_years(date(2019, 1, 1)) == (2018, 2019)


def test_until_holds_ended_months_of_all_years_oldest_first_and_none_before_the_start():
    calendar = repository()
    assert calendar.until(date(2018, 1, 31)) == ()
    assert [str(each.period) for each in calendar.until(date(2018, 2, 1))] == ["2018-01"]
    periods = [str(each.period) for each in calendar.until(date(2019, 3, 1))]
    assert periods == sorted(periods)
    assert (periods[0], periods[-1], len(periods)) == ("2018-01", "2019-02", 13)
    assert "2018-06" not in periods
    assert [each.period for each in calendar.after(date(2019, 12, 31))] == [Period(2019, 12)]
    assert calendar.missing_years(date(2019, 12, 31)) == ()
    assert calendar.missing_years(date(2021, 1, 1)) == (2020, 2021)


def test_the_midnight_after_the_later_day_opens_and_an_embargo_holds_back():
    calendar = repository()
    january = calendar.occasion(Period(2018, 1))
    assert january.opens == datetime(2018, 2, 9, tzinfo=STOCKHOLM)
    assert january.opens.utcoffset().total_seconds() == 3600
    assert january.waiting_ends == datetime(2018, 2, 17, tzinfo=STOCKHOLM)
    march = calendar.occasion(Period(2018, 3))
    assert march.complete == datetime(2018, 4, 11, tzinfo=STOCKHOLM)
    assert march.opens == datetime(2018, 4, 16, 8, tzinfo=STOCKHOLM)
    assert march.opens.utcoffset().total_seconds() == 7200
    late_time = dataclasses.replace(january, time_complete=date(2018, 2, 12))
    assert late_time.opens == datetime(2018, 2, 13, tzinfo=STOCKHOLM)


def test_other_settings_give_other_rules(tmp_path):
    of = copied(tmp_path, 2018)
    every_month = dataclasses.replace(of, calendar=dataclasses.replace(of.calendar, not_reported=()))
    with pytest.raises(SettingsError, match="not_reported 2018-06: the rules have a report of this month"):
        ReportingCalendar.read(every_month)
    assert with_reference(SETTINGS, tmp_path).calendar.not_reported == (6,)
