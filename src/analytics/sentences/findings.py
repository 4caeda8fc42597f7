"""The sentences of a finding: how much, compared with what, of which kind, and in which parts; all numbers computed.

What the finder concludes is said as a conclusion (``tycks``): it has seen amounts and hours, not what was meant.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Final

from analytics import swedish
from analytics.disclosure.findings import BETWEEN
from analytics.finder.model import Finding, Kind, NotLookedAt, Part
from analytics.measures.catalogue import TABLES
from analytics.periods import day_label
from analytics.sentences.words import amount, listed, sentence

NUMERALS: Final = ("noll", "en", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva", "tolv")
NOUNS: Final[Mapping[str, str]] = {
    "income": "intäkterna",
    "staff": "personalkostnaden",
    "staff_employees": "kostnaden för anställda",
    "staff_agency": "kostnaden för inhyrd personal",
    "staff_other": "övriga personalkostnader",
    "operations": "driftkostnaden",
    "operations_consumables": "kostnaden för förbrukningsmaterial",
    "operations_travel": "resekostnaden",
    "operations_information": "kostnaden för information och PR",
    "operations_purchased": "kostnaden för köpta tjänster",
    "operations_telecom": "kostnaden för post och tele",
    "operations_other": "övriga driftkostnader",
    "capital": "kapitalkostnaden",
    "total_income": "intäkterna",
    "total_cost": "de totala kostnaderna",
    "net": "nettokostnaden",
}
"""Report line → what its amount is called. Another line is called by its label."""
DECIMALS: Final[Mapping[str, int]] = {
    "personer": 0,
    "listade": 0,
    "kontakter": 0,
    "besök": 0,
    "bedömningar": 0,
    "planer": 0,
    "kr per listad": 0,
}
"""Unit → decimals of its numbers; one where nothing is said."""
CARE_UNITS: Final = "vårdenheternas andelar, antal och kostnader"
COUNTED: Final = frozenset({"personer", "listade", "kontakter", "besök", "bedömningar", "planer", "antal"})
"""Units that the number of them names already: ``antalet anställda är 8 lägre``."""
MOST_PARTS: Final = 3
MILLION: Final = 1_000_000
SOME: Final = 0.05
"""Of a forecast's deviation, the outcome so far shows some of it if it is at least so much."""
HOURS: Final[Mapping[str, str]] = {
    "worked_fte": "den utförda arbetstiden",
    "overtime_fte": "övertiden",
    "additional_fte": "mertiden",
    "hourly_fte": "de timavlönades arbetstid",
    "absence_fte": "frånvaron",
    "headcount": "antalet anställda",
    "turnover_pct": "antalet tillsvidareanställda som har lämnat arbetsgivaren",
    "agency_staff_fte": "den inhyrda personalens arbetstid, i lika långa månader,",
}
STARTED: Final = "antalet tillsvidareanställda som har börjat hos arbetsgivaren"
ORIGINS: Final[Mapping[str, str]] = {"external": "extern", "internal": "intern"}
UNITS: Final = ("base_unit", "cost_centre")
ACCOUNTS: Final = ("account", "account_group")
ACCOUNT_LEVELS: Final = frozenset({"report_line", *ACCOUNTS})


def finding(found: Finding) -> str:
    """The sentences of one finding, in Swedish, as plain text."""
    told = _KINDS.get(found.kind, _plain)(found)
    return " ".join(sentence(each) for each in (*told, found.note) if each)


def not_looked_at(missing: Sequence[NotLookedAt]) -> list[str]:
    """What the finder could not look at: one sentence for each reason, with the measures by their Swedish names."""
    reasons: dict[str, list[str]] = {}
    for each in missing:
        name = CARE_UNITS if each.measure.startswith("care_unit") else swedish.inline(TABLES[each.measure].title)
        named = reasons.setdefault(each.reason, [])
        if name not in named:
            named.append(name)
    return [sentence(f"inte genomsökt: {listed(names)} ({reason})") for reason, names in reasons.items()]


