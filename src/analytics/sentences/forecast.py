"""Sentences about the forecast, its back-test and variance explained."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from analytics import grid, swedish
from analytics.disclosure import ProtectedTable
from analytics.measures.forecast.action_plan import NOT_JUDGED, REQUIRED
from analytics.measures.forecast.action_plan import YEAR_OVER as YEAR_OVER_BESIDE
from analytics.measures.forecast.backtest import ALL_ON
from analytics.measures.forecast.full_year import ONE_MONTH, YEAR_OVER
from analytics.measures.forecast.methods import METHODS
from analytics.measures.forecast.trials import NOTHING_LEFT
from analytics.measures.report_form import INCOME
from analytics.sentences.words import (
    LAST_YEAR,
    MISSING,
    SUPPRESSED,
    against_budget,
    amount,
    compared,
    find,
    listed,
    net_against,
    net_noun,
    records,
    rounds_to_zero,
    sentence,
)

NO_OWN = "Förvaltningen har inte lämnat någon egen prognos."


def methods(table: ProtectedTable) -> str:
    """The own forecast of the net against budget, and what each computed method gives instead."""
    net = {column: find(table, report_line="net", column=column).value for column in table.headings}
    own, budget = net["own"], net["budget"]
    text = NO_OWN
    if own is not None:
        text = f"Förvaltningens egen prognos för helåret är en {net_noun(own)} på {amount(own)}"
        turn = -1 if own < 0 else 1
        text += "." if budget is None else f", vilket är {against_budget(turn * (own - budget), own)}."
    if YEAR_OVER in table.notes:
        # After twelve months the run rate is the outcome.
        outcome = net["run_rate"] or 0
        return f"{text} Utfallet för året är en {net_noun(outcome)} på {amount(outcome)}."
    found = {name: value for code, name in METHODS.items() if (value := net[code]) is not None}
    if found:
        text += f" {_computed(found)}"
    return f"{text} {ONE_MONTH}" if ONE_MONTH in table.notes else text


def _computed(found: dict[str, float]) -> str:
    """What each method gives: one noun for all of them if they are all of one kind, else each with its sign."""
    nouns = {net_noun(kr) for kr in found.values()}
    noun = f"{nouns.pop()}en" if len(nouns) == 1 else "nettot (kostnader minus intäkter)"
    given = [f"{amount(kr, signed=noun.startswith('nettot'))} med {name.lower()}" for name, kr in found.items()]
    return f"Beräknat ur utfallet blir {noun} {listed(given)}."


def backtest(table: ProtectedTable) -> str:
    """The smallest and the largest miss of the net among the trials."""
    if NOTHING_LEFT in table.notes:
        return NOTHING_LEFT
    rows = records(table, report_line="net", column="miss_pct")
    missed = {row["test"]: find(table, report_line="net", test=row["test"], column="miss").value for row in rows}
    tried = [row for row in rows if row["text"] and missed[row["test"]] is not None]
    if not tried:
        return "Metoderna har inte kunnat provas på något tidigare år i data."
    tried.sort(key=lambda row: abs(missed[row["test"]] or 0))
    shown = [tried[0]] if len(tried) == 1 else [tried[0], tried[-1]]
    words = [f"{row['test_label'].lower()}: {_miss(missed[row['test']] or 0, row['text'])}" for row in shown]
    if len(words) == 1:
        return f"Ett prov har kunnat göras på nettoresultatet, med {words[0]}."
    return f"{len(tried)} prov har gjorts på nettoresultatet. Bäst träffade {words[0]}. Sämst träffade {words[1]}."


def _miss(kr: float, share: str) -> str:
    if rounds_to_zero(kr / 1000, 0):
        return "mitt i prick"
    word = "för högt" if kr > 0 else "för lågt"
    return f"{amount(kr)} ({share.lstrip(swedish.MINUS)}) {word}"


def accuracy(table: ProtectedTable) -> str:
    """The mean miss of each method and year on the net."""
    means = [row for row in records(table, column="mean") if row["value"] is not None]
    if not means:
        return "Ingen metod har kunnat provas efter alla månader på något tidigare år i data."
    means.sort(key=lambda row: row["value"])
    words = [f"{row['test_label'].lower()} med {swedish.percent(row['value'], 1)}" for row in means]
    return f"I genomsnitt över årets månader missade metoderna nettoresultatet så mycket: {listed(words)}."


def interval(table: ProtectedTable) -> str:
    """The interval of the net, or why there is none."""
    if table.frame.is_empty():
        return "Den beräknade prognosen saknas."
    net = {column: find(table, report_line="net", column=column) for column in table.headings}
    forecast, low, high = net["forecast"].value, net["low"].value, net["high"].value
    basis = records(table, report_line="net", column="basis")[0]["text"]
    if forecast is None:
        return f"Den beräknade prognosen saknas: {basis}."
    text = f"Den beräknade prognosen är en {net_noun(forecast)} på {amount(forecast)}"
    if low is None or high is None:
        return f"{text}; {basis}."
    counts, _, side = basis.partition(ALL_ON)
    ends = [amount(end, signed=low < 0) for end in (low, high)]
    sign = ", där minus är en nettointäkt" if low < 0 else ""
    start = f"Alla tidigare prov gav{side}; slår den lika fel" if side else "Slår den lika fel som i tidigare prov"
    text = f"{text}. {start} hamnar helåret mellan {listed(ends)}{sign} ({counts})."
    own = net["own"].value
    if own is None:
        return text
    where = "inom" if low <= own <= high else "under" if own < low else "över"
    return f"{text} Förvaltningens egen prognos, {amount(own, signed=low < 0)}, ligger {where} intervallet."


def action_plan(table: ProtectedTable) -> str:
    """Which lines require an action plan by the unit's own forecast, and what the computed one says of the net."""
    plans = {row["report_line"]: row for row in records(table, column="plan")}
    if "net" not in plans or plans["net"]["text"] == NOT_JUDGED:
        return "Egen prognos eller budget för helåret saknas; om en åtgärdsplan krävs kan därför inte bedömas."
    required = [row for row in plans.values() if row["text"] == REQUIRED and row["report_line"] != "net"]
    net = find(table, report_line="net", column="vs_budget").known
    whole = net_against(net, find(table, report_line="net", column="forecast").known)
    if plans["net"]["text"] == REQUIRED and not required:
        return f"Åtgärdsplan krävs: enligt förvaltningens egen prognos {whole}."
    if required:
        text = f"Åtgärdsplan krävs: enligt förvaltningens egen prognos {_overspent(table, required)}. {sentence(whole)}"
    else:
        text = f"Åtgärdsplan krävs inte: i förvaltningens egen prognos ryms varje kontoslag i budgeten, och {whole}."
    computed = find(table, report_line="net", column="computed_vs_budget").value
    if computed is None or rounds_to_zero(computed / 1000, 0):
        return text
    likely = find(table, report_line="net", column="budget").known - computed
    if YEAR_OVER_BESIDE in table.notes:
        return f"{text} Utfallet är nu känt: {net_against(computed, likely).replace('blir', 'blev', 1)}."
    return f"{text} Utfallet hittills pekar i stället mot att {net_against(computed, likely)}."


