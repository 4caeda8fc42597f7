"""What is selected in the cube of the ledger, summed and told: the same figures as the bars that are clicked on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from analytics import swedish
from analytics.explore.cubes import COMPARISONS, WHOLE_YEAR
from analytics.explore.postings import narrowed

Selected = Mapping[str, Sequence[str]]
TITLES: Final[Mapping[str, str]] = {
    "base_unit": "Basenhet",
    "cost_centre": "Ansvar",
    "report_line": "Kontoslag (rad i FR1)",
    "account": "Konto",
    "month": "Månad",
}
MEASURED: Final[Mapping[str, str]] = {"outcome": "utfall", "forecast": "prognos"}
NAMES: Final[Mapping[str, str]] = {
    "budget": "Budget",
    "seasonal": "Säsongsfördelad budget",
    "previous": "Föregående år",
    "forecast": "Helårsprognos mot budget",
}
COMPARATORS: Final[Mapping[str, str]] = {
    "budget": "budget",
    "seasonal": "säsongsfördelad budget",
    "previous": "föregående år",
    "forecast": "årsbudget",
}
ORE_PER_TKR: Final = 100_000
LARGEST_PARTS: Final = 3
MOST_NAMED: Final = 3
PLURALS: Final[Mapping[str, str]] = {
    "account": "konton",
    "report_line": "kontoslag",
    "cost_centre": "ansvar",
    "base_unit": "basenheter",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the numbers: measured, what it is compared with and comparator − measured, in öre."""

    code: str
    label: str
    measured: float
    comparator: float

    @property
    def deviation(self) -> float:
        """Negative is unfavourable."""
        return self.comparator - self.measured


def rows_of(frame: pl.DataFrame, comparison: str, selected: Selected) -> pl.DataFrame:
    """The selected rows of the cube that a comparison is about, with ``measured`` and ``comparator``."""
    measured, comparator = COMPARISONS[comparison]
    is_year = pl.col("month") == WHOLE_YEAR
    kept = frame.filter(is_year if comparison == "forecast" else ~is_year)
    return narrowed(kept, selected).with_columns(
        pl.col(measured).cast(pl.Float64).alias("measured"), pl.col(comparator).cast(pl.Float64).alias("comparator")
    )


def lines(frame: pl.DataFrame, comparison: str, selected: Selected, *, by: str) -> list[Line]:
    """Sums by one column, the most unfavourable first; months in their order."""
    summed = (
        rows_of(frame, comparison, selected)
        .group_by(by, f"{by}_label")
        .agg(pl.col("measured").sum(), pl.col("comparator").sum())
    )
    found = [Line(*row) for row in summed.select(by, f"{by}_label", "measured", "comparator").rows()]
    return sorted(found, key=lambda line: (line.code,) if by == "month" else (line.deviation, line.code))


def whole(frame: pl.DataFrame, comparison: str, selected: Selected) -> Line:
    """The sum of the selection."""
    summed = rows_of(frame, comparison, selected).select(pl.col("measured").sum(), pl.col("comparator").sum())
    measured, comparator = summed.row(0)
    return Line("", "Summa", measured, comparator)


def names(frame: pl.DataFrame, selected: Selected) -> dict[str, list[str]]:
    """Column → Swedish names of what is selected in it."""
    return {
        column: frame.filter(pl.col(column).is_in(list(codes)))[f"{column}_label"].unique().sort().to_list()
        for column, codes in selected.items()
        if codes
    }


def place(frame: pl.DataFrame, selected: Selected, *, unit_label: str, range_label: str, comparison: str) -> str:
    """What is selected in words: ``Personal – Anställda, 172 Planering och utveckling, januari–mars 2018``."""
    found = names(frame, selected)
    parts = [
        ", ".join(found[column]) if len(found[column]) <= MOST_NAMED else f"{len(found[column])} {PLURALS[column]}"
        for column in ("account", "report_line", "cost_centre", "base_unit")
        if column in found
    ]
    months = [swedish.inline(month) for month in found.get("month", [])]
    when = ", ".join(months) if months else range_label
    if comparison == "forecast":
        when = f"helåret {range_label[-4:]}"
    return ", ".join([*(parts or [f"Hela {unit_label}"]), when])


def tell(  # noqa: PLR0913 - what is told, of what and for whom
    frame: pl.DataFrame,
    comparison: str,
    selected: Selected,
    *,
    where: str,
    net: Line | None = None,
    names_places: bool = True,
) -> str:
    """The selection as a sentence with its largest parts; places among them only with ``names_places``.

    ``net`` is what the report prints for the whole where the bars do not add up to it: the seasonal budget of the net
    result follows a pattern of its own.
    """
    bars = whole(frame, comparison, selected)
    total = net or bars
    measured, _ = COMPARISONS[comparison]
    deviation = total.deviation
    direction = "" if _tkr(deviation) == "0" else " (ogynnsam)" if deviation < 0 else " (gynnsam)"
    said = (
        f"{where}: {MEASURED[measured]} {thousands(total.measured)}, {COMPARATORS[comparison]} "
        f"{thousands(total.comparator)}, avvikelse {thousands(deviation)}{direction}."
    )
    if net and _tkr(net.deviation) != _tkr(bars.deviation):
        said += (
            " Så står det i rapporten, där nettot följer sitt eget säsongsmönster; staplarna följer kontoslagens egna "
            f"mönster och blir tillsammans {thousands(bars.deviation)}."
        )
    by = "cost_centre" if len(selected.get("account", ())) == 1 else "account"
    is_told = direction and len(selected.get(by, ())) != 1 and (by == "account" or names_places)
    parts = largest_parts(frame, comparison, selected, by=by, same_sign_as=deviation) if is_told else []
    if parts:
        listed = ", ".join(f"{line.label} ({thousands(line.deviation)})" for line in parts)
        said += f" Störst bidrag åt samma håll: {listed}."
    return said


def largest_parts(
    frame: pl.DataFrame, comparison: str, selected: Selected, *, by: str, same_sign_as: float
) -> list[Line]:
    """The accounts or cost centres that contribute most in the direction of the deviation."""
    sign = -1 if same_sign_as < 0 else 1
    found = [line for line in lines(frame, comparison, selected, by=by) if line.deviation * sign >= ORE_PER_TKR / 2]
    return sorted(found, key=lambda line: (-abs(line.deviation), line.code))[:LARGEST_PARTS]


def thousands(ore: float) -> str:
    """Öre as ``−1 394 tkr``."""
    return swedish.thousands(ore / 100)


def _tkr(ore: float) -> str:
    return swedish.number(ore / ORE_PER_TKR)
