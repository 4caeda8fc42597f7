"""How the goals stand: per goal area, and indicator by indicator with target, outcome, status and rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from analytics.goals import SENTENCES, STATUS_LABELS, Register, Status
from analytics.measures.catalogue import TABLES, MeasureTable
from analytics.measures.indicators.observed import in_words
from analytics.measures.indicators.standing import Standing, standings
from analytics.measures.scope import Data, Scope
from analytics.periods import day_label

SYMBOLS = {
    Status.MET: "●",
    Status.ON_TRACK: "◐",
    Status.NOT_MET: "○",
    Status.NOT_ASSESSABLE: "?",
    Status.NOT_MEASURED: "–",
}
"""Before the word of each status, so that none is told by colour or by the word alone."""
NOTHING = ""


def status_words(status: Status) -> str:
    """``● Uppfyllt``."""
    return f"{SYMBOLS[status]} {STATUS_LABELS[status]}"


def indicator_overview(data: Data, scope: Scope) -> MeasureTable:
    """How many indicators of each goal area have each status, with a total row.

    A person's judgement counts before the computed status. Columns: goal_area, goal_area_label, row_type, column (the
    statuses and ``all``), value (indicators). Source: 002:132, 002:144-535.
    """
    found = standings(data, scope)
    areas: dict[str, list[Standing]] = {}
    for each in found:
        areas.setdefault(each.indicator.goal_area, []).append(each)
    records: list[tuple[str, str, str, str, float]] = []
    for area, held in areas.items():
        records += [(area, area, "row", column, value) for column, value in _counts(held)]
    if found:
        records += [("", "Totalt", "total", column, value) for column, value in _counts(found)]
    spec = TABLES["indicator_overview"]
    frame = pl.DataFrame(records, schema={**dict.fromkeys(spec.keys, pl.String), "value": pl.Float64}, orient="row")
    return MeasureTable(spec, frame, dict(spec.labels), scope.period.label, _notes(found, scope))


def _counts(held: Sequence[Standing]) -> list[tuple[str, float]]:
    counted = [(str(status), float(sum(each.status is status for each in held))) for status in Status]
    return [*counted, ("all", float(len(held)))]


def _notes(found: Sequence[Standing], scope: Scope) -> tuple[str, ...]:
    plans = Register.read(scope.reference.folder).in_force(scope.period)
    words = (
        "Ej mätt: inget utfall finns för planens år, eller ännu inte, om indikatorn mäts senare på året. "
        "Kan inte bedömas: målet eller utfallet kan inte jämföras med varandra."
    )
    notes = [f"Plan: {each.label}. Indelning: {each.area_word.lower()}." for each in plans] if found else []
    notes.append(words)
    persons = sum(each.person is not None for each in found)
    if persons:
        noun = "En indikator räknas" if persons == 1 else f"{persons} indikatorer räknas"
        notes.append(f"{noun} efter en persons bedömning i stället för den beräknade statusen.")
    return tuple(notes)


def indicator_status(data: Data, scope: Scope) -> MeasureTable:
    """Every indicator under its goal area and goal: baseline and target as printed, outcome, status, rule, judgements.

    Columns: indicator (goal areas stand at level 1 as ``area-1`` …, goals at level 2 as ``goal-1`` …), indicator_label,
    level, column (target, baseline, outcome, status, reason, own, person), text, value (the outcome as a number, else
    null), n (the smallest group that the outcome tells of, 0 where none). Source: 002:144-535; status:
    ``docs/indicators.md``.
    """
    records: list[tuple[str, str, int, str, str | None, float | None, int]] = []
    areas: list[str] = []
    goals: list[tuple[str, str]] = []
    found = standings(data, scope)
    for each in found:
        indicator = each.indicator
        if indicator.goal_area not in areas:
            areas.append(indicator.goal_area)
            held = [other for other in found if other.indicator.goal_area == indicator.goal_area]
            met = sum(other.status is Status.MET for other in held)
            said = {"status": f"{met} av {len(held)} {'uppfylld' if len(held) == 1 else 'uppfyllda'}"}
            records += _heading(f"area-{len(areas)}", indicator.goal_area, 1, said)
        goal = (indicator.goal_area, indicator.goal)
        if goals[-1:] != [goal]:
            goals.append(goal)
            records += _heading(f"goal-{len(goals)}", indicator.goal, 2, {})
        records += [(indicator.id, indicator.title, 3, *cell) for cell in _cells(each)]
    spec = TABLES["indicator_status"]
    schema = {
        **dict.fromkeys(spec.keys, pl.String),
        "level": pl.Int64,
        "text": pl.String,
        "value": pl.Float64,
        "n": pl.Int64,
    }
    frame = pl.DataFrame(
        records, schema={name: schema[name] for name in (*spec.keys, "text", "value", "n")}, orient="row"
    )
    notes = (*_notes(found, scope), *_footnotes(found))
    return MeasureTable(spec, frame, dict(spec.labels), scope.period.label, notes)


def _footnotes(found: Sequence[Standing]) -> list[str]:
    """Each footnote of the plan once, with the indicators that it is about."""
    about: dict[str, list[str]] = {}
    for each in found:
        if each.indicator.footnote:
            about.setdefault(each.indicator.footnote, []).append(f"”{each.indicator.title}”")
    return [f"{', '.join(titles)}: {footnote}" for footnote, titles in about.items()]


def _heading(
    code: str, label: str, level: int, said: Mapping[str, str]
) -> list[tuple[str, str, int, str, str | None, float | None, int]]:
    columns = TABLES["indicator_status"].labels
    return [(code, label, level, column, said.get(column, NOTHING), None, 0) for column in columns]


def _cells(each: Standing) -> list[tuple[str, str | None, float | None, int]]:
    indicator, latest = each.indicator, each.latest
    outcome, value, n = NOTHING, None, 0
    if latest is not None:
        told = in_words(latest, indicator.unit, printed=each.computed.printed)
        outcome = f"{told}, {latest.seen.period.label}"
        value, n = latest.number, latest.n
    person = NOTHING
    if each.person is not None:
        said = each.person
        person = f"{status_words(said.status)}. {said.reason} {said.role}, {day_label(said.day)}"
    return [
        ("target", indicator.target_text or (indicator.title if indicator.generation == SENTENCES else ""), None, 0),
        ("baseline", indicator.baseline_text, None, 0),
        ("outcome", outcome, value, n),
        ("status", status_words(each.computed.status), None, n),
        ("reason", f"{each.computed.reason} {each.computed.rule}".strip(), None, each.n),
        ("own", each.own_words, None, 0),
        ("person", person, None, 0),
    ]
