"""What a report may know of the package around it: where tables stand on the other pages, and earlier versions.

The run gives it to the report that tells of the others (decision 017); a notebook that is opened by hand has none.
Every figure in here comes from a published table, after disclosure control.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Final, Literal

Kind = Literal["key_figure", "sentence", "comment"]
StoredRow = Mapping[str, str | float | None]
"""One figure of a published table: its keys, ``value`` (None unless the status is ok), ``text`` and ``status``."""


@dataclass(frozen=True, slots=True)
class Said:
    """One text of a report in words: a key figure with its comparison, a sentence about a table, or a comment.

    ``table_id`` is the table that it is about; ``about`` is its label, line or cell and may be empty.
    """

    kind: Kind
    table_id: str
    about: str
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """One figure as it was printed then and now. ``what`` names table, row and column."""

    table_id: str
    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Changes:
    """How the figures of a package differ from those of its earlier version.

    ``since`` is when that version was made; ``compared`` and ``changed`` count figures as printed. ``hidden`` figures
    are suppressed in both versions; ``apart`` counts tables that are not compared because not the same figures are
    suppressed in both; ``redone`` counts tables that only one version has, or that have other keys. ``untold`` of the
    changed figures may not stand then and now. ``since`` is empty if the earlier version is lost.
    """

    since: str
    compared: int
    changed: int
    hidden: int
    apart: int
    redone: int
    largest: tuple[Change, ...] = ()
    untold: int = 0


@dataclass(frozen=True, slots=True)
class Earlier:
    """Published tables of the latest earlier month (``2018-02``) that the unit has a package for."""

    period: str
    tables: Mapping[str, tuple[StoredRow, ...]]


@dataclass(frozen=True, slots=True)
class Companions:
    """``places`` gives table → link to it; ``changes`` is None for the first version, ``earlier`` for the first month.

    ``quality`` and ``differences`` are the links to the pages of data quality and of everything that changed;
    ``left_out`` gives report → why it is not in the package, because deliveries are missing.
    """

    places: Mapping[str, str]
    quality: str
    changes: Changes | None
    earlier: Earlier | None
    differences: str = ""
    left_out: Mapping[str, str] = field(default_factory=dict)


_CURRENT: Final[ContextVar[Companions | None]] = ContextVar("companions", default=None)


def current() -> Companions | None:
    """The package around the report that is being made, or None outside a run."""
    return _CURRENT.get()


@contextmanager
def among(companions: Companions | None) -> Iterator[None]:
    """Let :func:`current` give these while a report is made."""
    token = _CURRENT.set(companions)
    try:
        yield
    finally:
        _CURRENT.reset(token)
