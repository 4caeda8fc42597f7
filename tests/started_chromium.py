"""A real Chromium that asks the internet for nothing by itself."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
)
PATIENCE = 120_000
"""Milliseconds after which a page hangs; no test depends on how fast the machine is."""

expect.set_options(timeout=PATIENCE)


@contextlib.contextmanager
def chromium(within: Callable[[str], str] = str, downloads: Path | None = None) -> Iterator[Browser]:
    """An open browser; without one the test is skipped, or fails where it must run.

    ``within`` gives the program to start for the path of Chromium, where it is to run inside something. ``downloads``
    is the folder of what pages download, kept until their context closes.

    Playwright keeps an event loop in the thread until its browser is closed: no second browser can be opened and nothing
    asynchronous be run meanwhile. Fixtures therefore keep a browser no longer than one module.
    """
    executable = shutil.which("chromium")
    if executable is None:
        message = "Chromium is not installed (Debian: apt-get install chromium)"
        if os.environ.get("ANALYTICS_REQUIRE_BROWSER") == "1":
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as driver:
        opened = driver.chromium.launch(
            executable_path=within(executable), args=list(ARGUMENTS), downloads_path=downloads
        )
        yield opened
        opened.close()
