"""What is told of the difference between two versions of a package, and above all what is not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from made_table_data import PUBLIC, ledger, publish, staff

from analytics.companions import Change, Changes
from analytics.exports.table_data import TableData
from analytics.reports import changes


def since(folder: Path, tables: list[TableData], *, version: int = 2) -> Changes | None:
    return changes.since_last_version(folder, tables, limits=PUBLIC, version=version)


def test_without_an_earlier_version_there_is_nothing_to_compare(tmp_path: Path):
    assert since(tmp_path / "17", [ledger(("net", "outcome", 1.0))], version=1) is None


def test_an_earlier_version_that_is_lost_is_no_first_version(tmp_path: Path):
    assert since(tmp_path / "17", [ledger(("net", "outcome", 1.0))], version=3) == Changes("", 0, 0, 0, 0, 0)


def test_figures_are_compared_as_they_are_printed(tmp_path: Path):
    then = ledger(("income", "outcome", -100_400.0), ("staff", "outcome", 200_000.0), ("net", "outcome", None))
    now = ledger(("income", "outcome", -100_450.0), ("staff", "outcome", 201_600.0), ("net", "outcome", 5_000.0))

    found = since(publish(tmp_path / "17", then), [now])

    assert found is not None
    assert (found.since, found.compared, found.changed) == ("2018-04-15 08:30", 3, 2)
    assert found.largest == (
        Change("fr1_summary", "Ekonomisk uppföljning, Net, Utfall hittills", "ingen uppgift", "5\u00a0tkr"),
    )


def test_each_table_tells_its_largest_step_in_the_order_of_the_reports_and_units_take_turns(tmp_path: Path):
    names = ("fr1_summary", "result_by_class", "forecast_methods", "net_monthly")
    steps = ((1.0, 5.0), (5.0, 2.0), (90.0, 5.0), (5.0, 5.0))
    then = [ledger(("a", "outcome", 0.0), ("b", "outcome", 0.0), table_id=name) for name in names]
    now = [
        ledger(("a", "outcome", one * 1000), ("b", "outcome", two * 1000), table_id=name)
        for name, (one, two) in zip(names, steps, strict=True)
    ]
    people = (staff(("", "T", "current", 20.0, "ok")), staff(("", "T", "current", 26.0, "ok")))

    found = since(publish(tmp_path / "17", *then, people[0]), [*now, people[1]])

    assert found is not None
    assert [(change.table_id, change.after.replace("\u00a0", " ")) for change in found.largest] == [
        ("fr1_summary", "5 tkr"),
        ("headcount", "26"),
        ("result_by_class", "2 tkr"),
        ("forecast_methods", "90 tkr"),
    ]


def test_a_step_that_follows_from_another_is_counted_but_not_told(tmp_path: Path):
    then = ledger(
        ("staff", "outcome", 200_000.0), ("staff", "outcome_vs_budget", 50_000.0), ("net", "outcome", 9_000.0)
    )
    now = ledger(
        ("staff", "outcome", 230_000.0), ("staff", "outcome_vs_budget", 20_000.0), ("net", "outcome", 39_000.0)
    )

    found = since(publish(tmp_path / "17", then), [now])

    assert found is not None
    assert found.changed == 3
    assert [change.what for change in found.largest] == ["Ekonomisk uppföljning, Staff, Utfall hittills"]


def test_a_figure_that_is_suppressed_in_both_versions_is_not_compared(tmp_path: Path):
    then = staff(("1.1", "T", "current", None, "suppressed"), ("", "T", "current", 20.0, "ok"))
    now = staff(("1.1", "T", "current", None, "suppressed"), ("", "T", "current", 26.0, "ok"))

    found = since(publish(tmp_path / "17", then), [now])

    assert found is not None
    assert (found.compared, found.changed, found.hidden) == (1, 1, 1)
    assert [(change.before, change.after) for change in found.largest] == [("20", "26")]


@pytest.mark.parametrize("then_hidden", [True, False])
def test_a_table_with_other_marks_than_before_is_not_compared_at_all(tmp_path: Path, then_hidden: bool):  # noqa: FBT001
    hidden = staff(("1.1", "T", "current", None, "suppressed"), ("", "T", "current", 20.0, "ok"))
    open_ = staff(("1.1", "T", "current", 5.0, "ok"), ("", "T", "current", 23.0, "ok"))
    then, now = (hidden, open_) if then_hidden else (open_, hidden)

    found = since(publish(tmp_path / "17", then), [now])

    assert found is not None
    assert (found.compared, found.changed, found.apart, found.largest) == (0, 0, 1, ())


def test_of_persons_only_the_total_of_the_unit_is_told(tmp_path: Path):
    rows = (("1.1", "T"), ("1.2", "T"), ("", "K"), ("", "M"), ("", "T"))
    then = staff(*((group, sex, "current", 20.0, "ok") for group, sex in rows))
    now = staff(*((group, sex, "current", 21.0 + place, "ok") for place, (group, sex) in enumerate(rows)))

    found = since(publish(tmp_path / "17", then), [now])

    assert found is not None
    assert (found.changed, found.untold) == (5, 4)
    assert found.largest == (Change("headcount", "Antal anställda, Total, 2018", "20", "25"),)


def test_a_rewritten_name_is_no_change_and_a_lost_table_is_said(tmp_path: Path):
    then = staff(("1.1", "T", "current", 20.0, "ok"))
    renamed = replace(then, rows=tuple((row[0], "Nytt namn", *row[2:]) for row in then.rows))
    folder = publish(tmp_path / "17", then, ledger(("net", "outcome", 1.0)))

    found = since(folder, [renamed, staff(table_id="turnover_pct")])

    assert found is not None
    assert (found.compared, found.changed, found.redone) == (1, 0, 2)


def test_a_file_that_is_not_the_one_that_was_published_is_not_compared(tmp_path: Path):
    table = ledger(("net", "outcome", 1_000.0))
    folder = publish(tmp_path / "2018-03/17", table)
    file = folder / "tables/fr1_summary.csv"
    file.write_text(file.read_text().replace("1000", "9000"))

    found = since(folder, [table])

    assert found is not None
    assert (found.compared, found.redone) == (0, 1)
    earlier = changes.earlier_month(tmp_path / "2018-04/17", audience="public", table_ids=["fr1_summary"])
    assert earlier is not None
    assert earlier.tables == {}


def test_the_earlier_month_is_the_latest_before_this_one_of_the_same_audience(tmp_path: Path):
    for period, audience, kr in (
        ("2017-12", "public", 1.0),
        ("2018-01", "public", 2.0),
        ("2018-02", "internal", 3.0),
        ("2018-03", "public", 4.0),
        ("2018-04", "public", 5.0),
    ):
        table = ledger(("net", "outcome", kr))
        publish(tmp_path / period / "17", table, period=period, audience=audience)

    earlier = changes.earlier_month(tmp_path / "2018-03/17", audience="public", table_ids=["fr1_summary", "headcount"])

    assert earlier is not None
    assert earlier.period == "2018-01"
    assert [row["value"] for row in earlier.tables["fr1_summary"]] == [2.0]
    assert "headcount" not in earlier.tables
    assert changes.earlier_month(tmp_path / "2017-12/17", audience="public", table_ids=[]) is None


def test_a_table_with_a_new_column_is_said_to_be_redone_and_a_new_row_is_a_change(tmp_path: Path):
    then = ledger(("net", "outcome", 1_000.0))
    folder = publish(tmp_path / "17", then)

    column = since(folder, [ledger(("net", "outcome", 1_000.0), ("net", "budget", 2_000.0))])
    row = since(folder, [ledger(("net", "outcome", 1_000.0), ("staff", "outcome", 2_000.0))])

    assert column is not None
    assert (column.compared, column.redone) == (0, 1)
    assert row is not None
    assert (row.compared, row.changed, row.redone) == (2, 1, 0)
    assert [(change.before, change.after) for change in row.largest] == [("ingen uppgift", "2\u00a0tkr")]


def test_an_empty_text_is_no_change(tmp_path: Path):
    """The file of a blank cell says as little as the cell: a package made again of the same data has changed nothing."""
    rows = (
        ("2018-01", "Indikator", "outcome", "", None, "ok"),
        ("2018-01", "Indikator", "status", "på väg", None, "ok"),
    )
    table = replace(ledger(), keys=("indicator", "indicator_label", "column"), texts=True, rows=rows)
    published = publish(tmp_path / "2018-03/17", table)
    found = since(published, [table])
    assert found is not None
    assert (found.compared, found.changed) == (2, 0)


def test_a_status_in_words_is_told_and_words_around_numbers_are_not(tmp_path: Path):
    def plans(status: str, share: str) -> TableData:
        rows = (
            ("net", "Netto", 1, "", "plan", status, None, "ok"),
            ("net", "Netto", 1, "", "share", share, None, "ok"),
        )
        made = replace(
            ledger(), table_id="action_plan_required", texts=True, headings={"plan": "Plan", "share": "Andel"}
        )
        return replace(made, rows=rows)

    found = since(publish(tmp_path / "17", plans("saknas", "31 %")), [plans("finns", "29 %")])

    assert found is not None
    assert found.changed == 2
    assert found.largest == (Change("action_plan_required", "Ekonomisk uppföljning, Netto, Plan", "saknas", "finns"),)
