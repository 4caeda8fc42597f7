"""Why the staff cost differs from last year: calendar, volume, pay level, employer's contributions and the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import narwhals as nw
import polars as pl

from analytics import swedish
from analytics.measures import ledger
from analytics.measures.catalogue import TABLES, MeasureTable
from analytics.measures.forecast.rows import table_of
from analytics.measures.forecast.stated_causes import read_causes
from analytics.measures.forecast.working_days import working_days
from analytics.measures.scope import MILLIONTHS, Data, Scope, collect, exact, lazy, months_present
from analytics.measures.staff import WORKED_TIME_TYPES
from analytics.periods import PeriodRange

YEARS = ("previous", "current")
PAY = ("40", "41")
"""Account groups of pay: time worked and time not worked."""
BY_THE_HOUR = ("402", "404")
"""Accounts of pay that follows the hours of the month: hourly staff, overtime and additional time."""
CONTRIBUTIONS = ("45",)
STAFF_CLASS = "4"
PERCENT = 100
SIGN = "Minustecken betyder att kostnaden har ökat. Delarna summerar till hela skillnaden. Projektansvar ingår inte."
STATED = (
    "Förvaltningens uppgift är den ungefärliga bedömning som lämnats i rapporttexten. Den är inte bokförd och behöver "
    "inte summera."
)


@dataclass(frozen=True, slots=True)
class Year:
    """One side of the comparison: öre by kind of account, working days of the cost, and hours with their days."""

    pay: int
    by_the_hour: int
    contributions: int
    other: int
    days: int
    hours: int
    """Millionths of hours in the months that have complete time."""
    hour_days: int
    """Working days of those months."""

    @property
    def whole(self) -> int:
        return self.pay + self.contributions + self.other

    @property
    def rate(self) -> Fraction:
        """Employer's contributions as a share of pay."""
        return Fraction(self.contributions, self.pay)

    @property
    def volume(self) -> Fraction:
        """Hours per working day."""
        return Fraction(self.hours, self.hour_days)


def parts(before: Year, now: Year) -> dict[str, Fraction]:
    """Öre of each part of ``before.whole − now.whole`` (negative: the cost has risen); together exactly the whole.

    Formulas, with r the contributions as a share of pay, v hours per working day, d working days:
    calendar: hour-paid pay before × (d now / d before − 1) × (1 + r before);
    volume: pay before × (v now / v before − 1) × (1 + r before);
    price: (pay now − pay before − the two above without contributions) × (1 + r before);
    contributions: (r now − r before) × pay now;
    other: staff cost that is neither pay nor contributions.

    Monthly pay is the same in a month with few working days, so only pay by the hour has a calendar effect, and
    volume is measured per working day. Source: domain rules section 5.
    """
    with_contributions = 1 + before.rate
    calendar, volume = _explained(before, now)
    price = now.pay - before.pay - calendar - volume
    return {
        "calendar": -calendar * with_contributions,
        "volume": -volume * with_contributions,
        "price": -price * with_contributions,
        "contributions": -(now.rate - before.rate) * now.pay,
        "other": Fraction(before.other - now.other),
    }


def _explained(before: Year, now: Year) -> tuple[Fraction, Fraction]:
    """Change of pay (öre) by the calendar and by the volume, without contributions."""
    calendar = before.by_the_hour * (Fraction(now.days, before.days) - 1)
    return calendar, before.pay * (now.volume / before.volume - 1)


def amounts(data: Data, scope: Scope, months: PeriodRange) -> Mapping[str, int]:
    """Staff cost of the unit in öre by kind: pay, by_the_hour (a part of pay), contributions, other."""
    rows = ledger.counted(data, scope, projects=False).filter(
        nw.col("kind") == "outcome", nw.col("account_class") == STAFF_CLASS, nw.col("period").is_in(months.months)
    )
    found = dict.fromkeys(("pay", "by_the_hour", "contributions", "other"), 0)
    for account, ore in collect(rows.group_by("account").agg(nw.col("amount_ore").sum())).rows():
        kind = "pay" if account[:2] in PAY else "contributions" if account[:2] in CONTRIBUTIONS else "other"
        found[kind] += ore
        found["by_the_hour"] += ore if account[:3] in BY_THE_HOUR else 0
    return found


