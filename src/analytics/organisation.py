"""The organisation over time: förvaltning → basenhet → ansvar, each valid from–to.

Source of the levels: inventory section 5 (plan 2015, process 2018, plan 2019).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from itertools import pairwise
from pathlib import Path

from analytics.errors import Location, SettingsError, UsageError
from analytics.periods import Period, PeriodRange
from analytics.reference import day_or, read_rows

LEVELS = ("administration", "base_unit", "cost_centre")
FILE_NAME = "organisation.csv"


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit during one span of days."""

    level: str
    code: str
    label: str
    parent: str
    valid_from: date
    valid_to: date
    is_project: bool

    def is_valid(self, day: date) -> bool:
        return self.valid_from <= day <= self.valid_to


class Organisation:
    """All units of the organisation file, looked up by level, code and day."""

    def __init__(self, units: list[Unit]) -> None:
        self._spans: dict[tuple[str, str], list[Unit]] = {}
        for unit in units:
            self._spans.setdefault((unit.level, unit.code), []).append(unit)

    @classmethod
    def read(cls, folder: Path) -> Organisation:
        """Read ``organisation.csv``. Raises SettingsError on unknown levels, missing parents or overlapping spans."""
        file = folder / FILE_NAME
        columns = ("level", "code", "label", "parent", "valid_from", "valid_to", "is_project")
        units = []
        for line, row in enumerate(read_rows(file, columns, unique=False), start=2):
            if row["level"] not in LEVELS:
                raise SettingsError("unknown level", where=Location(file, line=line, column="level"))
            units.append(
                Unit(
                    row["level"],
                    row["code"],
                    row["label"],
                    row["parent"],
                    day_or(row["valid_from"], date.min),
                    day_or(row["valid_to"], date.max),
                    row["is_project"] == "1",
                )
            )
        organisation = cls(units)
        organisation._check(file)
        return organisation

    def _check(self, file: Path) -> None:
        for (level, code), spans in self._spans.items():
            ordered = sorted(spans, key=lambda unit: unit.valid_from)
            for earlier, later in pairwise(ordered):
                if later.valid_from <= earlier.valid_to:
                    raise SettingsError(f"the spans of {level} {code} overlap", where=Location(file))
            depth = LEVELS.index(level)
            if depth and any((LEVELS[depth - 1], unit.parent) not in self._spans for unit in spans):
                raise SettingsError(f"{level} {code} has an unknown parent", where=Location(file))

    def find(self, level: str, code: str, period: Period) -> Unit | None:
        """The unit as it was on the last day of the month, or None."""
        spans = self._spans.get((level, code), [])
        return next((unit for unit in spans if unit.is_valid(period.last_day)), None)

    def at(self, level: str, period: Period) -> list[Unit]:
        """All units of one level that were valid on the last day of the month, by code."""
        units = [unit for spans in self._spans.values() for unit in spans]
        return sorted(
            (unit for unit in units if unit.level == level and unit.is_valid(period.last_day)),
            key=lambda unit: unit.code,
        )

    def below(self, level: str, parent: str, months: PeriodRange) -> list[Unit]:
        """The units of one level that have belonged to a unit of the level above on some day of the months, by code.

        Each once, as it was last.
        """
        first, last = months.first.first_day, months.last.last_day
        found: dict[str, Unit] = {}
        for (unit_level, code), spans in self._spans.items():
            for unit in sorted(spans, key=lambda span: span.valid_from):
                if unit_level == level and unit.parent == parent and unit.valid_from <= last and unit.valid_to >= first:
                    found[code] = unit
        return [found[code] for code in sorted(found)]

    def codes(self, level: str) -> list[str]:
        """Every code that a level has ever had, in order."""
        return sorted(code for unit_level, code in self._spans if unit_level == level)

    def administration(self, code: str, period: Period) -> Unit:
        """One administration by code. Raises UsageError with the nearest right ones."""
        unit = self.find("administration", code, period)
        if unit is not None:
            return unit
        known = {unit.code: unit.label for unit in self.at("administration", period)}
        listing = ", ".join(f"{key} {label}" for key, label in known.items())
        raise UsageError(
            f"there is no administration {code!r} in {period}{self._outside(code, period)}",
            action=f"{self._above(code, period) or _nearest(code, known)}{f'Units: {listing}.' if known else ''}"
            or "No unit is valid in the month: open a later one.",
        )

    def _above(self, code: str, period: Period) -> str:
        """What to open for a base unit or cost centre whose code was given for that of an administration."""
        centre = self.find("cost_centre", code, period)
        base_unit = self.find("base_unit", centre.parent if centre is not None else code, period)
        if base_unit is None:
            return ""
        below = f"children[{base_unit.code!r}]" + (f".children[{code!r}]" if centre is not None else "")
        return f"It is a part of {base_unit.parent}: give unit='{base_unit.parent}'; in a notebook then wb.{below}. "

    def _outside(self, code: str, period: Period) -> str:
        """When a unit that is not there in the month was there, and where its base units are now."""
        spans = sorted(self._spans.get(("administration", code), []), key=lambda unit: unit.valid_from)
        if not spans:
            return ""
        before = [unit for unit in spans if unit.valid_to < period.last_day]
        if not before:
            return f": {spans[0].label} begins {spans[0].valid_from}"
        last = before[-1]
        return f": {last.label} ended {last.valid_to}{self._followed(code, last, period)}"

    def _followed(self, code: str, ended: Unit, period: Period) -> str:
        """The administrations that the base units of an ended one belong to in the month, if any of them goes on."""
        moved = {
            unit.code
            for (level, _), spans in self._spans.items()
            for unit in spans
            if level == "base_unit" and unit.parent == code and unit.is_valid(ended.valid_to)
        }
        parents = {found.parent for each in moved if (found := self.find("base_unit", each, period)) is not None}
        heirs = [self.find("administration", parent, period) for parent in sorted(parents)]
        named = ", ".join(f"{unit.code} {unit.label}" for unit in heirs if unit is not None)
        return f", its base units now belong to {named}" if named else ""

    def administrations(self, codes: Iterable[str], period: Period) -> list[Unit]:
        """The administrations by these codes, each once; without codes all of the month. Raises UsageError as above."""
        asked = list(dict.fromkeys(codes))
        return [self.administration(code, period) for code in asked] or self.at("administration", period)

    def path_of(self, cost_centre: str, period: Period) -> tuple[Unit, Unit, Unit] | None:
        """(administration, base unit, cost centre) of a cost centre in a month, or None if any is not valid then."""
        centre = self.find("cost_centre", cost_centre, period)
        base_unit = centre and self.find("base_unit", centre.parent, period)
        administration = base_unit and self.find("administration", base_unit.parent, period)
        if centre is None or base_unit is None or administration is None:
            return None
        return administration, base_unit, centre


def _nearest(written: str, known: Mapping[str, str]) -> str:
    """The codes of the units that someone meant who wrote a name, or a code like theirs."""
    names = {label.casefold(): key for key, label in known.items()}
    found = names.get(written.strip().casefold())
    if found is not None:
        return f"Give the code: unit='{found}'. "
    near = get_close_matches(written.casefold(), [*known, *names], n=3, cutoff=0.3)
    codes = dict.fromkeys(names.get(each, each) for each in near)
    return f"Nearest: {', '.join(f'{key} {known[key]}' for key in codes)}. " if codes else ""
