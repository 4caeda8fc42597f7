"""Old and foreign names → the right ones, declared once, so that an old notebook gets help instead of a trace.

Whoever renames an attribute or a parameter of the workbench adds a line here.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from functools import wraps
from typing import Final

from analytics.errors import UsageError

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


def hint(name: str) -> str:
    """Advice on an attribute that is declared here; empty for any other."""
    right = ATTRIBUTES.get(name)
    return f"Write {right}. " if right else ""


def checked[**Given, Result](called: str) -> Callable[[Callable[Given, Result]], Callable[Given, Result]]:
    """Refuse arguments that a function does not have with those that it has. Raises UsageError.

    ``called`` is how the function is written in a notebook: ``analytics.open``.
    """

    def decorate(function: Callable[Given, Result]) -> Callable[Given, Result]:
        signature = inspect.signature(function)
        known = [name for name in signature.parameters if name != "self"]

        @wraps(function)
        def call(*args: Given.args, **kwargs: Given.kwargs) -> Result:
            _refuse_unknown(called, list(kwargs), known)
            try:
                signature.bind(*args, **kwargs)
            except TypeError as error:
                raise UsageError(
                    f"{called} cannot be called so: {error}",
                    action=f"Give its arguments by name: {', '.join(f'{name}=…' for name in known)}.",
                ) from None
            return function(*args, **kwargs)

        return call

    return decorate


def _refuse_unknown(called: str, given: list[str], known: list[str]) -> None:
    unknown = [name for name in given if name not in known]
    if not unknown:
        return
    right = PARAMETERS.get(unknown[0], "")
    near = [right] if right in known else get_close_matches(unknown[0], known, n=1, cutoff=0.5)
    meant = f"Did you mean {near[0]}? " if near else ""
    raise UsageError(f"{called} has no parameter {unknown[0]!r}", action=f"{meant}There are: {', '.join(known)}.")
