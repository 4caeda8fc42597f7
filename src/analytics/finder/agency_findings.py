"""Agency staff: invoiced hours by profession, reckoned by the week and as they are likely to be when all have come.

Hours belong to whole weeks, so a month of five weeks is held against five weeks of the others. The latest months lack
invoices that come late. So more hours than expected are told as what has come already, and fewer as what it would be
if as much were still to come as ever was so soon after a month: a lag is never told as a fall, nor what makes up for
it as a rise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property

import narwhals as nw
import numpy as np
import polars as pl

from analytics import swedish
from analytics.finder.alone import Candidate, told
from analytics.finder.axes import Axis, Floats, Step
from analytics.finder.cube import Cube, dense
from analytics.finder.kinds import is_lasting
from analytics.finder.ledger_cube import MEASURE as LEDGER
from analytics.finder.model import Evidence, Finding, NotLookedAt
from analytics.finder.screening import Window, windows
from analytics.measures.agency import STATEMENT
from analytics.measures.agency_lag import FINAL, Completeness, State, completeness, state_of
from analytics.measures.scope import MILLIONTHS, Data, Scope, collect, lazy, months_present
from analytics.periods import Period, PeriodRange

MEASURE = "agency_staff_fte"
UNIT = "årsarbetare"
LINE = "staff_agency"
LUMP = 0.1
"""Those who are hired come and go by the week; the weeks themselves show most of how it varies."""
WEEKS_OF_A_MONTH = 365.25 / 7 / 12
ALL_OF_IT = 0.8
"""A profession that has so much of the whole tells it."""
MOSTLY_KNOWN = 0.8
"""Hours explain a cost only if no earlier month was less complete than this so soon after its end."""
AS_EXPECTED = 0.03


@dataclass(frozen=True)
class AgencyHours:
    """The hours of one administration, reckoned to months of equal length, as they are likely to end.

    ``shares``: how complete each month is in the region; ``least_known``: detail node × month, the least share of the
    hours of the series that was known so soon after an earlier month, 0 where there is no telling.
    """

    scope: Scope
    cube: Cube
    shares: tuple[Completeness, ...]
    least_known: Floats
    rows: pl.DataFrame

    @cached_property
    def windows(self) -> Mapping[str, Window]:
        """The last month, the one before it, and the staff range."""
        seen = windows(self.cube, len(self.cube.months) - 1, len(self.scope.staff_range))
        return {stretch: window for stretch, window in seen.items() if stretch != "month-2"}

    def above(self, months: PeriodRange) -> float | None:
        """The share by which all hours of some months are above what is expected; None if they are not looked at."""
        window = next((each for each in self.windows.values() if each.months == months), None)
        if window is None or window.expected[0, 0] <= 0:
            return None
        start, end = self.cube.position(months.first), self.cube.position(months.last)
        if min(share.lowest for share in self.shares[start : end + 1]) < MOSTLY_KNOWN:
            return None
        return float(window.outcome[0, 0] / window.expected[0, 0] - 1)


def agency_hours(data: Data, scope: Scope) -> AgencyHours | NotLookedAt | None:
    """The hours over the months without a gap up to the last of the staff range; why not; None if there never were any.

    Months of the whole table: an administration without a statement in a month has hired nobody.
    """
    last = scope.staff_range.last
    first = last.plus(-(scope.settings.finder.history_months + last.month - 1))
    present = months_present(lazy(data.agency), months=PeriodRange(first, last).months)
    if not present:
        return NotLookedAt(MEASURE, "inga uppgifter om inhyrd personal finns")
    if str(last) not in present:
        return NotLookedAt(MEASURE, f"uppgifter om inhyrd personal saknas för {last.label}")
    start = last
    while str(start.plus(-1)) in present and start.plus(-1) >= first:
        start = start.plus(-1)
    months = PeriodRange(start, last)
    if len(months) - 1 <= scope.settings.finder.least_months:
        return NotLookedAt(MEASURE, f"bara {len(months) - 1} månader finns före den sista")
    own = lazy(data.agency).filter(nw.col("administration") == scope.unit, nw.col("period").is_in(months.months))
    if collect(own.head(1)).is_empty():
        return None
    state = state_of(data, scope)
    shares = {month: state.share(month) for month in months.months}
    if any(share is None for share in shares.values()):
        return NotLookedAt(MEASURE, "de senaste fakturorna kan inte räknas upp: de tidigare månaderna är för få")
    latest = state.rows.filter(
        pl.col("version") == pl.col("version").max().over(STATEMENT),
        pl.col("administration") == scope.unit,
        pl.col("period").is_in(months.months),
    )
    found = tuple(share for share in shares.values() if share is not None)
    weeks = np.array([_weeks(month) for month in months], dtype=np.float64)
    cube = _cube(latest, scope, months, found, weeks)
    return AgencyHours(scope, cube, found, _least_known(cube, state, scope, months), latest)


def _least_known(cube: Cube, state: State, scope: Scope, months: PeriodRange) -> Floats:
    """How little of the hours of each series was known so soon after an earlier month, by month."""
    found = np.ones((len(cube.detail.nodes), len(months)))
    own = state.rows.filter(pl.col("administration") == scope.unit)
    for place, node in enumerate(cube.detail.nodes):
        rows = own
        if "profession" in node.keys:
            rows = own.filter(pl.col("profession") == node.keys["profession"])
        for at, month in enumerate(months):
            if str(month) not in state.final:
                known = completeness(rows, final=state.final, days=(state.reached - month.last_day).days)
                found[place, at] = 0.0 if known is None else min(known.lowest, 1.0)
    return found


def _weeks(month: Period) -> int:
    """Weeks whose Thursday is in the month, as the hours are given."""
    days = month.last_day.day
    return sum((month.first_day + timedelta(days=day)).isoweekday() == 4 for day in range(days))


def _cube(
    latest: pl.DataFrame, scope: Scope, months: PeriodRange, shares: Sequence[Completeness], weeks: Floats
) -> Cube:
    professions = sorted(latest["profession"].unique())
    names = {entry.code: entry.label for entry in scope.reference.professions.values()}
    summed = latest.group_by("profession", "period").agg((pl.col("hours") * MILLIONTHS).round().cast(pl.Int64).sum())
    keyed = summed.select(pl.lit(0).alias("row"), pl.col("profession").alias("column"), "period", amount="hours")
    known = dense(keyed, rows=[0], columns=professions, months=months.months)
    likely = known / np.array([share.mean for share in shares]) * WEEKS_OF_A_MONTH / weeks
    return Cube(
        measure=MEASURE,
        unit=UNIT,
        per_unit=scope.settings.staff.hours_per_year / 12 * MILLIONTHS,
        least=scope.settings.finder.fte,
        organisation=Axis.of([[Step("administration", scope.unit, scope.unit_label)]]),
        detail=Axis.of(
            [[Step("", "", "Alla"), Step("profession", code, names.get(code, code))] for code in professions]
        ),
        months=months,
        values=likely.round().astype(np.int64),
        lump=LUMP,
        averaged=True,
    )


def findings(hours: AgencyHours) -> list[Finding]:
    """What deviates of all agency staff or of one profession, not yet ranked; each once."""
    candidates = [
        candidate
        for window in hours.windows.values()
        for detail in range(len(hours.cube.detail.nodes))
        if (candidate := _candidate(hours, window, detail)) is not None
    ]
    found = told(candidates, hours.scope.settings.finder)
    whole = [each for each in found if "profession" not in each.keys]
    single = [each for each in found if "profession" in each.keys]
    if not whole:
        return single
    carries = [each for each in single if each.deviation / whole[0].deviation >= ALL_OF_IT]
    against = [each for each in single if each.deviation * whole[0].deviation < 0]
    return [*(carries or whole), *against]


def _candidate(hours: AgencyHours, window: Window, detail: int) -> Candidate | None:
    """One series over one stretch; None if it would not deviate that way by all that the late invoices may be."""
    cube, scope = hours.cube, hours.scope
    start, end = cube.position(window.months.first), cube.position(window.months.last)
    per = cube.per_unit * len(window.months)
    expected = float(window.expected[0, detail])
    shares = hours.shares[start : end + 1]
    known = cube.series[0, detail, start : end + 1] * np.array([share.mean for share in shares])
    least = hours.least_known[detail, start : end + 1]
    most = float((known / least).sum()) if (least > 0).all() else np.inf
    if float(known.sum()) < expected < most:
        return None
    outcome = float(known.sum()) if float(known.sum()) >= expected else most
    scale, degrees = float(window.scale[0, detail]), float(window.degrees[0, detail])
    node = cube.detail.nodes[detail]
    ranged = hours.windows.get("range")
    steps = ranged.steps[0, detail].tolist() if ranged is not None and ranged.steps is not None else []
    keys = {"administration": scope.unit, **node.keys}
    here = hours.rows.filter(pl.col("period").is_in(window.months.months))
    if "profession" in node.keys:
        here = here.filter(pl.col("profession") == node.keys["profession"])
    where = {"administration": (scope.unit,)}
    if "profession" in node.keys:
        where["profession"] = (node.keys["profession"],)
    late = any(share is not FINAL for share in shares)
    return Candidate(
        measure=MEASURE,
        unit=UNIT,
        keys=keys,
        labels={"administration": scope.unit_label, **node.labels},
        months=window.months,
        outcome=outcome / per,
        expected=expected / per,
        scale=scale / per,
        degrees=degrees,
        least=cube.least,
        history=window.history,
        kind="lasting" if len(window.months) > 1 and is_lasting(steps) else "one_off",
        evidence=Evidence(table="agency", keys=where, months=window.months, rows=here.height),
        steps=steps,
        note=_of_late(more=outcome >= expected) if late else "",
    )


def _of_late(*, more: bool) -> str:
    if more:
        return "fakturor som kommer sent är inte medräknade, så det kan bli mer"
    return "så många timmar som fakturorna brukar dröja med som mest är medräknade"


def beside_the_ledger(
    of_ledger: Sequence[Finding], of_hours: Sequence[Finding], hours: AgencyHours | None
) -> tuple[list[Finding], list[Finding]]:
    """The cost of agency staff with what its hours say, and the findings of hours that no cost tells of."""
    if hours is None:
        return list(of_ledger), list(of_hours)
    explained = [_with_hours(each, hours) if _is_agency(each) else each for each in of_ledger]
    costs = [each for each in of_ledger if _is_agency(each)]
    kept = [each for each in of_hours if not any(each.deviation * -cost.deviation > 0 for cost in costs)]
    return explained, kept


def _is_agency(finding: Finding) -> bool:
    """Cost of agency staff in the months so far, against what is expected of them: hours say nothing of a forecast."""
    of_line = finding.measure == LEDGER and finding.keys.get("report_line") == LINE
    return of_line and finding.comparison not in ("forecast", "previous")


def _with_hours(cost: Finding, hours: AgencyHours) -> Finding:
    """Hours are known of the whole administration alone, and of the months whose invoices have nearly all come."""
    if len(cost.keys.keys() & {"base_unit", "cost_centre"}) or not cost.expected:
        return cost
    spans = [
        each.months
        for each in reversed(list(hours.windows.values()))
        if set(each.months.months) <= set(cost.months.months)
    ]
    known = [(span, above) for span in spans if (above := hours.above(span)) is not None]
    if not known:
        return cost
    span, above = known[0]
    share = cost.outcome / cost.expected - 1
    size = swedish.percent(abs(above) * 100)
    if abs(above) <= AS_EXPECTED or above * share <= 0:
        said = f"den inhyrda personalens timmar {span.label} förklarar det inte: de är "
        said += "som väntat" if abs(above) <= AS_EXPECTED else f"{size} {'fler' if above > 0 else 'färre'} än väntat"
    else:
        said = f"den inhyrda personalens timmar {span.label} är {size} {'fler' if above > 0 else 'färre'} än väntat"
    return replace(cost, note=said)
