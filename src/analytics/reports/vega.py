"""The Vega libraries as one script for offline pages, made once and kept as a file.

Making the bundle takes seconds, so it lies in a cache folder under a name that holds the version of vl-convert (which
pins those of Vega) and a hash of its
content. Charts run with Vega's own expression interpreter (``ast: true``), so pages need no ``eval`` and can forbid it.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import metadata
from pathlib import Path

from analytics import bundles

TEMPLATES = Path(__file__).parent / "templates"


def bundle(cache: Path) -> str:
    """The script with Vega, Vega-Lite and Vega-Embed. A cached file that does not match its hash is made again."""
    return bundles.kept(cache, f"vega-{metadata.version('vl-convert-python')}", _make)


def _make() -> str:
    import vl_convert

    bundle_of_all: Callable[[], str] = vl_convert.javascript_bundle  # type: ignore[assignment] # snippet is optional
    return bundle_of_all()


def starter() -> str:
    """The script that draws every ``figure.diagram`` with Swedish numbers and dates."""
    return (TEMPLATES / "charts.js").read_text(encoding="utf-8")
