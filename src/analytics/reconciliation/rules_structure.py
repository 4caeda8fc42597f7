"""Form: printed against value, blanks, duplicates, missing cells, and signs that cannot be."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from analytics.reconciliation import printed as forms
from analytics.reconciliation.findings import Finding, Result, Verdict
from analytics.reconciliation.published import Cell, Table
from analytics.reconciliation.vocabulary import FR1_KINDS, LEDGER_KINDS, PIVOT_KINDS, RATE_KINDS, STAFF_KINDS

_WORDS = {"två": 2, "tre": 3, "fyra": 4, "fem": 5, "sex": 6, "sju": 7, "åtta": 8, "nio": 9, "tio": 10}
_DATED = re.compile(r"(?:19|20)\d{2}(?:_\d{2})?")
_NAMING = ("what_to_follow_up", "indicator", "measure", "unit", "item")
"""The column that names what a line of a list is about, by the first that the list has."""
_LEVELS = ("outcome", "budget", "previous", "forecast", "budget_year", "previous_year")


def check(table: Table) -> Iterator[Result]:
    """All checks of form of one table."""
    for cell in table.cells:
        yield from _printed(cell)
        yield from _sign(table, cell)
    yield from _duplicates(table)
    yield from _register(table)
    yield from _period(table)
    yield from _grid(table)


def found(cell: Cell, check: str, recomputed: str, verdict: Verdict, why: str) -> Result:
    """A finding about one cell."""
    return Result(check, Finding(cell.file, cell.location, check, cell.shown, recomputed, verdict, why))


def _printed(cell: Cell) -> Iterator[Result]:
    name = "printed text and value"
    value = _decimal(cell.value_text)
    numbers = forms.numbers_in(cell.printed)
    if cell.value_text and value is None:
        yield found(cell, name, "a number", "contradiction", f"The value {cell.value_text!r} is not a number.")
    elif (value is None) != (not numbers):
        if cell.printed.casefold() not in ("saknas", "ej relevant", "-", ".."):
            recomputed = cell.value_text or "blank"
            yield found(cell, name, recomputed, "contradiction", "One of printed and value is blank; blank is not 0.")
    elif value is not None and value not in {figure.value for figure in numbers}:
        why = "The value column is not the number that is printed."
        yield found(cell, name, cell.value_text, "contradiction", why)
    else:
        yield Result(name)


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return None


def _sign(table: Table, cell: Cell) -> Iterator[Result]:
    name = "sign"
    if cell.figure is None:
        return
    if table.kind in STAFF_KINDS and cell.column != "change":
        wrong, rule = cell.value < 0, "Hours and persons are never negative."
    elif table.kind in RATE_KINDS and cell.column != "change":
        wrong, rule = not 0 <= cell.value <= 100, "A share lies between 0 and 100 per cent."
    elif table.kind in LEDGER_KINDS and cell.column in _LEVELS:
        nature = _nature(table, cell)
        wrong = (nature == "income" and cell.value > 0) or (nature == "cost" and cell.value < 0)
        rule = "Income is printed as negative and cost as positive; a reversal larger than the cost would explain it."
    elif table.kind == "budget":
        label = cell.row.rpartition("/")[2].casefold()
        wrong = cell.value > 0 if label.startswith("intäkt") else cell.value < 0
        rule = "Income is budgeted as negative and cost as positive."
    elif table.kind in ("needs", "efficiency", "index"):
        wrong, rule = cell.value < 0, "An amount of need, saving or uprating is not negative."
    else:
        return
    if wrong:
        yield found(cell, name, "the other sign" if cell.value else "0", "implausible", rule)
    else:
        yield Result(name)


def _nature(table: Table, cell: Cell) -> str:
    if table.kind in FR1_KINDS:
        label = cell.row.rpartition("/")[2]
        if "netto" in label:
            return ""
        return "income" if "intäkt" in label else "cost"
    first = (cell.row if table.kind in PIVOT_KINDS else cell.row.rpartition("/")[2])[:1]
    return "income" if first == "3" else "cost" if first.isdigit() else ""


def _duplicates(table: Table) -> Iterator[Result]:
    name = "duplicates"
    skipped = {"printed", "seed_line", "seed_lines", "line"} if table.kind != "budget" else {"printed", "seed_line"}
    if table.kind == "text":
        skipped = {"printed"}
    if table.cells and table.kind not in ("text", "register"):
        skipped |= {
            key for key in table.records[0] if key.startswith("value") or key in ("fte", "headcount", "percent")
        }
    keys = [tuple(value for key, value in record.items() if key not in skipped) for record in table.records]
    counts = Counter(keys)
    first_line: dict[tuple[str, ...], int] = {}
    for number, key in enumerate(keys, start=2):
        if counts[key] == 1:
            yield Result(name)
        elif key in first_line:
            place = " · ".join(text for text in key if text)
            why = f"The same row stands on line {first_line[key]} already."
            yield Result(
                name, Finding(table.file, f"rad {number}: {place}", name, place, "one row", "contradiction", why)
            )
        else:
            first_line[key] = number


def _period(table: Table) -> Iterator[Result]:
    """The years and months in the columns are those of the file name."""
    name = "period of the columns"
    if not table.period:
        return
    headings: dict[str, int] = {}
    for number, record in enumerate(table.records, start=2):
        headings.setdefault(record.get("year") or record.get("column") or record.get("column_block") or "", number)
    dated = {heading: number for heading, number in headings.items() if _DATED.search(heading)}
    latest = max((heading for heading in dated if heading.isdigit()), default="")
    for heading, number in dated.items():
        expected = table.period if len(_DATED.findall(heading)[0]) > 4 else table.period[:4]
        if heading.isdigit() and heading != latest:
            expected = str(int(latest) - 1)
        if _DATED.findall(heading)[0] == expected:
            yield Result(name)
            continue
        why = "The column speaks of another period than the name of the file."
        yield Result(
            name, Finding(table.file, f"rad {number}: {heading}", name, heading, expected, "contradiction", why)
        )


def _register(table: Table) -> Iterator[Result]:
    """Lists without figures: the naming text is there, and a threshold is a number of its own sentence."""
    if table.kind != "register":
        return
    column = next((each for each in _NAMING if each in table.records[0]), "")
    for number, record in enumerate(table.records, start=2):
        text, threshold = record.get(column, ""), record.get("threshold_value", "")
        others = " · ".join(value for key, value in record.items() if key != column and value)[:120]
        if column and not text:
            why = f"The column {column} is blank."
            finding = Finding(
                table.file, f"rad {number}: {others}", "missing text", "blank", "a text", "implausible", why
            )
            yield Result("missing text", finding)
        else:
            yield Result("missing text")
        stated = {figure.value for figure in forms.numbers_in(text)}
        stated |= {Decimal(_WORDS[word]) for word in text.casefold().split() if word in _WORDS}
        if threshold and stated and _decimal(threshold) not in stated:
            why = "The threshold is not among the numbers of its own text."
            listed = ", ".join(str(each) for each in sorted(stated))
            place = f"rad {number}: {text[:120]}"
            yield Result(
                "threshold and text",
                Finding(table.file, place, "threshold and text", threshold, listed, "contradiction", why),
            )
        elif threshold:
            yield Result("threshold and text")


def _grid(table: Table) -> Iterator[Result]:
    """Every row has every column and part that the table has."""
    name = "missing cells"
    if table.kind not in (*STAFF_KINDS, *RATE_KINDS, *LEDGER_KINDS):
        return
    for row in table.rows:
        present = [cell for cell in table.cells if cell.row == row.key]
        keys = {(cell.part, cell.column) for cell in present}
        for part in table.parts:
            for column in table.columns:
                if (part, column) in keys:
                    yield Result(name)
                else:
                    place = f"{present[0].location} ({part or 'rad'} · {column})"
                    why = "The other rows have this cell; a cell without posting is printed as blank, not left out."
                    yield Result(name, Finding(table.file, place, name, "–", "a cell", "contradiction", why))
