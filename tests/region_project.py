"""A project folder with the command line in it, for tests that use the product as a user does."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
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


def made_once(base: Path, name: str, fill: Callable[[Region], None]) -> Region:
    """A project that the first of all test processes makes and fills, and the others wait for and read.

    ``base`` is the temporary folder of the test process (``tmp_path_factory.getbasetemp()``).
    """
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    made = Region(shared / name, shared / f"{name}.key")
    done = shared / f"{name}.done"
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            shutil.rmtree(made.root, ignore_errors=True)
            new_project(made.root)
            fill(made)
            done.touch()
    return made


def loaded_once(base: Path, name: str, fill: Callable[[Region], None] = lambda _: None) -> Region:
    """As :func:`made_once`, with the demonstration region already loaded; it is generated and loaded once for all names."""

    def generate(made: Region) -> None:
        made.analytics("sample")
        made.analytics("load")

    def take(made: Region) -> None:
        source = made_once(base, "loaded", generate)
        for part in ("data/raw", "data/processed"):
            for given in (source.root / part).iterdir():
                target = made.root / part / given.name
                if given.is_dir() and not target.exists():
                    shutil.copytree(given, target, copy_function=os.link)
                elif not target.exists():
                    os.link(given, target)
        shutil.copy(source.secret_file, made.secret_file)
        fill(made)

    return made_once(base, name, take)
