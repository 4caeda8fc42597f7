"""Groups of contacts, and what the sum of a group tells of, given what earlier months' reports have shown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from analytics.measures.ledger import ORE

_OfPatient = Mapping[str, int]
"""Patient → öre."""


@dataclass(frozen=True, slots=True)
class Limit:
    """What an amount needs to be shown: at least so many patients, none of whom has more than ``most`` per cent."""

    least: int
    most: float

    def allows(self, n: int, largest: float) -> bool:
        """Whether an amount of so many patients may be shown."""
        return n >= self.least and largest <= self.most


@dataclass(frozen=True, slots=True)
class Group:
    """Contacts of one group and year: how many, of how many patients, what they cost, days of care.

    ``n`` and ``largest`` are what the sum tells of: the patients behind what it adds to the last sum that an earlier
    month's report may have shown, and the share (per cent) that one of them has of that at most.
    """

    contacts: int
    patients: int
    ore: int
    care_days: int
    n: int
    largest: float

    @property
    def per_contact(self) -> float:
        """Kronor per contact."""
        return self.ore / ORE / self.contacts

    @property
    def per_patient(self) -> float:
        """Kronor per patient."""
        return self.ore / ORE / self.patients


def groups(rows: pl.DataFrame, *keys: str, limits: Sequence[Limit]) -> dict[tuple[str, ...], Group]:
    """Contacts or costs (columns period, patient_key, ore, care_days and the keys) by the values of the keys."""
    monthly = rows.group_by(*keys, "period", "patient_key").agg(
        pl.len().alias("contacts"), pl.col("ore").sum(), pl.col("care_days").sum()
    )
    summed = (
        monthly.group_by(*keys, "patient_key")
        .agg(pl.col("contacts", "ore", "care_days").sum())
        .group_by(*keys)
        .agg(pl.col("contacts").sum(), pl.len().alias("patients"), pl.col("ore", "care_days").sum())
    )
    told = _told(monthly, keys, limits)
    return {
        tuple(key): Group(contacts, patients, ore, days, *told[tuple(key)])
        for *key, contacts, patients, ore, days in summed.iter_rows()
    }


def _told(
    monthly: pl.DataFrame, keys: Sequence[str], limits: Sequence[Limit]
) -> dict[tuple[str, ...], tuple[int, float]]:
    """Patients and largest share behind what the months add to the last sum that may have been shown."""
    by_month = (
        monthly.group_by(*keys, "period")
        .agg(pl.len().alias("n"), pl.col("ore").max().alias("most"), pl.col("ore").sum())
        .sort("period")
    )
    found: dict[tuple[str, ...], list[tuple[int, float]]] = defaultdict(list)
    for *key, _, n, most, ore in by_month.iter_rows():
        found[tuple(key)].append((n, _share(most, ore)))
    told: dict[tuple[str, ...], tuple[int, float]] = {}
    for codes, months in found.items():
        if all(limit.allows(*month) for month in months for limit in limits):
            # Every month stands by itself: a sum adds its last month to the one before.
            told[codes] = months[-1]
        else:
            own = monthly.filter(
                pl.all_horizontal(pl.col(name) == value for name, value in zip(keys, codes, strict=True))
            )
            told[codes] = smallest_told(_by_month(own), limits)
    return told


def _by_month(rows: pl.DataFrame) -> list[_OfPatient]:
    months: dict[str, dict[str, int]] = defaultdict(dict)
    for period, patient, ore in rows.select("period", "patient_key", "ore").iter_rows():
        months[period][patient] = ore
    return [months[period] for period in sorted(months)]


def smallest_told(months: Sequence[_OfPatient], limits: Sequence[Limit]) -> tuple[int, float]:
    """Patients and largest share of what a year's months, summed, add to the last sum that was shown.

    A reader who has the report of an earlier month subtracts. A month that may not be shown by itself hides the sum
    with it, until the months since have enough patients together. Judged by the limit of each audience; the worst
    counts.
    """
    found = []
    for limit in limits:
        last, pending = (0, 0.0), dict[str, int]()
        for month in months:
            for patient, ore in month.items():
                pending[patient] = pending.get(patient, 0) + ore
            last = (len(pending), _share(max(pending.values()), sum(pending.values())))
            if limit.allows(*last):
                pending = {}
        found.append(last)
    return min(n for n, _ in found), max(largest for _, largest in found)


def _share(most: int, ore: int) -> float:
    return most / ore * 100 if ore else 0.0
