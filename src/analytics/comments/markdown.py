"""The text of a comment as HTML: paragraphs, lists, bold and italics, and nothing else.

An allow-list, not a filter: headings, links, images, HTML and tables are not recognised at all, so whatever looks like
them is printed as the characters that were written.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_RULES: Final = ("emphasis", "list", "newline", "escape")


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("zero", {"html": False, "linkify": False, "typographer": False}).enable(list(_RULES))


def to_html(text: str) -> str:
    """Safe HTML: ``p``, ``ul``, ``ol``, ``li``, ``em``, ``strong`` and ``br`` without attributes from the text."""
    html: str = _parser().render(text)
    return html
