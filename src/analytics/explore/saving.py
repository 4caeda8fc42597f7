"""A panel's charts as files: drawn again from what an audience may see, by the one way out (``wb.share``)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import ipywidgets as widgets

from analytics.errors import AnalyticsError
from analytics.explore import marks
from analytics.explore.problems import not_written, told
from analytics.workbench import Workbench

FOLDER: Final = "exploration"
"""In the project, beside ``reports/`` and not in it: what is saved here is never published."""
AUDIENCES: Final = ("public", "internal")
KINDS: Final = ("png", "svg", "html")
_LONGEST: Final = 80


def folder_of(wb: Workbench) -> Path:
    """Where the charts of this month and unit are saved."""
    return wb.scope.settings.paths.reports.parent / FOLDER / str(wb.scope.period) / wb.scope.unit


def file_name(text: str) -> str:
    """A name that every file system takes."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:_LONGEST].rstrip("-") or "diagram"


class Saving(widgets.HBox):  # type: ignore[misc] # ipywidgets is untyped
    """Buttons that save the charts of a panel as PNG, SVG or HTML for the audience that is picked of ``audiences``."""

    def __init__(self, wb: Workbench, panel: Any, name: str, *, audiences: Sequence[str] = AUDIENCES) -> None:
        self._wb, self._panel, self._name = wb, panel, name
        disclosure = wb.scope.settings.disclosure
        options = [(disclosure.for_audience(code).label, code) for code in audiences]
        self.audience = widgets.Dropdown(
            options=options,
            value=audiences[0],
            description="Läsekrets",
            style={"description_width": "auto"},
            layout=widgets.Layout(width="auto"),
        )
        self.starts = {
            kind: widgets.Button(description=f"Spara diagrammet ({kind.upper()})", layout=widgets.Layout(width="auto"))
            for kind in KINDS
        }
        for kind, button in self.starts.items():
            button.on_click(lambda _, kind=kind: self.save(kind))
        self.said = widgets.HTML()
        super().__init__([self.audience, *self.starts.values(), self.said], layout=widgets.Layout(flex_flow="row wrap"))

    def save(self, kind: str) -> None:
        """Write the file and say where it is, or why it may not be saved."""
        folder = folder_of(self._wb)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            name = file_name(f"{self._name}-{self._panel.place}-{self.audience.value}")
            self._wb.share(self._panel, file=folder / f"{name}.{kind}", audience=self.audience.value)
        except AnalyticsError as error:
            self.said.value = marks.problem(f"Diagrammet är inte sparat. {told(error)}")
            return
        except OSError:
            self.said.value = marks.problem(f"Diagrammet är inte sparat. {not_written(folder.name)}")
            return
        shown = folder.relative_to(folder.parents[2]) / f"{name}.{kind}"
        self.said.value = marks.sentence(f"Sparat: {shown}")
