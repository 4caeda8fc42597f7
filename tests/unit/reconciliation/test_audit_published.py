"""The audit on the published tables of March 2018, and on the same tables with one figure changed."""

from __future__ import annotations

import csv
import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from analytics.reconciliation import AuditReport, Finding, audit
from analytics.reconciliation.published import read_folder

PUBLISHED = Path(__file__).parents[3] / "data" / "raw" / "published"
QUARTERLY = ("hr_", "kvartal_", "projekt_")
EVERY = 53
"""Every so many figures of the folder is changed in the mutation test."""


@pytest.fixture(scope="module")
def report() -> AuditReport:
    return audit(PUBLISHED)


@pytest.fixture(scope="module")
def known(report: AuditReport) -> set[tuple[str, str, str]]:
    return {signature(finding) for finding in report.findings if finding.verdict != "rounding"}


def signature(finding: Finding) -> tuple[str, str, str]:
    return finding.file, finding.location.split(":")[0], finding.check


def found(report: AuditReport, file: str, line: int, check: str) -> Finding:
    return next(each for each in report.findings if signature(each) == (file, f"rad {line}", check))


@pytest.mark.parametrize(
    ("file", "line", "check", "verdict"),
    [
        ("hr_sjukfranvaro_procent_2018_02.csv", 4, "weighted mean", "contradiction"),
        ("hr_sjukfranvaro_procent_2018_02.csv", 7, "weighted mean", "contradiction"),
        ("hr_sjukfranvaro_procent_2018_02.csv", 2, "sick hours and sick rate", "contradiction"),
        ("hr_sjukfranvaro_procent_2018_02.csv", 9, "sick hours and sick rate", "contradiction"),
        ("kvartal_2018_03_fr1_utfall.csv", 85, "table against table", "contradiction"),
        ("kvartal_2018_03_fr1_utfall.csv", 235, "table against table", "contradiction"),
        ("kvartal_2018_03_fr1_prognos.csv", 138, "forecast and outcome", "implausible"),
        ("text_numbers.csv", 36, "text against tables", "contradiction"),
        ("text_numbers.csv", 6, "text against tables", "implausible"),
        ("text_numbers.csv", 35, "text against tables", "rounding"),
        ("hr_fte_2018_02.csv", 47, "hours and heads", "implausible"),
        ("budget_2014_2017_ldstab.csv", 3, "sign", "implausible"),
        ("budget_2014_2017_ldstab.csv", 19, "sum", "rounding"),
        ("kvartal_2018_03_fokus_resor.csv", 4, "difference", "rounding"),
    ],
)
def test_a_defect_of_the_published_report_is_found(
    report: AuditReport, file: str, line: int, check: str, verdict: str
) -> None:
    assert found(report, file, line, check).verdict == verdict


def test_the_swap_of_the_sexes_is_computed(report: AuditReport) -> None:
    finding = found(report, "hr_sjukfranvaro_procent_2018_02.csv", 4, "weighted mean")
    assert "look swapped" in finding.why
    assert "23–26 %" in finding.why


def test_internal_operations_in_the_text_are_compared_with_the_deviation(report: AuditReport) -> None:
    finding = found(report, "text_numbers.csv", 36, "text against tables")
    assert (finding.printed, finding.recomputed) == ("-15", "-43")


def test_the_headcount_and_turnover_tables_hold(report: AuditReport) -> None:
    files = {finding.file for finding in report.findings if finding.verdict == "contradiction"}
    assert not files & {"hr_anstallda_2018_02.csv", "hr_externa_avgangar_procent_2018_02.csv"}


def test_what_no_table_answers_is_counted_and_not_passed(report: AuditReport) -> None:
    assert any("inhyrd personal jan-feb 2017" in text for text in report.not_checkable)
    statements = len((PUBLISHED / "text_numbers.csv").read_text(encoding="utf-8").splitlines()) - 1
    assert len(report.not_checkable) + report.made["text against tables"] == statements


def test_the_record_has_the_agreed_keys(report: AuditReport) -> None:
    record = report.as_record()
    findings = record["findings"]
    assert isinstance(findings, list)
    keys = {"file", "location", "check", "printed", "recomputed", "verdict", "why"}
    assert all(set(finding) == keys for finding in findings)
    assert str(report).startswith("Audit of")


def numeric_cells() -> list[tuple[str, int]]:
    tables, _ = read_folder(PUBLISHED)
    cells = [
        (cell.file, cell.line)
        for table in tables
        if table.file.startswith((*QUARTERLY, "budget_"))
        for cell in table.cells
        if cell.figure is not None
    ]
    return cells[::EVERY]


@pytest.mark.parametrize(("file", "line"), numeric_cells())
def test_a_changed_figure_is_found(file: str, line: int, known: set[tuple[str, str, str]], tmp_path: Path) -> None:
    folder = copied(tmp_path)
    change(folder / file, line)
    new = [
        finding
        for finding in audit(folder).findings
        if finding.verdict != "rounding" and signature(finding) not in known
    ]
    assert any(file in (finding.file + finding.why + finding.location) for finding in new)


