"""The list of budget transfers, read strictly, and the budget before and after them."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import pytest
from measure_frames import ROOT, budget, cells, data, months, posting, scope

from analytics import sentences, tables
from analytics.disclosure import protect
from analytics.errors import SettingsError
from analytics.measures import registry
from analytics.measures.catalogue import MeasureTable
from analytics.measures.forecast.transfer_list import read_transfers
from analytics.measures.scope import Scope
from analytics.organisation import Organisation
from analytics.reference import Reference

HEADER = "transfer;administration;from_month;account;kr;decision;remark"
MOVED = (
    "T1;17;2018-04;40110;900000;Fullmäktige april 2018;",
    "T1;17;2018-04;45110;450000.00;Fullmäktige april 2018;",
    "T1;17;2018-04;70110;-1350000;Fullmäktige april 2018;",
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "data/raw/reference", tmp_path / "reference"))


def written(folder: Path, *rows: str) -> Reference:
    (folder / "budget_transfers.csv").write_text("\n".join((HEADER, *rows)) + "\n", encoding="utf-8")
    return Reference(folder)


def with_list(folder: Path, *rows: str, period: str = "2018-04") -> Scope:
    return dataclasses.replace(scope(period), reference=written(folder, *rows))


def rows(*extra: dict[str, object]) -> list[dict[str, object]]:
    """Budget 100 000 staff and 200 000 it services a month, outcome 150 000 and 50 000."""
    result = [*budget("40110", 100_000), *budget("70110", 200_000), *extra]
    for month in months("2018-01", "2018-06"):
        result += [posting("40110", month, 150_000), posting("70110", month, 50_000)]
    return result


def table(
    folder: Path, *transfers: str, period: str = "2018-04", extra: tuple[dict[str, object], ...] = ()
) -> MeasureTable:
    chosen = with_list(folder, *transfers, period=period)
    return registry.compute("budget_transfers", data(ledger=rows(*extra)), chosen)


def say(found: MeasureTable) -> str:
    return str(sentences.main_change(protect(found, scope().settings.disclosure.public, "..")))


def test_the_budget_before_and_after(folder: Path) -> None:
    values = cells(table(folder, *MOVED, period="2018-06"), "report_line", "column")
    # 1 350 000 over the nine months from April: 150 000 a month, so 450 000 up to June.
    staff = {column: values["staff", column] for (line, column) in values if line == "staff"}
    assert staff == {
        "year_before": 1_200_000.0,
        "year_transfer": 1_350_000.0,
        "year_after": 2_550_000.0,
        "acc_before": 600_000.0,
        "acc_transfer": 450_000.0,
        "acc_after": 1_050_000.0,
        "vs_before": -300_000.0,
        "vs_after": 150_000.0,
    }
    assert values["operations", "vs_before"] == 900_000.0
    assert values["operations", "vs_after"] == 450_000.0
    assert values["net", "year_transfer"] == 0.0
    assert values["net", "acc_transfer"] == 0.0
    assert values["net", "vs_before"] == values["net", "vs_after"]
    assert ("income", "year_before") not in values


def test_a_transfer_of_april_does_not_touch_the_months_up_to_march(folder: Path) -> None:
    found = table(folder, *MOVED, period="2018-03")
    values = cells(found, "report_line", "column")
    assert not {column for _, column in values} & {"year_transfer", "acc_transfer", "acc_after", "vs_after"}
    text = say(found)
    assert text.startswith("Ingen omfördelning av budgeten gäller för januari–mars 2018.")
    assert any("gäller först från och med april 2018" in note for note in found.notes)


def test_what_is_coming_shows_the_year_and_its_forecast_before_and_after(folder: Path) -> None:
    forecasts = (
        posting("40110", "2018-03", 2_500_000, kind="forecast"),
        posting("70110", "2018-03", 1_000_000, kind="forecast"),
    )
    found = table(folder, *MOVED, period="2018-03", extra=forecasts)
    values = cells(found, "report_line", "column")
    assert {column: value for (line, column), value in values.items() if line == "staff"} == {
        "year_before": 1_200_000.0,
        "year_coming": 1_350_000.0,
        "year_after": 2_550_000.0,
        "forecast_before": -1_300_000.0,
        "forecast_after": 50_000.0,
    }
    assert values["net", "year_coming"] == 0.0
    assert values["net", "forecast_before"] == values["net", "forecast_after"] == 100_000.0
    text = say(found)
    assert "Senare i år ändras budgeten: personal höjs med 1,4\u00a0mnkr och drift sänks med 1,4\u00a0mnkr" in text
    assert "Den egna prognosens avvikelse för helåret går för personal från −1,3\u00a0mnkr till 50\u00a0tkr" in text


def test_one_that_applies_and_one_that_comes_are_told_apart(folder: Path) -> None:
    later = [row.replace("T1", "T2").replace("2018-04", "2018-10") for row in MOVED]
    values = cells(table(folder, *MOVED, *later, period="2018-06"), "report_line", "column")
    assert values["staff", "year_transfer"] == values["staff", "year_coming"] == 1_350_000.0
    assert values["staff", "year_after"] == 3_900_000.0
    assert values["staff", "acc_after"] == 1_050_000.0
    assert ("staff", "forecast_before") not in values


def test_more_income_is_said_to_be_more(folder: Path) -> None:
    more = ("T1;17;2018-04;31110;-600000;Fullmäktige;", "T1;17;2018-04;40110;600000;Fullmäktige;")
    assert "intäkter höjs med 600\u00a0tkr och personal höjs med 600\u00a0tkr" in say(table(folder, *more))


@pytest.mark.parametrize("table_id", ["fr1_outcome", "fr1_forecast", "fr1_summary", "action_plan_required"])
def test_no_other_table_changes_with_the_list(folder: Path, table_id: str) -> None:
    tables = data(ledger=rows(posting("40110", "2018-03", 1_000_000, kind="forecast")))
    with_it = registry.compute(table_id, tables, with_list(folder, *MOVED))
    without = registry.compute(table_id, tables, with_list(folder))
    assert with_it.frame.equals(without.frame)


def test_another_unit_and_another_year_are_left_alone(folder: Path) -> None:
    other = [row.replace(";17;", ";20;") for row in MOVED]
    earlier = [row.replace("T1", "T2").replace("2018-04", "2017-04") for row in MOVED]
    found = table(folder, *other, *earlier)
    assert found.frame.is_empty()
    assert say(found) == "Ingen omfördelning av årets budget är beslutad."


def test_the_sentence_says_what_moves_and_what_becomes_of_the_deviation(folder: Path) -> None:
    text = say(table(folder, *MOVED, period="2018-06"))
    assert "personal höjs med 1,4\u00a0mnkr och drift sänks med 1,4\u00a0mnkr" in text
    assert "personal från −300\u00a0tkr till 150\u00a0tkr" in text


def test_the_ledgers_own_revised_budget_is_compared_and_not_added(folder: Path) -> None:
    agreed = tuple(
        posting(account, month, kr, kind="budget_revised")
        for month in months("2018-04", "2018-12")
        for account, kr in (("40110", 100_000), ("45110", 50_000), ("70110", -150_000))
    )
    found = table(folder, *MOVED, extra=agreed)
    assert cells(found, "report_line", "column")["staff", "acc_after"] == 550_000.0
    assert any("stämmer med listan" in note for note in found.notes)
    unlisted = table(folder, extra=agreed)
    assert unlisted.frame.is_empty()
    shown = tables.show(protect(unlisted, scope().settings.disclosure.public, ".."))
    assert "stämmer inte med listan" in shown.html
    assert any("stämmer inte med listan för Personal: Anställda, Drift: Övrigt" in note for note in unlisted.notes)


@pytest.mark.parametrize(
    ("spoiled", "line", "column", "said"),
    [
        ((*MOVED[:2], MOVED[2].replace("-1350000", "-1350001")), 4, "kr", "not net zero"),
        (MOVED[:1], 2, "kr", "not net zero"),
        ((*MOVED[:2], MOVED[2].replace("-1350000", "-1 350 000")), 4, "kr", "kronor"),
        ((*MOVED[:2], MOVED[2].replace("-1350000", "-1350000,00")), 4, "kr", "kronor"),
        ((*MOVED, MOVED[0].replace("900000", "0")), 5, "kr", "moves nothing"),
        ((*MOVED[:2], MOVED[2].replace("2018-04", "2018-05")), 4, "from_month", "differs from line 2"),
        (tuple(row.replace("2018-04", "april") for row in MOVED), 2, "from_month", "YYYY-MM"),
        (tuple(row.replace(";17;", ";99;") for row in MOVED), 2, "administration", "no such unit"),
        ((*MOVED[:2], MOVED[2].replace("70110", "70111")), 4, "account", "not in accounts.csv"),
        (tuple(row.replace("Fullmäktige april 2018", "") for row in MOVED), 2, "decision", "who decided"),
        ((*MOVED, *(row.replace("T1", "T2") for row in MOVED), MOVED[0]), 8, "transfer", "stand together"),
    ],
)
def test_a_row_that_is_wrong_is_refused_with_its_line(
    folder: Path, spoiled: tuple[str, ...], line: int, column: str, said: str
) -> None:
    reference = written(folder, *spoiled)
    with pytest.raises(SettingsError, match=said) as caught:
        read_transfers(reference, Organisation.read(folder))
    where = caught.value.where
    assert where is not None
    assert (where.line, where.column) == (line, column)


def test_the_list_of_the_repository_is_right() -> None:
    chosen = scope()
    found = {one.code: one for one in read_transfers(chosen.reference, chosen.organisation)}
    own = found["17-2018-1"]
    assert str(own.valid_from) == "2018-04"
    assert sum(leg.ore for leg in own.legs) == 0
    assert own.remark.startswith("Demonstrationsbelopp")
