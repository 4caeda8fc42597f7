"""Notices through a real SMTP server on this machine: sent once, kept while it is down, never with a secret in a problem."""

from __future__ import annotations

import json
import smtplib
import socket
import ssl
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from analytics.credentials import Credentials
from analytics.errors import StorageError
from analytics.notices import Notice, Post
from analytics.settings import Mail, Notices, Recipients, Webhook

NOW = datetime(2018, 4, 20, 6, 30, tzinfo=UTC)
PASSWORD = "hemligt-lösen-42"
DIRECTOR, CONTROLLER = "direktor@example.se", "controller@example.se"
NOTICE = Notice(
    "published", "2018-03", "mars 2018", "17", "Landstingsdirektörens stab", "v1",
    ("Sju rapporter är framställda.",), "2018-03/17/index.html",
)  # fmt: skip


class Inbox:
    """What a server took, and whom it refuses."""

    def __init__(self):
        self.messages = []
        self.refused = set()

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):  # noqa: ARG002, N802
        if address in self.refused:
            return "550 no such user here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: ARG002, N802
        self.messages.append(envelope)
        return "250 OK"


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@pytest.fixture
def server():
    inbox = Inbox()
    controller = Controller(inbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield controller
    controller.stop()


def settings(port, **changes):
    return replace(
        Notices(
            enabled=True,
            link_base="https://rapporter.example.se",
            attach=(),
            textfile="",
            mail=Mail("127.0.0.1", port, "none", "analys@example.se", "", "mail_password", 5),
            webhook=Webhook("", "", 5),
            recipients=(
                Recipients((DIRECTOR,), ("published",), ("17",)),
                Recipients((CONTROLLER,), ("published", "failed", "late", "missing_comments"), ()),
            ),
        ),
        **changes,
    )


def post(tmp_path, chosen, **secrets):
    return Post(chosen, Credentials(secrets), tmp_path / "outbox")


def test_each_address_gets_a_message_of_its_own_with_the_link(tmp_path, server):
    outcome = post(tmp_path, settings(server.port)).send(NOTICE, now=NOW)
    assert (outcome.sent, outcome.waiting, outcome.problems) == (2, 0, ())
    assert [message.rcpt_tos for message in server.handler.messages] == [[DIRECTOR], [CONTROLLER]]
    content = server.handler.messages[0].content.decode()
    assert "https://rapporter.example.se/2018-03/17/index.html" in content
    assert CONTROLLER not in content
    assert "Auto-Submitted: auto-generated" in content


def test_only_those_who_asked_for_the_kind_and_unit_are_told(tmp_path, server):
    sender = post(tmp_path, settings(server.port))
    sender.send(replace(NOTICE, kind="failed"), now=NOW)
    sender.send(replace(NOTICE, unit="10"), now=NOW)
    assert [message.rcpt_tos for message in server.handler.messages] == [[CONTROLLER], [CONTROLLER]]


def test_the_same_notice_is_told_once_and_another_version_again(tmp_path, server):
    sender = post(tmp_path, settings(server.port))
    assert sender.send(NOTICE, now=NOW).sent == 2
    assert sender.send(NOTICE, now=NOW).sent == 0
    assert sender.flush(now=NOW).sent == 0
    assert sender.send(replace(NOTICE, occasion="v2"), now=NOW).sent == 2


def test_what_cannot_be_sent_waits_and_is_sent_when_the_server_is_back(tmp_path):
    port = free_port()
    sender = post(tmp_path, settings(port))
    outcome = sender.send(NOTICE, now=NOW)
    assert (outcome.sent, outcome.waiting) == (0, 1)
    assert f"127.0.0.1:{port}" in outcome.problems[0]
    inbox = Inbox()
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        assert sender.send(NOTICE, now=NOW).sent == 0, "it waits already"
        assert sender.flush(now=NOW).sent == 2
    finally:
        controller.stop()
    assert len(inbox.messages) == 2
    assert not list((tmp_path / "outbox").glob("*.json"))


def test_a_refused_address_waits_alone(tmp_path, server):
    server.handler.refused = {DIRECTOR}
    sender = post(tmp_path, settings(server.port))
    outcome = sender.send(NOTICE, now=NOW)
    assert (outcome.sent, outcome.waiting) == (1, 1)
    assert "550" in outcome.problems[0]
    assert DIRECTOR not in outcome.problems[0]
    server.handler.refused = set()
    assert sender.flush(now=NOW).sent == 1
    assert [message.rcpt_tos for message in server.handler.messages] == [[CONTROLLER], [DIRECTOR]]


def test_a_notice_left_by_a_killed_process_after_sending_is_not_sent_again(tmp_path, server):
    sender = post(tmp_path, settings(server.port))
    sender.send(NOTICE, now=NOW)
    left = {"notice": NOTICE.as_record(), "targets": [DIRECTOR]}
    (tmp_path / "outbox" / f"{NOTICE.id}.json").write_text(json.dumps(left), encoding="utf-8")
    assert sender.flush(now=NOW).sent == 0
    assert not list((tmp_path / "outbox").glob("*.json"))


def test_a_damaged_outbox_is_said(tmp_path):
    sender = post(tmp_path, settings(1))
    sender.outbox.mkdir()
    (sender.outbox / "published-x.json").write_text("{", encoding="utf-8")
    with pytest.raises(StorageError, match="damaged"):
        sender.flush(now=NOW)


def test_nothing_is_told_unless_it_is_enabled(tmp_path, server):
    sender = post(tmp_path, settings(server.port, enabled=False))
    assert sender.send(NOTICE, now=NOW).sent == 0
    assert not sender.outbox.exists()


def test_the_package_goes_with_the_mail_where_asked(tmp_path, server):
    page = tmp_path / "sammanfattning.html"
    page.write_text("<p>Sammanfattning</p>", encoding="utf-8")
    post(tmp_path, settings(server.port)).send(replace(NOTICE, attachments=(str(page),)), now=NOW)
    content = server.handler.messages[0].content.decode()
    assert 'filename="sammanfattning.html"' in content
    assert "Content-Type: text/html" in content


@pytest.fixture
def trusted(tmp_path, monkeypatch):
    """A certificate for this machine that this process trusts."""
    authority = trustme.CA()
    root = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(root)
    monkeypatch.setenv("SSL_CERT_FILE", str(root))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


def authenticated(context, port, accepted=PASSWORD):
    def check(server, session, envelope, mechanism, data):  # noqa: ARG001
        return AuthResult(success=data.password == accepted.encode(), handled=False)

    return Controller(
        Inbox(), hostname="127.0.0.1", port=port, tls_context=context, authenticator=check,
        auth_required=True, auth_require_tls=True,
    )  # fmt: skip


def with_login(port):
    return settings(port, mail=Mail("127.0.0.1", port, "starttls", "analys@example.se", "analys", "mail_password", 5))


def test_a_password_is_sent_over_an_encrypted_connection(tmp_path, trusted):
    controller = authenticated(trusted, free_port(), accepted="lang-nyckel-42")
    controller.start()
    try:
        outcome = post(tmp_path, with_login(controller.port), mail_password="lang-nyckel-42").send(NOTICE, now=NOW)
    finally:
        controller.stop()
    assert (outcome.sent, outcome.problems) == (2, ())


def test_a_wrong_or_missing_password_is_a_problem_without_the_password(tmp_path, trusted):
    controller = authenticated(trusted, free_port())
    controller.start()
    try:
        wrong = post(tmp_path, with_login(controller.port), mail_password="fel-nyckel-99").send(NOTICE, now=NOW)
        missing = post(tmp_path / "b", with_login(controller.port)).send(NOTICE, now=NOW)
    finally:
        controller.stop()
    assert wrong.waiting == missing.waiting == 1
    assert "SMTPAuthenticationError" in wrong.problems[0]
    assert "'mail_password' is not given" in missing.problems[0]
    for text in (*wrong.problems, *(file.read_text() for file in tmp_path.rglob("*.json"))):
        assert "fel-nyckel-99" not in text


def test_a_server_that_is_not_trusted_gets_no_password(tmp_path, trusted, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE")
    controller = authenticated(trusted, free_port())
    controller.start()
    try:
        outcome = post(tmp_path, with_login(controller.port), mail_password=PASSWORD).send(NOTICE, now=NOW)
    finally:
        controller.stop()
    assert "CERTIFICATE_VERIFY_FAILED" in outcome.problems[0]
    assert not controller.handler.messages


def test_the_subject_names_unit_and_month_in_swedish():
    assert NOTICE.subject == "Rapporterna är publicerade: 17 Landstingsdirektörens stab, mars 2018"
    assert "https" not in NOTICE.body("")
    assert issubclass(smtplib.SMTPException, OSError)
