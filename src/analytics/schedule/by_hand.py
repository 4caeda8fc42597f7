"""A run that someone starts by hand takes the same leases as the schedule, so that no package is made twice at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from analytics import leases
from analytics.errors import BusyError
from analytics.leases import Heart, Holder, Ticket
from analytics.periods import Period
from analytics.schedule import history
from analytics.schedule.looking import Project


@contextmanager
def leased(project: Project, *, period: Period, units: Sequence[str], audience: str) -> Iterator[Mapping[str, Ticket]]:
    """Hold the leases of the packages of a month; gives the right to publish each of them, by its unit.

    ``units`` empty means all. Packages of different audiences lie apart and do not hinder each other.

    Raises BusyError if another run is making one of them; then none is held. UsageError for an unknown unit,
    StorageError if the folder of reports cannot be written.
    """
    settings, organisation = project.settings, project.organisation
    chosen = organisation.administrations(units, period)
    seconds = settings.schedule.lease_seconds
    tickets = {}
    with Heart(seconds=seconds) as heart:
        for unit in chosen:
            place = history.place_of(period, unit.code)
            if audience != settings.disclosure.audience:
                place = f"{audience}/{place}"
            taken = leases.acquire(project.lease_folder(place), seconds=seconds)
            if isinstance(taken, Holder):
                raise BusyError(
                    f"the package of unit {unit.code} for {period} is being made by {taken}",
                    action="Wait until it has ended (analytics status), or leave the unit out.",
                )
            heart.keep(taken)
            tickets[unit.code] = taken.ticket
        yield tickets