def _overspent(table: ProtectedTable, required: list[dict[str, Any]]) -> str:
    """By how much each line misses its budget: the amount beside a name alone could be taken for the budget."""
    missed = {
        row["report_line"]: amount(find(table, report_line=row["report_line"], column="vs_budget").known)
        for row in required
    }
    costs = [
        f"för {str(row['report_line_label']).lower()} med {missed[row['report_line']]}"
        for row in required
        if row["report_line"] != INCOME
    ]
    parts = [f"överskrids årets budget {listed(costs)}"] if costs else []
    if INCOME in missed:
        verb = "intäkterna blir" if costs else "blir årets intäkter"
        parts.append(f"{verb} {missed[INCOME]} lägre än budgeterat")
    return ", och ".join(parts)


def transfers(table: ProtectedTable) -> str:
    """What moves between the lines, now and later in the year, and the deviations before and after."""
    if table.frame.is_empty():
        return "Ingen omfördelning av årets budget är beslutad."
    parts = []
    if "year_transfer" in table.frame["column"]:
        parts += [_moves(table, "year_transfer", "Årets budget för"), _deviations(table, OUTCOME_SIDES)]
    else:
        parts.append(f"Ingen omfördelning av budgeten gäller för {table.period_label}.")
    if "year_coming" in table.frame["column"]:
        parts.append(_moves(table, "year_coming", "Senare i år ändras budgeten:"))
    parts.append(_deviations(table, FORECAST_SIDES))
    return " ".join(part for part in parts if part)


