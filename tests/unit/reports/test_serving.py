"""The local look: files of reports/ with the headers of the web server, and nothing else to nobody else."""

from __future__ import annotations

import contextlib
import http.client
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from analytics.errors import StorageError
from analytics.reports import headers
from analytics.reports.serving import Server, find, is_loopback


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    made = tmp_path / "reports"
    for page in (
        "index.html",
        "2018-03/17/index.html",
        "2018-03/17/personal.html",
        "2018-03/17/notebooks/personal.ipynb",
        "2018-03/17/.hidden/x.html",
        "internal/2018-03/17/personal.html",
        "empty/å ä.html",
        ".history/log.txt",
    ):
        (made / page).parent.mkdir(parents=True, exist_ok=True)
        (made / page).write_text(f"page {page}")
    (tmp_path / "secret.html").write_text("secret")
    (made / "out.html").symlink_to(tmp_path / "secret.html")
    (made / "above").symlink_to(tmp_path)
    (made / "log.txt").symlink_to(made / ".history/log.txt")
    (made / "loop").symlink_to(made / "loop")
    (made / "inside.html").symlink_to(made / "index.html")
    return made


@pytest.fixture
def server(reports: Path) -> Iterator[Server]:
    with Server(reports, "127.0.0.1", 0) as made:
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield made
        made.shutdown()
        thread.join()


def ask(server: Server, target: str, method: str = "GET", host: str = "localhost") -> tuple[int, bytes, dict[str, str]]:
    connection = http.client.HTTPConnection(*server.server_address[:2], timeout=10)
    with contextlib.closing(connection):
        connection.request(method, target, headers={"Host": host})
        answer = connection.getresponse()
        return answer.status, answer.read(), dict(answer.getheaders())


@pytest.mark.parametrize(
    ("target", "page"),
    [
        ("/", "index.html"),
        ("/?x=../../secret", "index.html"),
        ("/2018-03/17/", "2018-03/17/index.html"),
        ("/2018-03/17/personal.html", "2018-03/17/personal.html"),
        ("/empty/%C3%A5%20%C3%A4.html", "empty/å ä.html"),
        ("/inside.html", "index.html"),
    ],
)
def test_a_file_is_given_whole_and_its_head_alone_to_head(server: Server, target: str, page: str):
    status, body, sent = ask(server, target)
    assert (status, body.decode()) == (200, f"page {page}")
    assert sent["Content-Type"] == "text/html; charset=utf-8"

    status, body, sent = ask(server, target, "HEAD")
    assert (status, body) == (200, b"")
    assert int(sent["Content-Length"]) == len(f"page {page}".encode())


@pytest.mark.parametrize(
    "target",
    [
        "/.history/log.txt",
        "/2018-03/17/.hidden/x.html",
        "/2018-03/17/%2ehidden/x.html",
        "/../secret.html",
        "/2018-03/../index.html",
        "/2018-03/%2e%2e/%2e%2e/secret.html",
        "/..%2fsecret.html",
        "/..%5csecret.html",
        "/out.html",
        "/above/secret.html",
        "/above/reports/.history/log.txt",
        "/log.txt",
        "/loop",
        "/2018-03/",
        "/2018-03/17/notebooks/",
        "/index.html/",
        "/2018-03//17/personal.html",
        "/nothing.html",
        "/%00",
        "/%ff.html",
        "index.html",
        "*",
        "http://elsewhere/",
    ],
)
def test_nothing_else_is_given(server: Server, reports: Path, target: str):
    assert find(reports, target) is None
    status, body, _ = ask(server, target)
    assert (status, body) == (404, b"404 Not Found\n")


def test_a_folder_leads_on_to_its_slash(server: Server):
    status, _, sent = ask(server, "/2018-03/17")
    assert (status, sent["Location"]) == (301, "/2018-03/17/")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE"])
def test_only_reading_is_allowed(server: Server, method: str):
    assert ask(server, "/index.html", method)[0] == 501


@pytest.mark.parametrize("target", ["/index.html", "/nothing.html", "/2018-03/17"])
def test_every_answer_has_the_headers_of_the_web_server(server: Server, target: str):
    _, _, sent = ask(server, target)
    assert {name: sent[name] for name in headers.HEADERS} == headers.HEADERS
    assert sent["Cache-Control"] == "private, no-cache"
    assert sent["Server"].strip() == "analytics"


@pytest.mark.parametrize("target", ["/internal/2018-03/17/personal.html", "/%69nternal/2018-03/17/personal.html"])
def test_internal_pages_are_kept_by_no_browser(server: Server, target: str):
    status, _, sent = ask(server, target)
    assert (status, sent["Cache-Control"]) == (200, "private, no-store")


def test_other_kinds_of_files_are_for_downloading(server: Server):
    assert ask(server, "/2018-03/17/notebooks/personal.ipynb")[2]["Content-Type"] == "application/octet-stream"


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:8600", 200),
        ("127.0.0.1", 200),
        ("[::1]:8600", 200),
        ("LOCALHOST", 200),
        ("evil.example", 421),
        ("evil.example:8600", 421),
        ("127.0.0.1.evil.example", 421),
    ],
)
def test_another_name_for_this_address_is_not_answered(server: Server, host: str, status: int):
    answered, body, _ = ask(server, "/index.html", host=host)
    assert answered == status
    assert (b"page" in body) == (status == 200)


def test_a_reader_who_goes_away_stops_nothing(server: Server):
    with socket.create_connection(server.server_address[:2], timeout=10) as gone:
        gone.sendall(b"GET /index.html HTTP/1.1\r\nHost: localho")
    assert ask(server, "/index.html")[0] == 200


def test_an_address_in_use_is_told(server: Server, reports: Path):
    with pytest.raises(StorageError, match="cannot be listened at"):
        Server(reports, "127.0.0.1", server.server_address[1])


@pytest.mark.parametrize(
    ("host", "is_own"),
    [("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("localhost", True)]
    + [(host, False) for host in ("0.0.0.0", "::", "", "192.0.2.1", "example.se")],  # noqa: S104 - refused
)
def test_what_others_can_reach(host: str, is_own: bool):  # noqa: FBT001
    assert is_loopback(host) is is_own


def test_the_address_can_be_opened(reports: Path):
    with Server(reports, "127.0.0.1", 0) as made:
        assert made.address == f"http://127.0.0.1:{made.server_address[1]}/"
