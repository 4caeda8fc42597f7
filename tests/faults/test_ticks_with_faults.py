"""Real ticks under faults: each has a clear status, nothing is lost, and the other unit is unharmed."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from small_months import OPEN, PERIOD, SmallMonths, notebook

from analytics.reports import package_list
from analytics.schedule.history import History

AT, LATER = "2018-04-20T10:00", "2018-04-20T10:30"
Run = Callable[..., dict[str, Any]]


@pytest.fixture
def project(tmp_path: Path) -> SmallMonths:
    return SmallMonths(tmp_path / "project")


@pytest.fixture(scope="module")
def ticks() -> Iterator[subprocess.Popen[str]]:
    program = [sys.executable, Path(__file__).parent / "warm_ticks.py"]
    process = subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    yield process
    process.communicate()


@pytest.fixture
def tick(project: SmallMonths, ticks: subprocess.Popen[str]) -> Run:
    def run(at: str, *more: str, **fault: object) -> dict[str, Any]:
        arguments = ["schedule", "--once", "--at", at, *more]
        request = {"root": str(project.root), "arguments": arguments, "output": str(project.root.parent / "out")}
        assert ticks.stdin is not None
        assert ticks.stdout is not None
        ticks.stdin.write(json.dumps({**request, **fault}) + "\n")
        ticks.stdin.flush()
        return json.loads(ticks.stdout.readline())

    return run


def published(project: SmallMonths) -> list[str]:
    return sorted(file.parent.name for file in project.reports.glob(f"{PERIOD}/*/manifest.json"))


def outcomes(project: SmallMonths, unit: str) -> list[tuple[str, str]]:
    history = History(project.reports / ".history")
    return [(attempt.outcome, attempt.cause) for attempt in history.attempts(f"{PERIOD}/{unit}")]


def with_notebook(project: SmallMonths, code: str) -> None:
    """For unit 10 the report ``kort`` does this; for unit 17 nothing is wrong."""
    body = "\n".join(f"    {line}" for line in code.splitlines())
    made = notebook(OPEN, f'if unit == "10":\n{body}', 'wb.show("fr1_outcome")', "wb.footer()", heading="Kort")
    nbformat.write(made, project.root / "notebooks/kort.ipynb")
    package_list.write(project.root / "notebooks", (package_list.Listed("kort", "", ""),))


def with_setting(project: SmallMonths, old: str, new: str) -> None:
    file = project.root / "analytics.toml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(
    ("code", "setting", "ends"),
    [
        (
            "while True:\n    pass",
            ("time_limit_seconds = 600", "time_limit_seconds = 8"),
            ("timeout", "stopped after 8"),
        ),
        (
            'held = b"x" * 900 * 1024 * 1024\nwhile True:\n    pass',
            ("memory_limit_mb = 4096", "memory_limit_mb = 700"),
            ("memory", "at most 700 MB are allowed"),
        ),
    ],
)
def test_a_notebook_without_end_or_measure_is_killed_and_the_other_unit_is_published(
    project: SmallMonths, tick: Run, code: str, setting: tuple[str, str], ends: tuple[str, str]
) -> None:
    cause, told = ends
    with_notebook(project, code)
    with_setting(project, *setting)
    found = tick(AT)
    assert found["status"] == 7
    assert told in found["output"]
    assert found["left"] == []
    assert published(project) == ["17"]
    assert outcomes(project, "10") == [("failed", cause)]
    assert outcomes(project, "17") == [("done", "")]


def test_a_full_disk_fails_clearly_leaves_nothing_half_and_is_tried_again(project: SmallMonths, tick: Run) -> None:
    """No file can grow beyond 30 kB: pages are larger, records of attempts are not."""
    assert tick(AT, "--json")["status"] == 0
    packages = project.reports / PERIOD
    before = {file: file.read_bytes() for file in packages.glob("*/**/*") if file.is_file()}
    assert any(len(content) > 30_000 for content in before.values())
    project.deliver(3, version=2, corrected=True)
    found = tick("2018-04-20T10:10", largest=30_000)
    assert found["status"] in (6, 7), found["output"]
    assert "File too large" in found["output"], found["output"]
    assert {file: file.read_bytes() for file in before} == before
    assert not list(project.reports.glob("2018-03/*/v2"))

    later = tick(LATER)
    assert later["status"] == 0, later["output"]
    assert len(list(project.reports.glob("2018-03/*/v2/manifest.json"))) == 2


def test_garbage_from_a_supplier_is_refused_and_what_is_whole_is_made(project: SmallMonths, tick: Run) -> None:
    garbage = project.root / "data/raw/raindance/raindance_saldo_201804.txt"
    garbage.write_bytes(b"<html><body>502 Bad Gateway</body></html>\0\xff")
    found = tick(AT)
    assert found["status"] == 4
    assert "raindance_saldo_201804.txt" in found["output"]
    assert published(project) == ["10", "17"]
    # Told at every tick until it is replaced.
    assert tick(LATER)["status"] == 4
    garbage.unlink()
    project.deliver(4)
    assert tick("2018-04-20T11:00")["status"] == 0
