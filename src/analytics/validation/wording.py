"""The Swedish sentences of an outcome: counts, codes and sums, never a personal value."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from string import Formatter
from typing import Any

from analytics import swedish

EXAMPLES = 5
HIDDEN = "(dold)"
# A personal identity number, with or without century and separator, wherever it stands.
_IDENTITY_NUMBER = re.compile(r"\d{6,8}[-+\s]?\d{4}")
# Codes are short, or words of our own (operations_purchased); employee keys and names of persons are neither.
_CODE = re.compile(r"\S{1,8}|[a-z_]{1,24}")
_LABEL = re.compile(r"\S{1,8}|[^\W\d][^\W\d/,. ]*(?:[/,. ]+[^\W\d]+)*")


class _SwedishFormatter(Formatter):
    """Understands ``tkr`` (value in öre), ``n`` (whole number), ``d1`` (one decimal) and ``pct`` (one decimal)."""

    def format_field(self, value: Any, format_spec: str) -> str:
        if format_spec == "tkr":
            return swedish.thousands(value / 100)
        if format_spec == "n":
            return swedish.number(value)
        if format_spec == "d1":
            return swedish.number(value, 1)
        if format_spec == "pct":
            return swedish.percent(value, 1)
        return _shown(str(super().format_field(value, format_spec)), _LABEL)


def fields_of(template: str) -> set[str]:
    """The columns that an example template names."""
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def safe_code(text: str) -> str:
    """A code that may be shown. Anything that looks like an identity number, or is no code, is masked."""
    return _shown(text, _CODE)


def _shown(text: str, form: re.Pattern[str]) -> str:
    return HIDDEN if _IDENTITY_NUMBER.search(text) or not form.fullmatch(text) else text


def examples(template: str, rows: Iterable[Mapping[str, Any]]) -> str:
    """The first broken rows as text, by the template of the suite."""
    return "; ".join(_SwedishFormatter().vformat(template, (), row) for row in rows)


def codes(values: Iterable[str]) -> str:
    """Unknown codes as a list, masked where they are no codes."""
    shown = [f"”{safe_code(value)}”" for value in values]
    more = " …" if len(shown) > EXAMPLES else ""
    return ", ".join(dict.fromkeys(shown[:EXAMPLES])) + more


def counted(unexpected: int, checked: int, unit: str) -> str:
    """``3 av 1 200 rader avviker``."""
    return f"{swedish.number(unexpected)} av {swedish.number(checked)} {unit} avviker"


def held(checked: int | None, unit: str) -> str:
    """What a passed expectation says."""
    return "Stämmer." if checked is None else f"Stämmer för alla {swedish.number(checked)} {unit}."
