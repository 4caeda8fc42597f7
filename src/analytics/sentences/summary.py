"""Words of the summary: its key figures then and now, and what changed since its last version."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analytics import swedish
from analytics.companions import Changes, Earlier
from analytics.disclosure import ProtectedTable
from analytics.periods import Period
from analytics.sentences.words import MISSING, Figure, amount, find, listed, total_key

WRITERS: dict[str, Callable[[ProtectedTable], str]] = {}
"""Table id → what writes its sentence."""

NET = {"report_line": "net"}
TABLES = ("fr1_summary", "worked_fte", "sick_leave_pct", "overtime_fte")
"""Tables of the other reports whose totals are the key figures of the summary."""
GOALS = "indicator_overview"
"""Joins them where the unit has goals."""
MOST_DEVIATIONS = 5
NOT_COMPARED = "kan inte jämföras"
NOTHING = "ingen uppgift"
_MONTH = re.compile(r"(?<=; )20\d\d-\d\d(?=[: ])|^20\d\d-\d\d(?=[: ])")
"""The month that a place in the sentence of a check begins with."""


@dataclass(frozen=True, slots=True)
class ThenAndNow:
    """One key figure as printed in the earlier month and in this one."""

    label: str
    then: str
    now: str
    table_id: str


@dataclass(frozen=True, slots=True)
class _KeyFigure:
    label: str
    table_id: str
    column: str
    keys: dict[str, Any]
    printed: Callable[[float], str]


def then_and_now(tables: Mapping[str, ProtectedTable], earlier: Earlier) -> list[ThenAndNow]:
    """The key figures in the earlier package and now, where there is a table for them now.

    Where either is suppressed, neither is said.
    """
    rows = []
    for figure in _key_figures(tables):
        now = find(tables[figure.table_id], **figure.keys, column=figure.column)
        then = _stored(earlier, figure)
        if now.is_suppressed or then.is_suppressed:
            printed = [NOT_COMPARED, NOT_COMPARED]
        else:
            printed = [NOTHING if each.value is None else figure.printed(each.value) for each in (then, now)]
        rows.append(ThenAndNow(figure.label, printed[0], printed[1], figure.table_id))
    return rows


def _key_figures(tables: Mapping[str, ProtectedTable]) -> list[_KeyFigure]:
    found = [
        _KeyFigure("Netto hittills i år", "fr1_summary", "outcome", NET, _money),
        _KeyFigure("Netto enligt helårsprognosen", "fr1_summary", "forecast", NET, _money),
    ]
    for label, table_id in (
        ("Utförd arbetstid, årsarbetare", "worked_fte"),
        ("Sjukfrånvaro av ordinarie arbetstid", "sick_leave_pct"),
        ("Övertid, årsarbetare", "overtime_fte"),
    ):
        table = tables.get(table_id)
        if table is None:
            continue
        keys = {**(total_key(table) if not table.frame.is_empty() else {}), "sex": "T"}
        found.append(_KeyFigure(label, table_id, "current", keys, _number_of(table)))
    if GOALS in tables:
        found.append(_KeyFigure("Uppfyllda mål", GOALS, "met", {"row_type": "total"}, swedish.number))
    return found


def _money(kr: float) -> str:
    return amount(kr, signed=True)


def _number_of(table: ProtectedTable) -> Callable[[float], str]:
    decimals, unit = table.spec.decimals, table.spec.unit
    return lambda value: swedish.percent(value, decimals) if unit == "%" else swedish.number(value, decimals)


def _stored(earlier: Earlier, figure: _KeyFigure) -> Figure:
    codes = {key: value for key, value in figure.keys.items() if key != "label" and not key.endswith("_label")}
    wanted = {**codes, "column": figure.column}
    for row in earlier.tables.get(figure.table_id, ()):
        if all(row.get(key) == ("" if value is None else str(value)) for key, value in wanted.items()):
            if row["status"] == "suppressed":
                return Figure(None, "suppressed")
            value = row["value"]
            return Figure(value, "ok") if isinstance(value, float) else MISSING
    return MISSING


@dataclass(frozen=True, slots=True)
class LargeDeviation:
    """One of the largest deviations in words; ``cause`` is its largest part and may be empty."""

    label: str
    size: str
    cause: str
    place: int
    """Row of its amount in the frame, by which its comments are found."""


def largest_deviations(table: ProtectedTable) -> list[LargeDeviation]:
    """The first deviations of the table, which is ordered by size. Costs above and income below are unfavourable."""
    by_id: dict[str, dict[str, dict[str, Any]]] = {}
    for place, row in enumerate(table.frame.iter_rows(named=True)):
        by_id.setdefault(row["deviation"], {})[row["column"]] = {**row, "place": place}
    found = []
    for columns in list(by_id.values())[:MOST_DEVIATIONS]:
        size = _size(columns)
        cause = columns["cause"]["text"] or ""
        found.append(LargeDeviation(columns["amount"]["deviation_label"], size, cause, columns["amount"]["place"]))
    return found


def _size(columns: Mapping[str, dict[str, Any]]) -> str:
    """How large and which way, in tkr as in the table that it leads to and in the cause beside it."""
    row = columns["amount"]
    kr = row["value"]
    comparison, _, line = row["deviation"].partition("-")
    is_income = line == "income"
    # Comparator − outcome: a cost above it and an income below it are both negative.
    word = "högre" if (kr < 0) != is_income else "lägre"
    kind = "ogynnsamt" if kr < 0 else "gynnsamt"
    text = columns["percent"]["text"]
    share = text.lstrip(swedish.MINUS) if text.endswith("%") else ""
    of = f" ({share} av {'föregående års utfall' if comparison == 'previous' else 'budgeten'})" if share else ""
    return f"{swedish.thousands(abs(kr))} {word} {'intäkt' if is_income else 'kostnad'}, {kind}{of}"


def since_last_version(changes: Changes | None) -> list[str]:
    """How many figures have changed and which cannot be compared, as sentences."""
    if changes is None:
        return ["Detta är den första versionen av månadens rapport."]
    if not changes.since:
        return ["Den förra versionen finns inte kvar, så ingen siffra kan jämföras."]
    version = f"den förra versionen, framställd {changes.since}"
    if not changes.compared:
        said = [f"Ingen siffra kan jämföras med {version}."]
    elif changes.changed:
        compared, changed = swedish.number(changes.compared), swedish.number(changes.changed)
        said = [f"Av {compared} siffror har {changed} ändrats sedan {version}."]
    else:
        said = [f"Ingen siffra har ändrats sedan {version}."]
    if changes.untold:
        said.append(
            f"{swedish.number(changes.untold)} av dem gäller personal eller patienter och visas inte före "
            "och efter, eftersom skillnaden kan gälla en enda person."
        )
    if changes.hidden:
        said.append(
            f"{_counted(changes.hidden, 'uppgift', 'uppgifter')} visas inte av sekretesskäl och kan inte jämföras."
        )
    if changes.apart:
        said.append(
            f"{_counted(changes.apart, 'tabell', 'tabeller')} kan inte jämföras, eftersom sekretessen döljer olika "
            "uppgifter i de två versionerna."
        )
    if changes.redone:
        many = "tabeller är nya, borttagna eller omgjorda"
        said.append(f"{_counted(changes.redone, 'tabell är ny, borttagen eller omgjord', many)}.")
    return said


def _counted(count: int, one: str, many: str) -> str:
    return f"{swedish.number(count)} {one if count == 1 else many}"


@dataclass(frozen=True, slots=True)
class Remark:
    """One check of the deliveries that failed, with how many times and how severe."""

    table: str
    title: str
    reason: str
    is_critical: bool
    times: int
    months: str = ""
    """The first months that deviate, in words; empty where the check says none."""


def remarks(outcomes: Iterable[Mapping[str, Any]]) -> list[Remark]:
    """Failed outcomes by check: errors first, then those that failed most often."""
    groups: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for outcome in outcomes:
        if not outcome["passed"]:
            groups.setdefault((outcome.get("table", ""), outcome["title"]), []).append(outcome)
    found = [
        Remark(
            *name,
            group[0]["reason"],
            group[0].get("severity") == "critical",
            len(group),
            _months([outcome.get("detail", "") for outcome in group]),
        )
        for name, group in groups.items()
    ]
    return sorted(found, key=lambda remark: (not remark.is_critical, -remark.times, remark.title))


def _months(details: Sequence[str]) -> str:
    """``juli 2016 och juli 2017``, with ``bland annat`` where the check has not named all that deviate."""
    named, counted = [], 0
    for detail in details:
        before, _, places = detail.partition(" avviker: ")
        labels = [Period.parse(found[0]).label for found in _MONTH.finditer(places)]
        if not labels:
            return ""
        named += labels
        number = re.sub(r"\s", "", before.partition(" av ")[0])
        counted += int(number) if number.isdigit() else len(labels)
    more = "bland annat " if counted > len(named) else ""
    return f"{more}{listed(list(dict.fromkeys(named)))}" if named else ""


def quality(found: Sequence[Remark]) -> str:
    """Whether the figures can be used, in one sentence."""
    critical = sum(remark.is_critical for remark in found)
    if critical:
        return "Siffrorna kan vara fel: underlaget har allvarliga fel, som ska rättas innan siffrorna används."
    if found:
        return "Siffrorna kan användas, men något i det gemensamma underlaget avviker och bör förklaras:"
    return "Siffrorna kan användas. Inga kontroller av underlaget gav anmärkning."
