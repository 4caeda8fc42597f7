"""Real pages in real Chromium: accessible, self-contained, readable on a phone and on paper.

Without Chromium these tests are skipped; with ``ANALYTICS_REQUIRE_BROWSER=1`` (as in CI) they fail instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser
from visiting import RULES, Visitor

from analytics.periods import MONTH_NAMES
from analytics.reports import html
from started_chromium import chromium

if TYPE_CHECKING:
    from region_project import Region

pytestmark = pytest.mark.browser

PACKAGE = "2018-03/17"
REPORTS = (f"{PACKAGE}/personal.html", f"{PACKAGE}/ekonomi.html")
OTHERS = ("sammanfattning", "prognos", "fokusomraden", "indikatorer", "halsoval", "datakvalitet")
HOSPITAL = "2018-03/10/kpp.html"
PAGES = (*(f"{PACKAGE}/{name}.html" for name in OTHERS), *REPORTS, HOSPITAL, "index.html")
WIDTHS = (1280, 320)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def visitor(browser: Browser, region: Region) -> Iterator[Visitor]:
    opened = Visitor(browser, region.reports)
    yield opened
    opened.close()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", PAGES)
def test_no_accessibility_violations(visitor: Visitor, name: str, width: int):
    visit = visitor.open(name, width=width)
    # What is folded is judged as well.
    visit.page.evaluate("document.querySelectorAll('details').forEach(part => part.setAttribute('open', ''))")

    found = Axe().run(visit.page, options=RULES)

    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_loaded_and_nothing_complains(visitor: Visitor, name: str):
    visit = visitor.open(name)
    visit.page.mouse.wheel(0, 20_000)
    visit.page.wait_for_load_state("networkidle")

    assert visit.requests == [(visitor.reports / name).as_uri()]
    assert visit.complaints == []


@pytest.mark.parametrize("name", REPORTS)
def test_every_chart_is_drawn_with_a_text_and_its_numbers(visitor: Visitor, name: str):
    page = visitor.open(name).page
    figures = page.locator("figure.diagram")

    assert figures.count() >= 3
    for number in range(figures.count()):
        figure = figures.nth(number)
        place = figure.locator(".vega-plats")
        assert place.locator("svg path, svg rect").count() > 0
        assert place.get_attribute("role") == "img"
        assert len(place.get_attribute("aria-label") or "") > 20
        assert figure.locator("details table tbody tr").count() > 0


def test_tooltips_speak_swedish(visitor: Visitor):
    page = visitor.open(REPORTS[0]).page
    mark = page.locator("figure.diagram").first.locator(".mark-symbol path, .mark-rect path").first
    mark.scroll_into_view_if_needed()
    mark.hover(force=True)
    tooltip = page.locator("#vg-tooltip-element.visible")
    tooltip.wait_for()

    assert not any(word in tooltip.inner_text().lower() for word in ("value", "undefined", "null", "nan", "month"))


@pytest.mark.parametrize("width", [320, 390])
@pytest.mark.parametrize("name", PAGES)
def test_a_phone_shows_the_page_without_sideways_scrolling(visitor: Visitor, name: str, width: int):
    page = visitor.open(name, width=width).page
    page.evaluate("document.querySelectorAll('details').forEach(part => part.setAttribute('open', ''))")

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    wide = page.evaluate(
        """() => [...document.querySelectorAll('main *')].filter(part => {
            const box = part.getBoundingClientRect();
            return box.width > 0 && box.right > innerWidth + 1 && !part.closest('[role=region], .dold, pre');
        }).map(part => part.outerHTML.slice(0, 80))"""
    )
    assert wide == []


@pytest.mark.parametrize("name", REPORTS)
def test_without_scripts_the_text_and_numbers_are_there(visitor: Visitor, name: str):
    page = visitor.open(name, scripts=False).page

    assert page.locator("h1").count() == 1
    assert page.locator("main table").count() >= 5
    assert page.locator("figure.diagram details summary").first.is_visible()


@pytest.mark.parametrize("name", PAGES)
def test_the_page_prints_without_being_cut(visitor: Visitor, name: str):
    page = visitor.open(name).page
    page.emulate_media(media="print")
    # The printable width of A4 with our margins, in CSS pixels.
    page.set_viewport_size({"width": 680, "height": 1000})

    assert page.locator("nav").all() == [] or not page.locator("nav").first.is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    # Wide tables stand on pages of their own, on their side.
    assert page.locator(".bred").count() == len(
        page.evaluate("[...document.querySelectorAll('.bred')].filter(t => getComputedStyle(t).page === 'liggande')")
    )
    page.evaluate("document.querySelectorAll('.bred').forEach(table => table.hidden = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= 680
    page.evaluate("document.querySelectorAll('.bred').forEach(table => table.hidden = false)")
    page.set_viewport_size({"width": 1009, "height": 680})
    assert page.evaluate("document.documentElement.scrollWidth") <= 1009
    small = page.evaluate(
        """() => [...document.querySelectorAll('main td')].filter(cell => cell.offsetParent)
        .filter(cell => parseFloat(getComputedStyle(cell).fontSize) < 7 * 96 / 72 - 0.01)
        .map(cell => cell.outerHTML.slice(0, 80))"""
    )
    assert small == []
    assert page.pdf(format="A4").startswith(b"%PDF-")


def test_what_is_folded_away_on_paper_is_what_the_reader_left_folded(visitor: Visitor):
    page = visitor.open(REPORTS[0]).page
    page.locator("figure.diagram details summary").first.click()
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")

    numbers = page.locator("figure.diagram details")
    assert numbers.nth(0).is_visible()
    assert not numbers.nth(1).is_visible()
    assert page.locator(".rapport-fot details dd").first.is_visible()


@pytest.mark.parametrize("name", REPORTS)
def test_row_labels_and_captions_stay_in_view_while_a_table_scrolls(visitor: Visitor, name: str):
    page = visitor.open(name, width=390).page
    region = page.locator(".tabellyta.rullar").first
    region.evaluate("region => region.scrollLeft = region.scrollWidth")

    edge = region.evaluate("region => region.getBoundingClientRect().left")
    for part in ("tbody th", ".tabellrubrik"):
        box = region.locator(part).first.evaluate(
            "part => { const box = part.getBoundingClientRect(); return [box.left, box.right]; }"
        )
        assert edge <= box[0] <= edge + 2
        assert box[1] <= 390


@pytest.mark.parametrize("name", PAGES)
def test_the_keyboard_reaches_the_content_first_and_focus_is_seen(visitor: Visitor, name: str):
    page = visitor.open(name).page
    page.keyboard.press("Tab")

    assert page.evaluate("document.activeElement.className") == "hoppa"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "innehall"


class Ids(HTMLParser):
    """The ids on a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self.found += [value for name, value in attrs if name == "id" and value]


