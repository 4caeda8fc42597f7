from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from analytics.errors import ReportError
from analytics.reports.limits import Limits
from analytics.reports.workers import Done, Job, Pool

HERE = "tests_workers_jobs"
JOBS = """\
import os, signal, sys, threading, time

def double(number, tell):
    return 2 * number

def fail(text, tell):
    raise ValueError(text)

def hang(file, tell):
    with open(file, "a") as stream:
        stream.write(f"{os.getpid()}\\n")
    tell("cell 7 of 9")
    time.sleep(600)

def die(file, tell):
    with open(file, "a") as stream:
        stream.write("x")
    os.kill(os.getpid(), signal.SIGSEGV)

def die_once(file, tell):
    if os.path.exists(file):
        return "second time"
    open(file, "w").close()
    os.kill(os.getpid(), signal.SIGKILL)

def eat(megabytes, tell):
    tell("cell 2 of 3")
    held = [bytearray(1024 * 1024) for _ in range(megabytes)]
    for part in held:
        part[::4096] = b"x" * len(part[::4096])
    time.sleep(600)

def eat_in_a_child(megabytes, tell):
    import subprocess
    code = f"held = b'x' * {megabytes} * 1024 * 1024; import time; time.sleep(600)"
    subprocess.run([sys.executable, "-c", code])

def polars_sum(rows, tell):
    import polars as pl
    frame = pl.DataFrame({"g": [i % 7 for i in range(rows)], "v": list(range(rows))})
    total = frame.lazy().group_by("g").agg(pl.col("v").sum()).collect()["v"].sum()
    return total, pl.thread_pool_size()

def threads(_, tell):
    return threading.active_count()
"""


@pytest.fixture
def jobs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / f"{HERE}.py").write_text(JOBS)
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path


def run(
    folder: Path, *work: tuple[str, object], time_limit: float = 60, preload: tuple[str, ...] = (), memory: int = 0
) -> list[Done]:
    log = folder / "log"
    with Pool(jobs=2, preload=preload) as pool:
        pool.use(Limits(time_limit, memory), log)
        for number, (name, argument) in enumerate(work):
            pool.add(Job(str(number), f"{HERE}:{name}", argument))
        return sorted(pool.results(), key=lambda done: done.key)


def test_answers_come_back_and_an_error_is_told_once(jobs: Path):
    good, bad = run(jobs, ("double", 21), ("fail", "no such table"))

    assert (good.status, good.value, good.attempts) == ("ok", 42, 1)
    assert (bad.status, bad.problem, bad.cause, bad.attempts) == (
        "error",
        "ValueError: no such table",
        "ValueError",
        1,
    )
    assert "no such table" in bad.log.read_text()
    assert good.log.read_text() == ""


def test_a_child_that_hangs_is_killed_and_tried_once_more(jobs: Path):
    hanging, good = run(jobs, ("hang", str(jobs / "pids")), ("double", 1), time_limit=1)

    assert (hanging.status, hanging.cause) == ("timeout", "timeout")
    assert hanging.problem == "stopped after 1 seconds at cell 7 of 9"
    assert good.value == 2
    pids = [int(line) for line in (jobs / "pids").read_text().split()]
    assert len(pids) == 2
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_a_child_that_dies_is_tried_once_more(jobs: Path):
    dead, risen = run(jobs, ("die", str(jobs / "deaths")), ("die_once", str(jobs / "once")))

    assert (dead.status, dead.cause) == ("killed", "killed")
    assert "SIGSEGV" in dead.problem
    assert (jobs / "deaths").read_text() == "xx"
    assert (risen.value, risen.attempts) == ("second time", 2)


@pytest.mark.parametrize("work", ["eat", "eat_in_a_child"])
def test_a_child_that_takes_too_much_memory_is_stopped_at_once_and_harms_no_other(jobs: Path, work: str):
    greedy, good = run(jobs, (work, 300), ("double", 21), memory=200)

    assert (greedy.status, greedy.cause, greedy.attempts) == ("memory", "memory", 1)
    assert re.fullmatch(
        r"stopped because it used \d+ MB of memory; at most 200 MB are allowed( at cell 2 of 3)?", greedy.problem
    )
    assert good.value == 42


