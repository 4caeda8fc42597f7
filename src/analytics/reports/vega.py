"""The Vega libraries as one script for offline pages, made once and kept as a file.

Making the bundle takes seconds, so it lies in a cache folder under a name that holds the versions and a hash of its
content. Charts run with Vega's own expression interpreter (``ast: true``), so pages need no ``eval`` and can forbid it.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from pathlib import Path

LOCALE = "sv-SE"
TEMPLATES = Path(__file__).parent / "templates"


def bundle(cache: Path) -> str:
    """The script with Vega, Vega-Lite and Vega-Embed. A cached file that does not match its hash is made again."""
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "vega.lock").open("w") as lock:
        # Several processes may need it at the same moment; one makes it.
        fcntl.flock(lock, fcntl.LOCK_EX)
        return _cached(cache)


def _cached(cache: Path) -> str:
    import vl_convert

    stem = f"vega-{vl_convert.__version__}-{vl_convert.get_vega_version()}-{vl_convert.get_vegalite_versions()[-1]}"
    for file in sorted(cache.glob(f"{stem}-*.js")):
        text = file.read_text(encoding="utf-8")
        if file.stem == f"{stem}-{_digest(text)}":
            return text
    text: str = vl_convert.javascript_bundle()
    target = cache / f"{stem}-{_digest(text)}.js"
    draft = target.with_suffix(f".{os.getpid()}.tmp")
    draft.write_text(text, encoding="utf-8")
    draft.replace(target)
    return text


def starter() -> str:
    """The script that draws every ``figure.diagram`` with Swedish numbers and dates."""
    import vl_convert

    time = vl_convert.get_time_format_locale(LOCALE)
    # Swedish writes days and months in lower case.
    for key in ("days", "shortDays", "months", "shortMonths"):
        time[key] = [name.lower() for name in time[key]]
    locale = {"number": {**vl_convert.get_format_locale(LOCALE), "minus": "\u2212"}, "time": time}
    script = (TEMPLATES / "charts.js").read_text(encoding="utf-8")
    return script.replace("__LOCALE__", json.dumps(locale, ensure_ascii=True))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
