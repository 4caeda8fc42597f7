"""Figures of protected tables and the Swedish words for them: amounts, directions, comparisons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from analytics import grid, swedish
from analytics.disclosure import ProtectedTable

SUPPRESSED = "visas inte av sekretesskäl"
LAST_YEAR = "samma period föregående år"


@dataclass(frozen=True, slots=True)
class Figure:
    """One value of a protected table; ``value`` is None unless the status is ok."""

    value: float | None
    status: grid.Status

    @property
    def known(self) -> float:
        """The value of a figure whose status is ok."""
        if self.value is None:
            raise ValueError("the figure has no value")
        return self.value

    @property
    def is_known(self) -> bool:
        return self.value is not None

    @property
    def is_suppressed(self) -> bool:
        return self.status == "suppressed"


MISSING = Figure(None, "missing")


def records(table: ProtectedTable, **keys: Any) -> list[dict[str, Any]]:
    """The rows of the frame whose key columns have these values, in the order of the table."""
    rows = table.frame.iter_rows(named=True)
    return [row for row in rows if all(row.get(name) == value for name, value in keys.items())]


def figure(row: dict[str, Any] | None) -> Figure:
    """The figure of one row; no row is a missing figure."""
    if row is None:
        return MISSING
    if row["status"] == "suppressed":
        return Figure(None, "suppressed")
    if row["status"] == "missing" or row["value"] is None:
        return MISSING
    return Figure(float(row["value"]), "ok")


def find(table: ProtectedTable, **keys: Any) -> Figure:
    """The figure of one cell, missing if the table does not have it."""
    return figure(next(iter(records(table, **keys)), None))


def total_key(table: ProtectedTable) -> dict[str, Any]:
    """Key columns (except the column axes) of the table's last total row: the total of everything."""
    totals = [row for row in table.frame.iter_rows(named=True) if row["row_type"] != "row"]
    source = totals[-1:] or list(table.frame.tail(1).iter_rows(named=True))
    names = [name for name in table.spec.keys if name not in ("sex", "origin", "column")]
    return {name: source[0][name] for name in names} if source else {}


def percent_of(change: float, base: Figure, later: float) -> float | None:
    """Change in percent of the absolute base, or None where a percentage would mislead."""
    if base.value is None or base.value == 0 or (later != 0 and (later < 0) != (base.value < 0)):
        return None
    share = change / abs(base.value) * 100
    # Beyond tenfold a percentage says less than the amount; below half a percent it would print as zero.
    return share if 0.5 <= abs(share) < 1000 else None


def amount(kr: float, *, beside: float | None = None, signed: bool = False) -> str:
    """Kronor as ``30,1 mnkr`` or ``237 tkr``, without sign unless asked; beside a figure in mnkr from 0,1 mnkr."""
    size = kr if signed else abs(kr)
    limit = 100_000 if beside is not None and abs(beside) >= 1_000_000 else 1_000_000
    return swedish.millions(size) if abs(kr) >= limit else swedish.thousands(size)


def rounds_to_zero(value: float, decimals: int) -> bool:
    """Whether the number prints as zero."""
    return swedish.round_half_away(value, decimals) == 0


def compared(change_kr: float, base: Figure, later: float, versus: str) -> str:
    """``27 % lägre än samma period föregående år``, in kronor where no percentage can be given."""
    if rounds_to_zero(change_kr / 1000, 0):
        return f"oförändrat jämfört med {versus}"
    word = "högre" if change_kr > 0 else "lägre"
    share = percent_of(change_kr, base, later)
    size = swedish.percent(abs(share)) if share is not None else amount(change_kr, beside=later)
    return f"{size} {word} än {versus}"


def against_budget(change_kr: float, later: float, versus: str = "budget") -> str:
    """``1,7 mnkr högre än budget`` or ``i nivå med budget``."""
    if rounds_to_zero(change_kr / 1000, 0):
        return f"i nivå med {versus}"
    word = "högre" if change_kr > 0 else "lägre"
    return f"{amount(change_kr, beside=later)} {word} än {versus}"


def net_noun(kr: float) -> str:
    """``nettokostnad``, or ``nettointäkt`` for a net that is negative: a result alone is taken for something good."""
    return "nettointäkt" if kr < 0 else "nettokostnad"


def net_against(deviation_kr: float, net_kr: float, versus: str = "budget") -> str:
    """``nettokostnaden blir 1,7 mnkr högre än budget``; the deviation is comparator − net, so negative is unfavourable.

    A net income is turned, so that more income is more.
    """
    more = deviation_kr if net_kr < 0 else -deviation_kr
    return f"{net_noun(net_kr)}en blir {against_budget(more, net_kr, versus)}"


def more_or_less(change: float, unit: str) -> str:
    """Persons are more or fewer, everything else is higher or lower."""
    if unit == "antal":
        return "fler" if change > 0 else "färre"
    return "högre" if change > 0 else "lägre"


def sentence(text: str) -> str:
    """First letter upper case, full stop at the end."""
    return f"{text[0].upper()}{text[1:].rstrip('.')}."


def listed(parts: list[str]) -> str:
    """``a, b och c``."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} och {parts[-1]}"
