"""The rules of ``[calendar]`` applied to a month: what is reported, on which days, to whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from analytics.calendar.model import Kind
from analytics.calendar.workdays import working_day_after
from analytics.periods import Period
from analytics.settings import Calendar, CalendarRecipient


@dataclass(frozen=True, slots=True)
class Rules:
    """The section ``[calendar]`` of the settings, asked month by month."""

    settings: Calendar

    def is_reported(self, period: Period) -> bool:
        return period.month not in self.settings.not_reported

    def kind(self, period: Period) -> Kind:
        if period.month in self.settings.quarter_after:
            return "quarter"
        if period.month in self.settings.interim_after:
            return "interim"
        return "year" if period.month in self.settings.year_after else "month"

    def with_forecast(self, period: Period) -> bool:
        return period.month in self.settings.forecast_after

    def time_complete(self, period: Period) -> date:
        return working_day_after(period, self.settings.time_complete_workday)

    def ledger_closes(self, period: Period) -> date:
        return working_day_after(period, self.settings.ledger_closes_workday)

    def wait_until(self, period: Period) -> date:
        return working_day_after(period, self.settings.wait_until_workday)

    def recipients(self, kind: Kind, *, with_forecast: bool) -> tuple[CalendarRecipient, ...]:
        """Who gets a report of this kind, in the order of the settings."""
        return tuple(
            each for each in self.settings.recipient if each.kind == kind or (each.kind == "forecast" and with_forecast)
        )

    @property
    def body_ids(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(body.id for body in self.settings.body))

    def body_name(self, identity: str, day: date) -> str | None:
        """The name of a body on a day; None if it has none then. ISO days compare as text."""
        text = day.isoformat()
        return next(
            (
                body.name
                for body in self.settings.body
                if body.id == identity and body.valid_from <= text and (not body.valid_to or text <= body.valid_to)
            ),
            None,
        )
