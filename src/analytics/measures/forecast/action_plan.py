"""Which lines of the unit require an action plan: its own forecast exceeds the budget of the year."""

from __future__ import annotations

from analytics import swedish
from analytics.measures import ledger
from analytics.measures.catalogue import TABLES, MeasureTable
from analytics.measures.forecast.full_year import computed, own_forecast
from analytics.measures.forecast.history import history
from analytics.measures.forecast.methods import METHODS
from analytics.measures.forecast.rows import table_of
from analytics.measures.report_form import TOTAL_COST, TOTAL_INCOME
from analytics.measures.scope import Data, Scope
from analytics.measures.seasonal import MONTHS

REQUIRED = "Åtgärdsplan krävs"
NOT_REQUIRED = "Krävs inte"
NOT_JUDGED = "Kan inte bedömas"
YEAR_OVER = "Året är slut: den beräknade prognosen är utfallet. Den utlöser ingen åtgärdsplan."
REPEATED = (TOTAL_INCOME, TOTAL_COST)
"""Lines of the form that repeat others and have no budget holder of their own."""
KR_PER_TKR = 1000


def exceeds(deviation_kr: float, from_tkr: int) -> bool:
    """Whether a deviation (budget − forecast) is an overspend of at least so many tkr, as it is printed."""
    return swedish.round_half_away(-deviation_kr / KR_PER_TKR, 0) >= from_tkr


def words(deviation: float | None, parent: tuple[str, str] | None, from_tkr: int) -> str:
    """What stands under ``Åtgärdsplan``; ``parent`` is the label and the words of the line above, if there is one.

    The plan is that of the line on the first level: a part of it that exceeds its budget says whether the whole does.
    """
    if deviation is None:
        return NOT_JUDGED
    if not exceeds(deviation, from_tkr):
        return NOT_REQUIRED
    if parent is None:
        return REQUIRED
    label, above = parent
    return f"Ingår i planen för {label.lower()}" if above == REQUIRED else f"Krävs inte för {label.lower()} som helhet"


def action_plan_required(data: Data, scope: Scope) -> MeasureTable:
    """The unit's own forecast against the budget of the year, and whether the line requires an action plan.

    Columns: report_line, report_line_label, level, parent, column (budget, forecast, vs_budget, computed_vs_budget,
    plan), text, value (kr; deviation = budget − forecast, negative is unfavourable). Without an own forecast nothing
    is judged: a computed one never requires a plan. Source: 000:1434-1435.
    """
    parts = ledger.parts(data, scope)
    own, past, lines = own_forecast(data, scope, parts), history(data, scope), scope.reference.report_lines
    chosen = scope.settings.forecast
    said: dict[str, str] = {}
    records: list[tuple[str, str, int, str, str, str | None, float | None]] = []
    for code, line in lines.items():
        if code in REPEATED:
            continue
        budget, forecast = ledger.kronor(own[code]["budget_year"]), ledger.kronor(own[code]["forecast"])
        estimate, _ = computed(past, scope, code, chosen.preferred)
        deviation = None if budget is None or forecast is None else budget - forecast
        above = (lines[line.parent].label, said[line.parent]) if line.parent else None
        said[code] = words(deviation, above, chosen.action_plan_from_tkr)
        values = {
            "budget": budget,
            "forecast": forecast,
            "vs_budget": deviation,
            "computed_vs_budget": None if budget is None or estimate is None else budget - estimate,
        }
        key = (code, line.label, line.level, line.parent)
        records += [(*key, column, None, value) for column, value in values.items()]
        records.append((*key, "plan", said[code], None))
    return table_of(
        TABLES["action_plan_required"], records, period_label=scope.period.full_year.label, notes=_notes(scope, parts)
    )


def _notes(scope: Scope, parts: ledger.Parts) -> list[str]:
    chosen = scope.settings.forecast
    limit = swedish.thousands(chosen.action_plan_from_tkr * KR_PER_TKR)
    method = METHODS[chosen.preferred].lower()
    rule = (
        f"Åtgärdsplan krävs när förvaltningens egen prognos överskrider årets budget med minst {limit}; lägre intäkter "
        "än budgeterat räknas som överskridande. Det prövas för intäkter, personal, drift, kapitalkostnad och "
        "nettoresultatet; underraderna visar var överskridandet finns."
    )
    beside = f"Den beräknade prognosen ({method}) är bara till jämförelse; den utlöser ingen åtgärdsplan."
    return [*parts.notes, rule, YEAR_OVER if scope.period.month == MONTHS else beside]
