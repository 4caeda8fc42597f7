"""Every panel in the real JupyterLab: run all, click, and the others follow; nothing is asked of another machine."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("lab")]


@pytest.fixture
def opened(analyst):
    def run(name):
        notebook = analyst.open(f"notebooks/explore/{name}.ipynb", width=1400, height=2400)
        notebook.run_all()
        return notebook

    return run


def said(page, beginning):
    return expect(page.get_by_text(re.compile(f"^{beginning}")).first)


def test_deviations_follow_a_click_and_the_controls(opened):
    notebook = opened("avvikelser")
    page = notebook.page
    said(page, "Hela Landstingsdirektörens stab, januari–mars 2018").to_be_visible()
    notebook.click_row("Personal – Anställda")
    said(page, "Personal – Anställda, januari–mars 2018: utfall").to_be_visible()
    # The accounts beside it, the numbers and the postings are those of the line.
    expect(page.locator(".vega-embed svg").first.get_by_text("41110 Semesterlön")).to_be_visible()
    expect(page.locator(".vega-embed svg").first.get_by_text("56110 Lämnade bidrag")).to_have_count(0)
    expect(page.get_by_text("Verifikationer: Personal – Anställda, januari–mars 2018")).to_be_visible()
    page.get_by_role("button", name="Nollställ urvalet").click()
    expect(page.locator(".vega-embed svg").first.get_by_text("56110 Lämnade bidrag")).to_be_visible()
    notebook.click_row("Personal – Anställda")
    said(page, "Personal – Anställda, januari–mars 2018: utfall").to_be_visible()
    page.get_by_role("button", name="Föregående år").click()
    said(page, r"Personal – Anställda, januari–mars 2018: utfall .* föregående år").to_be_visible()
    page.get_by_role("button", name="Skriv kommentar").click()
    expect(page.get_by_role("button", name="Spara utkastet")).to_be_visible()
    notebook.screenshot("avvikelser")
    assert page.locator(".vega-embed details").count() == 0, "Vega's menu saves unprotected figures"
    notebook.check()


def test_staff_measures_follow_a_click(opened):
    notebook = opened("personal")
    page = notebook.page
    notebook.click_row("173 Ekonomi")
    said(page, "Utförd arbetstid, 173 Ekonomi").to_be_visible()
    page.get_by_role("button", name="Frånvaro", exact=True).click()
    said(page, "Frånvaro, 173 Ekonomi").to_be_visible()
    notebook.screenshot("personal")
    notebook.check()


def test_care_units_follow_a_click(opened):
    notebook = opened("vardenheter")
    page = notebook.page
    notebook.click_row("Vårdcentral Björken (offentlig)")
    said(page, "Kontakt samma dag, Vårdcentral Björken").to_be_visible()
    expect(page.get_by_text("Andelar: Vårdcentral Björken (offentlig)")).to_be_visible()
    notebook.screenshot("vardenheter")
    notebook.check()


def test_indicators_follow_a_click_and_the_list(opened):
    notebook = opened("indikatorer")
    page = notebook.page
    listed = page.locator(".jp-OutputArea select[size] option")
    expect(listed).not_to_have_count(0)
    everything = listed.count()
    drawn = page.locator(".vega-embed svg").first
    notebook.click_row("Primärvården")
    said(page, "Primärvården: 3 indikatorer").to_be_visible()
    expect(listed).to_have_count(3)
    # The other charts are narrowed in the browser: two of the areas have no indicator of the unit.
    expect(drawn.get_by_text("Ej mätt")).to_be_visible()
    expect(drawn.get_by_text("På väg")).to_have_count(0)
    said(page, "Andel patienter som tillfrågats .* Primärvården: 7,5").to_be_visible()
    page.get_by_role("button", name="Nollställ urvalet").click()
    expect(listed).to_have_count(everything)
    notebook.click_row("På väg")
    expect(listed).to_have_count(1)
    page.get_by_role("button", name="Nollställ urvalet").click()
    expect(listed).to_have_count(everything)
    page.locator(".jp-OutputArea select[size]").first.select_option(index=14)
    said(page, "Index för hållbart medarbetarengagemang .*: mål ").to_be_visible()
    page.locator(".vega-embed svg").first.wait_for()
    notebook.screenshot("indikatorer")
    notebook.check()


def ask_rightly_then_wrongly(page):
    """One answer is there when a question of a table that does not exist is written and asked at once."""
    page.locator(".jp-OutputArea select").first.select_option(index=1)
    page.get_by_role("button", name="Kör frågan").click()
    expect(page.get_by_text(re.compile(r"^\d+ rader\.$"))).to_be_visible()
    page.locator(".jp-OutputArea textarea").first.fill("select * from legder")
    page.get_by_role("button", name="Kör frågan").click()
    said(page, "Det finns ingen tabell").to_be_visible()


def test_a_question_is_answered_and_a_wrong_one_told(opened):
    notebook = opened("fraga")
    ask_rightly_then_wrongly(notebook.page)
    notebook.screenshot("fraga")
    notebook.check()


SLOW_TEXT = """import time
import ipywidgets
taken = ipywidgets.Textarea.set_state
def slowly(self, state):
    time.sleep(1)
    taken(self, state)
ipywidgets.Textarea.set_state = slowly
"""


@pytest.fixture
def slow_to_take_text(analyst):
    """The page of questions in a kernel that is slow to take what is typed."""
    folder = analyst.lab.root / "notebooks/explore"
    notebook = json.loads((folder / "fraga.ipynb").read_text(encoding="utf-8"))
    code = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")
    code["source"] = SLOW_TEXT + "".join(code["source"])
    made = folder / "langsam.ipynb"
    made.write_text(json.dumps(notebook), encoding="utf-8")
    opened = analyst.open(f"notebooks/explore/{made.name}", width=1400, height=2400)
    opened.run_all()
    yield opened
    made.unlink()


def test_the_question_that_is_seen_is_the_one_that_is_answered(slow_to_take_text):
    """What is typed and what is clicked reach one thread of the kernel, in the order in which they were done."""
    page = slow_to_take_text.page
    ask_rightly_then_wrongly(page)
    said(page, "Tabellen nedan svarar på en tidigare fråga").to_be_visible()
    slow_to_take_text.check()
