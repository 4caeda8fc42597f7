"""What went wrong in plain Swedish, without the words of any error: those may name files, and are for the log."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from analytics.calendar import STOCKHOLM
from analytics.periods import day_label
from analytics.reports.situation_text import moment_label
from analytics.schedule import retries
from analytics.schedule.due import Due
from analytics.schedule.history import Attempt

OUTCOMES: Final = {
    "running": "Pågår",
    "done": "Klart",
    "failed": "Misslyckades",
    "died": "Avbröts (processen dödades)",
    "stopped": "Stoppades av den som sköter körningarna",
}
CAUSES: Final = {
    "timeout": "tog längre tid än tillåtet och stoppades",
    "memory": "tog mer minne än tillåtet och stoppades",
    "killed": "processen dödades",
    "unchanged": "blev likadant som det publicerade",
    "comments": "kommentarerna gick inte att använda",
    "CommentError": "kommentarerna gick inte att använda",
    "LeaseLostError": "en annan körning tog över",
    "DisclosureError": "sekretesskyddet stoppade det",
    "ValidationFailedError": "underlaget klarade inte kontrollerna",
    "MissingDataError": "underlag saknas",
    "SettingsError": "inställningarna är fel",
    "ServiceError": "källan svarade inte som den ska",
}
DELIVERY: Final = "en leverans underkändes"
STORAGE: Final = "lagringen gick inte att läsa eller skriva"
UNFORESEEN: Final = "ett fel som behöver undersökas"
_REPORT = re.compile(r"(?:^|; )([a-z][a-z_]*): ")


def sentence(due: Due) -> str:
    """Why a package stands where it does and what happens next, for readers of the portal."""
    if due.running:
        return "Tas fram just nu."
    if due.state == "failed":
        return (
            f"Framställningen misslyckades. Nytt försök görs tidigast {moment_label(due.next)}."
            if due.next
            else "Framställningen misslyckades. Den som sköter körningarna behöver åtgärda felet."
        )
    if due.reason == "failed":
        return "Framställningen misslyckades och görs om."
    return due.detail


def problem(attempt: Attempt, titles: Mapping[str, str]) -> str:
    """Why an attempt failed, naming the reports that did (``titles``: name → title); empty for one that did not."""
    if attempt.outcome == "died":
        return "Processen avbröts innan den var klar."
    if attempt.outcome != "failed":
        return ""
    reports = dict.fromkeys(_REPORT.findall(attempt.problem))
    names = ", ".join(titles[name] for name in reports if name in titles)
    why = cause(attempt.cause)
    return f"{names}: {why}." if names else f"{why[0].upper()}{why[1:]}."


def cause(code: str) -> str:
    """The cause of a failure in words."""
    if code in CAUSES:
        return CAUSES[code]
    if code.endswith(("DeliveryError", "LayoutError", "CodeError", "CellValueError", "PersonalDataError")) or (
        code.startswith("Delivery")
    ):
        return DELIVERY
    return STORAGE if retries.may_pass(code) else UNFORESEEN


def length(seconds: float) -> str:
    """``42 s`` or ``3 min 5 s``."""
    whole = round(seconds)
    return f"{whole} s" if whole < 60 else f"{whole // 60} min {whole % 60} s"


def day_of(created: str) -> str:
    """The day of a time of making, Swedish."""
    moment = datetime.fromisoformat(created)
    return day_label((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(STOCKHOLM).date())
