"""Progress bars on a terminal; silence everywhere else.

Commands below call ``step`` and ``start``; they know nothing of terminals.
"""

from __future__ import annotations

import sys
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress
    from rich.progress import TaskID


class Progress:
    """A silent progress; the base of the visible one."""

    def start(self, total: int, text: str) -> None:
        """Begin a new stretch of ``total`` steps."""

    def step(self, text: str = "") -> None:
        """One step is done; ``text`` says what comes next or was done."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    @staticmethod
    def for_terminal(*, quiet: bool) -> Progress:
        """A bar on stderr where a person looks on; silent for machines, pipes and log files."""
        return Progress() if quiet or not sys.stderr.isatty() else TerminalProgress()


class TerminalProgress(Progress):
    """One bar per stretch, drawn by rich on stderr."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as RichProgress

        self._bars: RichProgress = RichProgress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=Console(stderr=True),
        )
        self._task: TaskID | None = None

    def start(self, total: int, text: str) -> None:
        """Begin a new bar."""
        self._task = self._bars.add_task(text, total=total)

    def step(self, text: str = "") -> None:
        """Advance the newest bar."""
        if self._task is not None:
            self._bars.update(self._task, advance=1, description=text or None)

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()
