"""The start page: what is in the data, what validation says of it, and what the calendar asks for and has."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any, Final

from analytics import frame, settings, swedish
from analytics.calendar import STOCKHOLM
from analytics.catalog import Catalog
from analytics.errors import MissingDataError
from analytics.explore import marks
from analytics.lab import what_is_due
from analytics.organisation import Organisation
from analytics.periods import Period
from analytics.processed import Store
from analytics.settings import Settings
from analytics.workbench.deliveries import DELIVERY_NAMES

NOTHING: Final = (
    "Inga underlag är inlästa ännu. Lägg leveranserna i data/raw och kör analytics load i ett terminalfönster, "
    "eller analytics sample och sedan analytics load för demonstrationsregionen. Kör sedan om den här sidan."
)
MOST_REMARKS: Final = 12
DUE_HEADS: Final = ("Månad", "Paket", "Förvaltningar", "Varför")
_TABLE: Final = "border-collapse:collapse;margin:4px 0 12px 0"
_CELL: Final = "text-align:left;padding:3px 14px 3px 0;border-bottom:1px solid #c8ced3"


def start(*, now: datetime | None = None) -> frame.Html:
    """Months, versions and remarks of the processed data, what is due, units and packages; no figure of the region.

    ``now`` is the moment that the calendar is asked about, this one by default. Says what to do when nothing is loaded.
    Raises SettingsError where ``analytics.toml`` is not found or wrong.
    """
    read = settings.load(settings.find_root(Path.cwd()))
    store = Store(read.paths.processed)
    catalog = store.catalog()
    if not catalog.entries:
        return frame.Html(marks.problem(NOTHING))
    mark = f"<p><strong>{escape(marks.SYNTHETIC)}</strong></p>" if read.region.synthetic else ""
    month = _newest_month(catalog)
    asked = what_is_due.of_project(read, month=month, now=now or datetime.now(UTC))
    due = _section("Paketen i rapportkalendern", asked.said, DUE_HEADS, asked.rows)
    parts = (mark, _loaded(catalog), due, _remarks(store, catalog), _units(read, catalog, month))
    return frame.Html(f"<div>{''.join(parts)}</div>")


def _loaded(catalog: Catalog) -> str:
    """Which months of each table are in, how many deliveries, corrections and rows, and when the last one came."""
    rows = []
    for table, name in DELIVERY_NAMES.items():
        entries = catalog.of_table(table)
        if not entries:
            continue
        months = sorted({entry.delivery for entry in entries})
        corrected = sum(entry.snapshot.version > 1 for entry in entries)
        rows.append(
            [
                name,
                _span(months, every_month=table != "indicators"),
                swedish.number(len(entries)),
                swedish.number(corrected) if corrected else "inga",
                swedish.number(sum(entry.rows for entry in entries)),
                _time(max(entry.snapshot.received for entry in entries)),
            ]
        )
    heads = ["Underlag", "Månader", "Leveranser", "Rättelser", "Rader", "Senast mottaget"]
    return _section("Det här är inläst", f"Dataversion {catalog.version}.", heads, rows)


def _span(months: Sequence[str], *, every_month: bool) -> str:
    """First and last month, and how many between them are missing where a delivery comes every month."""
    first, last = Period.parse(months[0]), Period.parse(months[-1])
    whole = (last.year - first.year) * 12 + last.month - first.month + 1
    missing = whole - len(months)
    text = f"{first.label} – {last.label}"
    return f"{text} ({swedish.number(missing)} saknas)" if missing and every_month else text


def _remarks(store: Store, catalog: Catalog) -> str:
    """Expectations that were not met, the gravest first."""
    names = {entry.validation for entry in catalog.entries} | {catalog.across}
    outcomes = [outcome for name in sorted(names - {""}) for outcome in store.validation_record(name)["outcomes"]]
    failed = sorted(
        (outcome for outcome in outcomes if not outcome["passed"]), key=lambda each: each["severity"] != "critical"
    )
    said = f"{swedish.number(len(outcomes))} kontroller är gjorda, {swedish.number(len(failed))} ger en anmärkning."
    if not failed:
        return _section("Kontrollerna", said, [], [])
    rows = [
        [
            DELIVERY_NAMES.get(outcome["table"], outcome["table"]),
            outcome["title"],
            f"{swedish.number(outcome['unexpected'])} av {swedish.number(outcome['checked'])}",
        ]
        for outcome in failed[:MOST_REMARKS]
    ]
    if len(failed) > MOST_REMARKS:
        said += f" De {MOST_REMARKS} första visas; alla står på sidan Datakvalitet i varje rapport."
    return _section("Kontrollerna", said, ["Underlag", "Kontroll", "Avviker"], rows)


def _newest_month(catalog: Catalog) -> Period:
    ledger = [entry for entry in catalog.of_table("ledger") if entry.snapshot.layout == "raindance_saldo"]
    if not ledger:
        raise MissingDataError("no month of the ledger is loaded", action="Load it with analytics load.")
    return Period.parse(max(entry.delivery for entry in ledger))


def _units(read: Settings, catalog: Catalog, month: Period) -> str:
    """Every administration of the newest month of the ledger, with its newest package."""
    newest = max(entry.snapshot.received for entry in catalog.entries)
    organisation = Organisation.read(read.paths.reference)
    parts = organisation.at("base_unit", month)
    rows = [
        [
            unit.code,
            unit.label,
            swedish.number(sum(part.parent == unit.code for part in parts)),
            _package(read, unit.code, newest),
        ]
        for unit in organisation.at("administration", month)
    ]
    said = f"Skriv månad och förvaltning överst i anteckningsboken: senaste månad är {month} ({month.label})."
    return _section("Förvaltningar", said, ["Kod", "Förvaltning", "Basenheter", "Senaste rapport"], rows)


def _package(read: Settings, unit: str, newest: str) -> str:
    """The newest package of a unit, and whether something was delivered after it was made."""
    found = sorted((read.paths.reports / read.disclosure.public.folder).glob(f"????-??/{unit}/manifest.json"))
    if not found:
        return "ingen publicerad"
    try:
        manifest: dict[str, Any] = json.loads(found[-1].read_text(encoding="utf-8"))
        month, version, created = Period.parse(manifest["period"]), manifest["version"], manifest["created"]
    except (OSError, ValueError, KeyError):
        return "går inte att läsa; kör analytics verify"
    later = "; underlag har kommit efter den" if newest > created else ""
    return f"{month.label}, version {version}{later}"


def _time(received: str) -> str:
    """Swedish time."""
    return f"{datetime.fromisoformat(received).astimezone(STOCKHOLM):%Y-%m-%d %H:%M}"


def _section(title: str, said: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f'<th scope="col" style="{_CELL}">{escape(text)}</th>' for text in heads)
    body = "".join(
        "<tr>" + "".join(f'<td style="{_CELL}">{escape(text)}</td>' for text in row) + "</tr>" for row in rows
    )
    table = f'<table style="{_TABLE}"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>' if rows else ""
    return f"<h3>{escape(title)}</h3><p>{escape(said)}</p>{table}"
