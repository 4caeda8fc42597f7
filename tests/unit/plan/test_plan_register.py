"""The reviewed files of the plan are read strictly: every kind of bad row is told with file, line and column."""

from __future__ import annotations

import shutil
from fractions import Fraction
from pathlib import Path

import pytest

from analytics.errors import SettingsError
from analytics.plan import PlanRegister

REFERENCE = Path(__file__).parents[3] / "data/raw/reference"


@pytest.fixture
def folder(tmp_path):
    for file in REFERENCE.glob("plan_*.csv"):
        shutil.copy(file, tmp_path)
    return tmp_path


def change(folder, name, old, new):
    file = folder / name
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_amounts_are_exact_and_a_blank_is_not_zero(folder):
    register = PlanRegister.read(folder)
    staff = register.budget("17", "Regionstaben", "staff", 2019)
    assert staff is not None
    assert staff.kr == 86_075_100
    income = register.budget("17", "Landstingsdirektörens stab", "income", 2014)
    assert income is not None
    assert income.kr is None
    none = register.budget("17", "Förtroendemannaorganisation", "income", 2019)
    assert none is not None
    assert none.kr == 0
    assert register.budget("17", "Regionstaben", "staff", 2018) is None


def test_index_and_requirement_are_exact(folder):
    register = PlanRegister.read(folder)
    operations = [each for each in register.indices if each.line == "operations"]
    own, common = (register.index(part, "staff", 2020) for part in ("Regionstaben", "LS Anslag"))
    assert own is not None
    assert common is not None
    assert (own.percent, own.in_frame) == (Fraction(16, 5), False)
    assert (common.percent, common.in_frame) == (Fraction(16, 5), True)
    assert register.index("Regionstaben", "income", 2020) is None
    assert [each.percent for each in operations] == [Fraction(11, 5), Fraction(12, 5), Fraction(12, 5)]
    assert all(each.in_frame for each in operations)
    assert {each.percent for each in register.savings if each.percent is not None} == {Fraction(3, 2)}


@pytest.mark.parametrize(
    ("name", "old", "new", "column"),
    [
        ("plan_budgets.csv", "63854", "63 854", "tkr"),
        ("plan_budgets.csv", "86075.1", "86075,1", "tkr"),
        ("plan_budgets.csv", "86075.1", "86075.15", "tkr"),
        ("plan_budgets.csv", ";2015;", ";15;", "year"),
        ("plan_budgets.csv", ";staff;", ";pay;", "line"),
        ("plan_budgets.csv", ";income;2015;", ";income;2014;", "line"),
        ("plan_indices.csv", ";2.2;", ";2,2;", "percent"),
        ("plan_indices.csv", ";no;", ";nej;", "in_frame"),
        ("plan_indices.csv", ";2019;2.2", ";2020;2.2", "line"),
        ("plan_efficiency.csv", ";1.8;mnkr;001:1231", ";1.8;kr;001:1231", "unit"),
        ("plan_efficiency.csv", ";300;tkr", ";;tkr", "printed"),
        ("plan_efficiency.csv", ";Hälsoval;2019;", ";Sjukvård;2019;", "part"),
        ("plan_efficiency.csv", ";2019;1.5;1.8", ";;1.5;1.8", "part"),
        ("plan_needs.csv", ";5000;10000;", ";5 000;10000;", "tkr_2019"),
        ("plan_investments.csv", ";14;6;2;", ";14;15;2;", "started"),
        ("plan_investments.csv", ";14;6;2;", ";14;6;7;", "started"),
        ("plan_investments.csv", ";14;6;2;", ";fjorton;6;2;", "planned"),
        ("plan_investments.csv", ";2018-03;", ";mars;", "as_of"),
        ("plan_investments.csv", "medical;17;Medicinteknik", "property;17;Medicinteknik", "as_of"),
        ("plan_investments.csv", "tkr_2019;tkr_2020", "tkr_2020;tkr_2019", "tkr_2019"),
        ("plan_needs.csv", "tkr_2019;tkr_2020", "kr_2019;tkr_2020", "columns"),
    ],
)
def test_a_bad_cell_is_told_with_its_place(folder, name, old, new, column):
    change(folder, name, old, new)
    with pytest.raises(SettingsError) as caught:
        PlanRegister.read(folder)
    said = str(caught.value)
    assert name in said
    assert column in said
    assert "line" in said


def test_a_missing_file_is_told(folder):
    (folder / "plan_needs.csv").unlink()
    with pytest.raises(SettingsError, match=r"plan_needs\.csv"):
        PlanRegister.read(folder)
