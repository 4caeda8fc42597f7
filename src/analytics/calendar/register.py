"""All calendar files of the reference folder, read and checked together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from analytics.calendar.making import check_order_of_openings, occasion_of, unreported_of
from analytics.calendar.model import CalendarYear, Occasion
from analytics.calendar.reading import PATTERN, Document, read
from analytics.calendar.rules import Rules
from analytics.errors import Location, SettingsError
from analytics.organisation import Organisation
from analytics.periods import Period
from analytics.settings import Settings


@dataclass(frozen=True)
class ReportingCalendar:
    """The years that have a calendar file, and the month from which anything is due."""

    folder: Path
    years: Mapping[int, CalendarYear]
    enabled_from: Period

    @classmethod
    def read(cls, settings: Settings, organisation: Organisation | None = None) -> ReportingCalendar:
        """Read every ``calendar_<year>.toml`` in the reference folder; no file at all is an empty calendar.

        Raises SettingsError with file and key for anything that cannot be used (:mod:`analytics.calendar.making`), for
        months that do not open in order, and for demonstration days where the data are not synthetic.
        """
        units = organisation or Organisation.read(settings.paths.reference)
        rules = Rules(settings.calendar)

        def units_of(period: Period) -> list[str]:
            return [unit.code for unit in units.at("administration", period)]

        documents = [read(file) for file in sorted(settings.paths.reference.glob(PATTERN))]
        years = {
            document.year: CalendarYear(
                document.year,
                document.status,
                document.source,
                tuple(
                    occasion_of(document, entry, rules, units_of)
                    for entry in sorted(document.entries, key=lambda entry: entry.period)
                ),
                tuple(unreported_of(document, entry, rules) for entry in document.unreported),
            )
            for document in documents
            if _may_be_used(document, settings)
        }
        by_year = {document.year: document for document in documents}
        check_order_of_openings(
            by_year.__getitem__, [occasion for year in years.values() for occasion in year.occasions]
        )
        return cls(settings.paths.reference, years, Period.parse(settings.calendar.enabled_from))

    def year(self, year: int) -> CalendarYear:
        """One year. Raises SettingsError, with what to do, if it has no calendar file."""
        if year in self.years:
            return self.years[year]
        known = ", ".join(map(str, sorted(self.years))) or "none"
        raise SettingsError(
            f"there is no reporting calendar for {year}",
            where=Location(self.folder / f"calendar_{year}.toml"),
            action=f"Copy the calendar of another year to {self.folder.name}/calendar_{year}.toml and set its days "
            f"(docs/calendar.md). Years with a calendar: {known}.",
        )

    def of_year(self, year: int) -> tuple[Occasion, ...]:
        """The occasions of one year's months, in order. Raises SettingsError if the year has no calendar file."""
        return self.year(year).occasions

    def occasion(self, period: Period) -> Occasion | None:
        """The occasion of a month, or None if the month is not reported. Raises SettingsError as :meth:`year`."""
        return next((occasion for occasion in self.of_year(period.year) if occasion.period == period), None)

    def until(self, day: date) -> tuple[Occasion, ...]:
        """Occasions of months that have ended before ``day``, from ``enabled_from`` on, oldest first.

        They are not all open yet (:attr:`Occasion.opens`). Years without a calendar file have none: ask
        :meth:`missing_years` too, and say so, or a year would end unreported without a word.
        """
        found = (occasion for year in self.years.values() for occasion in year.occasions)
        due = (each for each in found if each.period >= self.enabled_from and each.period.last_day < day)
        return tuple(sorted(due, key=lambda occasion: occasion.period))

    def after(self, day: date) -> tuple[Occasion, ...]:
        """Occasions from ``enabled_from`` on whose month has not ended before ``day``, oldest first."""
        found = (occasion for year in self.years.values() for occasion in year.occasions)
        later = (each for each in found if each.period >= self.enabled_from and each.period.last_day >= day)
        return tuple(sorted(later, key=lambda occasion: occasion.period))

    def missing_years(self, day: date) -> tuple[int, ...]:
        """Years from ``enabled_from`` to the year of ``day`` that have no calendar file."""
        return tuple(year for year in range(self.enabled_from.year, day.year + 1) if year not in self.years)


def _may_be_used(document: Document, settings: Settings) -> bool:
    """Days made up for the demonstration must not decide when real reports are made. Raises SettingsError."""
    if document.status == "demonstration" and not settings.region.synthetic:
        raise document.wrong(
            "status",
            "is demonstration, but region.synthetic is false: its days are made up",
            'Set the decided days and status = "decided", or remove the file.',
        )
    return True
