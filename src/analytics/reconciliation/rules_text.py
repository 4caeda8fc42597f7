"""Numbers of the report's text against the tables they speak of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from analytics.reconciliation.findings import Finding, Result
from analytics.reconciliation.identities import text
from analytics.reconciliation.published import Cell, Table
from analytics.reconciliation.statements import Statement, understand
from analytics.reconciliation.vocabulary import RATE_KINDS, STAFF_KINDS

NAME = "text against tables"
_LINES = {"income": "intäkter", "staff": "personal", "operations": "drift", "capital": "kapitalkostnad",
          "net": "nettoresultat", "focus_travel": "drift/resor"}  # fmt: skip
_MONEY = ("kr", "tkr", "mnkr")


@dataclass(frozen=True, slots=True)
class TextResults:
    """Checks of the text, and the statements that no table answers."""

    results: tuple[Result, ...]
    not_checkable: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Candidate:
    """What the tables say, in the unit of the statement, with the interval that rounding leaves."""

    value: Decimal
    half: Decimal
    source: str
    measure: str
    later_minus_earlier: bool = False
    """Staff changes are later − earlier; ledger deviations are comparator − outcome."""


def check(tables: Sequence[Table]) -> TextResults:
    """Compare every statement of every text file."""
    results: list[Result] = []
    unanswered: list[str] = []
    for table in (each for each in tables if each.kind == "text"):
        context: dict[str, Statement] = {}
        for record, cell in zip(table.records, table.cells, strict=True):
            place = f"{record.get('seed', '')}:{record['line']}"
            statement = understand(record["statement"])
            if statement is None or cell.figure is None:
                unanswered.append(f"{place} {record['statement']} ({cell.shown} {record['unit']})")
                continue
            statement = _in_context(statement, context.get(place))
            candidates = _candidates(statement, record["unit"], cell.scale, context.get(place), tables)
            context[place] = statement
            if not candidates:
                unanswered.append(f"{place} {record['statement']} ({cell.shown} {record['unit']})")
                continue
            results.append(_compare(cell, statement, candidates))
    return TextResults(tuple(results), tuple(unanswered))


def _in_context(statement: Statement, before: Statement | None) -> Statement:
    """A statement without a subject speaks of the one before it in the same line of the text."""
    if statement.subjects or before is None:
        return statement
    return replace(statement, subjects=before.subjects)


def _candidates(
    statement: Statement, unit: str, scale: Decimal, before: Statement | None, tables: Sequence[Table]
) -> list[_Candidate]:
    if not statement.subjects:
        return []
    measures = [statement.measure] if statement.measure else ["outcome"]
    if not statement.measure and before is not None and before.measure not in ("", "outcome"):
        measures.append(before.measure)
    found = [_candidate(statement, measure, unit, scale, tables) for measure in measures]
    return [candidate for candidate in found if candidate is not None]


def _candidate(
    statement: Statement, measure: str, unit: str, scale: Decimal, tables: Sequence[Table]
) -> _Candidate | None:
    if measure == "vs_previous" and not _is_previous_year(statement, tables):
        return None
    if unit == "procent" and measure in ("vs_previous", "vs_budget"):
        return _relative(statement, measure, tables)
    if measure == "monthly":
        return _monthly(statement, scale, tables)
    cells = [_cell(subject, statement, measure, tables) for subject in statement.subjects]
    present = [cell for cell in cells if cell is not None]
    if len(present) != len(cells) or not _comparable(unit, present):
        return None
    return _Candidate(
        value=sum((cell.value * cell.scale for cell in present), Decimal(0)) / scale,
        half=sum((cell.half * cell.scale for cell in present), Decimal(0)) / scale,
        source="; ".join(f"{cell.file} {cell.location} ({cell.shown})" for cell in present),
        measure=measure,
        later_minus_earlier=any(cell.column == "change" for cell in present),
    )


def _is_previous_year(statement: Statement, tables: Sequence[Table]) -> bool:
    """A comparison with a named year can be checked only if it is the year before that of the tables."""
    years = {int(table.period[:4]) - 1 for table in tables if table.period}
    return statement.several_years or not statement.year or int(statement.year) in years


def _comparable(unit: str, cells: Sequence[Cell]) -> bool:
    staff = all(cell.column in ("current", "previous", "change") for cell in cells)
    return staff != (unit in _MONEY)


def _cell(subject: str, statement: Statement, measure: str, tables: Sequence[Table]) -> Cell | None:
    if subject in (*STAFF_KINDS, *RATE_KINDS):
        return _staff_cell(subject, statement, measure, tables)
    column = "outcome" if measure.startswith("year") else measure
    for table in tables:
        if table.kind == subject:
            total = next((row for row in table.rows if row.is_total), None)
            cell = table.cell(total.key, "", column) if total else None
            if cell and statement.origin == "total":
                return cell
    for kind in ("fr1_outcome", "fr1_forecast", "fr1_summary"):
        for table in (each for each in tables if each.kind == kind):
            cell = table.cell(_LINES.get(subject, ""), statement.origin, column)
            if cell:
                return cell
    return None


def _staff_cell(subject: str, statement: Statement, measure: str, tables: Sequence[Table]) -> Cell | None:
    for table in (each for each in tables if each.kind == subject):
        row = next((each for each in table.rows if each.is_total), table.rows[0])
        if measure in ("vs_previous", "change"):
            return table.cell(row.key, "T", "change")
        if measure.startswith("year") and statement.year in table.years:
            return table.cell(row.key, "T", "current" if statement.year == table.years[-1] else "previous")
        if measure in ("", "outcome"):
            return table.cell(row.key, "T", "current")
    return None


def _relative(statement: Statement, measure: str, tables: Sequence[Table]) -> _Candidate | None:
    """Percentage change: (comparator − outcome) / comparator, for the sum of the subjects."""
    base = "previous" if measure == "vs_previous" else "budget"
    outcomes = [_cell(subject, statement, "outcome", tables) for subject in statement.subjects]
    bases = [_cell(subject, statement, base, tables) for subject in statement.subjects]
    pairs = [(now, then) for now, then in zip(outcomes, bases, strict=True) if now and then]
    total = sum((then.value * then.scale for _, then in pairs), Decimal(0))
    if len(pairs) != len(bases) or not total:
        return None
    difference = total - sum((now.value * now.scale for now, _ in pairs), Decimal(0))
    slack = sum((now.half * now.scale + then.half * then.scale for now, then in pairs), Decimal(0))
    source = "; ".join(f"{now.file} {now.location} ({now.shown}) mot {then.shown}" for now, then in pairs)
    return _Candidate(difference / total * 100, abs(slack / total * 100), source, measure)


def _monthly(statement: Statement, scale: Decimal, tables: Sequence[Table]) -> _Candidate | None:
    """A monthly mean of last year, where a full-year column of that year exists."""
    for subject in statement.subjects:
        cell = _cell(subject, statement, "previous_year", tables)
        table = next((each for each in tables if cell and each.file == cell.file), None)
        if cell and table and statement.year == str(int(table.period[:4]) - 1):
            return _Candidate(
                cell.value * cell.scale / 12 / scale, cell.half * cell.scale / 12 / scale,
                f"{cell.file} {cell.location} ({cell.shown}) / 12", "monthly",
            )  # fmt: skip
    return None


def _compare(cell: Cell, statement: Statement, candidates: Sequence[_Candidate]) -> Result:
    problems = [_problem(cell, statement, candidate) for candidate in candidates]
    if "" in problems:
        return _held(cell, candidates[problems.index("")])
    nearest = min(range(len(candidates)), key=lambda index: _distance(cell, candidates[index]))
    candidate = candidates[nearest]
    why = f"{problems[nearest]} Against {candidate.source}."
    if statement.several_years:
        why += " The statement speaks of several years; the tables hold only the latest of them."
    return Result(
        NAME,
        Finding(
            file=cell.file, location=cell.location, check=NAME, printed=cell.shown,
            recomputed=text(candidate.value.quantize(Decimal("0.001"))),
            verdict="implausible" if statement.several_years else "contradiction", why=why,
        ),
    )  # fmt: skip


def _held(cell: Cell, candidate: _Candidate) -> Result:
    off = abs(abs(cell.value) - abs(candidate.value))
    if off <= cell.half + candidate.half:
        return Result(NAME)
    recomputed = text(candidate.value.quantize(Decimal("0.001")))
    why = f"It holds if the final zeros of {cell.shown} are rounding. Against {candidate.source}."
    return Result(NAME, Finding(cell.file, cell.location, NAME, cell.shown, recomputed, "rounding", why))


def _distance(cell: Cell, candidate: _Candidate) -> Decimal:
    largest = max(abs(cell.value), abs(candidate.value)) or Decimal(1)
    return abs(abs(cell.value) - abs(candidate.value)) / largest


def _text_half(cell: Cell) -> Decimal:
    """Prose rounds to whole tens and hundreds ("ca 100 tkr"): final zeros of a whole number may be rounding."""
    whole = str(cell.value) if cell.figure and not cell.figure.decimals else ""
    zeros = len(whole) - len(whole.rstrip("0")) if whole.strip("-0") else 0
    return cell.half.scaleb(zeros)


def _problem(cell: Cell, statement: Statement, candidate: _Candidate) -> str:
    """Empty if the statement holds."""
    deviation = "vs_" in candidate.measure
    allowed = _text_half(cell) + candidate.half
    plain = f"The tables give {text(candidate.value.quantize(Decimal('0.001')))}"
    if statement.direction and deviation:
        is_lower = (candidate.value > 0) != candidate.later_minus_earlier
        if abs(candidate.value) > allowed and is_lower != (statement.direction < 0):
            return f"{plain}, which is the other direction."
        off = abs(abs(cell.value) - abs(candidate.value))
    else:
        off = abs(cell.value - candidate.value)
    return "" if off <= allowed else f"{plain}; rounding explains at most {text(allowed)} but it is off by {text(off)}."
