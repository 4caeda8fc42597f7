"""A finished chart as a file that stands alone: PNG, SVG, HTML or Vega-Lite JSON, drawn here without a network."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any, Final

from analytics.charts import theme
from analytics.charts.figure import Figure

WIDTH: Final = 900
"""Pixels: a static image has no page to be as wide as."""
SCALE: Final = 2
LINE_LETTERS: Final = 120
SUFFIXES: Final = (".png", ".svg", ".html", ".json")


def content(figure: Figure, suffix: str, *, facts: Sequence[str]) -> bytes:
    """The chart with its title, below it its caption and the facts that a reader must have: period, audience, source.

    ``suffix`` is one of :data:`SUFFIXES`. The HTML holds Vega itself and loads nothing.
    """
    import vl_convert

    spec = standing_alone(figure, facts)
    if suffix == ".json":
        return json.dumps(spec, ensure_ascii=False, sort_keys=True, indent=1).encode()
    if suffix == ".png":
        png: bytes = vl_convert.vegalite_to_png(spec, scale=SCALE)
        return png
    to_text: Callable[..., str] = vl_convert.vegalite_to_svg if suffix == ".svg" else vl_convert.vegalite_to_html
    text = to_text(spec) if suffix == ".svg" else to_text(spec, bundle=True)
    return text.encode()


def standing_alone(figure: Figure, facts: Sequence[str]) -> dict[str, Any]:
    """The Vega-Lite JSON with a width of its own, and title, caption (what is left out stands there) and facts."""
    # A page asks how wide its place is; here there is no place to ask.
    spec: dict[str, Any] = json.loads(json.dumps(figure.spec).replace(theme.IS_WIDE, "true"))
    spec["width"] = WIDTH
    title = f"{figure.about}: {figure.title}" if figure.about else figure.title
    spec["title"] = {
        "text": _lines(title),
        "subtitle": [line for said in (figure.caption, *facts) if said for line in _lines(said)],
        "anchor": "start",
        "frame": "bounds",
    }
    spec["usermeta"] = {**spec.get("usermeta", {}), "title": title, "facts": list(facts)}
    return spec


def _lines(text: str) -> list[str]:
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) >= LINE_LETTERS and lines[-1]:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines
