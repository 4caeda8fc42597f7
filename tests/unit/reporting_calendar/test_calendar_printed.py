"""The year as a table, as data and as iCalendar: what a person or a calendar program reads out of it."""

from __future__ import annotations

import dataclasses
import json
import re
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import icalendar
import pytest
from calendar_files import PROJECT, SETTINGS, change, copied, repository
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from analytics.calendar import ReportingCalendar, ics, table
from analytics.cli import app
from analytics.errors import SettingsError, UsageError
from analytics.periods import Period

STOCKHOLM = ZoneInfo("Europe/Stockholm")
NOW = datetime(2018, 1, 2, 9, 30, tzinfo=STOCKHOLM)
REGION = SETTINGS.region.name


def exported(*years, calendar=None, now=NOW):
    calendar = calendar or repository()
    return ics.write([calendar.year(year) for year in years], REGION, now=now)


@cache
def zone_of_the_file():
    """The time zone as the file defines it, not as this machine knows it by name."""
    return icalendar.Calendar.from_ical(exported(2018)).walk("VTIMEZONE")[0].to_tz(lookup_tzid=False)


def run(*arguments, root=PROJECT):
    return CliRunner().invoke(app, ["--root", str(root), "calendar", *arguments])


def test_the_table_shows_every_month_aligned():
    lines = table.text(repository().year(2018), REGION).splitlines()
    assert lines[0] == "Rapportkalender 2018 – Region Blekinge"
    assert "DEMONSTRATION" in lines[1]
    start = next(number for number, line in enumerate(lines) if line.startswith("Månad ")) + 2
    months = lines[start : start + 12]
    assert [line.split()[0] for line in months][:6] == ["januari", "februari", "mars", "april", "maj", "juni"]
    columns = [re.search(r"(?:mån|tis|ons|tor|fre) \d{4}", line) for line in months if not line.startswith("juni")]
    assert len({found.start() for found in columns}) == 1
    assert months[5].split(maxsplit=1)[1] == "– Ingen rapport efter juni."
    assert "Kvartalsrapport med prognos" in months[2]
    assert "mån 2018-04-16 08:00 embargo" in months[2]
    assert max(map(len, lines)) <= 120


def test_the_table_says_who_gets_the_report_and_which_days_are_holidays():
    text = table.text(repository().year(2018), REGION)
    assert re.search(r"^mars +Landstingsdirektörens stab +utan möte", text, re.MULTILINE)
    assert re.search(r"^ +Landstingsfullmäktige +mån 2018-06-18 +samlad kvartalsrapport$", text, re.MULTILINE)
    assert re.search(r"^december +Nämnderna +ons 2019-02-20 +verksamhetsberättelse", text, re.MULTILINE)
    assert "fre 2018-03-30  Långfredagen" in text


def test_the_table_says_what_differs_which_units_and_which_days_are_not_set(tmp_path):
    of = copied(tmp_path, 2018)
    file = tmp_path / "calendar_2018.toml"
    change(file, "board = 2018-05-07, council", "council")
    change(file, "meetings = { board = 2018-02-26 }", "")
    change(
        file,
        'period = "2018-05"',
        'period = "2018-05"\nunits = ["10", "17"]\nwith_forecast = false\nexception = "Ingen prognos i år."',
    )
    text = table.text(ReportingCalendar.read(of).year(2018), REGION)
    assert re.search(r"^ +Landstingsstyrelsen +maj 2018, dag ej satt", text, re.MULTILINE)
    assert re.search(r"^januari +Landstingsstyrelsen +närmast följande möte", text, re.MULTILINE)
    assert "  maj: Ingen prognos i år." in text
    assert "  maj: 10, 17" in text


