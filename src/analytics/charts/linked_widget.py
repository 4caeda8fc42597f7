"""Linked charts as a widget of JupyterLab: what is clicked on reaches Python, and nothing is fetched from elsewhere."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable, Mapping
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

import altair as alt
import polars as pl
from altair.jupyter.jupyter_chart import load_js_src

from analytics import bundles
from analytics.charts import files, theme
from analytics.charts.figure import Figure
from analytics.charts.linked import Linked, selection_name, set_on_lines, spec_of
from analytics.errors import UsageError

ROWS_IN_BROWSER: Final = 50_000
"""More rows of parts than this are summed by VegaFusion beside Python; the browser gets the sums alone."""
TIME_ZONE: Final = "UTC"
_NUMBERS: Final = itertools.count()
"""Every drawing has its own."""

Selected = Mapping[str, tuple[str, ...]]
"""Column → selected codes; columns without a selection are left out."""


class Drawing(alt.TopLevelSpec):
    """A finished drawing in the form that Altair's widget takes.

    Altair's own classes copy and check every part of a drawing at each step, which takes longer than all else that is
    done for a panel; the tests check the finished JSON against the schema instead.
    """

    def __init__(self, linked: Linked) -> None:
        # Altair's classes keep every other attribute as a part of the JSON.
        self.__dict__["linked"] = linked
        # VegaFusion refers to the rows and does not hold them.
        self.__dict__["rows"] = set_on_lines(linked)
        # What was clicked on is no part of the drawing: an equal one would not reach the browser, and the click stayed.
        self.__dict__["number"] = next(_NUMBERS)
        super().__init__()  # type: ignore[no-untyped-call]

    # Two drawings are the same to Altair if their parts are, and these have none.
    __eq__ = object.__eq__
    __hash__ = object.__hash__

    @property
    def params(self) -> list[SimpleNamespace]:
        """Parameters and selections, as the widget looks for them."""
        return [
            SimpleNamespace(**{"value": alt.Undefined, "select": alt.Undefined, **param})
            for param in spec_of(self.__dict__["linked"])["params"]
        ]

    def to_dict(
        self,
        validate: bool = True,  # noqa: FBT001, FBT002 - as Altair calls it
        *,
        ignore: list[str] | None = None,
        context: dict[str, Any] | None = None,
    ) -> dict[str, Any]:
        """The Vega-Lite JSON, with its rows as the transformer in force gives them."""
        del validate, ignore, context
        return {
            **spec_of(self.__dict__["linked"]),
            "usermeta": {"number": self.__dict__["number"]},
            "data": _referred(self.__dict__["rows"]),
        }


class Picture(alt.TopLevelSpec):
    """A finished figure in the form that Altair's widget takes, with a width of its own."""

    def __init__(self, figure: Figure) -> None:
        self.__dict__["drawn"] = files.standing_alone(figure, ())
        super().__init__()  # type: ignore[no-untyped-call]

    __eq__ = object.__eq__
    __hash__ = object.__hash__

    @property
    def params(self) -> list[SimpleNamespace]:
        """Nothing in it is set or read from Python."""
        return []

    def to_dict(
        self,
        validate: bool = True,  # noqa: FBT001, FBT002 - as Altair calls it
        *,
        ignore: list[str] | None = None,
        context: dict[str, Any] | None = None,
    ) -> dict[str, Any]:
        """The Vega-Lite JSON without title: the panel has it as text."""
        del validate, ignore, context
        return {name: value for name, value in self.__dict__["drawn"].items() if name != "title"}


class LinkedChart(alt.JupyterChart):
    """Altair's widget with Vega in its own script. Without actions: their images would hold unprotected figures."""

    def on_select(self, columns: tuple[str, ...], tell: Callable[[Selected], None]) -> None:
        """Call ``tell`` with what is selected each time that it changes in the browser."""

        def changed(_: Any) -> None:
            tell({column: codes for column in columns if (codes := self.selected(column))})

        # One message of the browser holds every selection: Altair's handler has run when this one does.
        self.observe(changed, names=["_vl_selections"])

    def selected(self, column: str) -> tuple[str, ...]:
        """The selected codes of one view."""
        held = self._vl_selections.get(selection_name(column), {}).get("store", ())
        return tuple(str(item["values"][0]) for item in held)


def widget(linked: Linked, *, cache: Path) -> LinkedChart:
    """The drawing as a widget; ``cache`` keeps its script."""
    with _summed_by(linked):
        return _made(Drawing(linked), cache)


def picture(figure: Figure, *, cache: Path) -> LinkedChart:
    """A finished figure as a widget, by the same script."""
    with alt.data_transformers.enable("default", max_rows=None):
        return _made(Picture(figure), cache)


def draw_picture(chart: LinkedChart, figure: Figure) -> None:
    """Put another figure in the widget."""
    with alt.data_transformers.enable("default", max_rows=None):
        chart.chart = Picture(figure)


def _made(drawing: Drawing | Picture, cache: Path) -> LinkedChart:
    LinkedChart._esm = script(cache)  # noqa: SLF001 - where anywidget looks for it
    locale = theme.config()["locale"]
    return LinkedChart(
        drawing,
        local_tz=TIME_ZONE,
        embed_options={
            "actions": False,
            "renderer": "svg",
            "formatLocale": locale["number"],
            "timeFormatLocale": locale["time"],
        },
    )


def redraw(chart: LinkedChart, linked: Linked) -> None:
    """Put another drawing of the same views in the widget."""
    with _summed_by(linked):
        chart.chart = Drawing(linked)


def _referred(rows: pl.DataFrame) -> dict[str, Any]:
    """The rows as the transformer in force gives them: their values, or a name that VegaFusion knows them by."""
    transform = alt.data_transformers.get()
    if transform is None:  # nothing is enabled: Altair always enables one
        raise UsageError(
            "Altair has no data transformer", action="Enable one: alt.data_transformers.enable('default')."
        )
    return dict(transform(rows))


def _summed_by(linked: Linked) -> Any:
    if linked.data.height > ROWS_IN_BROWSER:
        return alt.data_transformers.enable("vegafusion")
    return alt.data_transformers.enable("default", max_rows=None)


def script(cache: Path) -> str:
    """The widget's script with Vega, Vega-Lite and Vega-Embed inside, made once and kept in ``cache``."""
    own = _without_imports(load_js_src())
    mark = hashlib.sha256(own.encode()).hexdigest()[:8]
    return bundles.kept(cache, f"widget-{metadata.version('vl-convert-python')}-{mark}", lambda: _bundled(own))


def _without_imports(source: str) -> str:
    """Altair's own script for the widget; what it imports from a server is in the bundle."""
    return "\n".join(line for line in source.split("\n") if not line.startswith("import "))


def _bundled(own: str) -> str:
    import vl_convert

    return str(vl_convert.javascript_bundle(own))