def is_income(keys: Mapping[str, str]) -> bool:
    """Whether amounts of these keys are income, which is negative in the tables and positive in words."""
    return keys.get("report_line") in ("income", "total_income") or keys.get("account", "").startswith("3")


def place(found: Finding) -> str:
    """Where a finding is, for a list: its labels, or the two sides that it is about, whose amounts it adds up.

    The level above two sides may hold more than them, so its name would stand beside another sum.
    """
    named = [part for part in found.parts if not part.is_rest]
    narrowed = {key for part in named for key in part.keys}
    if found.kind not in BETWEEN or len(named) != 2 or not narrowed & ACCOUNT_LEVELS:
        return ", ".join(found.labels.values())
    kept = [label for key, label in found.labels.items() if key not in ACCOUNT_LEVELS]
    return ", ".join([*kept, " och ".join(part.label for part in named)])


def subject(keys: Mapping[str, str], labels: Mapping[str, str], *, unit: bool = True) -> str:
    """What deviates, in the definite form: ``kostnaden för köpta tjänster vid Kansliet``."""
    noun = _noun(keys, labels)
    where = next((labels[key] for key in reversed(UNITS) if key in labels), "") if unit else ""
    return f"{noun} vid {where}" if where else noun


def _hours(found: Finding, labels: Mapping[str, str]) -> str:
    """What hours deviate: ``frånvaron (sjukfrånvaro) för sjuksköterskor vid Kansliet``."""
    if "quantity" in found.keys:
        return f"{labels['quantity']} vid {labels['care_unit']}"
    if "indicator" in found.keys:
        return f"indikatorn ”{labels['indicator']}”"
    text = STARTED if found.keys.get("movement") == "started" else HOURS[found.measure]
    within = "i gruppen" if found.measure == "headcount" else "för"
    if "profession" in labels:
        text += f" ({swedish.inline(labels['profession'])})"
    if "absence_group" in labels:
        text += f" ({swedish.inline(labels['absence_group'])})"
    if "personnel_group" in labels:
        text += f" {within} {labels['personnel_group']}"
    where = next((labels[key] for key in reversed(UNITS) if key in labels), "")
    return f"{text} vid {where}" if where else text


def _noun(keys: Mapping[str, str], labels: Mapping[str, str]) -> str:
    what = "intäkterna" if is_income(keys) else "kostnaden"
    if "origin" in keys:
        what = f"de {ORIGINS[keys['origin']]}a {what}" if is_income(keys) else f"den {ORIGINS[keys['origin']]}a {what}"
    if "account" in labels:
        return f"{what} på konto {labels['account']}"
    if "account_group" in labels:
        return f"{what} i kontogrupp {labels['account_group']}"
    line = keys.get("report_line", "net")
    return NOUNS.get(line) or f"{what} för {swedish.inline(labels.get('report_line', line))}"


def _word(found: Finding, keys: Mapping[str, str], deviation: float) -> str:
    """Higher or lower, of a deviation with the sign of the tables."""
    more = deviation > 0 if found.unit != "kr" or is_income(keys) else deviation < 0
    return "högre" if more else "lägre"


def _size(found: Finding, value: float) -> str:
    """A deviation without sign, in its unit."""
    if found.unit == "kr":
        return amount(value)
    return f"{swedish.number(abs(value), DECIMALS.get(found.unit, 1))}{swedish.HARD_SPACE}{_unit(found, value)}"


def signed(found: Finding) -> str:
    """The deviation with its sign, in its unit, for a list."""
    places = DECIMALS.get(found.unit, 1)
    return f"{swedish.number(found.deviation, places)}{swedish.HARD_SPACE}{_unit(found, found.deviation)}"


def _unit(found: Finding, value: float) -> str:
    """The unit of a deviation as it is called beside a number: shares differ by percentage points."""
    if found.unit == "%":
        return "procentenheter"
    return "person" if found.unit == "personer" and swedish.number(abs(value), 0) == "1" else found.unit


def _level(found: Finding, value: float) -> str:
    """A level beside a deviation: in mnkr only if the deviation is."""
    if found.unit != "kr":
        number = swedish.number(value, DECIMALS.get(found.unit, 1))
        return f"{number}{swedish.HARD_SPACE}%" if found.unit == "%" else number
    shown = -value if is_income(found.keys) else value
    return swedish.millions(shown) if abs(found.deviation) >= MILLION else swedish.thousands(shown)


