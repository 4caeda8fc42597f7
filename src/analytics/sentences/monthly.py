"""Sentences of the monthly series: average of each full year, lowest and highest months, and the latest month."""

from __future__ import annotations

from itertools import groupby

from analytics import swedish
from analytics.disclosure import ProtectedTable
from analytics.grid import row_head
from analytics.periods import MONTH_NAMES, Period
from analytics.sentences.words import (
    SUPPRESSED,
    amount,
    figure,
    listed,
    more_or_less,
    records,
    rounds_to_zero,
    sentence,
)

_LEDGER = {
    "net_monthly": "nettokostnaden",
    "staff_cost_monthly": "personalkostnaden",
    "focus_training_monthly": "utbildningskostnaden",
    "focus_travel_monthly": "resekostnaden",
    "focus_consultants_monthly": "konsultkostnaden",
}
_STAFF = {
    "worked_fte_monthly": ("antalet årsarbetare", ""),
    "sick_leave_pct_monthly": ("sjukfrånvaron", "%"),
    "headcount_monthly": ("antalet anställda", ""),
}


def ledger(table: ProtectedTable) -> str:
    """Average, lowest and highest month of each full year, and the average of the running year so far."""
    area = swedish.inline(table.spec.title).removesuffix(" per månad")
    noun = _LEDGER.get(table.spec.table_id, f"kostnaden för {area}")
    months = [
        (Period.parse(row["period"]), float(row["value"]))
        for row in records(table, series="outcome")
        if figure(row).is_known
    ]
    if all(value == 0 for _, value in months):
        return "Inget är bokfört under de år som redovisas."
    years = {year: list(rows) for year, rows in groupby(sorted(months), key=lambda item: item[0].year)}
    full = {year: rows for year, rows in years.items() if len(rows) == 12}
    parts = []
    if full:
        means = listed([f"{amount(_mean(rows), signed=True)} {year}" for year, rows in full.items()])
        parts.append(f"Den genomsnittliga {noun} per månad var {means}.")
        low = {year: _name(min(rows, key=_value)) for year, rows in full.items()}
        high = {year: _name(max(rows, key=_value)) for year, rows in full.items()}
        parts.append(_extremes(low, high))
    for year, rows in years.items():
        if year not in full:
            parts.append(f"Hittills under {year} är genomsnittet {amount(_mean(rows), signed=True)} per månad.")
    return " ".join(parts)


def agency(table: ProtectedTable) -> str:
    """Agency staff from January to the latest month in each year, and over the earlier years as a whole."""
    found = {
        Period.parse(row["period"]): swedish.number(row["value"], 1)
        for row in records(table, series="invoiced")
        if figure(row).is_known
    }
    if not found:
        return "Det finns inga uppgifter om inhyrd personal att visa per månad."
    last = max(found)
    unit = f"{swedish.HARD_SPACE}årsarbetare"
    text = f"Från januari till och med {MONTH_NAMES[last.month - 1]} {last.year} är inhyrningen {found[last]}{unit}"
    same = [Period(year, last.month) for year in range(last.year - 1, last.year - 3, -1)]
    earlier = [f"{found[month]} år {month.year}" for month in same if month in found]
    text += f", mot {listed(earlier)}." if earlier else "."
    whole = [Period(year, 12) for year in sorted({month.year for month in found})]
    years = [f"{found[month]} år {month.year}" for month in whole if month in found]
    # In December the comparison is of whole years already.
    return f"{text} Över hela året var den {listed(years)}." if years and last.month < 12 else text


def staff(table: ProtectedTable) -> str:
    """The latest month against the same month last year."""
    noun, unit = _STAFF[table.spec.table_id]
    rows = sorted(records(table, sex="T"), key=lambda row: str(row["period"]))
    if not rows:
        return "Det finns inga uppgifter att visa per månad."
    last = rows[-1]
    period = Period.parse(last["period"])
    earlier = next((row for row in rows if row["period"] == str(period.previous_year)), None)
    now, then = figure(last), figure(earlier)
    if now.is_suppressed or then.is_suppressed:
        return sentence(f"jämförelsen av {noun} mellan {period.label} och {period.previous_year.label} {SUPPRESSED}")
    if now.value is None:
        return sentence(f"uppgift för {period.label} saknas")
    decimals = table.spec.decimals
    spaced = f"{swedish.HARD_SPACE}{unit}" if unit else ""
    level = f"I {period.label} var {noun} {swedish.number(now.value, decimals)}{spaced}"
    if then.value is None:
        return f"{level}."
    change = now.value - then.value
    if rounds_to_zero(change, decimals):
        return f"{level}, oförändrat jämfört med {period.previous_year.label}."
    step = "procentenheter" if unit == "%" else unit
    size = f"{swedish.number(abs(change), decimals)}{swedish.HARD_SPACE + step if step else ''}"
    return f"{level}, vilket är {size} {more_or_less(change, table.spec.unit)} än i {period.previous_year.label}."


def absence(table: ProtectedTable) -> str:
    """The largest absence groups of the latest month."""
    rows = records(table, sex="T")
    if not rows:
        return "Det finns inga uppgifter att visa per månad."
    last = max(str(row["period"]) for row in rows)
    of_month = [row for row in rows if row["period"] == last]
    known = sorted((row for row in of_month if figure(row).is_known), key=lambda row: -row["value"])
    label = Period.parse(last).label
    if not known:
        return f"Frånvaron i {label} {SUPPRESSED}."
    among = " bland de grupper som visas" if any(figure(row).is_suppressed for row in of_month) else ""
    unit = f"{swedish.HARD_SPACE}årsarbetare"
    parts = [f"{row_head(row, 'absence_group')} ({swedish.number(row['value'], 2)}{unit})" for row in known[:2]]
    return f"I {label} var frånvaron{among} störst i {'grupperna' if len(parts) > 1 else 'gruppen'} {listed(parts)}."


def _extremes(low: dict[int, str], high: dict[int, str]) -> str:
    """Lowest and highest month of each year; a month that is the same in all years is said once."""
    lowest, highest = _in_years(low), _in_years(high)
    if len(low) > 1 and "åren" not in lowest + highest:
        return f"Lägst var den i {lowest}. Högst var den i {highest}."
    return f"Lägst var den i {lowest} och högst i {highest}."


def _in_years(months: dict[int, str]) -> str:
    if len(months) > 1 and len(set(months.values())) == 1:
        return f"{next(iter(months.values()))} {'båda' if len(months) == 2 else 'alla'} åren"
    return listed([f"{month} {year}" for year, month in months.items()])


def _mean(rows: list[tuple[Period, float]]) -> float:
    return sum(value for _, value in rows) / len(rows)


def _value(row: tuple[Period, float]) -> float:
    return row[1]


def _name(row: tuple[Period, float]) -> str:
    return MONTH_NAMES[row[0].month - 1]
