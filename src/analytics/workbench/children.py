"""The organisation below a bench: code → the bench of that part."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from html import escape
from typing import TYPE_CHECKING

import polars as pl

from analytics.errors import UnknownItemError
from analytics.measures.scope import Part
from analytics.workbench.choosing import unknown
from analytics.workbench.renamed import checked

if TYPE_CHECKING:
    from analytics.workbench.bench import Workbench


class Children(Mapping[str, "Workbench"]):
    """Benches of the parts of a unit, by code, in order. A part that has ended within the series is there too.

    ``wb.children["171"].worked_fte`` is the same measure on the data of that base unit alone; where a measure is
    additive the parts add up to the whole. A name is taken for its code. Benches are made when they are asked for.
    """

    def __init__(self, parts: Mapping[str, Part], make: Callable[[Part], Workbench], whole: str) -> None:
        self._parts = dict(parts)
        self._make = make
        self._whole = whole
        self._made: dict[str, Workbench] = {}

    @property
    def labels(self) -> dict[str, str]:
        """Code → Swedish name."""
        return {code: part.label for code, part in self._parts.items()}

    def __getitem__(self, code: str) -> Workbench:
        found = self._find(code)
        if found is None:
            names = [f"{known} {part.label}" for known, part in self._parts.items()]
            problem = unknown(f"part of {self._whole} called", str(code), names or ["none"])
            raise UnknownItemError(problem.problem, action=problem.action)
        if found.code not in self._made:
            self._made[found.code] = self._make(found)
        return self._made[found.code]

    def _find(self, code: object) -> Part | None:
        named = {part.label.casefold(): part for part in self._parts.values()}
        written = str(code).strip()
        return self._parts.get(written) or named.get(written.casefold())

    def __contains__(self, code: object) -> bool:
        return self._find(code) is not None

    def __iter__(self) -> Iterator[str]:
        return iter(self._parts)

    def __len__(self) -> int:
        return len(self._parts)

    @checked("wb.children.frame")
    def frame(self, table_id: str) -> pl.DataFrame:
        """One table of every part, stacked: ``part``, ``part_label`` and the columns of the table. Unprotected.

        Raises UsageError where the table exists per administration only.
        """
        frames = [
            self[code]
            .explored_table(table_id)
            .frame.select(pl.lit(code).alias("part"), pl.lit(part.label).alias("part_label"), pl.all())
            for code, part in self._parts.items()
        ]
        return pl.concat(frames)

    def __repr__(self) -> str:
        return f"<children of {self._whole}: {', '.join(f'{code} {text}' for code, text in self.labels.items())}>"

    def _ipython_key_completions_(self) -> list[str]:
        return list(self._parts)

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td><code>wb.children[{escape(repr(code))}]</code></td><td>{escape(text)}</td></tr>"
            for code, text in self.labels.items()
        )
        return f"<table><thead><tr><th>Skrivs</th><th>Enhet</th></tr></thead><tbody>{rows}</tbody></table>"
