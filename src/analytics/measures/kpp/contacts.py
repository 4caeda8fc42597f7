"""The care contacts of one administration with their cost, this year and last, and the clinics that may be shown."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import narwhals as nw
import polars as pl

from analytics.errors import Location, MissingDataError
from analytics.measures.kpp.groups import Group, Limit, groups
from analytics.measures.scope import Data, Lazy, Scope, Slices, collect, incomplete, lazy
from analytics.patient_costs import PatientCosts
from analytics.settings import AUDIENCES

_CONTACT = ["period", "contact_key"]
CURRENT, PREVIOUS = "current", "previous"
ALL_CONTACTS = "Alla kontakter"
WHOLE_HOSPITAL = "Alla redovisade kliniker"


@dataclass(frozen=True)
class Care:
    """Contacts and costs of the unit of the scope.

    ``contacts``: slice (current or previous), period, base_unit (the clinic), contact_kind, patient_key, care_days, ore
    (cost of the contact). ``costs`` of this year at the clinics that may be shown: period, clinic, patient_key,
    base_unit (whose cost it is), cost_kind, care_days (0), ore.
    """

    scope: Scope
    declared: PatientCosts
    has_previous: bool
    contacts: pl.DataFrame
    all_costs: pl.DataFrame

    @classmethod
    def of(cls, data: Data, scope: Scope) -> Care:
        """January to the report month, and the same months last year where all of them are there.

        Raises MissingDataError if a month of this year lacks contacts or costs, or if a contact lacks its cost or a
        cost its contact.
        """
        slices = Slices.years(scope.ledger_range)
        held = {
            table: lazy(frame).filter(nw.col("administration") == scope.unit)
            for table, frame in (("care_contacts", data.care_contacts), ("care_costs", data.care_costs))
        }
        lacking: frozenset[str] = frozenset()
        for table, rows in held.items():
            lacking |= incomplete(rows, slices=slices, required=frozenset({CURRENT}), table=table, unit=scope.unit)
        years = slices.without(lacking)
        contacts, costs = (rows.filter(nw.col("period").is_in(years.months)) for rows in held.values())
        return cls(
            scope,
            PatientCosts.read(scope.reference.folder),
            PREVIOUS not in lacking,
            _priced(contacts, costs, years),
            _costs(contacts, costs, scope.ledger_range.months),
        )

    @cached_property
    def clinics(self) -> dict[str, str]:
        """Clinics with contacts in either year → name, by code."""
        return {code: self.name_of(code) for code in sorted(self.contacts["base_unit"].unique())}

    def name_of(self, base_unit: str) -> str:
        """Name of a clinic or other base unit, as in the report month or else the year before."""
        for period in (self.scope.period, self.scope.period.previous_year):
            unit = self.scope.organisation.find("base_unit", base_unit, period)
            if unit is not None:
                return unit.label
        return base_unit

    @property
    def limits(self) -> list[Limit]:
        """What an amount needs to be shown to each audience."""
        disclosure = self.scope.settings.disclosure
        found = [disclosure.for_audience(name) for name in AUDIENCES]
        return [Limit(max(2, each.patients_fewer_than), each.largest_patient_pct) for each in found]

    def groups(self, rows: pl.DataFrame, *keys: str) -> dict[tuple[str, ...], Group]:
        """Contacts or costs by the values of the keys, with what each sum tells of."""
        return groups(rows, *keys, limits=self.limits)

    @cached_property
    def of_clinic(self) -> dict[tuple[str, ...], Group]:
        """(slice, clinic) → its contacts."""
        return self.groups(self.contacts, "slice", "base_unit")

    @cached_property
    def shown(self) -> frozenset[str]:
        """Clinics that any audience may see.

        In each year with patients they are enough and none of them has most of the cost. Others are in no sum of any
        table, so that they cannot be worked out from one.
        """
        return frozenset(
            clinic
            for clinic in self.clinics
            if all(
                limit.allows(group.n, group.largest)
                for (_, code), group in self.of_clinic.items()
                for limit in self.limits
                if code == clinic
            )
        )

    @cached_property
    def shown_contacts(self) -> pl.DataFrame:
        """The contacts of the clinics that may be shown."""
        return self.contacts.filter(pl.col("base_unit").is_in(list(self.shown)))

    @cached_property
    def costs(self) -> pl.DataFrame:
        """The costs of this year's contacts at the clinics that may be shown."""
        return self.all_costs.filter(pl.col("clinic").is_in(list(self.shown)))

    def smallest(self, clinic: str) -> Group:
        """The year of a clinic that keeps it from being shown."""
        years = [group for (_, code), group in self.of_clinic.items() if code == clinic]
        kept = [group for group in years if not all(limit.allows(group.n, group.largest) for limit in self.limits)]
        return min(kept or years, key=lambda group: (group.n, -group.largest))

    @property
    def apart_notes(self) -> tuple[str, ...]:
        """Which clinics are in no sum, and why."""
        names = [name for code, name in self.clinics.items() if code not in self.shown]
        if not names:
            return ()
        said = f"{', '.join(names)} har för få patienter, eller en enda patient med det mesta av kostnaden"
        return (f"{said}, och ingår inte i någon summa, så att kostnaden inte kan räknas fram.",)

    def previous_notes(self) -> tuple[str, ...]:
        """That last year is not there."""
        if self.has_previous:
            return ()
        return (f"Vårdkontakter för {self.scope.ledger_range.previous_year.label} saknas.",)


def _priced(contacts: Lazy, costs: Lazy, years: Slices) -> pl.DataFrame:
    """One row per contact with its year and its cost. Each contact has a cost and each cost a contact."""
    spent = costs.group_by(*_CONTACT).agg(nw.col("amount_ore").sum().alias("ore"))
    orphans = collect(spent.join(contacts.select(*_CONTACT), on=_CONTACT, how="anti").select(nw.len()))
    _refuse(int(orphans.item()), table="care_costs", what="contact")
    priced = collect(
        contacts.join(spent, on=_CONTACT, how="left").select(
            years.expr().alias("slice"), "period", "base_unit", "contact_kind", "patient_key", "care_days", "ore"
        )
    )
    _refuse(priced["ore"].null_count(), table="care_contacts", what="cost")
    return priced


def _costs(contacts: Lazy, costs: Lazy, months: list[str]) -> pl.DataFrame:
    """Costs of some months by month, clinic, patient, kind and whose cost it is."""
    of_whom = contacts.select(*_CONTACT, "patient_key", nw.col("base_unit").alias("clinic"))
    found = (
        costs.filter(nw.col("period").is_in(months))
        .select(*_CONTACT, "base_unit", "cost_kind", "amount_ore")
        .join(of_whom, on=_CONTACT, how="inner")
        .group_by("period", "clinic", "patient_key", "base_unit", "cost_kind")
        .agg(nw.col("amount_ore").sum().alias("ore"))
    )
    return collect(found).with_columns(pl.lit(0, dtype=pl.Int64).alias("care_days"))


def _refuse(count: int, *, table: str, what: str) -> None:
    if count:
        raise MissingDataError(
            f"{count} contacts of {table} have no {what} in their month",
            where=Location(count=count),
            action="Run analytics validate; the two deliveries of cost per patient of a month belong together.",
        )
