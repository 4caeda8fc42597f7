"""The panel of deviations in the real JupyterLab: run all, click, and the others follow; nobody else is asked."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("lab")]
PATIENCE = 120_000


@pytest.fixture
def opened(analyst):
    def run(name):
        notebook = analyst.open(f"notebooks/explore/{name}.ipynb", width=1400, height=2400)
        notebook.run_all()
        return notebook

    return run


def click_row(page, name):
    """Click in the row of a bar, beside its name."""
    label = page.locator(".vega-embed svg").first.get_by_text(name).first
    label.wait_for(timeout=PATIENCE)
    label.scroll_into_view_if_needed()
    place = label.bounding_box()
    page.mouse.click(place["x"] + place["width"] + 60, place["y"] + place["height"] / 2)


def said(page, beginning):
    return expect(page.get_by_text(re.compile(f"^{beginning}")).first)


def test_deviations_follow_a_click_and_the_controls(opened):
    notebook = opened("avvikelser")
    page = notebook.page
    said(page, "Hela Landstingsdirektörens stab, januari–mars 2018").to_be_visible(timeout=PATIENCE)
    click_row(page, "Personal – Anställda")
    said(page, "Personal – Anställda, januari–mars 2018: utfall").to_be_visible(timeout=PATIENCE)
    # The accounts beside it, the numbers and the postings are those of the line.
    expect(page.locator(".vega-embed svg").first.get_by_text("41110 Semesterlön")).to_be_visible(timeout=PATIENCE)
    expect(page.locator(".vega-embed svg").first.get_by_text("56110 Lämnade bidrag")).to_have_count(0)
    expect(page.get_by_text("Verifikationer: Personal – Anställda, januari–mars 2018")).to_be_visible()
    page.get_by_role("button", name="Föregående år").click()
    said(page, r"Personal – Anställda, januari–mars 2018: utfall .* föregående år").to_be_visible(timeout=PATIENCE)
    page.get_by_role("button", name="Skriv kommentar").click()
    expect(page.get_by_role("button", name="Spara utkastet")).to_be_visible(timeout=PATIENCE)
    notebook.screenshot("avvikelser")
    assert page.locator(".vega-embed details").count() == 0, "Vega's menu saves unprotected figures"
    assert notebook.failures == []
    assert notebook.outside == []
