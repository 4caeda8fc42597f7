"""Whether two machines make the same package: one hash per part of what a package is made with besides deliveries."""

from __future__ import annotations

import hashlib
import json
import platform
import re
from collections.abc import Iterable
from functools import cache
from importlib import metadata
from pathlib import Path

import analytics
from analytics.settings import FILE_NAME, Settings

Installation = dict[str, str]
"""Part → hash. The parts are code, libraries, settings, notebooks and reference tables."""


def of(settings: Settings) -> Installation:
    """The parts of a project. Code and libraries are those that this process began with, not those on disk now."""
    paths = settings.paths
    return {
        **program(),
        "settings": _hashed((settings.root / FILE_NAME).read_bytes()),
        "notebooks": _of_files(paths.notebooks, [*paths.notebooks.glob("*.ipynb"), *paths.notebooks.glob("*.toml")]),
        "reference tables": _of_files(paths.reference, paths.reference.rglob("*")),
    }


@cache
def program() -> Installation:
    """Code and libraries, as this process began with them."""
    folder = Path(analytics.__file__).parent
    code = (file for file in folder.rglob("*") if "__pycache__" not in file.parts)
    required = {
        re.split(r"[^\w.-]", line)[0] for line in metadata.requires("analytics") or () if "extra ==" not in line
    }
    versions = {name: metadata.version(name) for name in sorted(required | {"distributed"})}
    libraries = json.dumps([platform.python_version(), versions])
    return {"code": _of_files(folder, code), "libraries": _hashed(libraries.encode())}


def differences(mine: Installation, theirs: Installation) -> tuple[str, ...]:
    """The parts in which two installations differ."""
    return tuple(part for part in mine if mine[part] != theirs.get(part))


def _of_files(folder: Path, files: Iterable[Path]) -> str:
    found = {file.relative_to(folder).as_posix(): file for file in files if file.is_file()}
    return _hashed(json.dumps({name: _hashed(found[name].read_bytes()) for name in sorted(found)}).encode())


def _hashed(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