def _versus(found: Finding) -> str:
    return {
        "budget": "budget",
        "seasonal": "den säsongsfördelade budgeten",
        "forecast": f"budget för {found.months.last.year}",
        "previous": "samma period föregående år",
        "expected": "väntat",
    }[found.comparison]


def _main(found: Finding) -> str:
    """How much it deviates from what, with both amounts and what the expectation rests on."""
    size = _size(found, found.deviation) if found.unit not in COUNTED else _level(found, abs(found.deviation))
    when = "är i helårsprognosen" if found.comparison == "forecast" else f"{_when(found)} är"
    text = f"{_about(found, found.keys, found.labels)} {when} {size} "
    text += f"{_word(found, found.keys, found.deviation)} än {_versus(found)}"
    levels = f"{_level(found, found.outcome)} mot {_level(found, found.expected)}"
    earlier = "tidigare utfall" if "indicator" in found.keys else "månaders historik"
    rests = f", efter {found.history} {earlier}" if found.comparison == "expected" else ""
    return f"{text}: {levels}{rests}"


def _about(found: Finding, keys: Mapping[str, str], labels: Mapping[str, str]) -> str:
    return subject(keys, labels) if found.unit == "kr" else _hours(found, labels)


def _when(found: Finding) -> str:
    if found.measure == "headcount":
        return f"den sista dagen i {found.months.last.label}"
    return f"i {found.months.label}" if len(found.months) == 1 else found.months.label


def _parts(found: Finding) -> str:
    """The parts that carry it, and those that go against it."""
    named = [part for part in found.parts if not part.is_rest]
    if len(named) == 1 and named[0].deviation == found.deviation:
        return ""
    carrying = [part for part in named if part.deviation * found.deviation > 0]
    against = [part for part in named if part.deviation * found.deviation < 0]
    texts = []
    if carrying:
        shown = [_named(found, part) for part in carrying[:MOST_PARTS]]
        left = len(carrying) - len(shown)
        if left:
            shown.append(f"{_count(left)} {'del' if left == 1 else 'delar'} till")
        share = sum(part.deviation for part in carrying) / found.deviation * 100
        texts.append(f"{listed(shown)} är {_of_whole(share)}")
    if against:
        texts.append(f"åt andra hållet går {listed([_named(found, part) for part in against[:MOST_PARTS]])}")
    return "; ".join(texts)


def _of_whole(share: float) -> str:
    if share >= 99.5:
        return "mer än hela avvikelsen" if share > 100.5 else "hela avvikelsen"
    return f"{swedish.percent(share)} av avvikelsen"


def _named(found: Finding, part: Part) -> str:
    return f"{part.label} ({_size(found, part.deviation)})"


def _count(number: int) -> str:
    return NUMERALS[number] if number < len(NUMERALS) else swedish.number(number)


def _plain(found: Finding) -> list[str]:
    return [_main(found), _parts(found)]


def _late(found: Finding) -> list[str]:
    return [_main(found), f"{_beside(found)}: bokföringen tycks ha kommit sent"]


def _early(found: Finding) -> list[str]:
    return [_main(found), f"{_beside(found)}: bokföringen tycks ha kommit tidigt"]


def _beside(found: Finding) -> str:
    """The month that makes up for it: that before where more came late or less came since it was early, else after."""
    more = _word(found, found.keys, found.deviation) == "högre"
    step = -1 if more == (found.kind == "late") else 1
    return f"i {found.months.first.plus(step).label} var det ungefär lika mycket åt andra hållet"


def _doubled(found: Finding) -> list[str]:
    return [_main(found), _parts(found), "samma belopp tycks vara bokfört två gånger"]


def _missing(found: Finding) -> list[str]:
    then = _last_year(found)
    reason = f"det är {then} som sticker ut: bokföringen tycks saknas då" if then else "bokföringen tycks saknas"
    return [_main(found), _parts(found), reason]


