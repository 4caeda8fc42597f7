"""The server's half of the language pack: it translates the settings itself, by files of gettext.

The page reads the pack's JSON, the server compiled files of a module with a set name. Both have the same texts, so the
files are made of the JSON at each start.
"""

from __future__ import annotations

import json
import sys
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from analytics import durable

LOCALE: Final = "sv_SE"
MODULE: Final = f"jupyterlab_language_pack_{LOCALE}"
"""Where JupyterLab's server looks for its files."""
_CONTEXT_ENDS: Final = "\x04"


def prepare(folder: Path) -> None:
    """Write the files into ``folder`` and let the server find them there. Raises OSError."""
    messages = files("analytics.lab.language") / "locale" / LOCALE / "LC_MESSAGES"
    for source in messages.iterdir():
        if source.name.endswith(".json"):
            target = folder / "locale" / LOCALE / "LC_MESSAGES" / f"{source.name.removesuffix('.json')}.mo"
            durable.replace(target, compiled(json.loads(source.read_bytes())))
    module = ModuleType(MODULE)
    module.__file__ = str(folder / "__init__.py")
    sys.modules[MODULE] = module


def compiled(pack: dict[str, list[str]]) -> bytes:
    """A domain of the pack (message, with its context before it → texts) as a compiled file of gettext.

    Messages with a plural are left out: settings have none.
    """
    catalog = Catalog(locale=LOCALE, charset="utf-8")
    for key, texts in pack.items():
        if key and len(texts) == 1:
            context, _, message = key.rpartition(_CONTEXT_ENDS)
            catalog.add(message, texts[0], context=context or None)
    stream = BytesIO()
    write_mo(stream, catalog)
    return stream.getvalue()
