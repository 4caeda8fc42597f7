from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from analytics.errors import ReportError, UsageError
from analytics.reports import parameters

GIVEN = {"period": "2018-03", "unit": "17", "months": 3, "share": 0.5, "draft": True}
SOURCE = 'period: str = "2018-03"\nunit: str = "17"\nmonths: int = 1\nshare: float = -0.5\ndraft: bool = False'


def write(tmp_path: Path, *sources: str) -> Path:
    file = tmp_path / "rapport.ipynb"
    cells = [nbformat.v4.new_code_cell(source, metadata={"tags": ["parameters"]}) for source in sources]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), file)
    return file


def test_declared_parameters_come_back_with_their_types_and_defaults(tmp_path: Path):
    found = parameters.read(write(tmp_path, f'"""Parametrar."""\n{SOURCE}  # kommentar'))

    assert [(name, each.kind, each.default) for name, each in found.items()] == [
        ("period", "str", "2018-03"),
        ("unit", "str", "17"),
        ("months", "int", 1),
        ("share", "float", -0.5),
        ("draft", "bool", False),
    ]


def test_exactly_the_declared_parameters_pass(tmp_path: Path):
    assert parameters.check(write(tmp_path, SOURCE), GIVEN) == GIVEN


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({**GIVEN, "perod": "x"}, "'perod' is unknown"),
        ({key: value for key, value in GIVEN.items() if key != "unit"}, "'unit' is missing"),
        ({**GIVEN, "unit": 17}, "'unit' must be str, not int"),
        ({**GIVEN, "months": True}, "'months' must be int, not bool"),
        ({**GIVEN, "share": 1}, "'share' must be float, not int"),
    ],
)
def test_a_wrong_parameter_is_named_and_the_right_ones_are_listed(tmp_path: Path, given: dict, fault: str):
    with pytest.raises(UsageError) as caught:
        parameters.check(write(tmp_path, SOURCE), given)

    assert fault in str(caught.value)
    assert "period: str = '2018-03'; unit: str = '17'" in str(caught.value)


@pytest.mark.parametrize(
    "source",
    [
        'period = "2018-03"',
        "period: str = 2018",
        "period: str",
        "period: str = input()",
        'import os\nperiod: str = "x"',
        'period: list = ["x"]',
        'period: str = "a"\nperiod: str = "b"',
        "period: str =",
    ],
)
def test_a_parameters_cell_with_anything_else_is_refused(tmp_path: Path, source: str):
    with pytest.raises(ReportError):
        parameters.read(write(tmp_path, source))


@pytest.mark.parametrize("sources", [(), (SOURCE, SOURCE)])
def test_a_notebook_has_exactly_one_parameters_cell(tmp_path: Path, sources: tuple[str, ...]):
    with pytest.raises(ReportError, match="exactly one"):
        parameters.read(write(tmp_path, *sources))


def test_a_file_that_is_no_notebook_is_refused(tmp_path: Path):
    file = tmp_path / "rapport.ipynb"
    file.write_text("{")

    with pytest.raises(ReportError, match="cannot be read"):
        parameters.read(file)
