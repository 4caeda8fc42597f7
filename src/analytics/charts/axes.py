"""Axes that several charts share: months in a row, and names of rows beside their bars or, on a phone, above them."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from analytics.charts import theme

MONTHS_OF_A_YEAR = 12
QUARTERS = ("jan", "apr", "jul", "okt")
BAR = 18
"""Height of a bar that stands below its name."""
GAP = 14
"""Between one row and the name of the next, so that a name is read with the bar below it."""


def months(places: Sequence[str]) -> alt.Axis:
    """The axis of months named ``jan`` or, over several years, ``jan 2018``.

    Of several years every quarter has its name, month over year; where that is too tight every other of them, so that
    the same months are named each year.
    """
    if len(places) <= MONTHS_OF_A_YEAR and not any(" " in place for place in places):
        return alt.Axis(labelAngle=0, labelOverlap="greedy", labelSeparation=8, grid=False)
    named = [place for place in places if place.split(" ")[0] in QUARTERS]
    return alt.Axis(
        values=named if len(places) > MONTHS_OF_A_YEAR and len(named) > 1 else list(places),
        labelExpr="split(datum.label, ' ')",
        labelAngle=0,
        labelOverlap="parity",
        labelSeparation=6,
        labelLineHeight=theme.LINE_HEIGHT,
        grid=False,
    )


@dataclass(frozen=True, slots=True)
class Labels:
    """The names of the rows, set on lines: beside the bars in a wide place, above each bar in a narrow one.

    A narrow place has no room for both a name and its bar on one line: the bars would say nothing.
    """

    wide: dict[str, str]
    narrow: dict[str, str]

    def heights(self) -> tuple[int, int]:
        """Heights of the drawing in a wide and in a narrow place."""
        wide = len(self.wide) * max(theme.BAR_STEP, theme.LINE_HEIGHT * _most_lines(self.wide) + 8)
        narrow = len(self.narrow) * (theme.LINE_HEIGHT * _most_lines(self.narrow) + BAR + GAP)
        return max(wide, theme.BAR_STEP), max(narrow, theme.BAR_STEP)

    @property
    def below(self) -> dict[str, str]:
        """How far below the middle of its row a bar and what belongs to it are drawn."""
        return {"expr": f"{theme.IS_WIDE} ? 0 : {self._down}"}

    @property
    def _down(self) -> int:
        return theme.LINE_HEIGHT * _most_lines(self.narrow) // 2

    def axis(self) -> alt.Axis:
        """The axis with the names, none of them cut."""
        lines = f"split(({theme.IS_WIDE} ? {_vega_object(self.wide)} : {_vega_object(self.narrow)})[datum.value], '|')"
        half, line = theme.LINE_HEIGHT // 2, theme.LINE_HEIGHT
        # Vega sets the first line at the middle of the row; beside a bar the block of lines belongs there, above it the
        # last line stands on the bar.
        above = f"{self._down - BAR // 2 - half} - {line} * (length({lines}) - 1)"
        return alt.Axis(
            labelExpr=lines,
            labelAlign={"expr": f"{theme.IS_WIDE} ? 'right' : 'left'"},
            labelPadding={"expr": f"{theme.IS_WIDE} ? 6 : -4"},
            labelOffset={"expr": f"{theme.IS_WIDE} ? -{half} * (length({lines}) - 1) : {above}"},
            labelLimit=0,
            labelLineHeight=line,
            labelOverlap=False,
            ticks=False,
            grid=False,
        )

    def y(self, names: Sequence[str], field: str = "namn:N") -> alt.Y:
        """The rows in the order of ``names``."""
        return alt.Y(
            field, sort=list(names), title=None, scale=alt.Scale(domain=list(names), padding=0.06), axis=self.axis()
        )

    def thickness(self) -> dict[str, str]:
        """Height of a bar in pixels."""
        wide = round(self.heights()[0] / max(len(self.wide), 1) * 0.88)
        return {"expr": f"{theme.IS_WIDE} ? {wide} : {BAR}"}


def set_names(names: Sequence[str]) -> Labels:
    """Names of rows set on lines, for a wide and for a narrow place; none is cut."""
    wide, narrow = (
        {name: "|".join(textwrap.wrap(name.replace("|", "/"), width, break_long_words=False)) or name for name in names}
        for width in (theme.WIDE_LETTERS, theme.NARROW_LETTERS)
    )
    return Labels(wide, narrow)


def amounts(unit: str) -> dict[str, Any]:
    """Title and ticks of an axis of amounts."""
    return {"format": ",~f", "tickCount": {"expr": f"{theme.IS_WIDE} ? 5 : 3"}, "title": unit, "labelFlush": False}


def _most_lines(names: dict[str, str]) -> int:
    return max((text.count("|") + 1 for text in names.values()), default=1)


def _vega_object(names: dict[str, str]) -> str:
    return json.dumps(names, ensure_ascii=False)
