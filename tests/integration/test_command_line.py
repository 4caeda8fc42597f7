"""What a user meets: messages, exit codes, help, and how little is imported."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = ("polars", "pandas", "great_expectations", "papermill", "nbconvert", "altair", "IPython", "scipy")


@pytest.mark.parametrize("statement", ["import analytics", "import analytics.cli"])
def test_importing_costs_no_heavy_package(statement):
    code = f"{statement}; import sys; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_help_names_every_verb(region):
    text = region.analytics("--help").stdout
    for verb in ("sample", "load", "validate", "run", "reconcile", "audit"):
        assert verb in text


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("run", "2018-13"), 2, "2018-03"),
        (("run", "2018-03", "--unit", "71"), 2, "17 Landstingsdirektörens stab"),
        (("run", "2018-03", "--report", "personel"), 2, "personal"),
        (("run", "2031-01"), 10, "2031-01"),
        (("run", "2018-03", "--audience", "everyone"), 2, "public or internal"),
        (("frobnicate",), 2, "frobnicate"),
        (("reconcile", "2018-03", "--unit", "17", "--against", "no/such/folder"), 2, "no/such/folder"),
        (("audit", "no/such/folder"), 2, "no/such/folder"),
    ],
)
def test_a_wrong_call_is_answered_with_advice_and_an_exit_code(region, arguments, code, told):
    done = region.analytics(*arguments, check=False)
    assert done.returncode == code, done.stderr
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_errors_are_data_for_machines(region):
    done = region.analytics("run", "2018-03", "--unit", "71", "--json", check=False)
    record = json.loads(done.stdout)
    assert record["error"] == "UsageError"
    assert record["exit_code"] == done.returncode == 2


def test_outside_a_project_the_way_in_is_told(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "analytics", "load"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 3
    assert "analytics.toml" in done.stderr


def test_validate_checks_what_is_in(region):
    result = region.analytics_json("validate")
    assert result["validation"]["critical"] == 0
    assert result["validation"]["passed"] > 100


def test_audit_answers_with_the_declared_keys(region):
    result = region.analytics_json("audit", "data/raw/published")
    assert result["findings"]
    for finding in result["findings"]:
        assert set(finding) == {"file", "location", "check", "printed", "recomputed", "verdict", "why"}
        assert finding["verdict"] in {"rounding", "contradiction", "implausible"}
