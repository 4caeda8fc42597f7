"""Published cells against measures, and what a controller gets to read about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from analytics import swedish
from analytics.disclosure import SUPPRESSED, protect
from analytics.errors import ReconciliationError
from analytics.measures.catalogue import MeasureTable
from analytics.reconciliation import mapping, proofs
from analytics.reconciliation.auditor import printed_identities
from analytics.reconciliation.proofs import PROTECTED
from analytics.reconciliation.published import Cell, Table
from analytics.reconciliation.systems import variable
from analytics.settings import Audience

Verdict = Literal["matched", "differs", "cannot both be true"]
VERDICTS: tuple[Verdict, ...] = ("matched", "differs", "cannot both be true")
NO_POSTING = "no posting"


@dataclass(frozen=True, slots=True)
class Compared:
    """One published cell against the package. ``package`` never holds a suppressed value.

    ``text`` marks a cell that holds words and is compared as a text.
    """

    file: str
    location: str
    printed: str
    package: str
    verdict: Verdict
    proof: str
    blank: bool
    protected: bool
    text: bool = False


@dataclass(frozen=True)
class ReconcileReport:
    """Every compared cell of one report."""

    period: str
    unit: str
    audience: str
    cells: tuple[Compared, ...]

    def count(self, verdict: Verdict, *, file: str | None = None, blank: bool = False) -> int:
        """Figures with one verdict, or blank cells; these and texts are counted apart from figures."""
        return sum(
            cell.verdict == verdict and cell.blank == blank and not cell.text and file in (None, cell.file)
            for cell in self.cells
        )

    def texts(self, verdict: Verdict | None = None, *, file: str | None = None) -> int:
        """Text cells, all or with one verdict."""
        return sum(cell.text and verdict in (None, cell.verdict) and file in (None, cell.file) for cell in self.cells)

    @property
    def exceptions(self) -> tuple[Compared, ...]:
        """What a controller has to look at."""
        return tuple(cell for cell in self.cells if cell.verdict != "matched")

    @property
    def figures(self) -> int:
        return sum(not cell.blank and not cell.text for cell in self.cells)

    @property
    def blanks(self) -> int:
        return sum(cell.blank for cell in self.cells)

    def by_file(self) -> list[dict[str, object]]:
        """Counts per file, for a table on the terminal and for JSON."""
        return [
            {
                "file": file,
                **{verdict: self.count(verdict, file=file) for verdict in VERDICTS},
                "blank matched": self.count("matched", file=file, blank=True),
                "blank differs": sum(
                    cell.blank and cell.verdict != "matched" and cell.file == file for cell in self.cells
                ),
                "text matched": self.texts("matched", file=file),
                "text differs": self.texts(file=file) - self.texts("matched", file=file),
                "protected": sum(cell.protected for cell in self.cells if cell.file == file),
            }
            for file in dict.fromkeys(cell.file for cell in self.cells)
        ]

    def as_record(self) -> dict[str, object]:
        """The report as data, for ``--json``."""
        return {
            "period": self.period,
            "unit": self.unit,
            "audience": self.audience,
            "figures_compared": self.figures,
            "blanks_compared": self.blanks,
            "texts_compared": self.texts(),
            "by_verdict": {verdict: self.count(verdict) for verdict in VERDICTS},
            "blanks_by_verdict": {verdict: self.count(verdict, blank=True) for verdict in VERDICTS},
            "texts_by_verdict": {verdict: self.texts(verdict) for verdict in VERDICTS},
            "protected": sum(cell.protected for cell in self.cells),
            "by_file": self.by_file(),
            "exceptions": [asdict(cell) for cell in self.exceptions],
        }

    def __str__(self) -> str:
        counts = ", ".join(f"{self.count(verdict)} {verdict}" for verdict in VERDICTS)
        hidden = sum(cell.protected for cell in self.cells)
        lines = [
            f"Reconciliation of {self.period}, unit {self.unit}, against {self.figures} printed figures: {counts}.",
            f"{self.blanks} blank cells compared as no posting: {self.count('matched', blank=True)} matched.",
            f"{self.texts()} text cells compared as texts: {self.texts('matched')} matched.",
            f"{hidden} cells are protected for {self.audience}: compared, not shown.",
            "",
            *_count_lines(self.by_file()),
        ]
        for cell in self.exceptions:
            lines += ["", f"{cell.verdict.upper()}  {cell.file} {cell.location}"]
            lines.append(f"  printed {cell.printed}, package {cell.package}")
            if cell.proof:
                lines.append(f"  {cell.proof}")
        return "\n".join(lines)

    def raise_if_unexplained(self) -> None:
        """Raise ReconciliationError if any cell differs without a proof that it cannot be true."""
        unexplained = [cell for cell in self.cells if cell.verdict == "differs"]
        if unexplained:
            raise ReconciliationError(
                f"{len(unexplained)} published cells differ from the package without an explanation",
                action="See the list above; correct the figures or the data, and run reconcile again.",
            )


def compare(
    tables: Sequence[Table],
    measure: Callable[[str], MeasureTable],
    *,
    audience: Audience,
    mark: str,
) -> tuple[Compared, ...]:
    """Compare every cell of the tables.

    Args:
        tables: published tables of one report.
        measure: table id → unprotected measure, unrounded, in kr, årsarbetare or per cent.
        audience: whose limits decide what may be shown.
        mark: what a suppressed cell prints as.
    """
    checked: list[tuple[Cell, bool, str, bool]] = []
    for table in tables:
        measured = measure(table.kind)
        values = mapping.measured_values(measured, measured.frame.to_dicts())
        shown = mapping.measured_values(measured, protect(measured, audience, mark).frame.to_dicts())
        checked += [_check(table, cell, values, shown) for cell in table.cells]
    agreeing = [cell for cell, same, _, _ in checked if same]
    identities = printed_identities(tables)
    protected = {variable(cell) for cell, _, _, hidden in checked if hidden}
    by_rates = proofs.prove_rates(tables, protected=protected)
    compared = []
    for cell, same, package, hidden in checked:
        proof = ""
        if not same:
            proof = by_rates.get(variable(cell), "") or proofs.prove(cell, agreeing, identities, protected=protected)
        verdict: Verdict = "matched" if same else "cannot both be true" if proof else "differs"
        printed = cell.shown if cell.figure else NO_POSTING
        blank = cell.figure is None
        compared.append(Compared(cell.file, cell.location, printed, package, verdict, proof, blank, hidden))
    return tuple(compared)


def _check(
    table: Table,
    cell: Cell,
    values: Mapping[mapping.Key, Mapping[str, Any]],
    shown: Mapping[mapping.Key, Mapping[str, Any]],
) -> tuple[Cell, bool, str, bool]:
    """Whether the cell agrees, what of the package may be shown, and whether it is protected."""
    key = mapping.published_key(table, cell)
    record = values.get(key)
    value = record["value"] if record else (0.0 if mapping.absent_is_zero(table.kind) else None)
    decimals = cell.figure.decimals if cell.figure else 0
    rounded = None if value is None else swedish.round_half_away(float(value) / float(cell.scale), decimals)
    same = rounded == cell.figure.value if cell.figure else not rounded
    hidden = key in shown and shown[key]["status"] == SUPPRESSED
    if hidden:
        return cell, same, PROTECTED, True
    text = NO_POSTING if value is None else swedish.number(float(value) / float(cell.scale), decimals)
    return cell, same, text, False


def _count_lines(rows: Sequence[Mapping[str, object]]) -> list[str]:
    if not rows:
        return []
    headings = list(rows[0])
    widths = [max(len(heading), *(len(str(row[heading])) for row in rows)) for heading in headings]
    totals: Counter[str] = Counter()
    for row in rows:
        totals.update({key: int(str(value)) for key, value in row.items() if key != "file"})
    body = [*rows, {"file": "Total", **totals}]
    return [
        "  ".join(
            str(row.get(heading, 0)).ljust(width) if heading == "file" else str(row.get(heading, 0)).rjust(width)
            for heading, width in zip(headings, widths, strict=True)
        ).rstrip()
        for row in ({heading: heading for heading in headings}, *body)
    ]
