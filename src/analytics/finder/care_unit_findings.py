"""Care units that deviate from their own history by more than what all of them do in the same months."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from scipy import stats

from analytics.finder.alone import Candidate, told
from analytics.finder.axes import NOWHERE, Floats
from analytics.finder.care_unit_series import LOOKED, CareUnits, Looked
from analytics.finder.cube import FLOOR_SHARE
from analytics.finder.history import MEDIAN_COST, NORMAL, YEAR, Series, expect
from analytics.finder.kinds import is_lasting
from analytics.finder.model import Evidence, Finding
from analytics.finder.screening import LEAST_RANGE
from analytics.periods import PeriodRange

LEAST_DEGREES: Final = 4.0
MOST_DEGREES: Final = 24.0
MEANS: Final = frozenset({"%", "kr per listad"})
"""Units whose sum over care units is no sum: all of them together are a mean."""
ALL: Final = "alla vårdenheter"
OF: Final = {entry.code: entry for entry in LOOKED}


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Outcome and expected of one unit over a stretch, in the unit of what is looked at, and the usual deviation."""

    outcome: float
    expected: float
    scale: float
    steps: tuple[float, ...]
    months: int
    whole: float = 0.0
    """Of a share: how many it is a share of."""


def findings(units: CareUnits) -> list[Finding]:
    """What deviates of one care unit, or of all of them together, not yet ranked."""
    candidates: list[Candidate] = []
    months = len(units.months)
    spans, range_of = {1}, units.scope.period.month
    if range_of >= LEAST_RANGE and months - range_of > units.scope.settings.finder.least_months:
        spans.add(range_of)
    for looked in LOOKED:
        for span in sorted(spans if looked.summed else {1}):
            start = months - span
            candidates += [each for each in _of_units(units, looked, start) if each is not None]
            whole = _of_all(units, looked, start)
            candidates += [whole] if whole is not None else []
    found = told(candidates, units.scope.settings.finder)
    return _together([each for each in found if "care_unit" in each.keys or not _of_some(each, found, units)])


def _of_some(whole: Finding, found: Sequence[Finding], units: CareUnits) -> bool:
    """Whether what all care units deviate is what some of them do, who are told of by themselves."""
    code = whole.keys["quantity"]
    some = [
        each.deviation
        for each in found
        if "care_unit" in each.keys and each.keys["quantity"] == code and each.months == whole.months
    ]
    same = [each for each in some if each * whole.deviation > 0]
    if OF[code].unit in MEANS:
        return bool(same)
    left = (whole.deviation - sum(some)) * np.sign(whole.deviation)
    return bool(same) and left < units.scope.settings.finder.other_pct / 100 * abs(whole.expected)


def _of_units(units: CareUnits, looked: Looked, start: int) -> list[Candidate | None]:
    top, bottom = units.pair(looked)
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = np.where(bottom > 0, top / bottom, np.nan)
    if looked.way == "stock":
        found = _standing(rate, start)
    else:
        found = _around_level(rate, start, relative=looked.way == "flow")
    return [_candidate(units, looked, place, one, start) for place, one in enumerate(found)]


def _around_level(rate: Floats, start: int, *, relative: bool) -> list[tuple[Floats, Floats, float] | None]:
    """Per unit: expected of every month, what is left of every month of history, and how many months it rests on.

    The level is the median of the last twelve months without what all units do together in the month: a factor of
    what is counted, an addition to shares.
    """
    level = _median(rate[:, max(start - YEAR, 0) : start])
    level = np.where(level > 0, level, np.nan)
    ratio = rate / level[:, None] if relative else rate - level[:, None]
    common = _median(ratio.T)[None, :]
    common = np.where(common > 0, common, np.nan) if relative else common
    own = rate / common if relative else rate - common
    anew = _median(own[:, max(start - YEAR, 0) : start])[:, None]
    expected = anew * common if relative else anew + common
    return [_history(rate[place], expected[place], start) for place in range(len(rate))]


def _standing(rate: Floats, start: int) -> list[tuple[Floats, Floats, float] | None]:
    """The same of what stands in a register: its change from month to month, beside what those of all others do."""
    change = np.diff(rate, axis=1, prepend=np.nan)
    size = np.where(np.abs(rate) > 0, rate, np.nan)
    relative = change / np.roll(size, 1, axis=1)
    common = _median(relative.T)[None, :]
    own = _median((relative - common)[:, max(start - YEAR, 1) : start])[:, None]
    expected_change = (own + common) * np.roll(size, 1, axis=1)
    found: list[tuple[Floats, Floats, float] | None] = []
    for place in range(len(rate)):
        history = _history(change[place], expected_change[place], start)
        if history is None or not np.isfinite(rate[place, start - 1]):
            found.append(None)
            continue
        expected = rate[place] - change[place] + expected_change[place]
        # From the last month before the stretch on, each month as expected from the one before.
        step = rate[place, start - 1]
        for month in range(start, rate.shape[1]):
            step = step * (1 + own[place, 0] + common[0, month])
            expected[month] = step
        found.append((expected, history[1], history[2]))
    return found


