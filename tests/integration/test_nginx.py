"""The nginx example in a real nginx: who may read what, what is never served, and the headers of every answer."""

from __future__ import annotations

import http.client
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from analytics.reports import headers
from analytics.settings import load
from served_by_nginx import EXAMPLE, LOGINS, NAME, Served, serve

PROJECT = Path(__file__).parents[2]
PAGES = (
    "index.html",
    "status.html",
    "2018-03/index.html",
    "2018-03/17/index.html",
    "2018-03/17/personal.html",
    "2018-03/17/tabeller.xlsx",
    "2018-03/17/v1/personal.html",
    "2018-03/17/tables/headcount.csv",
    "2018-03/10/personal.html",
    "2018-03/99/personal.html",
    "latest/17/index.html",
    "internal/index.html",
    "internal/status.html",
    "internal/2018-03/17/personal.html",
    "internal/2018-03/10/personal.html",
    "README.md",
    "latest/index.html",
    ".history/2018-03/17/000001/log.txt",
    ".ledger/2018-03/17.json",
    ".leases/2018-03-17/000000001",
    ".work/draft.html",
    ".failed/public/2018-03/17/personal.ipynb",
    ".status/public.json",
    ".cache/vega.js",
    "2018-03/17/.hidden",
)
HIDDEN = [page for page in PAGES if "/." in f"/{page}"]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    base = tmp_path_factory.mktemp("nginx")
    reports = base / "reports"
    for page in PAGES:
        file = reports / page
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"<title>{page}</title>")
    (base / "outside.html").write_text("outside")
    (reports / "2018-03/17/link.html").symlink_to(base / "outside.html")
    with serve(reports, base / "run") as running:
        yield running


def status(served: Served, path: str, user: str = "", **options: str) -> int:
    return served.get(path, user, **options).status


READABLE = {
    "/": "stabschef sjukhuschef direktor",
    "/index.html": "stabschef sjukhuschef direktor",
    "/2018-03/": "stabschef sjukhuschef direktor",
    "/2018-03/17/": "stabschef direktor",
    "/2018-03/17/personal.html": "stabschef direktor",
    "/2018-03/17/v1/personal.html": "stabschef direktor",
    "/2018-03/17/tabeller.xlsx": "stabschef direktor",
    "/2018-03/17/tables/headcount.csv": "stabschef direktor",
    "/latest/17/": "stabschef direktor",
    "/2018-03/10/personal.html": "sjukhuschef direktor",
    "/status.html": "drift",
    "/internal/status.html": "drift",
    "/internal/": "direktor",
    "/internal/2018-03/17/personal.html": "direktor",
}
EVERYONE = sorted({user for users in LOGINS.values() for user in users})


@pytest.mark.parametrize("path", READABLE)
def test_each_reads_what_is_for_the_own_group_and_nothing_else(served: Served, path: str):
    given = {user: status(served, path, user) for user in EVERYONE}
    assert {user for user, code in given.items() if code == 200} == set(READABLE[path].split())
    assert {code for code in given.values() if code != 200} <= {401}
    assert status(served, path) == 401
    assert status(served, path, EVERYONE[0], password="fel") == 401


@pytest.mark.parametrize("path", ["/2018-03/99/personal.html", "/README.md", "/latest/", "/internal/2018-03/10/"])
def test_what_nobody_was_given_is_for_nobody(served: Served, path: str):
    assert {status(served, path, user) for user in ("", *EVERYONE)} <= {401, 403}


@pytest.mark.parametrize("page", HIDDEN)
def test_folders_with_a_dot_are_never_served(served: Served, page: str):
    assert {status(served, f"/{page}", user) for user in ("", *EVERYONE)} == {404}


@pytest.mark.parametrize(
    "path",
    [
        "/2018-03/17/../10/personal.html",
        "/2018-03/17/%2e%2e/10/personal.html",
        "/2018-03/17/..%2f10/personal.html",
        "//2018-03//10//personal.html",
        "/2018-03/17/../../.history/2018-03/17/000001/log.txt",
        "/2018-03/17/%2ehidden",
        "/index.html/../status.html",
        "/../../../../etc/passwd",
        "/2018-03/17/link.html",
        "/2018-03/17/tables/",
    ],
)
def test_no_detour_leads_to_what_is_not_for_the_reader(served: Served, path: str):
    answer = served.get(path, "stabschef")
    assert answer.status in (400, 401, 403, 404)
    assert b"personal.html" not in answer.body
    assert b"outside" not in answer.body
    assert b"log.txt" not in answer.body


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PROPFIND"])
def test_nothing_but_reading_is_allowed(served: Served, method: str):
    assert status(served, "/index.html", "direktor", method=method) in (403, 405)


@pytest.mark.parametrize("path", ["/index.html", "/2018-03/17/personal.html", "/nothing-there.html", "/.history/x"])
def test_every_answer_has_the_headers(served: Served, path: str):
    sent = served.get(path, "stabschef").headers
    for name, value in (headers.HEADERS | headers.TRANSPORT).items():
        assert sent.get_all(name) == [value]
    assert sent["Cache-Control"] == headers.ASK_AGAIN
    assert re.fullmatch("nginx", sent["Server"])


def test_internal_pages_are_kept_by_no_browser(served: Served):
    path = "/internal/2018-03/17/personal.html"
    assert served.get(path, "direktor").headers["Cache-Control"] == headers.KEEP_NOTHING == headers.cache_control(path)


def test_without_encryption_the_reader_is_sent_on(served: Served):
    connection = http.client.HTTPConnection("127.0.0.1", served.plain_port, timeout=20)
    connection.request("GET", "/2018-03/17/personal.html", headers={"Host": "evil.example"})
    answer = connection.getresponse()
    assert (answer.status, answer.headers["Location"]) == (301, f"https://{NAME}/2018-03/17/personal.html")
    connection.close()


def test_a_folder_without_its_slash_leads_on_to_it(served: Served):
    answer = served.get("/2018-03/17", "stabschef")
    assert (answer.status, answer.headers["Location"]) == (301, "/2018-03/17/")


def test_the_file_of_headers_says_what_the_program_says():
    lines = (EXAMPLE / "security-headers.conf").read_text(encoding="utf-8").splitlines()
    given = dict(re.findall(r'^add_header (\S+) "([^"]*)" always;$', "\n".join(lines), flags=re.MULTILINE))
    assert given == headers.HEADERS | headers.TRANSPORT


def test_every_administration_of_the_demonstration_belongs_to_a_group():
    from analytics.organisation import Organisation
    from analytics.periods import Period

    units = Organisation.read(load(PROJECT).paths.reference).at("administration", Period(2018, 3))
    given = re.findall(r"^(\S+) \S+;$", (EXAMPLE / "units.conf").read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert sorted(given) == sorted(unit.code for unit in units)
