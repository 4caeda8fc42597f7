"""``analytics serve``: ``reports/`` as a web server would show it, for a local look without login.

Only files are given, whole, to GET and HEAD: no listings, nothing in folders whose name begins with a dot (drafts,
history, leases, ledger), nothing outside the folder, whatever a path or a link says. On loopback only names of this
machine are answered to, so that no web page elsewhere can read reports by giving its own name this address.
"""

from __future__ import annotations

import ipaddress
import shutil
import socket
import sys
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final, override
from urllib.parse import quote, unquote

from analytics.errors import StorageError
from analytics.reports import headers

TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""By the end of the name; all else is for downloading."""
OTHER: Final = "application/octet-stream"
OWN_NAMES: Final = ("127.0.0.1", "localhost", "[::1]")


@dataclass(frozen=True, slots=True)
class Found:
    """What a path leads to: a file, or an address to go on to."""

    file: Path | None = None
    location: str = ""


def find(root: Path, target: str) -> Found | None:
    """The file that a request's target names below ``root``; None if it may not be given, or there is none."""
    try:
        path = unquote(target.partition("?")[0].partition("#")[0], errors="strict")
    except UnicodeDecodeError:
        return None
    if not path.startswith("/") or "\0" in path or "\\" in path:
        return None
    *folders, last = path[1:].split("/")
    if any(not part or part.startswith(".") for part in folders) or last.startswith("."):
        return None
    asked = root.joinpath(*folders, last or "index.html")
    if not _is_within(asked, root):
        return None
    if asked.is_dir():
        return Found(location=f"/{quote('/'.join((*folders, last)))}/")
    return Found(file=asked) if asked.is_file() else None


def _is_within(asked: Path, root: Path) -> bool:
    """Whether what a path leads to, all links followed, lies below ``root`` and in no folder with a dot."""
    try:
        real = asked.resolve(strict=True)
    except (OSError, RuntimeError):
        return False
    base = root.resolve()
    return real.is_relative_to(base) and not any(part.startswith(".") for part in real.relative_to(base).parts)


def is_loopback(host: str) -> bool:
    """Whether nobody but this machine can reach an address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    server_version = "analytics"
    sys_version = ""
    timeout = 30

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def _answer(self, *, with_body: bool) -> None:
        if not self._is_for_us():
            self.send_error(HTTPStatus.MISDIRECTED_REQUEST)
            return
        found = find(self.server.root, self.path)
        if found is None:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        if found.file is None:
            self.send_response(HTTPStatus.MOVED_PERMANENTLY)
            self.send_header("Location", found.location)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        try:
            stream = found.file.open("rb")
        except OSError:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        with stream:
            self.send_response(HTTPStatus.OK)
            self.send_header("Content-Type", TYPES.get(found.file.suffix, OTHER))
            self.send_header("Content-Length", str(stream.seek(0, 2)))
            self.end_headers()
            if with_body:
                stream.seek(0)
                shutil.copyfileobj(stream, self.wfile)

    def _is_for_us(self) -> bool:
        if not self.server.only_own_names:
            return True
        name = (self.headers.get("Host") or "").lower()
        return (name.rpartition(":")[0] if not name.endswith("]") and ":" in name else name) in OWN_NAMES

    @override
    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """The status and its words alone. The connection is closed: a body of the request may follow."""
        del message, explain
        text = f"{code} {HTTPStatus(code).phrase}\n".encode()
        self.close_connection = True
        self.send_response(code)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(text)))
        self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(text)

    @override
    def end_headers(self) -> None:
        for name, value in headers.HEADERS.items():
            self.send_header(name, value)
        self.send_header("Cache-Control", headers.cache_control(unquote(getattr(self, "path", ""))))
        super().end_headers()


class Server(ThreadingHTTPServer):
    """Serves one folder at one address until :meth:`shutdown`; ``port`` 0 takes a free one. Raises StorageError."""

    daemon_threads = True

    def __init__(self, root: Path, host: str, port: int) -> None:
        self.root = root
        self.only_own_names = is_loopback(host)
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        try:
            super().__init__((host, port), _Handler)
        except (OSError, OverflowError) as error:
            raise StorageError(
                f"{host} port {port} cannot be listened at: {error}", action="Give another --port, or another --host."
            ) from None

    @property
    def address(self) -> str:
        """Where a browser finds it."""
        host, port = self.server_address[:2]
        name = host.decode() if isinstance(host, bytes | bytearray) else host
        return f"http://{f'[{name}]' if ':' in name else name}:{port}/"

    @override
    def handle_error(self, request: Any, client_address: Any) -> None:
        """A reader who went away is no error; what else goes wrong is told, without its words."""
        error = sys.exc_info()[1]
        if not isinstance(error, ConnectionError | TimeoutError):
            sys.stderr.write(f"{type(error).__name__} while a request was answered\n")
