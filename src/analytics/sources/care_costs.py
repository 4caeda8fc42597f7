"""K2: the cost of care contacts, one row per contact, kind of cost and cost centre that the cost comes from."""

from __future__ import annotations

import polars as pl

from analytics import pseudonyms
from analytics.errors import CellValueError, CodeError, Location, SettingsError
from analytics.patient_costs import COST_KINDS, UNDISTRIBUTED, CostKind, PatientCosts
from analytics.periods import Period
from analytics.sources import cells, checks, codes, personal, places
from analytics.sources.care_contacts import CONTACT
from analytics.sources.model import LINE, Context, Layout, RawRows, Reading
from analytics.sources.problems import Problems

KIND = "Kostnadsslag"
CENTRE = "Ansvar"
AMOUNT = "Belopp"
COLUMNS = (CONTACT, "Period", KIND, CENTRE, AMOUNT)


def read(raw: RawRows, layout: Layout, context: Context) -> Reading:
    """Costs with keyed contact numbers, in öre. That each has its contact is tried across the tables.

    A single row may be a correction and negative, the costs of a contact together may not.

    Raises the DeliveryError of the first kind of problem, with the others told in it; SettingsError if a reference
    table is wrong.
    """
    period = raw.delivery.period
    problems = Problems(raw.delivery.name, raw.frame.height)
    personal.check(raw.frame, layout.text_columns, problems)
    checks.running_numbers(raw.frame, CONTACT, "contact number", problems)
    frame = checks.row_months(raw.frame, [period], problems)
    frame = places.by_cost_centre(frame, context.organisation, problems)
    declared = PatientCosts.read(context.reference.folder)
    kinds = {code: kind for code, kind in declared.cost_kinds.items() if kind.is_valid_in(period)}
    _check_declared(kinds, period, context)
    codes.check(frame, KIND, kinds.keys(), problems, what="kind of cost", file=COST_KINDS)
    frame = checks.typed(frame, {"amount_ore": (AMOUNT, cells.ore(AMOUNT))}, problems)
    _check_centres(frame, kinds, declared.closed_centres(period), problems)
    _check_contacts(frame, problems)
    problems.raise_if_any()
    frame = frame.with_columns(
        pl.lit(str(period)).alias("delivery"),
        pseudonyms.contact_keys(frame[CONTACT], context.secret).alias("contact_key"),
        pl.col(CENTRE).alias("cost_centre"),
        pl.col(KIND)
        .replace_strict({code: kind.code for code, kind in kinds.items()}, return_dtype=pl.String)
        .alias("cost_kind"),
    )
    # Totals are not told: with those of a report they could give the cost of a clinic that is not shown.
    return Reading(frame, (*raw.taken, f"kinds of cost: {frame['cost_kind'].n_unique()}"))


def _check_declared(kinds: dict[str, CostKind], period: Period, context: Context) -> None:
    for code, kind in kinds.items():
        for centre in kind.cost_centres:
            if context.organisation.path_of(centre, period) is None:
                raise SettingsError(
                    f"kind of cost {code} comes from cost centre {centre}, which does not exist in {period}",
                    where=Location(context.reference.folder / COST_KINDS, column="cost_centres"),
                    action="Correct cost_kinds.csv or organisation.csv.",
                )


def _check_centres(frame: pl.DataFrame, kinds: dict[str, CostKind], closed: frozenset[str], problems: Problems) -> None:
    problems.flag(
        frame,
        pl.col(CENTRE).is_in(sorted(closed)),
        CodeError,
        "cost is distributed from a cost centre whose costs are declared as not distributed",
        column=CENTRE,
        action=f"Ask the supplier which is right, or give the row of data/raw/reference/{UNDISTRIBUTED} its last day.",
    )
    problems.flag(
        frame,
        pl.col("is_project").fill_null(value=False),
        CodeError,
        "cost is distributed from a project cost centre, which the reports show by itself",
        column=CENTRE,
        action=checks.CORRECT,
    )
    bound = {code: list(kind.cost_centres) for code, kind in kinds.items() if kind.cost_centres}
    for code, centres in bound.items():
        problems.flag(
            frame,
            (pl.col(KIND) == code) & ~pl.col(CENTRE).is_in(centres),
            CodeError,
            f"kind of cost {code} comes from another cost centre than {', '.join(centres)}",
            column=CENTRE,
            action=f"Ask the supplier which is right, or correct data/raw/reference/{COST_KINDS}.",
        )


def _check_contacts(frame: pl.DataFrame, problems: Problems) -> None:
    contact = checks.normalised(CONTACT)
    problems.flag(
        frame,
        pl.struct(contact, KIND, CENTRE).is_duplicated() & ~cells.is_blank(CONTACT),
        CodeError,
        "the same contact, kind of cost and cost centre stand twice: the cost would be counted twice",
        column=CONTACT,
        action=checks.CORRECT,
    )
    totals = frame.group_by(contact.alias("contact")).agg(pl.col("amount_ore").sum(), pl.col(LINE).min())
    problems.flag(
        totals,
        pl.col("amount_ore") < 0,
        CellValueError,
        "the costs of one contact are less than nothing together",
        column=AMOUNT,
        action=checks.CORRECT,
    )
