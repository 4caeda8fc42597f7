"""The start page of JupyterLab in real Chromium."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("lab")]


def test_the_start_page_runs_through_and_asks_nobody_else(analyst):
    start = analyst.open("notebooks/explore/start.ipynb")
    start.run_all()
    page = start.output(start.cells.count() - 1)
    expect(page).to_contain_text("För mars 2018 begär kalendern 6 paket: inget är publicerat.")
    expect(page.get_by_role("row", name="mars 2018 ska tas fram 10, 17, 18, 20, 30, 40")).to_be_visible()
    start.screenshot("start", whole=True)
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