@cache
def ids_of(file: Path) -> list[str]:
    parser = Ids()
    parser.feed(file.read_text(encoding="utf-8"))
    return parser.found


@pytest.mark.parametrize("name", PAGES)
def test_contents_and_links_lead_somewhere(visitor: Visitor, name: str):
    page = visitor.open(name).page
    targets = page.eval_on_selector_all("a[href]", "links => links.map(link => link.getAttribute('href'))")

    for target in targets:
        path, _, fragment = target.partition("#")
        file = ((visitor.reports / name).parent / path).resolve() if path else visitor.reports / name
        assert file.is_file(), target
        if fragment:
            assert fragment in ids_of(file), target


def test_every_number_of_the_summary_leads_to_its_table(visitor: Visitor):
    page = visitor.open(f"{PACKAGE}/sammanfattning.html").page
    cards = page.locator(".nyckeltal > li > a")

    assert cards.count() == page.locator(".nyckeltal > li").count()
    for link in [*cards.all(), *page.locator(".huvudbudskap a, .avvikelser a").all()]:
        page_name, _, fragment = (link.get_attribute("href") or "").partition("#")
        assert page_name in ("personal.html", "ekonomi.html", "prognos.html", "indikatorer.html")
        assert fragment in ids_of(visitor.reports / PACKAGE / page_name)
    cards.first.click()
    assert page.url.endswith("ekonomi.html#tabell-fr1_summary-rubrik")
    assert page.locator("#tabell-fr1_summary-rubrik").is_visible()