def _one_off(found: Finding) -> list[str]:
    if "indicator" in found.keys or (found.unit != "kr" and len(found.months) > 1):
        return [_main(found), _parts(found)]
    posting, then = found.evidence.posting, _last_year(found)
    if posting is None:
        alone = f"det är {then or 'en enskild månad'} som sticker ut"
    else:
        day = day_label(date.fromisoformat(posting.day))
        alone = f"det är en engångspost: {amount(posting.amount)} på konto {posting.label}, bokförd den {day}"
    return [_main(found), _parts(found), alone]


def _last_year(found: Finding) -> str:
    """The month of last year whose rows are behind it, if they are; otherwise empty."""
    then = found.evidence.months
    return then.label if then.last < found.months.first else ""


def _lasting(found: Finding) -> list[str]:
    months = f"{_count(found.persistence)} {'månad' if found.persistence == 1 else 'månader'}"
    word = _word(found, found.keys, found.deviation)
    if found.comparison in ("budget", "seasonal"):
        where = "under" if word == "högre" else "över"
        reason = f"utfallet är ungefär som tidigare; det är budgeten som ligger {where} den nivån"
    elif found.comparison == "forecast":
        return [_main(found), _parts(found), f"{_so_far(found)}; prognosen räknar med att det fortsätter"]
    elif found.comparison == "previous":
        reason = _long(found)
    else:
        reason = f"nivån har varit {word} än väntat {months} i rad" if found.persistence > 1 else ""
    return [_main(found), _parts(found), reason, _season(found)]


def _long(found: Finding) -> str:
    """How long it has differed from the year before: it is what history leads one to expect by now."""
    word, months = _word(found, found.keys, found.deviation), found.persistence
    since = f" {_count(months)} månader i rad" if months > 1 else ""
    return f"nivån har varit {word} än året innan{since}: den är nu den vanliga"


def _season(found: Finding) -> str:
    """What the budget in twelfths shows instead, of a finding against the seasonal one."""
    twelfths = found.also.get("budget")
    if found.comparison != "seasonal" or twelfths is None:
        return ""
    gap = f"{_size(found, twelfths)} {_word(found, found.keys, twelfths)}"
    if twelfths * found.deviation > 0 and abs(twelfths) > abs(found.deviation):
        return f"mot budget i tolftedelar är utfallet {gap}, men det mesta av den skillnaden är säsong"
    return f"mot budget i tolftedelar syns det inte: mot den är utfallet {gap}"


def _so_far(found: Finding) -> str:
    """What the months with outcome show, of a finding of the forecast."""
    in_season = "seasonal" in found.also
    gap = found.also["seasonal" if in_season else "budget"]
    against = "den säsongsfördelade budgeten" if in_season else "budget"
    return f"utfallet hittills i år är {_size(found, gap)} {_word(found, found.keys, gap)} än {against}"


def _forecast_alone(found: Finding) -> list[str]:
    same_way = found.also.get("seasonal", found.also.get("budget", 0.0)) / found.deviation >= SOME
    more = (
        "; prognosen räknar med mer än att det fortsätter" if same_way else ", så det är bara prognosen som säger det"
    )
    return [_main(found), _parts(found), f"{_so_far(found)}{more}"]


def _forecast_kept(found: Finding) -> list[str]:
    """The unit's forecast is the budget; the outcome so far leads elsewhere."""
    more = "mer" if _word(found, found.keys, found.deviation) == "högre" else "mindre"
    budgeted, leads = (amount(abs(value)) for value in (found.expected, found.outcome))
    text = f"prognosen för {_about(found, found.keys, found.labels)} är densamma som budgeten för "
    text += f"{found.months.last.year}, {budgeted}, men utfallet hittills leder till {leads}: "
    text += f"{_size(found, found.deviation)} {more} än så"
    return [text, _parts(found), f"{_so_far(found)} och har skilt sig åt samma håll {_in_a_row(found)}"]


def _in_a_row(found: Finding) -> str:
    return f"{_count(found.persistence)} {'månad' if found.persistence == 1 else 'månader'} i rad"


