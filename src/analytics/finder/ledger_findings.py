"""Findings of the ledger: events told with their parts, kind and rows, then budget, forecast and last year.

Each comparison gives only what those before it have not told.
"""

from __future__ import annotations

from analytics.finder import as_budgeted, budgets, forecasts, kinds, largest, last_year, parts, pay
from analytics.finder.events import Event, Place, events, paired
from analytics.finder.ledger_cube import LedgerCube
from analytics.finder.looked import Looked, Story, common, finding, persistence
from analytics.finder.model import Finding
from analytics.finder.pay import Hours
from analytics.finder.postings import postings
from analytics.finder.screening import windows
from analytics.measures.scope import Data, Scope


def findings(ledger: LedgerCube, data: Data, scope: Scope, hours: Hours | None) -> list[Finding]:
    """The unit's findings of the ledger, not yet ranked; ``hours`` part staff cost into price and volume.

    None where the months are too few.
    """
    cube = ledger.outcome
    last = len(cube.months) - 1
    if last <= scope.settings.finder.least_months:
        return []
    seen = windows(cube, last, scope.period.month)
    first = min(window.months.first for window in seen.values()).plus(-1)
    looked = Looked(scope, ledger, seen, postings(data, scope, first=first), budgets.seasonal_budget(ledger, scope))
    ranged = seen.get("range")
    whole = ranged.excess.copy() if ranged is not None else None
    seen_events = [kinds.over_the_range(cube, seen, event) for event in events(cube, seen, scope.settings.finder)]
    told_events = paired(cube, seen_events)
    found = [_told(looked, event, hours) for event in told_events]
    if ranged is None or whole is None:
        return [largest.named(each, data, scope) for each in found]
    explained = whole - ranged.excess
    is_over = as_budgeted.over(looked, [(event, each.kind) for event, each in zip(told_events, found, strict=True)])
    of_budget, planned = budgets.findings(looked, hours, explained=explained)
    kept, of_budget = as_budgeted.findings(looked, data, of_budget, is_over=is_over, planned=planned)
    found += [*of_budget, *kept]
    found += forecasts.findings(looked, data, told=explained + planned)
    found += last_year.findings(looked, data, hours, explained=explained, planned=planned)
    return [largest.named(each, data, scope) for each in found]


def _told(looked: Looked, event: Event, hours: Hours | None) -> Finding:
    cube, window = looked.cube, looked.windows[event.stretch]
    found = kinds.seen(cube, event, looked.windows)
    spread = begun = False
    place, places = event.place, [event.place]
    if event.other is not None:
        pieces = [parts.piece(window, each) for each in (event.place, event.other)]
        place, places = common(cube, event.place, event.other), [event.place, event.other]
    else:
        share = looked.scope.settings.finder.explained_pct / 100
        pieces, spread = parts.pieces(cube, window, event.place, share)
        begun = _begins_or_ends(looked, event.place)
    told = finding(
        looked,
        Story(
            place=place,
            places=places,
            pieces=pieces,
            months=window.months,
            comparison="expected",
            kind=kinds.kind_of(cube, found, looked.facts, spread=spread, begun=begun),
            history=window.history,
            logp=event.logp,
            persistence=persistence(found.steps, event.excess),
        ),
    )
    if hours is not None and event.other is None and pay.is_pay(told):
        return pay.explained(told, event.place, cube, window, hours)
    return told


def _begins_or_ends(looked: Looked, place: Place) -> bool:
    """Whether the register says that the unit of a series has begun or ended in the last months."""
    node = looked.cube.organisation.nodes[place[0]]
    organisation, period = looked.scope.organisation, looked.scope.period
    code = node.keys[node.level]
    now, then = (organisation.find(node.level, code, month) for month in (period, period.plus(-kinds.LASTING)))
    return (now is None) != (then is None)