def copied(tmp_path: Path) -> Path:
    folder = tmp_path / "published"
    shutil.copytree(PUBLISHED, folder)
    return folder


def change(file: Path, line: int) -> None:
    """Raise one figure, as printed and as value, by 30 % and at least ten units of its last digit."""
    rows = list(csv.reader(file.read_text(encoding="utf-8").splitlines()))
    header, row = rows[0], rows[line - 1]
    value = next(
        index for index, name in enumerate(header) if name.startswith(("value", "fte", "headcount", "percent"))
    )
    printed = header.index("printed")
    text = row[printed].rstrip("%").replace(" ", "").replace(",", ".")
    unit = Decimal(1).scaleb(-len(text.partition(".")[2]))
    changed = Decimal(text) + max(10 * unit, (abs(Decimal(text)) * Decimal("0.3")).quantize(unit))
    row[value] = str(changed)
    row[printed] = str(changed).replace(".", ",") + ("%" if row[printed].endswith("%") else "")
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)


@pytest.mark.parametrize(
    ("file", "line", "value"),
    [
        ("kvartal_2018_03_fr1_utfall.csv", 17, "22742"),
        ("hr_franvaro_fte_2018_02.csv", 21, "1.00"),
        ("kvartal_2018_03_fokus_resor.csv", 12, "90434"),
    ],
)
def test_the_changed_figure_itself_is_pointed_at(file: str, line: int, value: str, tmp_path: Path) -> None:
    folder = copied(tmp_path)
    change(folder / file, line)
    finding = found(audit(folder), file, line, "single source")
    assert abs(Decimal(finding.recomputed) - Decimal(value)) <= 2


def test_another_period_is_audited_by_the_same_rules(known: set[tuple[str, str, str]], tmp_path: Path) -> None:
    folder = copied(tmp_path)
    for file in sorted(folder.glob("*2018_0*")):
        moved = file.with_name(file.name.replace("2018_03", "2019_03").replace("2018_02", "2019_02"))
        text = file.read_text(encoding="utf-8")
        if file.name.startswith("hr_"):
            text = text.replace(",2018,", ",2019,").replace(",2017,", ",2018,")
        moved.write_text(text.replace("prognos_2018", "prognos_2019").replace("2018_03", "2019_03"), encoding="utf-8")
        file.unlink()
    moved_findings = {signature(each) for each in audit(folder).findings if each.verdict != "rounding"}
    expected = {
        (file.replace("2018_03", "2019_03").replace("2018_02", "2019_02"), place, check) for file, place, check in known
    }
    assert moved_findings == expected


def test_a_value_that_is_not_what_is_printed_is_found(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    file = folder / "behov_2019_2021.csv"
    file.write_text(file.read_text(encoding="utf-8").replace(",2019,300,300,", ",2019,301,300,"), encoding="utf-8")
    finding = found(audit(folder), file.name, 5, "printed text and value")
    assert (finding.printed, finding.recomputed) == ("300", "301")


def test_blank_is_not_zero(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    file = folder / "kvartal_2018_03_ipdk.csv"
    text = file.read_text(encoding="utf-8").replace("9,Finansen,row,budget_ack,,,", "9,Finansen,row,budget_ack,0,,")
    file.write_text(text, encoding="utf-8")
    assert found(audit(folder), file.name, 23, "printed text and value").verdict == "contradiction"


def test_a_row_given_twice_and_a_row_left_out_are_found(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    file = folder / "projekt_2018_03.csv"
    lines = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join([*lines[:3], *lines[4:], lines[1]]) + "\n", encoding="utf-8")
    checks = {finding.check for finding in audit(folder).findings if finding.file == file.name}
    assert {"duplicates", "missing cells"} <= checks


def test_a_focus_area_larger_than_its_account_group_is_found(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    file = folder / "kvartal_2018_03_fokus_konsulter.csv"
    text = file.read_text(encoding="utf-8")
    for printed in ("57 000", "100 591", "54 383", "211 974"):
        text = text.replace(f"{printed.replace(' ', '')},{printed},", f"{printed.replace(' ', '')}00,{printed} 00,")
    file.write_text(text, encoding="utf-8")
    assert "part of account group" in {finding.check for finding in audit(folder).findings if finding.file == file.name}


def test_columns_of_another_period_are_found(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    (folder / "hr_fte_2018_02.csv").rename(folder / "hr_fte_2019_02.csv")
    finding = found(audit(folder), "hr_fte_2019_02.csv", 5, "period of the columns")
    assert (finding.printed, finding.recomputed) == ("2018", "2019")


def test_last_year_is_compared_with_its_own_report(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    name = "kvartal_2018_03_fokus_resor.csv"
    text = (folder / name).read_text(encoding="utf-8")
    (folder / name.replace("2018", "2019")).write_text(text, encoding="utf-8")
    finding = found(audit(folder), name.replace("2018", "2019"), 5, "last year's own report")
    assert (finding.printed, finding.recomputed, finding.verdict) == ("476 253", "310 828", "implausible")


def test_a_file_no_rule_knows_is_reported(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    (folder / "okand_tabell.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    assert audit(folder).not_audited == ("okand_tabell.csv",)
