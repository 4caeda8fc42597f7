"""Arguments become names of folders: whatever does not name a unit, report, month or audience is refused first."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from analytics.cli import app
from analytics.errors import UsageError

PROJECT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    "arguments",
    [
        ("run", "2018-03", "--unit", "../../x"),
        ("run", "2018-03", "--unit", "17/../10"),
        ("run", "2018-03", "--report", "../personal"),
        ("run", "../2018-03"),
        ("run", "2018-03", "--audience", "../public"),
        ("comments", "2018-03", "--unit", "../17"),
        ("comments", "../2018-03"),
        ("comments", "2018-03", "--unit", "17", "--audience", "../internal"),
        ("reconcile", "2018-03", "--unit", "../17"),
        ("reconcile", "2018-03", "--unit", "17", "--audience", "all"),
    ],
    ids=" ".join,
)
def test_an_argument_that_would_lead_elsewhere_is_a_wrong_call(monkeypatch, arguments):
    monkeypatch.setenv("POLARS_MAX_THREADS", "1")
    result = CliRunner().invoke(app, ["--root", str(PROJECT), *arguments])
    assert isinstance(result.exception, UsageError), result.exception
    assert result.exception.exit_code == 2
    assert result.exception.action


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1"])  # noqa: S104 - refused
def test_reports_are_shown_to_other_machines_only_if_asked_for(host):
    result = CliRunner().invoke(app, ["--root", str(PROJECT), "serve", "--host", host, "--port", "0"])
    assert isinstance(result.exception, UsageError), result.exception
    assert "there is no login" in str(result.exception)
