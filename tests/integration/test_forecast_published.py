"""The forecast report of March 2018 against the printed figures, and against the raw extracts by plain arithmetic."""

from __future__ import annotations

import csv
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from raw_extracts import Raw, number

pytestmark = pytest.mark.slow
PART_OF = {"staff": "Personal", "operations": "Drift"}


def cells(region, table):
    file = region.reports / "2018-03/17/tables" / f"{table}.csv"
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def tkr(text):
    return int((Decimal(text) / 1000).quantize(Decimal(1), rounding=ROUND_HALF_UP))


@pytest.fixture(scope="module")
def printed(region):
    """Label of the first or second level, with its parent's → the printed total of each block."""
    found = {}
    parent = ""
    with Path(region.root / "data/raw/published/kvartal_2018_03_fr1_prognos.csv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            if row["level"] == "1":
                parent = row["account_line"]
            name = row["account_line"].lstrip("- ")
            key = name if row["level"] == "1" else f"{parent}: {name.capitalize()}"
            if row["origin"] == "totalt":
                found.setdefault(key, {})[row["column_block"]] = int(row["value_tkr"])
    return found


def named(row):
    return (
        f"{PART_OF[row['parent']]}: {row['report_line_label'].capitalize()}"
        if row["parent"]
        else row["report_line_label"]
    )


@pytest.mark.parametrize(
    ("table", "column", "block"),
    [
        ("forecast_methods", "own", "prognos_helar"),
        ("forecast_methods", "budget", "budget_helar"),
        ("action_plan_required", "forecast", "prognos_helar"),
        ("action_plan_required", "vs_budget", "prognos_jmf_budget"),
    ],
)
def test_the_units_own_forecast_is_the_printed_one(region, printed, table, column, block):
    rows = [row for row in cells(region, table) if row["column"] == column]
    assert {named(row): tkr(row["value"]) for row in rows} == {
        name: blocks[block] for name, blocks in printed.items() if name in {named(row) for row in rows}
    }
    assert len(rows) == len(printed) - (2 if table == "action_plan_required" else 0)


def test_staff_is_the_line_that_needs_a_plan(region):
    plans = {
        row["report_line"]: row["text"] for row in cells(region, "action_plan_required") if row["column"] == "plan"
    }
    assert [line for line, text in plans.items() if text == "Åtgärdsplan krävs"] == ["staff"]
    page = (region.reports / "2018-03/17/prognos.html").read_text(encoding="utf-8")
    assert "Åtgärdsplan saknas" in page


def test_the_parts_of_the_staff_cost_are_the_printed_difference(region):
    parts = {row["part"]: float(row["value"]) for row in cells(region, "variance_parts") if row["column"] == "amount"}
    whole = parts.pop("")
    assert tkr(str(whole)) == -1959  # 002:587, staff against last year
    assert sum(parts.values()) == pytest.approx(whole, abs=0.01)
    # The report says about 300 and 450 tkr (002:607-609): what the formulas give is of that size.
    assert tkr(str(parts["contributions"])) == -283
    assert -500_000 < parts["price"] < -400_000


def test_the_march_report_shows_the_budget_before_and_after_the_transfer_of_april(region):
    """002:601-603, 681: the re-allocation from April makes the deviations of the lines smaller, not that of the net."""
    rows = {(row["report_line"], row["column"]): float(row["value"]) for row in cells(region, "budget_transfers")}
    assert tkr(str(rows["staff", "forecast_before"])) == -12963
    assert rows["staff", "forecast_before"] < rows["staff", "forecast_after"] < 0
    assert rows["operations", "forecast_before"] > rows["operations", "forecast_after"] > 0
    assert rows["staff", "year_coming"] == -rows["operations", "year_coming"] > 0
    assert rows["net", "year_coming"] == 0
    assert tkr(str(rows["net", "year_after"])) == 113682
    # Nothing applies yet: the budget up to March is the decided one, here and in every other table.
    assert not {column for _, column in rows if column.startswith(("acc_", "vs_"))}


@pytest.fixture(scope="module")
def raw(region):
    return Raw(region.root, since="201601")


def value_of(region, unit, table, **keys):
    file = region.reports / "2018-03" / unit / "tables" / f"{table}.csv"
    with file.open(encoding="utf-8-sig", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if all(row[key] == value for key, value in keys.items())]
    assert len(rows) == 1
    return float(rows[0]["value"])


@pytest.mark.parametrize("unit", ["17", "10"])
def test_the_computed_forecasts_of_the_net_from_the_raw_extracts(region, raw, unit):
    months = {year: [0] * 12 for year in (2016, 2017, 2018)}
    for kind, month, centre, _, _, ore in raw.ledger:
        if kind == "UTFALL" and raw.unit_of[centre] == unit and centre not in raw.projects:
            months[int(month[:4])][int(month[4:]) - 1] += ore
    so_far = sum(months[2018]) / 100
    share = {year: sum(months[year][:3]) / sum(months[year]) for year in (2016, 2017)}
    expected = {
        "run_rate": so_far * 4,
        "previous_share": so_far / share[2017],
        "seasonal": so_far / ((share[2016] + share[2017]) / 2),
    }
    for method, amount in expected.items():
        found = value_of(region, unit, "forecast_methods", report_line="net", column=method)
        assert found == pytest.approx(amount, abs=0.01)
    # Outcome / forecast of the run rate after February, March and April of both years.
    ratios = [
        sum(months[year]) / (sum(months[year][:count]) * 12 / count) for year in (2016, 2017) for count in (2, 3, 4)
    ]
    for column, ratio in (("low", min(ratios)), ("high", max(ratios))):
        found = value_of(region, unit, "forecast_interval", report_line="net", column=column)
        assert found == pytest.approx(so_far * 4 * ratio, abs=0.01)
    miss = sum(months[2017][:6]) * 2 / sum(months[2017]) - 1
    found = value_of(region, unit, "forecast_accuracy", test="run_rate-2017", column="m06")
    assert found == pytest.approx(miss * 100, abs=1e-6)


@pytest.mark.parametrize("unit", ["17", "10"])
def test_the_parts_of_the_staff_cost_from_the_raw_extracts(region, raw, unit):
    quarter = {2017: {"201701", "201702", "201703"}, 2018: {"201801", "201802", "201803"}}
    pay, by_the_hour, on_top = ({2017: 0.0, 2018: 0.0} for _ in range(3))
    for kind, month, centre, account, _, ore in raw.ledger:
        year = int(month[:4])
        if kind != "UTFALL" or month not in quarter.get(year, ()):
            continue
        if raw.unit_of[centre] != unit or centre in raw.projects:
            continue
        pay[year] += ore / 100 if account[:2] in ("40", "41") else 0
        by_the_hour[year] += ore / 100 if account[:3] in ("402", "404") else 0
        on_top[year] += ore / 100 if account[:2] == "45" else 0
    hours = {2017: 0.0, 2018: 0.0}
    for row in raw.time:
        if row["Period"] in ("201701", "201702", "201801", "201802") and raw.unit_of[row["Ansvar"]] == unit:
            hours[int(row["Period"][:4])] += 0 if row["Ansvar"] in raw.projects else number(row["Timmar"])
    rate = {year: on_top[year] / pay[year] for year in pay}
    # Working days: 41 and 42 in January and February, 64 and 63 up to March.
    volume = pay[2017] * (hours[2018] / 42 / (hours[2017] / 41) - 1)
    calendar = by_the_hour[2017] * (63 / 64 - 1)
    expected = {
        "volume": -volume * (1 + rate[2017]),
        "calendar": -calendar * (1 + rate[2017]),
        "price": -(pay[2018] - pay[2017] - volume - calendar) * (1 + rate[2017]),
        "contributions": -(rate[2018] - rate[2017]) * pay[2018],
    }
    for part, amount in expected.items():
        found = value_of(region, unit, "variance_parts", part=part, column="amount")
        assert found == pytest.approx(amount, abs=0.05)
