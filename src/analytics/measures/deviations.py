"""The deviations that are large enough to need an explanation, and the part that contributes most to each.

Every line of the form FR1 with accounts of its own is compared three ways: outcome with budget, outcome with last year
(both accumulated), and the unit's own forecast with the budget of the year. Lines that sum others are left out, so
that nothing is counted twice among the largest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from analytics import swedish
from analytics.measures import ledger
from analytics.measures.catalogue import ORIGINS, TABLES, MeasureTable
from analytics.measures.forecast.rows import table_of
from analytics.measures.report_form import INCOME, NET, members
from analytics.measures.scope import Data, Scope
from analytics.settings import Deviations

LARGEST: Final = 5
ORE_PER_TKR: Final = 100_000
Posted = Mapping[tuple[str, ...], Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is compared with what; ``phrase`` ends the name of the row, ``versus`` the sentence of its cause."""

    code: str
    measured: str
    comparator: str
    phrase: str
    versus: str


COMPARISONS: Final = (
    Comparison("budget", "outcome", "budget", "utfall mot budget", "budget"),
    Comparison("previous", "outcome", "previous", "utfall mot föregående år", "föregående år"),
    Comparison("forecast", "forecast", "budget_year", "helårsprognos mot budget", "budget"),
)


@dataclass(frozen=True, slots=True)
class Deviation:
    """One line compared one way, in öre; ``cause`` is the part that contributes most."""

    id: str
    label: str
    measured: int
    comparator: int
    cause: str

    @property
    def amount(self) -> int:
        """Comparator − measured; negative is unfavourable."""
        return self.comparator - self.measured

    @property
    def percent(self) -> float | None:
        """Of the absolute comparator; None where that is zero."""
        return self.amount / abs(self.comparator) * 100 if self.comparator else None


def is_large(deviation: Deviation, limits: Deviations) -> bool:
    """Whether it reaches both limits, as it is printed; without a comparator the amount alone decides."""
    amount = swedish.round_half_away(abs(deviation.amount) / ORE_PER_TKR, 0)
    share = deviation.percent
    return amount >= limits.amount_tkr and (share is None or abs(share) >= limits.percent)


def deviations(data: Data, scope: Scope) -> MeasureTable:
    """Deviations of report lines above the limits of the settings, largest first, with what contributes most.

    Columns: deviation (``budget-staff_employees``: comparison and line; the same in every month), deviation_label,
    row_type, column (amount, percent, measured, comparator, cause, rank), text, value (kr; deviation = comparator −
    measured, negative is unfavourable). A comparison that the data lack gives no rows, and a note.
    """
    found = ledger.parts(data, scope)
    columns = tuple(dict.fromkeys(part for item in COMPARISONS for part in (item.measured, item.comparator)))
    posted = ledger.sums(data, scope, found, by=("report_line", "account", "origin"), columns=columns)
    limits = scope.settings.deviations
    large = [item for item in _all(posted, scope, found) if is_large(item, limits)]
    large.sort(key=lambda item: (-abs(item.amount), item.id))
    records: list[tuple[str, str, str, str, str | None, float | None]] = []
    for place, item in enumerate(large, start=1):
        key = (item.id, item.label, "row")
        share = item.percent
        records += [
            (*key, "amount", None, ledger.kronor(item.amount)),
            (*key, "percent", swedish.percent(share) if share is not None else "jämförelsetal saknas", None),
            (*key, "measured", None, ledger.kronor(item.measured)),
            (*key, "comparator", None, ledger.kronor(item.comparator)),
            (*key, "cause", item.cause, None),
            (*key, "rank", str(place), None),
        ]
    notes = [*found.notes, rule(limits), CAUSES]
    return table_of(TABLES["deviations"], records, period_label=scope.ledger_range.label, notes=notes)


CAUSES: Final = (
    "Största del är det konto eller den kontogrupp som bidrar mest åt samma håll som avvikelsen; det är en beräkning "
    "och ingen förklaring."
)


def rule(limits: Deviations) -> str:
    """The limits in words."""
    decimals = 0 if limits.percent == int(limits.percent) else 1
    return (
        f"Avvikelser på minst {swedish.number(limits.amount_tkr)}{swedish.HARD_SPACE}tkr och minst "
        f"{swedish.percent(limits.percent, decimals)} av jämförelsetalet tas med, störst först. "
        f"De {LARGEST} första står i sammanfattningen. "
        "Prognosen jämförs med budgeten för hela året, utfallet med samma månader."
    )


def _all(posted: Posted, scope: Scope, found: ledger.Parts) -> Iterator[Deviation]:
    lines = scope.reference.report_lines
    for code, line in lines.items():
        # A line with accounts of its own sums itself alone; income has a total that repeats it.
        if members(lines, code) != {code} or code == NET:
            continue
        parent = lines[line.parent].label if line.parent else ""
        own = {key[1:]: amounts for key, amounts in posted.items() if key[0] == code}
        for item in COMPARISONS:
            if not {item.measured, item.comparator} <= found.held:
                continue
            name = f"{parent}: {line.label}" if parent else line.label
            yield Deviation(
                f"{item.code}-{code}",
                f"{name}, {item.phrase}",
                sum(amounts.get(item.measured, 0) for amounts in own.values()),
                sum(amounts.get(item.comparator, 0) for amounts in own.values()),
                _cause(own, item, scope, is_income=code == INCOME),
            )


def _cause(own: Posted, item: Comparison, scope: Scope, *, is_income: bool) -> str:
    """The part that pulls most in the direction of the deviation, as a sentence."""
    parts = _parts(own, item, scope)
    whole = sum(parts.values())
    same_way = {name: amount for name, amount in parts.items() if amount * whole > 0}
    if not same_way:
        return ""
    name, amount = min(same_way.items(), key=lambda part: (-abs(part[1]), part[0]))
    # A larger cost and a smaller income both make the deviation negative.
    word = ("lägre intäkt" if amount < 0 else "högre intäkt") if is_income else "högre" if amount < 0 else "lägre"
    size = swedish.thousands(abs(ledger.kronor(amount) or 0))
    share = amount / whole * 100
    rest = f"{swedish.percent(share)} av avvikelsen" if share <= 100 else "mer än hela avvikelsen"
    return f"{name}: {size} {word} än {item.versus}, {rest}"


def _parts(own: Posted, item: Comparison, scope: Scope) -> dict[str, int]:
    """Deviation by account group where all groups of the line are named, else by account, else by counterparty."""
    groups, names = scope.reference.account_group_labels, scope.reference.accounts
    by_group: dict[str, int] = {}
    by_account: dict[str, int] = {}
    by_origin: dict[str, int] = {}
    for (account, origin), amounts in own.items():
        amount = amounts.get(item.comparator, 0) - amounts.get(item.measured, 0)
        group = account[:2]
        by_group[f"{group} {groups.get(group, '')}"] = by_group.get(f"{group} {groups.get(group, '')}", 0) + amount
        name = f"{account} {names.get(account, '')}".strip()
        by_account[name] = by_account.get(name, 0) + amount
        by_origin[ORIGINS[origin].lower()] = by_origin.get(ORIGINS[origin].lower(), 0) + amount
    if len(by_group) > 1 and all(account[:2] in groups for account, _ in own):
        return by_group
    if len(by_account) > 1 or len(by_origin) < 2:
        return by_account
    return {f"{next(iter(by_account))}, {origin}": amount for origin, amount in by_origin.items()}
