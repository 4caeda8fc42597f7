"""What a user meets: messages, exit codes, help, and how little is imported."""

from __future__ import annotations

import json
import shutil
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
    for verb in ("sample", "load", "validate", "run", "reconcile", "audit", "verify"):
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
        (("verify", "no/such/folder"), 2, "no/such/folder"),
        (("verify",), 2, "--all"),
        (("verify", "reports/2018-03/17", "--all"), 2, "--all"),
        (("verify", "--all", "--ledger", "no/such/ledger"), 2, "no/such/ledger"),
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


def test_every_package_is_as_it_was_published(region):
    result = region.analytics_json("verify", "--all")

    assert result["ok"] is True
    assert [package["versions"] for package in result["packages"]] == [[1]] * 6
    assert all(package["files"] > 100 for package in result["packages"])


def test_a_package_that_was_changed_is_told_with_exit_code_7(region, tmp_path):
    copy = shutil.copytree(region.reports / "2018-03/17", tmp_path / "17")
    page = copy / "v1/ekonomi.html"
    page.chmod(0o644)
    page.write_text(page.read_text(encoding="utf-8").replace("mnkr", "tkr"), encoding="utf-8")

    done = region.analytics("verify", str(copy), check=False)

    assert done.returncode == 7
    assert "v1/ekonomi.html: changed" in done.stdout
    assert "not as published: 1 of the files and versions in 1 of 1 packages" in done.stderr
