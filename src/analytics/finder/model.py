"""What the finder gives: a deviation, the parts that carry it, what kind it is, and the rows behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from analytics.periods import PeriodRange

Comparison = Literal["budget", "seasonal", "forecast", "previous", "expected"]
COMPARISONS: Final[Mapping[Comparison, str]] = {
    "budget": "budget i tolftedelar",
    "seasonal": "säsongsfördelad budget",
    "forecast": "budget för helåret",
    "previous": "samma månader föregående år",
    "expected": "vad historiken säger",
}
"""What the outcome is compared with → Swedish. ``forecast``: the unit's own forecast of the year against the budget."""

Kind = Literal[
    "pay_level",
    "employer_contribution",
    "volume",
    "mix",
    "late",
    "early",
    "doubled",
    "missing",
    "misplaced_budget",
    "one_off",
    "moved_account",
    "moved_unit",
    "reorganisation",
    "lasting",
    "spread",
    "forecast_alone",
    "forecast_kept",
]
KINDS: Final[Mapping[Kind, str]] = {
    "pay_level": "löneläge",
    "employer_contribution": "personalomkostnadspålägg",
    "volume": "antal årsarbetare",
    "mix": "personalsammansättning",
    "late": "sent bokfört",
    "early": "tidigt bokfört",
    "doubled": "dubbelt bokfört",
    "missing": "saknad bokföring",
    "misplaced_budget": "felplacerad budget",
    "one_off": "engångspost",
    "moved_account": "flytt mellan konton",
    "moved_unit": "flytt mellan enheter",
    "reorganisation": "omorganisation",
    "lasting": "varaktig nivåändring",
    "spread": "spridd avvikelse",
    "forecast_alone": "bara i prognosen",
    "forecast_kept": "prognos som budget",
}
"""Kind of explanation → Swedish.

``late``: a month's posting came in the month after; ``early``: it came the month before; ``missing``: it has not come;
``doubled``: it came twice in one month; ``misplaced_budget``: opposite deviations from budget between two lines whose
outcome is as before; ``moved_…``: the outcome itself went from one account or unit to another; ``reorganisation``: so
for most accounts of a unit at once; ``lasting``: a new level that none of the others explains; ``spread``: many small
parts, none of which carries it; ``forecast_alone``: the unit's own forecast deviates and the outcome so far does not;
``forecast_kept``: it is the budget, and the outcome so far leads elsewhere (``outcome`` is then where it leads).
"""

Key = Literal[
    "administration",
    "base_unit",
    "cost_centre",
    "report_line",
    "account_group",
    "account",
    "origin",
    "personnel_group",
    "profession",
    "indicator",
    "care_unit",
    "quantity",
    "movement",
]
"""Columns of the processed tables that a finding is narrowed by; ``movement`` is made of them: left or started."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of a deviation. The parts of a finding add up to its deviation, the last may be all that is left.

    ``keys`` narrow those of the finding (column of the processed table → code); ``label`` is Swedish. ``persons`` is
    how few persons are behind it on either side, None where it is not about persons.
    """

    keys: Mapping[str, str]
    label: str
    outcome: float
    expected: float
    deviation: float
    kind: Kind | None = None
    persons: int | None = None

    @property
    def is_rest(self) -> bool:
        """Whether it is all that is left, which no keys name."""
        return not self.keys


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """One posting: its day (ISO), its account as code and name, and kr with the sign of the tables."""

    day: str
    label: str
    amount: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Where the rows behind a finding are: a processed table, equalities on its columns, and months.

    ``rows`` is their number. Read with ``wb.evidence(finding)``. ``posting``: the one that a one-off is. Of a forecast
    the rows are those of the forecast, of what stood out last year those of last year.
    """

    table: str
    keys: Mapping[str, tuple[str, ...]]
    months: PeriodRange
    rows: int
    posting: Posting | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One deviation, told once: at the level that tells most, against the comparison that tells most.

    ``measure`` is a table id of the catalogue, such as ``fr1_outcome`` or ``worked_fte``. ``keys`` are columns of the
    processed table → code (``administration``, ``base_unit``, ``report_line``, ``account``, ``personnel_group``, …);
    ``labels`` the same keys → Swedish names. ``outcome`` and ``expected`` are in ``unit``: ``kr``, ``årsarbetare``,
    ``personer``, ``%`` or what the indicator or care unit is measured in.
    ``deviation`` follows the sign of the tables: expected − outcome for the ledger (negative is unfavourable),
    outcome − expected for staff. ``months`` is what is compared; ``history`` how many months the expectation rests on
    (0 where it rests on a budget alone). ``p_value`` is how unlikely so large a deviation is, after the seasonal
    pattern and noise of the series; ``persistence`` in how many months in a row, ending with the last, it has the
    same sign. ``rank`` is 1 for what matters most. ``also`` holds the deviation against the other comparisons, over the
    same months; of a forecast over those with outcome.
    """

    id: str
    measure: str
    unit: str
    keys: Mapping[str, str]
    labels: Mapping[str, str]
    months: PeriodRange
    comparison: Comparison
    outcome: float
    expected: float
    deviation: float
    kind: Kind
    parts: tuple[Part, ...]
    history: int
    p_value: float
    persistence: int
    rank: int
    evidence: Evidence
    also: Mapping[Comparison, float]
    persons: int | None = None
    note: str = ""
    """What else there is to know, in Swedish, as the last sentence of the finding: targets, invoices yet to come."""


@dataclass(frozen=True, slots=True)
class NotLookedAt:
    """A measure that the finder could not look at in a unit and month, and why, in Swedish."""

    measure: str
    reason: str
