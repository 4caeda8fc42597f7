"""What the seasonal budget, the forecast or last year alone shows is told against it, once, and nothing else is."""

from __future__ import annotations

import polars as pl
import pytest
from finder_frames import Change, data, flat_budget, found, outcome, scope

from analytics import finder
from analytics.explore.found import choice, comparison_of
from analytics.finder.model import Finding
from analytics.sentences import findings as sentences

SINCE_JANUARY = (pl.col("kind") == "outcome") & (pl.col("period") >= "2018-01")
SINCE_MAY = (pl.col("kind") == "outcome") & (pl.col("period") >= "2017-05")
BUDGET = (pl.col("kind") == "budget") & (pl.col("period") >= "2018-01")
FORECAST = pl.col("kind") == "forecast"
SPACE = "\u00a0"


def scaled(which: pl.Expr, factor: float) -> Change:
    amount = pl.when(which).then((pl.col("amount_ore") * factor).round().cast(pl.Int64)).otherwise("amount_ore")
    return lambda ledger: ledger.with_columns(amount_ore=amount)


def with_forecast(ledger: pl.DataFrame) -> pl.DataFrame:
    """A forecast in March that is the budget of the year."""
    year = ledger.filter(BUDGET).with_columns(period=pl.lit("2018-03"), kind=pl.lit("forecast"))
    keys = [name for name in year.columns if name not in {"amount_ore", "posting_date", "registration_date"}]
    summed = year.group_by(keys, maintain_order=True).agg(pl.col("amount_ore").sum(), pl.col("posting_date").min())
    return pl.concat([ledger, summed.with_columns(registration_date=pl.col("posting_date")).select(ledger.columns)])


def put_off(account: str, share: float) -> Change:
    """A saving of the year's budget that all stands in the months from April on."""
    later = BUDGET & (pl.col("period") >= "2018-04") & (pl.col("account") == account)
    return scaled(later, 1 - share * 12 / 9)


def of_account(account: str) -> pl.Expr:
    return pl.col("account") == account


def told(*changes: Change) -> Finding:
    (only,) = found(1, *changes)
    return only


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_forecast_that_is_the_budget_tells_nothing(seed):
    assert found(seed, with_forecast) == ()


def test_a_budget_whose_saving_is_put_off_is_told_against_the_seasonal_budget():
    one = told(put_off("64510", 0.2), with_forecast)
    assert (one.comparison, one.kind) == ("seasonal", "lasting")
    assert one.parts[0].keys["account"] == "64510"
    assert one.deviation < 0
    assert abs(one.also["budget"]) < abs(one.deviation) / 2
    text = sentences.finding(one)
    assert "högre än den säsongsfördelade budgeten" in text
    assert "Mot budget i tolftedelar syns det inte" in text


def test_what_is_mostly_season_is_told_as_far_as_it_is_not():
    # A cost that comes in winter: in twelfths its budget is far too small in March, by the year's pattern a little.
    winter = scaled(
        (pl.col("kind") == "outcome") & of_account("60110") & pl.col("period").str.contains("-0[123]$"), 1.5
    )
    one = told(winter, scaled(BUDGET & of_account("60110"), 0.98))
    assert one.comparison == "seasonal"
    assert one.also["budget"] < one.deviation * 2 < 0
    assert "men det mesta av den skillnaden är säsong" in sentences.finding(one)


def test_a_forecast_that_the_outcome_does_not_explain_is_told_of_the_year():
    one = told(with_forecast, scaled(FORECAST & of_account("53110"), 1.3))
    assert (one.comparison, one.kind) == ("forecast", "forecast_alone")
    assert one.p_value < 0.01
    assert (str(one.months.first), str(one.months.last)) == ("2018-01", "2018-12")
    for name in ("outcome", "expected", "deviation"):
        assert sum(round(getattr(part, name) * 100) for part in one.parts) == round(getattr(one, name) * 100)
    text = sentences.finding(one)
    assert "är i helårsprognosen" in text
    assert "högre än budget för 2018" in text
    assert "så det är bara prognosen som säger det" in text


def test_the_rows_behind_a_forecast_are_those_of_the_forecast():
    ledger = scaled(FORECAST & of_account("53110"), 1.3)(with_forecast(pl.concat([outcome(1), flat_budget()])))
    (one,) = finder.find(data(ledger), scope())
    rows = finder.evidence(data(ledger), one)
    assert set(rows["kind"]) == {"forecast"}
    assert rows.height == one.evidence.rows
    assert rows["amount_ore"].sum() == round(one.outcome * 100)


