"""A network namespace that has only loopback: what runs in it cannot reach another machine, whatever it tries."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

NEEDED = "network namespaces, unshare, nsenter and ip (Debian: apt-get install iproute2 util-linux)"
HOLD = "ip link set lo up && echo up && exec sleep infinity"


@dataclass(frozen=True, slots=True)
class Network:
    """Where commands run. ``holder`` is the process that keeps the namespace; None: this machine has its network on."""

    holder: int | None

    def command(self, *words: str) -> list[str]:
        """The command, to be run inside. The process keeps its id: it is replaced, not forked."""
        if self.holder is None:
            return list(words)
        return ["nsenter", f"--target={self.holder}", "--user", "--net", "--preserve-credentials", "--", *words]

    def executable(self, program: str, folder: Path) -> str:
        """A program that runs the given one inside, for those who take a path and no command."""
        script = folder / Path(program).name
        script.write_text(f'#!/bin/sh\nexec {" ".join(self.command(program))} "$@"\n', encoding="utf-8")
        script.chmod(0o755)
        return str(script)

    def holds(self, process: int) -> bool:
        """Whether a process is inside."""
        return self.holder is not None and _namespace(process) == _namespace(self.holder) != _namespace(os.getpid())


NETWORK_ON = Network(None)


def _namespace(process: int) -> str:
    return str(Path(f"/proc/{process}/ns/net").readlink())


@contextlib.contextmanager
def network_off() -> Iterator[Network]:
    """The namespace. Where it cannot be made, tests run with the network on, and :func:`require` skips or fails."""
    if not all(map(shutil.which, ("unshare", "nsenter", "ip"))):
        yield NETWORK_ON
        return
    keeper = subprocess.Popen(
        ["unshare", "--map-root-user", "--net", "sh", "-c", HOLD],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        yield Network(keeper.pid if keeper.stdout.readline() == "up\n" else None)
    finally:
        keeper.kill()
        keeper.wait()
        keeper.stdout.close()


def require(network: Network) -> None:
    """Skip a test whose network is on, or fail it where it must be off."""
    if network.holder is not None:
        return
    if os.environ.get("ANALYTICS_REQUIRE_NETWORK_OFF") == "1":
        pytest.fail(f"the network cannot be switched off: this needs {NEEDED}")
    pytest.skip(f"needs {NEEDED}")
