"""Published cells against measures made for the purpose: agreement, difference, proof and protection."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import polars as pl
import pytest

from analytics.errors import ReconciliationError
from analytics.measures.catalogue import TABLES, MeasureTable
from analytics.periods import Period
from analytics.reconciliation import mapping, proofs
from analytics.reconciliation.auditor import printed_identities
from analytics.reconciliation.comparison import PROTECTED, Compared, ReconcileReport, compare
from analytics.reconciliation.published import Cell, Row, Table, read_folder
from analytics.reconciliation.systems import variable
from analytics.reconciliation.vocabulary import FR1_KINDS, PIVOT_KINDS, RATE_KINDS, STAFF_KINDS
from analytics.settings import Audience

PUBLISHED = Path(__file__).parents[3] / "data" / "raw" / "published"
AUDIENCE = Audience(
    "Offentlig", "", sick_leave_at_most=10, staff_fewer_than=5, patients_fewer_than=5, largest_patient_pct=50
)
MARCH = Period(2018, 3)
SICK, CLASSES, OPERATIONS = (
    "hr_sjukfranvaro_procent_2018_02.csv", "kvartal_2018_03_ipdk.csv", "kvartal_2018_03_drift_konto.csv",
)  # fmt: skip
Overrides = Mapping[tuple[str, int], float]

# The sexes of the sick-leave rates exchanged, and last year's operations as FR1 has them (7 593 with class 9).
FUNDAMENTAL: Overrides = {
    (SICK, 2): 7.1, (SICK, 3): 0.6, (SICK, 5): 6.6, (SICK, 6): 1.2, (SICK, 8): -0.5, (SICK, 9): 0.6,
    (CLASSES, 15): 7_591_000, (CLASSES, 16): 76_000, (CLASSES, 30): 25_737_000, (CLASSES, 31): -4_396_000,
    (OPERATIONS, 5): 7_591_000, (OPERATIONS, 6): 76_000, (OPERATIONS, 20): 2_858_000, (OPERATIONS, 21): 55_000,
    (OPERATIONS, 25): 7_591_000, (OPERATIONS, 26): 76_000,
}  # fmt: skip


@pytest.fixture(scope="module")
def tables() -> list[Table]:
    return [table for table in read_folder(PUBLISHED)[0] if mapping.belongs(table, period=MARCH, lag_months=1)]


def made(tables: list[Table], overrides: Overrides, persons: int = 50) -> Callable[[str], MeasureTable]:
    """Measures that hold exactly what is published, but for the overrides (in kr, årsarbetare or per cent)."""
    by_kind = {table.kind: table for table in tables}

    def measure(table_id: str) -> MeasureTable:
        table = by_kind[table_id]
        records = []
        for cell in table.cells:
            row = next(each for each in table.rows if each.key == cell.row)
            value = None if cell.figure is None else float(cell.value * cell.scale)
            record = keys(table, row, cell) | {"value": overrides.get((cell.file, cell.line), value)}
            records.append(record | ({"n": persons} if table.kind in (*STAFF_KINDS, *RATE_KINDS) else {}))
        return MeasureTable(TABLES[table_id], pl.DataFrame(records, infer_schema_length=None), {}, "")

    return measure


def keys(table: Table, row: Row, cell: Cell) -> dict[str, object]:
    column = mapping.published_key(table, cell)[-1]
    if table.kind in STAFF_KINDS:
        name = "absence_group" if table.kind == "absence_fte" else "personnel_group"
        code = "" if row.is_total else row.code
        return {name: code, f"{name}_label": row.label, "row_type": "total" if row.is_total else "row",
                "sex": cell.part, "column": column}  # fmt: skip
    if table.kind in RATE_KINDS:
        return {"measure": "rate", "measure_label": row.label, "row_type": "row", "sex": cell.part, "column": column}
    if table.kind in FR1_KINDS:
        origin = {} if table.kind == "fr1_summary" else {"origin": cell.part}
        return {"report_line": row.key, "report_line_label": row.label.capitalize(), "level": 2 if row.parent else 1,
                "parent": row.parent.casefold(), **origin, "column": column}  # fmt: skip
    if table.kind in PIVOT_KINDS:
        level = 1 if row.label == "Kostnader" else 2
        return {"code": "" if row.is_total else row.code, "label": row.label, "level": level,
                "row_type": "total" if row.is_total else "row", "column": column}  # fmt: skip
    centre = "" if row.parent == "Total" else row.parent
    return {"cost_centre": centre, "cost_centre_label": row.parent, "account_class": row.code,
            "account_class_label": row.label, "row_type": "total" if row.is_total else "row", "column": column}  # fmt: skip


def report(cells: tuple[Compared, ...]) -> ReconcileReport:
    return ReconcileReport("2018-03", "17", "Offentlig", cells)


def test_every_figure_of_the_report_has_its_measure(tables: list[Table]) -> None:
    result = report(compare(tables, made(tables, {}), audience=AUDIENCE, mark=".."))
    assert result.figures == 1188
    assert result.count("matched") == 1188
    assert result.count("matched", blank=True) == len(result.cells) - 1188
    result.raise_if_unexplained()


def test_a_contradiction_in_the_report_is_proved(tables: list[Table]) -> None:
    result = report(compare(tables, made(tables, FUNDAMENTAL), audience=AUDIENCE, mark=".."))
    exceptions = {
        (cell.file, int(cell.location.split(":")[0].removeprefix("rad "))): cell for cell in result.exceptions
    }
    assert exceptions.keys() == FUNDAMENTAL.keys()
    assert {cell.verdict for cell in exceptions.values()} == {"cannot both be true"}
    assert "fr1_utfall.csv" in exceptions[CLASSES, 15].proof
    assert "7 593" in exceptions[CLASSES, 15].proof
    assert "7 619" in exceptions[CLASSES, 15].proof
    assert all("look swapped" in exceptions[SICK, line].proof for line in (2, 3, 5, 6))
    result.raise_if_unexplained()


def test_a_difference_without_contradiction_is_unexplained(tables: list[Table]) -> None:
    budget = [table for table in tables if table.kind == "fr1_outcome"]
    other = {(cell.file, cell.line): float(cell.value * cell.scale) + 9_000 for cell in budget[0].cells}
    result = report(compare(budget, made(budget, other), audience=AUDIENCE, mark=".."))
    assert result.count("differs") == 240
    with pytest.raises(ReconciliationError, match="240 published cells"):
        result.raise_if_unexplained()


def test_rounding_is_half_away_from_zero_at_the_printed_decimals(tables: list[Table]) -> None:
    travel = [table for table in tables if table.kind == "focus_travel"]
    near = {(cell.file, cell.line): float(cell.value) + 0.49 for cell in travel[0].cells if cell.value > 0}
    assert report(compare(travel, made(travel, near), audience=AUDIENCE, mark="..")).count("differs") == 0
    far = {(cell.file, cell.line): float(cell.value) + 0.5 for cell in travel[0].cells if cell.value > 0}
    assert report(compare(travel, made(travel, far), audience=AUDIENCE, mark="..")).count("matched") < len(far)


def test_a_protected_value_is_compared_but_not_shown(tables: list[Table]) -> None:
    heads = [table for table in tables if table.kind == "headcount"]
    cell = next(each for each in heads[0].cells if each.value == 5)
    measure = made(heads, {(cell.file, cell.line): 4321.0}, persons=3)
    result = report(compare(heads, measure, audience=AUDIENCE, mark=".."))
    assert all(each.protected for each in result.cells)
    assert [each.package for each in result.exceptions] == [PROTECTED]
    assert "4321" not in str(result) + str(result.as_record())


def test_a_proof_does_not_tell_what_the_package_holds_in_protected_cells(tables: list[Table]) -> None:
    ledger = [table for table in tables if table.kind in (*FR1_KINDS, *PIVOT_KINDS)]
    cells = {(cell.file, cell.line): cell for table in ledger for cell in table.cells}
    reproduced = [cell for key, cell in cells.items() if key not in FUNDAMENTAL and cell.figure]
    wrong, identities = cells[OPERATIONS, 5], printed_identities(ledger)
    open_proof = proofs.prove(wrong, reproduced, identities)
    closed = proofs.prove(wrong, reproduced, identities, protected={variable(cell) for cell in cells.values()})
    assert f"{wrong.location} = {wrong.shown}" in closed
    assert open_proof.count(" = ") == closed.count(" = ") > 1
    assert closed.count(f"= {PROTECTED}") == closed.count(" = ") - 1


def test_a_protected_rate_is_contradicted_without_its_recomputed_value(tables: list[Table]) -> None:
    result = compare_all(tables, made(tables, FUNDAMENTAL, persons=3))
    rates = [each for each in result if each.file == SICK]
    assert {each.package for each in rates} == {PROTECTED}
    assert {each.verdict for each in rates} == {"cannot both be true"}
    assert all(
        "recomputed" not in each.proof and "give " not in each.proof.replace("give another", "") for each in rates
    )


def compare_all(tables: list[Table], measure: Callable[[str], MeasureTable]) -> list[Compared]:
    return list(report(compare(tables, measure, audience=AUDIENCE, mark="..")).exceptions)


def test_a_blank_cell_is_no_posting(tables: list[Table]) -> None:
    consultants = [table for table in tables if table.kind == "focus_consultants"]
    blank = next(each for each in consultants[0].cells if each.figure is None and each.column == "budget")
    measure = made(consultants, {(blank.file, blank.line): 4000.0})
    result = report(compare(consultants, measure, audience=AUDIENCE, mark=".."))
    assert [(each.blank, each.printed, each.package) for each in result.exceptions] == [
        (True, "no posting", "4\u00a0000")
    ]


def test_a_group_that_the_package_does_not_list_is_zero(tables: list[Table]) -> None:
    overtime = [table for table in tables if table.kind == "overtime_fte"]
    whole = made(overtime, {})

    def without_nurses(table_id: str) -> MeasureTable:
        table = whole(table_id)
        frame = table.frame.filter(pl.col("personnel_group") != "2.4")
        return MeasureTable(table.spec, frame, {}, "")

    result = report(compare(overtime, without_nurses, audience=AUDIENCE, mark=".."))
    assert result.count("matched") == 27


@pytest.mark.parametrize(
    ("file", "period", "lag", "expected"),
    [
        ("kvartal_2018_03_ipdk.csv", Period(2018, 3), 1, True),
        ("hr_fte_2018_02.csv", Period(2018, 3), 1, True),
        ("hr_fte_2018_02.csv", Period(2018, 2), 1, False),
        ("hr_fte_2018_02.csv", Period(2018, 2), 0, True),
        ("kvartal_2018_03_ipdk.csv", Period(2018, 6), 1, False),
        ("budget_2014_2017_ldstab.csv", Period(2018, 3), 1, False),
    ],
)
def test_which_report_a_file_belongs_to(file: str, period: Period, lag: int, *, expected: bool) -> None:
    table = next(each for each in read_folder(PUBLISHED)[0] if each.file == file)
    assert mapping.belongs(table, period=period, lag_months=lag) is expected


def test_a_folder_with_a_few_cells_is_compared_on_those(tables: list[Table], tmp_path: Path) -> None:
    lines = (PUBLISHED / CLASSES).read_text(encoding="utf-8").splitlines()
    (tmp_path / CLASSES).write_text("\n".join(lines[:6]) + "\n", encoding="utf-8")
    few = list(read_folder(tmp_path)[0])
    assert report(compare(few, made(tables, {}), audience=AUDIENCE, mark="..")).count("matched") == 5
