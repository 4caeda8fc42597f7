"""The webhook against a real server on this machine, and the file of metrics as Prometheus reads it."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from prometheus_client.parser import text_string_to_metric_families

from analytics.credentials import Credentials
from analytics.notices import Notice, Post, textfile
from analytics.settings import Mail, Notices, Webhook

NOW = datetime(2018, 4, 20, 6, 30, tzinfo=UTC)
NOTICE = Notice("late", "2018-03", "mars 2018", "17", "Stab", "d1", ("Personaluppgifter saknas.",))


class Server(ThreadingHTTPServer):
    """Answers with ``code`` and keeps what it was sent."""

    code = 204
    elsewhere = ""

    def __init__(self):
        self.taken = []
        super().__init__(("127.0.0.1", 0), Answer)


class Answer(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.taken.append((self.path, dict(self.headers), json.loads(body)))
        self.send_response(self.server.code)
        if self.server.elsewhere:
            self.send_header("Location", self.server.elsewhere)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    made = Server()
    thread = threading.Thread(target=made.serve_forever)
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


def post(tmp_path, server, **secrets):
    hook = Webhook(f"http://127.0.0.1:{server.server_port}/hook", "hook_token" if secrets else "", 5)
    mail = Mail("", 25, "none", "", "", "", 5)
    return Post(Notices(True, "", (), "", mail, hook, ()), Credentials(secrets), tmp_path / "outbox")


def test_the_notice_is_posted_as_json_with_the_token(tmp_path, server):
    outcome = post(tmp_path, server, hook_token="nyckel-12345").send(NOTICE, now=NOW)
    assert outcome.sent == 1
    path, headers, record = server.taken[0]
    assert path == "/hook"
    assert headers["Authorization"] == "Bearer nyckel-12345"
    assert record["kind"] == "late"
    assert record["text"].startswith("Underlag saknas: 17 Stab, mars 2018.")


@pytest.mark.parametrize("code", [400, 500, 302])
def test_an_error_or_a_redirect_waits(tmp_path, server, code):
    server.code = code
    server.elsewhere = f"http://127.0.0.1:{server.server_port}/other" if code == 302 else ""
    sender = post(tmp_path, server, hook_token="nyckel-12345")
    outcome = sender.send(NOTICE, now=NOW)
    assert (outcome.sent, outcome.waiting) == (0, 1)
    assert str(code) in outcome.problems[0]
    assert [path for path, _, _ in server.taken] == ["/hook"]
    server.code, server.elsewhere = 200, ""
    assert sender.flush(now=NOW).sent == 1


def test_metrics_have_a_line_for_every_state(tmp_path):
    file = tmp_path / "analytics.prom"
    textfile.write(file, textfile.Metrics(NOW, 1.5, False, ("published", "published", "failed"), 1, 2))
    samples = {
        (sample.name, sample.labels.get("state", "")): sample.value
        for family in text_string_to_metric_families(file.read_text(encoding="utf-8"))
        for sample in family.samples
    }
    assert samples["analytics_packages", "published"] == 2
    assert samples["analytics_packages", "failed"] == 1
    assert samples["analytics_packages", "waiting"] == 0
    assert samples["analytics_last_tick_timestamp_seconds", ""] == NOW.timestamp()
    assert samples["analytics_last_tick_success", ""] == 0
    assert samples["analytics_notices_waiting", ""] == 2
    assert [path.name for path in tmp_path.iterdir()] == ["analytics.prom"]
