"""Scripts for the browser that take seconds to make: made once and kept as files.

A kept script lies in a cache folder under a name that holds what it is made from and a hash of its content, so that a
damaged file is made again and a newer library makes a new one.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Callable
from pathlib import Path


def kept(cache: Path, stem: str, make: Callable[[], str]) -> str:
    """The script named ``stem`` of a cache folder. A file that does not match its hash is made again."""
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "vega.lock").open("w") as lock:
        # Several processes may need it at the same moment; one makes it.
        fcntl.flock(lock, fcntl.LOCK_EX)
        for file in sorted(cache.glob(f"{stem}-*.js")):
            text = file.read_text(encoding="utf-8")
            if file.stem == f"{stem}-{digest(text)}":
                return text
        made = make()
        target = cache / f"{stem}-{digest(made)}.js"
        draft = target.with_suffix(f".{os.getpid()}.tmp")
        draft.write_text(made, encoding="utf-8")
        draft.replace(target)
        return made


def digest(text: str) -> str:
    """What tells one script from another."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]
