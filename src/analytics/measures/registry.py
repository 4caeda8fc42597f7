"""Table id → measure: the one way to have a table computed."""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches
from functools import partial

from analytics.errors import UsageError
from analytics.measures import (
    absence,
    account_tables,
    agency,
    agency_lag,
    deviations,
    report_form,
    seasonal,
    sick_leave,
    staff,
    turnover,
)
from analytics.measures.care_units import costs as care_costs
from analytics.measures.care_units import funnel_tables, registers, series
from analytics.measures.care_units import shares as care_shares
from analytics.measures.catalogue import TABLES, MeasureTable
from analytics.measures.catalogue.care_units import CHARTS, FUNNELS
from analytics.measures.catalogue.focus import MONTHLY, PREFIX
from analytics.measures.catalogue.focus import table_ids as focus_tables
from analytics.measures.forecast import accuracy, action_plan, backtest, full_year, transfers, trials, variance
from analytics.measures.indicators import compared as indicators_compared
from analytics.measures.indicators import status as indicators_status
from analytics.measures.kpp import clinics as kpp_clinics
from analytics.measures.kpp import cost_kinds as kpp_cost_kinds
from analytics.measures.kpp import outliers as kpp_outliers
from analytics.measures.kpp import reconciliation as kpp_reconciliation
from analytics.measures.plan import budgets as plan_budgets
from analytics.measures.plan import proposals as plan_proposals
from analytics.measures.scope import Data, Scope

Measure = Callable[[Data, Scope], MeasureTable]

_MEASURES: dict[str, Measure] = {
    **{table_id: partial(staff.group_table, table_id) for table_id in staff.FLOWS},
    "absence_fte": absence.absence_fte,
    "headcount": staff.headcount,
    "sick_leave_pct": sick_leave.sick_leave_pct,
    "turnover_pct": turnover.turnover_pct,
    "sick_leave_disclosure": sick_leave.sick_leave_disclosure,
    "fr1_outcome": report_form.fr1_outcome,
    "fr1_forecast": report_form.fr1_forecast,
    "fr1_summary": report_form.fr1_summary,
    "result_by_class": account_tables.result_by_class,
    "staff_cost_by_group": account_tables.staff_cost_by_group,
    "operations_by_class": account_tables.operations_by_class,
    "deviations": deviations.deviations,
    "projects": account_tables.projects,
    "seasonal_budget": seasonal.seasonal_budget,
    "forecast_methods": full_year.forecast_methods,
    "forecast_backtest": trials.forecast_backtest,
    "forecast_accuracy": accuracy.forecast_accuracy,
    "forecast_interval": backtest.forecast_interval,
    "action_plan_required": action_plan.action_plan_required,
    "budget_transfers": transfers.budget_transfers,
    "variance_parts": variance.variance_parts,
    "agency_staff_fte": agency.agency_staff_fte,
    "agency_staff_cost": agency.agency_staff_cost,
    "agency_share_pct": agency.agency_share_pct,
    "agency_lag_fte": agency_lag.agency_lag_fte,
    "agency_fte_monthly": agency_lag.agency_fte_monthly,
    "worked_fte_monthly": staff.worked_monthly,
    "absence_fte_monthly": absence.absence_monthly,
    "sick_leave_pct_monthly": sick_leave.sick_leave_monthly,
    "headcount_monthly": staff.headcount_monthly,
    "net_monthly": seasonal.net_monthly,
    "staff_cost_monthly": seasonal.staff_cost_monthly,
    "plan_budget": plan_budgets.plan_budget,
    "plan_uprating": plan_budgets.plan_uprating,
    "plan_efficiency": plan_proposals.plan_efficiency,
    "plan_needs": plan_proposals.plan_needs,
    "plan_investments": plan_proposals.plan_investments,
    "indicator_overview": indicators_status.indicator_overview,
    "indicator_status": indicators_status.indicator_status,
    "indicator_history": indicators_compared.indicator_history,
    "indicator_units": indicators_compared.indicator_units,
    "care_unit_overview": care_shares.care_unit_overview,
    "care_unit_shares": care_shares.care_unit_shares,
    "care_unit_care_plans": care_shares.care_unit_care_plans,
    "care_unit_signals": series.care_unit_signals,
    "care_unit_registers": registers.care_unit_registers,
    "care_unit_costs": care_costs.care_unit_costs,
    "kpp_clinics": kpp_clinics.kpp_clinics,
    "kpp_cost_kinds": kpp_cost_kinds.kpp_cost_kinds,
    "kpp_outliers": kpp_outliers.kpp_outliers,
    "kpp_reconciliation": kpp_reconciliation.kpp_reconciliation,
    **{spec.table_id: partial(funnel_tables.care_unit_funnel, spec.table_id) for spec in FUNNELS},
    **{spec.table_id: partial(series.care_unit_series, spec.table_id) for spec in CHARTS},
}

TABLE_IDS: tuple[str, ...] = tuple(TABLES)


def compute(table_id: str, data: Data, scope: Scope) -> MeasureTable:
    """One table of the catalogue for one unit and month.

    Raises:
        UsageError: no table has that id (the nearest are named), or no administration has the scope's code.
        SettingsError: the table is of a focus area that the settings do not declare.
        MissingDataError: months of the range are not in the data, or rows lack their employment.
    """
    measure = _MEASURES.get(table_id) or _of_focus(table_id, scope)
    if measure is None and table_id in TABLES:
        # Published areas are in the catalogue, and yet an area is measured only where the settings declare it.
        scope.settings.focus_area(table_id.removeprefix(PREFIX).removesuffix(MONTHLY))
    if measure is None:
        near = get_close_matches(table_id, TABLE_IDS, n=3, cutoff=0.4)
        hint = f"Nearest: {', '.join(near)}." if near else f"Tables: {', '.join(TABLE_IDS)}."
        raise UsageError(f"there is no table {table_id!r}", action=hint)
    scope.organisation.administration(scope.unit, scope.period)
    return measure(data, scope)


def _of_focus(table_id: str, scope: Scope) -> Measure | None:
    """The measure of a table of a declared focus area."""
    if table_id not in focus_tables(scope.settings.focus):
        return None
    return partial(seasonal.focus_monthly if table_id.endswith(MONTHLY) else account_tables.focus, table_id)
