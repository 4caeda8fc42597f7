"""Keys of made-up employees: employee numbers, and identity numbers that no real person can have.

Birth numbers 980–999 are reserved for fictitious persons, so every number made here is recognisable as synthetic.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

PERSONS_PER_COPY = 100_000
_FIRST_NUMBER = 10_000_000
_DAYS = 365


def employee_numbers(persons: pl.Series, *, copy: int) -> pl.Series:
    """Employee numbers (eight digits or more, as text) of the persons of one copy of the region."""
    return (persons + (_FIRST_NUMBER + copy * PERSONS_PER_COPY)).cast(pl.String)


def identity_numbers(
    birth_years: npt.NDArray[np.int64],
    is_woman: npt.NDArray[np.bool_],
    running: npt.NDArray[np.int64],
) -> pl.Series:
    """Synthetic identity numbers ÅÅÅÅMMDDNNNC with birth number 980–999 and a right check digit.

    ``running`` counts the persons of one sex and year of birth; after 3 650 of them the numbers repeat, which does
    no harm because employees are known by their employee number.
    """
    first_days = (birth_years - 1970).astype("datetime64[Y]").astype("datetime64[D]")
    days: npt.NDArray[np.datetime64] = first_days + (running % _DAYS).astype("timedelta64[D]")
    serial = 980 + 2 * ((running // _DAYS) % 10) + np.where(is_woman, 0, 1)
    compact = np.char.replace(np.datetime_as_string(days, unit="D"), "-", "")
    body = np.char.add(compact, serial.astype(str))
    digits = body.astype("U11").view("U1").reshape(-1, 11)[:, 2:].astype(np.int64)
    products = digits * np.array([2, 1] * 4 + [2])
    check = (10 - (products // 10 + products % 10).sum(axis=1) % 10) % 10
    return pl.Series(np.char.add(body, check.astype(str)))
