"""The plan's tables: arithmetic by hand, and every printed figure of the six published files."""

from __future__ import annotations

import csv
import dataclasses
import shutil
from fractions import Fraction
from pathlib import Path

import pytest
from measure_frames import cells, data, scope

from analytics import grid, sentences
from analytics.disclosure import protect
from analytics.measures import registry
from analytics.measures.catalogue import MeasureTable
from analytics.measures.scope import Scope
from analytics.periods import Period
from analytics.plan import PlanRegister
from analytics.reconciliation import plan_cells
from analytics.reference import Reference

PUBLISHED = Path(__file__).parents[3] / "data/raw/published"
FILES = (*plan_cells.BUDGETS, plan_cells.NEEDS, plan_cells.INDICES, plan_cells.SAVINGS)


def of(table_id: str, unit: str = "17") -> MeasureTable:
    return registry.compute(table_id, data(), scope(unit=unit))


def compared(folder: Path, unit: str = "17"):
    register = PlanRegister.read(scope().reference.folder)
    return plan_cells.compare(folder, register, lambda table_id: of(table_id, unit), unit=unit)


def test_every_printed_figure_and_blank_of_the_plans_is_reproduced() -> None:
    found = compared(PUBLISHED)
    rows = sum(len(list(csv.DictReader((PUBLISHED / name).read_text(encoding="utf-8").splitlines()))) for name in FILES)
    assert len(found) == rows == 132
    assert {cell.verdict for cell in found} == {"matched"}
    assert sum(cell.blank for cell in found) == 3


@pytest.mark.parametrize("name", FILES)
def test_a_changed_digit_or_blank_is_found(tmp_path: Path, name: str) -> None:
    with (PUBLISHED / name).open(encoding="utf-8") as stream:
        reader = csv.DictReader(stream)
        rows, columns = list(reader), list(reader.fieldnames or ())
    changed = next(number for number, row in enumerate(rows) if row["printed"])
    rows[changed]["printed"] = "" if name == plan_cells.NEEDS else "7,7"
    with (tmp_path / name).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns)
        writer.writeheader()
        writer.writerows(rows)
    wrong = [cell for cell in compared(tmp_path) if cell.verdict == "differs"]
    assert [cell.location.startswith(f"rad {changed + 2}:") for cell in wrong] == [True]


def test_a_unit_without_a_plan_has_no_rows_and_nothing_to_compare() -> None:
    for table_id in ("plan_budget", "plan_uprating", "plan_efficiency", "plan_needs", "plan_investments"):
        assert of(table_id, "10").frame.is_empty()
    assert compared(PUBLISHED, "10") == ()


def test_uprating_follows_the_index_in_the_frame_and_leaves_pay_to_the_centre() -> None:
    values = cells(of("plan_uprating"), "plan_part", "plan_line", "plan_year", "column")
    drift = ("Regionstaben", "operations", "2020")
    assert values[*drift, "before"] == 34_242_100.0
    assert values[*drift, "computed"] == pytest.approx(34_242_100 * 1.024)
    assert values[*drift, "difference"] == pytest.approx(35_063_900 - 34_242_100 * 1.024)
    assert values[*drift, "central"] is None
    pay = ("Regionstaben", "staff", "2020")
    assert values[*pay, "computed"] == 86_075_100.0
    assert values[*pay, "central"] == pytest.approx(86_075_100 * 0.032)
    # What is said of pay in the regional staff is not said of the other parts: their budget is uprated (001:1151-1152).
    common = ("LS Anslag", "staff", "2021")
    assert values[*common, "computed"] == pytest.approx(55_481_000 * 1.032)
    assert values[*common, "difference"] == pytest.approx(57_236_000 - 55_481_000 * 1.032)
    assert values[*common, "central"] is None


def test_every_printed_index_is_shown_also_of_a_year_without_a_budget_before_it() -> None:
    table = of("plan_uprating")
    texts = cells(table, "plan_part", "plan_line", "plan_year", "column", column="text")
    for line, shown in (("staff", ("2,2", "3,2", "3,2")), ("operations", ("2,2", "2,4", "2,4"))):
        for year, index in zip(("2019", "2020", "2021"), shown, strict=True):
            assert texts["Regionstaben", line, year, "index"] == f"{index}\u00a0%"
    values = cells(table, "plan_part", "plan_line", "plan_year", "column")
    assert values["Regionstaben", "operations", "2019", "decided"] == 34_242_100.0
    for column in ("before", "computed", "difference", "central"):
        assert values["Regionstaben", "operations", "2019", column] is None
    assert texts["Regionstaben", "operations", "2019", "follows"] is None
    assert "Budget för 2018 finns inte i planerna; därför visas 2019 utan jämförelse." in table.notes


def test_a_line_follows_its_index_if_the_rounding_of_both_amounts_allows_it() -> None:
    table = of("plan_uprating")
    texts = cells(table, "plan_part", "plan_line", "plan_year", "column", column="text")
    # 4 006 ± 0,5 uprated by 2,4 % is 4 101,6 to 4 102,7, and 4 103 is printed of 4 102,5 or more.
    assert texts["Förtroendemannaorganisation", "operations", "2020", "follows"] == "ja"
    assert texts["LS Anslag", "staff", "2021", "follows"] == "nej"
    yes = [key for key, text in texts.items() if text == "ja"]
    public = scope().settings.disclosure.public
    text = str(sentences.main_change(protect(table, public, "..")))
    assert text.startswith(f"{len(yes)} av 12 poster följer index inom avrundningen.")
    assert "LS Anslag, drift 2020: 2,9\u00a0mnkr mindre än uppräkningen" in text


