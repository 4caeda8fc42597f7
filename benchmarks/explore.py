"""How long a panel takes to open, and from a click to the drawn answer: in the browser, and told by Python.

The browser draws the widget's own JSON with its own Vega; what is left out is the message between them on one machine.
"""

from __future__ import annotations

import json
import shutil
import statistics
import time
from collections.abc import Callable, Iterator
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import polars as pl
from playwright.sync_api import Page, sync_playwright

import analytics
from analytics import explore
from analytics.charts import linked_widget
from analytics.reports import vega

UNIT = "10"
CLICKS = 15
LARGE = 120_000
FOLDS = 50
"""Postings of ``analytics sample --scale 50`` are so many times as many; the cube stays as it is."""
_DRAW = """async spec => {
  const made = await vegaEmbed("#bild", spec, {actions: false, renderer: "svg"});
  window.view = made.view;
  window.spent = [];
  document.addEventListener("pointerdown", () => { window.began = performance.now(); }, true);
  for (const name of ["vald_base_unit", "vald_report_line", "vald_account"]) {
    made.view.addSignalListener(name, () => made.view.runAsync().then(() =>
      requestAnimationFrame(() => requestAnimationFrame(() => window.spent.push(performance.now() - window.began)))));
  }
}"""


def run() -> Iterator[str]:
    """Rows of the benchmark. Needs the demonstration region and Chromium."""
    for name in ("deviations", "staff", "indicators", "care_units", "sql"):
        bench = analytics.open(period="2018-03", unit=UNIT if name in ("deviations", "staff") else "17")
        yield _row(f"open the panel {name}", _spent(lambda: getattr(explore, name)(bench)))  # noqa: B023 - run at once
    panel = explore.deviations(analytics.open(period="2018-03", unit=UNIT))
    told = "a click told by Python: sentence, numbers, postings"
    yield _row(told, _told(panel), f"{panel.postings.height} postings")
    panel.postings = pl.concat([panel.postings] * FOLDS)
    yield _row(told, _told(panel), f"{panel.postings.height} postings, as of scale {FOLDS}")
    panel.select({})
    yield _row("a click drawn in the browser", _clicked(panel.chart.spec), f"{panel.frame.height} rows")
    yield from _large(panel)


def _row(what: str, spent: float, detail: str = "") -> str:
    return f"{what:<55}{spent:6.0f} ms  {detail}".rstrip()


def _spent(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def _told(panel: Any) -> float:
    lines = panel.frame["report_line"].unique().sort().to_list()
    return statistics.median(
        _spent(lambda: panel._clicked({"report_line": (line,)}))  # noqa: B023, SLF001 - as the browser does
        for line in islice(cycle(lines), CLICKS)
    )


def _clicked(spec: dict[str, Any]) -> float:
    """The median of clicks on rows of the report lines, from the press of the button to the second frame after."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--headless", "--no-sandbox"])
        page = browser.new_page(viewport={"width": 1400, "height": 1400})
        page.set_content("<div id='bild'></div>")
        page.add_script_tag(content=vega.bundle(Path("reports/.cache")))
        page.evaluate(_DRAW, json.loads(json.dumps(spec)))
        names = [
            text
            for text in page.locator("#bild svg text").all_text_contents()
            if text.startswith(("Drift –", "Personal –"))
        ]
        for name in islice(cycle(dict.fromkeys(names)), CLICKS):
            _press(page, name)
        spent: list[float] = page.evaluate("window.spent")
        browser.close()
    return statistics.median(spent)


def _press(page: Page, name: str) -> None:
    before = page.evaluate("window.spent.length")
    place = page.locator("#bild svg").get_by_text(name, exact=True).first.bounding_box()
    if place is None:
        return
    page.mouse.click(place["x"] + place["width"] + 60, place["y"] + place["height"] / 2)
    page.wait_for_function(f"window.spent.length > {before}")


def _large(panel: Any) -> Iterator[str]:
    """A cube of so many rows: VegaFusion sums it beside Python, and the browser gets the sums."""
    folds = -(-LARGE // panel.frame.height)
    panel.frame = pl.concat([panel.frame] * folds)
    yield _row("draw a large cube with VegaFusion", _spent(panel.redraw), f"{panel.frame.height} rows")
    chart = panel.chart
    assert chart._chart_state is not None, linked_widget.ROWS_IN_BROWSER  # noqa: S101, SLF001 - else nothing is measured
    line = panel.frame["report_line"][0]
    store = [{"unit": "x", "fields": [{"type": "E", "field": "report_line"}], "values": [line]}]
    update = [{"namespace": "data", "name": "vald_report_line_store", "scope": [], "value": store}]
    spent = _spent(lambda: setattr(chart, "_js_to_py_updates", update))
    size = len(json.dumps(chart._py_to_js_updates)) / 1000  # noqa: SLF001
    yield _row("a click summed by VegaFusion", spent, f"{size:.0f} kB to the browser")
    yield _row("the same told by Python", _told(panel))
