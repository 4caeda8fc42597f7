"""The findings of a panel's measures as a list to choose from: each sets the choice of the panel."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Final

import ipywidgets as widgets
import polars as pl

from analytics import swedish
from analytics.disclosure.findings import BETWEEN, protect
from analytics.errors import MissingDataError
from analytics.explore import cubes, marks
from analytics.finder.model import COMPARISONS, KINDS, Finding
from analytics.measures.report_form import members
from analytics.reference import ReportLine
from analytics.sentences import findings as sentences
from analytics.workbench import Workbench

PLACES: Final = ("base_unit", "cost_centre", "account")
NONE: Final = "Ingen avvikelse i ekonomin är så stor och så osannolik att den tas med."
NONE_HERE: Final = "Ingen avvikelse i dessa mått är så stor och så osannolik att den tas med."
LEDGER: Final = frozenset({"fr1_outcome"})


def choice(finding: Finding, frame: pl.DataFrame, lines: Mapping[str, ReportLine]) -> dict[str, tuple[str, ...]]:
    """Column → codes of the cube that a finding is about. What history leads one to expect has no column of its own."""
    found: dict[str, tuple[str, ...]] = {column: (finding.keys[column],) for column in PLACES if column in finding.keys}
    if "report_line" in finding.keys:
        here = set(frame["report_line"])
        found["report_line"] = tuple(sorted(members(lines, finding.keys["report_line"]) & here))
    if "account_group" in finding.keys and "account" not in found:
        accounts = frame["account"].unique().sort()
        found["account"] = tuple(code for code in accounts if code.startswith(finding.keys["account_group"]))
    if finding.kind in BETWEEN and all("report_line" in part.keys for part in finding.parts):
        # The two sides alone: the line above them may hold more.
        here, accounts_of = set(frame["report_line"]), [part.keys.get("account") for part in finding.parts]
        sides = [members(lines, part.keys["report_line"]) for part in finding.parts]
        found["report_line"] = tuple(sorted(set().union(*sides) & here))
        if all(accounts_of):
            found["account"] = tuple(sorted({code for code in accounts_of if code}))
    months = [month for month in finding.months.months if month in set(frame["month"])]
    every = frame.filter(pl.col("month") != cubes.WHOLE_YEAR)["month"].n_unique()
    if finding.comparison != "forecast" and 0 < len(months) < every:
        found["month"] = tuple(months)
    return {column: codes for column, codes in found.items() if codes}


def comparison_of(finding: Finding, held: Sequence[str]) -> str:
    """The comparison of the panel that shows it: last year stands for what history says, where the data hold it."""
    wanted = "previous" if finding.comparison == "expected" else finding.comparison
    if finding.kind == "forecast_kept":  # the forecast is the budget: what differs is the outcome so far
        wanted = "seasonal"
    return wanted if wanted in held else held[0]


def here(wb: Workbench, measures: Collection[str]) -> list[Finding]:
    """The findings of some measures that the internal audience may see, as everything in their panels has its limits.

    None where the ledger lacks the month: the finder then looks at nothing, and the panel has its own data.
    """
    try:
        found = [each for each in wb.deviations() if each.measure in measures]
    except MissingDataError:
        return []
    limits = wb.scope.settings.disclosure.for_audience("internal")
    return list(protect(found, limits, sick_groups=wb.scope.reference.sick_leave_groups).findings)


def picked(finding: Finding, frame: pl.DataFrame, columns: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Column of a panel → code of a finding's key, of those that are in the panel. ``columns``: key → column."""
    months = {"month": tuple(finding.months.months)} if "month" in frame.columns else {}
    keyed = {column: (finding.keys[key],) for key, column in columns.items() if key in finding.keys}
    chosen = {**keyed, **months}
    return {column: codes for column, codes in chosen.items() if set(codes) <= set(frame[column])}


class Found(widgets.VBox):  # type: ignore[misc] # ipywidgets is untyped
    """The list. ``chosen`` is called with the finding that is clicked on; ``none`` is said where there are none."""

    def __init__(
        self,
        findings: Sequence[Finding],
        chosen: Callable[[Finding], None],
        *,
        measures: Collection[str] = LEDGER,
        none: str = NONE,
    ) -> None:
        self.findings = [each for each in findings if each.measure in measures]
        self.said = widgets.HTML()
        if not self.findings:
            super().__init__([widgets.HTML(marks.sentence(none))])
            return
        options = [(_title(each), number) for number, each in enumerate(self.findings)]
        self.list: Any = widgets.Select(
            options=options, value=None, rows=min(len(options), 6), layout=widgets.Layout(width="auto")
        )

        def pick(change: Mapping[str, Any]) -> None:
            if change["new"] is not None:
                finding = self.findings[change["new"]]
                self.said.value = marks.sentence(sentences.finding(finding))
                chosen(finding)

        self.list.observe(pick, names="value")
        head = widgets.HTML(marks.sentence("Avvikelser som programmet har funnit (klicka för att visa)", strong=True))
        super().__init__([head, self.list, self.said])


def _title(finding: Finding) -> str:
    where = sentences.place(finding)
    amount = swedish.thousands(finding.deviation) if finding.unit == "kr" else sentences.signed(finding)
    return f"{where}: {amount} mot {COMPARISONS[finding.comparison]} ({KINDS[finding.kind]})"
