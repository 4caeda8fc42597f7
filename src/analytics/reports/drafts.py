"""Writing the pages and files of a draft."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from analytics.reports import html


def titled(frame: html.Page, title: str, name: str) -> html.Page:
    """The frame for one page of the package: its own title, and its own link marked in the menu."""
    menu = tuple(replace(link, is_current=link.href == name) for link in frame.links)
    return replace(frame, title=f"{title} – {frame.title}", links=menu, about=frame.title)


def write(target: Path, text: str) -> None:
    """Write a text with line ends as they are; its folder is made if need be."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(text)
