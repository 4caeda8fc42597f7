"""Which version of the program this is, as packages and attempts remember it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from analytics import __version__


def code_version(root: Path) -> str:
    """The version, with the commit it was made from where the project is a git checkout (``+`` marks changes)."""
    git = shutil.which("git")
    if git is None or not (root / ".git").exists():
        return __version__
    described = subprocess.run(  # noqa: S603 - no input of a user is in it
        [git, "describe", "--always", "--dirty=+", "--exclude=*"], cwd=root, capture_output=True, text=True, check=False
    )
    return f"{__version__} ({described.stdout.strip()})" if described.returncode == 0 else __version__
