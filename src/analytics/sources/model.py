"""What a layout is, what its reader is given and what it gives back."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

import polars as pl

from analytics.organisation import Organisation
from analytics.periods import Period
from analytics.reference import Reference
from analytics.settings import Settings

LINE = "#line"
"""Name of the column with the line number in the delivered file; no delivered column can be called that."""


@dataclass(frozen=True, slots=True)
class Context:
    """All that a reader may know besides the bytes. ``secret`` keys the employee hashes."""

    settings: Settings
    reference: Reference
    organisation: Organisation
    secret: bytes
    now: datetime


@dataclass(frozen=True, slots=True)
class Delivery:
    """One delivered file: the bytes' whereabouts and the name to use when speaking of it."""

    path: Path
    name: Path
    period: Period


@dataclass(frozen=True, slots=True)
class RawRows:
    """The rows of a delivery as text, cell by cell, with their line numbers; sum rows apart."""

    delivery: Delivery
    frame: pl.DataFrame
    sums: pl.DataFrame
    taken: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """A delivery in the declared columns. ``taken`` says what was detected and how it was understood."""

    frame: pl.DataFrame
    taken: tuple[str, ...]


Splitting = Literal["plain", "quoted", "sheet", "records"]
"""How a file becomes rows of text cells: lines, lines with quoted line breaks, a worksheet, or JSON records."""
Reader = Callable[["RawRows", "Layout", Context], Reading]


@dataclass(frozen=True, slots=True)
class Layout:
    """One kind of delivered file. ``reader_version`` rises when the reader gives another result for the same bytes.

    ``other_forms`` are further extensions that the same rows are delivered in, each with how it is split.
    """

    name: str
    code: str
    supplier: str
    extension: str
    table: str
    columns: tuple[str, ...]
    text_columns: tuple[str, ...]
    header_line: int
    read: Reader
    reader_version: int = 1
    sum_rows: bool = False
    may_be_empty: bool = False
    months_ahead: int = 0
    splitting: Splitting = "plain"
    other_forms: tuple[tuple[str, Splitting], ...] = ()

    @property
    def forms(self) -> dict[str, Splitting]:
        """How a file is split, by its extension."""
        return {self.extension: self.splitting, **dict(self.other_forms)}

    @property
    def pattern(self) -> re.Pattern[str]:
        """File names of this layout: period in ``period``, declared version in ``version``."""
        return re.compile(
            rf"{self.name}_(?P<period>\d{{6}})(?:_v(?P<version>\d{{1,3}}))?\.(?:{'|'.join(self.forms)})", re.IGNORECASE
        )

    def file_name(self, period: Period, version: int = 1) -> str:
        """The name a delivery of that month should have."""
        mark = f"_v{version}" if version > 1 else ""
        return f"{self.name}_{period.compact}{mark}.{self.extension}"
