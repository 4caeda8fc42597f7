"""Secrets are in no output: a whole tick with a database, a mail server and a webhook that all fail, looked through.

Failing is what makes programs talk. Success with a password is looked through where a real server takes it
(``test_database_source``, ``test_mail_and_outbox``).
"""

from __future__ import annotations

import base64
import json
import os
import socket
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.parse import quote

import nbformat
import pytest
from small_months import OPEN, SmallMonths, notebook

from analytics.reports import package_list

SECRETS = {
    "ANALYTICS_VENDOR_PASSWORD": "databas/hemligt 1x7q",
    "ANALYTICS_MAIL_PASSWORD": "post-hemligt-2x7q",
    "ANALYTICS_HOOK_TOKEN": "krok-hemligt-3x7q",
}
KEY = bytes(range(90, 122))
NOTICES = """
[notices]
enabled = true
link_base = "https://rapporter.example.se"
attach = []
textfile = "metrics/analytics.prom"
recipients = [{{ addresses = ["controller@example.se"], kinds = ["published", "failed", "late"], units = [] }}]

[notices.mail]
host = "127.0.0.1"
port = {closed}
security = "starttls"
sender = "analys@example.se"
user = "analys"
password = "mail_password"
timeout_seconds = 5

[notices.webhook]
url = "http://127.0.0.1:{hook}/krok"
token = "hook_token"
timeout_seconds = 5

"""
SOURCE = """
[[sources.database]]
id = "vendor"
layout = "inhyrd"
url = "postgresql+psycopg://analys@127.0.0.1:{closed}/inhyrd"
credential = "vendor_password"
query = "inhyrd.sql"
months = 1

"""


class Hook(BaseHTTPRequestHandler):
    """Refuses, and says back what it was given, as some servers do."""

    seen: ClassVar[list[str]] = []

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        token = self.headers["Authorization"]
        self.seen.append(token)
        self.send_response(500, f"refused {token}")
        body = f"refused {token}".encode()
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def hook():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def project_with_secrets(base, hook: int, closed: int) -> SmallMonths:
    project = SmallMonths(base / "project")
    file = project.root / "analytics.toml"
    text = file.read_text(encoding="utf-8")
    before, after = text.index("[notices]"), text.index("# A focus area of costs")
    text = text[:before] + NOTICES.format(hook=hook, closed=closed) + text[after:]
    text = text.replace("database = []\n", "").replace("[calendar]\n", f"{SOURCE.format(closed=closed)}[calendar]\n", 1)
    file.write_text(text, encoding="utf-8")
    (project.root / "inhyrd.sql").write_text("SELECT * FROM inhyrd WHERE manad = :month", encoding="utf-8")
    # A report that fails for one unit: its notebook and its traceback are kept.
    fails = notebook(OPEN, 'if unit == "10":\n    raise KeyError(unit)', "wb.footer()", heading="Kort")
    nbformat.write(fails, project.root / "notebooks/kort.ipynb")
    package_list.write(project.root / "notebooks", (package_list.Listed("kort", "", ""),))
    project.key.write_text(KEY.hex(), encoding="ascii")
    project.key.chmod(0o600)
    return project


def forms() -> dict[str, bytes]:
    """Every secret as it might be written: as it is, in an address, in base64."""
    found = {f"{name}, key": secret for name, secret in (("raw", KEY), ("hex", KEY.hex().encode()))}
    for name, secret in SECRETS.items():
        found[name] = secret.encode()
        found[f"{name} in an address"] = quote(secret, safe="").encode()
        found[f"{name} in base64"] = base64.b64encode(secret.encode())
    return found


def test_no_secret_is_in_any_output(tmp_path, hook):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: whoever connects is refused
        project = project_with_secrets(tmp_path, hook, taken.getsockname()[1])
        environment = {**os.environ, **SECRETS, "ANALYTICS_SECRET_FILE": str(project.key)}
        printed = {}
        for arguments in (
            ("pull",),
            ("schedule", "--once", "--at", "2018-04-20T10:00"),
            ("schedule", "--once", "--at", "2018-04-20T10:06", "--json"),
            ("status", "--at", "2018-04-20T10:10"),
            ("due", "--at", "2018-04-20T10:10", "--json"),
        ):
            done = subprocess.run(
                [sys.executable, "-m", "analytics", "--root", project.root, *arguments],
                env=environment,
                capture_output=True,
                check=False,
            )
            printed[arguments] = done.stdout + done.stderr
    # All of it was really tried.
    assert b"vendor" in printed["pull",]
    assert Hook.seen
    assert set(Hook.seen) == {f"Bearer {SECRETS['ANALYTICS_HOOK_TOKEN']}"}
    assert (project.reports / "2018-03/17/manifest.json").exists()
    assert not (project.reports / "2018-03/10/manifest.json").exists()
    assert list((project.reports / ".history/2018-03/10").rglob("kort.ipynb"))
    assert (project.root / "metrics/analytics.prom").exists()
    waiting = [file for file in (project.reports / ".outbox").rglob("*") if file.is_file()]
    assert len(waiting) >= 2, "what could not be sent is kept"
    record = json.loads(printed["schedule", "--once", "--at", "2018-04-20T10:06", "--json"].split(b"\n{\n")[0])
    assert {"pull", "notices"} <= {problem["what"] for problem in record["problems"]}

    outputs = {str(arguments): text for arguments, text in printed.items()}
    outputs |= {
        str(file.relative_to(tmp_path)): file.read_bytes()
        for file in tmp_path.rglob("*")
        if file.is_file() and file != project.key
    }
    assert len(outputs) > 50
    assert [(name, form) for name, text in outputs.items() for form, secret in forms().items() if secret in text] == []
