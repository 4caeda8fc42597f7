"""Evidence about care contacts and their costs. Frames of contacts and patients live only while the suite is tried."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from analytics.organisation import Organisation
from analytics.patient_costs import COST_CLASSES, INPATIENT, PatientCosts
from analytics.periods import Period
from analytics.validation.evidence.facts import Facts, scan

Frames = Mapping[str, pl.LazyFrame]
MOST_CONTACTS = 60
"""Contacts of one patient in a month; more are probably several patients under one number."""
DEAR_ORE = 1_000_000_000
"""Ten million kronor."""
LEAST_SHARE = 0.7
"""Share of a unit's cost that is usually distributed at least."""


def contact_rows(frame: pl.DataFrame, facts: Facts) -> pl.DataFrame:  # noqa: ARG001 (all evidence has this form)
    """One row per contact: its codes and days, without the contact and the patient."""
    return frame.select("administration", "base_unit", "contact_kind", "care_days")


def clinics(frame: pl.DataFrame, facts: Facts) -> pl.DataFrame:
    """One row per month and clinic: its contacts, and the same number again where it is not of the administration."""
    found = frame.group_by("period", "administration", "base_unit").agg(pl.len().cast(pl.Int64).alias("rows"))
    placed = [_is_placed(facts.organisation, *row) for row in found.drop("rows").iter_rows()]
    misplaced = pl.when(pl.Series(placed, dtype=pl.Boolean)).then(0).otherwise(pl.col("rows"))
    return found.with_columns(misplaced.alias("misplaced")).sort("period", "base_unit")


def _is_placed(organisation: Organisation, period: str, administration: str, base_unit: str) -> bool:
    unit = organisation.find("base_unit", base_unit, Period.parse(period))
    return unit is not None and unit.parent == administration


def contact_kinds(frame: pl.DataFrame, facts: Facts) -> pl.DataFrame:  # noqa: ARG001
    """One row per month and kind: contacts, and those with days of care though the kind has none."""
    elsewhere = (pl.col("contact_kind") != INPATIENT) & (pl.col("care_days") != 0)
    return (
        frame.group_by("period", "contact_kind")
        .agg(pl.len().cast(pl.Int64).alias("rows"), elsewhere.sum().cast(pl.Int64).alias("days_elsewhere"))
        .sort("period", "contact_kind")
    )


def patients(frame: pl.DataFrame, facts: Facts) -> pl.DataFrame:  # noqa: ARG001
    """One row per month: patients, and those with improbably many contacts."""
    return (
        frame.group_by("period", "patient_key")
        .len("contacts")
        .group_by("period")
        .agg(
            pl.len().cast(pl.Int64).alias("patients"),
            (pl.col("contacts") > MOST_CONTACTS).sum().cast(pl.Int64).alias("many"),
        )
        .sort("period")
    )


def cost_rows(frame: pl.DataFrame, facts: Facts) -> pl.DataFrame:  # noqa: ARG001
    """One row per combination of codes that a cost has."""
    return frame.select("administration", "base_unit", "cost_centre", "cost_kind").unique(maintain_order=True)


def cost_origins(frame: pl.DataFrame, facts: Facts) -> pl.DataFrame:
    """One row per month, kind of cost and cost centre: its rows, and again those that may not come from there.

    ``elsewhere`` are from another cost centre than the kind is declared for, ``closed`` from a cost centre whose costs
    are declared as not distributed.
    """
    declared = PatientCosts.read(facts.reference.folder)
    bound = {kind.code: kind.cost_centres for kind in declared.cost_kinds.values() if kind.cost_centres}
    found = frame.group_by("period", "cost_kind", "cost_centre").agg(pl.len().cast(pl.Int64).alias("rows"))
    elsewhere, closed = [], []
    for period, kind, centre, rows in found.iter_rows():
        elsewhere.append(rows if centre not in bound.get(kind, (centre,)) else 0)
        closed.append(rows if centre in declared.closed_centres(Period.parse(period)) else 0)
    counts = {"elsewhere": elsewhere, "closed": closed}
    return found.with_columns(pl.Series(name, values, dtype=pl.Int64) for name, values in counts.items()).sort(
        "period", "cost_kind", "cost_centre"
    )


def contact_costs(frame: pl.DataFrame, facts: Facts) -> pl.DataFrame:  # noqa: ARG001
    """One row per month: contacts with cost, those that cost less than nothing, and the very dear ones."""
    return (
        frame.group_by("period", "contact_key")
        .agg(pl.col("amount_ore").sum())
        .group_by("period")
        .agg(
            pl.len().cast(pl.Int64).alias("contacts"),
            (pl.col("amount_ore") < 0).sum().cast(pl.Int64).alias("negative"),
            (pl.col("amount_ore") > DEAR_ORE).sum().cast(pl.Int64).alias("dear"),
        )
        .sort("period")
    )


