"""The rules of a report notebook: it loads, measures, protects, draws and explains, and holds no logic.

What a figure is, is decided in the measures; a notebook that computes would be a second definition that no test sees.
Numbers in prose come from the data, since typed ones are wrong the month after.
"""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from analytics.reports.parameters import TAG

LONGEST_CELL: Final = 5
_LOGIC: Final = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Lambda,
    ast.For,
    ast.While,
    ast.ListComp,
    ast.DictComp,
    ast.SetComp,
    ast.GeneratorExp,
    ast.With,
    ast.Try,
    ast.If,
)
_READERS: Final = re.compile(r"^(read_|scan_|open_|load)|^(to_csv|Path|eval|exec|getattr|__import__)$")
_UNITS: Final = r"(%|kr|tkr|mnkr|kronor|procent|procentenheter|årsarbetare|anställda|personer|timmar|miljoner)"
_NUMBER_WITH_UNIT: Final = re.compile(rf"\d[\d\s,.]*{_UNITS}\b|\d[\d\s,.]*%", re.IGNORECASE)
_PATH: Final = re.compile(r"(^|[\s\"'(])(/[A-Za-z]|[A-Za-z]:\\|~/|file:)")


@dataclass(frozen=True, slots=True)
class Fault:
    """What breaks a rule, in which cell (from 1; 0: the notebook as a whole)."""

    cell: int
    problem: str

    def __str__(self) -> str:
        return f"cell {self.cell}: {self.problem}" if self.cell else self.problem


def faults(notebook: Mapping[str, Any]) -> list[Fault]:
    """Everything in a notebook (its JSON) that a report may not have, in the order of its cells.

    Parameters have rules of their own (:func:`analytics.reports.parameters.read`).
    """
    cells = list(enumerate(notebook["cells"], start=1))
    code = [(number, text_of(cell)) for number, cell in cells if cell["cell_type"] == "code"]
    prose = [(number, text_of(cell)) for number, cell in cells if cell["cell_type"] == "markdown"]
    found = [*_title(notebook["cells"]), *_headings(prose)]
    for number, text in prose:
        found += [Fault(number, f"a typed number ({typed})") for typed in typed_numbers(text)]
    importing = []
    for number, text in code:
        try:
            tree = ast.parse(text)
        except SyntaxError as error:
            found.append(Fault(number, f"not Python, line {error.lineno}"))
            continue
        found += [Fault(number, problem) for problem in code_faults(text)]
        if len(text.splitlines()) > LONGEST_CELL and not _is_parameters(notebook["cells"][number - 1]):
            found.append(Fault(number, f"more than {LONGEST_CELL} lines"))
        if any(isinstance(node, ast.Import | ast.ImportFrom) for node in ast.walk(tree)):
            importing.append(number)
            if not all(isinstance(node, ast.Import | ast.ImportFrom) for node in tree.body):
                found.append(Fault(number, "imports and something else in one cell"))
    found += [Fault(number, "imports in more than one cell") for number in importing[1:]]
    shown, said = called(notebook, "show"), called(notebook, "say")
    found += [
        Fault(number, f'{table} is shown without its sentence: add wb.say("{table}")')
        for table, number in shown.items()
        if table not in said
    ]
    return sorted(found, key=lambda fault: fault.cell)


def code_faults(source: str) -> list[str]:
    """Logic, readers, star imports and paths in a piece of code."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, _LOGIC):
            found.append(f"logic ({type(node).__name__}): move it to a measure")
        if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names):
            found.append("star import")
        if isinstance(node, ast.Name | ast.Attribute):
            name = node.id if isinstance(node, ast.Name) else node.attr
            if _READERS.search(name):
                found.append(f"{name}: a report reads nothing but its workbench")
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _PATH.search(node.value):
            found.append("a path")
    return found


def typed_numbers(text: str) -> list[str]:
    """Numbers with a unit in prose."""
    return [match[0].strip() for match in _NUMBER_WITH_UNIT.finditer(text)]


def called(notebook: Mapping[str, Any], method: str) -> dict[str, int]:
    """First text given to each call of a method of that name → number of the cell (from 1)."""
    found: dict[str, int] = {}
    for number, node in _calls(notebook):
        if (
            isinstance(node.func, ast.Attribute)
            and node.func.attr == method
            and node.args
            and isinstance(node.args[0], ast.Constant)
            and isinstance(node.args[0].value, str)
        ):
            found.setdefault(node.args[0].value, number)
    return found


def _calls(notebook: Mapping[str, Any]) -> Iterator[tuple[int, ast.Call]]:
    for number, cell in enumerate(notebook["cells"], start=1):
        if cell["cell_type"] != "code":
            continue
        try:
            tree = ast.parse(text_of(cell))
        except SyntaxError:
            continue
        yield from ((number, node) for node in ast.walk(tree) if isinstance(node, ast.Call))


def _title(cells: list[Any]) -> list[Fault]:
    first = text_of(cells[0]) if cells and cells[0]["cell_type"] == "markdown" else ""
    title, _, purpose = first.partition("\n\n")
    if title.startswith("# ") and purpose.strip():
        return []
    return [Fault(1, "it must begin with a title (# …), an empty line and what the report is for")]


def _headings(prose: list[tuple[int, str]]) -> list[Fault]:
    levels = [
        (number, len(marks)) for number, text in prose for marks in re.findall(r"^(#+) ", text, flags=re.MULTILINE)
    ]
    found = [Fault(number, "a second title (#)") for number, level in levels[1:] if level == 1]
    found += [
        Fault(number, "a heading that goes down more than one level")
        for (_, earlier), (number, later) in itertools.pairwise(levels)
        if later - earlier > 1
    ]
    return found


def _is_parameters(cell: Mapping[str, Any]) -> bool:
    return TAG in cell.get("metadata", {}).get("tags", [])


def text_of(cell: Mapping[str, Any]) -> str:
    """The source of a cell: on disk it may be a list of its lines."""
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)
