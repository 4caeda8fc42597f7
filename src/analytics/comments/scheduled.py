"""Whether a report is being made by a run. A run reads comments and never writes one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

_RUNNING: Final[ContextVar[bool]] = ContextVar("running", default=False)


def is_running() -> bool:
    """True while a run makes a report."""
    return _RUNNING.get()


@contextmanager
def run() -> Iterator[None]:
    """Let :func:`is_running` say so."""
    token = _RUNNING.set(True)
    try:
        yield
    finally:
        _RUNNING.reset(token)
