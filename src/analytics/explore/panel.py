"""What every panel of linked charts does: clicks and lists choose the same, and all beside the drawing follows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import ipywidgets as widgets
import polars as pl

from analytics.charts import linked_widget
from analytics.charts.linked import Linked
from analytics.explore import marks
from analytics.explore.reading import cache_of
from analytics.workbench import Workbench

ALL: Final = "Alla"
ROW: Final = widgets.Layout(flex_flow="row wrap", align_items="center")


class LinkedPanel(widgets.VBox):  # type: ignore[misc] # ipywidgets is untyped
    """A panel. ``selected`` (column → codes) is what is chosen now, ``frame`` the parts that are drawn.

    A subclass says what is drawn (:meth:`linked`) and what stands beside it (:meth:`follow`); the metaclass of widgets
    leaves no room for abstract methods.
    """

    titles: Mapping[str, str]
    """Column that can be chosen → its Swedish name, in the order of the lists."""

    def __init__(self, wb: Workbench, frame: pl.DataFrame) -> None:
        self.wb = wb
        self.frame = frame
        self.selected: dict[str, tuple[str, ...]] = {}
        self._is_following = False
        self.said = widgets.HTML()
        super().__init__()

    def linked(self) -> Linked:
        """What is drawn for the present choice."""
        raise NotImplementedError

    def follow(self) -> None:
        """Let sentence and tables say what is chosen."""
        raise NotImplementedError

    def build(self, head: str, controls: list[Any], below: list[Any]) -> None:
        """Put the panel together: heading and marks, controls, lists, sentence, drawing, tables."""
        self._lists = {column: self._list(column) for column in self.titles}
        self.reset = widgets.Button(description="Nollställ urvalet", layout=widgets.Layout(width="auto"))
        self.reset.on_click(lambda _: self.select({}))
        self.chart = linked_widget.widget(self.linked(), cache=cache_of(self.wb))
        self.chart.on_select(tuple(self.titles), self._clicked)
        self.children = [
            widgets.HTML(head),
            *controls,
            widgets.HBox([*self._lists.values(), self.reset], layout=ROW),
            self.said,
            self.chart,
            *below,
        ]
        self._followed()

    def _list(self, column: str) -> Any:
        """The same choice as a click on a bar, for the keyboard."""
        made = widgets.Dropdown(
            options=self._choices(column),
            value="",
            description=self.titles[column],
            style={"description_width": "auto"},
            layout=widgets.Layout(width="auto", max_width="330px"),
        )
        made.observe(lambda change: self._listed(column, change["new"]), names="value")
        return made

    def _choices(self, column: str) -> list[tuple[str, str]]:
        codes = self.frame.select(column, f"{column}_label").unique().sort(column).rows()
        return [(ALL, ""), *((label, code) for code, label in codes)]

    def replace(self, frame: pl.DataFrame) -> None:
        """Draw other parts; what is chosen and is not among them is let go."""
        self.frame = frame
        self.selected = {
            column: kept
            for column, codes in self.selected.items()
            if (kept := tuple(code for code in codes if code in set(frame[column])))
        }
        self._is_following = True
        for column, held in self._lists.items():
            held.options = self._choices(column)
        self._is_following = False
        self.redraw()
        self._followed()

    def select(self, selected: Mapping[str, tuple[str, ...]]) -> None:
        """Choose from Python: column → codes. What is left out is not narrowed."""
        self.selected = {column: tuple(codes) for column, codes in selected.items() if codes}
        self.redraw()
        self._followed()

    def redraw(self) -> None:
        """Draw anew with the choice in the drawing."""
        linked_widget.redraw(self.chart, self.linked())

    def _clicked(self, selected: Mapping[str, tuple[str, ...]]) -> None:
        if dict(selected) != self.selected:
            self.selected = dict(selected)
            self._followed()

    def _listed(self, column: str, code: str) -> None:
        if not self._is_following:
            self.select({**self.selected, column: (code,) if code else ()})

    def _followed(self) -> None:
        self._is_following = True
        for column, held in self._lists.items():
            codes = self.selected.get(column, ())
            held.value = codes[0] if len(codes) == 1 and codes[0] in {code for _, code in held.options} else ""
        self._is_following = False
        self.follow()

    def say(self, text: str) -> None:
        """The sentence above the drawing."""
        self.said.value = marks.sentence(text, strong=True)


def buttons(description: str, options: list[tuple[str, str]], value: str) -> Any:
    """One choice of a few, as buttons side by side."""
    return widgets.ToggleButtons(
        options=options,
        value=value,
        description=description,
        style={"button_width": "auto", "description_width": "auto"},
    )
