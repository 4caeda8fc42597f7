"""What happens to a ledger is found once, where it happened, with its kind; and nothing is found where nothing did."""

from __future__ import annotations

import dataclasses

import polars as pl
import pytest
from finder_frames import CENTRES, Change, data, flat_budget, found, outcome, rows, scope

from analytics import finder
from analytics.errors import MissingDataError, UsageError
from analytics.finder.model import Finding
from analytics.sentences import findings as sentences

SINCE_JANUARY = (pl.col("kind") == "outcome") & (pl.col("period") >= "2018-01")


def at(account: str, centre: str) -> pl.Expr:
    return (pl.col("account") == account) & (pl.col("cost_centre") == centre)


def scaled(which: pl.Expr, factor: float) -> Change:
    amount = pl.when(which).then((pl.col("amount_ore") * factor).round().cast(pl.Int64)).otherwise("amount_ore")
    return lambda ledger: ledger.with_columns(amount_ore=amount)


def set_to(which: pl.Expr, **values: str) -> Change:
    changed = {name: pl.when(which).then(pl.lit(value)).otherwise(name) for name, value in values.items()}
    return lambda ledger: ledger.with_columns(**changed)


def one_off(ledger: pl.DataFrame) -> pl.DataFrame:
    model = ledger.filter(rows(account="66110", centre="2020", month="2018-03")).head(1)
    return pl.concat([ledger, model.with_columns(amount_ore=pl.lit(60_000_000, dtype=pl.Int64))])


def doubled(ledger: pl.DataFrame) -> pl.DataFrame:
    return pl.concat([ledger, ledger.filter(rows(account="64510", centre="2020", month="2018-03"))])


def missing(ledger: pl.DataFrame) -> pl.DataFrame:
    return ledger.filter(~rows(account="60110", centre="2020", month="2018-03"))


def misplaced(ledger: pl.DataFrame) -> pl.DataFrame:
    which = (pl.col("kind") == "budget") & (pl.col("account") == "64510") & (pl.col("period") >= "2018-01")
    moved = scaled(which, 0.3)(ledger.filter(which))
    moved = moved.with_columns(account=pl.lit("76110"), report_line=pl.lit("operations_purchased"))
    return pl.concat([scaled(which, 0.7)(ledger), moved])


PURCHASED = {"account": "76110", "report_line": "operations_purchased"}
RONNEBY = {"cost_centre": "2030", "base_unit": "203"}
COSTS_OF_2021 = SINCE_JANUARY & (pl.col("cost_centre") == "2021") & ~pl.col("account").str.starts_with("3")
MANY = SINCE_JANUARY & pl.col("account").str.contains("^[567]")
EVENTS: dict[str, tuple[Change, str, dict[str, str]]] = {
    "one_off": (one_off, "one_off", {"cost_centre": "2020", "account": "66110"}),
    "doubled": (doubled, "doubled", {"cost_centre": "2020", "account": "64510"}),
    "missing": (missing, "missing", {"cost_centre": "2020", "account": "60110"}),
    "late": (
        set_to(rows(account="60110", centre="2020", month="2018-02"), period="2018-03"),
        "late",
        {"cost_centre": "2020", "account": "60110"},
    ),
    "early": (
        set_to(rows(account="60110", centre="2020", month="2018-03"), period="2018-02"),
        "early",
        {"cost_centre": "2020", "account": "60110"},
    ),
    "lasting": (
        scaled(SINCE_JANUARY & at("64510", "2020"), 1.4),
        "lasting",
        {"cost_centre": "2020", "account": "64510"},
    ),
    "moved_account": (
        set_to(SINCE_JANUARY & at("60110", "2020"), **PURCHASED),
        "moved_account",
        {"cost_centre": "2020"},
    ),
    "moved_unit": (set_to(SINCE_JANUARY & at("64510", "2020"), **RONNEBY), "moved_unit", {"account": "64510"}),
    "reorganisation": (set_to(COSTS_OF_2021, **RONNEBY), "reorganisation", {"report_line": "total_cost"}),
    "misplaced_budget": (misplaced, "misplaced_budget", {"report_line": "operations"}),
    "spread": (scaled(MANY, 1.1), "spread", {}),
}


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_nothing_is_found_where_nothing_happened(seed):
    assert found(seed) == ()


@pytest.mark.parametrize("event", EVENTS)
def test_one_event_is_one_finding_where_it_happened(event):
    change, kind, keys = EVENTS[event]
    (told,) = found(1, change)
    assert told.kind == kind
    assert keys.items() <= told.keys.items()
    assert told.rank == 1


@pytest.mark.parametrize("event", EVENTS)
def test_parts_and_levels_add_up_to_the_ore(event):
    for told in found(2, EVENTS[event][0]):
        for name in ("outcome", "expected", "deviation"):
            parts = sum(round(getattr(part, name) * 100) for part in told.parts)
            assert parts == round(getattr(told, name) * 100)
        assert round(told.deviation * 100) == round(told.expected * 100) - round(told.outcome * 100)


