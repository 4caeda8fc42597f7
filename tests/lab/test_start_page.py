"""The start page of JupyterLab in real Chromium."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

import analytics.lab.language

PACK = Path(analytics.lab.language.__file__).parent / "locale/sv_SE/LC_MESSAGES"
ENGLISH = re.compile(
    r"\b(and|the|of|with|to|run|show|open|close|save|clear|restart|panel|size|settings)\b", re.IGNORECASE
)

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("lab")]


def test_the_start_page_runs_through_and_asks_nobody_else(analyst):
    start = analyst.open("notebooks/explore/start.ipynb")
    start.run_all()
    page = start.output(start.cells.count() - 1)
    expect(page).to_contain_text("För mars 2018 begär kalendern 6 paket: inget är publicerat.")
    expect(page.get_by_role("row", name="mars 2018 ska tas fram 10, 17, 18, 20, 30, 40")).to_be_visible()
    start.screenshot("start", whole=True)
    start.check()


def test_every_item_of_the_menus_is_swedish(analyst):
    start = analyst.open("notebooks/explore/start.ipynb")
    bar = start.page.locator("#jp-MainMenu .lm-MenuBar-item")
    assert bar.all_inner_texts() == ["Arkiv", "Redigera", "Visa", "Kör", "Kärna", "Flikar", "Inställningar", "Hjälp"]
    english = json.loads((PACK / "jupyterlab.json").read_text(encoding="utf-8"))
    known = {
        key.rpartition("\x04")[2] for key, texts in english.items() if key and key.rpartition("\x04")[2] not in texts
    }
    for position in range(bar.count()):
        bar.nth(position).click()
        items = start.page.locator(".lm-Menu .lm-Menu-itemLabel").all_inner_texts()
        assert [item for item in items if item in known or ENGLISH.search(item)] == []
        start.page.keyboard.press("Escape")
    start.check()


def test_a_saved_notebook_holds_nothing_that_its_cells_printed(analyst, lab):
    start = analyst.open("notebooks/explore/start.ipynb")
    start.run_all()
    start.menu(0, "docmanager:save")
    file = lab.root / "notebooks/explore/start.ipynb"
    start.page.locator(".jp-NotebookPanel .jp-Toolbar").first.wait_for()
    expect(start.page.locator(".lm-TabBar-tab.jp-mod-current.jp-mod-dirty")).to_have_count(0)
    cells = [cell for cell in json.loads(file.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]
    assert [(cell["outputs"], cell["execution_count"]) for cell in cells] == [([], None)] * len(cells)
    assert start.output(len(cells) - 1).inner_text()
