"""One tick: fetch, load, see what is due, make it oldest month first, record, tell. Safe to repeat and to kill."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path

from analytics.errors import AnalyticsError
from analytics.fanout import Maker, on_this_machine
from analytics.leases import Heart
from analytics.progress import Progress
from analytics.reports import package
from analytics.schedule import retries
from analytics.schedule.attempting import Attempts
from analytics.schedule.clock import Clock
from analytics.schedule.loading import Intake, Pull
from analytics.schedule.looking import Outlook, Project
from analytics.schedule.outcomes import Made, Problem, Step, TickReport, trouble
from analytics.schedule.running import make

Tell = Callable[[TickReport], None]


@dataclass(frozen=True, kw_only=True)
class Means:
    """What a tick works with.

    ``pull`` fetches from the sources, None where there are none. ``maker`` makes packages, on this machine or on many.
    ``tell`` is told of the finished tick, by name: the portal, notices, metrics; what fails there is in the report.
    """

    secret_file: Path
    pull: Pull | None = None
    maker: Maker = on_this_machine
    tell: dict[str, Tell] = field(default_factory=dict)
    progress: Progress = field(default_factory=Progress)


def tick(project: Project, clock: Clock, means: Means) -> TickReport:
    """Do all that is due. Failures are in the report; only an interruption is raised, after it has been recorded."""
    seconds = project.settings.schedule.lease_seconds
    steps: list[Step] = []
    made: list[Made] = []
    troubles: list[Problem] = []
    _tidy(project, troubles)
    with Heart(seconds=seconds) as heart:
        attempts = Attempts(project.history, clock, heart, seconds, project.code_version)
        intake = Intake(project, attempts, means.secret_file, means.pull, means.progress)
        for name, step in (("pull", intake.fetch), ("load", intake.load)):
            _attempted(name, step, steps, troubles)
        outlook = _look(project, clock, troubles)
        for _, of_month in groupby(outlook.asked, key=lambda due: due.period):
            asked = [due for due in of_month if due.state == "run"]
            made += make(project, attempts, asked, maker=means.maker, progress=means.progress) if asked else []
        if made:
            outlook = _look(replace(project, again=False), clock, troubles)
            _prune(project, clock, troubles)
    report = TickReport(clock.began, clock.seconds(), tuple(steps), tuple(made), outlook, tuple(troubles))
    return _told(report, means.tell)


def _tidy(project: Project, troubles: list[Problem]) -> None:
    """Drafts of a run that was killed go, and what it had published is confirmed, although nothing may be due now."""
    try:
        package.tidy(project.settings.paths.reports)
    except OSError as error:
        troubles.append(trouble("reports", error, retries.in_words(error)))


def _attempted(name: str, step: Callable[[], Step | None], steps: list[Step], troubles: list[Problem]) -> None:
    try:
        done = step()
    except Exception as error:  # noqa: BLE001 - packages whose data are in must not wait for a source
        troubles.append(trouble(name, error, retries.in_words(error)))
        return
    if done is not None:
        steps.append(done)


def _look(project: Project, clock: Clock, troubles: list[Problem]) -> Outlook:
    """How everything stands; nothing is due where that cannot be seen."""
    now = clock.now()
    try:
        return project.look(now)
    except (AnalyticsError, OSError) as error:
        found = trouble("due", error, retries.in_words(error))
        if found not in troubles:
            troubles.append(found)
        return Outlook(now, (), (), project.settings.paths.reference)


def _prune(project: Project, clock: Clock, troubles: list[Problem]) -> None:
    try:
        project.history.prune(now=clock.now(), days=project.settings.schedule.history_days)
    except (AnalyticsError, OSError) as error:
        troubles.append(trouble("history", error, retries.in_words(error)))


def _told(report: TickReport, tell: dict[str, Tell]) -> TickReport:
    """The report with what went wrong when it was told."""
    for name, teller in tell.items():
        try:
            teller(report)
        except Exception as error:  # noqa: BLE001 - a mail server must not make a published month look unpublished
            failed = trouble(name, error, retries.in_words(error))
            report = TickReport(
                report.began, report.seconds, report.steps, report.made, report.outlook, (*report.troubles, failed)
            )
    return report