def test_the_outcome_is_that_of_the_rows_behind_it():
    ledger = one_off(pl.concat([outcome(1), flat_budget()]))
    (told,) = finder.find(data(ledger), scope())
    evidence = finder.evidence(data(ledger), told)
    assert evidence.height == told.evidence.rows
    assert evidence["amount_ore"].sum() == round(told.outcome * 100)
    assert evidence["amount_ore"][0] == 60_000_000  # the largest first


def test_two_events_are_two_findings_the_larger_first():
    told = found(1, EVENTS["lasting"][0], missing)
    assert [each.kind for each in told] == ["lasting", "missing"]
    assert [each.rank for each in told] == [1, 2]


def test_a_deviation_is_told_against_the_other_comparisons_too():
    (told,) = found(1, EVENTS["lasting"][0])
    assert told.comparison == "expected"
    assert told.history == 24
    assert told.persistence == 3
    assert set(told.also) == {"budget", "previous", "seasonal"}
    assert told.deviation < 0
    assert all(value < 0 for value in told.also.values())


def test_a_deviation_below_the_declared_size_is_not_told():
    change = scaled(rows(account="60110", centre="2020", month="2018-03"), 0.0)
    made = scope()
    rules = dataclasses.replace(made.settings.finder, amount_tkr=600)
    stricter = dataclasses.replace(made, settings=dataclasses.replace(made.settings, finder=rules))
    ledger = change(pl.concat([outcome(1), flat_budget()]))
    assert [each.kind for each in finder.find(data(ledger), made)] == ["missing"]
    assert finder.find(data(ledger), stricter) == ()


def test_the_order_of_the_rows_changes_nothing():
    ledger = one_off(pl.concat([outcome(1), flat_budget()]))
    turned = ledger.sample(fraction=1.0, shuffle=True, seed=3)
    assert finder.find(data(ledger), scope()) == finder.find(data(turned), scope())


def test_rows_after_the_month_and_of_others_change_nothing():
    ledger = pl.concat([outcome(1), flat_budget()])
    others = ledger.with_columns(administration=pl.lit("10"), amount_ore=pl.col("amount_ore") * 5)
    later = ledger.filter(pl.col("period") == "2018-03", pl.col("kind") == "outcome").with_columns(
        period=pl.lit("2018-04")
    )
    assert finder.find(data(pl.concat([ledger, others, later])), scope()) == ()


def test_too_short_a_history_gives_no_expectation_and_no_finding():
    ledger = one_off(pl.concat([outcome(1), flat_budget()])).filter(pl.col("period") >= "2017-06")
    assert [each for each in finder.find(data(ledger), scope()) if each.comparison == "expected"] == []


def test_a_month_without_data_and_a_unit_that_is_not_there_are_told_with_help():
    ledger = outcome(1)
    with pytest.raises(MissingDataError, match="2018-04"):
        finder.find(data(ledger), scope("2018-04"))
    with pytest.raises(UsageError, match="no administration"):
        finder.find(data(ledger), scope(unit="99"))


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ("one_off", "Det är en engångspost: 600\u00a0tkr på konto 66110 Reparation och underhåll, bokförd den "),
        ("doubled", "Samma belopp tycks vara bokfört två gånger."),
        ("missing", "Bokföringen tycks saknas."),
        ("late", "I februari 2018 var det ungefär lika mycket åt andra hållet: bokföringen tycks ha kommit sent."),
        ("lasting", "Nivån har varit högre än väntat tre månader i rad."),
        ("moved_account", "Beloppet tycks ha flyttat mellan konton"),
        ("misplaced_budget", "budgeten tycks ligga på fel plats"),
        ("spread", "Avvikelsen är spridd på många delar"),
    ],
)
def test_a_finding_is_told_in_swedish(event, said):
    (told,) = found(1, EVENTS[event][0])
    text = sentences.finding(told)
    assert said in text
    assert text.endswith(".")


def test_amounts_of_the_sentence_are_those_of_the_finding():
    (told,) = found(1, one_off)
    whole = f"{abs(told.deviation) / 1000:.0f}\u00a0tkr högre än väntat: {told.outcome / 1000:.0f}\u00a0tkr mot "
    assert whole in sentences.finding(told)
    assert "konto 66110 Reparation och underhåll vid Vårdcentral Karlshamn i mars 2018" in sentences.finding(told)


def test_lower_income_is_said_as_lower_income():
    (told,) = found(1, scaled(SINCE_JANUARY & (pl.col("account") == "30110"), 0.5))
    assert told.deviation < 0
    assert sentences.finding(told).startswith("Intäkterna")
    assert "lägre än väntat" in sentences.finding(told)


def test_every_centre_of_the_ledger_is_in_the_organisation():
    made = scope()
    assert all(made.organisation.find("cost_centre", code, made.period) for code in CENTRES)


def test_a_finding_cannot_be_changed():
    (told,) = found(1, one_off)
    assert isinstance(told, Finding)
    with pytest.raises(dataclasses.FrozenInstanceError):
        told.rank = 2
