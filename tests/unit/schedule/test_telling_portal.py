"""A tick leaves a portal and a status page that say how it stands, without error texts, paths or figures."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from made_maker import MadeMaker, tick_at
from made_occasions import local
from made_project import MadeProject, deliveries

from analytics.errors import SettingsError, StorageError
from analytics.reports import situation
from analytics.reports.results import ReportResult
from analytics.schedule import last_tick, plain, portal
from analytics.schedule.looking import Project

pytestmark = pytest.mark.usefixtures("without_load")
AFTER_MARCH = local("2018-04-20T12:00")
SECRET = "Kalle Anka 19121212-1212 /srv/hemligt/fil.csv"


def tell_at(made: MadeProject, moment, maker: MadeMaker):
    return tick_at(made, moment, maker, tell={"portal": portal.teller(made.settings)})


def pages(made: MadeProject) -> tuple[str, str]:
    reports = made.settings.paths.reports
    return (reports / "index.html").read_text(), (reports / "status.html").read_text()


@pytest.fixture
def told(made, maker):
    """A tick in April after which the staff failed for good and the hospital may be tried again."""
    maker.faults = {
        "17": ReportResult("17", "ekonomi", "failed", 1, 1, f"cell 3: ValueError: {SECRET}", cause="ValueError"),
        "10": ReportResult("10", "personal", "failed", 1, 1, f"{SECRET}", cause="StorageError"),
    }
    tell_at(made, AFTER_MARCH, maker)
    return made


def test_the_portal_tells_what_failed_in_plain_words(told):
    index, _ = pages(told)
    assert "6 rapporter är inte publicerade ännu." in index
    assert "Framställningen misslyckades. Den som sköter körningarna behöver åtgärda felet." in index
    assert "Framställningen misslyckades. Nytt försök görs tidigast 20 april 2018 kl. 12.05." in index
    assert "Månadsrapport, april 2018" in index
    assert "Tas fram tidigast 10 maj 2018." in index
    assert "möte 28 maj 2018" in index
    assert "påhittade" in index


def test_the_status_page_tells_of_versions_attempts_and_the_reports_that_failed(told):
    _, status = pages(told)
    assert "Senaste kontrollen började <strong>20 april 2018 kl. 12.00</strong>" in status
    assert '<h2 id="behover-atgardas">Behöver åtgärdas</h2>' in status
    assert "Mars 2018, 17 Landstingsdirektörens stab: Framställningen misslyckades." in status
    assert "Mars 2018, 10 " not in status
    assert "4 av 6 publicerade" in status
    assert re.search(r"Misslyckades</td><td class=\"ord\">[^<:]+: ett fel som behöver undersökas\.", status)
    assert re.search(r"Misslyckades</td><td class=\"ord\">[^<:]+: lagringen gick inte att läsa eller skriva\.", status)
    assert 'href="2018-03/18/v1/index.html"' in status
    assert "Första versionen." in status
    assert "Publicerade version 1." in status


def test_neither_page_shows_error_texts_or_paths(told):
    for page in pages(told):
        assert not re.search(r"Kalle|1212|hemligt|ValueError|StorageError|\.history|Traceback|cell 3", page)
        assert str(told.root) not in page


def test_a_stop_of_the_schedule_can_be_seen(told):
    _, status = pages(told)
    (moment,) = re.findall(r'data-nasta-kontroll="([^"]+)"', status)
    tick = last_tick.read(told.settings.paths.reports)
    assert tick is not None
    assert tick.began == AFTER_MARCH
    assert tick.expected.isoformat(timespec="seconds") == moment
    assert timedelta(minutes=25) <= tick.expected - AFTER_MARCH < timedelta(minutes=26)


def test_all_done_says_so_and_the_next_tick_says_its_own_time(made, maker):
    tell_at(made, AFTER_MARCH, maker)
    report = tell_at(made, AFTER_MARCH + timedelta(minutes=15), maker)
    assert report.problems == ()
    index, status = pages(made)
    assert "Alla rapporter som ska vara framtagna är publicerade." in index
    assert "Inget behövde åtgärdas då." in status
    assert "kl. 12.15" in index
    assert "kl. 12.15" in status


def test_late_data_are_told_with_what_is_awaited(made, maker):
    made.hold(deliveries("2018-03") - {("raindance_saldo", "2018-03")})
    tell_at(made, local("2018-04-17T12:00"), maker)
    index, _ = pages(made)
    assert "<strong>Alla förvaltningar</strong>" in index
    assert "Inväntas till och med 18 april 2018." in index


def test_where_it_cannot_be_seen_how_it_stands_nothing_is_claimed(made, maker, monkeypatch):
    def broken(*_: object, **__: object):
        raise StorageError(SECRET)

    monkeypatch.setattr(Project, "look", broken)
    tell_at(made, AFTER_MARCH, maker)
    index, status = pages(made)
    assert "Läget kunde inte läsas." in index
    assert "publicerade." not in index
    assert "Läget kunde inte läsas vid senaste kontrollen." in status
    assert "Läsningen av läget misslyckades vid senaste kontrollen." in status
    assert "Kalle" not in index + status


def test_a_year_without_calendar_is_told(made, maker):
    (made.settings.paths.reference / "calendar_2018.toml").unlink()
    tell_at(made, AFTER_MARCH, maker)
    assert "ingen rapportkalender för 2018" in pages(made)[1]


def test_what_readers_are_told_is_kept_for_a_run_by_hand(told):
    kept = situation.read(situation.file_of(told.settings.paths.reports, internal=False))
    assert kept is not None
    assert {(each.period, each.unit) for each in kept.standing} == {
        (month, unit) for month in ("2018-01", "2018-02", "2018-03") for unit in ("10", "17")
    }


@pytest.mark.parametrize(
    ("cause", "words"),
    [
        ("timeout", "tog längre tid än tillåtet och stoppades"),
        ("PersonalDataError", plain.DELIVERY),
        ("DeliveryPeriodError", plain.DELIVERY),
        ("PermissionError", plain.STORAGE),
        (SettingsError.__name__, "inställningarna är fel"),
        ("ZeroDivisionError", plain.UNFORESEEN),
        ("", plain.UNFORESEEN),
    ],
)
def test_causes_in_words(cause, words):
    assert plain.cause(cause) == words
