"""A project folder with the command line in it, for tests that use the product as a user does."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Region:
    """A project folder of its own with the demonstration region in it."""

    root: Path
    secret_file: Path

    @property
    def reports(self) -> Path:
        return self.root / "reports"

    def analytics(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run the command line in the folder, as a user would."""
        done = subprocess.run(
            [sys.executable, "-m", "analytics", *arguments],
            cwd=self.root,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert not check or done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        return done

    def analytics_json(self, *arguments: str) -> dict[str, object]:
        return json.loads(self.analytics(*arguments, "--json").stdout)

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "ANALYTICS_SECRET_FILE": str(self.secret_file)}


def new_project(root: Path) -> Region:
    """A folder with settings, suites, notebooks and reviewed data, but no deliveries."""
    root.mkdir(parents=True)
    shutil.copy(PROJECT / "analytics.toml", root)
    for folder in ("expectations", "notebooks", "data/raw/reference", "data/raw/published", "data/comments"):
        shutil.copytree(PROJECT / folder, root / folder, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    return Region(root, root.parent / f"{root.name}.key")
