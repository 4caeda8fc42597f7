"""A protected table as accessible HTML (WCAG 2.1 AA): caption, header cells tied to data cells, scrollable region.

Classes that the page template styles: ``tabellyta`` (scrollable region; ``bred``
if it needs a page of paper on its side), ``rapport-tabell``, ``tal`` (number cell), ``ord`` (cell in words;
``mening`` if they are long, ``kort`` if they are short), ``summa`` (total row), ``grupp`` (row that names those below
it), ``niva-1`` … ``niva-9`` (indent of a row heading), ``sekretess``
and ``saknas`` (cells without a number), ``dold`` (text for screen readers only), ``not`` (text under the table),
``definition`` (details element).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from typing import Any

from analytics import grid, swedish
from analytics.disclosure import ProtectedTable

SUPPRESSED_TEXT = "uppgiften visas inte av sekretesskäl"
MISSING_TEXT = "ingen uppgift"
MOST_UPRIGHT_LETTERS = 125
"""Letters side by side that can be read on an upright page of paper; a table that needs more is laid on its side."""
GAP = 2
"""Letters that the space between two columns takes."""
HEAD_LETTERS, WORD_LETTERS = 30, 22
"""A row heading, and a column in words, is set on lines of at most so many letters."""
SHORT_TEXT = 16
"""Letters; a column of texts no longer than this is not broken."""
LONG_TEXT = 40
"""Letters; a column of longer texts is given room on a narrow screen, where the table is scrolled anyway."""
# Line numbers in the source document are for those who maintain the definitions, not for readers.
_CODES = re.compile(r"\s*\(series:[^)]*\)")
# A number with a sign or a unit of its own is text too, but is read from the right like its neighbours.
_NUMERIC = re.compile(r"[+\u2212]?\d+(?:\u00a0\d{3})*(?:,\d+)?(?:\u00a0%)?")
_LINE_REFERENCE = re.compile(r"\s*\(\d{3}:[^)]*\)")


@dataclass(frozen=True, slots=True)
class HtmlTable:
    """A finished table. Shows itself as HTML, and as plain protected text where HTML cannot be shown."""

    html: str
    text: str

    def _repr_html_(self) -> str:
        return self.html

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        del include, exclude
        return {"text/html": self.html, "text/plain": self.text}


def show(protected: ProtectedTable, *, unit: str | None = None, name: str | None = None) -> HtmlTable:
    """The whole table with caption, notes and definition.

    ``unit`` is kr or tkr for tables of amounts (default: as the printed report). ``name`` prefixes the ids and is
    needed only where one table stands twice on a page. Raises DisclosureError unless the table is protected.
    """
    table = grid.require_protected(protected)
    grid.printed_unit(table, unit)
    if (table.frame["status"] == "missing").all():
        return _empty(table)
    layout = grid.build(table, unit=unit)
    prefix = name or f"tabell-{table.spec.table_id}"
    caption = caption_of(table, layout)
    html = render(layout, caption=caption, prefix=prefix) + notes(table, layout)
    return HtmlTable(html, plain(layout, caption))


def caption_of(table: grid.Figures, layout: grid.Grid) -> str:
    """Title, period and unit: ``Utförd arbetstid, januari–februari 2018 (årsarbetare)``."""
    words = grid.UNIT_WORDS.get(layout.unit, layout.unit)
    change = f"förändring i {table.spec.change_unit}" if table.spec.change_unit else ""
    # A unit that the title says, or that is none, is not said again.
    said = words.lower() in table.spec.title.lower() or words == grid.NO_UNIT
    units = ", ".join(part for part in ("" if said else words, change) if part)
    return f"{table.spec.title}, {table.period_label}{f' ({units})' if units else ''}"


def render(layout: grid.Grid, *, caption: str, prefix: str) -> str:
    """The table element in its scrollable region; every text is escaped."""
    head = _two_level_head(layout, prefix) if layout.groups else _one_level_head(layout, prefix)
    body = "".join(_row(row, layout, prefix, index) for index, row in enumerate(layout.rows))
    wide = " bred" if _letters(layout) > MOST_UPRIGHT_LETTERS else ""
    return (
        f'<div class="tabellyta{wide}" role="region" tabindex="0" aria-labelledby="{escape(prefix)}-rubrik">'
        f'<table class="rapport-tabell"><caption id="{escape(prefix)}-rubrik">{escape(caption)}</caption>'
        f"<thead>{head}</thead><tbody>{body}</tbody></table></div>"
    )


def _letters(layout: grid.Grid) -> int:
    """How many letters stand side by side, with headings broken between words and long texts set on lines."""
    heads = [
        min(max((len(row.heads[place]) for row in layout.rows), default=0), HEAD_LETTERS)
        for place in range(len(layout.heads))
    ]
    columns = []
    for place, heading in enumerate(layout.columns):
        longest = max((len(row.cells[place].text) for row in layout.rows), default=0)
        text = min(longest, WORD_LETTERS) if layout.in_words(place) else longest
        columns.append(max(text, *(len(word) for word in heading.split())))
    return sum(width + GAP for width in (*heads, *columns))


def notes(table: grid.Figures, layout: grid.Grid) -> str:
    """What a reader must know (visible) and the definition with its source (folded)."""
    lines = list(table.notes)
    if layout.has_missing:
        lines.append("En tom ruta betyder att det inte finns någon uppgift.")
    if layout.has_suppressed:
        lines.append(f"Tecknet{swedish.HARD_SPACE}{table.mark} betyder att uppgiften inte visas av sekretesskäl.")
    definition = escape(definition_of(table))
    source = escape(_sentence(source_of(table)))
    title = escape(table.spec.title)
    return (
        f'{_visible(lines)}<details class="definition"><summary>Definition och källa: {title}</summary>'
        f'<p class="not">Definition: {definition}</p><p class="not">Källa: {source}</p></details>'
    )


def definition_of(table: grid.Figures) -> str:
    """The definition as a sentence, without the codes of the columns."""
    return _sentence(_CODES.sub("", table.spec.definition))


def source_of(table: grid.Figures) -> str:
    """The source of the definition, without line numbers."""
    return _LINE_REFERENCE.sub("", table.spec.source)


def plain(layout: grid.Grid, caption: str) -> str:
    """The same cells as text, for places that show no HTML."""
    groups = [label for label, width in layout.groups for _ in range(width)]
    columns = [f"{groups[index]} {name}" if groups else name for index, name in enumerate(layout.columns)]
    lines = [caption, "\t".join((*layout.heads, *columns))]
    lines += ["\t".join((*row.heads, *(cell.text for cell in row.cells))) for row in layout.rows]
    return "\n".join(lines)


def _empty(table: ProtectedTable) -> HtmlTable:
    text = f"{table.spec.title}, {table.period_label}: det finns inga uppgifter att redovisa."
    # Why there is nothing, and what else a reader must know, stands in the notes.
    return HtmlTable(f'<p class="saknas-tabell">{escape(text)}</p>{_visible(list(table.notes))}', text)


def _visible(lines: list[str]) -> str:
    return f'<p class="not">{" ".join(escape(_sentence(line)) for line in lines)}</p>' if lines else ""


def _one_level_head(layout: grid.Grid, prefix: str) -> str:
    heads = "".join(f'<th scope="col">{escape(text)}</th>' for text in layout.heads)
    cells = "".join(
        f'<th scope="col" class="{_alignment(layout, index)}" id="{escape(prefix)}-k{index}">{escape(text)}</th>'
        for index, text in enumerate(layout.columns)
    )
    return f"<tr>{heads}{cells}</tr>"


def _two_level_head(layout: grid.Grid, prefix: str) -> str:
    heads = "".join(f'<th scope="col" rowspan="2">{escape(text)}</th>' for text in layout.heads)
    groups = "".join(
        f'<th scope="colgroup" colspan="{width}" id="{escape(prefix)}-g{index}">{escape(text)}</th>'
        for index, (text, width) in enumerate(layout.groups)
    )
    cells = "".join(
        f'<th scope="col" class="{_alignment(layout, index)}" id="{escape(prefix)}-k{index}">{escape(text)}</th>'
        for index, text in enumerate(layout.columns)
    )
    return f"<tr>{heads}{groups}</tr><tr>{cells}</tr>"


def _alignment(layout: grid.Grid, place: int) -> str:
    if not layout.in_words(place):
        return "tal"
    texts = [row.cells[place].text for row in layout.rows if row.cells[place].status == "ok"]
    if all(_NUMERIC.fullmatch(text) for text in texts if text) and any(texts):
        return "tal"
    longest = max(len(text) for text in texts)
    return "ord mening" if longest > LONG_TEXT else "ord kort" if longest <= SHORT_TEXT else "ord"


def _row(row: grid.Row, layout: grid.Grid, prefix: str, index: int) -> str:
    safe = escape(prefix)
    # A total of everything has the same words in each heading, which are said once.
    is_whole = len(row.heads) > 1 and len(set(row.heads)) == 1
    shown = row.heads[:1] if is_whole else row.heads
    span = f' colspan="{len(row.heads)}"' if is_whole else ""
    heads = "".join(
        f'<th scope="row"{span} class="niva-{row.level}" id="{safe}-r{index}-{place}">{escape(text)}</th>'
        for place, text in enumerate(shown)
    )
    of_row = " ".join(f"{safe}-r{index}-{place}" for place in range(len(shown)))
    group_of = [number for number, (_, width) in enumerate(layout.groups) for _ in range(width)]
    cells = []
    for place, cell in enumerate(row.cells):
        group = f"{safe}-g{group_of[place]} " if group_of else ""
        css, content = _content(cell, _alignment(layout, place))
        cells.append(f'<td class="{css}" headers="{of_row} {group}{safe}-k{place}">{content}</td>')
    css = ' class="summa"' if row.is_total else ' class="grupp"' if _is_heading(row, layout) else ""
    return f"<tr{css}>{heads}{''.join(cells)}</tr>"


def _is_heading(row: grid.Row, layout: grid.Grid) -> bool:
    """Whether a row only names what the rows below it are about: at most one of its cells says something."""
    deepest = max(other.level for other in layout.rows)
    return row.level < deepest and sum(bool(cell.text) for cell in row.cells) <= 1 < len(row.cells)


def _content(cell: grid.Cell, alignment: str) -> tuple[str, str]:
    if cell.status == "suppressed":
        shown = f'<span aria-hidden="true">{escape(cell.text)}</span>'
        return f"{alignment} sekretess", f'{shown}<span class="dold">{SUPPRESSED_TEXT}</span>'
    if cell.status == "missing":
        return f"{alignment} saknas", f'<span class="dold">{MISSING_TEXT}</span>'
    return alignment, escape(cell.text)


def _sentence(text: str) -> str:
    stripped = text.strip()
    return stripped if stripped.endswith((".", "!", "?")) else f"{stripped}."