def _history(outcome: Floats, expected: Floats, start: int) -> tuple[Floats, Floats, float] | None:
    left = (outcome - expected)[:start]
    left = left[np.isfinite(left)]
    if len(left) < YEAR or not np.isfinite(expected[start:]).all():
        return None
    return expected, left, float(len(left))


def _median(values: Floats) -> Floats:
    """Of each row, without what is not there; not a number where nothing is."""
    found = np.full(len(values), np.nan)
    for place, row in enumerate(values):
        held = row[np.isfinite(row)]
        if len(held):
            found[place] = np.median(held)
    return found


def _candidate(
    units: CareUnits, looked: Looked, place: int, found: tuple[Floats, Floats, float] | None, start: int
) -> Candidate | None:
    top, bottom = units.pair(looked)
    here = slice(start, len(units.months))
    if found is None or not np.isfinite(top[place, here]).all() or not (bottom[place, here] > 0).all():
        return None
    expected, left, rests_on = found
    spread = NORMAL * float(np.median(np.abs(left - np.median(left))))
    spread = max(spread, float(np.sqrt(np.mean(np.minimum(left**2, (3.5 * max(spread, 1e-12)) ** 2)))))
    stretch = _stretch(looked, top[place], bottom[place], expected, spread, here)
    code = units.codes[place]
    return _told(
        units,
        looked,
        stretch,
        start,
        keys={"care_unit": code},
        labels={"care_unit": units.labels[code]},
        degrees=rests_on / 2,
        history=int(rests_on),
        persons=_persons(units, looked, place),
    )


def _stretch(  # noqa: PLR0913, PLR0917 - one series with what is expected of it
    looked: Looked, top: Floats, bottom: Floats, expected: Floats, spread: float, here: slice
) -> _Stretch:
    """Rates → the unit that is told: persons and events as numbers, kronor per listed and shares as means."""
    outcome, months = top[here] / bottom[here], here.stop - here.start
    rates = expected[here]
    if looked.way == "stock":
        scale = float(spread * np.sqrt(months))
        return _Stretch(float(outcome[-1]), float(rates[-1]), scale, tuple(outcome - rates), 1)
    doubt = np.sqrt(1 / months + MEDIAN_COST / YEAR)
    if looked.unit == "%":
        share, whole = float(top[here].sum() / bottom[here].sum()), float(bottom[here].sum())
        wanted = float((rates * bottom[here]).sum() / whole)
        scale = max(spread * doubt, _binomial(wanted, whole) * np.sqrt(1 + months * MEDIAN_COST / YEAR))
        return _Stretch(share * 100, wanted * 100, float(scale) * 100, tuple((outcome - rates) * 100), months, whole)
    if looked.counted:
        total, wanted = float(top[here].sum()), float((rates * bottom[here]).sum())
        chance = np.sqrt(max(wanted, 1.0) * (1 + months * MEDIAN_COST / YEAR))
        scale = max(spread * float(bottom[here].sum()) * doubt, chance)
        return _Stretch(total, wanted, float(scale), tuple((outcome - rates) * bottom[here]), months)
    # Kronor from the first month of the stretch to the last, per listed, as the table has it.
    return _Stretch(
        float(outcome.sum()), float(rates.sum()), float(spread * months * doubt), tuple(outcome - rates), months
    )


def _binomial(share: float, whole: float) -> float:
    inside = min(max(share, 0.0), 1.0)
    return float(np.sqrt(inside * (1 - inside) / whole)) if whole else 0.0


def _of_all(units: CareUnits, looked: Looked, start: int) -> Candidate | None:
    """All care units as one, against their own history and season."""
    top, bottom = units.pair(looked)
    whole = np.isfinite(top).all(axis=0) & np.isfinite(bottom).all(axis=0)
    first = int(np.flatnonzero(~whole)[-1]) + 1 if (~whole).any() else 0
    known = start - first
    if known <= units.scope.settings.finder.least_months:
        return None
    count, base = top[:, first:].sum(axis=0), bottom[:, first:].sum(axis=0)
    if not looked.denominator:
        base = np.ones_like(base)
    rate = count / base
    layer = np.array([0])
    series = Series(rate[None, :], np.array([NOWHERE]), [layer], layer, float(np.abs(rate).mean()) * 0.001)
    ahead = list(range(known, len(rate)))
    wanted = expect(series, known=known, ahead=ahead)
    spread = float(wanted.scale[0].max())
    expected = np.concatenate([rate[:known], wanted.values[0]])
    here = slice(known, len(rate))
    stretch = _stretch(looked, count, base, expected, spread, here)
    stretch = replace(stretch, scale=max(stretch.scale, spread * _per(looked, base[here])))
    return _told(
        units,
        looked,
        stretch,
        start,
        keys={},
        labels={"care_unit": ALL},
        degrees=float(wanted.degrees[0]),
        history=wanted.months,
        persons=None,
    )


