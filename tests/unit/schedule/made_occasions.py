"""Occasions, attempts and other made pieces for the tests of what is due."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from analytics.calendar import STOCKHOLM, Occasion
from analytics.needs import NEEDS, Missing
from analytics.periods import Period
from analytics.schedule.due import Due, Known, Rules, due
from analytics.schedule.history import Attempt
from analytics.schedule.published import Published

MARCH = Occasion(
    period=Period(2018, 3),
    kind="quarter",
    with_forecast=True,
    ledger_closes=date(2018, 4, 10),
    time_complete=date(2018, 4, 9),
    wait_until=date(2018, 4, 18),
    embargo_until=datetime(2018, 4, 16, 8, tzinfo=STOCKHOLM),
    units=(),
    bodies=(),
)
RULES = Rules("0.1.0", (timedelta(minutes=5), timedelta(minutes=60)), 3)
NOW = datetime(2018, 4, 17, 12, tzinfo=STOCKHOLM)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM)


def lacks(layout: str, month: str, **arguments: bool) -> Missing:
    need = next(need for need in NEEDS if need.layout == layout)
    return Missing(need, (Period.parse(month),), **arguments)


def attempt(outcome: str = "failed", **changes: object) -> Attempt:
    given: dict[str, object] = {
        "place": "2018-03/17",
        "number": 1,
        "started": local("2018-04-17T11:50"),
        "ended": local("2018-04-17T11:55"),
        "input_version": "aaaa",
        "code_version": "0.1.0",
        "owner": "process 1 on maskin",
        "lease": "token",
        "outcome": outcome,
        "problem": "cell 3: KeyError: 'x'\nmore",
        **changes,
    }
    return Attempt(**given)  # type: ignore[arg-type]


def published(version: str = "aaaa", *, number: int = 1, whole: bool = True) -> Published:
    return Published(number, version, "2018-04-16T06:03:00+00:00", ("ekonomi",), whole)


def one(known: Known | None = None, *, now: datetime = NOW, occasion: Occasion = MARCH, rules: Rules = RULES) -> Due:
    (found,) = due([(occasion, [known or unit()])], rules=rules, now=now)
    return found


def unit(**arguments: object) -> Known:
    return Known("17", "Staben", **{"input_version": "aaaa", **arguments})  # type: ignore[arg-type]


__all__ = ["MARCH", "NOW", "RULES", "UTC", "attempt", "lacks", "local", "one", "published", "unit"]
