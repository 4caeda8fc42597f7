"""Linear relations between printed figures, and what rounding allows them to be off by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from analytics.reconciliation.findings import Finding, Result, Verdict
from analytics.reconciliation.published import Cell

Term = tuple[int, Cell]


@dataclass(frozen=True, slots=True)
class Identity:
    """``target`` should equal the signed sum of ``terms``, all in the unit of the target."""

    check: str
    target: Cell
    terms: tuple[Term, ...]
    formula: str
    both_named: bool = False
    """Whether the finding names the first term's file too (one table against another)."""

    @property
    def recomputed(self) -> Decimal:
        return sum((sign * cell.value * cell.scale for sign, cell in self.terms), Decimal(0)) / self.target.scale

    @property
    def off(self) -> Decimal:
        return self.target.value - self.recomputed

    @property
    def tolerance(self) -> Decimal:
        """The sum of the half widths of all figures in it."""
        return (
            self.target.half + sum((cell.half * cell.scale for _, cell in self.terms), Decimal(0)) / self.target.scale
        )

    @property
    def verdict(self) -> Verdict | None:
        if self.off == 0:
            return None
        # Cells that only differ in scale hold "exactly" when the coarser one is the rounding of the finer one.
        if abs(self.off) > self.tolerance:
            return "contradiction"
        finest = max(_places(cell) for cell in (self.target, *(cell for _, cell in self.terms)))
        if self.target.half and abs(self.off) <= self.target.half and finest > _places(self.target):
            return None
        return "rounding"

    def result(self) -> Result:
        """The outcome of this check."""
        verdict = self.verdict
        if verdict is None:
            return Result(self.check)
        extent = (
            f"Off by {text(abs(self.off))}, within the {text(self.tolerance)} that rounding of "
            f"{len(self.terms) + 1} figures can explain"
            if verdict == "rounding"
            else f"Off by {text(abs(self.off))}; rounding of {len(self.terms) + 1} figures explains at most "
            f"{text(self.tolerance)}"
        )
        others = ""
        if self.both_named:
            others = " Against " + "; ".join(f"{cell.file} {cell.location}" for _, cell in self.terms) + "."
        elif verdict == "contradiction":
            others = " From " + "; ".join(f"rad {cell.line} ({cell.shown})" for _, cell in self.terms) + "."
        return Result(
            self.check,
            Finding(
                file=self.target.file,
                location=self.target.location,
                check=self.check,
                printed=self.target.shown,
                recomputed=text(self.recomputed),
                verdict=verdict,
                why=f"{self.formula}. {extent}.{others}",
            ),
        )


def results(identities: Iterator[Identity]) -> Iterator[Result]:
    """The outcomes of many."""
    return (identity.result() for identity in identities)


def text(value: Decimal) -> str:
    """A number for a person, without trailing zeros or exponents."""
    rounded = value.quantize(Decimal("0.0001"))
    plain = f"{rounded:f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def _places(cell: Cell) -> int:
    decimals = cell.figure.decimals if cell.figure else 0
    return decimals - cell.scale.adjusted()
