"""What an exploration lacks to be a report, and what it has that no report may have (``analytics promote``)."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from analytics.measures.catalogue import TABLES
from analytics.reports import notebook_rules, parameters
from analytics.reports.notebook_rules import Fault, text_of

PARAMETERS: Final = {"period": "str", "unit": "str", "audience": "str"}
UNPROTECTED: Final = {
    "explore": "an interactive panel has no place in a report",
    "deviations": "findings are unprotected",
    "evidence": "rows of the sources are unprotected",
    "sql": "the answer of a question is unprotected",
    "table": "wb.table gives unprotected figures",
    "share": "a report shows its tables itself",
}
"""Methods of the workbench that only an exploration may call, and why."""
KERNEL_CHECK: Final = "%run kontroll.py"
"""What explorations begin with: it says what to do where the kernel lacks the workbench; a run has the right one."""
_GROUPS: Final = frozenset({"data", "children", "previous_year", "measures"})


@dataclass(frozen=True, slots=True)
class Completed:
    """An exploration as a report without outputs (``content``, its JSON), and what was done to it (``done``).

    ``origins`` gives, for each cell, the number (from 1) of the cell of the exploration that it is from; 0: added.
    """

    content: dict[str, Any]
    origins: tuple[int, ...]
    done: tuple[str, ...]

    def faults(self) -> list[Fault]:
        """Every rule of reports that it breaks, by the cells of the exploration, as the analyst sees them."""
        found = [*_interactive(self.content), *notebook_rules.faults(self.content)]
        numbered = [Fault(self.origins[fault.cell - 1] if fault.cell else 0, fault.problem) for fault in found]
        return sorted(dict.fromkeys(numbered), key=lambda fault: fault.cell)


def complete(content: dict[str, Any]) -> Completed:
    """A notebook (its JSON, with valid parameters) as a report.

    Where they lack: the parameter ``audience`` and its use, head and foot; a measure that stands alone in a cell
    becomes its sentence, its protected table and its comments.
    """
    done: list[str] = []
    cells: list[dict[str, Any]] = []
    origins: list[int] = []
    for number, cell in enumerate(content["cells"], start=1):
        if cell["cell_type"] == "raw":
            done.append("a raw cell was left out")
            continue
        made = {"cell_type": cell["cell_type"], "metadata": {}, "source": text_of(cell)}
        if parameters.TAG in cell.get("metadata", {}).get("tags", []):
            made["metadata"] = {"tags": [parameters.TAG]}
            made["source"] = _with_audience(made["source"], done)
        if made["cell_type"] == "code":
            if made["source"].strip() in ("", KERNEL_CHECK):
                continue
            made["source"] = _opened_for_audience(made["source"], done)
            cells += [_code(source) for source in _of_measure(made["source"], done)] or [_as_code(made)]
        else:
            cells.append(made)
        origins += [number] * (len(cells) - len(origins))
    _framed(cells, origins, done)
    for place, cell in enumerate(cells):
        cell["id"] = f"cell-{place}"
    made_of = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return Completed(made_of, tuple(origins), tuple(done))


def _with_audience(source: str, done: list[str]) -> str:
    if "audience" in {node.target.id for node in _assignments(source)}:
        return source
    done.append("the parameter audience")
    return f'{source.rstrip()}\naudience: str = "public"'


def _assignments(source: str) -> list[Any]:
    return [
        node for node in ast.parse(source).body if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    ]


def _opened_for_audience(source: str, done: list[str]) -> str:
    """``analytics.open(…)`` with ``audience=audience`` where no audience is given."""
    for call in _calls(source):
        if ast.unparse(call.func) == "analytics.open" and "audience" not in {word.arg for word in call.keywords}:
            call.keywords.append(ast.keyword("audience", ast.Name("audience", ast.Load())))
            whole = ast.parse(source)
            for node in ast.walk(whole):
                if isinstance(node, ast.Call) and ast.unparse(node.func) == "analytics.open":
                    node.keywords = call.keywords
            done.append("the workbench is opened for the audience of the run")
            return ast.unparse(whole)
    return source


def _calls(source: str) -> list[ast.Call]:
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return []  # the rules tell of it
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)]


def _of_measure(source: str, done: list[str]) -> list[str]:
    """The cells of a report for one that is a measure alone: ``wb.fr1_outcome`` (or ``wb.economy.…``)."""
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return []
    if len(body) != 1 or not isinstance(body[0], ast.Expr) or not isinstance(body[0].value, ast.Attribute):
        return []
    table = body[0].value.attr
    if table not in TABLES:
        return []
    bench = ast.unparse(body[0].value.value).split(".")[0]
    done.append(f"{bench}.{table}: its sentence, its protected table and its comments")
    return [f'{bench}.{call}("{table}")' for call in ("say", "show", "comments")]


def _framed(cells: list[dict[str, Any]], origins: list[int], done: list[str]) -> None:
    """Head after the cell that opens the workbench, foot at the end."""
    sources = "\n".join(cell["source"] for cell in cells if cell["cell_type"] == "code")
    opening = next((place for place, cell in enumerate(cells) if "analytics.open(" in cell["source"]), None)
    if opening is None:
        return
    bench = cells[opening]["source"].partition("=")[0].strip()
    if ".header()" not in sources:
        cells.insert(opening + 1, _code(f"{bench}.header()"))
        origins.insert(opening + 1, 0)
        done.append("head: unit, period, status")
    if ".footer()" not in sources:
        cells += [
            {"cell_type": "markdown", "metadata": {}, "source": "## Underlag och definitioner"},
            _code(f"{bench}.footer()"),
        ]
        origins += [0, 0]
        done.append("foot: deliveries, versions, definitions")


def _code(source: str) -> dict[str, Any]:
    return _as_code({"cell_type": "code", "metadata": {}, "source": source})


def _as_code(cell: dict[str, Any]) -> dict[str, Any]:
    return {**cell, "outputs": [], "execution_count": None}


def _interactive(content: Mapping[str, Any]) -> list[Fault]:
    """What only an exploration may do: show what disclosure control has not seen, or wait for a click."""
    found: list[Fault] = []
    for number, cell in enumerate(content["cells"], start=1):
        source = cell["source"]
        if parameters.TAG in cell["metadata"].get("tags", []):
            kinds = {node.target.id: ast.unparse(node.annotation) for node in _assignments(source)}
            if kinds != PARAMETERS:
                found.append(Fault(number, f"the parameters must be {', '.join(PARAMETERS)}, each a str"))
        if cell["cell_type"] != "code":
            continue
        for call in _calls(source):
            name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
            if name in UNPROTECTED:
                found.append(Fault(number, f"{name}: {UNPROTECTED[name]}; show tables with wb.show and wb.draw"))
            if name == "open" and not {"period", "unit", "audience"} <= _passed_on(call):
                found.append(Fault(number, "open the workbench with period=period, unit=unit, audience=audience"))
        found += [
            Fault(number, f"wb.{name} is for explorations")
            for name in sorted({node.attr for node in _attributes(source)} & _GROUPS)
        ]
    if not any("analytics.open(" in cell["source"] for cell in content["cells"]):
        found.append(Fault(0, "no cell opens a workbench (wb = analytics.open(period=period, unit=unit, …))"))
    return found


def _passed_on(call: ast.Call) -> set[str]:
    """Keywords that are given the parameter of their own name."""
    return {
        word.arg
        for word in call.keywords
        if word.arg and isinstance(word.value, ast.Name) and word.value.id == word.arg
    }


def _attributes(source: str) -> list[ast.Attribute]:
    try:
        return [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Attribute)]
    except SyntaxError:
        return []
