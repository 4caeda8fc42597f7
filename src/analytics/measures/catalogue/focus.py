"""Focus areas: the tables of each area declared in the settings, and agency staff against own staff cost.

Training, travel and consultants are published and so declared in full (``ledger``); an area that an analyst adds to
``analytics.toml`` gets the same two tables, named after its id.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from analytics.measures.catalogue import ledger
from analytics.measures.catalogue.model import (
    AGENCY_KEYS,
    LEDGER_SIGN,
    MONTHLY_LEDGER_KEYS,
    PIVOT,
    PIVOT_KEYS,
    YEARS,
    TableSpec,
)
from analytics.settings import Focus

READS: tuple[str, ...] = ("ledger", "agency")
"""Processed tables that the measures of these tables read."""
PREFIX = "focus_"
MONTHLY = "_monthly"
_DECLARED = {spec.table_id: spec for spec in ledger.SPECS}
_SHARE_KEYS = tuple(key for key in AGENCY_KEYS if not key.startswith("profession"))

SPECS: tuple[TableSpec, ...] = (
    TableSpec(
        "agency_lag_fte",
        "Inhyrd personal, beräknad när alla fakturor har kommit",
        ("period", "row_type", "column"),
        "årsarbetare",
        1,
        "none",
        "Fakturerade årsarbetare hittills / den andel av timmarna som var känd lika lång tid efter tidigare månader; "
        "lägst och högst efter den tidigare månad som var mest och minst komplett",
        "kvartalsrapport mars 2018 (002:82-88): eftersläp av fakturor",
        {"known": "Fakturerat hittills", "likely": "Beräknat slutligt", "lowest": "Lägst", "highest": "Högst"},
    ),
    TableSpec(
        "agency_fte_monthly",
        "Inhyrd personal från årets början",
        MONTHLY_LEDGER_KEYS,
        "årsarbetare",
        1,
        "none",
        "Fakturerade årsarbetare i alla förvaltningar från årets början till och med varje månad, och för det senaste "
        "året beräknat när alla fakturor har kommit (series: invoiced, likely)",
        "kvartalsrapport mars 2018 (002:82-88)",
    ),
    TableSpec(
        "agency_share_pct",
        "Inhyrd personal i procent av kostnaden för egen personal",
        _SHARE_KEYS,
        "%",
        1,
        "none",
        "Fakturerat belopp för inhyrd personal (senaste version) / personalkostnad i kontoklass 4 utom inhyrda × 100, "
        "samma månader; projektansvar ingår inte",
        "nationellt mål högst 2 procent (SKR); kvartalsrapport mars 2018 (002:82-88)",
        YEARS,
        "procentenheter",
    ),
)

REPORT: tuple[str, ...] = (
    "agency_staff_fte",
    "agency_fte_monthly",
    "agency_lag_fte",
    "agency_staff_cost",
    "agency_share_pct",
)
"""The tables of the report besides those of the declared areas."""


def table_ids(areas: Sequence[Focus]) -> tuple[str, ...]:
    """The tables of all declared areas, in the order of the settings."""
    return tuple(f"{PREFIX}{area.id}{ending}" for area in areas for ending in ("", MONTHLY))


def spec_of(table_id: str, areas: Sequence[Focus]) -> TableSpec | None:
    """The declaration of an area's table; None if no declared area has it."""
    if table_id in _DECLARED:
        return _DECLARED[table_id]
    for area in areas:
        if table_id in (f"{PREFIX}{area.id}", f"{PREFIX}{area.id}{MONTHLY}"):
            return _made(area.id, area.label, monthly=table_id.endswith(MONTHLY))
    return None


@cache
def _made(area: str, label: str, *, monthly: bool) -> TableSpec:
    source = "fokusområde som är angivet i analytics.toml"
    if monthly:
        definition = (
            "Utfall per månad, budget i tolftedelar och säsongsfördelad budget (series: outcome, budget, seasonal)"
        )
        title = f"{label} per månad"
        return TableSpec(f"{PREFIX}{area}{MONTHLY}", title, MONTHLY_LEDGER_KEYS, "kr", 0, "none", definition, source)
    definition = f"Konton som är valda för fokusområdet; {LEDGER_SIGN}"
    return TableSpec(f"{PREFIX}{area}", label, PIVOT_KEYS, "kr", 0, "none", definition, source, PIVOT, in_kr=True)
