"""Cells of text to typed values, as polars expressions: null where the text cannot be what it should be.

Accepted in numbers: decimal comma; space, hard space, narrow or thin space between thousands; hyphen-minus, U+2212 or
en dash as the sign, before or after the number.
"""

from __future__ import annotations

import polars as pl

_SIGN = "[-\u2212\u2013]"
_WHOLE = r"(?:\d{1,3}(?:\s\d{3})+|\d+)"
_HOURS_MINUTES = rf"^{_SIGN}?\s?{_WHOLE}:[0-5]\d$"


def _signed(body: str) -> str:
    return rf"^(?:{_SIGN}\s?{body}|{body}\s?{_SIGN}?)$"


_NUMBER = _signed(rf"{_WHOLE}(?:,\d{{1,9}})?")
_MONEY = _signed(rf"{_WHOLE}(?:,\d{{1,2}})?")


def _digits(cell: pl.Expr) -> pl.Expr:
    return cell.str.replace_all(rf"\s|{_SIGN}", "")


def _sign(cell: pl.Expr) -> pl.Expr:
    return pl.when(cell.str.contains(_SIGN)).then(-1).otherwise(1)


def _as_float(digits: pl.Expr) -> pl.Expr:
    return digits.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)


def number(column: str) -> pl.Expr:
    """``"1 257,5-"`` → -1257.5."""
    cell = pl.col(column)
    # Adding zero turns -0.0 into 0.0, which prints without a sign.
    return pl.when(cell.str.contains(_NUMBER)).then(_as_float(_digits(cell)) * _sign(cell) + 0.0).otherwise(None)


def hours(column: str) -> pl.Expr:
    """``"152,25"`` or ``"152:15"`` → 152.25 hours."""
    cell = pl.col(column)
    digits = _digits(cell)
    whole = digits.str.extract(r"^(\d+):", 1).cast(pl.Float64, strict=False)
    minutes = digits.str.extract(r":(\d\d)$", 1).cast(pl.Float64, strict=False)
    clock = (whole + minutes / 60) * _sign(cell) + 0.0
    return pl.when(cell.str.contains(_HOURS_MINUTES)).then(clock).otherwise(number(column))


def ore(column: str) -> pl.Expr:
    """``"−1 257 342,5"`` → -125734250, exactly (kronor with at most two decimals to whole öre)."""
    cell = pl.col(column)
    digits = _digits(cell)
    kronor = digits.str.extract(r"^(\d{1,15})(?:,|$)", 1).cast(pl.Int64, strict=False)
    fraction = digits.str.extract(r",(\d{1,2})$", 1).fill_null("0").str.pad_end(2, "0").cast(pl.Int64, strict=False)
    amount = (kronor * 100 + fraction) * _sign(cell)
    return pl.when(cell.str.contains(_MONEY)).then(amount).otherwise(None)


def integer(column: str) -> pl.Expr:
    """Digits only; a decimal part of zeros (``"31,00"``) is accepted."""
    cell = pl.col(column)
    return (
        pl.when(cell.str.contains(r"^\d{1,9}(?:,0+)?$"))
        .then(cell.str.extract(r"^(\d+)", 1).cast(pl.Int64, strict=False))
        .otherwise(None)
    )


def day(column: str) -> pl.Expr:
    """``"2018-03-31"`` → date; other forms and days that do not exist → null."""
    cell = pl.col(column)
    return (
        pl.when(cell.str.contains(r"^\d{4}-\d{2}-\d{2}$"))
        .then(cell.str.to_date("%Y-%m-%d", strict=False))
        .otherwise(None)
    )


def is_blank(column: str) -> pl.Expr:
    """The cell holds nothing."""
    return pl.col(column) == ""


def text_or_null(column: str) -> pl.Expr:
    """The text, or null where the cell is blank."""
    return pl.when(is_blank(column)).then(None).otherwise(pl.col(column))
