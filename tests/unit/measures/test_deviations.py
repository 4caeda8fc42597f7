"""Deviations that need a comment: which lines, how large, in which order, and what contributes most."""

from __future__ import annotations

import dataclasses

import polars as pl
import pytest
from measure_frames import budget, cells, data, months, posting, scope

from analytics import sentences
from analytics.disclosure import protect
from analytics.measures import registry
from analytics.measures.catalogue import MeasureTable
from analytics.measures.deviations import rule
from analytics.measures.scope import Scope
from analytics.sentences.deviations import NONE
from analytics.settings import Deviations


def where(amount_tkr: int = 100, percent: float = 5) -> Scope:
    made = scope()
    limits = Deviations(amount_tkr, percent)
    return dataclasses.replace(made, settings=dataclasses.replace(made.settings, deviations=limits))


def table(*outcomes: tuple[str, float], planned: tuple[tuple[str, float], ...] = (), **options: object) -> MeasureTable:
    """Monthly outcomes and budgets of 2018 by account, in kronor; nothing else."""
    rows = [posting(account, month, kr) for account, kr in outcomes for month in months("2018-01", "2018-03")]
    for account, kr in planned:
        rows += budget(account, kr)
    return registry.compute("deviations", data(ledger=rows), where(**options))


def texts(found: MeasureTable, column: str) -> dict[object, object]:
    chosen = found.frame.filter(pl.col("column") == column)
    return dict(zip(chosen["deviation"], chosen["text"], strict=True))


def amounts(found: MeasureTable) -> dict[object, object]:
    return {name: value for (name, column), value in cells(found, "deviation", "column").items() if column == "amount"}


def test_a_line_is_comparator_minus_outcome_with_its_figures_beside() -> None:
    found = table(("68110", 150_000), planned=(("68110", 50_000),))
    assert amounts(found) == {"budget-operations_travel": -300_000.0}
    values = cells(found, "deviation", "column")
    assert values["budget-operations_travel", "measured"] == 450_000.0
    assert values["budget-operations_travel", "comparator"] == 150_000.0
    assert texts(found, "percent") == {"budget-operations_travel": "−200\u00a0%"}
    label = found.frame["deviation_label"][0]
    assert label == "Drift: Resor, utfall mot budget"


def test_lower_income_is_unfavourable() -> None:
    found = table(("33110", -50_000), planned=(("33110", -100_000),))
    assert amounts(found) == {"budget-income": -150_000.0}
    assert "lägre intäkt än budget" in str(texts(found, "cause")["budget-income"])
    assert "150\u00a0tkr, ogynnsam" in say(found)


@pytest.mark.parametrize(("kr", "listed"), [(99_499, False), (99_500, True)])
def test_the_amount_counts_as_it_is_printed(kr: int, listed: bool) -> None:  # noqa: FBT001
    rows = [posting("68110", "2018-01", 100_000 + kr), *(posting("68110", m, 100_000) for m in ("2018-02", "2018-03"))]
    found = registry.compute("deviations", data(ledger=[*rows, *budget("68110", 100_000)]), where())
    assert bool(amounts(found)) is listed


def test_both_limits_must_be_reached_and_without_a_comparator_the_amount_decides() -> None:
    large_line = (("40110", 10_400_000),)
    planned = (("40110", 10_000_000),)
    assert amounts(table(*large_line, planned=planned, percent=5)) == {}
    assert list(amounts(table(*large_line, planned=planned, percent=4))) == ["budget-staff_employees"]
    found = table(("68110", 100_000), planned=(("40110", 1),), percent=50)
    assert amounts(found) == {"budget-operations_travel": -300_000.0}
    assert texts(found, "percent") == {"budget-operations_travel": "jämförelsetal saknas"}


def test_sums_of_lines_are_left_out_so_that_nothing_is_listed_twice() -> None:
    found = table(("40110", 500_000), ("68110", 400_000), planned=(("40110", 100_000), ("68110", 100_000)))
    assert list(amounts(found)) == ["budget-staff_employees", "budget-operations_travel"]


