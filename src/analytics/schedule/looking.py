"""Reads what :mod:`analytics.schedule.due` needs to know: calendar, catalog, manifests, comments, snapshots, attempts.

Only small files are read, and nothing that loads the libraries of the data: a look at a quiet project takes a second.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path

from analytics import catalog, leases, needs, snapshots
from analytics.calendar import STOCKHOLM, Occasion, ReportingCalendar
from analytics.catalog import Catalog
from analytics.comments.inventory import inventory, version
from analytics.errors import SettingsError
from analytics.needs import Delivery, Missing
from analytics.organisation import Organisation, Unit
from analytics.periods import Period
from analytics.reference import Reference
from analytics.schedule import due, history, published
from analytics.schedule.due import Due, Known, Rules
from analytics.schedule.history import History
from analytics.schedule.published import Damaged, Published
from analytics.settings import Settings


@dataclass(frozen=True)
class Outlook:
    """The project at one moment. ``asked`` is what the calendar asks for, and where it stands."""

    now: datetime
    asked: tuple[Due, ...]
    years_without_calendar: tuple[int, ...]
    calendar_folder: Path

    def problem(self) -> SettingsError | None:
        """Years that nobody has made a calendar for: their months would be forgotten without a word."""
        if not self.years_without_calendar:
            return None
        years = ", ".join(map(str, self.years_without_calendar))
        return SettingsError(
            f"there is no reporting calendar for {years}, so nothing of it is due",
            action=f"Copy the calendar of another year in {self.calendar_folder.name}/ and set its days "
            "(docs/calendar.md).",
        )


@dataclass(frozen=True)
class Project:
    """The files of one project, each read when it is asked for."""

    settings: Settings
    code_version: str
    again: bool = False

    @cached_property
    def organisation(self) -> Organisation:
        return Organisation.read(self.settings.paths.reference)

    @cached_property
    def calendar(self) -> ReportingCalendar:
        return ReportingCalendar.read(self.settings, self.organisation)

    @property
    def history(self) -> History:
        return History(self.settings.paths.reports / history.FOLDER)

    @property
    def folder(self) -> Path:
        """Where the packages of the audience lie that the schedule makes."""
        disclosure = self.settings.disclosure
        return self.settings.paths.reports / disclosure.for_audience(disclosure.audience).folder

    @cached_property
    def reports(self) -> tuple[str, ...]:
        """Names of the reports that there are notebooks for."""
        from analytics.reports import choices

        return tuple(choices.find_notebooks(self.settings.paths.notebooks))

    @cached_property
    def titles(self) -> dict[str, str]:
        """Report → its title: the first heading of its notebook."""
        from analytics.reports import choices

        return {
            name: choices.title_of(file) for name, file in choices.find_notebooks(self.settings.paths.notebooks).items()
        }

    @property
    def rules(self) -> Rules:
        schedule = self.settings.schedule
        return Rules(
            self.code_version,
            tuple(timedelta(minutes=minutes) for minutes in schedule.retry_minutes),
            schedule.most_deaths,
            lambda name: self.titles.get(name, name.capitalize()),
            again=self.again,
        )

    def lease_folder(self, place: str) -> Path:
        """The lease of a package, of loading or of fetching."""
        return self.settings.paths.reports / leases.FOLDER / place.replace("/", "-")

    def units_of(self, occasion: Occasion) -> list[Unit]:
        """The administrations that report on an occasion, by code."""
        valid = self.organisation.at("administration", occasion.period)
        return [unit for unit in valid if not occasion.units or unit.code in occasion.units]

    def look(self, now: datetime, *, with_attempts: bool = False) -> Outlook:
        """Where everything stands. ``with_attempts`` reads the attempts also of what is published.

        Raises SettingsError for the calendar or a reference file, StorageError for a damaged catalog or history.
        """
        day = now.astimezone(STOCKHOLM).date()
        held = Held(catalog.read(self.settings.paths.processed), self.settings)
        occasions = self.calendar.until(day)
        packages = {
            (occasion.period, unit.code): published.read(self.folder / str(occasion.period) / unit.code)
            for occasion in occasions
            for unit in self.units_of(occasion)
        }
        found = [
            (
                occasion,
                [self._known(occasion, unit, held, packages, with_attempts) for unit in self.units_of(occasion)],
            )
            for occasion in occasions
        ]
        return Outlook(
            now,
            due.due(found, rules=self.rules, now=now),
            self.calendar.missing_years(day),
            self.settings.paths.reference,
        )

    def _known(
        self,
        occasion: Occasion,
        unit: Unit,
        held: Held,
        packages: Mapping[tuple[Period, str], Published | Damaged | None],
        with_attempts: bool,  # noqa: FBT001
    ) -> Known:
        package = packages[occasion.period, unit.code]
        input_version = held.version(occasion.period, unit.code)
        missing = self._missing(occasion, unit.code, held, packages)
        is_current = isinstance(package, Published) and package.is_of(input_version, missing)
        attempts: Sequence[history.Attempt] = ()
        running = ""
        if with_attempts or not is_current:
            place = history.place_of(occasion.period, unit.code)
            holder = leases.holder(self.lease_folder(place))
            attempts = history.closed(self.history.attempts(place), living=holder.token if holder else "")
            running = str(holder) if attempts and attempts[-1].outcome == "running" else ""
        return Known(
            unit=unit.code,
            unit_label=unit.label,
            input_version=input_version,
            published=package,
            missing=missing,
            attempts=tuple(each for each in attempts if each.outcome != "running"),
            running=running,
        )

    def missing(self, period: Period) -> dict[str, tuple[Missing, ...]]:
        """Unit → what its package of a month lacks, for whoever makes it by hand; nothing if the month is not reported.

        Raises as :meth:`look`.
        """
        year = self.calendar.years.get(period.year)
        occasion = next((each for each in year.occasions if each.period == period), None) if year else None
        if occasion is None:
            return {}
        units = [unit.code for unit in self.organisation.at("administration", period)]
        held = Held(catalog.read(self.settings.paths.processed), self.settings)
        packages = {
            (earlier.period, unit): published.read(self.folder / str(earlier.period) / unit)
            for earlier in self.calendar.until(period.first_day)
            for unit in units
        }
        return {unit: self._missing(occasion, unit, held, packages) for unit in units}

    def _missing(
        self,
        occasion: Occasion,
        unit: str,
        held: Held,
        packages: Mapping[tuple[Period, str], Published | Damaged | None],
    ) -> tuple[Missing, ...]:
        earlier = [package for (period, code), package in packages.items() if code == unit and period < occasion.period]
        return needs.missing(
            occasion,
            staff_lag=self.settings.staff.lag_months,
            held=held.deliveries,
            refused=held.refused(occasion),
            reports=self.reports,
            subjects=published.subjects(earlier) | self._declared_subjects(occasion.period, unit),
        )

    def _declared_subjects(self, period: Period, unit: str) -> frozenset[str]:
        """Reports that the reference tables say that a unit has, before it has any package that tells."""
        care_units = Reference(self.settings.paths.reference).care_units.values()
        has_care_units = any(each.administration == unit and each.is_valid_in(period) for each in care_units)
        return frozenset({"halsoval"} if has_care_units else ())


@dataclass
class Held:
    """What is in force, and what of it was refused, read once for one look."""

    catalog: Catalog
    settings: Settings
    _versions: dict[Period, str] = field(default_factory=dict)
    _status: dict[Delivery, bool] = field(default_factory=dict)

    @cached_property
    def deliveries(self) -> frozenset[Delivery]:
        return frozenset((entry.snapshot.layout, entry.delivery) for entry in self.catalog.entries)

    def version(self, period: Period, unit: str) -> str:
        """The input version of a package: its data and the comments that it would print."""
        staff_lag = self.settings.staff.lag_months
        if period not in self._versions:
            self._versions[period] = self.catalog.until(period, staff_lag=staff_lag).version
        approved_only = self.settings.disclosure.audience != "internal"
        folder = self.settings.paths.comments
        comments = inventory(folder, str(period), unit, self.settings.focus, approved_only=approved_only)
        return version(self._versions[period], comments)

    def refused(self, occasion: Occasion) -> frozenset[Delivery]:
        """The deliveries that an occasion needs whose newest version was refused."""
        needed = needs.needed(occasion, staff_lag=self.settings.staff.lag_months)
        asked = {(need.layout, str(month)) for need, months in needed for month in months}
        return frozenset(delivery for delivery in asked if self._is_refused(delivery))

    def _is_refused(self, delivery: Delivery) -> bool:
        if delivery not in self._status:
            store = self.settings.paths.raw / snapshots.FOLDER
            self._status[delivery] = snapshots.newest_status(store, *delivery) == "refused"
        return self._status[delivery]
