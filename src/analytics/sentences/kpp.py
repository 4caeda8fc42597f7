"""Sentences about cost per patient: what a contact costs, what it is made of, outliers, what is left to distribute."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from analytics import swedish
from analytics.disclosure import ProtectedTable
from analytics.measures.catalogue.model import WHOLE
from analytics.sentences.words import LAST_YEAR, Figure, amount, find, listed, records, rounds_to_zero

NOTHING = "Det finns inga uppgifter om vårdkontakter som kan visas för perioden."
ALL_CLINICS, ALL_KINDS = WHOLE["base_unit"], WHOLE["contact_kind"]
ALL_COSTS = WHOLE["column"]
NAMED = 3
"""Kinds of cost named in a sentence."""


def kronor(value: float) -> str:
    """``13 391 kr``."""
    return f"{swedish.number(value)}{swedish.HARD_SPACE}kr"


def step(pct: Figure) -> str:
    """``3,6 % mer än samma period föregående år``; empty where there is no comparison."""
    if pct.value is None:
        return ""
    if rounds_to_zero(pct.value, 1):
        return f"lika mycket som {LAST_YEAR}"
    return f"{swedish.percent(abs(pct.value), 1)} {'mer' if pct.value > 0 else 'mindre'} än {LAST_YEAR}"


def _shown(table: ProtectedTable, **keys: Any) -> list[dict[str, Any]]:
    """Rows of single clinics that have a value."""
    found = records(table, **keys)
    return [
        row for row in found if row["base_unit"] != ALL_CLINICS and row["status"] == "ok" and row["value"] is not None
    ]


def clinics(table: ProtectedTable) -> str:
    """Mean cost of a contact and of a patient, and where the cost of a kind of contact changed most."""
    whole = {"base_unit": ALL_CLINICS, "contact_kind": ALL_KINDS}
    per_contact, per_patient = (find(table, **whole, column=name) for name in ("per_contact", "per_patient"))
    if not per_contact.is_known or not per_patient.is_known:
        return NOTHING
    against = step(find(table, **whole, column="per_contact_change"))
    compared = f", {against}," if against else ""
    mean = f"En vårdkontakt har i genomsnitt kostat {kronor(per_contact.known)}{compared}"
    said = [f"{mean} och en patient {kronor(per_patient.known)}."]
    changes = [row for row in _shown(table, column="per_contact_change") if row["contact_kind"] != ALL_KINDS]
    highest = max(changes, key=lambda row: row["value"], default=None)
    lowest = min(changes, key=lambda row: row["value"], default=None)
    moved = [
        f"{word} mest för {row['contact_kind_label'].lower()} vid {row['base_unit_label']} "
        f"({swedish.percent(abs(row['value']), 1)})"
        for row, word, sign in ((highest, "ökat", 1), (lowest, "minskat", -1))
        if row is not None and row["value"] * sign > 0 and not rounds_to_zero(row["value"], 1)
    ]
    if moved:
        said.append(f"Kostnaden per kontakt har {listed(moved)}.")
    return " ".join(said)


def cost_kinds(table: ProtectedTable) -> str:
    """The largest kinds of cost of all contacts, and the clinic where the largest has most of the cost."""
    whole = find(table, base_unit=ALL_CLINICS, column=ALL_COSTS)
    kinds = [
        row
        for row in records(table, base_unit=ALL_CLINICS)
        if row["status"] == "ok" and row["column"] != ALL_COSTS and row["value"]
    ]
    if not whole.value or not kinds:
        return NOTHING
    largest = sorted(kinds, key=lambda row: -row["value"])[:NAMED]
    parts = [
        f"{table.headings[row['column']].lower()} ({swedish.percent(row['value'] / whole.value * 100)})"
        for row in largest
    ]
    said = f"De största delarna av kostnaden är {listed(parts)}."
    shares = [
        (row["value"] / total.value, row)
        for row in _shown(table)
        if row["column"] != ALL_COSTS
        for total in (find(table, base_unit=row["base_unit"], column=ALL_COSTS),)
        if total.value
    ]
    if not shares:
        return said
    share, row = max(shares, key=lambda pair: pair[0])
    kind = table.headings[row["column"]].lower()
    return (
        f"{said} {row['base_unit_label']} har störst andel av ett enda slag: {kind}, {swedish.percent(share * 100)} av "
        "klinikens kostnad."
    )


def outliers(table: ProtectedTable) -> str:
    """How many the dearest contacts are and what of the cost they have, and what the others cost."""
    count, contact_pct, cost_pct, change = (
        find(table, base_unit=ALL_CLINICS, column=name)
        for name in ("outliers", "contact_pct", "cost_pct", "inner_change")
    )
    if count.value is None or contact_pct.value is None or cost_pct.value is None:
        return NOTHING
    shares = [swedish.percent(share, 1) for share in (contact_pct.value, cost_pct.value)]
    said = [
        f"{swedish.number(count.value)} kontakter är ytterfall: {shares[0]} av kontakterna, {shares[1]} av kostnaden."
    ]
    against = step(change)
    if against:
        said.append(f"Utan ytterfall har en kontakt kostat {against}.")
    heaviest = max(_shown(table, column="cost_pct"), key=lambda row: row["value"], default=None)
    if heaviest is not None:
        own = {"base_unit": heaviest["base_unit"]}
        mean, inner = find(table, **own, column="per_contact"), find(table, **own, column="inner")
        tail = ""
        if mean.value is not None and inner.value is not None:
            tail = f": där kostar en kontakt {kronor(mean.value)}, men {kronor(inner.value)} utan ytterfall"
        said.append(
            f"Störst del av kostnaden har ytterfallen vid {heaviest['base_unit_label']} "
            f"({swedish.percent(heaviest['value'], 1)}){tail}."
        )
    return " ".join(said)


def reconciliation(table: ProtectedTable) -> str:
    """The share that is distributed, what remains, and where most of it remains."""
    share, remaining = (find(table, base_unit=ALL_CLINICS, column=name) for name in ("share", "remaining"))
    if share.value is None or remaining.value is None:
        return NOTHING
    said = (
        f"{swedish.percent(share.value, 1)} av den kostnad som ska fördelas är fördelad på vårdkontakter, och "
        f"{amount(remaining.value, signed=True)} återstår"
    )
    most = max(_shown(table, column="remaining"), key=lambda row: row["value"], default=None)
    if most is None or most["value"] <= 0:
        return f"{said}."
    return f"{said}, mest vid {most['base_unit_label']} ({amount(most['value'])})."


WRITERS: dict[str, Callable[[ProtectedTable], str]] = {
    "kpp_clinics": clinics,
    "kpp_cost_kinds": cost_kinds,
    "kpp_outliers": outliers,
    "kpp_reconciliation": reconciliation,
}
"""Table id → what writes its sentence."""
