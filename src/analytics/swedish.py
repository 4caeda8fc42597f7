"""Swedish numbers as they are printed: decimal comma, hard spaces, U+2212, half away from zero.

Babel writes them by the CLDR rules for Swedish; rounding is done before, because Babel rounds half to even.
Source of the forms: domain rules section 13 (Mediespråk, EU publications office 6.4 and 10.6).
"""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal

from babel.numbers import format_decimal

LOCALE = "sv_SE"
MINUS = "\u2212"
HARD_SPACE = "\u00a0"


def round_half_away(value: float, decimals: int) -> Decimal:
    """Round as Swedish reports do, half away from zero, on the shortest decimal form of the number.

    Zero never carries a sign. Raises ValueError for a number that is not finite.
    """
    if not math.isfinite(value):
        raise ValueError("only finite numbers can be rounded")
    # Sums of binary fractions leave dust in the 16th digit; nobody means it, and it must not decide a half.
    exact = Decimal(f"{value:.12g}") if isinstance(value, float) else Decimal(value)
    rounded = exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return abs(rounded) if rounded == 0 else rounded


def number(value: float, decimals: int = 0) -> str:
    """``-1257342.5`` → ``−1 257 343`` with hard spaces; ``-0.04`` with one decimal → ``0,0``."""
    pattern = f"#,##0.{'0' * decimals}" if decimals else "#,##0"
    # Babel leaves the hyphen of a pattern of one's own as it is.
    return format_decimal(round_half_away(value, decimals), format=pattern, locale=LOCALE).replace("-", MINUS)


def percent(value: float, decimals: int = 0) -> str:
    """``27`` → ``27 %`` with a hard space."""
    return f"{number(value, decimals)}{HARD_SPACE}%"


def thousands(value_kr: float) -> str:
    """Kronor as ``30 133 tkr``."""
    return f"{number(value_kr / 1000)}{HARD_SPACE}tkr"


def millions(value_kr: float, decimals: int = 1) -> str:
    """Kronor as ``30,1 mnkr``."""
    return f"{number(value_kr / 1_000_000, decimals)}{HARD_SPACE}mnkr"


def inline(label: str) -> str:
    """A label inside a sentence: ``Köpta tjänster`` begins small, ``IT och telefoni`` keeps its capitals."""
    return label if label[1:2].isupper() else f"{label[:1].lower()}{label[1:]}"
