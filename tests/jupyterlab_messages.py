"""The messages of the installed JupyterLab, read out of its own files: what a language pack has to translate.

The page asks its translator by ``__``, ``_n``, ``_p`` and ``_np`` with literal texts; the server looks each translatable text
of a schema up under a context. Texts that JupyterLab puts together only when it runs are not found.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from jupyterlab_server.translation_utils import translator

LAB: Final = Path(sys.prefix) / "share/jupyter/lab"
_LITERAL: Final = r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\$]|\\.|\$(?!\{))*`)"""
_CALLS: Final = {
    1: re.compile(rf"\.__\({_LITERAL}", re.DOTALL),
    2: re.compile(rf"\._(n|p)\({_LITERAL},{_LITERAL}", re.DOTALL),
    3: re.compile(rf"\._np\({_LITERAL},{_LITERAL},{_LITERAL}", re.DOTALL),
}
_ESCAPED: Final = re.compile(r"\\(?:u\{([0-9a-fA-F]+)\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", re.DOTALL)
_MEANS: Final = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": ""}


@cache
def installed() -> dict[str, str | None]:
    """Each message (context and U+0004 before it where it has one) → its plural, None where it has none."""
    found: dict[str, str | None] = {}
    for file in sorted((LAB / "static").glob("*.js")):
        for key, plural in _of_the_page(file.read_text(encoding="utf-8", errors="replace")):
            found[key] = plural or found.get(key)
    for file in sorted((LAB / "schemas").rglob("*.json")):
        for key in _of_a_schema(json.loads(file.read_text(encoding="utf-8"))):
            found.setdefault(key, None)
    return found


def _of_the_page(script: str) -> Iterator[tuple[str, str | None]]:
    for call in _CALLS[1].finditer(script):
        yield _text(call[1]), None
    for call in _CALLS[2].finditer(script):
        first, second = _text(call[2]), _text(call[3])
        yield (first, second) if call[1] == "n" else (f"{first}\x04{second}", None)
    for call in _CALLS[3].finditer(script):
        yield f"{_text(call[1])}\x04{_text(call[2])}", _text(call[3])


def _text(literal: str) -> str:
    def meant(escape: re.Match[str]) -> str:
        number = escape[1] or escape[2] or escape[3]
        return chr(int(number, 16)) if number else _MEANS.get(escape[4], escape[4])

    return _ESCAPED.sub(meant, literal[1:-1])


class _Asked:
    """Stands in for the server's translations and notes what it is asked for."""

    def __init__(self) -> None:
        self.keys: list[str] = []

    def pgettext(self, context: str, message: str) -> str:
        self.keys.append(f"{context}\x04{message}")
        return message


def _of_a_schema(schema: dict[str, object]) -> list[str]:
    asked = _Asked()
    translator._translate_schema_strings(asked, schema)
    return asked.keys