def hours(data: Data, scope: Scope, months: PeriodRange) -> tuple[int, tuple[int, int]]:
    """Hours (millionths) of the unit's staff without project cost centres, and how many persons have any there and not.

    Scheduled time, not reduced by absence, with additional time, overtime, on-call time and hourly staff: worked time
    and absence together. Those at project cost centres count for disclosure: the tables of staff hold both, so their
    hours are what is left.
    """
    projects = [
        centre
        for centre in scope.organisation.codes("cost_centre")
        if (found := scope.organisation.find("cost_centre", centre, months.last)) is not None and found.is_project
    ]
    rows = (
        lazy(data.time)
        .filter(
            nw.col("administration") == scope.unit,
            nw.col("period").is_in(months.months),
            nw.col("time_type").is_in(WORKED_TIME_TYPES),
        )
        .with_columns(nw.col("cost_centre").is_in(projects).alias("at_project"))
    )
    persons = collect(rows.group_by("at_project", "employee_key").agg(exact("hours").sum().alias("amount")))
    own = persons.filter(~pl.col("at_project"))
    behind = persons.filter(pl.col("amount") != 0).get_column("at_project")
    return int(own.get_column("amount").sum()), (int((~behind).sum()), int(behind.sum()))


def variance_parts(data: Data, scope: Scope) -> MeasureTable:
    """Staff cost against the same months of last year, in parts that add up to the whole.

    Columns: part (see :func:`parts`; then the total), part_label, row_type, column (amount, stated, formula), text,
    value (kr; last year − this year, negative is unfavourable), n (persons behind the hours, or behind those of the
    projects if they are fewer, in the smaller year).
    Empty where a year lacks months, pay or hours; the notes say which. Source: 002:587-609.
    """
    found = ledger.parts(data, scope)
    spec = TABLES["variance_parts"]
    cost, time = scope.ledger_range, scope.staff_range
    lacking = _lacking(data, scope, found)
    sides: dict[str, Year] = {}
    persons: list[int] = []
    for side in YEARS:
        at_cost, at_time = (cost, time) if side == "current" else (cost.previous_year, time.previous_year)
        worked, counts = hours(data, scope, at_time)
        persons += counts
        sides[side] = Year(
            **amounts(data, scope, at_cost),
            days=working_days(at_cost),
            hours=worked,
            hour_days=working_days(at_time),
        )
    before, now = sides["previous"], sides["current"]
    if not lacking and not (before.pay > 0 and now.pay > 0 and before.hours > 0 and now.hours > 0):
        lacking = ["Uppdelningen kan inte göras: lön eller arbetad tid saknas i något av åren."]
    stated = read_causes(scope.reference).get((scope.unit, str(scope.period)), {})
    behind = min((count for count in persons if count), default=0)
    split = {} if lacking else parts(before, now)
    formulas = {} if lacking else _formulas(before, now)
    records: list[tuple[str, str, str, str, str | None, float | None, int]] = []
    for code, label in LABELS.items():
        value = float(split[code] / ledger.ORE) if code in split else None
        said = -float(stated[code]) if code in stated else None
        records += [
            (code, label, "row", "amount", None, value, behind),
            (code, label, "row", "stated", None, said, behind),
            (code, label, "row", "formula", formulas.get(code), None, behind),
        ]
    whole = (before.whole - now.whole) / ledger.ORE if "previous" in found.held else None
    records += [
        ("", "Hela skillnaden", "total", "amount", None, whole, behind),
        ("", "Hela skillnaden", "total", "stated", None, None, behind),
        ("", "Hela skillnaden", "total", "formula", _whole(before, now) if whole is not None else None, None, behind),
    ]
    notes = [SIGN, *(lacking or _notes(scope)), *([STATED] if stated else [])]
    return table_of(spec, records, period_label=cost.label, notes=notes)


