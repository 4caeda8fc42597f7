"""Every figure that changed is listed, except where the change could be one person's."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from made_table_data import PUBLIC, ledger, publish, staff

from analytics.companions import Said
from analytics.exports.table_data import TableData
from analytics.reports import changes, differences, manifest, texts
from analytics.reports.differences import Differences, TableDifference
from analytics.reports.inputs import Delivery
from analytics.reports.texts import TextChange


def compared(tmp_path: Path, then: list[TableData], now: list[TableData]) -> dict[str, TableDifference]:
    folder = publish(tmp_path / "17", *then)
    record = manifest.read(folder)
    assert record is not None
    found = differences.of_tables(changes.stored(folder, record), now, limits=PUBLIC)
    return {each.table_id: each for each in found}


def told(found: TableDifference) -> list[tuple[str, str, str, str]]:
    return [
        (each.row, each.column, each.before.replace("\u00a0", " "), each.after.replace("\u00a0", " "))
        for each in found.figures
    ]


def test_every_figure_of_a_table_about_no_persons_is_listed(tmp_path: Path):
    lines = [(f"line{number}", column) for number in range(40) for column in ("outcome", "outcome_vs_budget")]
    then = ledger(*((line, column, 1_000.0) for line, column in lines))
    now = ledger(*((line, column, 1_000.0 * place) for place, (line, column) in enumerate(lines)))

    found = compared(tmp_path, [then], [now])["fr1_summary"]

    assert (found.compared, found.changed, found.untold, len(found.figures)) == (80, 79, 0, 79)
    assert told(found)[0] == ("Line0", "Utfall hittills", "1 tkr", "0 tkr")
    assert told(found)[-1] == ("Line39", "Avvikelse mot budget hittills", "1 tkr", "79 tkr")
    assert (found.figures[0].before_value, found.figures[0].after_value) == (1_000.0, 0.0)


def test_a_change_below_the_last_printed_decimal_is_none(tmp_path: Path):
    found = compared(tmp_path, [ledger(("net", "outcome", 1_499.0))], [ledger(("net", "outcome", 501.0))])[
        "fr1_summary"
    ]

    assert (found.changed, found.figures) == (0, ())


def test_rows_that_came_and_went_are_listed_by_their_names(tmp_path: Path):
    then = ledger(("net", "outcome", 1_000.0), ("gone", "outcome", 2_000.0))
    now = ledger(("net", "outcome", 1_000.0), ("new", "outcome", 3_000.0))

    found = compared(tmp_path, [then], [now])["fr1_summary"]

    assert told(found) == [
        ("New", "Utfall hittills", "ingen uppgift", "3 tkr"),
        ("Gone", "Utfall hittills", "2 tkr", "ingen uppgift"),
    ]


@pytest.mark.parametrize(("after", "shown"), [(21.0, False), (24.0, False), (25.0, True), (15.0, True), (16.0, False)])
def test_a_step_that_fewer_than_five_persons_can_make_is_never_shown(tmp_path: Path, after: float, shown: bool):  # noqa: FBT001
    then, now = staff(("", "T", "current", 20.0, "ok")), staff(("", "T", "current", after, "ok"))

    found = compared(tmp_path, [then], [now])["headcount"]

    assert (found.changed, bool(found.figures), found.untold) == (1, shown, 0 if shown else 1)


@pytest.mark.parametrize(("unit", "step", "shown"), [("årsarbetare", 4.9, False), ("årsarbetare", 5.0, True)])
def test_full_time_equivalents_count_as_persons(tmp_path: Path, unit: str, step: float, shown: bool):  # noqa: FBT001
    tables = [
        replace(staff(("", "T", "current", value, "ok"), table_id="worked_fte"), unit=unit, decimals=1)
        for value in (200.0, 200.0 + step)
    ]

    found = compared(tmp_path, tables[:1], tables[1:])["worked_fte"]

    assert bool(found.figures) == shown


def rates(value: float, protection: str) -> TableData:
    made = staff(("", "T", "current", value, "ok"), table_id="sick_leave_pct")
    return replace(made, unit="%", decimals=1, protection=protection)


@pytest.mark.parametrize(
    ("headcount", "step", "protection", "shown"),
    [
        # Of 200 employees five are 2,5 per cent, eleven 5,5.
        (200.0, 2.4, "staff", False),
        (200.0, 2.5, "staff", True),
        (200.0, 5.4, "sick_leave", False),
        (200.0, 5.5, "sick_leave", True),
        # Nobody knows how many there are, or what the share is of.
        (None, 50.0, "staff", False),
        (200.0, 50.0, "patients", False),
    ],
)
def test_a_share_is_as_many_persons_as_it_can_be(
    tmp_path: Path, headcount: float | None, step: float, protection: str, *, shown: bool
):
    staffed = [] if headcount is None else [staff(("", "T", "current", headcount, "ok"))]
    then, now = [*staffed, rates(5.0, protection)], [*staffed, rates(5.0 + step, protection)]

    found = compared(tmp_path, then, now)["sick_leave_pct"]

    assert bool(found.figures) == shown
    assert found.changed == 1


def test_groups_sexes_and_changes_of_persons_are_never_shown(tmp_path: Path):
    rows = (("1.1", "T", "current"), ("", "K", "current"), ("", "T", "change"))
    then = staff(*((group, sex, column, 100.0, "ok") for group, sex, column in rows))
    now = staff(*((group, sex, column, 900.0, "ok") for group, sex, column in rows))

    found = compared(tmp_path, [then], [now])["headcount"]

    assert (found.changed, found.untold, found.figures) == (3, 3, ())


def test_words_about_persons_are_never_shown_and_a_blank_is_no_change(tmp_path: Path):
    def told_in_words(*texts_: str) -> TableData:
        made = replace(staff(), table_id="variance_parts", texts=True)
        rows = tuple(
            ("", "Total", "total", "T", f"column{place}", text, None, "ok") for place, text in enumerate(texts_)
        )
        return replace(made, rows=rows)

    found = compared(tmp_path, [told_in_words("i år 21", "")], [told_in_words("i år 22", "")])["variance_parts"]

    assert (found.compared, found.changed, found.untold) == (2, 1, 1)


def test_a_total_that_was_missing_is_shown(tmp_path: Path):
    then, now = staff(("", "T", "current", None, "missing")), staff(("", "T", "current", 21.0, "ok"))

    assert told(compared(tmp_path, [then], [now])["headcount"]) == [("Total", "2018", "ingen uppgift", "21")]


def test_a_suppressed_figure_is_nowhere_in_the_record(tmp_path: Path):
    then = staff(("1.1", "T", "current", 987.0, "ok"), ("", "T", "current", 2000.0, "ok"))
    now = staff(("1.1", "T", "current", None, "suppressed"), ("", "T", "current", 3000.0, "ok"))

    found = compared(tmp_path, [then], [now])["headcount"]
    differences.write(tmp_path, Differences(2, 1, "", ("data",), (found,)))

    assert found.state == "apart"
    assert "987" not in (tmp_path / "changes.json").read_text()
    assert "3000" not in (tmp_path / "changes.json").read_text()


def test_tables_that_came_went_or_were_redone_are_said(tmp_path: Path):
    then = [ledger(("net", "outcome", 1.0)), ledger(("net", "outcome", 1.0), table_id="net_monthly")]
    now = [ledger(("net", "budget", 1.0)), staff(table_id="turnover_pct")]

    found = compared(tmp_path, then, now)

    assert {name: each.state for name, each in found.items()} == {
        "fr1_summary": "redone",
        "turnover_pct": "new",
        "net_monthly": "removed",
    }


def test_texts_are_laid_side_by_side_where_their_tables_allow_it(tmp_path: Path):
    then = {
        "ekonomi": [
            Said("key_figure", "fr1_summary", "Netto", "30 mnkr"),
            Said("sentence", "fr1_summary", "", "Nettot ökade."),
            Said("comment", "fr1_summary", "Netto, Utfall", "Hyran."),
        ],
        "personal": [
            Said("key_figure", "headcount", "Anställda", "20"),
            Said("sentence", "headcount", "", "Antalet i grupp 1.1 är 7."),
        ],
    }
    now = {
        "sammanfattning": [Said("sentence", "fr1_summary", "", "Nettot minskade.")],
        "ekonomi": [
            Said("key_figure", "fr1_summary", "Netto", "28 mnkr"),
            Said("sentence", "fr1_summary", "", "Nettot minskade."),
        ],
        "personal": [
            Said("key_figure", "headcount", "Anställda", "21"),
            Said("sentence", "headcount", "", "Antalet i grupp 1.1 är 8."),
        ],
    }
    tables = [ledger(("net", "outcome", 1.0)), staff(("", "T", "current", 21.0, "ok"))]
    found = compared(tmp_path, [tables[0], staff(("", "T", "current", 20.0, "ok"))], tables)

    shown, untold = texts.compare(then, now, tellable=differences.tellable(list(found.values()), tables))

    assert shown == (
        TextChange("sammanfattning", "sentence", "fr1_summary", "", "", "Nettot minskade."),
        TextChange("ekonomi", "key_figure", "fr1_summary", "Netto", "30 mnkr", "28 mnkr"),
        TextChange("ekonomi", "sentence", "fr1_summary", "", "Nettot ökade.", "Nettot minskade."),
        TextChange("ekonomi", "comment", "fr1_summary", "Netto, Utfall", "Hyran.", ""),
    )
    assert untold == 2


def test_a_key_figure_about_persons_is_told_where_its_total_is(tmp_path: Path):
    then, now = ([staff(("", "T", "current", value, "ok"))] for value in (20.0, 30.0))
    found = compared(tmp_path, then, now)

    assert differences.tellable(list(found.values()), now) == {("key_figure", "headcount")}


def test_of_several_comments_about_the_same_each_has_its_place():
    then = {"ekonomi": [Said("comment", "fr1_summary", "Netto", text) for text in ("ett", "två", "tre")]}
    now = {"ekonomi": [Said("comment", "fr1_summary", "Netto", text) for text in ("ett", "ändrat", "tre")]}

    shown, _ = texts.compare(then, now, tellable={("comment", "fr1_summary")})

    assert [(each.before, each.after) for each in shown] == [("två", "ändrat")]


def test_texts_are_read_back_only_as_they_were_published(tmp_path: Path):
    said = {"ekonomi": (Said("sentence", "fr1_summary", "", "Nettot ökade."),)}
    (tmp_path / "17").mkdir()
    texts.write(tmp_path / "17", said)
    folder = publish(tmp_path / "17", ledger(("net", "outcome", 1.0)))
    record = manifest.read(folder)
    assert record is not None

    assert texts.read(folder, record) == {"ekonomi": list(said["ekonomi"])}
    (folder / "texts.json").write_text("{}")
    assert texts.read(folder, record) is None


def test_deliveries_that_came_were_corrected_or_went_are_named():
    def delivery(layout: str, digest: str) -> Delivery:
        return Delivery(layout, "time", "heroma", "2018-02", 1, f"{layout}_201802.csv", digest, "2018-04-01", 10)

    before = [
        {"layout": name, "period": "2018-02", "file": f"{name}.csv", "sha256": "a"} for name in ("P1", "P2", "P3")
    ]

    found = differences.of_deliveries(before, [delivery("P1", "a"), delivery("P2", "b"), delivery("P4", "c")])

    assert [(each.layout, each.what) for each in found] == [("P2", "corrected"), ("P4", "new"), ("P3", "gone")]


def test_the_record_of_the_first_version_is_null(tmp_path: Path):
    differences.write(tmp_path, None)

    assert json.loads((tmp_path / "changes.json").read_text()) is None
