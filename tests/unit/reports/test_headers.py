"""The policy of the web server lets exactly the program's own scripts run."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import pytest

from analytics.reports import headers, html, vega


def digest(script: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}"


@pytest.mark.parametrize("name", sorted(file.name for file in html.TEMPLATES.glob("*.js")))
def test_every_script_of_the_templates_is_allowed(name: str):
    """A script that has changed: add its hash to headers.SCRIPTS and to the nginx example, and keep the old one."""
    assert digest((html.TEMPLATES / name).read_text(encoding="utf-8")) in headers.SCRIPTS.values()


def test_the_chart_scripts_are_allowed(tmp_path: Path):
    """Another version of vl-convert has other scripts; the old ones stay for the packages that hold them."""
    assert digest(vega.bundle(tmp_path)) in headers.SCRIPTS.values()


def test_what_a_page_asks_for_is_within_the_policy_of_the_server(tmp_path: Path):
    page = html.page(html.Page("T", "S", "rapport"), '<h1>T</h1><div class="vega-spec"></div>', vega_cache=tmp_path)
    own = page.partition('Content-Security-Policy" content="')[2].partition('"')[0]
    wide = {part.split()[0]: set(part.split()[1:]) for part in headers.POLICY.split("; ")}
    for part in own.split("; "):
        name, *allowed = part.split()
        assert set(allowed) <= wide[name], name


def test_nothing_is_evaluated_or_loaded():
    assert "unsafe-eval" not in headers.POLICY
    assert "http" not in headers.POLICY
    assert "'self'" not in headers.POLICY
    (scripts,) = (part for part in headers.POLICY.split("; ") if part.startswith("script-src"))
    assert "unsafe-inline" not in scripts
