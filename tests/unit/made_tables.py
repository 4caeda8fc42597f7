"""Protected tables on made figures, as measures and disclosure control would give them."""

from __future__ import annotations

import polars as pl

from analytics.disclosure import ProtectedTable, protect
from analytics.measures.catalogue import TABLES, MeasureTable
from analytics.settings import Audience

PUBLIC = Audience(
    label="Offentlig",
    folder="",
    sick_leave_at_most=10,
    staff_fewer_than=5,
    patients_fewer_than=5,
    largest_patient_pct=50,
)
MANY = 100
SEXES = ("K", "M", "T")


def protected(
    table_id: str,
    rows: list[dict[str, object]],
    *,
    period_label: str = "januari–februari 2018",
    notes: tuple[str, ...] = (),
    headings: dict[str, str] | None = None,
) -> ProtectedTable:
    """A table from rows of keys, ``value`` and ``n`` (many persons where a test does not say)."""
    spec = TABLES[table_id]
    schema: dict[str, type[pl.DataType]] = dict.fromkeys(spec.keys, pl.String)
    if "level" in schema:
        schema["level"] = pl.Int64
    if spec.texts:
        schema["text"] = pl.String
    schema["value"] = pl.Float64
    if spec.protection != "none":
        schema["n"] = pl.Int64
    if spec.dominance:
        schema["largest"] = pl.Float64
    filled = [{"n": MANY, "largest": 0.0, **row} for row in rows]
    frame = pl.DataFrame([{name: row.get(name) for name in schema} for row in filled], schema=schema)
    filled_in = {code: text.format(year="2018", previous="2017") for code, text in spec.labels.items()}
    return protect(MeasureTable(spec, frame, headings or filled_in, period_label, notes), PUBLIC, "..")


def years(
    key: dict[str, object], previous: float | None, current: float | None, *, n: tuple[int, int] = (MANY, MANY)
) -> list[dict[str, object]]:
    """Previous, current and change of one row, with the persons behind the two years."""
    change = None if previous is None or current is None else current - previous
    smaller = min((count for count in n if count), default=0)
    return [
        {**key, "column": "previous", "value": previous, "n": n[0]},
        {**key, "column": "current", "value": current, "n": n[1]},
        {**key, "column": "change", "value": change, "n": smaller},
    ]


def group(
    code: str, label: str, sex: str = "T", *, total: bool = False, key: str = "personnel_group"
) -> dict[str, object]:
    """Keys of one row of a staff table."""
    return {key: code, f"{key}_label": label, "row_type": "total" if total else "row", "sex": sex}


def by_group(table_id: str, rows: dict[str, tuple[float | None, float | None]], **options: object) -> ProtectedTable:
    """A staff table with a row for each ``code label`` and a total row named Total, women and men together."""
    key = TABLES[table_id].keys[0]
    records = []
    for name, (previous, current) in rows.items():
        code, _, label = name.partition(" ")
        keys = group("", name, total=True, key=key) if name == "Total" else group(code, label, key=key)
        records += years(keys, previous, current)
    return protected(table_id, records, **options)


def pivot(table_id: str, rows: list[tuple[str, str, int, dict[str, float | None]]]) -> ProtectedTable:
    """A ledger table by account; deviations are made from outcome, budget and previous. No code means the total."""
    records = []
    for code, label, level, values in rows:
        key = {"code": code, "label": label, "level": level, "row_type": "row" if code else "total"}
        records += [{**key, "column": column, "value": value} for column, value in with_deviations(values).items()]
    return protected(table_id, records, period_label="januari–mars 2018")


def with_deviations(values: dict[str, float | None], measured: str = "outcome") -> dict[str, float | None]:
    """Comparator − measured for budget and previous; None where either is."""
    full = {measured: None, "budget": None, "previous": None, **values}
    for comparator in ("budget", "previous"):
        first, second = full[comparator], full[measured]
        full[f"vs_{comparator}"] = None if first is None or second is None else first - second
    return full


LINES = (
    ("income", "Intäkter", 1, ""),
    ("staff", "Personal", 1, ""),
    ("staff_employees", "Anställda", 2, "staff"),
    ("net", "NETTORESULTAT", 1, ""),
)


def fr1(table_id: str, values: dict[str, dict[str, float | None]]) -> ProtectedTable:
    """FR1 by line; the external part is the whole and the internal part zero."""
    measured = "forecast" if table_id == "fr1_forecast" else "outcome"
    records = []
    for code, label, level, parent in LINES:
        columns = with_deviations(values.get(code, {measured: 0.0, "budget": 0.0, "previous": 0.0}), measured)
        for origin, factor in (("external", 1.0), ("internal", 0.0), ("total", 1.0)):
            key = {"report_line": code, "report_line_label": label, "level": level, "parent": parent, "origin": origin}
            records += [
                {**key, "column": column, "value": None if value is None else factor * value}
                for column, value in columns.items()
            ]
    return protected(table_id, records, period_label="januari–mars 2018")


def months(table_id: str, values: dict[str, dict[str, float]]) -> ProtectedTable:
    """A ledger series: {series: {month: value}}."""
    records = [
        {"series": series, "period": period, "value": value}
        for series, by_month in values.items()
        for period, value in by_month.items()
    ]
    return protected(table_id, records, period_label="januari 2016–mars 2018")
