"""A finished chart: drawing, title, text alternative, caption and its numbers as a table.

On a page the drawing is made from ``script.vega-spec`` inside ``div.vega-plats``; without scripts the text
alternative and the table stand on their own. Classes: ``diagram``, ``diagram-titel``, ``vega-plats``, ``vega-spec``,
``diagram-text``, ``diagram-siffror``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from analytics.charts import theme

if TYPE_CHECKING:
    import altair as alt

# JupyterLab 4 draws this media type; Altair's own for version 6 is not JSON by the notebook format.
MIME_TYPE = "application/vnd.vegalite.v5+json"


@dataclass(frozen=True, slots=True)
class Figure:
    """One chart. ``spec`` is Vega-Lite JSON and holds no suppressed figure; ``table_html`` holds the same numbers."""

    figure_id: str
    title: str
    alternative: str
    caption: str
    spec: dict[str, Any]
    table_html: str
    text: str
    about: str = ""
    """What the heading above the figure names and the title does not repeat: read aloud before the title."""
    source: str = ""
    """Where the figures come from, for a chart that leaves the page."""

    @property
    def html(self) -> str:
        """The figure element for a page. Every text is escaped, the JSON so that no script can end inside it."""
        about = f'<span class="dold">{escape(self.about)}: </span>' if self.about else ""
        named = f"{self.about}: {self.title}" if self.about else self.title
        return (
            f'<figure class="diagram" role="group" aria-labelledby="{self.figure_id}-titel">'
            f'<p class="diagram-titel" id="{self.figure_id}-titel">{about}{escape(self.title)}</p>'
            f'<div class="vega-plats" role="img" aria-label="{escape(self.alternative)}"></div>'
            f'<script type="application/json" class="vega-spec">{safe_json(self.spec)}</script>'
            f'<figcaption class="diagram-text">{escape(self.caption)}</figcaption>'
            '<details class="diagram-siffror"><summary>Visa siffrorna'
            f'<span class="dold">: {escape(named)}</span></summary>'
            f"{self.table_html}</details></figure>"
        )

    def _repr_html_(self) -> str:
        return self.html

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        del include, exclude
        return {MIME_TYPE: self.spec, "text/html": self.html, "text/plain": self.alternative}


def safe_json(spec: dict[str, Any]) -> str:
    """JSON that may stand inside a script element."""
    text = json.dumps(spec, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def spec_of(
    chart: alt.Chart | alt.LayerChart, *, description: str, height: int = theme.HEIGHT, narrow_height: int | None = None
) -> dict[str, Any]:
    """The chart as Vega-Lite JSON, as wide as its place, the same for the same data.

    ``narrow_height`` is for the page's script, which takes it in a narrow place: Vega-Lite cannot tell one.
    """
    finished = chart.properties(width="container", height=height, description=description).configure(
        **{name: value for name, value in theme.config().items() if name not in ("axis", "legend", "view", "locale")}
    )
    # Checking every part of a chart against the schema costs more than drawing it; the tests check the finished JSON.
    spec: dict[str, Any] = finished.to_dict(validate=False)
    spec["config"] = theme.config()
    if narrow_height is not None:
        spec["usermeta"] = {"narrowHeight": narrow_height}
    spec["autosize"] = {"type": "fit-x", "contains": "padding"}
    return spec
