"""A real Chromium and what a page did in it that it should not."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Page

from started_chromium import PATIENCE

RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}}


@dataclass
class Visit:
    """An open page and what it did that it should not."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@dataclass
class Visitor:
    browser: Browser
    reports: Path

    def open(self, name: str, *, width: int = 1280, scripts: bool = True) -> Visit:
        """Open a page of the folder as a file."""
        return self.go((self.reports / name).as_uri(), width=width, scripts=scripts)

    def go(self, address: str, *, width: int = 1280, scripts: bool = True, user: str = "", password: str = "") -> Visit:
        """Open an address; ``user`` logs in, and then the certificate of a test is good enough."""
        context = self.browser.new_context(
            viewport={"width": width, "height": 900},
            java_script_enabled=scripts,
            ignore_https_errors=bool(user),
            http_credentials={"username": user, "password": password} if user else None,
        )
        context.set_default_timeout(PATIENCE)
        visit = Visit(context.new_page())
        visit.page.on("request", lambda request: visit.requests.append(request.url))
        visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
        visit.page.on(
            "console",
            lambda message: visit.complaints.append(message.text) if message.type in ("error", "warning") else None,
        )
        visit.page.goto(address)
        if scripts:
            visit.page.wait_for_function(
                "() => [...document.querySelectorAll('.vega-plats')].every(place => place.querySelector('svg'))",
            )
        return visit

    def close(self) -> None:
        """Close every page."""
        for context in self.browser.contexts:
            context.close()