def test_every_link_of_the_summary_lands_on_its_table(visitor: Visitor):
    page = visitor.open(f"{PACKAGE}/sammanfattning.html").page
    links = page.eval_on_selector_all("main a[href*='#tabell-']", "all => all.map(link => link.getAttribute('href'))")

    for target in dict.fromkeys(links):
        # Each as from the summary: a page that is already open and still scrolling would not go on to the next place.
        page.goto("about:blank")
        page.goto(f"{(visitor.reports / PACKAGE).as_uri()}/{target}")
        caption = page.locator(f"[id='{target.partition('#')[2]}']")
        page.wait_for_function(
            "part => { const box = part.getBoundingClientRect(); return box.top >= 0 && box.bottom <= innerHeight; }",
            arg=caption.element_handle(),
        )


def test_no_number_of_the_summary_stands_without_a_link(visitor: Visitor):
    """But for codes of accounts and groups, days, months and versions, and what a person has written."""
    page = visitor.open(f"{PACKAGE}/sammanfattning.html").page
    loose = page.evaluate(
        """() => {
            const found = [];
            const texts = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
            const outside = "a, script, style, .kommentar, .rapport-huvud, .rapport-fot, thead, caption, .ingress";
            while (texts.nextNode()) {
                const text = texts.currentNode;
                if (/\\d/.test(text.data) && !text.parentElement.closest(outside)) found.push(text.data.trim());
            }
            return found;
        }"""
    )
    named = re.compile(
        rf"personalgrupp \d\.\d |frånvarogrupp \d+ |Största del: \d+ |(?:{'|'.join(MONTH_NAMES)}) \d{{4}}"
    )
    assert [text for text in loose if re.search(r"\d", named.sub("", text))] == []


@pytest.mark.parametrize("name", PAGES[:-1])
def test_the_menu_of_the_package_marks_where_the_reader_is(visitor: Visitor, name: str):
    page = visitor.open(name, width=390).page
    menu = page.get_by_role("navigation", name="Rapporter", exact=True)

    assert menu.locator("[aria-current=page]").get_attribute("href") == name.rpartition("/")[2]
    links = menu.get_by_role("link").all_inner_texts()
    assert links[:2] == ["Alla rapporter", "Sammanfattning"]
    assert page.get_by_role("navigation", name="Bläddra mellan rapporterna").get_by_role("link").count() in (1, 2)


LACKS = (
    "Personaluppgifter för januari–februari 2018 saknas. Därför ingår inte rapporten Personal.",
    "Uppgifter om inhyrd personal för februari 2018 saknas. Därför ingår inte rapporterna Personal och Fokusområden.",
)


@pytest.mark.parametrize("width", WIDTHS)
def test_what_a_package_lacks_stands_on_top_for_everybody_and_on_paper(browser: Browser, tmp_path: Path, width: int):
    frame = html.Page(
        "Ekonomi – Staben, mars 2018",
        "Landstinget Blekinge",
        "rapport",
        synthetic=True,
        version="Version 1, framställd 2018-04-19 00:10",
        missing_heading="Rapporten är inte komplett",
        missing=LACKS,
    )
    (tmp_path / "ekonomi.html").write_text(html.page(frame, "<h1>Ekonomi</h1><p>Text.</p>"), encoding="utf-8")
    page = Visitor(browser, tmp_path).open("ekonomi.html", width=width).page

    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()
    note = page.get_by_role("note", name="Rapporten är inte komplett")
    assert [line.inner_text() for line in note.get_by_role("listitem").all()] == list(LACKS)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    box, heading = note.bounding_box(), page.locator("h1").bounding_box()
    assert box
    assert heading
    assert 0 < box["y"] + box["height"] < heading["y"] < 900

    page.emulate_media(media="print")
    assert note.is_visible()
    look = note.evaluate("part => [getComputedStyle(part).borderTopStyle, getComputedStyle(part).color]")
    assert look == ["solid", "rgb(0, 0, 0)"]
    page.context.close()
