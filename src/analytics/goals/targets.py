"""Targets read from Swedish text. The parser is strict: what it does not know whole is not read, with the reason.

The forms are those of the plans 2015, 2018, 2019 and 2024 (``docs/indicators.md`` lists every text and what was read).
"""

from __future__ import annotations

import re
from fractions import Fraction

from analytics.goals.model import Comparison, Direction, Relative, State, Target, Threshold, Unread
from analytics.goals.numerals import COUNT, COUNT_WORDS, NUMBER, UNIT, clean, measured, number

_COMPARISONS: dict[str, Comparison] = {
    "minst": ">=",
    "lägst": ">=",
    "högst": "<=",
    ">": ">",
    "<": "<",
    "≥": ">=",
    "≤": "<=",
}
_THRESHOLD = re.compile(
    rf"(?P<label>Utfall/Budget )?(?P<sign>minst|lägst|högst|>|<|≥|≤)? ?(?P<number>{NUMBER}) ?(?P<unit>{UNIT})?",
    re.IGNORECASE,
)
_COUNTED = re.compile(rf"(?:(?P<sign>minst) )?(?P<count>{COUNT}) (?P<what>[a-zåäö ]+)\.?", re.IGNORECASE)
_REDUCED = re.compile(rf"minska med (?P<number>{NUMBER}) ?(?:%|procent)", re.IGNORECASE)
_THAN_YEAR = re.compile(r"(?P<word>högre|lägre) än (?:ingångsvärdet )?(?P<year>20\d\d)", re.IGNORECASE)
_STATES = re.compile(
    r"(?:[a-zåäö ]+ )?(?P<word>ja|infört|framtagen|framtaget|genomfört|fastställd|fastställda)", re.IGNORECASE
)
_RELATIVE = {
    "oförändrat eller högre": Relative("not_worse"),
    "förbättring": Relative("better"),
    "ökning": Relative("higher"),
    "minskning": Relative("lower"),
    "lika eller lägre kostnadsutveckling än i budget": Relative("budget"),
    "lika eller lägre kostnadsutveckling än i gällande budget": Relative("budget"),
    "ingen eller positiv resultatavvikelse jämfört med budget": Relative("budget"),
}
_SHALL_RISE = re.compile(r"ska öka(?: inom alla perspektiv)?\.$", re.IGNORECASE)
_PERCENT = re.compile(rf"(?P<sign>minst )?(?<![\d,])(?P<number>{NUMBER}) ?(?:%|procent)", re.IGNORECASE)
_AT_LEAST = re.compile(rf"minst (?P<number>{NUMBER}|{COUNT}) (?P<unit>veckors|indikatorer)\b", re.IGNORECASE)
_WITHOUT = {
    "saknar_matt": "Planen anger inget mått.",
    "mål_utan_indikator": "Målet har ingen indikator.",
    "beskrivande": "Indikatorn beskrivs i text och har inget målvärde.",
    "andel_utan_malvarde": "Planen anger inget målvärde.",
    "jamforelse_mellan_enheter": "Jämförs mellan enheter och har inget målvärde.",
    "foljsamhet_extern_standard": "Målvärdet står i en extern standard och inte i planen.",
}
PER_UNIT = "ja_nej_per_enhet"


def parse_target(text: str, *, direction: Direction, kind: str = "") -> Target:  # noqa: PLR0911 - one form after another
    """What a target text says.

    Args:
        text: the target as printed.
        direction: which way is better; decides the side of a bare number (``95 %``, ``2,5 %``).
        kind: the kind of the register; some kinds have no target whatever the text says.

    Returns:
        :class:`Threshold`, :class:`Relative`, :class:`State`, or :class:`Unread` with the reason in Swedish. Never a
        guess: a text with anything around what was understood is not read.
    """
    if kind in _WITHOUT:
        return Unread(_WITHOUT[kind])
    cleaned = clean(text)
    if not cleaned:
        return Unread("Planen anger inget målvärde.")
    relative = _relative(cleaned)
    if relative is not None:
        return relative
    match = _THRESHOLD.fullmatch(cleaned)
    if match:
        return _threshold(match, direction)
    match = _COUNTED.fullmatch(cleaned)
    if match and not _counts_again(match["what"]):
        return Threshold(">=", Fraction(COUNT_WORDS[match["count"].lower()]), "")
    match = _STATES.fullmatch(cleaned)
    if match:
        return State(match["word"].lower())
    return Unread("Målvärdets text har en form som inte kan läsas säkert.")


def parse_follow_up(text: str, *, kind: str) -> Target:  # noqa: PLR0911 - one form after another
    """The target within a sentence of the follow-up of care units (plan 2024).

    One share with ``%``, or one number after ``minst`` with its unit, or a sentence that ends in ``ska öka``. Two of
    them are two targets, and neither is read. Units that answer yes or no have the state ja.
    """
    if kind in _WITHOUT:
        return Unread(_WITHOUT[kind])
    cleaned = clean(text)
    if kind == PER_UNIT:
        return State("ja")
    shares, counts = list(_PERCENT.finditer(cleaned)), list(_AT_LEAST.finditer(cleaned))
    if len(shares) > 1 or (not shares and len(counts) > 1):
        return Unread("Texten anger mer än ett värde.")
    if shares:
        return Threshold(">=", number(shares[0]["number"]), "%")
    if counts:
        found = counts[0]["number"].lower()
        value = Fraction(COUNT_WORDS[found]) if found in COUNT_WORDS else number(found)
        return Threshold(">=", value, "veckor" if counts[0]["unit"].lower() == "veckors" else "")
    if _SHALL_RISE.search(cleaned):
        return Relative("higher")
    return Unread("Texten anger inget värde som kan läsas säkert.")


def _relative(text: str) -> Relative | None:
    fixed = _RELATIVE.get(text.lower())
    if fixed is not None:
        return fixed
    match = _REDUCED.fullmatch(text)
    if match:
        return Relative("reduced_by", percent=number(match["number"]))
    match = _THAN_YEAR.fullmatch(text)
    if match:
        return Relative("higher" if match["word"].lower() == "högre" else "lower", year=int(match["year"]))
    return None


def _threshold(match: re.Match[str], direction: Direction) -> Target:
    sign = (match["sign"] or "").lower()
    if match["label"] and sign != "högst":
        return Unread("Kvoten mot budget saknar ordet högst.")
    value, unit = measured(match["number"], (match["unit"] or "").lower())
    if sign:
        return Threshold(_COMPARISONS[sign], value, unit)
    if direction == "higher":
        return Threshold(">=", value, unit)
    if direction == "lower":
        return Threshold("<=", value, unit)
    return Unread("Det framgår inte om utfallet ska ligga över eller under värdet.")


def _counts_again(words: str) -> bool:
    return bool({word for word in words.lower().split() if word not in ("en", "ett")} & set(COUNT_WORDS))
