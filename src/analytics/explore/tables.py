"""Tables of a panel: what is shown, rounded as in the reports, and what is copied, unrounded."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import anywidget
import traitlets

_HERE: Final = Path(__file__).parent


class CopiedTable(anywidget.AnyWidget):
    """A table with a button that copies it for a spreadsheet.

    ``heads`` and ``rows`` are printed texts, the first ``words`` columns words and the rest numbers; ``copied`` is what
    the button copies, ``empty`` what stands there without rows.
    """

    _esm = _HERE / "table.js"
    _css = _HERE / "table.css"
    caption = traitlets.Unicode("").tag(sync=True)
    heads = traitlets.List(traitlets.Unicode()).tag(sync=True)
    rows = traitlets.List(traitlets.List(traitlets.Unicode())).tag(sync=True)
    words = traitlets.Int(1).tag(sync=True)
    copied = traitlets.Unicode("").tag(sync=True)
    note = traitlets.Unicode("").tag(sync=True)
    empty = traitlets.Unicode("").tag(sync=True)

    def fill(  # noqa: PLR0913 - what a table is made of
        self,
        *,
        caption: str,
        heads: Sequence[str],
        rows: Sequence[Sequence[str]],
        copied: str,
        words: int = 1,
        note: str = "",
        empty: str = "Det finns inga uppgifter i urvalet.",
    ) -> None:
        """Put other rows in the table, in one message."""
        shown: dict[str, Any] = {"caption": caption, "heads": list(heads), "words": words, "note": note, "empty": empty}
        with self.hold_sync():
            self.set_trait("copied", copied)
            for name, value in shown.items():
                self.set_trait(name, value)
            self.set_trait("rows", [list(row) for row in rows])


def for_spreadsheet(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Rows between tabs, as a Swedish spreadsheet reads them: decimal comma, no thousands, a plain minus.

    A text that a spreadsheet would take for a formula gets an apostrophe first.
    """
    return "\n".join("\t".join(_cell(cell) for cell in row) for row in (heads, *rows))


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".").replace(".", ",")
    text = str(value).replace("\t", " ").replace("\n", " ")
    return f"'{text}" if isinstance(value, str) and text.startswith(("=", "+", "@", "-")) else text
