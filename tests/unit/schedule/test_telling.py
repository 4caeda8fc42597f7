"""After a tick: who is told what, once, also where the last tick was killed before it told; and what operations see."""

from __future__ import annotations

import email
import email.policy
import socket
from dataclasses import replace
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from made_maker import tick_at
from made_occasions import local
from made_project import deliveries
from prometheus_client.parser import text_string_to_metric_families

from analytics.credentials import Credentials
from analytics.notices import KINDS, Post
from analytics.reports.results import ReportResult
from analytics.schedule.outcomes import Step, TickFailedError
from analytics.schedule.telling import OUTBOX, Teller
from analytics.settings import Recipients

pytestmark = pytest.mark.usefixtures("without_load")
AFTER_MARCH = local("2018-04-20T12:00")
SECRET_CELL = "cell 3: KeyError: '19671224'"


class Mailbox:
    def __init__(self):
        self.messages = []

    async def handle_DATA(self, server, session, envelope):  # noqa: ARG002, N802
        self.messages.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 OK"

    def subjects(self):
        return sorted(message["Subject"] for message in self.messages)


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@pytest.fixture
def mailbox():
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    box.port = controller.port
    yield box
    controller.stop()


class Telling:
    """Ticks that tell; the settings are those of the project but for the addresses."""

    def __init__(self, made, maker, port, **changes):
        mail = replace(made.settings.notices.mail, host="127.0.0.1", port=port, security="none", sender="a@example.se")
        given = {
            "enabled": True,
            "mail": mail,
            "recipients": (Recipients(("direktor@example.se",), KINDS, ()),),
            "textfile": "metrics/analytics.prom",
            "link_base": "https://rapporter.example.se",
            **changes,
        }
        project = replace(
            made.project, settings=replace(made.settings, notices=replace(made.settings.notices, **given))
        )
        post = Post(project.settings.notices, Credentials({}), project.settings.paths.reports / OUTBOX)
        self.teller = Teller(project, post)
        self.made, self.maker = made, maker
        self.textfile = project.settings.root / "metrics/analytics.prom"

    def tick(self, moment, *, told=True):
        tell = {"notices": self.teller.people, "metrics": self.teller.metrics} if told else {}
        return tick_at(self.made, moment, self.maker, tell=tell)

    def metrics(self):
        families = text_string_to_metric_families(self.textfile.read_text())
        return {
            sample.name + "".join(sample.labels.values()): sample.value
            for family in families
            for sample in family.samples
        }


@pytest.fixture
def telling(made, maker, mailbox):
    return Telling(made, maker, mailbox.port)


def test_a_published_package_is_told_once_with_its_link(telling, mailbox):
    telling.tick(AFTER_MARCH)
    telling.tick(AFTER_MARCH + timedelta(minutes=15))
    assert len(mailbox.messages) == 18
    told = next(each for each in mailbox.messages if "17 " in each["Subject"] and "mars 2018" in each["Subject"])
    assert told["Subject"].startswith("Rapporterna är publicerade: 17 ")
    assert "Version 1 publicerad 20 april 2018." in told.get_content()
    assert "https://rapporter.example.se/2018-03/17/" in told.get_content()


def test_what_a_killed_tick_did_not_tell_is_told_by_the_next(telling, mailbox):
    telling.tick(AFTER_MARCH, told=False)
    assert mailbox.messages == []
    telling.tick(AFTER_MARCH + timedelta(days=1))
    assert len(mailbox.messages) == 18


def test_notices_that_are_switched_on_do_not_begin_with_the_archive(telling, mailbox):
    telling.tick(AFTER_MARCH, told=False)
    telling.tick(AFTER_MARCH + timedelta(days=8))
    assert mailbox.messages == []


def test_a_failure_is_told_without_the_words_of_the_error(telling, mailbox):
    telling.tick(AFTER_MARCH)
    mailbox.messages.clear()
    telling.made.hold(deliveries("2018-03"), corrected=("raindance_saldo", "2018-03"))
    telling.maker.faults["17"] = ReportResult("17", "ekonomi", "failed", 1.0, 1.0, SECRET_CELL, cause="KeyError")
    telling.tick(AFTER_MARCH + timedelta(hours=1))
    (told,) = [each for each in mailbox.messages if each["Subject"].startswith("Rapporterna kunde inte framställas")]
    assert "17 " in told["Subject"]
    assert "19671224" not in told.get_content()
    assert "KeyError" not in told.get_content()
    assert "Det görs inte om förrän underlaget eller programmet ändras" in told.get_content()
    count = len(mailbox.messages)
    telling.tick(AFTER_MARCH + timedelta(hours=2))
    assert len(mailbox.messages) == count


