"""Every figure and text that differs between two versions of a package, as far as it may be told (decision 021)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Literal

from analytics.companions import StoredRow
from analytics.exports.table_data import TableData
from analytics.reports import printed_figures, telling
from analytics.reports.inputs import Delivery
from analytics.reports.printed_figures import MISSING, Cell, Key
from analytics.reports.texts import TextChange
from analytics.settings import Audience

FILE_NAME: Final = "changes.json"
State = Literal["compared", "apart", "new", "removed", "redone"]
"""``apart``: not the same figures are suppressed, so none is compared; ``redone``: it has other columns than before."""


@dataclass(frozen=True, slots=True)
class FigureChange:
    """One figure then and now, as printed; the values are unrounded and None where there is no number."""

    keys: dict[str, str]
    row: str
    column: str
    before: str
    after: str
    before_value: float | None
    after_value: float | None

    @property
    def is_number(self) -> bool:
        return self.before_value is not None and self.after_value is not None


@dataclass(frozen=True, slots=True)
class TableDifference:
    """One table: how many figures were compared, how many differ, and those of them that may be told.

    ``hidden`` figures are suppressed in both versions; ``protection`` is the table's own (``none``: about no persons).
    ``untold_totals`` of the figures that may not be told are about all of the unit.
    """

    table_id: str
    title: str
    protection: str
    state: State
    compared: int = 0
    changed: int = 0
    hidden: int = 0
    untold: int = 0
    untold_totals: int = 0
    figures: tuple[FigureChange, ...] = ()


@dataclass(frozen=True, slots=True)
class DeliveryChange:
    """A delivery that only one version was made from, or that was delivered anew. ``what``: new, corrected, gone."""

    layout: str
    period: str
    file: str
    what: Literal["new", "corrected", "gone"]


@dataclass(frozen=True, slots=True)
class Differences:
    """Version ``version`` against ``since_version``, which was made at ``since``; both empty if that one is lost."""

    version: int
    since_version: int | None
    since: str
    reason: tuple[str, ...]
    tables: tuple[TableDifference, ...] = ()
    texts: tuple[TextChange, ...] = ()
    untold_texts: int = 0
    has_texts: bool = True
    """Whether the texts could be compared: the earlier version has them and they are as they were published."""
    deliveries: tuple[DeliveryChange, ...] = ()
    arrived: tuple[str, ...] = ()
    """What the earlier version was made without and this one has, in sentences."""


def of_tables(
    before: Mapping[str, tuple[StoredRow, ...] | None], tables: Sequence[TableData], *, limits: Audience
) -> tuple[TableDifference, ...]:
    """Every table of either version. ``before`` are the stored tables; None for one whose file is not sound."""
    headcount = _headcount(before, tables)
    found = [_of_table(table, before, limits=limits, headcount=headcount) for table in tables]
    gone = [name for name in before if name not in {table.table_id for table in tables}]
    return (*found, *(TableDifference(name, name, "", "removed") for name in gone))


def _headcount(before: Mapping[str, tuple[StoredRow, ...] | None], tables: Sequence[TableData]) -> float | None:
    table = next((table for table in tables if table.table_id == telling.HEADCOUNT), None)
    if table is None:
        return None
    old = printed_figures.then(table, before.get(telling.HEADCOUNT)) or {}
    found = [telling.headcount_of(cells, table) for cells in (printed_figures.now(table), old)]
    return min((each for each in found if each is not None), default=None)


def _of_table(
    table: TableData,
    before: Mapping[str, tuple[StoredRow, ...] | None],
    *,
    limits: Audience,
    headcount: float | None,
) -> TableDifference:
    if table.table_id not in before:
        return _not_compared(table, "new")
    stored = before[table.table_id]
    then, now = printed_figures.then(table, stored), printed_figures.now(table)
    if then is None or len(now) != len(table.rows):
        return _not_compared(table, "redone")
    if printed_figures.columns(table, now) != printed_figures.columns(table, then):
        return _not_compared(table, "redone")
    marked = {key for key, cell in now.items() if cell.status == "suppressed"}
    if marked != {key for key, cell in then.items() if cell.status == "suppressed"}:
        return _not_compared(table, "apart")
    keys = [key for key in dict.fromkeys((*now, *then)) if key not in marked]
    pairs = [(key, then.get(key, MISSING), now.get(key, MISSING)) for key in keys]
    changed = [pair for pair in pairs if pair[1].printed != pair[2].printed]
    told = {
        key for key, old, new in changed if telling.may_tell(table, key, old, new, limits=limits, headcount=headcount)
    }
    untold = [key for key, _, _ in changed if key not in told]
    return TableDifference(
        table.table_id,
        table.title,
        table.protection,
        "compared",
        len(pairs),
        len(changed),
        len(marked),
        len(untold),
        sum(telling.is_whole(table, key) for key in untold),
        tuple(_figure(table, key, old, new, stored or ()) for key, old, new in changed if key in told),
    )


def _not_compared(table: TableData, state: State) -> TableDifference:
    return TableDifference(table.table_id, table.title, table.protection, state)


def _figure(table: TableData, key: Key, old: Cell, new: Cell, stored: tuple[StoredRow, ...]) -> FigureChange:
    row, column = printed_figures.place_of(table, key, stored)
    keys = dict(zip(printed_figures.key_names(table), key, strict=True))
    return FigureChange(keys, row, column, old.printed, new.printed, old.value, new.value)


def tellable(found: Sequence[TableDifference], tables: Sequence[TableData]) -> set[tuple[str, str]]:
    """(kind, table) of the texts that may stand then and now: those about no persons, and key figures whose totals may.

    Sentences and comments about persons may tell of parts of the unit, so they never stand side by side.
    """
    free = {table.table_id for table in tables if table.protection == telling.NO_PERSONS}
    totals = {each.table_id for each in found if each.state == "compared" and not each.untold_totals}
    return {(kind, name) for kind in ("sentence", "comment") for name in free} | {
        ("key_figure", name) for name in free | totals
    }


def of_deliveries(before: Iterable[Mapping[str, str]], after: Iterable[Delivery]) -> tuple[DeliveryChange, ...]:
    """Deliveries that came, were delivered anew or are gone. ``before`` is how the earlier manifest lists them."""
    old = {(each["layout"], each["period"]): each for each in before}
    new = {(each.layout, each.period): each for each in after}
    found = [
        DeliveryChange(layout, period, each.file, "corrected" if (layout, period) in old else "new")
        for (layout, period), each in new.items()
        if old.get((layout, period), {}).get("sha256") != each.sha256
    ]
    gone = [key for key in old if key not in new]
    return (*found, *(DeliveryChange(*key, old[key]["file"], "gone") for key in gone))


def write(folder: Path, differences: Differences | None) -> None:
    """Keep them in the package, for machines: ``changes.json``, null in the first version."""
    record = None if differences is None else asdict(differences)
    text = json.dumps(record, ensure_ascii=False, indent=2) + "\n"
    (folder / FILE_NAME).write_text(text, encoding="utf-8")
