"""What a panel says of itself: that its figures are unprotected, and that it is not made for a package."""

from __future__ import annotations

from html import escape
from typing import Final

from analytics.comments import scheduled
from analytics.errors import DisclosureError

UNPROTECTED: Final = (
    "Oskyddade uppgifter för dig som utreder. De får inte lämnas vidare: använd Spara diagrammet eller wb.share, "
    "som tar bort det som kan röja en enskild person."
)
SYNTHETIC: Final = "SYNTETISKA DATA – inga verkliga uppgifter"
_STYLE: Final = "color:#1f2933;font-size:14px;line-height:1.45;"
_MARK: Final = "border-left:6px solid #a63603;background:#fdf1ea;padding:6px 12px;margin:4px 0;"


def refuse_in_run(what: str) -> None:
    """Raise DisclosureError while a package is made: panels show what has not passed disclosure control."""
    if scheduled.is_running():
        raise DisclosureError(
            f"the panel {what} shows unprotected figures and cannot be part of a package",
            action="Open the notebook in JupyterLab; in a report use wb.show, wb.draw and wb.say.",
        )


def heading(title: str, facts: str, *, synthetic: bool) -> str:
    """Title, what the panel is about and the marks, as HTML."""
    marks = f"<p style='margin:2px 0'><strong>{escape(SYNTHETIC)}</strong></p>" if synthetic else ""
    return (
        f"<div style='{_STYLE}'><h2 style='margin:4px 0'>{escape(title)}</h2>"
        f"<p style='margin:2px 0'>{escape(facts)}</p>{marks}"
        f"<p class='oskyddat' style='{_MARK}'><strong>Oskyddat.</strong> {escape(UNPROTECTED)}</p></div>"
    )


def sentence(text: str, *, strong: bool = False) -> str:
    """One paragraph as HTML."""
    inner = f"<strong>{escape(text)}</strong>" if strong else escape(text)
    return f"<p style='{_STYLE}margin:6px 0'>{inner}</p>"


def problem(text: str) -> str:
    """What could not be shown, and why, as HTML."""
    return f"<div style='{_STYLE}{_MARK}' role='alert'>{escape(text)}</div>"