@pytest.mark.parametrize("times", [1, 4])
def test_a_forecast_that_follows_a_told_deviation_is_not_told_again(times):
    """A lasting deviation may be foreseen as it is, or as it would be at the year's end."""
    raised = scaled(SINCE_JANUARY & of_account("53110"), 1.4)
    before = told(raised)
    foreseen = with_forecast(pl.concat([outcome(1), flat_budget()])).filter(FORECAST & of_account("53110"))
    factor = 1 + times * abs(before.deviation) * 100 / foreseen["amount_ore"].sum()
    one = told(raised, with_forecast, scaled(FORECAST & of_account("53110"), factor))
    assert one.comparison == "expected"


def kept(*changes: Change, seed: int = 1) -> list[Finding]:
    return [each for each in found(seed, *changes, with_forecast) if each.kind == "forecast_kept"]


def test_a_forecast_that_is_the_budget_is_told_where_the_outcome_leads_elsewhere():
    raised = scaled(SINCE_JANUARY & of_account("53110"), 1.2)
    (one,) = kept(raised)
    assert (one.comparison, one.measure) == ("forecast", "fr1_outcome")
    assert one.keys["report_line"] == "operations_purchased"
    assert (str(one.months.first), str(one.months.last)) == ("2018-01", "2018-12")
    assert one.outcome / one.expected == pytest.approx(1.2, abs=0.03)
    assert one.deviation == pytest.approx(one.expected - one.outcome)
    assert one.persistence == 3
    assert one.p_value < 1e-4
    text = sentences.finding(one)
    assert text.startswith("Prognosen för kostnaden ")
    assert " är densamma som budgeten för 2018, " in text
    assert " men utfallet hittills leder till " in text
    assert f"{abs(one.deviation) / 1e6:.1f}".replace(".", ",") + f"{SPACE}mnkr mer än så" in text
    assert "tre månader i rad" in text


def test_less_is_led_to_as_well_and_income_the_other_way():
    (less,) = kept(scaled(SINCE_JANUARY & of_account("53110"), 0.8))
    assert less.deviation > 0
    assert " mindre än så" in sentences.finding(less)
    (income,) = kept(scaled(SINCE_JANUARY & pl.col("account").str.starts_with("3"), 1.3))
    assert income.deviation > 0
    assert "Prognosen för intäkterna" in sentences.finding(income)
    assert " mer än så" in sentences.finding(income)


def test_its_parts_add_up_and_its_rows_are_the_outcome_so_far():
    raised = scaled(SINCE_JANUARY & pl.col("account").is_in(["64110", "64510"]), 1.25)
    changed = raised(with_forecast(pl.concat([outcome(1), flat_budget()])))
    one = next(each for each in finder.find(data(changed), scope()) if each.kind == "forecast_kept")
    for name in ("outcome", "expected", "deviation"):
        assert sum(round(getattr(part, name) * 100) for part in one.parts) == round(getattr(one, name) * 100)
    rows = finder.evidence(data(changed), one)
    assert set(rows["kind"]) == {"outcome"}
    assert set(rows["period"]) == {"2018-01", "2018-02", "2018-03"}
    assert rows.height == one.evidence.rows


def test_what_is_over_leads_nowhere():
    def one_off(ledger: pl.DataFrame) -> pl.DataFrame:
        where = (pl.col("period") == "2018-02") & of_account("53110") & (pl.col("cost_centre") == "2020")
        model = ledger.filter(where & (pl.col("kind") == "outcome")).head(1)
        return pl.concat([ledger, model.with_columns(amount_ore=pl.lit(90_000_000, dtype=pl.Int64))])

    assert kept(one_off) == []
    late = (pl.col("kind") == "outcome") & (pl.col("period") == "2018-02") & of_account("53110")
    assert (
        kept(lambda ledger: ledger.with_columns(period=pl.when(late).then(pl.lit("2018-03")).otherwise("period"))) == []
    )
    assert kept(scaled(late, 0.0)) == []
    # Beside a one-off, a level that goes on leads as far as without it, and that is said.
    (with_it,) = kept(scaled(SINCE_JANUARY & of_account("53110"), 1.3), one_off)
    (alone,) = kept(scaled(SINCE_JANUARY & of_account("53110"), 1.3))
    assert with_it.deviation == pytest.approx(alone.deviation, rel=0.35)


def test_a_finding_of_the_budget_says_it_instead_of_a_second_one():
    found_all = found(1, put_off("64510", 0.2), with_forecast)
    assert [each.comparison for each in found_all] == ["seasonal"]
    assert sentences.finding(found_all[0]).endswith(
        f"Prognosen för helåret är densamma som budgeten, men utfallet hittills leder till 13,9{SPACE}mnkr mer än så."
    )


