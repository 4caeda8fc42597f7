"""Buttons that start a comment or an action plan from what is selected, and save it as a draft."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import ipywidgets as widgets

from analytics.comments.binding import find
from analytics.comments.model import KINDS, About
from analytics.errors import AnalyticsError, CommentError
from analytics.explore import marks
from analytics.explore.binding import STARTS, Draft
from analytics.explore.problems import told
from analytics.workbench import Workbench

ROLE: Final = "Controller"


class Writing(widgets.VBox):  # type: ignore[misc] # ipywidgets is untyped
    """``begin`` makes the draft of one kind for the present choice. Nothing is written until "Spara utkastet"."""

    def __init__(self, wb: Workbench, begin: Callable[[str], Draft]) -> None:
        self._wb = wb
        self._begin = begin
        self._draft: Draft | None = None
        wide = widgets.Layout(width="auto")
        self.starts = {kind: widgets.Button(description=label, layout=wide) for kind, label in STARTS.items()}
        for kind, button in self.starts.items():
            button.on_click(lambda _, kind=kind: self.begin(kind))
        self.role = widgets.Text(value=ROLE, description="Roll", style={"description_width": "auto"})
        self.text = widgets.Textarea(layout=widgets.Layout(width="auto", height="160px"))
        self.save = widgets.Button(description="Spara utkastet", layout=wide, button_style="primary")
        self.save.on_click(lambda _: self.write())
        self.about = widgets.HTML()
        self._form = widgets.VBox([self.about, self.role, self.text, self.save], layout=widgets.Layout(display="none"))
        self.said = widgets.HTML()
        super().__init__([widgets.HBox(list(self.starts.values())), self._form, self.said])

    def begin(self, kind: str) -> None:
        """Open the form with the figures of the choice filled in."""
        self.said.value = ""
        try:
            draft = self._begin(kind)
            self.about.value = marks.sentence(self._named(draft))
        except AnalyticsError as error:
            self.close_form()
            self.said.value = marks.problem(f"{STARTS[kind]}: {told(error)}")
            return
        self._draft = draft
        self.text.value = draft.text
        self._form.layout.display = ""

    def _named(self, draft: Draft) -> str:
        """The printed figure that the draft is about, in the words of the package; CommentError if it is not shown."""
        keys = dict(draft.about)
        about = About.of(keys.pop("table"), keys)
        table = self._wb.protected(about.table)
        cell = find(table, about)
        if cell is None or cell.is_suppressed:
            raise CommentError("Rapporten visar inte den här siffran för sina läsare.", action="Välj något annat.")
        cell_text = ", ".join(part for part in (cell.title, cell.text) if part)
        return f"{KINDS[draft.kind]} till tabellen ”{table.spec.title}”: {cell_text}."

    def write(self) -> None:
        """Write the draft, and say where it is and how it comes into the package."""
        if self._draft is None:
            return
        try:
            file = self._wb.comment(
                about=self._draft.about, text=self.text.value, author_role=self.role.value, kind=self._draft.kind
            )
        except AnalyticsError as error:
            self.said.value = marks.problem(f"Utkastet är inte sparat. {told(error)}")
            return
        self._form.layout.display = "none"
        scope = self._wb.scope
        name = file.stem
        self.said.value = marks.sentence(
            f"Utkastet är sparat: {file.name}. När texten är klar: analytics comments {scope.period} "
            f"--unit {scope.unit} --ready {name}. Den som godkänner skriver --approve {name}; sedan står texten i "
            "nästa paket."
        )

    def close_form(self) -> None:
        """Another choice: a text with the figures of the one before must not be saved for it."""
        self._draft = None
        self._form.layout.display = "none"
