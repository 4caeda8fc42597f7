"""Comments and action plans beside their figures: shown, written, approved and listed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from analytics import frame
from analytics.comments import quotes, section
from analytics.comments.desk import Desk, Line
from analytics.measures.scope import Scope
from analytics.processed import Store
from analytics.workbench.measuring import Measuring
from analytics.workbench.renamed import checked
from analytics.workbench.shelf import Shelf


class Commenting(Measuring):
    """What analysts have written about the figures."""

    def __init__(self, *, scope: Scope, audience: str, store: Store, shelf: Shelf | None = None) -> None:
        super().__init__(scope=scope, audience=audience, store=store, shelf=shelf)
        self._commented: dict[str, int] = {}

    @property
    def commented(self) -> dict[str, int]:
        """Tables whose comments were asked for so far, and how many rows of each lack one that they must have."""
        return dict(self._commented)

    @checked("wb.comments")
    def comments(self, table_id: str) -> frame.Html:
        """Approved comments and action plans of a table beside their figures, and those that are required but missing.

        A comment whose figure has changed since it was approved is marked as stale. Drafts are never printed. Raises
        CommentError for a bad file of the month and unit.
        """
        return frame.Html(self._comments(table_id))

    def _comments(self, table_id: str) -> str:
        bound = self._desk.bound(table_id)
        self._commented[table_id] = len(section.lacking(bound))
        for item in bound:
            if item.comment is not None and item.state in ("approved", "stale"):
                self._remember("comment", table_id, item.cell.title, item.comment.text)
        return section.html(table_id, bound, internal=self.audience == "internal")

    @checked("wb.comment")
    def comment(self, *, about: Mapping[str, str], text: str, author_role: str, kind: str = "", name: str = "") -> Path:
        """Write a draft of a comment or an action plan, with its figure as printed now; give its file.

        Args:
            about: the table and the keys of the cell: ``{"table": "deviations", "deviation": "budget-income"}``.
            text: Markdown of paragraphs, lists, bold and italics.
            author_role: a role such as Controller, never a name.
            kind: ``comment`` or ``action_plan``; by default what the table asks for.
            name: of the file; by default made from table and keys.

        Raises CommentError in a run, where the file is there already, and for everything that a comment may not hold.
        """
        today = datetime.now().astimezone().date()
        return self._desk.draft(about=about, text=text, author_role=author_role, kind=kind, today=today, name=name)

    def comment_lines(self) -> list[Line]:
        """Every comment of the month and unit, and every one that is required but missing, with its state."""
        return self._desk.lines()

    @checked("wb.ready_comment")
    def ready_comment(self, name: str) -> Path:
        """Mark a draft as ready to be approved; give its file."""
        return self._desk.ready(name).file

    @checked("wb.approve_comment")
    def approve_comment(self, name: str) -> Path:
        """Mark a comment that is ready, or stale, as approved for its figure as printed now; give its file."""
        return self._desk.approve(name, today=datetime.now().astimezone().date()).file

    @property
    def _desk(self) -> Desk:
        paths = self.scope.settings.paths
        return Desk(
            folder=paths.comments,
            period=str(self.scope.period),
            unit=self.scope.unit,
            areas=self.scope.settings.focus,
            protected=self.protected,
            hidden=self._hidden_figures,
        )

    def _hidden_figures(self, table_id: str) -> frozenset[str]:
        """What disclosure control has hidden in a table, so that a text that repeats it can be refused."""
        return quotes.hidden_figures(self.protected(table_id), self.table(table_id).frame["value"].to_list())
