"""A real ``analytics lab`` with data, and notebooks of it opened in a real Chromium.

The fixtures stand in ``fixtures_of_lab``: ``lab`` is one server for the whole test run; ``analyst`` opens notebooks in
it, each in a browser profile of its own. Server, kernels and browser share a network that has only loopback::

    def test_it(analyst):
        notebook = analyst.open("notebooks/explore/avvikelser.ipynb")
        notebook.run_all()
        notebook.page.locator("…").click()
        notebook.check()          # no console errors, nothing asked of another machine, no cell failed
        notebook.screenshot("avvikelser-klickad")

Screenshots land in the folder that ``ANALYTICS_SCREENSHOTS`` names, and nowhere without it.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

from playwright.sync_api import Browser, BrowserContext, Locator, Page, TimeoutError, expect  # noqa: A004

from network_off import NETWORK_ON, Network
from region_project import Region
from started_chromium import PATIENCE

WATCHED = Path(__file__).parent / "watched_python"
DEAD_PROXY = "http://127.0.0.1:9"
LOCAL_SCHEMES = ("data", "blob", "about")
ONLY_SLOW = re.compile(r"^Plugin \S+ (is taking too long|\(with \d+ dependants\) took [\d.]+ms) to activate")
"""What JupyterLab warns of on a busy machine: no test depends on how fast it is."""
RUN_MENU = 3
STILL = 200
"""Milliseconds within which what stands still has not moved."""
BESIDE = 60
"""Pixels from the end of a name to the row of its bar."""
HOVER = 3_000
"""Milliseconds after which a menu is opened again."""
KERNEL_IS_IDLE = """async ([path, token, patience]) => {
    for (const start = Date.now(); Date.now() - start < patience;) {
        const answer = await fetch("/api/sessions", {headers: {Authorization: `token ${token}`}});
        const kernel = (await answer.json()).find(session => session.path === path)?.kernel;
        if (kernel?.connections > 0 && kernel.execution_state === "idle") return true;
        await new Promise(done => setTimeout(done, 50));
    }
    return false;
}"""


@dataclass
class Lab:
    """A running JupyterLab."""

    root: Path
    address: str
    process: subprocess.Popen[str]
    record: Path
    errors: Path

    @property
    def base(self) -> str:
        parts = urlsplit(self.address)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def token(self) -> str:
        return urlsplit(self.address).query.removeprefix("token=")

    def of(self, notebook: str) -> str:
        """The address of one notebook, with the token, in a workspace of its own: no tab of an earlier page is restored."""
        return f"{self.base}/lab/workspaces/{uuid4().hex}/tree/{notebook}?token={self.token}"

    @property
    def connections(self) -> str:
        """What the server and its kernels asked of other machines, one attempt a line."""
        return self.record.read_text(encoding="utf-8") if self.record.exists() else ""


@contextmanager
def started(
    region: Region, folder: Path, *, environment: dict[str, str] | None = None, network: Network = NETWORK_ON
) -> Iterator[Lab]:
    """Start the command as an analyst does, and stop it with Ctrl-C's signal; its proxies lead nowhere."""
    record, errors = folder / "connections.txt", folder / "errors.txt"
    proxies = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), DEAD_PROXY)
    with errors.open("w", encoding="utf-8") as stream:
        process = subprocess.Popen(
            network.command(sys.executable, "-m", "analytics", "lab", "--no-browser", "--port", "0", "--json"),
            cwd=region.root,
            env={
                **region.environment,
                **proxies,
                "no_proxy": "127.0.0.1,localhost",
                "PYTHONPATH": str(WATCHED),
                "WATCHED_CONNECTIONS": str(record),
                **(environment or {}),
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=stream,
            text=True,
        )
    try:
        line = process.stdout.readline()
        assert line, errors.read_text(encoding="utf-8")
        yield Lab(region.root, json.loads(line)["address"], process, record, errors)
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


@dataclass
class Opened:
    """A notebook in the browser, and what its page did that it should not."""

    page: Page
    lab: Lab
    path: str
    outside: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    @property
    def cells(self) -> Locator:
        """Code cells, from top to bottom."""
        return self.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-CodeCell")

    def output(self, cell: int) -> Locator:
        """What the code cell printed; the first is 0."""
        return self.cells.nth(cell).locator(".jp-OutputArea")

    def run_all(self) -> None:
        """Run every cell by the menu and wait until the kernel is idle again."""
        self.menu(RUN_MENU, "runmenu:run-all")
        for cell in self.cells.all():
            expect(cell.locator(".jp-InputPrompt")).to_have_text(re.compile(r"\[\d+\]:"))
        self.idle()

    def menu(self, position: int, command: str) -> None:
        """Choose an item of the menu bar: the position of the menu from the left, and the command's id."""
        self.page.locator("#jp-MainMenu .lm-MenuBar-item").nth(position).click()
        self.page.locator(f'.lm-Menu [data-command="{command}"]').first.click()

    def submenu(self, position: int, label: str, item: str) -> None:
        """Choose an item of a submenu of the menu bar; the menu is opened again if the submenu was not filled yet."""
        chosen = self.page.locator(".lm-Menu").nth(1).locator(".lm-Menu-itemLabel").get_by_text(item, exact=True)
        for _ in range(PATIENCE // HOVER):
            self.page.locator("#jp-MainMenu .lm-MenuBar-item").nth(position).click()
            self.page.locator(".lm-Menu-item", has_text=label).hover()
            with contextlib.suppress(TimeoutError):
                chosen.click(timeout=HOVER)
                return
            self.page.keyboard.press("Escape")
            self.page.keyboard.press("Escape")
        raise AssertionError(f"{label} has no item {item}")

    def click_row(self, name: str, *, also: bool = False) -> None:
        """Click in the row of a bar of the first chart, beside its name, when it stands still; ``also`` adds to the choice."""
        label = self.page.locator(".vega-embed svg").first.get_by_text(name).first
        label.wait_for()
        label.scroll_into_view_if_needed()
        place, before = label.bounding_box(), None
        while place is None or place != before:
            self.page.wait_for_timeout(STILL)
            place, before = label.bounding_box(), place
        if also:
            self.page.keyboard.down("Shift")
        self.page.mouse.click(place["x"] + place["width"] + BESIDE, place["y"] + place["height"] / 2)
        if also:
            self.page.keyboard.up("Shift")

    def idle(self) -> None:
        """Wait until the kernel has nothing to do, by its own account and by the notebook's."""
        assert self.page.evaluate(KERNEL_IS_IDLE, [self.path, self.lab.token, PATIENCE]), "the kernel is not idle"
        indicator = self.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Notebook-ExecutionIndicator")
        expect(indicator).to_have_attribute("data-status", "idle")

    @property
    def failures(self) -> list[str]:
        """What cells that failed say."""
        return self.page.locator('[data-mime-type="application/vnd.jupyter.error"]').all_inner_texts()

    def check(self) -> None:
        """Nothing went wrong: no error in a cell or in the console, and nothing was asked of another machine."""
        assert self.failures == []
        assert self.complaints == []
        assert self.outside == []
        assert self.lab.connections == ""

    def screenshot(self, name: str, *, whole: bool = False) -> None:
        """Keep a picture if ``ANALYTICS_SCREENSHOTS`` names a folder. ``whole`` makes the window as tall as the notebook."""
        folder = os.environ.get("ANALYTICS_SCREENSHOTS")
        if not folder:
            return
        Path(folder).mkdir(parents=True, exist_ok=True)
        if whole:
            height = self.page.evaluate(
                "Math.max(...[...document.querySelectorAll('.jp-Notebook')].map(e => e.scrollHeight))"
            )
            self.page.set_viewport_size({"width": self.page.viewport_size["width"], "height": min(height + 140, 8000)})
        self.page.screenshot(path=Path(folder) / f"{name}.png")


@dataclass
class Analyst:
    """Opens notebooks of one JupyterLab."""

    browser: Browser
    lab: Lab

    def open(self, path: str, *, width: int = 1500, height: int = 1100) -> Opened:
        """Open a notebook (path from the project's folder) and wait until its kernel can be used."""
        context = self.browser.new_context(viewport={"width": width, "height": height}, locale="sv-SE")
        context.set_default_timeout(PATIENCE)
        opened = Opened(context.new_page(), self.lab, path)
        self._watch(context, opened)
        opened.page.goto(self.lab.of(path))
        opened.cells.first.wait_for()
        opened.idle()
        return opened

    def _watch(self, context: BrowserContext, opened: Opened) -> None:
        def asked(address: str) -> None:
            parts = urlsplit(address)
            if parts.scheme not in LOCAL_SCHEMES and parts.netloc != urlsplit(self.lab.base).netloc:
                opened.outside.append(address)

        context.on("request", lambda request: asked(request.url))
        opened.page.on("websocket", lambda socket: asked(socket.url))
        opened.page.on("pageerror", lambda error: opened.complaints.append(str(error)))
        opened.page.on(
            "console",
            lambda message: (
                opened.complaints.append(f"{message.text} {message.location}")
                if message.type in ("error", "warning") and not ONLY_SLOW.search(message.text)
                else None
            ),
        )

    def close(self) -> None:
        """Close every page."""
        for context in self.browser.contexts:
            context.close()
