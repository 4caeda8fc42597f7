"""After a tick: people are told by notices, operations by metrics. Nothing here holds a figure or an error's own words.

What is told follows from how everything stands, not from what this tick did: a tick that is killed between publishing
and telling is made good by the next one, and the post sends each notice once (decision 023).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from analytics.calendar import STOCKHOLM
from analytics.errors import NoticesWaitError
from analytics.notices import Kind, Notice, Post, textfile
from analytics.schedule import published
from analytics.schedule.due import Due, moment_label
from analytics.schedule.history import LOAD, PULL
from analytics.schedule.looking import Project
from analytics.schedule.outcomes import TickReport
from analytics.schedule.published import Published

OUTBOX: Final = ".outbox"
SEE_STATUS: Final = "Mer finns i analytics status."
NOT_AGAIN: Final = "Det görs inte om förrän underlaget eller programmet ändras, eller på begäran."
RECENT: Final = timedelta(days=7)
"""Packages made longer ago are not told of: notices that are switched on do not begin with the archive."""
STEPS: Final = {
    PULL: "Hämtningen av underlag",
    LOAD: "Inläsningen av underlag",
    "calendar": "Rapportkalendern",
    "portal": "Portalen",
}


@dataclass(slots=True)
class Teller:
    """Tells of ticks of one project. ``waiting`` is how many notices could not be sent at the last one."""

    project: Project
    post: Post
    waiting: int = 0

    def people(self, report: TickReport) -> None:
        """Send what there is to tell and what waits.

        Raises NoticesWaitError if a server could not be reached or refused, StorageError if the outbox fails.
        """
        now = report.ended
        outcome = self.post.flush(now=now)
        for notice in self.notices(report):
            outcome += self.post.send(notice, now=now)
        self.waiting = outcome.waiting
        if outcome.waiting:
            raise NoticesWaitError(
                f"{outcome.waiting} notices could not be sent ({'; '.join(outcome.problems)})",
                action="They lie in reports/.outbox and are sent again at every tick; check the server.",
            )

    def metrics(self, report: TickReport) -> None:
        """Write the file of metrics, where the settings name one. Raises OSError if it cannot be written."""
        name = self.project.settings.notices.textfile
        if not name:
            return
        metrics = textfile.Metrics(
            finished=report.ended,
            seconds=report.seconds,
            succeeded=not report.problems,
            states=tuple(each.state for each in report.outlook.asked),
            published=sum(each.outcome == "published" for each in report.made),
            notices_waiting=self.waiting,
        )
        textfile.write(self.project.settings.root / name, metrics)

    def notices(self, report: TickReport) -> Iterator[Notice]:
        """What there is to tell of how everything stands."""
        for due in report.outlook.asked:
            if due.state == "published":
                yield from self._of_published(due, report)
            elif due.state == "failed":
                again = f"Nytt försök görs {moment_label(due.next)}." if due.next else NOT_AGAIN
                yield self._notice(
                    "failed", due, due.input_version, ("Paketet kunde inte tas fram.", again, SEE_STATUS)
                )
            elif due.reason == "data_late":
                lacking = [f"{each.need.layout} {month}" for each in due.missing for month in each.months]
                yield self._notice("late", due, " ".join([due.state, *sorted(lacking)]), (due.detail,))
        yield from self._of_operations(report)

    def _of_published(self, due: Due, report: TickReport) -> Iterator[Notice]:
        folder = self.project.folder / str(due.period) / due.unit
        package = published.read(folder)
        if not isinstance(package, Published) or package.made < report.ended - RECENT:
            return
        version = f"v{package.version}"
        attachments = tuple(str(file) for file in self._attachments(folder))
        yield self._notice("published", due, version, (due.detail,), attachments)
        if package.comments_missing:
            rows = sum(package.comments_missing.values())
            lacking = (
                f"{rows} {'rad' if rows == 1 else 'rader'} i rapporterna saknar godkänd kommentar eller åtgärdsplan."
            )
            yield self._notice("missing_comments", due, version, (lacking, "Se analytics comments."))

    def _attachments(self, folder: Path) -> list[Path]:
        """Files of public packages only: a mail is copied on without control."""
        settings = self.project.settings
        if settings.disclosure.audience != "public":
            return []
        files = [folder / f"{name}.html" for name in settings.notices.attach]
        return [file for file in files if file.is_file()]

    def _of_operations(self, report: TickReport) -> Iterator[Notice]:
        """What went wrong outside the packages, once a day for each place."""
        packages = {f"{each.period} {each.unit}" for each in report.outlook.asked}
        for what in dict.fromkeys(problem.what for problem in report.problems if problem.what not in packages):
            day = report.ended.astimezone(STOCKHOLM).date()
            words = STEPS.get(what.partition("/")[0], "Körningen")
            yield Notice(
                kind="operations",
                period="",
                period_label="",
                unit="",
                unit_label="",
                occasion=f"{day} {hashlib.sha256(what.encode()).hexdigest()[:12]}",
                lines=(f"{words} behöver tillsyn.", SEE_STATUS),
            )

    def _notice(
        self, kind: Kind, due: Due, occasion: str, lines: tuple[str, ...], attachments: tuple[str, ...] = ()
    ) -> Notice:
        folder = self.project.folder / str(due.period) / due.unit
        link = f"{folder.relative_to(self.project.settings.paths.reports).as_posix()}/" if due.version else ""
        return Notice(
            kind=kind,
            period=str(due.period),
            period_label=due.period.label,
            unit=due.unit,
            unit_label=due.unit_label,
            occasion=occasion,
            lines=lines,
            link=link,
            attachments=attachments,
        )
