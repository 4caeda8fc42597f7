"""Sentences of the staff tables: change against the same months last year, and the group that changed most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from analytics import swedish
from analytics.disclosure import ProtectedTable
from analytics.grid import row_head
from analytics.sentences.words import (
    LAST_YEAR,
    SUPPRESSED,
    amount,
    compared,
    figure,
    find,
    records,
    rounds_to_zero,
    sentence,
    total_key,
)


@dataclass(frozen=True, slots=True)
class Wording:
    """How a table speaks of its total: subject, what a unit is called after a number, and when there is nothing."""

    subject: str
    unit: str
    absent: str
    group: str = "personalgrupp "
    group_key: str = "personnel_group"


_FTE = "årsarbetare"
_WORDINGS = {
    "worked_fte": Wording("antalet årsarbetare", "", "Ingen utförd arbetstid är registrerad för perioden."),
    "overtime_fte": Wording("övertiden", _FTE, "Ingen övertid är registrerad för perioden eller året innan."),
    "additional_fte": Wording("mertiden", _FTE, "Ingen mertid är registrerad för perioden eller året innan."),
    "hourly_fte": Wording(
        "timavlönades arbetade tid", _FTE, "Inga timavlönade har arbetat under perioden eller året innan."
    ),
    "absence_fte": Wording(
        "den totala frånvaron",
        _FTE,
        "Ingen frånvaro är registrerad för perioden eller året innan.",
        "frånvarogrupp ",
        "absence_group",
    ),
    "headcount": Wording("antalet anställda", "", "Förvaltningen hade inga anställda vid periodens slut."),
    "sick_leave_pct": Wording("sjukfrånvaron", "%", "Uppgift om sjukfrånvaro saknas för perioden."),
    "turnover_pct": Wording("den externa personalrörligheten", "%", "Uppgift om avgångar saknas för perioden."),
    "agency_staff_fte": Wording(
        "den inhyrda personalen", _FTE, "Ingen inhyrd personal är fakturerad för perioden eller året innan."
    ),
}
_SEXES = (("K", "kvinnor"), ("M", "män"))


def by_group(table: ProtectedTable) -> str:
    """Change of the total and the group with the largest change in the same direction."""
    words = _WORDINGS[table.spec.table_id]
    if table.frame.is_empty():
        return words.absent
    key = {**total_key(table), "sex": "T"}
    text = _change(table, words, key)
    change = find(table, column="change", **key).value
    return f"{text} {_largest(table, words, change)}".strip() if change is not None else text


def rate(table: ProtectedTable) -> str:
    """A percentage and its change in procentenheter, and what it is for women and men."""
    words = _WORDINGS[table.spec.table_id]
    if table.frame.is_empty():
        return words.absent
    key = {"measure": table.frame["measure"][0], "sex": "T"}
    text = _change(table, words, key)
    values = [(name, find(table, **{**key, "sex": sex}, column="current")) for sex, name in _SEXES]
    if all(value.is_known for _, value in values):
        shown = " och ".join(f"{swedish.percent(value.known, 1)} bland {name}" for name, value in values)
        text += f" Den är {shown}."
    elif find(table, **key, column="current").is_known and any(value.is_suppressed for _, value in values):
        text += f" Uppdelningen på kvinnor och män {SUPPRESSED}."
    return text


def disclosure(table: ProtectedTable) -> str:
    """Total sick leave, the share in long spells, and how many of the key figures may not be shown."""
    if table.frame.is_empty():
        return _WORDINGS["sick_leave_pct"].absent
    current = records(table, column="current")
    text = _change(table, _WORDINGS["sick_leave_pct"], {"measure": current[0]["measure"]})
    hidden = sum(row["status"] == "suppressed" for row in current)
    if hidden:
        text += f" {hidden} av {len(current)} nyckeltal {SUPPRESSED}."
    return text


def agency(table: ProtectedTable) -> str:
    """Agency staff in årsarbetare or kronor against the same months last year."""
    if table.frame.is_empty():
        return _WORDINGS["agency_staff_fte"].absent
    key = total_key(table)
    if table.spec.unit != "kr":
        return _change(table, _WORDINGS["agency_staff_fte"], key)
    current, previous, change = (find(table, column=name, **key) for name in ("current", "previous", "change"))
    if current.value is None:
        return "Ingen inhyrd personal är fakturerad för perioden."
    level = f"Kostnaden för inhyrd personal är {amount(current.value)}"
    if change.value is None:
        return f"{level}."
    return f"{level}, vilket är {compared(change.value, previous, current.value, LAST_YEAR)}."


def _change(table: ProtectedTable, words: Wording, key: dict[str, Any]) -> str:
    current, previous, change = (find(table, column=name, **key) for name in ("current", "previous", "change"))
    if current.is_suppressed:
        return sentence(f"{words.subject} {SUPPRESSED}")
    if current.value is None or (current.value == 0 and previous.value == 0 and words.unit != "%"):
        return words.absent
    level = swedish.number(current.value, table.spec.decimals)
    if change.value is not None:
        return _moved(table, words, level, change.value)
    shown = f"{words.subject} är {level}{_unit(words)}"
    if change.is_suppressed or previous.is_suppressed:
        return sentence(f"{shown}, men jämförelsen med {LAST_YEAR} {SUPPRESSED}")
    return sentence(f"{shown}; det finns ingen uppgift för {LAST_YEAR} att jämföra med")


def _moved(table: ProtectedTable, words: Wording, level: str, change: float) -> str:
    if rounds_to_zero(change, table.spec.decimals):
        if words.subject.startswith("antalet"):
            return sentence(f"{words.subject} är oförändrat {level} jämfört med {LAST_YEAR}")
        return sentence(f"{words.subject} är oförändrad, {level}{_unit(words)}, jämfört med {LAST_YEAR}")
    direction = "ökat" if change > 0 else "minskat"
    return sentence(
        f"{words.subject} har {direction} med {_step(table, change, words)} till {level}{_unit(words, to=True)} "
        f"jämfört med {LAST_YEAR}"
    )


def _step(table: ProtectedTable, change: float, words: Wording) -> str:
    text = swedish.number(abs(change), table.spec.decimals)
    unit = table.spec.change_unit or words.unit
    return f"{text}{swedish.HARD_SPACE}{unit}" if unit else text


def _unit(words: Wording, *, to: bool = False) -> str:
    # "har ökat med 0,53 årsarbetare till 2,10": the unit is said once; a percentage carries its sign both times.
    return f"{swedish.HARD_SPACE}{words.unit}" if words.unit and (not to or words.unit == "%") else ""


def _largest(table: ProtectedTable, words: Wording, change: float) -> str:
    rows = records(table, column="change", sex="T", row_type="row")
    known = [row for row in rows if figure(row).is_known]
    if len(rows) < 2 or not known:
        return ""
    decimals = table.spec.decimals
    unchanged = rounds_to_zero(change, decimals)
    side = known if unchanged else [row for row in known if (row["value"] > 0) == (change > 0)]
    top = max(side, key=lambda row: abs(row["value"]), default=None)
    if top is None or rounds_to_zero(top["value"], decimals):
        return ""
    noun = "ökningen" if top["value"] > 0 else "minskningen"
    hidden = any(row["status"] == "suppressed" for row in rows)
    among = " av de grupper som visas" if hidden else ""
    step = swedish.number(abs(top["value"]), decimals)
    return f"Störst{among} är {noun} i {words.group}{row_head(top, words.group_key)} ({step})."