def test_the_data_for_machines_say_the_same_as_the_calendar():
    record = json.loads(run("2018", "--json").stdout)
    march = next(each for each in record["occasions"] if each["period"] == "2018-03")
    assert march["opens"] == "2018-04-16T08:00:00+02:00"
    assert march["bodies"][1] == {
        "id": "committees", "name": "Nämnderna", "meeting_day": "2018-04-25", "month": "2018-04", "meets": True,
        "note": "nämndens kvartalsrapport",
    }  # fmt: skip
    assert record["not_reported"] == [{"period": "2018-06", "why": "Ingen rapport efter juni."}]
    assert record["holidays"]["2018-06-22"] == "Midsommarafton"
    assert len(record["occasions"]) == 11


def test_the_calendar_file_is_what_rfc_5545_asks_for():
    content = exported(2017, 2018, 2019)
    lines = content.split(b"\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert max(map(len, lines)) <= 75
    parsed = icalendar.Calendar.from_ical(content)
    assert parsed["VERSION"] == "2.0"
    assert parsed["PRODID"]
    assert parsed.errors == []
    events = parsed.walk("VEVENT")
    uids = [str(event["UID"]) for event in events]
    assert len(uids) == len(set(uids)) > 150
    for event in events:
        assert event.errors == []
        stamp = event["DTSTAMP"].dt
        assert stamp == NOW
        assert stamp.utcoffset() == timedelta(0)
        start = event["DTSTART"].dt
        if isinstance(start, datetime):
            assert event["DTSTART"].params["TZID"] == "Europe/Stockholm"
            assert "DTEND" not in event
        else:
            assert event["DTEND"].dt == start + timedelta(days=1)
    assert [zone["TZID"] for zone in parsed.walk("VTIMEZONE")] == ["Europe/Stockholm"]


def test_parsed_back_every_day_and_moment_is_that_of_the_calendar():
    calendar = repository()
    parsed = icalendar.Calendar.from_ical(exported(2018))
    starts = {str(event["UID"]).partition("@")[0]: event["DTSTART"].dt for event in parsed.walk("VEVENT")}
    expected = {}
    for one in calendar.of_year(2018):
        expected |= {
            f"{one.period}-time-complete": one.time_complete,
            f"{one.period}-ledger-closes": one.ledger_closes,
            f"{one.period}-opens": one.opens,
            f"{one.period}-wait-until": one.wait_until,
            **{f"{one.period}-meeting-{body.id}": body.meeting_day for body in one.bodies if body.meeting_day},
        }
    assert starts == expected
    assert {key: start.utcoffset() for key, start in starts.items() if isinstance(start, datetime)} == {
        f"{one.period}-opens": one.opens.utcoffset() for one in calendar.of_year(2018)
    }
    titles = [str(event["SUMMARY"]) for event in parsed.walk("VEVENT")]
    assert "Nämnderna: verksamhetsberättelse inklusive intern kontroll, 2018" in titles
    assert "Kvartalsrapport med prognos januari–mars 2018 får göras" in titles


@settings(deadline=None)
@given(st.datetimes(datetime(1997, 1, 1), datetime(2060, 1, 1)))  # noqa: DTZ001 - made aware below
def test_the_time_zone_of_the_file_is_swedish_time_to_the_second(moment):
    instant = moment.replace(tzinfo=UTC)
    ours, real = instant.astimezone(zone_of_the_file()), instant.astimezone(STOCKHOLM)
    assert (ours.utcoffset(), ours.tzname()) == (real.utcoffset(), real.tzname())


@pytest.mark.parametrize(
    "instant",
    [
        datetime(2018, 3, 25, 0, 59, 59, tzinfo=UTC), datetime(2018, 3, 25, 1, tzinfo=UTC),
        datetime(2018, 10, 28, 0, 59, 59, tzinfo=UTC), datetime(2018, 10, 28, 1, tzinfo=UTC),
    ],
)  # fmt: skip
def test_the_clock_is_changed_at_the_right_second(instant):
    assert instant.astimezone(zone_of_the_file()).utcoffset() == instant.astimezone(STOCKHOLM).utcoffset()


def test_an_event_that_moves_keeps_its_identity(tmp_path):
    of = copied(tmp_path, 2018)
    change(
        tmp_path / "calendar_2018.toml",
        "wait_until = 2018-04-18\nembargo_until = 2018-04-16",
        "wait_until = 2018-04-19\nembargo_until = 2018-04-17",
    )
    moved = exported(2018, calendar=ReportingCalendar.read(of), now=NOW + timedelta(days=40))
    before, after = (
        {str(event["UID"]): event["DTSTART"].dt for event in icalendar.Calendar.from_ical(content).walk("VEVENT")}
        for content in (exported(2018), moved)
    )
    assert before.keys() == after.keys()
    assert {uid.partition("@")[0] for uid in before if before[uid] != after[uid]} == {
        "2018-03-opens",
        "2018-03-wait-until",
    }


def test_made_up_days_are_marked_in_every_event_and_decided_ones_in_none(tmp_path):
    of = copied(tmp_path, 2018)
    change(tmp_path / "calendar_2018.toml", 'status = "demonstration"', 'status = "decided"')
    for content, marked in ((exported(2018), True), (exported(2018, calendar=ReportingCalendar.read(of)), False)):
        events = icalendar.Calendar.from_ical(content).walk("VEVENT")
        assert {"DEMONSTRATION" in str(event.get("DESCRIPTION", "")) for event in events} == {marked}
    text = table.text(ReportingCalendar.read(of).year(2018), REGION)
    assert "DEMONSTRATION" not in text


def test_the_command_writes_a_file_and_standard_output_alike(tmp_path):
    file = tmp_path / "out" / "kalender.ics"
    done = run("2018", "--ics", str(file), "--json")
    assert json.loads(done.stdout) == {"file": str(file), "bytes": file.stat().st_size}
    assert list(file.parent.iterdir()) == [file]
    printed = run("2018", "--ics", "-").stdout_bytes
    stamps = re.compile(rb"DTSTAMP:\d{8}T\d{6}Z")
    assert stamps.sub(b"", printed) == stamps.sub(b"", file.read_bytes())
    assert icalendar.Calendar.from_ical(printed).walk("VEVENT")


def test_the_command_tells_what_a_name_means():
    assert run("2018", "--name", "tertialbokslut mars").stdout == "Kvartalsrapport: januari–mars 2018, med prognos\n"
    assert json.loads(run("2018", "--name", "verksamhetsberättelse", "--json").stdout)["to"] == "2018-12"


@pytest.mark.parametrize(
    ("arguments", "kind", "told"),
    [
        (("2031",), SettingsError, "there is no reporting calendar for 2031"),
        (("2018", "--name", "tertialbokslut april"), UsageError, "not the name of a report"),
        (("2018", "--name", "årsredovisning", "--ics", "-"), UsageError, "two questions"),
        (("2018", "--ics", "-", "--json"), UsageError, "both print"),
    ],
)
def test_a_wrong_question_is_refused_with_advice(arguments, kind, told):
    error = run(*arguments).exception
    assert type(error) is kind
    assert told in str(error)
    assert error.action


def test_reading_the_calendar_loads_no_heavy_package():
    """The tick reads it every time: a process that waits must stay small."""
    code = (
        "import sys; from pathlib import Path; from analytics import settings; from analytics.calendar import names;"
        "light = 'holidays' not in sys.modules; from analytics.calendar import ReportingCalendar;"
        f"ReportingCalendar.read(settings.load(Path({str(PROJECT)!r})));"
        "heavy = [name for name in ('polars', 'numpy', 'pandas', 'icalendar', 'pyarrow') if name in sys.modules];"
        "print(light, heavy)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "True []"


def test_a_month_is_named_by_what_its_report_is_about():
    calendar = repository()
    labels = [calendar.occasion(Period(2018, month)).months_label for month in (2, 3, 8, 12)]
    assert labels == ["februari 2018", "januari–mars 2018", "januari–augusti 2018", "2018"]
    assert dataclasses.replace(
        calendar.occasion(Period(2018, 1)), ledger_closes=date(2018, 2, 12)
    ).opens.date() == date(2018, 2, 13)
