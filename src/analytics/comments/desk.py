"""The comments of one month and unit, for a workbench: shown, written, approved and listed."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from analytics import durable
from analytics.comments import front_matter, quotes, reading, scheduled
from analytics.comments.binding import Bound, Cell, State, bind, find
from analytics.comments.model import APPROVED, COMMENT, DRAFT, KEYS, READY, REQUIRED, Comment
from analytics.disclosure import ProtectedTable
from analytics.errors import CommentError, Location, StorageError
from analytics.settings import Focus

_LONGEST_NAME: Final = 80
_IS_THERE: Final = "Det finns redan en kommentar till siffran, i filen {}. Ändra i den, eller ta bort den först."


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the list of comments. ``file`` is empty where a required comment is not written."""

    about: str
    title: str
    figure: str
    state: State
    file: str

    def __str__(self) -> str:
        return f"{self.state:<8}  {self.file or '-'}  {self.title}: {self.figure}  ({self.about})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """``protected`` gives a table after disclosure control; ``areas`` are the declared focus areas.

    ``hidden`` gives the figures of a table, as they would be printed, that disclosure control has hidden.
    """

    folder: Path
    period: str
    unit: str
    areas: Sequence[Focus]
    protected: Callable[[str], ProtectedTable]
    hidden: Callable[[str], frozenset[str]]

    @property
    def place(self) -> Path:
        """The folder of the month and unit."""
        return self.folder / self.period / self.unit

    def read(self) -> tuple[Comment, ...]:
        """Every comment of the month and unit. Raises CommentError for the first bad file."""
        return reading.read_all(self.folder, self.period, self.unit, self.areas)

    def bound(self, table_id: str) -> list[Bound]:
        """The comments of a table at their cells, and what is required but not there.

        Raises CommentError where an approved text repeats a figure of the table that is hidden.
        """
        comments = self.read()
        for comment in comments:
            if comment.about.table == table_id and comment.state == APPROVED:
                self._refuse_hidden_figures(comment)
        return bind(self.protected(table_id), comments)

    def lines(self) -> list[Line]:
        """Every comment, and every one that is required but missing."""
        comments = self.read()
        tables = dict.fromkeys((*REQUIRED, *(comment.about.table for comment in comments)))
        return [
            Line(
                str(item.about),
                item.cell.title,
                "visas inte" if item.cell.is_suppressed else item.cell.text,
                item.state,
                item.comment.file.name if item.comment else "",
            )
            for table_id in tables
            for item in bind(self.protected(table_id), comments)
        ]

    def draft(  # noqa: PLR0913 - what a comment is made of
        self, *, about: Mapping[str, str], text: str, author_role: str, kind: str, today: date, name: str = ""
    ) -> Path:
        """Write a new draft with the figure as it is printed now, and give its file.

        Raises CommentError in a run, if the file is there already, if the row is not in the table or its figure is not
        shown, and for everything that :func:`reading.read` refuses; then nothing was written.
        """
        self._refuse_in_run()
        keys = {key: str(value) for key, value in about.items()}
        file = self.place / f"{name or _name_of(keys)}.md"
        fields: dict[str, str | Mapping[str, str]] = {
            "about": keys,
            "period": self.period,
            "unit": self.unit,
            "kind": kind or _kind_of(keys),
            "author_role": author_role,
            "date": today.isoformat(),
            "state": DRAFT,
            "figure": "",
        }
        if not reading.is_name(file.name) or file.parent != self.place:
            raise CommentError(
                "the name cannot be that of a comment file",
                action="Use small letters a–z, digits, hyphens and dots: wb.comment(..., name='income-budget').",
            )
        if file.exists():
            raise CommentError(
                "there is already a file with this name",
                where=Location(file),
                action="Edit it, or give another name: wb.comment(..., name=...).",
                swedish=_IS_THERE.format(file.name),
            )
        # Read before the figure is looked up: only what reads back as a comment is written.
        comment = self._tried(file, front_matter.write(fields, text))
        fields["figure"] = self._cell(comment).text
        self._refuse_hidden_figures(comment)
        self._write(file, front_matter.write(fields, text), is_new=True)
        return file

    def ready(self, name: str) -> Comment:
        """Mark one draft as ready to be approved; what is ready stays so. The text and its day are the author's.

        Raises CommentError where it is approved already and where :meth:`approve` does.
        """
        comment = self._found(name)
        if comment.state == APPROVED:
            raise CommentError(
                "the comment is approved already",
                where=Location(comment.file),
                action="To write it anew, set state: draft in the file and change the text.",
            )
        return self._rewritten(comment, state=READY)

    def approve(self, name: str, *, today: date) -> Comment:
        """Mark one comment that is ready as approved, with its figure as printed now and the day.

        A stale comment is approved again for the new figure. Raises CommentError for a draft and where
        :meth:`draft` does.
        """
        comment = self._found(name)
        if comment.state not in (READY, APPROVED):
            raise CommentError(
                "the comment is a draft",
                where=Location(comment.file),
                action="Its author sets state: ready when the text is done; then approve it.",
            )
        figure = self._cell(comment).text
        self._refuse_hidden_figures(comment)
        return self._rewritten(comment, date=today.isoformat(), state=APPROVED, figure=figure)

    def _found(self, name: str) -> Comment:
        """The comment with this file name. Raises CommentError in a run and if there is none."""
        self._refuse_in_run()
        known = reading.files(self.folder, self.period, self.unit)
        file = next((file for file in known if name in (file.name, file.stem)), None)
        if file is None:
            raise CommentError(
                f"there is no comment {name!r} for {self.period}, unit {self.unit}",
                action=f"There are: {', '.join(file.name for file in known) or 'none'}.",
            )
        return reading.read(file, period=self.period, unit=self.unit, areas=self.areas)

    def _rewritten(self, comment: Comment, **changed: str) -> Comment:
        """The file with some values of its front matter changed, read back before it replaces what was there."""
        fields: dict[str, str | Mapping[str, str]] = {
            "about": comment.about.as_record,
            **{key: str(getattr(comment, key)) for key in KEYS[1:]},
            **changed,
        }
        content = front_matter.write(fields, comment.text)
        written = self._tried(comment.file, content)
        self._write(comment.file, content, is_new=False)
        return written

    def _refuse_hidden_figures(self, comment: Comment) -> None:
        table = self.protected(comment.about.table)
        if quotes.repeats(comment.text, table, self.hidden(comment.about.table)):
            raise CommentError(
                f"the text repeats a figure of the table {comment.about.table} that is not shown to these readers",
                where=Location(comment.file),
                action="Take the figure out of the text; what a table hides may not be told beside it.",
                swedish="Texten upprepar en siffra som läsarna inte får se. Ta bort den ur texten.",
            )

    def _refuse_in_run(self) -> None:
        if scheduled.is_running():
            raise CommentError(
                "a run may not write comments",
                action="Open the notebook in JupyterLab, or write the file in an editor.",
            )

    def _tried(self, file: Path, content: str) -> Comment:
        return reading.read_text(content, file, period=self.period, unit=self.unit, areas=self.areas)

    def _cell(self, comment: Comment) -> Cell:
        cell = find(self.protected(comment.about.table), comment.about, file=comment.file)
        if cell is None:
            raise CommentError(
                f"{comment.about} is not in the table",
                where=Location(comment.file),
                action="Name a row and a column as they are called in tables/<table>.csv of the package.",
                swedish="Rapporten har inte den här siffran. Välj något annat.",
            )
        if cell.is_suppressed:
            raise CommentError(
                f"the figure of {comment.about} is not shown to these readers, so it cannot be commented",
                where=Location(comment.file),
                action="Comment a total that is shown.",
                swedish="Rapporten visar inte den här siffran för sina läsare. Välj en summa som visas.",
            )
        return cell

    def _write(self, file: Path, content: str, *, is_new: bool) -> None:
        """In one step: a reader sees no file, or the old one, or the new one."""
        draft = file.with_name(f".{file.name}.{os.getpid()}.tmp")
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            durable.write(draft, content.encode("utf-8"))
            if is_new:
                os.link(draft, file)  # unlike a rename, this never replaces what another has just written
            else:
                draft.replace(file)
        except FileExistsError:
            raise CommentError(
                "there is already a file with this name",
                where=Location(file),
                action="Edit it, or give another name.",
                swedish=_IS_THERE.format(file.name),
            ) from None
        except OSError as error:
            raise StorageError(
                f"{file.name} cannot be written: {error.strerror}",
                action=f"Check the folder {self.folder} and the free space.",
                swedish=f"{file.name} går inte att skriva. Se efter att mappen för kommentarer får ändras och att "
                "disken inte är full.",
            ) from None
        finally:
            with suppress(OSError):
                draft.unlink()
        durable.sync_folder(file.parent)


def _kind_of(keys: Mapping[str, str]) -> str:
    requirement = REQUIRED.get(keys.get("table", ""))
    return requirement.kind if requirement else COMMENT


def _name_of(keys: Mapping[str, str]) -> str:
    """``deviations-budget-staff``: table and keys, in letters that every file system takes."""
    text = "-".join(value for name, value in keys.items() if name != "column")
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:_LONGEST_NAME].rstrip("-") or "comment"
