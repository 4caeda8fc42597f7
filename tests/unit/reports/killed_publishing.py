"""Publish version 2 again and again, each time killed one step later; run as a program, so that forking is safe.

A step is a call that changes the disk. After each kill the reports are looked at as they are, then a next run publishes,
and the outcome is compared with that of an undisturbed one. Prints what it found as JSON.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from made_packages import faults, publish, tree

from analytics.reports import package, versions

CHANGING = ("chmod", "fsync", "link", "mkdir", "rename", "replace", "rmdir", "unlink")


def killing(call: Callable[..., Any], steps: dict[str, int]) -> Callable[..., Any]:
    def counted(*arguments: Any, **named: Any) -> Any:
        steps["left"] -= 1
        if steps["left"] < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return call(*arguments, **named)

    return counted


def publish_until(reports: Path, moment: int) -> bool:
    """Publish version 2 in a child that dies before its step ``moment``; whether it got through instead."""
    child = os.fork()
    if child == 0:
        steps = {"left": moment}
        for name in CHANGING:
            setattr(os, name, killing(getattr(os, name), steps))
        package._exchange = killing(package._exchange, steps)
        publish(reports, "two", data="d2")
        os._exit(0)
    return os.WIFEXITED(os.waitpid(child, 0)[1])


def state(reports: Path) -> dict[str, bytes]:
    """Everything that stays: packages and ledger, without locks."""
    return {name: data for name, data in tree(reports).items() if not name.startswith(package.WORK)}


def main(folder: Path, *, exchange: bool, links: bool) -> dict[str, Any]:
    if not exchange:
        package._exchange = lambda *_: False
    if not links:
        versions._link = shutil.copy2
    base, whole = folder / "base", folder / "whole"
    publish(base, "one")
    shutil.copytree(base, whole)
    publish(whole, "two", data="d2")
    expected, found = state(whole), []
    moment, gone = 0, 0
    while True:
        reports = folder / str(moment)
        shutil.copytree(base, reports)
        got_through = publish_until(reports, moment)
        home = reports / "2018-03/17"
        if home.exists():
            found += [f"{moment}: {fault}" for fault in faults(home)]
        else:
            gone += 1
        with package.workspace(reports):
            found += [f"{moment}, next run: {fault}" for fault in faults(home)]
        publish(reports, "two", data="d2")
        if state(reports) != expected:
            found.append(f"{moment}: another outcome: {sorted(set(state(reports)) ^ set(expected))}")
        left = [path.name for path in (reports / package.WORK).iterdir() if path.name != package.PUBLISH_LOCK]
        found += [f"{moment}: left {name}" for name in left]
        shutil.rmtree(reports)
        if got_through:
            return {"moments": moment, "gone": gone, "found": found}
        moment += 1


if __name__ == "__main__":
    found = main(Path(sys.argv[1]), exchange="exchange" in sys.argv, links="links" in sys.argv)
    sys.stdout.write(json.dumps(found))