LABELS = {
    "volume": "Årsarbetare: fler eller färre, även tillsatta vakanser",
    "price": "Lönenivå: löneökningar och ändrad sammansättning",
    "contributions": "Pålägg: arbetsgivaravgifter och avtalsförsäkringar",
    "calendar": "Arbetsdagar: antalet i perioden",
    "other": "Övrigt: övriga personalkostnader",
}
"""Code of each part → its Swedish name, in printed order."""


def _lacking(data: Data, scope: Scope, found: ledger.Parts) -> list[str]:
    notes = []
    if "previous" not in found.held:
        notes.append(f"Utfall för {scope.ledger_range.previous_year.label} saknas.")
    if scope.staff_range.last.year != scope.period.year:
        notes.append(
            f"Ingen månad {scope.period.year} har komplett arbetad tid ännu; skillnaden kan därför inte delas upp."
        )
    of_unit = lazy(data.time).filter(nw.col("administration") == scope.unit)
    notes += [
        f"Arbetad tid för {months.label} saknas; skillnaden kan därför inte delas upp."
        for months in (scope.staff_range.previous_year, scope.staff_range)
        if set(months.months) - months_present(of_unit, months=months.months)
    ]
    return notes


def _formulas(before: Year, now: Year) -> dict[str, str]:
    """Each formula with its figures."""
    rate, later_rate = (swedish.percent(float(year.rate) * PERCENT, 2) for year in (before, now))
    growth = swedish.percent(float(now.volume / before.volume - 1) * PERCENT, 2)
    pay, later_pay = (swedish.thousands(year.pay / ledger.ORE) for year in (before, now))
    by_the_hour = swedish.thousands(before.by_the_hour / ledger.ORE)
    other, later_other = (swedish.thousands(year.other / ledger.ORE) for year in (before, now))
    explained = swedish.thousands(float(sum(_explained(before, now)) / ledger.ORE))
    per_day, later_per_day = (swedish.number(float(year.volume / MILLIONTHS), 1) for year in (before, now))
    return {
        "calendar": f"tim- och övertidslön i fjol {by_the_hour} × (1 − {now.days} / {before.days} arbetsdagar) "
        f"× (1 + pålägg i fjol {rate})",
        "volume": f"lön i fjol {pay} × (1 − {later_per_day} / {per_day} timmar per arbetsdag, dvs. ändring {growth}) "
        f"× (1 + {rate})",
        "price": f"(lön i fjol {pay} − lön i år {later_pay} + årsarbetares och arbetsdagars del av lönen {explained}) "
        f"× (1 + {rate})",
        "contributions": f"(pålägg i fjol {rate} − pålägg i år {later_rate}) × lön i år {later_pay}",
        "other": f"i fjol {other} − i år {later_other}: kontogrupp 42, 43, 44 och 46",
    }


def _whole(before: Year, now: Year) -> str:
    first, second = (swedish.thousands(year.whole / ledger.ORE) for year in (before, now))
    return f"i fjol {first} − i år {second}"


def _notes(scope: Scope) -> list[str]:
    """What the parts are and what they assume."""
    volume = (
        "Årsarbetarna räknas på schemalagd tid, mertid, övertid, jour och timanställdas tid per arbetsdag: utförd tid "
        f"och frånvaro tillsammans. De är mätta för {scope.staff_range.label} mot samma månader året före"
    )
    if scope.staff_range != scope.ledger_range:
        volume += f" och antas ha ändrats lika mycket i hela perioden {scope.ledger_range.label}"
    price = (
        "Lönenivå är vad som återstår av löneförändringen när årsarbetare och arbetsdagar har räknats bort: "
        "löneökningar, men också ändrad sammansättning av personalen och engångsposter."
    )
    vacancies = (
        "Vakanser kan inte skiljas från andra ändringar av årsarbetarna, eftersom antalet budgeterade tjänster inte "
        "finns i data; därför görs uppdelningen mot föregående år och inte mot budget."
    )
    return [
        f"{volume}.",
        "Månadslönen är densamma hur många arbetsdagar månaden än har; bara tim- och övertidslön följer antalet.",
        price,
        vacancies,
    ]
