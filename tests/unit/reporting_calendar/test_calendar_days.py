"""Days that decide when a report may be made: holidays against the law's own definitions, and any calendar's order."""

from __future__ import annotations

import dataclasses
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import pytest
from calendar_files import SETTINGS, copied, repository
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.calendar import ReportingCalendar, day_off, holidays_of, working_day_after
from analytics.errors import SettingsError
from analytics.periods import Period

YEARS = st.integers(2005, 2060)
"""Since 2005 the National Day is a holiday and Whit Monday is none (law 1989:253 as changed by 2004:1320)."""


def easter(year):
    """Easter Sunday by the Gregorian computus (Butcher's algorithm), independent of the library."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


def saturday_from(day):
    return day + timedelta(days=(5 - day.weekday()) % 7)


def by_law(year):
    """The public holidays of law 1989:253 and the eves of law 1977:480, 7 §."""
    sunday = easter(year)
    midsummer = saturday_from(date(year, 6, 20))
    return {
        date(year, 1, 1), date(year, 1, 6), sunday - timedelta(2), sunday, sunday + timedelta(1), date(year, 5, 1),
        sunday + timedelta(39), sunday + timedelta(49), date(year, 6, 6), midsummer, saturday_from(date(year, 10, 31)),
        date(year, 12, 25), date(year, 12, 26), midsummer - timedelta(1), date(year, 12, 24), date(year, 12, 31),
    }  # fmt: skip


@settings(deadline=None)
@given(YEARS)
def test_the_holidays_are_those_of_the_law(year):
    assert set(holidays_of(year)) == by_law(year)
    assert all(name and name[0].isupper() for name in holidays_of(year).values())


@settings(deadline=None)
@given(st.dates(date(2005, 1, 1), date(2060, 12, 31)))
def test_a_day_off_is_a_weekend_or_a_holiday_and_says_which(day):
    free = day.weekday() >= 5 or day in by_law(day.year)
    assert bool(day_off(day)) is free


def test_days_off_are_named_in_swedish():
    assert day_off(date(2018, 3, 30)) == "Långfredagen"
    assert day_off(date(2018, 4, 7)) == "en lördag"
    assert day_off(date(2018, 12, 31)) == "Nyårsafton"
    assert day_off(date(2018, 4, 3)) == ""


@settings(deadline=None)
@given(YEARS, st.integers(1, 12), st.integers(1, 30))
def test_the_nth_working_day_has_n_working_days_up_to_it(year, month, number):
    period = Period(year, month)
    day = working_day_after(period, number)
    days = [period.last_day + timedelta(step) for step in range(1, (day - period.last_day).days + 1)]
    assert sum(each.weekday() < 5 and each not in by_law(each.year) for each in days) == number
    assert days[-1] == day
    assert not day_off(day)


def bare(year):
    """A calendar file that leaves every day to the rules."""
    entries = [
        f'[[not_reported]]\nperiod = "{year}-06"\nwhy = "Ingen rapport."' if month == 6
        else f'[[occasion]]\nperiod = "{year}-{month:02d}"'
        for month in range(1, 13)
    ]  # fmt: skip
    return "\n".join([f'year = {year}\nstatus = "demonstration"\nsource = "Prov."', *entries])


@settings(max_examples=40, deadline=None)
@given(YEARS, st.integers(1, 15), st.integers(1, 15), st.integers(1, 10))
def test_a_year_of_rules_has_each_month_once_and_opens_month_by_month(year, time, ledger, wait):
    with TemporaryDirectory() as name:
        folder = Path(name)
        of = copied(folder)
        for each in (year, year + 1):
            (folder / f"calendar_{each}.toml").write_text(bare(each), encoding="utf-8")
        rules = dataclasses.replace(
            of.calendar, time_complete_workday=time, ledger_closes_workday=ledger, wait_until_workday=max(time, ledger) + wait
        )  # fmt: skip
        calendar = ReportingCalendar.read(dataclasses.replace(of, calendar=rules))
    for each in (year, year + 1):
        found = calendar.year(each)
        months = [*(one.period for one in found.occasions), *(one.period for one in found.unreported)]
        assert sorted(months) == [Period(each, month) for month in range(1, 13)]
        assert len(found.occasions) == 11
        assert [one.period.month for one in found.occasions if one.with_forecast] == [3, 5, 8]
    occasions = [*calendar.of_year(year), *calendar.of_year(year + 1)]
    opens = [one.opens for one in occasions]
    assert opens == sorted(set(opens))
    for one in occasions:
        assert one.opens > datetime.combine(one.period.last_day, datetime.min.time(), ZoneInfo("Europe/Stockholm"))
        assert one.opens <= one.waiting_ends
        assert not any(day_off(day) for day in (one.time_complete, one.ledger_closes, one.wait_until))


DAY = st.dates(date(2018, 1, 1), date(2019, 6, 30))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 12), st.sampled_from(["ledger_closes", "time_complete", "wait_until"]), DAY), max_size=4))  # fmt: skip
def test_whatever_days_stand_in_the_file_it_is_refused_or_holds_its_promises(changes):
    lines = bare(2018).split("\n")
    given_days = {(month, key): day for month, key, day in changes if month != 6}
    text = "\n".join(
        line + "".join(f"\n{key} = {day}" for (month, key), day in given_days.items() if line == f'period = "2018-{month:02d}"')
        for line in lines
    )  # fmt: skip
    with TemporaryDirectory() as name:
        of = copied(Path(name))
        (Path(name) / "calendar_2018.toml").write_text(text, encoding="utf-8")
        try:
            occasions = ReportingCalendar.read(of).of_year(2018)
        except SettingsError as refused:
            assert str(refused).startswith("calendar_2018.toml: occasion 2018-")  # noqa: PT017 - either outcome is right
            return
    assert [one.opens for one in occasions] == sorted({one.opens for one in occasions})
    for one in occasions:
        for key in ("ledger_closes", "time_complete", "wait_until"):
            day = getattr(one, key)
            assert day == given_days.get((one.period.month, key), day)
            assert day not in by_law(day.year)
            assert day.weekday() < 5
            assert day >= one.period.last_day
        assert one.complete <= one.opens <= one.waiting_ends


@pytest.mark.parametrize("year", [2017, 2018, 2019])
def test_the_calendars_of_the_repository_follow_the_process_of_2018(year):
    """004:300-340: eleven reports, none after June, forecast after March, May and August, and who gets them when."""
    occasions = repository().of_year(year)
    assert [one.period.month for one in occasions] == [1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12]
    assert [one.period.month for one in occasions if one.with_forecast] == [3, 5, 8]
    assert {one.period.month: one.kind for one in occasions if one.kind != "month"} == {
        3: "quarter", 8: "interim", 12: "year",
    }  # fmt: skip
    meetings = {
        (one.period.month, body.id): body.meeting_day.month if body.meeting_day else None
        for one in occasions
        for body in one.bodies
        if one.kind != "month"
    }
    assert meetings == {
        (3, "staff"): None, (3, "committees"): 4, (3, "board"): 5, (3, "council"): 6,
        (8, "staff"): None, (8, "committees"): 10, (8, "board"): 11, (8, "council"): 11,
        (12, "committees"): 2, (12, "board"): 3, (12, "council"): 4,
    }  # fmt: skip
    for one in occasions:
        assert {body.id for body in one.bodies} >= {"board"}
        for body in one.bodies:
            assert body.name.startswith("Region" if (body.meeting_day or one.ledger_closes).year > 2018 else ("Landsting")) or (
                body.id == "committees"
            )  # fmt: skip


def test_the_published_process_says_the_same():
    published = (SETTINGS.paths.published / "report_calendar.csv").read_text(encoding="utf-8")
    assert "efter varje månad utom juni" in published
    assert "nej (prognos efter mars, maj, augusti)" in published
    assert SETTINGS.calendar.not_reported == (6,)
    assert SETTINGS.calendar.forecast_after == (3, 5, 8)
