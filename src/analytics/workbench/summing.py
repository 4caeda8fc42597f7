"""Key figures at the top of each report, and what the summary tells of the other reports."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from analytics import companions, frame, overview
from analytics.disclosure import ProtectedTable
from analytics.measures import availability
from analytics.measures.catalogue import REPORTS
from analytics.measures.catalogue.focus import PREFIX as FOCUS
from analytics.measures.catalogue.summary import TELLER
from analytics.measures.scope import Scope
from analytics.periods import Period
from analytics.processed import Store
from analytics.sentences import focus_figures, forecast_figures, key_figures, kpp_figures, summary
from analytics.sentences.key_figures import KeyFigures
from analytics.workbench.choosing import unknown
from analytics.workbench.deliveries import DELIVERY_NAMES
from analytics.workbench.renamed import checked
from analytics.workbench.shelf import Shelf
from analytics.workbench.showing import Showing

FIGURES: Mapping[str, tuple[Callable[[Mapping[str, ProtectedTable]], KeyFigures], tuple[str, ...]]] = {
    "personal": (key_figures.staff, tuple(key_figures.STAFF)),
    "ekonomi": (key_figures.ledger, ("fr1_outcome", "fr1_forecast")),
    "prognos": (forecast_figures.figures, tuple(forecast_figures.TABLES)),
    "indikatorer": (key_figures.indicators, ("indicator_overview",)),
    "halsoval": (key_figures.care_units, ("care_unit_overview",)),
    "kpp": (kpp_figures.figures, kpp_figures.TABLES),
}
"""Report → what makes the figures at its top, and from which tables."""


class Summing(Showing):
    """The figures that a reader meets first."""

    def __init__(self, *, scope: Scope, audience: str, store: Store, shelf: Shelf | None = None) -> None:
        super().__init__(scope=scope, audience=audience, store=store, shelf=shelf)
        self._explained: dict[str, str] = {}

    @checked("wb.key_figures")
    def key_figures(self, report: str) -> KeyFigures:
        """The summary at the top of a report. Raises UsageError for an unknown report."""
        found, names = self._key_figures(report)
        # A figure that does not say its table may be from any of them: about persons, if one of them is.
        persons = (name for name in names if self.protected(name).spec.protection != "none")
        table_id = next(persons, names[0])
        for figure in found.figures:
            said = f"{figure.value}. {figure.comparison}" if figure.comparison else figure.value
            self._remember("key_figure", figure.table_id or table_id, figure.label, said)
        return found

    def _key_figures(self, report: str) -> tuple[KeyFigures, Sequence[str]]:
        """The figures and the tables that they are from."""
        if report == "fokusomraden":
            areas = [f"{FOCUS}{area.id}" for area in self.scope.settings.focus]
            agency = {name: self.protected(name) for name in focus_figures.AGENCY}
            return focus_figures.figures([self.protected(name) for name in areas], agency), focus_figures.AGENCY
        if report == TELLER:
            return key_figures.summary(self._summed_up, self._places), tuple(self._summed_up)
        if report in FIGURES:
            make, names = FIGURES[report]
            return make({name: self.protected(name) for name in names}), names
        raise unknown("report", report, tuple(REPORTS))

    @property
    def _places(self) -> Mapping[str, str]:
        """Table → link to it in the other reports of the package that is being made; empty outside a run."""
        around = companions.current()
        return {} if around is None else around.places

    @property
    def _lacking(self) -> dict[str, str]:
        """Reports that the unit has no data for → why; in a run also those that wait for a delivery."""
        around = companions.current()
        lacking = self._keep("lacking", lambda: availability.not_made(self._data, self.scope))
        return {**lacking, **({} if around is None else around.left_out)}

    def _report_of(self, table_id: str) -> str:
        """The report that shows a table; the summary only tells of it."""
        return next((name for name, held in REPORTS.items() if table_id in held and name != TELLER), "")

    @property
    def _summed_up(self) -> dict[str, ProtectedTable]:
        """The tables whose totals are the key figures of the summary: those of reports that the package has."""
        names = (name for name in (*summary.TABLES, summary.GOALS) if self._report_of(name) not in ("", *self._lacking))
        return {name: self.protected(name) for name in names}

    @checked("wb.point")
    def point(self, table_id: str) -> frame.Html:
        """The sentence of a table with its numbers as links to it, or why there is no such table, once for a report."""
        report = self._report_of(table_id)
        if report in self._lacking:
            is_said = self._explained.setdefault(report, table_id) != table_id
            return frame.Html("") if is_said else overview.point(self._lacking[report], None)
        return overview.point(str(self.say(table_id)), self._places.get(table_id))

    @checked("wb.largest")
    def largest(self, table_id: str) -> frame.Html:
        """The largest of ``deviations``, each with its largest part and its approved comment, linked to the table."""
        if table_id != "deviations":
            raise unknown("table of deviations", table_id, ("deviations",))
        return overview.deviations(self.protected(table_id), self._desk.bound(table_id), self._places.get(table_id))

    def quality(self) -> frame.Html:
        """Whether the deliveries can be trusted, and the gravest remarks on them."""
        return overview.quality(summary.remarks(self._outcomes), companions.current(), names=DELIVERY_NAMES)

    def since_last_version(self) -> frame.Html:
        """What changed since the last version of the package; outside a run a sentence that says so."""
        return overview.since_last_version(companions.current())

    def since_last_month(self) -> frame.Html:
        """The key figures of the summary then and now, if an earlier month is published."""
        around = companions.current()
        if around is None or around.earlier is None:
            return frame.Html(f"<p>{overview.BY_HAND if around is None else overview.FIRST_MONTH}</p>")
        return overview.since_last_month(
            summary.then_and_now(self._summed_up, around.earlier),
            then=Period.parse(around.earlier.period).label,
            now=self.scope.period.label,
            places=around.places,
        )

    @property
    def _outcomes(self) -> list[dict[str, Any]]:
        return self._keep("outcomes", self._read_outcomes)

    def _read_outcomes(self) -> list[dict[str, Any]]:
        names = {entry.validation for entry in self.catalog.entries} | {self.catalog.across}
        records = [self._store.validation_record(name) for name in sorted(names - {""})]
        return [outcome for record in records for outcome in record["outcomes"]]
