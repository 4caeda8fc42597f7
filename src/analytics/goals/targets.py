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
_STATES = {
    **{word: word for word in ("ja", "infört", "framtagen", "framtaget", "genomfört", "fastställd", "fastställda")},
    "struktur och design för ett integrerat ledningssystem framtaget": "framtaget",
}
"""A state stands alone. One with words before it is known whole: ``inte infört`` ends in the same word."""
_RELATIVE = {
    "oförändrat eller högre": Relative("not_worse"),
    "förbättring": Relative("better"),
    "ökning": Relative("higher"),
    "minskning": Relative("lower"),
    "lika eller lägre kostnadsutveckling än i budget": Relative("budget_costs"),
    "lika eller lägre kostnadsutveckling än i gällande budget": Relative("budget_costs"),
    "ingen eller positiv resultatavvikelse jämfört med budget": Relative("budget"),
}
_RISE_OF_SEVERAL = re.compile(r"ska öka inom alla perspektiv\.", re.IGNORECASE)
_PERCENT = re.compile(r"%|procent", re.IGNORECASE)
_SHARE_FIRST = re.compile(rf"(?:minst )?(?P<number>{NUMBER}) ?(?:%|procent)(?: .+)?", re.IGNORECASE)
_AT_LEAST = re.compile(rf"minst (?P<number>{NUMBER}|{COUNT}) (?P<unit>veckors|indikatorer)\b", re.IGNORECASE)
_TURNING = frozenset({
    "högst", "mindre", "färre", "fler", "mer", "lägre", "högre", "minska", "minskning", "ökning", "förbättring",
    "försämring", "oförändrat", "oförändrad", "än", "inte", "ej", "inget", "ingen", "inga", "aldrig", "utan", "men",
    "gång", "gånger", "per", "varje", "procent", "procentenheter", "promille", "ton", "kg", "veckor", "veckors",
    "månader", "dagar", "år",
})  # fmt: skip
"""Words that turn a count into something else, or a minimum into its opposite."""
_TURNING_SENTENCE = _TURNING - {"procent", "gång", "gånger", "per", "varje", "veckors", "månader", "dagar", "år"}
"""In a sentence, ages and times may stand beside what is counted."""
_WITHOUT = {
    "saknar_matt": "Planen anger inget mått.",
    "mål_utan_indikator": "Målet har ingen indikator.",
    "beskrivande": "Indikatorn beskrivs i text och har inget målvärde.",
    "andel_utan_malvarde": "Planen anger inget målvärde.",
    "jamforelse_mellan_enheter": "Jämförs mellan enheter och har inget målvärde.",
    "foljsamhet_extern_standard": "Målvärdet står i en extern standard och inte i planen.",
}
PER_UNIT = "ja_nej_per_enhet"
_NO_VALUE = "Texten anger inget värde som kan läsas säkert."
_MORE_COUNTS = frozenset(COUNT_WORDS) - {"en", "ett"}


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
    if match and direction == "higher" and not _words(match["what"]) & (_TURNING | _MORE_COUNTS):
        return Threshold(">=", Fraction(COUNT_WORDS[match["count"].lower()]), "")
    if cleaned.lower() in _STATES:
        return State(_STATES[cleaned.lower()])
    return Unread("Målvärdets text har en form som inte kan läsas säkert.")


def parse_follow_up(text: str, *, kind: str) -> Target:  # noqa: PLR0911 - one form after another
    """The target within a sentence of the follow-up of care units (plan 2024).

    One share with ``%`` that begins the sentence, or one number after ``minst`` with its unit, or a sentence that ends
    in ``ska öka``. Two of them are two targets, and neither is read, nor is a sentence with a word that may turn it
    (``högst``, ``inte``, ``mindre``). Units that answer yes or no have the state ja.
    """
    if kind in _WITHOUT:
        return Unread(_WITHOUT[kind])
    cleaned = clean(text)
    if kind == PER_UNIT:
        return State("ja")
    if _words(cleaned) & _TURNING_SENTENCE:
        return Unread("Texten har ord som vänder på eller ändrar målet.")
    counts = list(_AT_LEAST.finditer(cleaned))
    marks = len(_PERCENT.findall(cleaned))
    if marks:
        share = _SHARE_FIRST.fullmatch(cleaned) if marks == 1 else None
        return Threshold(">=", number(share["number"]), "%") if share else Unread(_NO_VALUE)
    if len(counts) > 1:
        return Unread("Texten anger mer än ett värde.")
    if counts:
        found = counts[0]["number"].lower()
        value = Fraction(COUNT_WORDS[found]) if found in COUNT_WORDS else number(found)
        return Threshold(">=", value, "veckor" if counts[0]["unit"].lower() == "veckors" else "")
    if _RISE_OF_SEVERAL.search(cleaned):
        return Unread("Målet gäller flera perspektiv, och ett utfall räcker inte för att bedöma det.")
    if cleaned.lower().endswith("ska öka."):
        return Relative("higher")
    return Unread(_NO_VALUE)


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


def _words(text: str) -> set[str]:
    return set(re.findall(r"[a-zåäö]+", text.lower()))