def test_the_largest_stands_first_whatever_its_sign_and_five_are_marked() -> None:
    accounts = ("33110", "40110", "64110", "68110", "72110", "61110", "74110")
    planned = tuple(
        (account, 100_000 * place * (-1 if account == "33110" else 1)) for place, account in enumerate(accounts, 1)
    )
    rows = [posting(account, month, 1) for account in accounts for month in months("2018-01", "2018-03")]
    for account, kr in planned:
        rows += budget(account, kr)
    found = registry.compute("deviations", data(ledger=rows), where())
    sizes = [abs(float(value)) for value in amounts(found).values()]  # type: ignore[arg-type]
    assert sizes == sorted(sizes, reverse=True)
    ranks = list(texts(found, "rank").values())
    assert ranks[:5] == ["1", "2", "3", "4", "5"]
    assert ranks[5:] == [str(place) for place in range(6, len(ranks) + 1)]
    assert len(ranks) > 5


def test_the_cause_is_the_account_group_that_pulls_most_the_same_way() -> None:
    found = table(
        ("40110", 300_000),
        ("41110", 500_000),
        ("45110", 50_000),
        planned=(("40110", 200_000), ("41110", 200_000), ("45110", 350_000)),
    )
    # 40: −300, 41: −900, 45: +900; together −300.
    assert texts(found, "cause") == {
        "budget-staff_employees": "41 Lön ej arbetad tid: 900\u00a0tkr högre än budget, mer än hela avvikelsen"
    }


def test_the_cause_says_its_share() -> None:
    found = table(("40110", 300_000), ("41110", 500_000), planned=(("40110", 200_000), ("41110", 200_000)))
    assert str(texts(found, "cause")["budget-staff_employees"]).endswith("75\u00a0% av avvikelsen")


def test_accounts_are_named_where_groups_have_no_names_and_the_counterparty_where_there_is_one_account() -> None:
    found = table(("68110", 200_000), ("68310", 110_000), planned=(("68110", 50_000), ("68310", 50_000)))
    assert str(texts(found, "cause")["budget-operations_travel"]).startswith("68110 ")
    rows = [
        posting("68110", month, kr, origin=origin)
        for month in months("2018-01", "2018-03")
        for origin, kr in (("external", 100_000), ("internal", 300_000))
    ]
    found = registry.compute("deviations", data(ledger=[*rows, *budget("68110", 50_000)]), where())
    assert ", internt: 900\u00a0tkr högre än budget" in str(texts(found, "cause")["budget-operations_travel"])


def test_outcome_is_compared_with_last_year_and_the_own_forecast_with_the_budget_of_the_year() -> None:
    rows = [posting("68110", month, 100_000) for month in months("2018-01", "2018-03")]
    rows += [posting("68110", month, 10_000) for month in months("2017-01", "2017-12")]
    rows += [*budget("68110", 100_000), posting("68110", "2018-03", 2_000_000, kind="forecast")]
    found = registry.compute("deviations", data(ledger=rows), where())
    assert amounts(found) == {"forecast-operations_travel": -800_000.0, "previous-operations_travel": -270_000.0}


def test_a_comparison_that_the_data_lack_is_said_and_gives_no_rows() -> None:
    found = table(("68110", 150_000))
    assert amounts(found) == {}
    notes = " ".join(found.notes)
    assert "Budget för januari–mars 2018 saknas." in notes
    assert "Prognos för 2018 saknas." in notes
    assert "Utfall för januari–mars 2017 saknas." in notes
    assert say(found) == NONE


def test_project_cost_centres_are_left_out() -> None:
    rows = [posting("68110", month, 100_000, is_project=True) for month in months("2018-01", "2018-03")]
    rows += [posting("40110", month, 1) for month in months("2018-01", "2018-03")]
    rows += budget("40110", 1)
    assert amounts(registry.compute("deviations", data(ledger=rows), where())) == {}


def test_the_limits_of_the_settings_are_printed() -> None:
    found = table(("68110", 150_000), amount_tkr=1500, percent=7.4)
    assert rule(Deviations(1500, 7.4)) in found.notes
    assert "minst 1\u00a0500\u00a0tkr och minst 7,4\u00a0% av" in rule(Deviations(1500, 7.4))


def say(found: MeasureTable) -> str:
    return str(sentences.main_change(protect(found, where().settings.disclosure.public, "..")))
