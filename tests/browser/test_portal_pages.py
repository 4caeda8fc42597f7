"""The portal and the status page in real Chromium, as files and from web servers with the strict headers."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import made_portal
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from visiting import RULES, Visitor

import served_by_nginx
from analytics.reports.serving import Server
from started_chromium import chromium

if TYPE_CHECKING:
    from region_project import Region

pytestmark = pytest.mark.browser
PAGES = ("index.html", "status.html", "2018-02/index.html")
PERSON = {"user": "direktor", "password": served_by_nginx.PASSWORD}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_portal.make(tmp_path_factory.mktemp("portal") / "project")


@pytest.fixture
def visitor(browser: Browser, reports: Path) -> Iterator[Visitor]:
    opened = Visitor(browser, reports)
    yield opened
    opened.close()


def unfold(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(part => part.setAttribute('open', ''))")


def shown(page: Page) -> list[str]:
    """Month and unit of the packages that can be seen."""
    return page.eval_on_selector_all(
        "[data-sok]",
        """all => all.filter(one => one.checkVisibility()).map(one => {
            const words = one.dataset.sok.split(" ");
            return words.at(-1) + " " + words[0];
        })""",
    )


@pytest.mark.parametrize("width", [1280, 390, 320])
@pytest.mark.parametrize("name", PAGES)
def test_no_accessibility_violations(visitor: Visitor, name: str, width: int):
    page = visitor.open(name, width=width).page
    unfold(page)
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("width", [320, 390])
@pytest.mark.parametrize("name", PAGES)
def test_a_phone_shows_the_page_without_sideways_scrolling(visitor: Visitor, name: str, width: int):
    page = visitor.open(name, width=width).page
    unfold(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_loaded_and_nothing_complains(visitor: Visitor, name: str):
    visit = visitor.open(name)
    visit.page.mouse.wheel(0, 20_000)
    visit.page.wait_for_load_state("networkidle")
    assert visit.requests == [(visitor.reports / name).as_uri()]
    assert visit.complaints == []


@pytest.mark.parametrize("name", PAGES)
def test_every_link_leads_somewhere(visitor: Visitor, name: str):
    page = visitor.open(name).page
    targets = page.eval_on_selector_all("a[href]", "links => links.map(link => link.getAttribute('href'))")
    assert targets
    for target in targets:
        path, _, fragment = target.partition("#")
        assert ((visitor.reports / name).parent / path).resolve().is_file() or not path, target
        assert not fragment or page.locator(f"[id='{fragment}']").count() == 1, target


def test_search_by_keyboard_finds_units_and_months(visitor: Visitor):
    page = visitor.open("index.html").page
    field = page.get_by_role("searchbox", name="Sök förvaltning eller månad")
    for _ in range(40):
        page.keyboard.press("Tab")
        if field.evaluate("field => field === document.activeElement"):
            break
    assert field.evaluate("field => field === document.activeElement")
    assert len(shown(page)) == 4  # the newest month; earlier ones are folded

    page.keyboard.type("folktand")
    assert shown(page) == ["2018-02 40", "2018-01 40"]
    assert page.get_by_role("status").inner_text() == "2 träffar"

    for text, found in {
        "17": ["2018-03 17", "2018-02 17", "2018-01 17"],
        "17 februari": ["2018-02 17"],
        "2018-01 PSYK": ["2018-01 30"],
        "landstingsdirektorens mars": ["2018-03 17"],
        "  stab   2018-0 ": ["2018-03 17", "2018-02 17", "2018-01 17"],
        "finns inte": [],
    }.items():
        field.fill(text)
        assert shown(page) == found, text
    assert page.get_by_role("status").inner_text().startswith("Inga träffar.")
    assert not page.get_by_role("heading", name="Läget").is_visible()

    field.fill("")
    assert len(shown(page)) == 4
    assert page.get_by_role("status").inner_text() == ""
    assert page.get_by_role("heading", name="Läget").is_visible()


def test_what_the_search_finds_has_no_accessibility_violations(visitor: Visitor):
    page = visitor.open("index.html", width=390).page
    for text in ("17", "finns inte"):
        page.get_by_role("searchbox").fill(text)
        found = Axe().run(page, options=RULES)
        assert found.violations_count == 0, found.generate_report()


def test_without_scripts_everything_is_listed_and_the_search_is_not_shown(visitor: Visitor):
    page = visitor.open("index.html", scripts=False).page
    assert not page.locator(".sok").is_visible()
    assert page.locator("[data-sok]").count() == 16
    assert page.locator(".senaste a").count() == 6
    assert page.get_by_text("2 rapporter är inte publicerade ännu.").is_visible()
    late = visitor.open("status.html", scripts=False).page.locator("[data-nasta-kontroll]")
    assert late.count() == 1
    assert not late.is_visible()


def test_a_schedule_that_has_stopped_is_seen_by_the_readers_clock(visitor: Visitor, browser: Browser, tmp_path: Path):
    assert visitor.open("status.html").page.locator("[data-nasta-kontroll]").is_visible()

    living = Visitor(browser, made_portal.make(tmp_path / "project", now=datetime.now(UTC)))
    assert not living.open("status.html").page.locator("[data-nasta-kontroll]").is_visible()


def test_a_director_finds_the_newest_report_and_its_earlier_version(visitor: Visitor):
    page = visitor.open("index.html", width=390).page
    page.get_by_role("link", name="17 Landstingsdirektörens stab mars 2018").click()
    page.wait_for_url("**/2018-03/17/sammanfattning.html")

    page = visitor.open("index.html").page
    page.get_by_role("searchbox").fill("17 februari")
    page.get_by_role("link", name="Vad som har ändrats").click()
    assert page.url.endswith("/2018-02/17/andringar.html")
    page.go_back()
    page.get_by_role("searchbox").fill("17 februari")
    page.get_by_role("link", name="Version 1").click()
    assert page.url.endswith("/2018-02/17/v1/index.html")


@pytest.fixture(scope="module")
def nginx(region: Region, tmp_path_factory: pytest.TempPathFactory) -> Iterator[served_by_nginx.Served]:
    with served_by_nginx.serve(region.reports, tmp_path_factory.mktemp("nginx") / "run") as running:
        yield running


@pytest.mark.parametrize("name", ["2018-03/17/personal.html", "2018-03/17/sammanfattning.html", "2018-03/10/kpp.html"])
def test_reports_work_behind_nginx_with_its_headers(browser: Browser, nginx: served_by_nginx.Served, name: str):
    address = f"https://localhost:{nginx.port}/{name}"
    visitor = Visitor(browser, Path())
    visit = visitor.go(address, **PERSON)
    visit.page.wait_for_load_state("networkidle")

    assert visit.complaints == []
    assert visit.requests == [address]
    assert visit.page.locator("main table").count() >= 1
    figures = visit.page.locator("figure.diagram")
    assert figures.count() == visit.page.locator("figure.diagram .vega-plats svg").count()
    assert figures.count() or not name.endswith("personal.html")
    assert (
        visit.page.evaluate("getComputedStyle(document.querySelector('.sidhuvud')).backgroundColor")
        != "rgba(0, 0, 0, 0)"
    )
    visitor.close()


@pytest.mark.parametrize("name", PAGES)
def test_the_portal_works_with_the_headers_of_the_web_server(browser: Browser, reports: Path, name: str):
    """The local server sends what nginx sends (tests compare them)."""
    visitor = Visitor(browser, reports)
    with Server(reports, "127.0.0.1", 0) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            visit = visitor.go(f"{server.address}{name}")
            if visit.page.get_by_role("searchbox").count():
                visit.page.get_by_role("searchbox").fill("17")
                assert {one.split()[1] for one in shown(visit.page)} == {"17"}
        finally:
            visitor.close()
            server.shutdown()
            thread.join()
    assert visit.complaints == []
    assert visit.requests == [f"{server.address}{name}"]


def test_the_header_alone_stops_what_a_page_without_a_policy_would_run(
    browser: Browser, tmp_path: Path, capfd: pytest.CaptureFixture[str]
):
    planted = (
        "<h1>x</h1><script>document.title = 'inline'</script><img src=x onerror=\"document.title = 'handler'\">"
        "<script src='evil.js'></script><iframe src='index.html'></iframe><form action='/'><button>x</button></form>"
    )
    (tmp_path / "index.html").write_text(planted)
    (tmp_path / "evil.js").write_text("document.title = 'loaded'")
    visitor = Visitor(browser, tmp_path)
    with Server(tmp_path, "127.0.0.1", 0) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            visit = visitor.go(f"{server.address}index.html")
            visit.page.wait_for_load_state("networkidle")
            title = visit.page.title()
        finally:
            visitor.close()
            server.shutdown()
            thread.join()
    assert title == ""
    assert any("Content Security Policy" in text for text in visit.complaints)
    assert capfd.readouterr().err.count("GET ") == 1
