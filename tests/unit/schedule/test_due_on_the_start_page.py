"""The start page of JupyterLab says what the calendar has due: what is published, what is missing, and why."""

from __future__ import annotations

from datetime import datetime

import pytest
from made_project import MadeProject, deliveries

from analytics.calendar import STOCKHOLM
from analytics.lab import what_is_due
from analytics.periods import Period

NOW = datetime(2018, 4, 20, 12, tzinfo=STOCKHOLM)
MARCH = Period(2018, 3)


@pytest.fixture
def made(tmp_path):
    return MadeProject(tmp_path / "project")


def rows(made, **given):
    return what_is_due.of_project(made.settings, **{"month": MARCH, "now": NOW, **given}).rows


def said(made, **given):
    return what_is_due.of_project(made.settings, **{"month": MARCH, "now": NOW, **given}).said


def version(made, unit):
    return next(
        each.input_version for each in made.project.look(NOW).asked if (each.period, each.unit) == (MARCH, unit)
    )


def test_what_is_published_and_what_is_to_be_made_are_told_apart(made):
    made.hold(deliveries("2018-03"))
    made.publish("2018-03", "17", version(made, "17"))
    assert said(made).startswith("För mars 2018 begär kalendern 6 paket: ett är publicerat.")
    of_march = {state: (units, why) for month, state, units, why in rows(made) if month == "mars 2018"}
    assert of_march["publicerad"] == ("17", "Version 1 publicerad 16 april 2018.")
    assert of_march["ska tas fram"][0] == "10, 18, 20, 30, 40"


def test_what_is_missing_is_named(made):
    made.hold(deliveries("2018-03") - {("heroma_tid", "2018-02"), ("raindance_prognos", "2018-03")})
    why = " ".join(row[3] for row in rows(made) if row[0] == "mars 2018")
    assert "Förvaltningarnas prognos för mars 2018 saknas" in why
    assert "Personaluppgifter för februari 2018 saknas" in why


def test_months_after_the_data_are_one_sentence_and_the_newest_stands_first(made):
    made.hold(deliveries("2018-03"))
    later = datetime(2018, 9, 20, 12, tzinfo=STOCKHOLM)
    assert "4 senare månader (april 2018 – augusti 2018) är bokföringen inte inläst" in said(made, now=later)
    months = list(dict.fromkeys(row[0] for row in rows(made, now=later)))
    assert months == ["mars 2018", "februari 2018", "januari 2018"]


def test_years_without_a_calendar_are_told(made):
    made.hold(deliveries("2018-03"))
    told = said(made, now=datetime(2021, 4, 20, tzinfo=STOCKHOLM))
    assert "Det finns ingen rapportkalender för 2020–2021" in told


def test_a_calendar_that_cannot_be_read_leaves_the_rest_of_the_page(made):
    made.hold(deliveries("2018-03"))
    (made.root / "data/raw/reference/calendar_2018.toml").write_text("fel = ", encoding="utf-8")
    assert rows(made) == ()
    assert said(made).startswith("Det går inte att säga vad som ska tas fram.")
