"""What is due: what the calendar asks for minus what is published for the current input version, and why.

Pure: everything that is known comes in as data, and the clock as ``now``. So any moment can be asked about.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from analytics import needs
from analytics.calendar import STOCKHOLM, Occasion
from analytics.needs import Missing
from analytics.periods import MONTH_NAMES, Period
from analytics.schedule import retries
from analytics.schedule.history import Attempt
from analytics.schedule.published import Damaged, Published

State = Literal["published", "run", "waiting", "failed", "missing"]
Reason = Literal["", "not_closed", "embargo", "data_late", "partial", "newer_data", "failed"]
STATE_LABELS: Final[Mapping[State, str]] = {
    "published": "publicerad",
    "run": "ska tas fram",
    "waiting": "väntar",
    "failed": "misslyckades",
    "missing": "kan inte tas fram",
}


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the package of one unit and month.

    ``attempts`` are those so far, oldest first, none of them running; ``running`` says who makes the package right now.
    """

    unit: str
    unit_label: str
    input_version: str
    published: Published | Damaged | None = None
    missing: tuple[Missing, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    running: str = ""


@dataclass(frozen=True, slots=True)
class Rules:
    """How failures are tried again, and what reports are called. ``again`` tries also what would never be tried."""

    code_version: str
    steps: tuple[timedelta, ...]
    most_deaths: int
    title_of: Callable[[str], str] = str.capitalize
    again: bool = False


@dataclass(frozen=True, slots=True)
class Due:
    """Where the package of one unit and month stands.

    States: ``published`` for the current inputs; ``run`` now; ``waiting`` until ``next``; ``failed`` and tried again at
    ``next``, or not before something changes (None); ``missing``: a critical delivery has not come in time. ``reason``
    says why, ``detail`` in Swedish. ``version`` is that of the published package, 0 for none. ``missing`` are the
    deliveries that the package lacks or would lack.
    """

    period: Period
    unit: str
    unit_label: str
    state: State
    reason: Reason
    detail: str
    next: datetime | None
    input_version: str
    version: int = 0
    missing: tuple[Missing, ...] = ()
    running: str = ""

    def as_record(self) -> dict[str, Any]:
        """As data, for ``--json``."""
        return {
            "period": str(self.period),
            "unit": self.unit,
            "unit_label": self.unit_label,
            "state": self.state,
            "reason": self.reason,
            "detail": self.detail,
            "next": self.next.isoformat() if self.next else None,
            "input_version": self.input_version,
            "version": self.version,
            "missing": [each.as_record() for each in self.missing],
            "running": self.running,
        }


def due(known: Sequence[tuple[Occasion, Sequence[Known]]], *, rules: Rules, now: datetime) -> tuple[Due, ...]:
    """Where every package that the calendar asks for stands at ``now``, oldest month first, then by unit."""
    ordered = sorted(known, key=lambda pair: pair[0].period)
    return tuple(_of_unit(occasion, unit, rules, now) for occasion, units in ordered for unit in units)


def _of_unit(occasion: Occasion, known: Known, rules: Rules, now: datetime) -> Due:
    published = known.published if isinstance(known.published, Published) else None

    def found(state: State, reason: Reason, detail: str, then: datetime | None = None) -> Due:
        return Due(
            period=occasion.period,
            unit=known.unit,
            unit_label=known.unit_label,
            state=state,
            reason=reason,
            detail=detail,
            next=then,
            input_version=known.input_version,
            version=published.version if published else 0,
            missing=known.missing,
            running=known.running,
        )

    lacking = " ".join(needs.sentences(known.missing))
    if published and published.is_of(known.input_version, known.missing):
        where = f"Version {published.version} publicerad {_day(datetime.fromisoformat(published.created))}."
        return found("published", "partial" if known.missing else "", _joined(where, _without(known, rules)))
    if now < occasion.opens:
        return found(*_not_open(occasion, now), occasion.opens)
    critical = any(each.is_critical for each in known.missing)
    if known.missing and now < occasion.waiting_ends and (critical or not (published and published.whole)):
        limit = f"Inväntas till och med {_date(occasion.wait_until)}."
        return found("waiting", "data_late", _joined(lacking, limit), occasion.waiting_ends)
    if critical:
        stays = f"Version {published.version} ligger kvar." if published else ""
        return found("missing", "data_late", _joined(lacking, "Inget paket kan tas fram.", stays))
    verdict = retries.judge(
        known.attempts,
        input_version=known.input_version,
        code_version=rules.code_version,
        now=now,
        steps=rules.steps,
        most_deaths=rules.most_deaths,
    )
    if verdict.verdict != "try" and not rules.again:
        return found("failed", "failed", _of_failure(verdict), verdict.at)
    reason, detail = _why(known, published, verdict)
    return found("run", reason, _joined(detail, _without(known, rules)))


def _without(known: Known, rules: Rules) -> str:
    return " ".join(needs.sentences(known.missing, rules.title_of))


def _not_open(occasion: Occasion, now: datetime) -> tuple[State, Reason, str]:
    if now >= occasion.complete:
        return "waiting", "embargo", f"Får tas fram först {moment_label(occasion.opens)} (embargo)."
    return "waiting", "not_closed", f"Bokslut och tid är inte klara. Tas fram tidigast {moment_label(occasion.opens)}."


def _why(known: Known, published: Published | None, verdict: retries.Judgement) -> tuple[Reason, str]:
    if verdict.last is not None:
        return "failed", f"Förra försöket misslyckades ({_first_line(verdict.last)}). Görs om."
    if isinstance(known.published, Damaged):
        return "newer_data", "Det publicerade paketet går inte att läsa och görs om."
    if published is None:
        return ("partial" if known.missing else ""), "Ska tas fram."
    if published.input_version != known.input_version:
        return "newer_data", f"Underlaget har ändrats sedan version {published.version}."
    if published.whole:
        return "newer_data", f"Det som version {published.version} säger saknas har kommit."
    return "partial", f"Version {published.version} innehåller inte alla rapporter."


def _of_failure(verdict: retries.Judgement) -> str:
    last = verdict.last
    why = f"Försöket {moment_label(last.started)} misslyckades: {_first_line(last)}." if last else ""
    if verdict.at is not None:
        return f"{why} Nytt försök {moment_label(verdict.at)}."
    return f"{why} Görs inte om förrän underlaget eller programmet ändras, eller på begäran (--again)."


def _first_line(attempt: Attempt) -> str:
    if attempt.outcome == "died":
        return "processen avbröts"
    return (attempt.problem.splitlines() or ["okänt fel"])[0].rstrip(".")


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def moment_label(moment: datetime) -> str:
    """A moment for readers, in Swedish time: ``16 april 2018 kl. 08.00``."""
    local = moment.astimezone(STOCKHOLM)
    return f"{_day(local)} kl. {local:%H.%M}"


def _day(moment: datetime) -> str:
    return _date(moment.astimezone(STOCKHOLM).date())


def _date(day: Any) -> str:
    return f"{day.day} {MONTH_NAMES[day.month - 1]} {day.year}"
