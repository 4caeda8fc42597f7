"""The forecast of the full year by report line: the unit's own and the computed ones side by side."""

from __future__ import annotations

import polars as pl

from analytics.measures import ledger
from analytics.measures.catalogue import TABLES, MeasureTable
from analytics.measures.comparisons import Printed, finish
from analytics.measures.forecast.history import History, history, leaves, limits
from analytics.measures.forecast.methods import METHODS, compute
from analytics.measures.scope import Data, Scope
from analytics.measures.seasonal import MONTHS
from analytics.reference import ReportLine

LINE_KEYS = ("report_line", "report_line_label", "level", "parent")
NOT_ADDED = (
    "Egen prognos och rak uppräkning summerar. Vid föregående års andel och säsong följer varje rad sitt eget mönster, "
    "och summaraderna sitt; raderna summerar därför inte till dem."
)

YEAR_OVER = "Året är slut: rak uppräkning är utfallet, och de andra metoderna har inget kvar att räkna upp."
ONE_MONTH = "Bara en månad av året är känd, och den avgör hela de beräknade prognoserna."


def own_forecast(data: Data, scope: Scope, found: ledger.Parts) -> dict[str, dict[str, int | None]]:
    """The unit's own forecast and the year's budget per report line, in öre; None where the data hold none."""
    posted = ledger.sums(data, scope, found, by=("report_line",), columns=("forecast", "budget_year"))
    result = {}
    for code in scope.reference.report_lines:
        selected = [amounts for (leaf,), amounts in posted.items() if leaf in leaves(scope, code)]
        result[code] = ledger.zeros(ledger.add(selected, ("forecast", "budget_year")), found.held)
    return result


def computed(found: History, scope: Scope, code: str, method: str) -> tuple[float | None, str]:
    """One line by one method in kr, with the reason where there is no figure."""
    result = compute(method, found.of(leaves(scope, code)), year=found.year, month=found.month, limits=limits(scope))
    return (None if result.ore is None else result.ore / ledger.ORE), result.reason


def line_name(lines: dict[str, ReportLine], code: str) -> str:
    """``Drift: Resor``, since lines of two parents can have the same label."""
    line = lines[code]
    return line.label if not line.parent else f"{lines[line.parent].label}: {line.label}"


def forecast_methods(data: Data, scope: Scope) -> MeasureTable:
    """Full-year forecast per line of FR1, one column per method. Unit: kr, income negative.

    Columns: report_line, report_line_label, level, parent, column (own, run_rate, previous_share, seasonal, budget),
    value; null where a method gives no figure, with the reason in the notes. Raises MissingDataError if the ledger
    lacks a month of the year so far. Source: 002:737-763 (own), domain rules section 5 (computed).
    """
    parts = ledger.parts(data, scope)
    own, past, lines = own_forecast(data, scope, parts), history(data, scope), scope.reference.report_lines
    records: list[tuple[str, str, int, str, str, float | None]] = []
    reasons: dict[tuple[str, str], list[str]] = {}
    for code, line in lines.items():
        values = {"own": ledger.kronor(own[code]["forecast"])}
        for method in METHODS:
            values[method], reason = computed(past, scope, code, method)
            if reason:
                reasons.setdefault((method, reason), []).append(line_name(lines, code))
        values["budget"] = ledger.kronor(own[code]["budget_year"])
        records += [(code, line.label, line.level, line.parent, column, value) for column, value in values.items()]
    spec = TABLES["forecast_methods"]
    known = {1: [ONE_MONTH], MONTHS: [YEAR_OVER]}.get(scope.period.month, [])
    notes = [*parts.notes, *known, NOT_ADDED, *(_reason(scope, *key, names) for key, names in reasons.items())]
    schema = {**dict.fromkeys(spec.keys, pl.String), "level": pl.Int64, "value": pl.Float64}
    return finish(
        pl.DataFrame(records, schema=schema, orient="row"),
        spec=spec,
        order={"report_line": list(lines), "column": list(spec.labels)},
        printed=Printed(spec.labels, scope.period.full_year.label, notes),
    )


def _reason(scope: Scope, method: str, reason: str, names: list[str]) -> str:
    where = "alla rader" if len(names) == len(scope.reference.report_lines) else ", ".join(names)
    return f"{METHODS[method]} kan inte beräknas för {where}: {reason}."