def test_a_child_below_its_limit_is_left_alone(jobs: Path):
    assert [done.value for done in run(jobs, ("polars_sum", 1000), preload=("polars",), memory=2000)] == [(499500, 1)]


def test_polars_computes_in_the_children_with_one_thread_even_if_the_caller_has_used_it(jobs: Path):
    import polars as pl

    assert pl.DataFrame({"a": [1, 2]}).lazy().group_by("a").len().collect().height == 2
    answers = run(jobs, *[("polars_sum", 1000)] * 6, preload=("polars",))

    assert [done.value for done in answers] == [(499500, 1)] * 6


@pytest.mark.usefixtures("jobs")
def test_jobs_may_be_added_while_answers_come():
    seen = []
    with Pool(jobs=2, preload=()) as pool:
        pool.add(Job("1", f"{HERE}:double", 1))
        for done in pool.results():
            seen.append(done.value)
            if done.value < 16:
                pool.add(Job("n", f"{HERE}:double", done.value))

    assert seen == [2, 4, 8, 16]


def test_a_pool_serves_one_run_after_another_each_with_limits_and_a_log_of_its_own(jobs: Path):
    with Pool(jobs=2, preload=()) as pool:
        pool.use(Limits(0.5), jobs / "first")
        pool.add(Job("slow", f"{HERE}:hang", str(jobs / "pids")))
        pool.use(Limits(60), jobs / "second")
        pool.add(Job("bad", f"{HERE}:fail", "told in its own log"))
        ends = {done.key: done for done in pool.results()}
        pool.use(Limits(60), None)
        pool.add(Job("silent", f"{HERE}:fail", "told nowhere"))
        (silent,) = pool.results()

    assert [ends["slow"].status, ends["bad"].status, silent.status] == ["timeout", "error", "error"]
    assert ends["slow"].log.parent == jobs / "first"
    assert "told in its own log" in ends["bad"].log.read_text()
    assert ends["bad"].log.parent == jobs / "second"


def test_a_pool_forgets_what_one_run_left_and_serves_the_next(jobs: Path):
    with Pool(jobs=2, preload=()) as pool:
        pool.forget()
        for number in range(5):
            pool.add(Job(f"old {number}", f"{HERE}:hang", str(jobs / "pids")))
        pids = wait_for(jobs / "pids", lines=2)
        pool.forget()
        pool.add(Job("new", f"{HERE}:double", 4))
        answers = list(pool.results())

        assert pool.is_alive
    assert [(done.key, done.value) for done in answers] == [("new", 8)]
    assert len((jobs / "pids").read_text().split()) == 2
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_a_pool_that_cannot_start_is_an_error(jobs: Path):
    with pytest.raises(ReportError, match="stopped"):
        run(jobs, ("double", 1), preload=("no_such_module",))


def test_when_the_owner_is_killed_its_children_die_too(jobs: Path):
    code = (
        "from analytics.reports.workers import Job, Pool\n"
        "pool = Pool(jobs=1, preload=())\n"
        f"pool.add(Job('1', '{HERE}:hang', {str(jobs / 'pids')!r}))\n"
        "list(pool.results())\n"
    )
    script = jobs / "owner.py"
    script.write_text(f"if __name__ == '__main__':\n    import sys\n    {'    '.join(code.splitlines(keepends=True))}")
    owner = subprocess.Popen([sys.executable, script], env={**os.environ, "PYTHONPATH": str(jobs)})
    (child,) = wait_for(jobs / "pids")
    owner.send_signal(signal.SIGKILL)
    owner.wait()

    deadline = time.monotonic() + 30
    while Path(f"/proc/{child}").exists() and "Z" not in state_of(child) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not Path(f"/proc/{child}").exists() or "Z" in state_of(child)


def state_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2]
    except (FileNotFoundError, ProcessLookupError):
        return "Z"


def wait_for(file: Path, lines: int = 1) -> list[int]:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        found = file.read_text() if file.exists() else ""
        if found.count("\n") >= lines and found.endswith("\n"):
            return [int(line) for line in found.splitlines()]
        time.sleep(0.02)
    raise AssertionError(f"{file} did not get {lines} lines")
