"""What stands around every report: header (unit, period, status, marks) and footer (versions, checks, definitions).

Classes: ``rapport-huvud``, ``rapport-fot``, ``syntetisk``, ``intern``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from analytics import tables
from analytics.disclosure import ProtectedTable
from analytics.periods import Period

SYNTHETIC_MARK = "SYNTETISKA DATA – inga verkliga uppgifter"
KINDS = {3: "Kvartalsrapport", 8: "Delårsrapport", 12: "Årsrapport"}


@dataclass(frozen=True, slots=True)
class Html:
    """A finished piece of a page."""

    html: str

    def _repr_html_(self) -> str:
        return self.html

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        del include, exclude
        return {"text/html": self.html, "text/plain": ""}


@dataclass(frozen=True, slots=True)
class Checks:
    """How the expectations on the loaded deliveries ended; ``critical`` of the failed ones are errors."""

    total: int
    failed: int
    critical: int = 0

    @property
    def words(self) -> str:
        """The status in a few Swedish words."""
        if not self.total:
            return "Inga kontroller har gjorts"
        if not self.failed:
            return f"Godkänd: alla {self.total} kontroller av underlaget är uppfyllda"
        if self.critical:
            noun = "allvarligt fel" if self.critical == 1 else "allvarliga fel"
            return f"Underkänd: {self.critical} {noun} vid {self.total} kontroller av underlaget"
        noun = "anmärkning" if self.failed == 1 else "anmärkningar"
        return f"Godkänd med {self.failed} {noun} vid {self.total} kontroller av underlaget"


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    """The latest delivery of one table, in words."""

    name: str
    last_period: str
    count: int
    received: str


def kind_of(period: Period) -> str:
    """What the report of a month is called (source: the calendar of reports)."""
    return KINDS.get(period.month, "Månadsrapport")


def areas(pieces: Sequence[tuple[str, Sequence[str]]]) -> Html:
    """Sections one after another: a heading of the third level and finished pieces of HTML below it."""
    return Html("".join(f"<h3>{escape(title)}</h3>{''.join(found)}" for title, found in pieces))


def header(facts: Sequence[tuple[str, str]], *, synthetic: bool, internal_label: str) -> Html:
    """Facts as a description list, below the marks that a page must carry."""
    marks = f'<p class="syntetisk"><strong>{escape(SYNTHETIC_MARK)}</strong></p>' if synthetic else ""
    if internal_label:
        marks += f'<p class="intern"><strong>{escape(internal_label)}</strong></p>'
    return Html(f'<div class="rapport-huvud">{marks}{_facts(facts)}</div>')


def footer(
    facts: Sequence[tuple[str, str]], deliveries: Sequence[DeliveryLine], shown: Sequence[ProtectedTable]
) -> Html:
    """Versions and checks as facts, the deliveries as a table and the definitions of all tables shown."""
    rows = "".join(
        f'<tr><th scope="row">{escape(line.name)}</th><td>{escape(line.last_period)}</td>'
        f'<td class="tal">{line.count}</td><td>{escape(line.received)}</td></tr>'
        for line in deliveries
    )
    table = (
        '<div class="tabellyta" role="region" tabindex="0" aria-labelledby="underlag-rubrik">'
        '<table class="rapport-tabell"><caption id="underlag-rubrik">Leveranser som rapporten bygger på</caption>'
        '<thead><tr><th scope="col">Underlag</th><th scope="col">Till och med</th>'
        '<th scope="col" class="tal">Antal leveranser</th><th scope="col">Senast mottagen</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )
    definitions = "".join(
        f"<dt>{escape(table.spec.title)}</dt><dd>{escape(tables.definition_of(table))} "
        f"Källa: {escape(tables.source_of(table))}.</dd>"
        for table in shown
    )
    folded = f"<details><summary>Definitioner av rapportens mått</summary><dl>{definitions}</dl></details>"
    return Html(f'<div class="rapport-fot">{_facts(facts)}{table}{folded if definitions else ""}</div>')


def _facts(facts: Sequence[tuple[str, str]]) -> str:
    return f"<dl>{''.join(f'<dt>{escape(name)}</dt><dd>{escape(text)}</dd>' for name, text in facts)}</dl>"
