"""Accounts that are both external and internal are looked at on either side, and a move between the sides is seen."""

from __future__ import annotations

import polars as pl
from finder_frames import data, found, outcome, rows, scope

from analytics import finder
from analytics.explore.found import choice
from analytics.sentences import findings as sentences

TWO = pl.col("account").is_in(["64510", "66110"])
SINCE = (pl.col("kind") == "outcome") & (pl.col("cost_centre") == "2020") & (pl.col("period") >= "2018-01")
SIDES = {"64510": 0.4, "66110": 0.5}


def both(ledger: pl.DataFrame) -> pl.DataFrame:
    """Two accounts of every cost centre are partly internal; the others are external alone."""
    share = pl.col("account").replace_strict(SIDES, default=0.0)
    internal = (pl.col("amount_ore") * share).round().cast(pl.Int64)
    inside = ledger.filter(TWO).with_columns(amount_ore=internal, origin=pl.lit("internal"), counterparty=pl.lit("I18"))
    return pl.concat([ledger.with_columns(amount_ore=pl.col("amount_ore") - internal), inside])


def moved(ledger: pl.DataFrame) -> pl.DataFrame:
    """From January, what one cost centre bought outside it buys inside."""
    which = SINCE & (pl.col("account") == "64510")
    return ledger.with_columns(origin=pl.when(which).then(pl.lit("internal")).otherwise("origin"))


def invoiced_inside(ledger: pl.DataFrame) -> pl.DataFrame:
    model = ledger.filter(rows(account="66110", centre="2020", month="2018-03"), pl.col("origin") == "internal").head(1)
    return pl.concat([ledger, model.with_columns(amount_ore=pl.lit(60_000_000, dtype=pl.Int64))])


def test_a_move_between_external_and_internal_is_one_finding_whose_account_stands_still():
    (only,) = found(3, both, moved)
    assert only.kind == "moved_account"
    assert only.keys["account"] == "64510"
    assert "origin" not in only.keys
    assert {part.keys["origin"]: part.deviation > 0 for part in only.parts} == {"external": True, "internal": False}
    text = sentences.finding(only)
    assert text.startswith("Den interna kostnaden på konto 64510")
    assert "den externa kostnaden" in text
    assert "tycks ha flyttat mellan externt och internt" in text


def test_what_happens_on_one_side_is_told_of_that_side_with_its_rows_alone():
    (only,) = found(3, both, invoiced_inside)
    assert (only.kind, only.keys["account"], only.keys["origin"]) == ("one_off", "66110", "internal")
    assert "den interna kostnaden på konto 66110" in sentences.finding(only).lower()
    ledger = invoiced_inside(both(outcome(3)))
    behind = finder.evidence(data(ledger), only)
    assert set(behind["origin"]) == {"internal"}
    assert behind.height == only.evidence.rows
    assert behind["amount_ore"].sum() / 100 == only.outcome


def test_a_deviation_of_the_whole_account_is_told_of_the_account_and_divided_into_its_sides():
    which = SINCE & (pl.col("account") == "64510")
    doubled = pl.when(which).then(pl.col("amount_ore") * 2).otherwise("amount_ore")
    (only,) = found(3, both, lambda ledger: ledger.with_columns(amount_ore=doubled))
    assert only.keys["account"] == "64510"
    assert "origin" not in only.keys
    assert sum(part.deviation for part in only.parts) == only.deviation


def test_accounts_of_one_origin_are_not_divided():
    (only,) = found(3, both, lambda ledger: pl.concat([ledger, _double(ledger, "60110")]))
    assert (only.keys["account"], only.keys.get("origin")) == ("60110", None)


def test_a_finding_of_one_side_chooses_its_account_in_the_panel():
    (only,) = found(3, both, invoiced_inside)
    frame = outcome(3).with_columns(month=pl.col("period"), report_line=pl.lit("operations_other"))
    assert choice(only, frame, scope().reference.report_lines)["account"] == ("66110",)


def _double(ledger: pl.DataFrame, account: str) -> pl.DataFrame:
    return ledger.filter(rows(account=account, centre="2020", month="2018-03"))