def test_late_data_is_told_when_it_is_waited_for_and_when_the_wait_is_over(telling, mailbox):
    telling.made.hold(deliveries("2018-03") - {("raindance_saldo", "2018-03")})
    telling.tick(local("2018-04-17T12:00"))
    waiting = [each for each in mailbox.messages if "mars 2018" in each["Subject"]]
    assert {each["Subject"].partition(":")[0] for each in waiting} == {"Underlag saknas"}
    assert "Bokföringen för mars 2018 saknas. Inväntas till och med" in waiting[0].get_content()
    telling.tick(local("2018-04-17T13:00"))
    assert len([each for each in mailbox.messages if "mars 2018" in each["Subject"]]) == len(waiting) == 6
    telling.tick(local("2018-05-02T12:00"))
    late = [each for each in mailbox.messages if "Inget paket kan tas fram." in each.get_content()]
    assert len(late) == 6


def test_rows_that_lack_comments_are_counted_each_table_once(telling, mailbox):
    telling.tick(AFTER_MARCH, told=False)
    known = telling.made.project.look(AFTER_MARCH).asked
    due = next(each for each in known if (str(each.period), each.unit) == ("2018-03", "17"))
    lacking = [{"name": name, "comments_missing": {"deviations": 2}} for name in ("sammanfattning", "ekonomi")]
    lacking.append({"name": "prognos", "comments_missing": {"forecast": 1}})
    telling.made.publish("2018-03", "17", due.input_version, created=AFTER_MARCH.isoformat(), reports=lacking)
    telling.tick(AFTER_MARCH + timedelta(minutes=15))
    (told,) = [each for each in mailbox.messages if each["Subject"].startswith("Kommentarer saknas")]
    assert "3 rader i rapporterna saknar godkänd kommentar eller åtgärdsplan." in told.get_content()


def test_trouble_outside_the_packages_is_told_once_a_day(telling, mailbox, monkeypatch):
    telling.tick(AFTER_MARCH)
    mailbox.messages.clear()
    refused = Step("load", "failed", (), "1 delivery was refused", 4)
    monkeypatch.setattr("analytics.schedule.loading.Intake.load", lambda _: refused)
    for minutes in (15, 30):
        telling.tick(AFTER_MARCH + timedelta(minutes=minutes))
    assert mailbox.subjects() == ["Den schemalagda körningen behöver tillsyn"]
    assert "Inläsningen av underlag behöver tillsyn." in mailbox.messages[0].get_content()
    telling.tick(AFTER_MARCH + timedelta(days=1))
    assert len(mailbox.messages) == 2


def test_a_mail_server_that_is_down_is_a_problem_and_loses_nothing(made, maker, mailbox):
    down = Telling(made, maker, free_port())
    report = down.tick(AFTER_MARCH)
    assert {each.outcome for each in report.made} == {"published"}
    with pytest.raises(TickFailedError) as caught:
        report.raise_if_failed()
    assert caught.value.exit_code == 13
    assert "18 notices could not be sent" in str(caught.value)
    assert down.metrics()["analytics_notices_waiting"] == 18
    assert down.metrics()["analytics_last_tick_success"] == 0
    up = Telling(made, maker, mailbox.port)
    up.tick(AFTER_MARCH + timedelta(minutes=15)).raise_if_failed()
    assert len(mailbox.messages) == 18
    assert up.metrics()["analytics_notices_waiting"] == 0


def test_metrics_say_where_the_packages_stand(telling):
    telling.maker.faults["17"] = ReportResult("17", "ekonomi", "failed", 1.0, 1.0, SECRET_CELL, cause="KeyError")
    telling.tick(AFTER_MARCH)
    metrics = telling.metrics()
    assert metrics["analytics_packagespublished"] == 15
    assert metrics["analytics_packagesfailed"] == 3
    assert metrics["analytics_last_tick_published"] == 15
    assert metrics["analytics_last_tick_success"] == 0
    assert metrics["analytics_last_tick_timestamp_seconds"] >= AFTER_MARCH.timestamp()


def test_reports_are_attached_only_where_the_public_may_read_them(made, maker, mailbox):
    telling = Telling(made, maker, mailbox.port, attach=("ekonomi",))
    made.publish("2018-01", "17", "other")
    telling.tick(AFTER_MARCH, told=False)
    (made.settings.paths.reports / "2018-03/17/ekonomi.html").write_text("<p>Rapport</p>")
    telling.tick(AFTER_MARCH + timedelta(minutes=1))
    attached = {each["Subject"] for each in mailbox.messages if list(each.iter_attachments())}
    assert len(attached) == 1
    internal = replace(telling.teller.project.settings.disclosure, audience="internal")
    settings = replace(telling.teller.project.settings, disclosure=internal)
    teller = replace(telling.teller, project=replace(telling.teller.project, settings=settings))
    assert teller._attachments(made.settings.paths.reports / "2018-03/17") == []
