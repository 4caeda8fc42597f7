"""The Vega libraries as one script for offline pages, made once and kept as a file.

Making the bundle takes seconds, so it lies in a cache folder under a name that holds the version of vl-convert (which
pins those of Vega) and a hash of its
content. Charts run with Vega's own expression interpreter (``ast: true``), so pages need no ``eval`` and can forbid it.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

TEMPLATES = Path(__file__).parent / "templates"


def bundle(cache: Path) -> str:
    """The script with Vega, Vega-Lite and Vega-Embed. A cached file that does not match its hash is made again."""
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "vega.lock").open("w") as lock:
        # Several processes may need it at the same moment; one makes it.
        fcntl.flock(lock, fcntl.LOCK_EX)
        return _cached(cache)


def _cached(cache: Path) -> str:
    stem = f"vega-{metadata.version('vl-convert-python')}"
    for file in sorted(cache.glob(f"{stem}-*.js")):
        text = file.read_text(encoding="utf-8")
        if file.stem == f"{stem}-{_digest(text)}":
            return text
    made = _make()
    target = cache / f"{stem}-{_digest(made)}.js"
    draft = target.with_suffix(f".{os.getpid()}.tmp")
    draft.write_text(made, encoding="utf-8")
    draft.replace(target)
    return made


def _make() -> str:
    import vl_convert

    bundle_of_all: Callable[[], str] = vl_convert.javascript_bundle  # type: ignore[assignment] # snippet is optional
    return bundle_of_all()


def starter() -> str:
    """The script that draws every ``figure.diagram`` with Swedish numbers and dates."""
    return (TEMPLATES / "charts.js").read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
