"""The door for notebooks: one report month of one unit, with its tables, texts and charts bound to the data.

wb = analytics.open(period="2018-03", unit="17", audience="public")
wb.show("worked_fte")
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Any

from analytics import __version__, charts, companions, frame, organisation, overview, sentences, settings, tables
from analytics.charts import targets
from analytics.comments import quotes, section
from analytics.comments.desk import Desk, Line
from analytics.comments.inventory import inventory, version
from analytics.companions import Kind, Said
from analytics.disclosure import ProtectedTable, protect
from analytics.engines import Native
from analytics.errors import MissingDataError, UsageError
from analytics.measures import availability, registry
from analytics.measures.catalogue import READS, REPORTS, MeasureTable
from analytics.measures.catalogue.focus import MONTHLY
from analytics.measures.catalogue.focus import PREFIX as FOCUS
from analytics.measures.catalogue.summary import TELLER
from analytics.measures.scope import Data, Scope, collect, lazy
from analytics.periods import Period
from analytics.processed import Catalog, Store
from analytics.reference import Reference
from analytics.sentences import focus_figures, forecast_figures, key_figures, kpp_figures, summary
from analytics.sentences.key_figures import KeyFigures

ROWS_AT_HAND = 1_000_000
"""Tables up to this size are read once per workbench; at about 100 bytes a row that is 100 MB each at most."""
FIGURES: Mapping[str, tuple[Callable[[Mapping[str, ProtectedTable]], KeyFigures], tuple[str, ...]]] = {
    "personal": (key_figures.staff, tuple(key_figures.STAFF)),
    "ekonomi": (key_figures.ledger, ("fr1_outcome", "fr1_forecast")),
    "prognos": (forecast_figures.figures, tuple(forecast_figures.TABLES)),
    "indikatorer": (key_figures.indicators, ("indicator_overview",)),
    "halsoval": (key_figures.care_units, ("care_unit_overview",)),
    "kpp": (kpp_figures.figures, kpp_figures.TABLES),
}
"""Report → what makes the figures at its top, and from which tables."""
DELIVERY_NAMES = {
    "employments": "Anställningar (personalsystemet)",
    "time": "Arbetad tid (personalsystemet)",
    "absence": "Frånvaro (personalsystemet)",
    "ledger": "Utfall, budget och prognos (ekonomisystemet)",
    "agency": "Inhyrd personal (leverantörernas uppgifter)",
    "indicators": "Indikatorer (målstyrningssystemet och Kolada)",
    "care_units": "Vårdenheter inom Hälsovalet",
    "care_contacts": "Vårdkontakter",
    "care_costs": "Vårdkontakternas kostnader",
    "across_tables": "Underlagen jämförda med varandra",
}


class Workbench:
    """Measures, protected tables, sentences and charts for one scope. Made by :func:`open_workbench`."""

    def __init__(self, *, scope: Scope, audience: str, store: Store) -> None:
        self.scope = scope
        self.audience = audience
        self.catalog: Catalog = store.catalog().until(scope.period, staff_lag=scope.settings.staff.lag_months)
        self._store = store
        self._protected: dict[str, ProtectedTable] = {}
        self._measures: dict[str, MeasureTable] = {}
        self._at_hand: dict[str, Native] = {}
        self._explained: dict[str, str] = {}
        self._commented: dict[str, int] = {}
        self._said: dict[Said, None] = {}
        if not self.catalog.entries:
            raise MissingDataError(
                "no data are loaded", action="Run analytics load (and, for the demonstration region, analytics sample)."
            )
        self._data = Data.of(store, self.catalog, scope.settings.engine.name)

    def __repr__(self) -> str:
        return f"<Workbench {self.scope.period} unit {self.scope.unit}, {self.audience}>"

    @property
    def used(self) -> tuple[str, ...]:
        """Ids of the protected tables asked for so far, in order."""
        return tuple(self._protected)

    @property
    def commented(self) -> dict[str, int]:
        """Tables whose comments were asked for so far, and how many rows of each lack one that they must have."""
        return dict(self._commented)

    @property
    def said(self) -> tuple[Said, ...]:
        """Key figures, sentences and comments asked for so far, in order, each once."""
        return tuple(self._said)

    def _remember(self, kind: Kind, table_id: str, about: str, text: str) -> None:
        self._said[Said(kind, table_id, about, text)] = None

    def table(self, table_id: str) -> MeasureTable:
        """One unprotected measure table, for further analysis. It cannot be shown, drawn or written about.

        Raises UsageError for an unknown id and MissingDataError if months are not in the data.
        """
        if table_id not in self._measures:
            self._measures[table_id] = registry.compute(table_id, self._data_for(table_id), self.scope)
        return self._measures[table_id]

    def _data_for(self, table_id: str) -> Data:
        """The data with the tables of the measure in memory: many measures read the same. Large ones are streamed."""
        for name in ("ledger",) if table_id.startswith(FOCUS) else READS.get(table_id, ()):
            rows = sum(entry.rows for entry in self.catalog.of_table(name))
            # Tables of two engines cannot be joined, so all stay where they are unless they are polars' already.
            if name not in self._at_hand and rows <= ROWS_AT_HAND and self.scope.settings.engine.name == "polars":
                self._at_hand[name] = collect(lazy(getattr(self._data, name))).lazy()
        return replace(self._data, **self._at_hand)

    def protected(self, table_id: str) -> ProtectedTable:
        """One table after disclosure control for the audience; remembered in :attr:`used`."""
        if table_id not in self._protected:
            disclosure = self.scope.settings.disclosure
            limits = disclosure.for_audience(self.audience)
            self._protected[table_id] = protect(self.table(table_id), limits, disclosure.mark)
        return self._protected[table_id]

    def show(self, table_id: str, *, unit: str | None = None) -> tables.HtmlTable:
        """The table as accessible HTML."""
        return tables.show(self.protected(table_id), unit=unit)

    def say(self, table_id: str, *, line: str | None = None) -> sentences.Text:
        """The sentence that states the main change of the table, or of one line of ``fr1_outcome``."""
        text = sentences.main_change(self.protected(table_id), line=line)
        self._remember("sentence", table_id, line or "", str(text))
        return text

    def draw(self, table_id: str, *, column: str | None = None) -> charts.Figure | sentences.Text:
        """The chart that suits the table; a sentence instead where there is nothing to draw.

        Monthly tables become lines, group tables bars of the change, ledger tables bars of a deviation (``column``).
        """
        return charts.of(self.protected(table_id), column=column)

    def focus(self) -> frame.Html:
        """Every focus area of the settings: what it cost, by account and by month. An area without postings is said."""
        areas = self.scope.settings.focus
        return frame.areas([(area.label, self._area(f"{FOCUS}{area.id}")) for area in areas])

    def _area(self, table_id: str) -> list[str]:
        said = self.say(table_id)._repr_html_()
        posted = self.protected(table_id).frame
        if (posted["status"] != "ok").all():
            return [said]
        monthly = f"{table_id}{MONTHLY}"
        drawn = self.draw(monthly)
        return [
            said,
            self.show(table_id).html,
            self._comments(table_id),
            self.say(monthly)._repr_html_(),
            drawn._repr_html_(),
            self._comments(monthly),
        ]

    def indicators(self) -> frame.Html:
        """Every indicator that can be followed over time or compared between units, each with its drawings."""
        unit = self.scope.unit
        over_time = targets.histories(self.protected("indicator_history"))
        beside = targets.comparisons(self.protected("indicator_units"), unit=unit)
        names = {
            code: label
            for table_id in ("indicator_history", "indicator_units")
            for code, label in self.protected(table_id).frame.select("indicator", "indicator_label").rows()
        }
        drawn = {code: [found[code] for found in (over_time, beside) if code in found] for code in names}
        return frame.areas([(names[code], [each.html for each in held]) for code, held in drawn.items() if held])

    def comments(self, table_id: str) -> frame.Html:
        """Approved comments and action plans of a table beside their figures, and those that are required but missing.

        A comment whose figure has changed since it was approved is marked as stale. Drafts are never printed. Raises
        CommentError for a bad file of the month and unit.
        """
        return frame.Html(self._comments(table_id))

    def _comments(self, table_id: str) -> str:
        bound = self._desk.bound(table_id)
        self._commented[table_id] = len(section.lacking(bound))
        for item in bound:
            if item.comment is not None and item.state in ("approved", "stale"):
                self._remember("comment", table_id, item.cell.title, item.comment.text)
        return section.html(table_id, bound, internal=self.audience == "internal")

    def comment(self, *, about: Mapping[str, str], text: str, author_role: str, kind: str = "", name: str = "") -> Path:
        """Write a draft of a comment or an action plan, with its figure as printed now; give its file.

        Args:
            about: the table and the keys of the cell: ``{"table": "deviations", "deviation": "budget-income"}``.
            text: Markdown of paragraphs, lists, bold and italics.
            author_role: a role such as Controller, never a name.
            kind: ``comment`` or ``action_plan``; by default what the table asks for.
            name: of the file; by default made from table and keys.

        Raises CommentError in a run, where the file is there already, and for everything that a comment may not hold.
        """
        today = datetime.now().astimezone().date()
        return self._desk.draft(about=about, text=text, author_role=author_role, kind=kind, today=today, name=name)

    def comment_lines(self) -> list[Line]:
        """Every comment of the month and unit, and every one that is required but missing, with its state."""
        return self._desk.lines()

    def ready_comment(self, name: str) -> Path:
        """Mark a draft as ready to be approved; give its file."""
        return self._desk.ready(name).file

    def approve_comment(self, name: str) -> Path:
        """Mark a comment that is ready, or stale, as approved for its figure as printed now; give its file."""
        return self._desk.approve(name, today=datetime.now().astimezone().date()).file

    @property
    def _desk(self) -> Desk:
        paths = self.scope.settings.paths
        return Desk(
            folder=paths.comments,
            period=str(self.scope.period),
            unit=self.scope.unit,
            areas=self.scope.settings.focus,
            protected=self.protected,
            hidden=self._hidden_figures,
        )

    def _hidden_figures(self, table_id: str) -> frozenset[str]:
        """What disclosure control has hidden in a table, so that a text that repeats it can be refused."""
        return quotes.hidden_figures(self.protected(table_id), self.table(table_id).frame["value"].to_list())

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
        raise _unknown("report", report, tuple(REPORTS))

    @property
    def _places(self) -> Mapping[str, str]:
        """Table → link to it in the other reports of the package that is being made; empty outside a run."""
        around = companions.current()
        return {} if around is None else around.places

    @cached_property
    def _lacking(self) -> dict[str, str]:
        """Reports that the unit has no data for → why; in a run also those that wait for a delivery."""
        around = companions.current()
        return {**availability.not_made(self._data, self.scope), **({} if around is None else around.left_out)}

    def _report_of(self, table_id: str) -> str:
        """The report that shows a table; the summary only tells of it."""
        return next((name for name, held in REPORTS.items() if table_id in held and name != TELLER), "")

    @property
    def _summed_up(self) -> dict[str, ProtectedTable]:
        """The tables whose totals are the key figures of the summary: those of reports that the package has."""
        names = (name for name in (*summary.TABLES, summary.GOALS) if self._report_of(name) not in ("", *self._lacking))
        return {name: self.protected(name) for name in names}

    def point(self, table_id: str) -> frame.Html:
        """The sentence of a table with its numbers as links to it, or why there is no such table, once for a report."""
        report = self._report_of(table_id)
        if report in self._lacking:
            is_said = self._explained.setdefault(report, table_id) != table_id
            return frame.Html("") if is_said else overview.point(self._lacking[report], None)
        return overview.point(str(self.say(table_id)), self._places.get(table_id))

    def largest(self, table_id: str) -> frame.Html:
        """The largest of ``deviations``, each with its largest part and its approved comment, linked to the table."""
        if table_id != "deviations":
            raise _unknown("table of deviations", table_id, ("deviations",))
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

    def header(self) -> frame.Html:
        """Unit, period, kind, status and audience, with the synthetic and internal marks."""
        region = self.scope.settings.region
        limits = self.scope.settings.disclosure.for_audience(self.audience)
        facts = (
            ("Organisation", region.name_in(self.scope.period)),
            ("Förvaltning", f"{self.scope.unit} {self.scope.unit_label}"),
            ("Rapport", f"{frame.kind_of(self.scope.period)} {self.scope.period.label}"),
            ("Ekonomi avser", self.scope.ledger_range.label),
            ("Personal avser", self.scope.staff_range.label),
            ("Status", self.checks.words),
            ("Läsekrets", limits.label),
        )
        internal = limits.label if self.audience == "internal" else ""
        return frame.header(facts, synthetic=region.synthetic, internal_label=internal)

    def footer(self) -> frame.Html:
        """Data version, deliveries, checks, code version, law and the definitions of the tables used."""
        facts = (
            ("Dataversion", self.version),
            ("Kontroller", f"{self.checks.words}. Se sidan Datakvalitet."),
            ("Programversion", f"analytics {__version__}"),
            ("Röjandekontroll", self._limits_in_words()),
            ("Lagrum för sjukfrånvaro", self.scope.settings.staff.sick_leave_law),
        )
        return frame.footer(facts, self._deliveries(), list(self._protected.values()))

    @cached_property
    def checks(self) -> frame.Checks:
        """Expectations on all loaded deliveries: how many there are and how many failed."""
        failed = [outcome for outcome in self._outcomes if not outcome["passed"]]
        critical = sum(outcome.get("severity") == "critical" for outcome in failed)
        return frame.Checks(len(self._outcomes), len(failed), critical)

    @cached_property
    def _outcomes(self) -> list[dict[str, Any]]:
        names = {entry.validation for entry in self.catalog.entries} | {self.catalog.across}
        records = [self._store.validation_record(name) for name in sorted(names - {""})]
        return [outcome for record in records for outcome in record["outcomes"]]

    @cached_property
    def version(self) -> str:
        """Version of the data and the comments that this report is made from."""
        desk = self._desk
        public = self.audience != "internal"
        found = inventory(desk.folder, desk.period, desk.unit, desk.areas, approved_only=public)
        return version(self.catalog.version, found)

    def _limits_in_words(self) -> str:
        limits = self.scope.settings.disclosure.for_audience(self.audience)
        return (
            f"Sjukfrånvaro visas inte för grupper med högst {limits.sick_leave_at_most} anställda, andra "
            f"personaluppgifter inte för färre än {limits.staff_fewer_than} personer, uppgifter om patienter och "
            f"listade inte för färre än {limits.patients_fewer_than}. Kostnader visas inte heller där en enda patient "
            f"står för mer än {limits.largest_patient_pct:g} procent. En uppgift om en enda person visas aldrig. "
            "Fler uppgifter döljs där en dold uppgift annars kunde räknas fram."
        )

    def _deliveries(self) -> Sequence[frame.DeliveryLine]:
        lines = []
        for table, name in DELIVERY_NAMES.items():
            entries = self.catalog.of_table(table)
            if entries:
                lines.append(
                    frame.DeliveryLine(
                        name,
                        Period.parse(max(entry.delivery for entry in entries)).label,
                        len(entries),
                        max(entry.snapshot.received for entry in entries)[:16].replace("T", " "),
                    )
                )
        return lines


def open_workbench(*, period: str, unit: str, audience: str = "public", root: Path | None = None) -> Workbench:
    """Open the processed data for one report month and administration.

    Args:
        period: the report month as ``2018-03``.
        unit: code of the administration, as text: ``17``.
        audience: ``public`` or ``internal``.
        root: the folder with ``analytics.toml``; by default the nearest one at or above the working folder.

    Raises:
        UsageError: period, unit or audience does not exist; the nearest right ones are named.
        MissingDataError: nothing is loaded.
        SettingsError: ``analytics.toml`` or a reference file is wrong.
    """
    for name, value in (("period", period), ("unit", unit), ("audience", audience)):
        if not isinstance(value, str):
            raise UsageError(
                f"{name} must be text, not {type(value).__name__}", action=f"Write it in quotes: {name}={str(value)!r}."
            )
    if audience not in settings.AUDIENCES:
        raise _unknown("audience", audience, settings.AUDIENCES)
    month = Period.parse(period)
    loaded = settings.load(root or settings.find_root(Path.cwd()))
    units = organisation.Organisation.read(loaded.paths.reference)
    units.administration(unit, month)
    scope = Scope(
        period=month,
        unit=unit,
        settings=loaded,
        organisation=units,
        reference=Reference(loaded.paths.reference),
    )
    return Workbench(scope=scope, audience=audience, store=Store(loaded.paths.processed))


def _unknown(what: str, given: str, known: Sequence[str]) -> UsageError:
    near = get_close_matches(given, known, n=1, cutoff=0.4)
    hint = f"Did you mean {near[0]}? " if near else ""
    return UsageError(f"there is no {what} {given!r}", action=f"{hint}There are: {', '.join(known)}.")
