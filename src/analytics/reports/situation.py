"""What readers are told about packages that are not published: as plain data, beside the packages.

The schedule writes it at the end of each tick; the portal shows it, also when a run by hand rewrites the portal. It
says of which moment it is, so that nobody takes it for newer than that. No figures, no error texts, no paths.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from analytics import durable

FOLDER: Final = ".status"


@dataclass(frozen=True, slots=True)
class Standing:
    """A package that the calendar asks for and that is not published as asked.

    ``state``: waiting, run, failed or missing; ``sentence`` says in Swedish why and what happens next.
    """

    period: str
    unit: str
    unit_label: str
    state: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Coming:
    """A report that is not open yet: which, about what, the first moment it may be made, and who gets it when."""

    period: str
    label: str
    months: str
    opens: datetime
    receivers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Situation:
    """How it stood at a moment. ``is_known`` is False where that could not be seen; then there is nothing else.

    ``asked`` counts the packages of each month that could have been made by then. ``made_up`` says that the days of the
    calendar are those of the demonstration. ``status_page`` is the page for those who run the reports, or empty.
    """

    at: datetime
    is_known: bool
    asked: dict[str, int] = field(default_factory=dict)
    standing: tuple[Standing, ...] = ()
    coming: tuple[Coming, ...] = ()
    made_up: bool = False
    status_page: str = ""


def file_of(reports: Path, *, internal: bool) -> Path:
    """Where the situation of one audience's packages is kept."""
    return reports / FOLDER / f"{'internal' if internal else 'public'}.json"


def write(file: Path, situation: Situation) -> None:
    """Keep the situation. Raises OSError."""
    file.parent.mkdir(parents=True, exist_ok=True)
    content = json.dumps(asdict(situation), default=datetime.isoformat, ensure_ascii=False, indent=1)
    durable.replace(file, f"{content}\n".encode())


def read(file: Path) -> Situation | None:
    """The situation as it was last kept. None where there is none, or none that can be read: the next tick makes it."""
    try:
        return _situation(json.loads(file.read_bytes()))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _situation(record: dict[str, Any]) -> Situation:
    coming = [
        Coming(**{**each, "opens": datetime.fromisoformat(each["opens"]), "receivers": tuple(each["receivers"])})
        for each in record["coming"]
    ]
    return Situation(
        **{
            **record,
            "at": datetime.fromisoformat(record["at"]),
            "standing": tuple(Standing(**each) for each in record["standing"]),
            "coming": tuple(coming),
        }
    )