OUTCOME_SIDES = ("vs_before", "vs_after", "Utfallets avvikelse mot budget hittills går för")
FORECAST_SIDES = ("forecast_before", "forecast_after", "Den egna prognosens avvikelse för helåret går för")


def _moving(table: ProtectedTable, column: str) -> list[dict[str, Any]]:
    """Lines of the first level that a transfer gives or takes a printed amount; the totals stand still."""
    return [
        row
        for row in records(table, column=column, level=1)
        if row["report_line"] not in grid.TOTAL_LINES and not rounds_to_zero(row["value"] / 1000, 0)
    ]


def _moves(table: ProtectedTable, column: str, start: str) -> str:
    rows = _moving(table, column)
    if not rows:
        return "Omfördelningarna flyttar budget inom kontoslagen men inte mellan dem."
    moves = []
    for row in rows:
        # Income is negative: more of it is a lower number.
        is_more = row["value"] > 0 if row["report_line"] != INCOME else row["value"] < 0
        moves.append(f"{_line(row)} {'höjs' if is_more else 'sänks'} med {amount(row['value'])}")
    return f"{start} {listed(moves)}; nettot är oförändrat."


def _deviations(table: ProtectedTable, sides: tuple[str, str, str]) -> str:
    """The deviation of each line that moves, before and after."""
    before, after, start = sides
    changes = []
    for row in records(table, column=before, level=1):
        keys = {"report_line": row["report_line"]}
        first, second = (find(table, column=column, **keys).value for column in (before, after))
        is_total = row["report_line"] in grid.TOTAL_LINES
        if is_total or first is None or second is None or rounds_to_zero((first - second) / 1000, 0):
            continue
        changes.append(f"{_line(row)} från {amount(first, signed=True)} till {amount(second, signed=True)}")
    return f"{start} {listed(changes)}." if changes else ""


def _line(row: dict[str, Any]) -> str:
    return str(row["report_line_label"]).lower()


_PART_WORDS = {
    "volume": "årsarbetare",
    "price": "lönenivå",
    "contributions": "personalomkostnadspålägg",
    "calendar": "arbetsdagar",
    "other": "övrigt",
}


def variance(table: ProtectedTable) -> str:
    """The whole change of the staff cost, its parts by size, and what the unit itself has said of them."""
    total = find(table, part="", column="amount")
    if total.is_suppressed:
        return f"Personalkostnadens delar {SUPPRESSED}."
    if total.value is None:
        return "Personalkostnaden kan inte jämföras med föregående år."
    text = f"Personalkostnaden är {compared(-total.value, MISSING, total.value, LAST_YEAR)}."
    rows = [row for row in records(table, column="amount", row_type="row") if row["value"] is not None]
    if not rows:
        return f"{text} Skillnaden kan inte delas upp i årsarbetare, lönenivå och arbetsdagar."
    rows.sort(key=lambda row: -abs(row["value"]))
    more, less = (
        [f"{_PART_WORDS[row['part']]} {amount(row['value'])}" for row in rows if _is_part(row, cost=cost)]
        for cost in (True, False)
    )
    sides = [f"{listed(words)} {word}" for words, word in ((more, "högre"), (less, "lägre")) if words]
    text += f" Fördelat på orsaker: {'; '.join(sides)}." if sides else ""
    stated = [row for row in records(table, column="stated") if row["value"] is not None]
    said = [f"{amount(row['value'])} för {_PART_WORDS[row['part']]}" for row in stated]
    return f"{text} Förvaltningen uppger själv ungefär {listed(said)}." if said else text


def _is_part(row: dict[str, Any], *, cost: bool) -> bool:
    """Whether a part prints as an amount, and as more cost (or as less)."""
    return not rounds_to_zero(row["value"] / 1000, 0) and (row["value"] < 0) == cost


WRITERS: dict[str, Callable[[ProtectedTable], str]] = {
    "forecast_methods": methods,
    "forecast_backtest": backtest,
    "forecast_accuracy": accuracy,
    "forecast_interval": interval,
    "action_plan_required": action_plan,
    "budget_transfers": transfers,
    "variance_parts": variance,
}
"""Table id → what writes its sentence."""
