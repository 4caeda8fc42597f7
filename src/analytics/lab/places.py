"""Where JupyterLab keeps what it writes: in the project, and in a short-lived private folder for sockets and tokens.

Nothing is read from or written to the user's ``~/.jupyter`` and ``~/.ipython`` or the system's Jupyter folders, so that
the workbench is the same on every machine.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from analytics import durable
from analytics.lab import server_language

FOLDER = ".jupyter"
KERNEL = "analytics"
PREFIXES = ("JUPYTER", "JPY_")
"""Environment variables of these beginnings set up another Jupyter than this one."""
LANGUAGE_SETTING = "@jupyterlab/translation-extension/plugin.jupyterlab-settings"
IPYTHON = frozenset({"IPYTHONDIR"})
KERNELSPEC: Mapping[str, object] = {
    "argv": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
    "display_name": "Analytics",
    "language": "python",
    "metadata": {"debugger": True},
}
"""The Python that runs the command: a kernel without the package cannot be chosen by mistake."""


@dataclass(frozen=True, slots=True)
class Places:
    """Folders of one started JupyterLab."""

    root: Path
    runtime: Path
    """Private to the user and gone afterwards. Its path is short, because the name of a socket may have 107 bytes."""

    @property
    def home(self) -> Path:
        return self.root / FOLDER

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def kernels(self) -> Path:
        return self.data / "kernels"

    @property
    def page(self) -> Path:
        """``page_config.json`` and ``overrides.json``: written anew at every start."""
        return self.home / "page"

    @property
    def user_settings(self) -> Path:
        """What the analyst changes under Inställningar."""
        return self.home / "settings"

    @property
    def workspaces(self) -> Path:
        return self.home / "workspaces"

    @property
    def language(self) -> Path:
        """What the server translates settings by, made anew at every start."""
        return self.home / "language"

    @property
    def ipython(self) -> Path:
        return self.home / "ipython"

    def environment(self, given: Mapping[str, str]) -> dict[str, str]:
        """The environment of the server and its kernels: every variable that sets up Jupyter is replaced by ours."""
        kept = {name: value for name, value in given.items() if not name.startswith(PREFIXES) and name not in IPYTHON}
        return kept | {
            "JUPYTER_NO_CONFIG": "1",
            "JUPYTER_PLATFORM_DIRS": "1",
            # The kernel in the project goes before one of that name in the environment.
            "JUPYTER_PREFER_ENV_PATH": "0",
            "JUPYTER_DATA_DIR": str(self.data),
            "JUPYTER_RUNTIME_DIR": str(self.runtime),
            "IPYTHONDIR": str(self.ipython),
        }

    def prepare(self) -> None:
        """Write the kernel and the defaults of the page; make the other folders. Raises OSError."""
        for folder in (self.user_settings, self.workspaces, self.ipython):
            folder.mkdir(parents=True, exist_ok=True)
        _write(self.kernels / KERNEL / "kernel.json", KERNELSPEC)
        for name in ("page_config.json", "overrides.json"):
            _write(self.page / name, json.loads(files(__package__).joinpath("defaults", name).read_bytes()))
        chosen = self.user_settings / LANGUAGE_SETTING
        if not chosen.exists():
            # The page takes Swedish from the defaults, the server reads nothing but what the user has set.
            _write(chosen, {"locale": server_language.LOCALE})
        server_language.prepare(self.language)
        self.home.joinpath(".gitignore").write_text("*\n", encoding="utf-8")


def disabled_parts() -> Iterable[str]:
    """Plugins of JupyterLab that are off: those that ask the internet, and those without a server side here."""
    page = json.loads(files(__package__).joinpath("defaults", "page_config.json").read_bytes())
    return tuple(page["disabledExtensions"])


def _write(file: Path, content: object) -> None:
    durable.replace(file, (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode())
