"""All that JupyterLab shows an analyst has a Swedish text, or stands on a short list of exceptions."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

import analytics.lab.language

PACK = Path(analytics.lab.language.__file__).parent / "locale/sv_SE/LC_MESSAGES"
TEXTS = {
    text
    for file in PACK.glob("*.json")
    for key, texts in json.loads(file.read_text(encoding="utf-8")).items()
    if key
    for text in texts
}
SWEDISH = re.compile(
    "|".join(re.sub(r"%\d", ".*", re.escape(text)) for text in sorted(TEXTS, key=len, reverse=True)), re.DOTALL
)
NAMES = frozenset({"Asciidoc", "Qtpdf", "Qtpng", "Webpdf", "codemirror", "jupyter", "Analytics", "start.ipynb"})
"""Names of formats, themes and the kernel, which are the same in every language."""
NEVER_TRANSLATED = frozenset(
    {"Python File", "Notebook Operations", "Breakpoints on exception", "Jupyter Widgets", "Jupyter widgets settings."}
)
"""What JupyterLab 4.6 shows without asking its translator."""
MADE_TOO_EARLY = ("Enable Debugger", "More commands")
"""Buttons that JupyterLab makes before the page has its language."""
LANGUAGES_OF_CODE = "Textredigerarens syntaxfärger"
"""The menu of the names of programming languages."""
HEADINGS = ".jp-SettingsHeader h2, .jp-SettingsHeader-description, .jp-PluginList-entry-label-text"

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("lab")]


def without_swedish(texts):
    return sorted(
        {
            text.strip()
            for text in texts
            if re.search(r"[A-Za-z]{2}", text)
            and not SWEDISH.fullmatch(text.strip())
            and text.strip() not in NAMES | NEVER_TRANSLATED
            and not text.strip().startswith("/")
            and not text.strip().endswith(" - English")
        }
    )


@pytest.fixture
def start(analyst):
    return analyst.open("notebooks/explore/start.ipynb", height=1300)


def test_every_menu_and_submenu(start):
    page = start.page
    bar = page.locator("#jp-MainMenu .lm-MenuBar-item")
    labels = "xpath=descendant::*[contains(@class, 'lm-Menu-itemLabel')]"
    assert bar.all_inner_texts() == ["Arkiv", "Redigera", "Visa", "Kör", "Kärna", "Flikar", "Inställningar", "Hjälp"]
    submenus = 0
    for position in range(bar.count()):
        bar.nth(position).click()
        menu = page.locator(".lm-Menu").first
        menu.wait_for()
        assert without_swedish(menu.locator(labels).all_inner_texts()) == []
        for item in menu.locator('.lm-Menu-item[data-type="submenu"]:not(.lm-mod-collapsed):not(.lm-mod-hidden)').all():
            item.hover()
            opened = page.locator(".lm-Menu").nth(1)
            opened.wait_for()
            submenus += 1
            if LANGUAGES_OF_CODE not in item.inner_text():
                assert without_swedish(opened.locator(labels).all_inner_texts()) == []
            menu.locator('.lm-Menu-item[data-type="command"]:not(.lm-mod-collapsed)').first.hover()
            expect(page.locator(".lm-Menu")).to_have_count(1)
        page.keyboard.press("Escape")
    assert submenus >= 10
    start.check()


def test_the_command_palette(start):
    page = start.page
    page.keyboard.press("Control+Shift+C")
    page.locator(".lm-CommandPalette-item").first.wait_for()
    for part in ("header", "itemLabel", "itemCaption"):
        texts = page.locator(f".lm-CommandPalette-{part}").all_inner_texts()
        assert texts
        assert without_swedish(texts) == []
    start.check()


def test_the_settings_editor(start):
    page = start.page
    start.menu(6, "settingeditor:open")
    page.locator(".jp-SettingsHeader").first.wait_for()
    expect(page.locator(HEADINGS).nth(60)).to_be_attached()
    texts = page.locator(HEADINGS).all_inner_texts()
    assert without_swedish(texts) == []
    # The single settings of one part, which the server translates.
    expect(page.get_by_text("Sekunder mellan sparningar").first).to_be_attached()


def test_the_debugger_the_notebook_tools_and_the_dialogs(start):
    page = start.page
    offered = page.locator(".lm-Menu .lm-Menu-itemLabel")
    for place in (page.locator(".jp-NotebookPanel .jp-Cell").nth(1), page.locator(".jp-DirListing-item").first):
        place.click(button="right")
        page.locator(".lm-Menu").first.wait_for()
        assert without_swedish(offered.all_inner_texts()) == []
        page.keyboard.press("Escape")
        expect(offered).to_have_count(0)
    for name in ("Felsökare", "Egenskaper", "Terminaler och kärnor som är igång"):
        page.locator(f'.jp-SideBar .lm-TabBar-tab[title*="{name}"]').first.click()
    heads = page.locator(".jp-DebuggerSidebar .jp-AccordionPanel-title, .jp-DebuggerSidebar [title]")
    expect(heads.first).to_be_attached()
    assert without_swedish(heads.evaluate_all("all => all.map(one => one.title || one.innerText)")) == []
    tools = page.locator(".jp-NotebookPanel-toolbar [title], .jp-cell-toolbar [title]")
    shown = tools.evaluate_all("all => all.map(one => one.title.split(' (')[0])")
    assert without_swedish(text for text in shown if text not in MADE_TOO_EARLY) == []
    for position, command in ((4, "kernelmenu:restart"), (4, "kernelmenu:change"), (0, "docmanager:rename")):
        start.menu(position, command)
        dialog = page.locator(".jp-Dialog")
        parts = dialog.locator(".jp-Dialog-header, .jp-Dialog-buttonLabel, label")
        parts.first.wait_for()
        assert without_swedish(text.replace('"start.ipynb"', "") for text in parts.all_inner_texts()) == []
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