def _per(looked: Looked, base: Floats) -> float:
    """A deviation of every month alike: the doubt about the level of a whole region is the same in all of them."""
    if looked.unit == "%":
        return 100.0
    if looked.way == "stock":
        return 1.0
    return float(base.sum()) if looked.counted else float(len(base))


def _told(  # noqa: PLR0913 - what a candidate is
    units: CareUnits,
    looked: Looked,
    stretch: _Stretch,
    start: int,
    *,
    keys: dict[str, str],
    labels: dict[str, str],
    degrees: float,
    history: int,
    persons: int | None,
) -> Candidate:
    rules, scope = units.scope.settings.finder, units.scope
    months = PeriodRange(units.months.first.plus(start), scope.period)
    if looked.way == "stock":
        months = PeriodRange(scope.period, scope.period)
    least = rules.other_pct / 100 * abs(stretch.expected)
    ranged = len(units.months) - start > 1
    names = sorted({looked.numerator, looked.denominator} - {""})
    where = {"administration": (scope.unit,), "quantity": tuple(names)}
    if keys:
        where["care_unit"] = (keys["care_unit"],)
    floor = least * FLOOR_SHARE
    bounded = min(max(degrees, LEAST_DEGREES), MOST_DEGREES)
    candidate = Candidate(
        measure=looked.measure,
        unit=looked.unit,
        keys={"administration": scope.unit, **keys, "quantity": looked.code},
        labels={"administration": scope.unit_label, **labels, "quantity": looked.noun},
        months=months,
        outcome=stretch.outcome,
        expected=stretch.expected,
        scale=max(stretch.scale, floor),
        degrees=bounded,
        least=least,
        history=history,
        kind="lasting" if ranged and is_lasting(stretch.steps) else "one_off",
        evidence=Evidence(table="care_units", keys=where, months=months, rows=0),
        steps=stretch.steps,
        persons=persons,
        note="det väntade följer vad alla vårdenheter har gjort samma månader" if keys else "",
    )
    # Small numbers are not normally distributed: as unlikely as chance among so many has it at most.
    if looked.counted and looked.way == "flow":
        return replace(candidate, logp=max(candidate.unlikeliness, _poisson(stretch.outcome, stretch.expected)))
    if looked.way == "share":
        exact = _of_binomial(stretch.outcome / 100, stretch.expected / 100, stretch.whole)
        return replace(candidate, logp=max(candidate.unlikeliness, exact))
    return candidate


def _poisson(outcome: float, expected: float) -> float:
    """Logarithm of the two-sided probability of so many or more, or so few or fewer."""
    mean = max(expected, 1e-9)
    tail = stats.poisson.logsf(outcome - 1, mean) if outcome >= mean else stats.poisson.logcdf(outcome, mean)
    return float(min(tail + np.log(2), 0.0))


def _of_binomial(outcome: float, expected: float, whole: float) -> float:
    """Logarithm of the two-sided probability of so large a share of so many, or larger, or so small or smaller."""
    count, share = round(outcome * whole), min(max(expected, 0.0), 1.0)
    more = outcome >= expected
    tail = stats.binom.logsf(count - 1, round(whole), share) if more else stats.binom.logcdf(count, round(whole), share)
    return float(min(tail + np.log(2), 0.0))


def _persons(units: CareUnits, looked: Looked, place: int) -> int:
    """The smallest group that any month of the series tells of: a series is shown whole or not at all."""
    top, bottom = (each[place] for each in units.pair(looked))
    groups = [units.values["listed"][place]]
    if looked.counted:
        groups.append(top)
    if looked.unit == "%":
        groups.append(bottom - top)
    held = np.concatenate(groups)
    held = held[np.isfinite(held) & (held > 0)]
    return int(held.min()) if len(held) else 0


def _together(found: Sequence[Finding]) -> list[Finding]:
    """One finding of a care unit whose numbers and costs all moved the same way; the others are named in it."""
    kept: list[Finding] = []
    more: dict[str, list[Finding]] = {}
    for each in found:
        first = next((one for one in kept if _alike(one, each)), None)
        if first is None:
            kept.append(each)
        else:
            more.setdefault(first.id, []).append(each)
    return [_with(each, more[each.id]) if each.id in more else each for each in kept]


def _with(finding: Finding, others: Sequence[Finding]) -> Finding:
    """The finding with the names of the others, and the fewest persons that any of them tells of."""
    names = [each.labels["quantity"] for each in others]
    same = f"detsamma gäller {' och '.join([*([', '.join(names[:-1])] if names[:-1] else []), names[-1]])}"
    few = [each.persons for each in (finding, *others) if each.persons is not None]
    note = f"{same}; {finding.note}" if finding.note else same
    return replace(finding, note=note, persons=min(few) if few else None)


def _alike(one: Finding, other: Finding) -> bool:
    both = [OF[each.keys["quantity"]] for each in (one, other)]
    same_unit = one.keys.get("care_unit") == other.keys.get("care_unit")
    flows = all(each.way == "flow" for each in both)
    return same_unit and flows and one.deviation * other.deviation > 0 and one.months.last == other.months.last
