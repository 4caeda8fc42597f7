"""From a click to the changed page in the real JupyterLab: browser, messages, kernel and drawing together.

A stop watch in the page begins at the press of the button and ends at the second frame after the sentence of the panel,
which Python writes, has changed; the charts are drawn by then, because the browser narrows them first.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import cycle, islice

from playwright.sync_api import Page, sync_playwright

from benchmarks.measure import PROJECT

NOTEBOOK = "notebooks/explore/avvikelser.ipynb"
CLICKS = 12
PATIENCE = 180_000
LINES = ("Personal – Anställda", "Drift – Resor", "Personal – Övrigt")
COMPARISONS = ("Föregående år", "Budget")
_WATCH = """() => {
  window.spent = [];
  document.addEventListener("pointerdown", () => { window.began = performance.now(); }, true);
  const said_by = ".jp-OutputArea p > strong";
  const sentence = () => [...document.querySelectorAll(said_by)].map(one => one.innerText).join("|");
  let said = sentence();
  new MutationObserver(() => {
    const now = sentence();
    if (now === said || window.began === undefined) return;
    said = now;
    const began = window.began;
    requestAnimationFrame(() => requestAnimationFrame(() => window.spent.push(performance.now() - began)));
  }).observe(document.body, {subtree: true, childList: true, characterData: true});
}"""


def run() -> Iterator[str]:
    """Rows of the benchmark. Needs the loaded region in the project, JupyterLab and Chromium."""
    with subprocess.Popen(
        [sys.executable, "-m", "analytics", "lab", "--no-browser", "--port", "0", "--json"],
        cwd=PROJECT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=dict(os.environ),
    ) as server:
        try:
            assert server.stdout is not None  # noqa: S101 - a pipe was asked for
            address = json.loads(server.stdout.readline())["address"]
            with sync_playwright() as driver:
                browser = driver.chromium.launch(
                    executable_path=shutil.which("chromium"), args=["--headless", "--no-sandbox"]
                )
                yield from _measured(_opened(browser.new_page(viewport={"width": 1400, "height": 2400}), address))
                browser.close()
        finally:
            server.terminate()


def _opened(page: Page, address: str) -> Page:
    """The notebook, run by the menu, with the stop watch in it."""
    base, _, query = address.partition("?")
    page.goto(f"{base.partition('/lab')[0]}/lab/tree/{NOTEBOOK}?{query}")
    page.locator(".jp-CodeCell").first.wait_for(timeout=PATIENCE)
    page.get_by_text("Analytics | Ledig").wait_for(timeout=PATIENCE)
    page.locator("#jp-MainMenu .lm-MenuBar-item").nth(3).click()
    page.locator('.lm-Menu [data-command="runmenu:run-all"]').first.click()
    page.locator(".vega-embed svg").first.get_by_text(LINES[0]).first.wait_for(timeout=PATIENCE)
    page.get_by_text("Analytics | Ledig").wait_for(timeout=PATIENCE)
    page.evaluate(_WATCH)
    return page


def _measured(page: Page) -> Iterator[str]:
    clicked = [_timed(page, lambda name=name: _press(page, name)) for name in islice(cycle(LINES), CLICKS)]
    yield _row("a click in JupyterLab until all is drawn", clicked)
    changed = [
        _timed(page, lambda name=name: page.get_by_role("button", name=name, exact=True).click())
        for name in islice(cycle(COMPARISONS), CLICKS)
    ]
    yield _row("another comparison until all is drawn", changed)


def _row(what: str, spent: list[float]) -> str:
    return f"{what:<55}{statistics.median(spent):6.0f} ms  median of {len(spent)}, worst {max(spent):.0f}"


def _timed(page: Page, act: Callable[[], object]) -> float:
    before = int(page.evaluate("window.spent.length"))
    act()
    page.wait_for_function(f"window.spent.length > {before}", timeout=PATIENCE)
    page.wait_for_timeout(500)
    return float(page.evaluate(f"window.spent[{before}]"))


def _press(page: Page, name: str) -> None:
    """Click in the row of a bar, beside its name."""
    place = page.locator(".vega-embed svg").first.get_by_text(name).first.bounding_box()
    if place is not None:
        page.mouse.click(place["x"] + place["width"] + 60, place["y"] + place["height"] / 2)
