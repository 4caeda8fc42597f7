"""Which deliveries the report of a month needs, in one declared table, and which of them are missing.

What is missing is never replaced by an older delivery: the reports that cannot do without it are left out of the
package, the others say what is missing on every page, and without a critical delivery there is no package at all.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final, Literal

from analytics.calendar import Occasion
from analytics.periods import Period, PeriodRange

Delivery = tuple[str, str]
"""Layout and month of a delivery: ``("heroma_tid", "2018-02")``."""
Told = tuple[str, str, bool]
"""Layout, month and whether it is superseded: what a package says is missing."""
Months = Literal["year_so_far", "staff", "month", "january"]
When = Literal["always", "with_forecast", "with_goals"]


@dataclass(frozen=True, slots=True)
class Need:
    """One layout that reports are made from.

    ``what`` is how readers know it. ``months``: every month from January to the report month, the same up to the last
    month of complete staff data, the report month alone, or January. ``reports`` cannot be made without it; if it is
    ``critical`` nothing is published. ``effect`` says in Swedish what else is lacking. ``subject`` names the report
    whose units alone are concerned; empty: all units.
    """

    layout: str
    what: str
    months: Months
    when: When = "always"
    reports: tuple[str, ...] = ()
    critical: bool = False
    subject: str = ""
    effect: str = ""


_STAFF: Final = "Personaluppgifter"
_PATIENT_COSTS: Final = "Uppgifter om kostnad per patient"
NEEDS: Final = (
    # Every report but that of staff tells of money, and the summary begins with it.
    Need("raindance_saldo", "Bokföringen", "year_so_far", critical=True),
    # Tables print columns of budget as blank, with a note, so nothing is left out; but readers must see why.
    Need("raindance_budget", "Årsbudgeten", "january", effect="Därför saknas jämförelserna med budget."),
    Need("raindance_prognos", "Förvaltningarnas prognos", "month", "with_forecast", reports=("prognos",)),
    Need("heroma_anstallning", _STAFF, "staff", reports=("personal",)),
    Need("heroma_tid", _STAFF, "staff", reports=("personal",)),
    Need("heroma_franvaro", _STAFF, "staff", reports=("personal",)),
    Need("inhyrd", "Uppgifter om inhyrd personal", "staff", reports=("personal", "fokusomraden")),
    # Goals are followed up in the quarterly, interim and yearly reports (process 2018, 004:314-340).
    Need("stratsys_indikatorer", "Uppföljningen av indikatorer", "month", "with_goals", reports=("indikatorer",)),
    Need("halsoval", "Uppgifter om vårdenheterna", "year_so_far", reports=("halsoval",), subject="halsoval"),
    Need("kpp_kontakter", _PATIENT_COSTS, "year_so_far", reports=("kpp",), subject="kpp"),
    Need("kpp_kostnader", _PATIENT_COSTS, "year_so_far", reports=("kpp",), subject="kpp"),
)
NOT_WAITED_FOR: Final[Mapping[str, str]] = {
    "kolada": "Yearly figures for comparison; the tables of indicators say which year they are from.",
}
"""Layouts that no report waits for, and why."""


@dataclass(frozen=True, slots=True)
class Missing:
    """A need that is not met.

    ``refused`` says that the delivery has come but could not be taken. ``superseded`` says that an earlier reading of
    the months is in force and only the newest was refused, mostly a correction: reports can be made, but from figures
    that the supplier has taken back.
    """

    need: Need
    months: tuple[Period, ...]
    refused: bool = False
    superseded: bool = False

    @property
    def is_critical(self) -> bool:
        return self.need.critical and not self.superseded

    @property
    def reports(self) -> tuple[str, ...]:
        """The reports that cannot be made."""
        return () if self.superseded else self.need.reports

    @property
    def told(self) -> set[Told]:
        """What readers are told of it, month by month."""
        return {(self.need.layout, str(month), self.superseded) for month in self.months}

    def as_record(self) -> dict[str, Any]:
        return {
            "layout": self.need.layout,
            "what": self.need.what,
            "months": [str(month) for month in self.months],
            "refused": self.refused,
            "superseded": self.superseded,
            "critical": self.is_critical,
            "reports": list(self.reports),
        }


def needed(occasion: Occasion, *, staff_lag: int) -> list[tuple[Need, PeriodRange]]:
    """What the report of an occasion needs, and for which months."""
    period = occasion.period
    months: dict[Months, PeriodRange] = {
        "year_so_far": period.accumulated,
        "staff": period.plus(-staff_lag).accumulated,
        "month": PeriodRange(period, period),
        "january": PeriodRange(Period(period.year, 1), Period(period.year, 1)),
    }
    asked: dict[When, bool] = {
        "always": True,
        "with_forecast": occasion.with_forecast,
        "with_goals": occasion.kind != "month",
    }
    return [(need, months[need.months]) for need in NEEDS if asked[need.when]]


def missing(  # noqa: PLR0913 - the caller says all that it depends on
    occasion: Occasion,
    *,
    staff_lag: int,
    held: Collection[Delivery],
    refused: Collection[Delivery] = (),
    reports: Collection[str],
    subjects: Collection[str],
) -> tuple[Missing, ...]:
    """The needs of an occasion that are not met for a unit.

    Args:
        occasion: the reported month.
        staff_lag: how many months later staff data are complete.
        held: deliveries that are in force.
        refused: deliveries whose newest version was refused; an earlier one may be in ``held``.
        reports: reports that exist. A delivery that only others need is not missed.
        subjects: reports of special subjects that the unit has (``halsoval``).
    """
    found = []
    for need, months in needed(occasion, staff_lag=staff_lag):
        concerns = not need.reports or any(name in reports for name in need.reports)
        if not concerns or (need.subject and need.subject not in subjects):
            continue
        lacking = [month for month in months if (need.layout, str(month)) not in held]
        taken_back = [month for month in months if month not in lacking and (need.layout, str(month)) in refused]
        if lacking:
            among = any((need.layout, str(month)) in refused for month in lacking)
            found.append(Missing(need, tuple(lacking), refused=among))
        if taken_back:
            found.append(Missing(need, tuple(taken_back), refused=True, superseded=True))
    return tuple(found)


def sentences(found: Sequence[Missing], title_of: Callable[[str], str] | None = None) -> tuple[str, ...]:
    """What readers are told: what is missing for which months, and which reports are left out because of it.

    ``title_of`` gives the title of a report, empty if there is none; without it reports are not told of. Layouts that
    readers know by one name are told in one sentence.
    """
    lines = []
    for (what, superseded), group in groupby(found, key=lambda each: (each.need.what, each.superseded)):
        same = list(group)
        months = _when(same)
        if superseded:
            lines.append(f"{what} för {months} kunde inte läsas in på nytt. Siffrorna är de tidigare inlästa.")
            continue
        names = dict.fromkeys(name for each in same for name in each.reports)
        titles = [title_of(name) for name in names] if title_of else []
        effects = dict.fromkeys(each.need.effect for each in same if each.need.effect)
        lines.append(
            f"{what} för {months} saknas.{_left_out([title for title in titles if title])}"
            + "".join(f" {effect}" for effect in effects)
        )
    return tuple(lines)


def _when(same: Sequence[Missing]) -> str:
    """The months in words; the year where a delivery is that of the year."""
    months = sorted({month for each in same for month in each.months})
    if all(each.need.months == "january" for each in same):
        return _listed([str(year) for year in dict.fromkeys(month.year for month in months)])
    return label(months)


def left_out(found: Sequence[Missing], title_of: Callable[[str], str]) -> dict[str, str]:
    """Report that cannot be made → what is said of it."""
    return {
        name: " ".join(sentences([each for each in found if name in each.reports], title_of))
        for name in dict.fromkeys(name for each in found for name in each.reports)
    }


def told(records: Iterable[Mapping[str, Any]]) -> set[Told]:
    """What readers were told, from :meth:`Missing.as_record`. Raises KeyError or TypeError for a damaged record."""
    return {
        (str(record["layout"]), str(month), record["superseded"] is True)
        for record in records
        for month in record["months"]
    }


def resolved(before: Sequence[Mapping[str, Any]], now: Sequence[Missing]) -> tuple[str, ...]:
    """What was missing before and is not any more, in words. ``before`` are records of :meth:`Missing.as_record`.

    What readers know by one name has come when all of it has.
    """
    lacking = {(each.need.what, each.superseded, str(month)) for each in now for month in each.months}
    came: dict[tuple[str, bool], set[Period]] = {}
    for record in before:
        about = (str(record["what"]), record["superseded"] is True)
        found = {Period.parse(month) for month in record["months"] if (*about, month) not in lacking}
        came.setdefault(about, set()).update(found)
    return tuple(
        f"{what} för {label(sorted(months))} "
        + (
            "kunde inte läsas in på nytt till den förra versionen, men har lästs in nu."
            if superseded
            else "saknades i den förra versionen och ingår nu."
        )
        for (what, superseded), months in came.items()
        if months
    )


def label(months: Sequence[Period]) -> str:
    """Months in words, unbroken runs together: ``januari–februari 2018 och april 2018``."""
    runs: list[PeriodRange] = []
    for month in months:
        if runs and runs[-1].last.plus(1) == month and runs[-1].last.year == month.year:
            runs[-1] = PeriodRange(runs[-1].first, month)
        else:
            runs.append(PeriodRange(month, month))
    return _listed([run.label for run in runs])


def _left_out(titles: Sequence[str]) -> str:
    if not titles:
        return ""
    noun = "rapporten" if len(titles) == 1 else "rapporterna"
    return f" Därför ingår inte {noun} {_listed(titles)}."


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} och {parts[-1]}"
