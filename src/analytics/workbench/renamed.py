"""Old and foreign names → the right ones, declared once, so that an old notebook gets help instead of a trace.

Whoever renames an attribute or a parameter of the workbench adds a line here.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from datetime import date
from difflib import get_close_matches
from functools import wraps
from numbers import Number
from os import PathLike
from typing import Final

from analytics.errors import UsageError
from analytics.workbench.months import meant

ATTRIBUTES: Final[Mapping[str, str]] = {
    "absence": "wb.staff.absence_fte",
    "budget": "wb.economy",
    "care_units": "wb.care",
    "finance": "wb.economy",
    "frames": "wb.data",
    "fte": "wb.staff.worked_fte",
    "hr": "wb.staff",
    "indicator": "wb.goals",
    "kpp": "wb.patient_costs",
    "last_year": "wb.previous_year",
    "month": "wb.range('month')",
    "period": "wb.scope.period (another month: analytics.open(period=…, unit=…))",
    "quarter": "wb.range('quarter')",
    "unit": "wb.scope.unit (parts below: wb.children; another: analytics.open(period=…, unit=…))",
    "units": "wb.children",
    "year": "wb.range('accumulated') (in December wb.range('year'))",
    "ledger": "wb.economy (tables), or wb.data.ledger (rows)",
    "personnel": "wb.staff",
    "protect": "wb.protected(table_id)",
    "save": "wb.share(…, file=…)",
    "export": "wb.share(…, file=…)",
    "sick_leave": "wb.staff.sick_leave_pct",
}
"""Attribute that there is not → what to write."""
PARAMETERS: Final[Mapping[str, str]] = {
    "administration": "unit",
    "förvaltning": "unit",
    "month": "period",
    "månad": "period",
    "folder": "root",
    "path": "file",
    "filename": "file",
    "role": "author_role",
}
"""Parameter that there is not → what it is called."""
ACCEPTED: Final[Mapping[str, tuple[tuple[type, ...], str]]] = {
    "str": ((str,), "text"),
    "str | None": ((str, type(None)), "text"),
    "str | Path | None": ((str, PathLike, type(None)), "text or a path"),
    "float | None": ((Number, type(None)), "a number"),
    "Mapping[str, str]": ((Mapping,), "a dict"),
}
"""Annotation of a parameter → the types that are taken, and what they are called. What is not here is not checked."""


def hint(name: str) -> str:
    """Advice on an attribute that is declared here; empty for any other."""
    right = ATTRIBUTES.get(name)
    return f"Write {right}. " if right else ""


def checked[**Given, Result](called: str) -> Callable[[Callable[Given, Result]], Callable[Given, Result]]:
    """Refuse arguments that a function does not have, or not of that type, with the right ones. Raises UsageError.

    ``called`` is how the function is written in a notebook: ``analytics.open``.
    """

    def decorate(function: Callable[Given, Result]) -> Callable[Given, Result]:
        signature = inspect.signature(function)
        known = [name for name in signature.parameters if name != "self"]
        typed = {name: str(given.annotation) for name, given in signature.parameters.items()}

        @wraps(function)
        def call(*args: Given.args, **kwargs: Given.kwargs) -> Result:
            _refuse_unknown(called, list(kwargs), known)
            try:
                bound = signature.bind(*args, **kwargs)
            except TypeError as error:
                raise UsageError(
                    f"{called} cannot be called so: {error}",
                    action=f"Give its arguments by name: {', '.join(f'{name}=…' for name in known)}.",
                ) from None
            for name, value in bound.arguments.items():
                refuse_type(name, value, typed[name])
            return function(*args, **kwargs)

        return call

    return decorate


def refuse_type(name: str, value: object, annotation: str = "str") -> None:
    """Raise UsageError if a value is not of the type that its parameter is declared with, and say what to write."""
    taken, words = ACCEPTED.get(annotation, ((object,), ""))
    if isinstance(value, taken) and not (Number in taken and isinstance(value, bool)):
        return
    right = _as_text(name, value) if str in taken else ""
    advice = {
        "a dict": 'Give table and keys: {"table": "deviations", "deviation": "budget-income"}.',
        "a number": f"Give it as {name}=1500 or {name}=4.6: without quotes, with a decimal point.",
    }.get(words, f"Write it in quotes: {name}={right!r}." if right else "Give the name in quotes.")
    raise UsageError(f"{name} must be {words}, not {type(value).__name__}", action=advice)


def _as_text(name: str, value: object) -> str:
    """What someone meant who gave something else than text; empty where it cannot be told."""
    if isinstance(value, date):
        return f"{value:%Y-%m}" if name == "period" else ""
    # A table of the workbench where its id is asked for.
    if isinstance(known := getattr(value, "id", None), str):
        return known
    if isinstance(value, bool) or not isinstance(value, Number | PathLike):
        return ""
    near = meant(str(value)) if name == "period" else None
    return str(near or value)


def _refuse_unknown(called: str, given: list[str], known: list[str]) -> None:
    unknown = [name for name in given if name not in known]
    if not unknown:
        return
    right = PARAMETERS.get(unknown[0], "")
    near = [right] if right in known else get_close_matches(unknown[0], known, n=1, cutoff=0.5)
    meant = f"Did you mean {near[0]}? " if near else ""
    raise UsageError(f"{called} has no parameter {unknown[0]!r}", action=f"{meant}There are: {', '.join(known)}.")