def _priced(found: Finding) -> list[str]:
    """Staff cost in price and volume."""
    if found.unit != "kr":
        return [_main(found), _parts(found), _long(found) if found.comparison == "previous" else ""]
    carrying = [_named(found, part) for part in found.parts if part.deviation * found.deviation > 0]
    against = [_named(found, part) for part in found.parts if part.deviation * found.deviation < 0]
    text = f"det förklaras av {listed(carrying)}"
    return [_main(found), f"{text}; åt andra hållet går {listed(against)}" if against else text]


def _spread(found: Finding) -> list[str]:
    largest = [part for part in found.parts if not part.is_rest and part.deviation * found.deviation > 0]
    text = "avvikelsen är spridd på många delar"
    if largest:
        text += f"; störst är {listed([_named(found, part) for part in largest[:MOST_PARTS]])}"
    return [_main(found), text]


def _sides(found: Finding) -> tuple[Part, Part]:
    """The side that rose (or is over), and the one that fell."""
    first, second = found.parts[:2]
    up = _word(found, {**found.keys, **first.keys}, first.deviation) == "högre"
    return (first, second) if up else (second, first)


def _side(found: Finding, part: Part) -> str:
    """What one side of two is called, with the unit that both or it alone belong to."""
    labels = {**found.labels, **dict.fromkeys(part.keys, part.label)}
    if not any(key in part.keys for key in UNITS):
        return _about(found, {**found.keys, **part.keys}, labels)
    within = {key: name for key, name in found.labels.items() if key not in UNITS}
    return f"{_about(found, found.keys, within)} vid {part.label}"


def _two(found: Finding, versus: str) -> str:
    up, down = _sides(found)
    texts: list[str] = []
    for part, word in ((up, "högre"), (down, "lägre")):
        texts.append(
            f"{_side(found, part)} {'' if texts else _when(found) + ' är '}{_size(found, part.deviation)} {word}"
        )
    return f"{texts[0]} än {versus} och {texts[1]}"


def _moved(found: Finding) -> list[str]:
    across = all(set(part.keys) == {"origin"} for part in found.parts if not part.is_rest)
    what = {
        "moved_account": f"beloppet tycks ha flyttat mellan {'externt och internt' if across else 'konton'}",
        "moved_unit": f"{'beloppet' if found.unit == 'kr' else 'personalen'} tycks ha flyttat mellan enheter",
        "reorganisation": "verksamheten tycks ha flyttat mellan enheter",
        "mix": "personalen tycks ha fått en annan sammansättning",
    }[found.kind]
    return [_two(found, _versus(found)), f"{what}; tillsammans är avvikelsen {_net(found)}"]


def _mixed(found: Finding) -> list[str]:
    return _priced(found) if found.unit == "kr" else _moved(found)


def _net(found: Finding) -> str:
    return _size(found, found.deviation) if found.deviation else "noll"


def _misplaced(found: Finding) -> list[str]:
    reason = "utfallet är ungefär som tidigare: budgeten tycks ligga på fel plats"
    word = _word(found, found.keys, found.deviation)
    together = f"tillsammans är de {amount(found.deviation)} {word} än {_versus(found)}"
    return [_two(found, _versus(found)), reason, together]


def _reorganised(found: Finding) -> list[str]:
    sides = [part for part in found.parts if not part.is_rest]
    if len(sides) == 2 and sides[0].deviation * sides[1].deviation < 0:
        return _moved(found)
    return [_main(found), _parts(found), "enheten har börjat eller upphört, eller tagit över verksamhet"]


_KINDS: Final[Mapping[Kind, Callable[[Finding], list[str]]]] = {
    "late": _late,
    "early": _early,
    "doubled": _doubled,
    "missing": _missing,
    "one_off": _one_off,
    "lasting": _lasting,
    "spread": _spread,
    "forecast_alone": _forecast_alone,
    "forecast_kept": _forecast_kept,
    "moved_account": _moved,
    "moved_unit": _moved,
    "reorganisation": _reorganised,
    "misplaced_budget": _misplaced,
    "mix": _mixed,
    "volume": _priced,
    "pay_level": _priced,
    "employer_contribution": _priced,
}
