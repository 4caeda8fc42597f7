"""Finished figures of protected tables in a panel, drawn by the same script as the linked charts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ipywidgets as widgets

from analytics.charts import linked_widget
from analytics.charts.figure import Figure
from analytics.explore import marks


class Picture(widgets.VBox):  # type: ignore[misc] # ipywidgets is untyped
    """One place for a figure with its title and caption, or a sentence where there is none."""

    def __init__(self, cache: Path) -> None:
        self._cache = cache
        self._title = widgets.HTML()
        self._caption = widgets.HTML()
        self.chart: Any = None
        super().__init__([self._title])

    def show(self, figure: Figure | None, *, otherwise: str) -> None:
        """Draw a figure; without one say ``otherwise``."""
        if figure is None:
            self._title.value = marks.sentence(otherwise)
            self.children = [self._title]
            return
        self._title.value = marks.sentence(figure.title, strong=True)
        self._caption.value = marks.sentence(figure.caption)
        if self.chart is None:
            self.chart = linked_widget.picture(figure, cache=self._cache)
        else:
            linked_widget.draw_picture(self.chart, figure)
        self.children = [self._title, self.chart, self._caption]
