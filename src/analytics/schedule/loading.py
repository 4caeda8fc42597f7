"""Fetching and loading in a tick: only what has changed, the good deliveries although others are refused."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analytics import catalog
from analytics.errors import AnalyticsError, ServiceError, StorageError
from analytics.leases import Holder, Lease
from analytics.progress import Progress
from analytics.schedule import retries
from analytics.schedule.attempting import Attempts, Running
from analytics.schedule.history import LOAD, PULL, Attempt, closed
from analytics.schedule.looking import Project
from analytics.schedule.outcomes import Step, StepOutcome
from analytics.settings import FILE_NAME, Settings
from analytics.snapshots import NOT_DELIVERIES

if TYPE_CHECKING:
    from analytics.connections import PullReport, SourceResult

Pull = Callable[[Settings], "PullReport"]


@dataclass(frozen=True, slots=True)
class Intake:
    """How a tick gets its data: ``pull`` fetches from the sources of the settings; None where there are none."""

    project: Project
    attempts: Attempts
    secret_file: Path
    pull: Pull | None
    progress: Progress

    def fetch(self) -> Step | None:
        """Fetch from every source that may be tried now. A source that failed is left alone for a while.

        Every failure of a source may pass: whether it answers, and with what, is decided elsewhere.
        """
        if self.pull is None:
            return None
        settings = self.project.settings
        waiting = {name: judged for name in _sources(settings) if (judged := self._judged(name)).verdict == "wait"}
        told = [f"{name}: failed, is tried again later" for name in waiting]
        lasting = [f"{name}: {each.last.problem}" for name, each in waiting.items() if each.last]
        asked = _only(settings, [name for name in _sources(settings) if name not in waiting])
        if asked is None:
            return Step(PULL, "waiting", tuple(told), "\n".join(lasting), ServiceError.exit_code)
        report = self.pull(asked)
        for source in report.sources:
            told.append(str(source))
            self._record(source)
        problems = [f"{source.source}: {source.problem}" for source in report.failed] + lasting
        outcome: StepOutcome = "failed" if problems else "done" if report.taken else "nothing"
        return Step(PULL, outcome, tuple(told), "\n".join(problems), ServiceError.exit_code if problems else 0)

    def _judged(self, source: str) -> retries.Judgement:
        rules = self.project.rules
        return retries.judge(
            [each for each in self.attempts.history.attempts(_place(source)) if each.outcome != "running"],
            input_version="",
            code_version="",
            now=self.attempts.clock.now(),
            steps=(timedelta(0),) * 9 if self.project.again else rules.steps,
            most_deaths=10**9,
        )

    def _record(self, source: SourceResult) -> None:
        """Failures are kept, and the first success after one; a quiet source would fill the history with nothing."""
        place = _place(source.source)
        last = self.attempts.history.last(place)
        if not source.problem and (last is None or last.outcome == "done") and not source.taken:
            return
        now = self.attempts.clock.now()
        attempt = Attempt(
            place=place,
            number=0,
            started=now,
            input_version="",
            code_version="",
            owner="",
            lease="",
            ended=now,
            outcome="failed" if source.problem else "done",
            passing=bool(source.problem),
            problem=source.problem,
            notes={"taken": list(source.taken)},
        )
        self.attempts.history.begin(attempt)

    def load(self) -> Step:
        """Take what has changed in the inbox. Nothing is read, nor any library loaded, where nothing has.

        A delivery that was refused is told at every tick and not tried again until the inbox changes.
        """
        found = fingerprint(self.project.settings, self.project.code_version, self.attempts.clock.now().date())
        known = self.attempts.history.attempts(LOAD)
        last = known[-1] if known else None
        if last is not None and not self.project.again and self._stands(last, found):
            return Step(LOAD, "nothing", (), last.problem, int(last.notes.get("exit_code", 0)))
        taken = self.attempts.take(LOAD, self.project.lease_folder(LOAD))
        if isinstance(taken, Holder):
            return Step(LOAD, "busy", (f"left to {taken}",))
        try:
            judged = retries.judge(
                closed(known, living=""),  # as they were before: one that died has not ended just now
                input_version=found,
                code_version=self.project.code_version,
                now=self.attempts.clock.now(),
                steps=self.project.rules.steps,
                most_deaths=self.project.rules.most_deaths,
            )
            if judged.verdict == "try" or self.project.again:
                return self._attempt(taken, found)
        finally:
            self.attempts.heart.release(taken)
        problem = judged.last.problem if judged.last else ""
        return Step(LOAD, "waiting", (), problem, StorageError.exit_code, judged.at)

    def _stands(self, last: Attempt, found: str) -> bool:
        """Whether the last load saw this very inbox, came to an end that nothing has changed, and is still in force."""
        if last.input_version != found or last.code_version != self.project.code_version:
            return False
        if last.outcome != "done" and (last.outcome != "failed" or last.passing):
            return False
        in_force = catalog.read(self.project.settings.paths.processed)
        return last.notes.get("catalog") == in_force.version

    def _attempt(self, lease: Lease, found: str) -> Step:
        running = self.attempts.begin(LOAD, lease, input_version=found)
        try:
            report = self._load()
        except (AnalyticsError, OSError) as error:
            return self._failed(running, error, str(error) if isinstance(error, AnalyticsError) else "")
        except Exception as error:  # noqa: BLE001 - a load that fails for whatever reason must not stop the packages
            return self._failed(running, error, "")
        except BaseException:
            running.end("stopped")
            raise
        running.log(str(report))
        running.end("done", notes={"catalog": report.catalog, "taken": [one.file for one in report.taken]})
        return Step(LOAD, "done" if report.taken else "nothing", tuple(str(report).splitlines()[:2]))

    def _failed(self, running: Running, error: Exception, said: str) -> Step:
        """Bad data stay bad until the inbox changes; a full disk may pass. An unforeseen error is not tried again."""
        problem = said or retries.in_words(error)
        cause = type(error).__name__
        code = error.exit_code if isinstance(error, AnalyticsError) else StorageError.exit_code
        running.log_error(error)
        try:
            in_force = catalog.read(self.project.settings.paths.processed).version
        except StorageError:
            in_force = ""
        notes = {"exit_code": code, "catalog": in_force}
        running.end("failed", problem=problem, cause=cause, passing=retries.may_pass(cause), notes=notes)
        return Step(LOAD, "failed", (), problem, code)

    def _load(self) -> Any:
        from analytics import intake, pseudonyms

        settings = self.project.settings
        secret = pseudonyms.read_or_create_secret(self.secret_file, repository=settings.root)
        return intake.load(settings, secret=secret, now=self.attempts.clock.now(), partial=True, progress=self.progress)


def fingerprint(settings: Settings, code_version: str, today: date) -> str:
    """What a load would see: name, size and times of the inbox, the reference tables, the suites and the settings.

    The month of ``today`` counts: a delivery of a month that has not begun is refused, until it has.

    The time of the last change of a file's entry counts too: a copy that keeps its old time is seen all the same.
    """
    digest = hashlib.sha256(f"{code_version}\0{today:%Y-%m}\n".encode())
    for name, file in sorted(_seen(settings)):
        try:
            found = file.stat()
        except OSError:  # a link that leads nowhere; the load says so
            digest.update(f"{name}\0unreadable\n".encode(errors="replace"))
            continue
        digest.update(f"{name}\0{found.st_size}\0{found.st_mtime_ns}\0{found.st_ctime_ns}\n".encode(errors="replace"))
    return digest.hexdigest()[:16]


def _seen(settings: Settings) -> Iterator[tuple[str, Path]]:
    paths = settings.paths
    if paths.raw.is_dir():
        for entry in paths.raw.iterdir():
            if entry.name.startswith(".") or entry.name in NOT_DELIVERIES:
                continue
            for file in entry.iterdir() if entry.is_dir() else (entry,):
                if not file.name.startswith("."):
                    yield f"raw/{entry.name}/{file.name}", file
    for folder, pattern in ((paths.reference, "*.csv"), (paths.expectations, "*.json"), (settings.root, FILE_NAME)):
        for file in folder.glob(pattern):
            yield f"{folder.name}/{file.name}", file


def _place(source: str) -> str:
    return f"{PULL}/{source}"


def _sources(settings: Settings) -> list[str]:
    sources = settings.sources
    named = [each.id for group in (sources.folder, sources.drop, sources.database) for each in group]
    return [*named, *(["kolada"] if settings.kolada.enabled else [])]


def _only(settings: Settings, names: list[str]) -> Settings | None:
    """The settings with these sources alone; None if there are none."""
    if not names:
        return None
    sources = settings.sources
    return replace(
        settings,
        sources=replace(
            sources,
            folder=tuple(each for each in sources.folder if each.id in names),
            drop=tuple(each for each in sources.drop if each.id in names),
            database=tuple(each for each in sources.database if each.id in names),
        ),
        kolada=replace(settings.kolada, enabled=settings.kolada.enabled and "kolada" in names),
    )
