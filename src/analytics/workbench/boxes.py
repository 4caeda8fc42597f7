"""In a notebook an error of ours is a short box: what is wrong, where, and what to do. No trace.

Nothing here needs IPython: if it is not already running in this process there is nothing to show a box in. A run
has an IPython of its own and needs the real error, so it gets no box.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from html import escape
from typing import Any

from analytics.comments import scheduled
from analytics.errors import AnalyticsError

_STYLE = "border-left:4px solid #b91c1c;background:#fef2f2;color:#450a0a;padding:6px 10px;margin:4px 0;max-width:60em"


def install(*named: type) -> None:
    """Show our errors as boxes in the running IPython, and let its completer look into the classes named.

    Does nothing outside IPython and in a run. Calling it again changes nothing.
    """
    if scheduled.is_running():
        return
    shell = _shell()
    if shell is None:
        return
    shell.set_custom_exc((AnalyticsError,), _show)
    _let_complete(shell, named)


def display(kind: type, shown: Callable[[Any], str]) -> None:
    """Show what is of a class as the HTML that a function makes of it. Does nothing outside IPython and in a run."""
    shell = None if scheduled.is_running() else _shell()
    formatter = getattr(shell, "display_formatter", None)
    if formatter is not None:
        formatter.formatters["text/html"].for_type(kind, shown)


def html(error: AnalyticsError) -> str:
    """The box."""
    place = str(error.where) if error.where is not None else ""
    lines = [("Fel", error.problem), ("Var", place), ("Gör så här", error.action)]
    said = "".join(
        f"<p style='margin:2px 0'><strong>{name}:</strong> {escape(text)}</p>" for name, text in lines if text
    )
    return f'<div class="fel-ruta" role="alert" style="{_STYLE}">{said}</div>'


def text(error: AnalyticsError) -> str:
    """The same where HTML is not shown."""
    place = str(error.where) if error.where is not None else ""
    lines = [("Fel", error.problem), ("Var", place), ("Gör så här", error.action)]
    return "\n".join(f"{name}: {said}" for name, said in lines if said)


def _show(
    shell: Any, kind: type[AnalyticsError], error: AnalyticsError, trace: Any, tb_offset: int | None = None
) -> None:
    del kind, trace, tb_offset
    if scheduled.is_running():  # a run in this very process
        shell.showtraceback()
        return
    if getattr(shell, "kernel", None) is None:
        sys.stderr.write(f"{text(error)}\n")
        return
    shell.display_pub.publish({"text/html": html(error), "text/plain": text(error)})


def _shell() -> Any:
    ipython = sys.modules.get("IPython")
    return None if ipython is None else ipython.get_ipython()


def _let_complete(shell: Any, named: tuple[type, ...]) -> None:
    """``wb.staff.<tab>``: the completer evaluates ``wb.staff`` only in classes that it is told of.

    Jedi reads the source instead of asking the object: it finds no name that is made as it runs, hides what the
    completer has found, and takes up to a second for it.
    """
    completer = getattr(shell, "Completer", None)
    if completer is not None:
        completer.use_jedi = False
    # Part of the IPython that is running, which loads it at the first completion.
    guarded = importlib.import_module("IPython.core.guarded_eval")
    allowed = getattr(getattr(guarded, "EVALUATION_POLICIES", {}).get("limited"), "allowed_getattr", None)
    if isinstance(allowed, set):
        allowed.update(named)
