"""Sentences about care units: who reaches the targets, who lies outside the limits, which series have a signal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from analytics import swedish
from analytics.care_follow_up import SHARE_OF, SHARES
from analytics.disclosure import ProtectedTable
from analytics.measures.catalogue.care_units import CHARTS, FUNNEL, FUNNELS
from analytics.periods import Period
from analytics.sentences.words import figure, listed, records, rounds_to_zero, sentence

NOTHING = "Det finns inga uppgifter om vårdenheterna för perioden."
TOO_SHORT = "Månaderna är ännu för få för att skilja en signal från vanliga svängningar."
NAMED = 4
"""Units named in a sentence before it counts the rest."""
RECENT = 12
_INSIDE = "inom gränserna"
_FEW = "för få månader"


def _name(row: dict[str, Any]) -> str:
    return str(row["care_unit_label"]).partition(" (")[0]


def _shown(table: ProtectedTable, **keys: Any) -> list[dict[str, Any]]:
    return [row for row in records(table, **keys) if row["status"] == "ok" and row["care_unit"] not in ("", "target")]


def reached(table: ProtectedTable, share: str) -> tuple[int, int] | None:
    """How many of the units whose share is shown reach its target; None where the target is no value."""
    target = next(iter(records(table, care_unit="target", column=share)), None)
    aim = figure(target).value
    if aim is None:
        return None
    values = [row["value"] for row in _shown(table, column=share) if row["value"] is not None]
    return sum(value >= aim for value in values), len(values)


def overview(table: ProtectedTable) -> str:
    """How many units reach each target."""
    counted = [(share, reached(table, share.code)) for share in SHARES]
    parts = [f"{swedish.inline(share.label)} {found[0]} av {found[1]}" for share, found in counted if found]
    if not _shown(table):
        return NOTHING
    return f"Så många av vårdenheterna når målet: {listed(parts)}. Enheter vars andel inte får visas räknas inte."


def shares(table: ProtectedTable) -> str:
    """The largest change upwards and downwards since a year before."""
    changes = [row for row in _shown(table, column="change") if row["value"] is not None]
    if not changes:
        return "Det finns inga uppgifter om samma period föregående år att jämföra med."
    highest, lowest = (pick(changes, key=lambda row: row["value"]) for pick in (max, min))
    said = []
    for row, word in ((highest, "ökat"), (lowest, "minskat")):
        if (row["value"] > 0) == (word == "ökat") and not rounds_to_zero(row["value"], 1):
            label = swedish.inline(row["share_label"])
            step = f"{swedish.number(abs(row['value']), 1)}{swedish.HARD_SPACE}procentenheter"
            said.append(f"mest har {label} {word} vid {_name(row)} ({step})")
    return sentence(", och ".join(said)) if said else "Andelarna är oförändrade jämfört med samma period föregående år."


def funnel(table: ProtectedTable) -> str:
    """The group's share, and the units outside the limits with the side."""
    group = figure(next(iter(records(table, care_unit="", column="share")), None))
    places = _shown(table, column="place")
    if group.value is None or not places:
        return NOTHING
    label = SHARE_OF[table.spec.table_id.removeprefix(FUNNEL)].label
    said = [f"{label}: gruppens andel är {swedish.percent(group.value, 1)}."]
    outside = [row for row in places if row["text"] != _INSIDE]
    for limit, words in (
        ("99,8", "Utanför de yttre gränserna, alltså en tydlig avvikelse"),
        ("95", "Utanför bara de inre gränserna, alltså värd att följa"),
    ):
        found = [row for row in outside if f"{limit}{swedish.HARD_SPACE}%" in row["text"]]
        if found:
            names = [f"{_name(row)} ({row['text'].partition(' ')[0]})" for row in found[:NAMED]]
            rest = [f"{len(found) - NAMED} till"] if len(found) > NAMED else []
            said.append(f"{words}: {listed([*names, *rest])}.")
    inside = len(places) - len(outside)
    ordinary = (
        "Ingen enhet avviker mer än slumpen kan ge."
        if not outside
        else f"{inside} av {len(places)} enheter ligger inom gränserna."
    )
    return " ".join([*said, ordinary])