def unmatched(frames: Frames, facts: Facts) -> pl.DataFrame:  # noqa: ARG001
    """One row per month: contacts without cost, costs without contact, and costs of another administration."""
    contacts, costs = scan(frames, "care_contacts"), scan(frames, "care_costs")
    counts = dict.fromkeys(("contacts", "costs", "without_cost", "without_contact", "other_administration"), pl.Int64)
    parts = [pl.DataFrame(schema={"period": pl.String, **counts})]
    months = pl.concat([contacts.select("period"), costs.select("period")]).unique().collect(engine="streaming")
    for month in sorted(months["period"]):
        is_month = pl.col("period") == month
        here = contacts.filter(is_month).select("contact_key", pl.col("administration").alias("home"))
        # One row per contact and administration that bears some of its cost.
        spent = costs.filter(is_month).select("contact_key", "administration").unique()
        both = here.join(spent, on="contact_key", how="full", coalesce=True)
        known, costed = pl.col("home").is_not_null(), pl.col("administration").is_not_null()
        parts.append(
            both.select(
                pl.lit(month).alias("period"),
                known.sum().cast(pl.Int64).alias("contacts"),
                costed.sum().cast(pl.Int64).alias("costs"),
                (known & ~costed).sum().cast(pl.Int64).alias("without_cost"),
                (costed & ~known).sum().cast(pl.Int64).alias("without_contact"),
                (pl.col("home") != pl.col("administration")).sum().cast(pl.Int64).alias("other_administration"),
            ).collect(engine="streaming")
        )
    return pl.concat(parts).sort("period")


def repeated_contacts(frames: Frames, facts: Facts) -> pl.DataFrame:  # noqa: ARG001
    """One row: contacts over all months, and those that stand in more than one."""
    return (
        scan(frames, "care_contacts")
        .group_by("contact_key")
        .len("rows")
        .select(
            pl.len().cast(pl.Int64).alias("contacts"),
            (pl.col("rows") > 1).sum().cast(pl.Int64).alias("several_months"),
        )
        .collect(engine="streaming")
    )


def distributed(frames: Frames, facts: Facts) -> pl.DataFrame:
    """One row per year and unit with cost: whether more is distributed than the ledger has, and whether little is.

    Compared are the months that both the costs of contacts and the ledger have. No amounts are kept: a unit may have
    few patients.
    """
    keys = ["administration", "base_unit", "period"]
    costs = scan(frames, "care_costs").group_by(keys).agg(pl.col("amount_ore").sum().alias("distributed"))
    spread = costs.collect(engine="streaming")
    booked = _to_distribute(frames, facts, spread)
    months = booked.select("administration", "period").unique()
    both = (
        spread.join(months, on=["administration", "period"], how="semi")
        .join(booked, on=keys, how="full", coalesce=True)
        .with_columns(pl.col("distributed", "booked").fill_null(0), pl.col("period").str.slice(0, 4).alias("year"))
    )
    return (
        both.group_by("year", "administration", "base_unit")
        .agg(pl.col("distributed", "booked").sum())
        .select(
            "year",
            "base_unit",
            pl.lit(1, dtype=pl.Int64).alias("units"),
            (pl.col("distributed") > pl.col("booked")).cast(pl.Int64).alias("above"),
            (pl.col("distributed") < pl.col("booked") * LEAST_SHARE).cast(pl.Int64).alias("little"),
        )
        .sort("year", "base_unit")
    )


def _to_distribute(frames: Frames, facts: Facts, spread: pl.DataFrame) -> pl.DataFrame:
    """Booked cost that is to be distributed, by administration, base unit and month that has distributed cost."""
    declared = PatientCosts.read(facts.reference.folder)
    wanted = spread.select("administration", "period").unique()
    posted = (
        scan(frames, "ledger")
        .filter(
            pl.col("kind") == "outcome",
            pl.col("period_kind") != "opening",
            ~pl.col("is_project"),
            pl.col("account_class").is_in(COST_CLASSES),
        )
        .join(wanted.lazy(), on=["administration", "period"], how="semi")
        .group_by("administration", "base_unit", "period", "cost_centre", "account")
        .agg(pl.col("amount_ore").sum())
        .collect(engine="streaming")
    )
    places = posted.select("account", "cost_centre", "period").iter_rows()
    outside = [bool(declared.reason_of(account, centre, Period.parse(month))) for account, centre, month in places]
    return (
        posted.filter(~pl.Series(outside, dtype=pl.Boolean))
        .group_by("administration", "base_unit", "period")
        .agg(pl.col("amount_ore").sum().alias("booked"))
    )
