"""Files with secrets: outside the project, so that they never enter its repository, and for their owner alone."""

from __future__ import annotations

import stat
from pathlib import Path

from analytics.errors import SettingsError
from analytics.settings import FILE_NAME


def refuse_inside_project(path: Path, repository: Path | None = None) -> None:
    """Raise SettingsError if the path lies in ``repository``, or in any folder that holds ``analytics.toml``."""
    folder = path.resolve().parent
    inside = (folder, *folder.parents)
    in_repository = repository is not None and repository.resolve() in inside
    if in_repository or any((place / FILE_NAME).exists() for place in inside):
        raise SettingsError(
            f"the secret {path} would lie inside the project",
            action="Keep it outside, for example under ~/.config/analytics/, so that it never enters the repository.",
        )


def refuse_readable_by_others(path: Path, *, after: str = "") -> None:
    """Raise SettingsError if others than the owner may read the file, or if it is no file. OSError if it is not there.

    ``after`` is said after the command that mends it.
    """
    mode = path.stat().st_mode
    if not stat.S_ISREG(mode) or mode & 0o077:
        raise SettingsError(
            f"the secret {path} can be read by others than its owner, or is no file",
            action=f"Run: chmod 600 {path}. {after}".rstrip(),
        )
