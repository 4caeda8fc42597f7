"""Tables as plain data and their published form, without a run."""

from __future__ import annotations

from pathlib import Path

from analytics.exports import csv_tables
from analytics.exports.table_data import TableData
from analytics.reports import manifest
from analytics.reports.inputs import Inputs
from analytics.reports.manifest import Identity, ReportEntry
from analytics.settings import Audience

PUBLIC = Audience("Offentlig", "", 10, 5, 5, 50)
STAFF_KEYS = ("personnel_group", "personnel_group_label", "row_type", "sex", "column")
LEDGER_KEYS = ("report_line", "report_line_label", "level", "parent", "column")


def staff(*rows: tuple[str, str, str, float | None, str], table_id: str = "headcount") -> TableData:
    """A table about persons: group (empty for the total), sex, column, value, status."""
    full = tuple(
        (group, group or "Total", "row" if group else "total", sex, column, value, status)
        for group, sex, column, value, status in rows
    )
    return TableData(
        table_id,
        "Antal anställda",
        STAFF_KEYS,
        "antal",
        "",
        0,
        "",
        "",
        {"current": "2018", "change": "Förändring"},
        "januari",
        (),
        "..",
        full,
        texts=False,
        protection="staff",
    )


def ledger(*rows: tuple[str, str, float | None], table_id: str = "fr1_summary") -> TableData:
    """A table of amounts: line, column, kronor."""
    full = tuple(
        (line, line.capitalize(), 1, "", column, value, "missing" if value is None else "ok")
        for line, column, value in rows
    )
    headings = {"outcome": "Utfall hittills", "outcome_vs_budget": "Avvikelse mot budget hittills"}
    return TableData(
        table_id,
        "Ekonomisk uppföljning",
        LEDGER_KEYS,
        "kr",
        "",
        0,
        "",
        "",
        headings,
        "mars",
        (),
        "..",
        full,
        texts=False,
        protection="none",
    )


def publish(folder: Path, *tables: TableData, period: str = "2018-03", audience: str = "public") -> Path:
    (folder / "tables").mkdir(parents=True)
    for table in tables:
        (folder / "tables" / f"{table.table_id}.csv").write_text(csv_tables.csv_text(table), encoding="utf-8")
    identity = Identity(period, "17", "Staben", audience, "Offentlig", True, "2018-04-15T08:30:00", "1")
    entry = ReportEntry("personal", "Personal", "ok", 1.0, 1.0, {}, tuple(table.table_id for table in tables))
    manifest.write(folder, identity, (entry,), Inputs("d1", (), ()))
    return folder