def test_a_forecast_that_has_been_changed_is_not_the_budget():
    raised = scaled(SINCE_JANUARY & of_account("53110"), 1.2)
    changed = [raised, with_forecast, scaled(FORECAST & of_account("53110"), 1.05)]
    assert not [each for each in found(1, *changed) if each.kind == "forecast_kept"]


def test_the_panel_shows_the_seasonal_budget_of_a_forecast_that_is_kept():
    (one,) = kept(scaled(SINCE_JANUARY & of_account("53110"), 1.2))
    assert comparison_of(one, ("budget", "seasonal", "previous", "forecast")) == "seasonal"


def test_a_level_that_history_has_got_used_to_is_told_against_last_year():
    one = told(scaled(SINCE_MAY & of_account("64510"), 1.5), scaled(BUDGET & of_account("64510"), 1.5))
    assert (one.comparison, one.kind) == ("previous", "lasting")
    assert one.keys["account"] == "64510"
    assert "previous" not in one.also
    assert abs(one.also["expected"]) < abs(one.deviation) / 3
    assert one.persistence >= 9
    text = sentences.finding(one)
    assert "högre än samma period föregående år" in text
    assert "månader i rad: den är nu den vanliga" in text


def test_what_moved_last_spring_is_a_move_against_last_year():
    moved = SINCE_MAY & of_account("60110") & (pl.col("cost_centre") == "2011")
    budget = BUDGET & of_account("60110") & (pl.col("cost_centre") == "2011")
    both = moved | budget
    one = told(
        lambda ledger: ledger.with_columns(
            cost_centre=pl.when(both).then(pl.lit("2021")).otherwise("cost_centre"),
            base_unit=pl.when(both).then(pl.lit("202")).otherwise("base_unit"),
        )
    )
    assert (one.comparison, one.kind) == ("previous", "moved_unit")
    assert "än samma period föregående år" in sentences.finding(one)


def test_a_one_off_of_last_year_is_told_as_that_with_its_posting():
    def last_year(ledger: pl.DataFrame) -> pl.DataFrame:
        where = (pl.col("period") == "2017-02") & of_account("66110") & (pl.col("cost_centre") == "2020")
        model = ledger.filter(where & (pl.col("kind") == "outcome")).head(1)
        return pl.concat([ledger, model.with_columns(amount_ore=pl.lit(90_000_000, dtype=pl.Int64))])

    one = told(last_year)
    assert (one.comparison, one.kind) == ("previous", "one_off")
    assert one.deviation > 0
    assert str(one.evidence.months.last) == "2017-02"
    assert one.evidence.posting is not None
    assert one.evidence.posting.amount == 900_000
    text = sentences.finding(one)
    assert "lägre än samma period föregående år" in text
    assert f"Det är en engångspost: 900{SPACE}tkr på konto 66110 Reparation och underhåll, bokförd den " in text
    assert text.endswith("februari 2017.")


def test_a_one_off_of_staff_accounts_names_no_posting():
    def one_pay(ledger: pl.DataFrame) -> pl.DataFrame:
        where = (pl.col("period") == "2018-03") & of_account("41110") & (pl.col("cost_centre") == "2020")
        model = ledger.filter(where & (pl.col("kind") == "outcome")).head(1)
        return pl.concat([ledger, model.with_columns(amount_ore=pl.lit(90_000_000, dtype=pl.Int64))])

    one = told(one_pay)
    assert one.kind == "one_off"
    assert one.evidence.posting is None
    assert "Det är en enskild månad som sticker ut." in sentences.finding(one)


def test_the_panel_shows_the_comparison_that_is_told():
    held = ("budget", "seasonal", "previous", "forecast")
    saved = told(put_off("64510", 0.2), with_forecast)
    foreseen = told(with_forecast, scaled(FORECAST & of_account("53110"), 1.3))
    assert comparison_of(saved, held) == "seasonal"
    assert comparison_of(foreseen, held) == "forecast"
    frame = pl.DataFrame(
        {"report_line": ["operations_purchased"], "account": ["53110"], "month": ["2018-01"]},
    )
    assert "month" not in choice(foreseen, frame, scope().reference.report_lines)


def test_every_comparison_can_be_chosen():
    one = told(put_off("64510", 0.2), with_forecast)
    for comparison in ("seasonal", "forecast", "previous", "budget"):
        assert one.comparison == comparison or comparison in one.also
