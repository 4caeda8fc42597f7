"""The guided tour of docs/guided_tour.md, walked in the real JupyterLab: each question in fewer than ten clicks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from opened_lab import Analyst, Opened

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("lab")]
TOUR = (Path(__file__).parents[2] / "docs/guided_tour.md").read_text(encoding="utf-8")
MOST_CLICKS = 9


@dataclass
class Walk:
    """One question: counts the clicks and compares what the page says with what the tour promises."""

    notebook: Opened
    question: int
    clicks: int = 0

    @property
    def page(self) -> Page:
        return self.notebook.page

    def click(self, what: Locator) -> None:
        what.click()
        self.clicks += 1

    def bar(self, name: str, *, also: bool = False) -> None:
        """Click on the bar's row in the chart, beside its name; ``also`` adds to the choice."""
        self.notebook.click_row(name, also=also)
        self.clicks += 1

    def button(self, name: str) -> None:
        self.click(self.page.get_by_role("button", name=name, exact=True))

    def reads(self, *sentences: str) -> None:
        """The sentences stand on the page, and in the tour under the question, which says the number of clicks."""
        chapter = re.split(r"^## \d\. ", TOUR, flags=re.MULTILINE)[self.question]
        for sentence in sentences:
            assert " ".join(sentence.split()) in re.sub(r"[\s>]+", " ", chapter)
            shown = re.compile(r"\s+".join(re.escape(word) for word in sentence.split()))
            expect(self.page.get_by_text(shown).first).to_be_visible()
        told = re.search(r"\((\d) clicks?\)", chapter)
        assert told is not None
        assert int(told[1]) == self.clicks <= MOST_CLICKS
        self.notebook.screenshot(f"rundtur-{self.question}")
        self.notebook.check()


@pytest.fixture
def walk(analyst: Analyst):
    def begin(question: int, notebook: str) -> Walk:
        opened = analyst.open(f"notebooks/explore/{notebook}.ipynb", width=1400, height=2400)
        opened.run_all()
        return Walk(opened, question)

    return begin


def test_why_staff_cost_is_over_budget(walk):
    asked = walk(1, "avvikelser")
    asked.bar("Personal – Anställda")
    asked.bar("Personal – Övrigt", also=True)
    asked.reads(
        "Personal – Anställda, Personal – Övrigt, januari–mars 2018: utfall 22 925 tkr, budget 18 319 tkr, "
        "avvikelse −4 606 tkr (ogynnsam).",
        "41110 Semesterlön (−1 790 tkr), 45110 Arbetsgivaravgifter (−1 302 tkr), "
        "40110 Lön arbetad tid, månadsavlönade (−1 078 tkr)",
    )


def test_whether_the_budget_is_in_the_wrong_place(walk):
    asked = walk(2, "avvikelser")
    asked.page.get_by_label("Avvikelser som programmet har funnit").or_(
        asked.page.locator(".jp-OutputArea select[size]")
    ).first.select_option(index=0)
    asked.clicks += 1
    asked.reads(
        "Personalkostnaden januari–mars 2018 är 4,6 mnkr högre än budget och driftkostnaden 3,8 mnkr lägre.",
        "budgeten tycks ligga på fel plats",
        "8 kontoslag, januari–mars 2018: utfall 30 442 tkr, budget 29 651 tkr, avvikelse −790 tkr (ogynnsam).",
    )


def test_what_the_seasonal_pattern_says(walk):
    asked = walk(3, "avvikelser")
    asked.button("Säsongsfördelad budget")
    asked.reads("utfall 30 133 tkr, säsongsfördelad budget 30 733 tkr, avvikelse 600 tkr (gynnsam)")


def test_which_travel_accounts_fell(walk):
    asked = walk(4, "avvikelser")
    asked.bar("Drift – Resor")
    asked.button("Föregående år")
    asked.reads(
        "Drift – Resor, januari–mars 2018: utfall 311 tkr, föregående år 476 tkr, avvikelse 165 tkr (gynnsam).",
        "68110 Biljetter (153 tkr)",
    )


def test_what_drives_the_change_in_full_time_equivalents(walk):
    asked = walk(5, "personal")
    asked.bar("Handläggare- och")
    asked.reads(
        "95,8 årsarbetare, föregående år 87,8, förändring +8,0 årsarbetare",
        "173 Ekonomi (utom små grupper) (+3,2), 174 Personal (utom små grupper) (+2,5), 225 Hälsoval (+1,7)",
    )


def test_who_stands_for_the_absence(walk):
    asked = walk(6, "personal")
    asked.button("Frånvaro")
    asked.reads(
        "26,96 årsarbetare, föregående år 24,46, förändring +2,50 årsarbetare.",
        "Semester (+2,75), Utbildning (+1,52), Flexledighet (+0,65)",
    )
