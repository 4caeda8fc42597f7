"""Strict notebook parameters: read from the cell tagged ``parameters``, compared before anything runs."""

from __future__ import annotations

import ast
import json
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from analytics.errors import Location, ReportError, UsageError

Literal = str | int | float | bool
TAG = "parameters"
_TYPES: dict[str, type] = {"str": str, "int": int, "float": float, "bool": bool}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One declared parameter: ``name: kind = default``."""

    name: str
    kind: str
    default: Literal

    def __str__(self) -> str:
        return f"{self.name}: {self.kind} = {self.default!r}"


def read(notebook: Path) -> dict[str, Parameter]:
    """The parameters that a notebook declares, in order.

    Raises ReportError if the notebook cannot be read, has not exactly one cell tagged ``parameters``, or if that cell
    holds anything but ``name: str|int|float|bool = literal``.
    """
    try:
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    except (OSError, ValueError, KeyError, TypeError):
        raise ReportError(
            "the notebook cannot be read",
            where=Location(notebook),
            action="Give a notebook (.ipynb) that JupyterLab has saved; if it is one, open it there and save it again.",
        ) from None
    tagged = [cell for cell in cells if TAG in cell.get("metadata", {}).get("tags", [])]
    if len(tagged) != 1:
        raise ReportError(
            f"{len(tagged)} cells are tagged {TAG!r}; there must be exactly one",
            where=Location(notebook),
            action=f"Tag the one cell that declares the parameters with {TAG!r}.",
        )
    source = tagged[0]["source"]
    return _declarations(source if isinstance(source, str) else "".join(source), notebook)


def _declarations(source: str, notebook: Path) -> dict[str, Parameter]:
    try:
        body = ast.parse(source).body
    except SyntaxError as error:
        raise ReportError("the parameters cell is not Python", where=Location(notebook, line=error.lineno)) from None
    found: dict[str, Parameter] = {}
    for statement in body:
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
            continue
        parameter = _parameter(statement)
        if parameter is None or parameter.name in found:
            raise ReportError(
                "the parameters cell must hold only lines such as 'period: str = \"2018-03\"'",
                where=Location(notebook, line=statement.lineno),
                action="Write each parameter once, as name: str|int|float|bool = literal.",
            )
        found[parameter.name] = parameter
    return found


def _parameter(statement: ast.stmt) -> Parameter | None:
    if not (
        isinstance(statement, ast.AnnAssign)
        and isinstance(statement.target, ast.Name)
        and isinstance(statement.annotation, ast.Name)
        and statement.value is not None
    ):
        return None
    try:
        default = ast.literal_eval(statement.value)
    except ValueError:
        return None
    kind = statement.annotation.id
    if kind not in _TYPES or type(default) is not _TYPES[kind]:
        return None
    return Parameter(statement.target.id, kind, cast("Literal", default))


def check(notebook: Path, given: dict[str, Literal]) -> dict[str, Literal]:
    """``given``, unchanged, if it has exactly the declared names and types.

    Raises UsageError that lists the right parameters if a name is unknown or missing or a value has the wrong type.
    """
    declared = read(notebook)
    faults = [f"{name!r} is unknown" for name in given if name not in declared]
    faults += [f"{name!r} is missing" for name in declared if name not in given]
    faults += [
        f"{name!r} must be {declared[name].kind}, not {type(value).__name__}"
        for name, value in given.items()
        if name in declared and type(value) is not _TYPES[declared[name].kind]
    ]
    if faults:
        listing = "; ".join(str(parameter) for parameter in declared.values()) or "none"
        raise UsageError(
            f"wrong parameters for the report: {', '.join(faults)}",
            where=Location(notebook),
            action=f"The parameters are: {listing}.",
        )
    return given
