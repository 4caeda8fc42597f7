"""Findings of the finder as a list that may leave: protected, in words and figures, for a file or for show."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape

from analytics import finder, swedish
from analytics.disclosure import findings as control
from analytics.disclosure.findings import SharedFindings
from analytics.finder.model import COMPARISONS, KINDS, Finding
from analytics.organisation import LEVELS
from analytics.sentences import findings as sentences
from analytics.settings import Audience

HEADINGS = ("Nr", "Var", "Månader", "Jämförs med", "Enhet", "Utfall", "Väntat", "Avvikelse", "Förklaring", "I ord")
NUMBERS = frozenset({"Nr", "Utfall", "Väntat", "Avvikelse"})
TITLE = "Avvikelser, de viktigaste först"
Value = str | float | int


@dataclass(frozen=True, slots=True)
class Listing:
    """Protected findings, one row each, in the order of :data:`HEADINGS`, and how many were withheld."""

    rows: tuple[tuple[Value, ...], ...]
    withheld: int

    @property
    def note(self) -> str:
        """What is left out, in Swedish; empty where nothing is."""
        if not self.withheld:
            return ""
        what = "avvikelse visas" if self.withheld == 1 else "avvikelser visas"
        return f"{self.withheld} {what} inte av sekretesskäl."

    def html(self) -> str:
        """The list as a table; every text is escaped."""
        head = "".join(f'<th scope="col">{escape(name)}</th>' for name in HEADINGS)
        body = "".join(
            "<tr>" + "".join(_cell(name, value) for name, value in zip(HEADINGS, row, strict=True)) + "</tr>"
            for row in self.rows
        )
        note = f'<p class="not">{escape(self.note)}</p>' if self.note else ""
        caption = f"<caption>{escape(TITLE)}</caption>"
        return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{note}"

    def csv(self, about: dict[str, str]) -> str:
        """The list for machines: decimal points, unrounded, what it is in columns at the end of each row."""
        stream = io.StringIO(newline="")
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow((*(name.lower().replace(" ", "_") for name in HEADINGS), *about))
        # A list of nothing still says what it is.
        rows = self.rows or (("",) * len(HEADINGS),)
        writer.writerows((*row, *about.values()) for row in rows)
        return stream.getvalue()


def _cell(name: str, value: Value) -> str:
    if isinstance(value, float):
        return f'<td class="tal">{escape(swedish.number(value, 0 if abs(value) >= 1000 else 1))}</td>'
    return f"<td{' class="tal"' if name in NUMBERS else ''}>{escape(str(value))}</td>"


def protected(found: Sequence[Finding], limits: Audience, *, sick_groups: frozenset[str], published: bool) -> Listing:
    """The findings that may be shown to an audience (:func:`permitted`), as a list."""
    shared = permitted(found, limits, sick_groups=sick_groups, published=published)
    return Listing(tuple(_row(each) for each in shared.findings), shared.withheld)


def permitted(
    found: Sequence[Finding], limits: Audience, *, sick_groups: frozenset[str], published: bool
) -> SharedFindings:
    """The findings that may be shown to an audience.

    What is ``published`` is about whole administrations, as the tables of packages are: findings below are withheld and
    counted, and parts that name a base unit or a cost centre are left out, and so is a single posting.
    """
    asked = [whole for each in found if (whole := _of_whole(each) if published else each) is not None]
    shared = control.protect(asked, limits, sick_groups=sick_groups)
    return SharedFindings(shared.findings, shared.withheld + len(found) - len(asked))


def _of_whole(finding: Finding) -> Finding | None:
    """The finding without parts that name a base unit or cost centre; None if it is nothing without them."""
    if finder.level_of(finding) != LEVELS[0]:
        return None
    finding = replace(finding, evidence=replace(finding.evidence, posting=None))
    if not any(level in part.keys for part in finding.parts for level in LEVELS[1:]):
        return finding
    return None if finding.kind in control.BETWEEN else replace(finding, parts=())


def _row(found: Finding) -> tuple[Value, ...]:
    return (
        found.rank,
        sentences.place(found),
        found.months.label,
        COMPARISONS[found.comparison],
        found.unit,
        found.outcome,
        found.expected,
        found.deviation,
        KINDS[found.kind],
        sentences.finding(found),
    )
