"""``andringar.html``: everything that differs from the version before, table by table and in the text, in Swedish."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Final

from analytics import swedish
from analytics.comments import markdown
from analytics.measures.catalogue import TABLES
from analytics.periods import Period
from analytics.reports import quality, versions
from analytics.reports.differences import Differences, FigureChange, TableDifference
from analytics.reports.texts import TextChange

TITLE: Final = "Vad som har ändrats"
KINDS: Final = {"key_figure": "Nyckeltal", "sentence": "Meningar", "comment": "Kommentarer och åtgärdsplaner"}
WHAT: Final = {"new": "Ny", "corrected": "Rättad", "gone": "Finns inte längre"}
WITHOUT: Final = "–"
STATES: Final = {
    "apart": "Sekretessen döljer olika uppgifter i de två versionerna. Därför jämförs ingen av siffrorna; en dold "
    "uppgift kunde annars räknas fram.",
    "new": "Tabellen fanns inte i den förra versionen.",
    "removed": "Tabellen finns inte längre.",
    "redone": "Tabellen har gjorts om och kan inte jämföras siffra för siffra.",
}


@dataclass(frozen=True, slots=True)
class Names:
    """Where things stand and what they are called: table → link to it, table → title, report → title."""

    places: Mapping[str, str] = field(default_factory=dict)
    tables: Mapping[str, str] = field(default_factory=dict)
    reports: Mapping[str, str] = field(default_factory=dict)

    def table(self, table_id: str) -> str:
        """The title of a table, also of one that is no longer made."""
        known = TABLES[table_id].title if table_id in TABLES else table_id
        return self.tables.get(table_id, known)

    def linked(self, table_id: str) -> str:
        """The title as HTML, as a link to the table where it stands on a page."""
        title, href = escape(self.table(table_id)), self.places.get(table_id)
        return f'<a href="{escape(href)}">{title}</a>' if href else title


def body(differences: Differences | None, names: Names) -> str:
    """The content of the page; ``differences`` is None for the first version."""
    if differences is None:
        return f"<h1>{TITLE}</h1><p>Detta är den första versionen av månadens rapport.</p>"
    parts = [f"<h1>{TITLE}</h1>", _introduction(differences)]
    if differences.since_version is not None:
        parts += [
            _deliveries(differences),
            "<h2>Ändrade siffror</h2>",
            _figures(differences.tables, names),
            "<h2>Ändrade texter</h2>",
            _texts(differences, names),
        ]
    return "\n".join(parts)


def _introduction(differences: Differences) -> str:
    words = versions.in_words(differences.reason)
    reason = f"Anledningen till den nya versionen: {swedish.inline(words)}."
    if differences.since_version is None:
        return f"<p>Den förra versionen finns inte kvar, så ingenting kan jämföras. {escape(reason)}</p>"
    tables = differences.tables
    changed = sum(each.changed for each in tables)
    compared = swedish.number(sum(each.compared for each in tables))
    earlier = f"version {differences.since_version}, framställd {differences.since}"
    said = [f"Version {differences.version} jämförs med {earlier}. {reason}"]
    said.append(
        f"Av {compared} siffror har {swedish.number(changed) if changed else 'ingen'} ändrats. Siffrorna jämförs så "
        "som de är tryckta, så en skillnad mindre än avrundningen räknas inte."
    )
    untold, hidden = sum(each.untold for each in tables), sum(each.hidden for each in tables)
    if untold:
        said.append(
            f"{swedish.number(untold)} av de ändrade siffrorna gäller personal eller patienter och visas inte före och "
            "efter, eftersom skillnaden kan vara rättelsen av en enda persons uppgifter. De nya siffrorna står i sina "
            "tabeller."
        )
    if hidden:
        said.append(f"{_counted(hidden, 'uppgift', 'uppgifter')} visas inte av sekretesskäl och jämförs inte.")
    return "".join(f"<p>{escape(text)}</p>" for text in said)


def _deliveries(differences: Differences) -> str:
    """What came in between the two versions: first what was missed, then every delivery."""
    found = differences.deliveries
    arrived = "".join(f"<li>{escape(line)}</li>" for line in differences.arrived)
    missed = f"<ul>{arrived}</ul>" if arrived else ""
    if not found:
        return f"<h2>Nytt i underlaget</h2>{missed}<p>Underlaget är detsamma som i den förra versionen.</p>"
    rows = "".join(
        f'<tr><th scope="row">{escape(quality.LAYOUT_NAMES.get(each.layout, each.layout))}</th>'
        f"<td>{escape(Period.parse(each.period).label)}</td><td>{WHAT[each.what]}</td>"
        f"<td>{escape(each.file)}</td></tr>"
        for each in found
    )
    return f"<h2>Nytt i underlaget</h2>{missed}{_table('Leveranser', ('Uppgifter', 'Månad', 'Vad', 'Fil'), rows)}"


def _figures(tables: Sequence[TableDifference], names: Names) -> str:
    parts = [_figures_of(each, names) for each in tables if each.figures]
    counted = [each for each in tables if each.untold and not each.figures]
    if counted:
        items = "".join(
            f"<li>{names.linked(each.table_id)}: {_counted(each.untold, 'ändrad siffra', 'ändrade siffror')}</li>"
            for each in counted
        )
        parts.append(
            "<h3>Tabeller om personal och patienter</h3><p>I dessa tabeller har siffror ändrats utan att de visas före "
            f"och efter.</p><ul>{items}</ul>"
        )
    if not parts:
        parts.append("<p>Ingen siffra har ändrats.</p>")
    parts += [_not_compared(tables, names)]
    return "\n".join(parts)


def _figures_of(table: TableDifference, names: Names) -> str:
    rows = "".join(_figure(figure) for figure in table.figures)
    count = _counted(len(table.figures), "ändrad siffra", "ändrade siffror")
    caption = f"{names.table(table.table_id)}: {count}"
    more = ""
    if table.untold:
        text = (
            f"{_counted(table.untold, 'ändrad siffra till visas', 'ändrade siffror till visas')} inte före och efter."
        )
        more = f'<p class="not">{text}</p>'
    return (
        f"<h3>{names.linked(table.table_id)}</h3>"
        f"{_table(caption, ('Rad', 'Kolumn', 'Före', 'Efter'), rows, right=2 if _is_numeric(table) else 4)}{more}"
    )


def _is_numeric(table: TableDifference) -> bool:
    return any(each.before_value is not None or each.after_value is not None for each in table.figures)


def _figure(figure: FigureChange) -> str:
    number = figure.before_value is not None or figure.after_value is not None
    css = "tal" if number else "ord"
    return (
        f'<tr><th scope="row">{escape(figure.row or "Totalt")}</th><td>{escape(figure.column or WITHOUT)}</td>'
        f'<td class="{css}">{escape(figure.before)}</td><td class="{css}">{escape(figure.after)}</td></tr>'
    )


def _not_compared(tables: Sequence[TableDifference], names: Names) -> str:
    parts = []
    for state, why in STATES.items():
        items = "".join(f"<li>{names.linked(each.table_id)}</li>" for each in tables if each.state == state)
        if items:
            parts.append(f"<p>{why}</p><ul>{items}</ul>")
    return f"<h3>Tabeller som inte kan jämföras</h3>{''.join(parts)}" if parts else ""


def _texts(differences: Differences, names: Names) -> str:
    if not differences.has_texts:
        return "<p>Den förra versionens texter finns inte kvar som de publicerades och kan inte jämföras.</p>"
    parts = []
    for kind, title in KINDS.items():
        found = [each for each in differences.texts if each.kind == kind]
        if found:
            rows = "".join(_text(each, names) for each in found)
            parts.append(f"<h3>{title}</h3>{_table(title, ('Om', 'Före', 'Efter'), rows, right=3)}")
    if differences.untold_texts:
        counted = _counted(differences.untold_texts, "text", "texter")
        parts.append(
            f"<p>{counted} om personal eller patienter har ändrats och visas inte före och efter, eftersom skillnaden "
            "kan gälla en enda person.</p>"
        )
    return "\n".join(parts) or "<p>Inga nyckeltal, meningar eller kommentarer har ändrats.</p>"


def _text(change: TextChange, names: Names) -> str:
    about = names.table(change.table_id) if change.kind == "sentence" else change.about
    report = names.reports.get(change.report, change.report)
    cells = [
        (markdown.to_html(text) if change.kind == "comment" else escape(text)) if text else WITHOUT
        for text in (change.before, change.after)
    ]
    tail = "".join(f'<td class="ord mening">{cell}</td>' for cell in cells)
    return f'<tr><th scope="row">{escape(report)}: {escape(about)}</th>{tail}</tr>'


def _table(caption: str, headings: tuple[str, ...], rows: str, *, right: int = 4) -> str:
    """``right`` is the first column whose heading stands to the right, above numbers."""
    heads = "".join(
        f'<th scope="col"{' class="tal"' if place >= right else ""}>{heading}</th>'
        for place, heading in enumerate(headings)
    )
    return (
        f'<table class="rapport-tabell"><caption>{escape(caption)}</caption><thead><tr>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def _counted(count: int, one: str, many: str) -> str:
    return f"{swedish.number(count)} {one if count == 1 else many}"
