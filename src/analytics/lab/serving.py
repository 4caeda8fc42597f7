"""Starts JupyterLab in this process, tells where it is, and stops it with its kernels."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from analytics.errors import UsageError
from analytics.lab.places import Places
from analytics.settings import Settings

HOST = "127.0.0.1"
FIRST_PORT = 8888
TRIED_PORTS = 50
LONGEST_RUNTIME = 45
"""Bytes of the runtime folder's path: a socket's name adds up to 60, and the kernel of Linux allows 107."""
STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True, slots=True)
class Started:
    """A JupyterLab that answers."""

    port: int
    token: str
    path: str
    root: Path

    @property
    def address(self) -> str:
        """With the token: whoever has it sees unprotected figures."""
        return f"http://{HOST}:{self.port}{self.path}?token={self.token}"

    def as_record(self) -> dict[str, object]:
        return {"address": self.address, "port": self.port, "token": self.token, "root": str(self.root)}


def serve(settings: Settings, *, port: int | None, browser: bool, tell: Callable[[Started], None]) -> None:
    """Serve until Ctrl-C, SIGTERM or the end of the terminal; then stop every kernel.

    ``port`` None takes the first free one from 8888, 0 any. Raises UsageError without the extra or if the
    port is taken.
    """
    if find_spec("jupyterlab") is None:
        raise missing_library()
    free = _free_port(port)
    with _runtime() as runtime:
        places = Places(settings.root, runtime)
        places.prepare()
        environment = places.environment(os.environ)
        os.environ.clear()
        os.environ.update(environment)
        _run(settings, places, free, browser=browser, tell=tell)


def missing_library() -> UsageError:
    """JupyterLab is not there, and how to get it."""
    return UsageError(
        "JupyterLab is not installed",
        action='Install it with: make lab (in the project), or pip install "analytics[lab]".',
    )


def _run(settings: Settings, places: Places, port: int, *, browser: bool, tell: Callable[[Started], None]) -> None:
    # The paths of Jupyter are read from the environment when this is imported.
    from jupyterlab.labapp import LabApp

    from analytics.lab.configuration import before_saving, configuration

    token = secrets.token_urlsafe(32)
    config = configuration(settings, places, port=port, token=token, browser=browser)
    server = LabApp.initialize_server(argv=[], config=config)
    server.contents_manager.register_pre_save_hook(before_saving(settings))
    started = Started(port, token, server.default_url, settings.root)

    def stop(number: int, _frame: object) -> None:
        del number
        server.stop(from_signal=True)

    for number in STOPS:
        signal.signal(number, stop)
    server.io_loop.add_callback(tell, started)
    try:
        server.start()
    finally:
        # Jupyter's own folder for "no configuration".
        shutil.rmtree(server.config_dir, ignore_errors=True)


@contextmanager
def _runtime() -> Iterator[Path]:
    """A folder for sockets and the file with the token, open to this user alone, removed afterwards."""
    base = Path(tempfile.gettempdir())
    short = base if len(os.fsencode(base)) + len("/lab-12345678") <= LONGEST_RUNTIME else Path("/tmp")  # noqa: S108
    with tempfile.TemporaryDirectory(prefix="lab-", dir=short, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def _free_port(asked: int | None) -> int:
    candidates = range(FIRST_PORT, FIRST_PORT + TRIED_PORTS) if asked is None else (asked,)
    for port in candidates:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise UsageError(
        f"port {asked} is taken or not allowed" if asked is not None else f"no port from {FIRST_PORT} on is free",
        action="Leave --port out, give another one, or stop the JupyterLab that runs already.",
    )
