"""How the server is set: loopback, a token, our kernel alone, nothing from the internet."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jupyterlab.handlers.announcements import NeverCheckForUpdate
from tornado.web import HTTPError
from traitlets.config import Config

from analytics.lab import saving
from analytics.lab.places import KERNEL, Places
from analytics.settings import Settings

START = "notebooks/explore/start.ipynb"
HOST = "127.0.0.1"
WARNINGS = 30


def configuration(settings: Settings, places: Places, *, port: int, token: str, browser: bool) -> Config:
    """The whole configuration of server and page; nothing else is read. ``port`` must be free."""
    shared = Path(sys.prefix) / "share" / "jupyter"
    return Config(
        {
            "ServerApp": {
                "ip": HOST,
                "port": port,
                "port_retries": 0,
                "root_dir": str(settings.root),
                "allow_remote_access": False,
                "allow_root": True,
                "terminals_enabled": False,
                "log_level": WARNINGS,
            },
            "PasswordIdentityProvider": {
                "token": token,
                "hashed_password": "",
                "password_required": False,
                "allow_password_change": False,
            },
            "KernelSpecManager": {"allowed_kernelspecs": {KERNEL}, "ensure_native_kernel": False},
            "MultiKernelManager": {"default_kernel_name": KERNEL},
            # Messages of a kernel hold unprotected figures: its sockets are files that only this user may open.
            "KernelManager": {"transport": "ipc"},
            "ContentsManager": {"allow_hidden": False},
            "LabApp": _page(settings, places, shared, browser=browser),
        }
    )


def _page(settings: Settings, places: Places, shared: Path, *, browser: bool) -> dict[str, Any]:
    return {
        "app_dir": str(shared / "lab"),
        "app_settings_dir": str(places.page),
        "user_settings_dir": str(places.user_settings),
        "workspaces_dir": str(places.workspaces),
        "labextensions_path": [str(shared / "labextensions")],
        "extra_labextensions_path": [],
        "extension_manager": "readonly",
        "lock_all_plugins": True,
        "news_url": None,
        "check_for_updates_class": NeverCheckForUpdate,
        "default_url": f"/lab/tree/{START}" if (settings.root / START).is_file() else "/lab",
        "open_browser": browser,
        "log_level": WARNINGS,
    }


def before_saving(settings: Settings) -> Callable[..., None]:
    """What the contents manager calls before it writes a file."""
    paths = settings.paths
    return saving.hook(
        settings.root, paths.notebooks, (paths.reports, paths.processed), lambda text: HTTPError(403, text)
    )
