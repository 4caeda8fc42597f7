"""Sentences about the forecast, its back-test and variance explained."""

from __future__ import annotations

from collections.abc import Callable

from analytics import swedish
from analytics.disclosure import ProtectedTable
from analytics.measures.forecast.methods import METHODS
from analytics.sentences.words import against_budget, amount, find, listed, records, rounds_to_zero

NO_OWN = "Förvaltningen har inte lämnat någon egen prognos."


def methods(table: ProtectedTable) -> str:
    """The own forecast of the net against budget, and what each computed method gives instead."""
    net = {column: find(table, report_line="net", column=column).value for column in table.headings}
    own, budget = net["own"], net["budget"]
    text = NO_OWN
    if own is not None:
        text = f"Förvaltningens egen prognos för helåret är netto {amount(own, signed=True)}"
        # Cost is positive, so more than budget is unfavourable for a net income as well.
        text += "." if budget is None else f", vilket är {against_budget(own - budget, own)}."
    given = [f"{name.lower()} {amount(net[code] or 0, signed=True)}" for code, name in METHODS.items() if net[code]]
    return f"{text} Beräknat ur utfallet blir helåret med {listed(given)}." if given else text


def backtest(table: ProtectedTable) -> str:
    """The smallest and the largest miss of the net among the trials."""
    rows = records(table, report_line="net", column="miss_pct")
    missed = {row["test"]: find(table, report_line="net", test=row["test"], column="miss").value for row in rows}
    tried = [row for row in rows if row["text"] and missed[row["test"]] is not None]
    if not tried:
        return "Metoderna har inte kunnat provas på något tidigare år i data."
    tried.sort(key=lambda row: abs(missed[row["test"]] or 0))
    shown = [tried[0]] if len(tried) == 1 else [tried[0], tried[-1]]
    words = [f"{row['test_label'].lower()}: {_miss(missed[row['test']] or 0, row['text'])}" for row in shown]
    if len(words) == 1:
        return f"Ett prov har kunnat göras på nettoresultatet – {words[0]}."
    return f"Av {len(tried)} prov på nettoresultatet träffade ett bäst – {words[0]} – och ett sämst – {words[1]}."


def _miss(kr: float, share: str) -> str:
    if rounds_to_zero(kr / 1000, 0):
        return "mitt i prick"
    word = "för högt" if kr > 0 else "för lågt"
    return f"{amount(kr)} ({share.lstrip(swedish.MINUS)}) {word}"


def interval(table: ProtectedTable) -> str:
    """The interval of the net, or why there is none."""
    net = {column: find(table, report_line="net", column=column) for column in table.headings}
    forecast, low, high = net["forecast"].value, net["low"].value, net["high"].value
    basis = records(table, report_line="net", column="basis")[0]["text"]
    if forecast is None:
        return f"Den beräknade prognosen saknas: {basis}."
    text = f"Den beräknade prognosen för nettoresultatet är {amount(forecast, signed=True)}"
    if low is None or high is None:
        return f"{text}; {basis}."
    return (
        f"{text}. Med samma fel som i tidigare prov hamnar helåret mellan {amount(low, signed=True)} och "
        f"{amount(high, signed=True)} ({basis})."
    )


WRITERS: dict[str, Callable[[ProtectedTable], str]] = {
    "forecast_methods": methods,
    "forecast_backtest": backtest,
    "forecast_interval": interval,
}
"""Table id → what writes its sentence."""