def test_the_requirement_is_one_and_a_half_per_cent_of_the_declared_base() -> None:
    table = of("plan_efficiency")
    values = cells(table, "plan_item", "column")
    bases = {"1": 117_019_900, "2": 22_844_000, "3": 675_630_000, "4": 225_314_000}
    for item, base in bases.items():
        assert values[item, "base"] == base
        assert values[item, "computed"] == pytest.approx(float(Fraction(base) * 3 / 200))
    texts = cells(table, "plan_item", "column", column="text")
    assert {texts[item, "percent"] for item in bases} == {"1,5\u00a0%"}
    assert texts["5", "percent"] is None
    # Three are what the plan prints; the fourth is not within its rounding, and that is said.
    assert [note for note in table.notes if "Förtroendemannaorganisation" in note]
    assert values["5", "computed"] is None
    assert values["5", "printed"] == 2_000_000.0


def test_needs_have_an_own_total_that_adds_up() -> None:
    table = of("plan_needs")
    values = cells(table, "plan_item", "row_type", "column")
    for year in ("2019", "2020", "2021"):
        parts = [value or 0 for (_, kind, column), value in values.items() if (kind, column) == ("row", year)]
        assert values["", "total", year] == sum(parts)
        assert len(parts) == 16
    assert values["8", "row", "2020"] is None


def test_investments_print_shares_of_objects_and_say_that_they_are_made_up() -> None:
    table = of("plan_investments")
    rows = table.frame.filter(table.frame["plan_item"] == "property")
    texts = dict(rows.select("column", "text").rows())
    assert texts["started"] == "6 av 14 (43\u00a0%)"
    assert texts["finished"] == "2 av 14 (14\u00a0%)"
    assert any("Demonstration" in note for note in table.notes)
    assert table.period_label == "2018–2022"


def with_rows(folder: Path, name: str, *rows: str, head: str = "") -> Scope:
    """The repository's reference files with rows added to one of them, or with its rows replaced."""
    shutil.copytree(scope().reference.folder, folder, dirs_exist_ok=True)
    kept = head or (folder / name).read_text(encoding="utf-8").rstrip("\n")
    (folder / name).write_text("\n".join((kept, *rows)) + "\n", encoding="utf-8")
    return dataclasses.replace(scope(), reference=Reference(folder))


def test_the_plan_stands_before_its_first_follow_up_but_no_shares() -> None:
    table = registry.compute("plan_investments", data(), scope("2018-02"))
    texts = cells(table, "plan_item", "row_type", "column", column="text")
    values = cells(table, "plan_item", "row_type", "column")
    assert values["it", "row", "2018"] == 12_000_000.0
    assert values["", "total", "2018"] == 88_000_000.0
    assert {texts[item, "row", column] for item in ("it", "property") for column in ("started", "finished")} == {None}
    assert texts["", "total", "started"] is None
    assert any("först från och med mars 2018" in note for note in table.notes)
    text = str(sentences.main_change(protect(table, scope().settings.disclosure.public, "..")))
    assert "inte uppföljt ännu" in text


def test_a_later_follow_up_does_not_change_the_report_of_an_earlier_month(tmp_path: Path) -> None:
    later = "it;17;IT;12000;15000;14000;9000;9000;21;11;5;2018-08;demonstration"
    changed = with_rows(tmp_path / "ref", "plan_investments.csv", later)
    march = registry.compute("plan_investments", data(), changed)
    assert march.frame.equals(of("plan_investments").frame)
    august = registry.compute("plan_investments", data(), dataclasses.replace(changed, period=Period(2018, 8)))
    texts = cells(august, "plan_item", "row_type", "column", column="text")
    assert texts["it", "row", "started"] == "11 av 21 (52\u00a0%)"
    # The other areas stand as they were followed up last.
    assert texts["property", "row", "started"] == "6 av 14 (43\u00a0%)"
    assert any("till och med augusti 2018" in note for note in august.notes)


def test_a_new_year_of_a_plan_is_a_column_without_code(tmp_path: Path) -> None:
    more = with_rows(tmp_path / "a", "plan_budgets.csv", "2022;17;Regionstaben;total;2022;120000.5;001:1")
    table = registry.compute("plan_budget", data(), more)
    assert list(table.headings) == ["2014", "2015", "2016", "2017", "2019", "2020", "2021", "2022"]
    layout = grid.build(protect(table, more.settings.disclosure.public, ".."))
    assert layout.columns[-1] == "2022"
    assert "120\u00a0000,5" in {row.cells[-1].text for row in layout.rows}
    head = "number;administration;item;tkr_2022;tkr_2023;description;source"
    needs = with_rows(tmp_path / "b", "plan_needs.csv", "1;17;Ny mottagning;500;;Behövs.;001:1", head=head)
    table = registry.compute("plan_needs", data(), needs)
    assert list(table.headings) == ["2022", "2023", "why"]
    assert table.period_label == "2022–2023"


def test_a_unit_may_have_an_area_that_another_unit_has(tmp_path: Path) -> None:
    own = "it;10;IT;100;0;0;0;0;4;1;0;2018-03;demonstration"
    changed = with_rows(tmp_path / "ref", "plan_investments.csv", own)
    of_other = registry.compute("plan_investments", data(), dataclasses.replace(changed, unit="10"))
    assert cells(of_other, "plan_item", "row_type", "column")["", "total", "2018"] == 100_000.0
    assert registry.compute("plan_investments", data(), changed).frame.equals(of("plan_investments").frame)