def series(table: ProtectedTable) -> str:
    """The units with a signal in the last year of the table, each with its latest."""
    periods = sorted({row["period"] for row in table.frame.iter_rows(named=True)})
    if not _shown(table, column="value"):
        return NOTHING
    if not _shown(table, column="centre"):
        return TOO_SHORT
    recent = set(periods[-RECENT:])
    latest: dict[str, dict[str, Any]] = {}
    for row in _shown(table, column="signal"):
        if row["period"] in recent and row["period"] >= latest.get(row["care_unit"], row)["period"]:
            latest[row["care_unit"]] = row
    if not latest:
        return "Ingen vårdenhet har haft en signal det senaste året: svängningarna är inte större än de brukar vara."
    found = sorted(latest.values(), key=lambda row: row["period"], reverse=True)
    names = [f"{_name(row)} ({Period.parse(row['period']).label}: {row['text']})" for row in found[:NAMED]]
    rest = [f"{len(found) - NAMED} till"] if len(found) > NAMED else []
    return f"Signal det senaste året: {listed([*names, *rest])}."


def signals(table: ProtectedTable) -> str:
    """How many series have a signal."""
    cells = _shown(table)
    if not cells:
        return NOTHING
    judged = [row for row in cells if row["text"] != _FEW]
    if not judged:
        return TOO_SHORT
    fired = [row for row in judged if ": " in row["text"]]
    return (
        f"{len(fired)} av {len(judged)} serier har haft en signal de senaste tolv månaderna. I de andra är "
        "svängningarna inte större än de brukar vara."
    )


def registers(table: ProtectedTable) -> str:
    """How many units have risen and fallen since the month before, by share."""
    said = []
    for share in SHARES:
        now, before = (
            {row["care_unit"]: row["value"] for row in _shown(table, share=share.code, column=column)}
            for column in ("now", "before_1")
        )
        steps = [now[unit] - before[unit] for unit in now if unit in before]
        if steps:
            moved = [step for step in steps if not rounds_to_zero(step, table.spec.decimals)]
            up, down = sum(step > 0 for step in moved), sum(step < 0 for step in moved)
            label = swedish.inline(share.label)
            said.append(f"{label} har ökat vid {up} och minskat vid {down} av {len(steps)} enheter")
    if not said:
        return "Det finns inga uppgifter om månaden före att jämföra med."
    return sentence(f"sedan månaden före: {'; '.join(said)}")


def costs(table: ProtectedTable) -> str:
    """Highest and lowest index of both costs."""
    said = []
    for kind, word in (("medicine_index", "Läkemedel"), ("service_index", "Medicinsk service")):
        found = [row for row in _shown(table, column=kind) if row["value"] is not None]
        if found:
            highest, lowest = (pick(found, key=lambda row: row["value"]) for pick in (max, min))
            said.append(
                f"{word} per listad kostar mest i förhållande till åldern vid {_name(highest)} "
                f"(index {swedish.number(highest['value'])}) och minst vid {_name(lowest)} "
                f"({swedish.number(lowest['value'])})."
            )
    return " ".join(said) or NOTHING


def care_plans(table: ProtectedTable) -> str:
    """How many units have more and fewer than the year before."""
    changes = [row["value"] for row in _shown(table, column="change") if row["value"] is not None]
    if not changes:
        return "Det finns inga uppgifter om samma period föregående år att jämföra med."
    more, fewer = sum(change > 0 for change in changes), sum(change < 0 for change in changes)
    return (
        f"Antalet SIP har ökat vid {more} och minskat vid {fewer} av de {len(changes)} vårdenheter vars förändring får "
        "visas, jämfört med samma period föregående år."
    )


WRITERS: dict[str, Callable[[ProtectedTable], str]] = {
    "care_unit_overview": overview,
    "care_unit_shares": shares,
    "care_unit_signals": signals,
    "care_unit_registers": registers,
    "care_unit_costs": costs,
    "care_unit_care_plans": care_plans,
    **{spec.table_id: funnel for spec in FUNNELS},
    **{spec.table_id: series for spec in CHARTS},
}
"""Table id → what writes its sentence."""
