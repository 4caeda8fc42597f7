"""What a table is, in words: definition, unit, sign, source and columns, as an analyst reads them in help."""

from __future__ import annotations

from textwrap import fill

from analytics import grid
from analytics.measures.catalogue import LEDGER_SIGN, ORIGINS, SERIES, SEXES, TableSpec
from analytics.schemas import TABLES

COLUMNS = {
    "row_type": "radtyp: row (grupp), total, sum, subtotal, account eller apart (utanför summan)",
    "sex": "kön: " + ", ".join(f"{code} = {label}" for code, label in SEXES.items()),
    "origin": "motpart: " + ", ".join(f"{code} = {label}" for code, label in ORIGINS.items()),
    "series": "serie: " + ", ".join(f"{code} = {label}" for code, label in SERIES.items()),
    "level": "nivå i tabellen, 1 är överst",
    "parent": "överordnad rad",
    "label": "benämning",
    "period": "månad, ÅÅÅÅ-MM",
    "text": "det som skrivs i stället för talet, där det är ord",
    "value": "värdet, oavrundat; tomt betyder att uppgift saknas, inte noll",
    "n": "antal personer bakom värdet; lämnar aldrig arbetsbänken",
    "largest": "största andel (procent) som en enda patient har av beloppet; lämnar aldrig arbetsbänken",
}
"""Column of a measure table → what it is, where the table's own declaration does not say it."""
TYPES = {"text": "text", "integer": "heltal", "number": "tal", "date": "datum", "flag": "ja eller nej"}
WIDTH = 100


def sign_of(spec: TableSpec) -> str:
    """How the signs of a table are read, in Swedish."""
    if LEDGER_SIGN in spec.definition:
        return LEDGER_SIGN
    if "change" in spec.labels:
        return "värden positiva; förändring = i år − i fjol"
    return "som i definitionen"


def columns_of(spec: TableSpec) -> dict[str, str]:
    """Every column of the unprotected frame → what it holds, in Swedish."""
    held = {key: _key(spec, key) for key in spec.keys}
    extra = (
        *(("text",) if spec.texts else ()),
        "value",
        *(("n",) if spec.protection != "none" else ()),
        *(("largest",) if spec.dominance else ()),
    )
    return held | {name: COLUMNS[name] for name in extra}


def _key(spec: TableSpec, key: str) -> str:
    if key == "column":
        known = ", ".join(f"{code} = {label}" for code, label in spec.labels.items())
        return (
            f"kolumn: {known.format(year='året', previous='året före')}" if known else "kolumn i den tryckta tabellen"
        )
    if key in COLUMNS:
        return COLUMNS[key]
    heading = grid.ROW_HEADINGS.get(key.removesuffix("_label"), key).lower()
    return heading if key.endswith("_label") else f"{heading}, kod"


def table_help(spec: TableSpec, *, where: str) -> str:
    """The help text of a measure table: what ``?`` and Shift-Tab show."""
    unit = f"{spec.unit}; förändring i {spec.change_unit}" if spec.change_unit else spec.unit
    facts = {
        "Definition": spec.definition,
        "Enhet": unit,
        "Tecken": sign_of(spec),
        "Källa": spec.source,
        "Hämtas som": f"{where}: .frame (polars), .pandas, .lazy, .pivot, .protected; dela med wb.share({where})",
    }
    lines = [spec.title, "=" * len(spec.title), ""]
    lines += [
        fill(f"{name}: {text}", WIDTH, subsequent_indent="    ", break_long_words=False) for name, text in facts.items()
    ]
    return "\n".join([*lines, "", "Kolumner:", *_listed(columns_of(spec))])


def processed_columns(table: str) -> list[tuple[str, str, str, str]]:
    """Every column of a processed table: name, type in Swedish, unit, meaning (and whether it is personal)."""
    return [
        (
            column.name,
            TYPES[column.type],
            column.unit,
            f"{column.meaning}{' (personuppgift)' if column.personal else ''}",
        )
        for column in TABLES[table].columns
    ]


def processed_help(table: str) -> str:
    """The help text of a processed table."""
    columns = {
        name: f"{kind}{f', {unit}' if unit else ''}: {meaning}"
        for name, kind, unit, meaning in processed_columns(table)
    }
    head = [f"wb.data.{table}", TABLES[table].meaning, "", "Läses när den används: .frame (polars), .pandas, .lazy."]
    return "\n".join([*head, "", "Kolumner:", *_listed(columns)])


def _listed(columns: dict[str, str]) -> list[str]:
    return [
        fill(f"  {name}: {text}", WIDTH, subsequent_indent="      ", break_long_words=False)
        for name, text in columns.items()
    ]
