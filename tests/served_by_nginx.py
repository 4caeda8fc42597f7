"""The nginx example as it stands in ``deploy/``, run by a real nginx on loopback with paths and ports of the test."""

from __future__ import annotations

import base64
import contextlib
import http.client
import os
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import trustme

EXAMPLE = Path(__file__).parents[1] / "deploy" / "nginx"
NAME = "rapporter.example.se"
HTTP = """
error_log {run}/error.log;
pid {run}/nginx.pid;
{user}
events {{}}
http {{
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    access_log off;
    client_body_temp_path {run}/body;
    proxy_temp_path {run}/proxy;
    fastcgi_temp_path {run}/fastcgi;
    uwsgi_temp_path {run}/uwsgi;
    scgi_temp_path {run}/scgi;
    include {run}/analytics.conf;
}}
"""
PASSWORD = "lösen ord 1"
LOGINS = {
    "readers": ("stabschef", "sjukhuschef", "direktor"),
    "stab": ("stabschef", "direktor"),
    "sjukhus": ("sjukhuschef", "direktor"),
    "internal": ("direktor",),
    "internal-stab": ("direktor",),
    "operations": ("drift",),
}
"""Login file → who stands in it."""


@dataclass(frozen=True)
class Served:
    """A running nginx."""

    port: int
    plain_port: int
    authority: trustme.CA

    def get(
        self, path: str, user: str = "", *, password: str = PASSWORD, method: str = "GET"
    ) -> http.client.HTTPResponse:
        """The answer to one request; its body is read."""
        context = ssl.create_default_context()
        self.authority.configure_trust(context)
        connection = http.client.HTTPSConnection("localhost", self.port, context=context, timeout=20)
        given = base64.b64encode(f"{user}:{password}".encode()).decode()
        with contextlib.closing(connection):
            connection.request(method, path, headers={"Authorization": f"Basic {given}"} if user else {})
            answer = connection.getresponse()
            answer.body = answer.read()  # type: ignore[attr-defined]
        return answer


def executable() -> str:
    """Where nginx is; without it the test is skipped, or fails where it must run."""
    found = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if found is None:
        message = "nginx is not installed (Debian: apt-get install nginx-light)"
        if os.environ.get("ANALYTICS_REQUIRE_NGINX") == "1":
            pytest.fail(message)
        pytest.skip(message)
    return found


@contextlib.contextmanager
def serve(reports: Path, run: Path) -> Iterator[Served]:
    """Serve a folder with the example's configuration; ``run`` is an empty folder for what nginx needs."""
    nginx = executable()
    run.mkdir()
    authority = trustme.CA()
    certificate = authority.issue_cert(NAME, "localhost", "127.0.0.1")
    certificate.private_key_and_cert_chain_pem.write_to_path(run / "server.pem")
    logins = run / "logins"
    logins.mkdir()
    for name, users in LOGINS.items():
        (logins / f"{name}.htpasswd").write_text("".join(f"{user}:{{PLAIN}}{PASSWORD}\n" for user in users))
    port, plain = _free_ports()
    changes = {
        "/srv/analytics/reports": str(reports),
        "/etc/nginx/analytics/logins": str(logins),
        "/etc/nginx/analytics": str(EXAMPLE),
        "/etc/ssl/certs/rapporter.example.se.pem": str(run / "server.pem"),
        "/etc/ssl/private/rapporter.example.se.key": str(run / "server.pem"),
        # The tests ask faster than people.
        "rate=10r/s": "rate=1000r/s",
        "listen 443": f"listen 127.0.0.1:{port}",
        "listen [::]:443 ssl http2;": "",
        "listen 80": f"listen 127.0.0.1:{plain}",
        "listen [::]:80;": "",
    }
    text = (EXAMPLE / "analytics.conf").read_text(encoding="utf-8")
    for old, new in changes.items():
        assert old in text, f"the example has no {old!r} any more"
        text = text.replace(old, new)
    (run / "analytics.conf").write_text(text, encoding="utf-8")
    user = "user root;" if os.geteuid() == 0 else ""
    (run / "nginx.conf").write_text(HTTP.format(run=run, user=user), encoding="utf-8")
    command = [nginx, "-c", str(run / "nginx.conf"), "-e", str(run / "error.log")]
    checked = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    assert "[warn]" not in checked.stderr, checked.stderr
    process = subprocess.Popen([*command, "-g", "daemon off;"])
    try:
        _wait_for(port, process)
        yield Served(port, plain, authority)
    finally:
        process.terminate()
        process.wait(timeout=20)


def _free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        assert process.poll() is None, "nginx has stopped"
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    pytest.fail("nginx does not answer")
