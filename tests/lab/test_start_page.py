"""The start page of JupyterLab in real Chromium."""

from __future__ import annotations

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("lab")]


def test_the_start_page_runs_through_and_asks_nobody_else(analyst):
    start = analyst.open("notebooks/explore/start.ipynb")
    start.run_all()
    start.screenshot("start", whole=True)
    start.check()
