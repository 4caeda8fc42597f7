"""``analytics.toml`` → settings. Unknown, missing or wrongly typed keys are refused."""

from __future__ import annotations

import dataclasses
import tomllib
from pathlib import Path
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

from analytics.errors import SettingsError
from analytics.settings.checks import check
from analytics.settings.model import FILE_NAME, Paths, Settings


def find_root(start: Path) -> Path:
    """The nearest folder at or above ``start`` that holds ``analytics.toml``."""
    for folder in (start, *start.parents):
        if (folder / FILE_NAME).is_file():
            return folder
    raise SettingsError(
        f"no {FILE_NAME} in {start} or above it", action="Run the command in the project, or give --root FOLDER."
    )


def load(root: Path) -> Settings:
    """Read ``analytics.toml`` in ``root``; paths come back absolute.

    Raises SettingsError with the key that is wrong.
    """
    file = root / FILE_NAME
    try:
        with file.open("rb") as stream:
            raw = tomllib.load(stream)
    except OSError as error:
        raise SettingsError(
            f"{file} cannot be read: {error.strerror}", action="Check that it is there and may be read."
        ) from None
    except UnicodeDecodeError:
        raise SettingsError(f"{FILE_NAME} is not UTF-8", action="Save the file as UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{FILE_NAME} is not valid TOML: {error}", action="Mend the line that is named.") from None
    settings: Settings = _build(Settings, raw, "")
    check(settings)
    resolved = {field.name: root / getattr(settings.paths, field.name) for field in dataclasses.fields(Paths)}
    return dataclasses.replace(settings, paths=Paths(**resolved), root=root)


def _build(kind: Any, raw: object, key: str) -> Any:
    if dataclasses.is_dataclass(kind):
        return _build_table(kind, raw, key)
    if get_origin(kind) is tuple:
        if not isinstance(raw, list):
            raise SettingsError(f"{key} in {FILE_NAME} must be a list")
        return tuple(_build(get_args(kind)[0], item, f"{key}[{index}]") for index, item in enumerate(raw))
    if kind is Path and isinstance(raw, str):
        return Path(raw)
    if kind is float and isinstance(raw, int | float) and not isinstance(raw, bool):
        return float(raw)
    if kind in (str, int, bool) and type(raw) is kind:
        return raw
    raise SettingsError(f"{key} in {FILE_NAME} must be of type {kind.__name__}, not {type(raw).__name__}")


def _build_table(kind: Any, raw: object, key: str) -> Any:
    if not isinstance(raw, dict):
        raise SettingsError(f"{key} in {FILE_NAME} must be a table")
    hints = get_type_hints(kind)
    hints.pop("root", NoneType)
    prefix = f"{key}." if key else ""
    unknown = sorted(set(raw) - set(hints))
    if unknown:
        raise SettingsError(f"unknown key {prefix}{unknown[0]} in {FILE_NAME}", action=f"Known: {', '.join(hints)}.")
    missing = [name for name in hints if name not in raw]
    if missing:
        raise SettingsError(f"key {prefix}{missing[0]} is missing in {FILE_NAME}")
    return kind(**{name: _build(hint, raw[name], f"{prefix}{name}") for name, hint in hints.items()})
