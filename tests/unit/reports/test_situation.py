"""The portal says how it stands as of a stated moment, and never as newer than that."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from test_portal import publish

from analytics.reports import portal, situation
from analytics.reports.portal import Portal
from analytics.reports.situation import Coming, Situation, Standing

AT = datetime(2018, 4, 20, 10, tzinfo=UTC)
WAITING = Standing("2018-03", "17", "Staben <i>", "waiting", "Redovisning för mars 2018 saknas.")
FAILED = Standing("2018-03", "10", "Sjukhuset", "failed", "Framställningen misslyckades.")
KNOWN = Situation(
    AT,
    is_known=True,
    asked={"2018-03": 3},
    standing=(FAILED, WAITING),
    coming=(
        Coming("2018-04", "Månadsrapport", "april 2018", datetime(2018, 5, 9, 22, tzinfo=UTC), ("Styrelsen, 28 maj",)),
        Coming("2018-05", "Månadsrapport", "maj 2018", datetime(2018, 6, 12, 6, tzinfo=UTC), ()),
    ),
    status_page="status.html",
)


def page_of(reports: Path, known: Situation | None, *, label: str = "") -> str:
    base = reports / "internal" if label else reports
    if known is not None:
        situation.write(situation.file_of(reports, internal=bool(label)), known)
    return portal.write(Portal(base, "Region", True, label), reports=reports).read_text(encoding="utf-8")


def test_it_is_read_back_as_it_was_written(tmp_path: Path):
    file = situation.file_of(tmp_path, internal=False)
    situation.write(file, KNOWN)
    assert situation.read(file) == KNOWN


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"at": 1}', "null"])
def test_what_cannot_be_read_is_not_told(tmp_path: Path, content: str):
    file = situation.file_of(tmp_path, internal=False)
    file.parent.mkdir()
    file.write_text(content)
    assert situation.read(file) is None
    assert situation.read(file.with_name("none.json")) is None


def test_without_a_schedule_nothing_is_said_of_what_is_due(tmp_path: Path):
    publish(tmp_path, "2018-03", "17")
    page = page_of(tmp_path, None)
    assert "Läget" not in page
    assert "status.html" not in page


def test_what_is_not_published_is_told_with_its_reason_and_what_comes_next(tmp_path: Path):
    page = page_of(tmp_path, KNOWN)
    assert "2 rapporter är inte publicerade ännu." in page
    assert '<h3 class="utanfor">Mars 2018: 1 av 3 publicerade</h3>' in page
    assert '<span class="etikett fel">Misslyckades</span> <strong>10 Sjukhuset</strong>' in page
    assert "<strong>17 Staben &lt;i&gt;</strong><br>Redovisning för mars 2018 saknas." in page
    assert "Läget kontrollerades 20 april 2018 kl. 12.00." in page
    assert "Månadsrapport, april 2018</strong><p>Tas fram tidigast 10 maj 2018.</p>" in page
    assert "<li>Styrelsen, 28 maj</li>" in page
    assert "Tas fram tidigast 12 juni 2018 kl. 08.00." in page
    assert 'href="status.html"' in page


def test_a_run_by_hand_keeps_the_rest_and_forgets_what_it_has_published_since(tmp_path: Path):
    page_of(tmp_path, KNOWN)
    manifest = publish(tmp_path, "2018-03", "17") / "manifest.json"

    manifest.write_text(manifest.read_text().replace("2018-04-20T08:00:00", "2018-04-20T09:59:00"))
    assert "2 rapporter är inte publicerade" in page_of(tmp_path, None)

    manifest.write_text(manifest.read_text().replace("2018-04-20T09:59:00", "2018-04-20T10:01:00"))
    page = page_of(tmp_path, None)
    assert "En rapport är inte publicerad ännu." in page
    assert "Redovisning för mars 2018 saknas." not in page
    assert "Läget kontrollerades 20 april 2018 kl. 12.00." in page


def test_units_that_stand_alike_are_told_together(tmp_path: Path):
    alike = tuple(Standing("2018-03", unit, f"F{unit}", "waiting", "Saknas.") for unit in ("10", "17", "18"))
    assert "<strong>Alla förvaltningar</strong>" in page_of(
        tmp_path, Situation(AT, is_known=True, asked={"2018-03": 3}, standing=alike)
    )
    assert "<strong>10 F10, 17 F17</strong>" in page_of(
        tmp_path, Situation(AT, is_known=True, asked={"2018-03": 3}, standing=alike[:2])
    )


def test_all_published_nothing_asked_and_not_known_are_three_things(tmp_path: Path):
    assert "ska vara framtagna är publicerade." in page_of(tmp_path, Situation(AT, is_known=True, asked={"2018-03": 1}))
    assert "Ingen rapport ska vara framtagen ännu." in page_of(tmp_path, Situation(AT, is_known=True))
    page = page_of(tmp_path, Situation(AT, is_known=False))
    assert "Läget kunde inte läsas." in page
    assert "publicerade." not in page


def test_the_portals_of_two_audiences_tell_of_their_own_packages(tmp_path: Path):
    (tmp_path / "internal").mkdir()
    assert "Redovisning för mars" in page_of(tmp_path, KNOWN, label="Intern")
    assert "Redovisning för mars" not in page_of(tmp_path, None)


def test_an_incomplete_package_is_marked_and_the_mark_explained(tmp_path: Path):
    manifest = publish(tmp_path, "2018-03", "17") / "manifest.json"
    assert "Ofullständig" not in page_of(tmp_path, None)

    whole = json.loads(manifest.read_text())
    sentence = "Arbetad tid för februari 2018 saknas <här>."
    manifest.write_text(json.dumps({**whole, "missing": [{"layout": "heroma_tid"}], "missing_in_words": [sentence]}))
    page = page_of(tmp_path, None)
    assert '<span class="etikett varning">Ofullständig</span>' in page
    assert "Ofullständig betyder" in page
    assert "Arbetad tid för februari 2018 saknas &lt;här&gt;." in page

    manifest.write_text(json.dumps({**whole, "whole": False}))
    page = page_of(tmp_path, None)
    assert '<span class="etikett varning">Ofullständig</span>' in page
    assert "Bara en del av rapporterna togs fram." in page


def test_older_months_are_folded_and_every_package_can_be_searched_for(tmp_path: Path):
    for period in ("2018-02", "2018-03"):
        publish(tmp_path, period, "17", "Staben")
        publish(tmp_path, period, "10", "Sjukhuset")
    page = page_of(tmp_path, None)
    assert page.count("data-sok=") == 4
    assert 'data-sok="17 Staben mars 2018 2018-03"' in page
    assert "<details><summary>2 förvaltningar i februari 2018</summary>" in page
    assert "förvaltningar i mars 2018</summary>" not in page
    assert '<a href="latest/17/index.html">17 Staben <span>mars 2018</span></a>' in page
    # Sections and months stand in the contents list, packages do not.
    assert re.findall(r'<li><a href="#([^"]+)"', page) == [
        "senaste-rapporten-per-forvaltning",
        "mars-2018",
        "februari-2018",
        "vad-markena-betyder",
    ]
