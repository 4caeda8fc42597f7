"""The unit files of systemd start what exists, give a tick time to end, and let it write nowhere else."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from analytics import settings
from analytics.cli import app
from analytics.schedule.service import PATIENCE

PROJECT = Path(__file__).parents[2]
UNITS = PROJECT / "deploy/systemd"
SERVICES = ("analytics-schedule.service", "analytics-tick.service")


def values(name: str, key: str) -> list[str]:
    return re.findall(rf"^{key}=(.*)$", (UNITS / name).read_text(encoding="utf-8"), flags=re.MULTILINE)


@pytest.mark.parametrize("name", SERVICES)
def test_the_command_of_a_unit_is_one_that_the_program_knows(name):
    program, *arguments = shlex.split(values(name, "ExecStart")[0])
    assert program == "/srv/analytics/.venv/bin/analytics"
    assert arguments[:2] == ["--root", "/srv/analytics"]
    assert CliRunner().invoke(app, [*arguments[2:], "--help"]).exit_code == 0


@pytest.mark.parametrize("name", SERVICES)
def test_a_tick_is_given_longer_to_end_than_the_service_waits_for_it(name):
    assert float(values(name, "TimeoutStopSec")[0]) > PATIENCE
    assert values(name, "KillMode") == ["mixed"]


@pytest.mark.parametrize("name", SERVICES)
def test_a_unit_writes_data_and_reports_alone(name):
    assert values(name, "ProtectSystem") == ["strict"]
    assert values(name, "ReadWritePaths") == ["/srv/analytics/data /srv/analytics/reports"]
    assert values(name, "NoNewPrivileges") == ["yes"]


def test_the_timer_ticks_as_often_as_the_service_and_after_a_downtime():
    (minutes,) = re.findall(r"^OnCalendar=\*:0/(\d+)$", (UNITS / "analytics-tick.timer").read_text(), re.MULTILINE)
    every = settings.load(PROJECT).schedule.every_minutes
    assert timedelta(minutes=int(minutes)) == timedelta(minutes=every)
    assert values("analytics-tick.timer", "Persistent") == ["yes"]


def test_systemd_finds_no_fault_in_the_units(tmp_path):
    if shutil.which("systemd-analyze") is None:
        message = "systemd is not installed (Debian: apt-get install systemd)"
        if os.environ.get("ANALYTICS_REQUIRE_SYSTEMD") == "1":
            pytest.fail(message)
        pytest.skip(message)
    for file in UNITS.iterdir():
        text = file.read_text(encoding="utf-8").replace("/srv/analytics/.venv/bin/analytics", "/bin/true")
        (tmp_path / file.name).write_text(text, encoding="utf-8")
    command = ["systemd-analyze", "verify", "--man=no", *map(str, sorted(tmp_path.iterdir()))]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (found.returncode, found.stderr) == (0, "")
