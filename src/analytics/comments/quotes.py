"""Whether a text repeats a figure that disclosure control has hidden in the table it is about.

A help and no proof: it sees figures that are printed as in the table, not what is paraphrased or told of another table.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from analytics import grid
from analytics.disclosure import ProtectedTable

_NUMBER: Final = re.compile(r"(?<![\w,.])-?\d+(?: \d{3})*(?:,\d+)?(?![\w]|,\d)")
_WORDS: Final = {"en": "1", "ett": "1", "två": "2", "tre": "3", "fyra": "4"}
_COUNTED: Final = re.compile(
    rf"(?<!\w)(\d|{'|'.join(_WORDS)})(?= (?:\w+ )?"
    r"(?:person|personer|anställd|anställda|medarbetare|kvinna|kvinnor|man|män|patient|patienter|listad|listade|boende"
    r"|plan|planer)\b)"
)
_MINUS: Final = str.maketrans(dict.fromkeys("\u2010\u2012\u2013\u2212", "-"))


def repeats(text: str, table: ProtectedTable, hidden: frozenset[str]) -> bool:
    """Whether the text holds one of the ``hidden`` figures of the table, as they would be printed.

    Figures that the table shows elsewhere too are let through, and single digits unless persons are counted by them.
    """
    if not hidden:
        return False
    plain = _plain(text)
    secret = {_plain(figure) for figure in hidden} - {_plain(figure) for figure in _shown(table)}
    told = {number for number in _NUMBER.findall(plain) if len(number.lstrip("-")) > 1}
    told |= {_WORDS.get(count, count) for count in _COUNTED.findall(plain.lower())}
    return not told.isdisjoint(secret)


def hidden_figures(table: ProtectedTable, values: list[float | None]) -> frozenset[str]:
    """The figures behind the marks of a table as they would be printed.

    ``values`` are those of its rows before disclosure control, in the same order.
    """
    unit = grid.printed_unit(table)
    marks = table.frame["status"].to_list()
    both = zip(values, marks, strict=True)
    return frozenset(
        grid.number_text(table, value, unit) for value, status in both if status == "suppressed" and value is not None
    )


def _shown(table: ProtectedTable) -> set[str]:
    cells = (grid.printed(table, record) for record in table.frame.iter_rows(named=True))
    return {cell.text for cell in cells if cell.status == "ok"}


def _plain(text: str) -> str:
    """Every space as an ordinary one, every minus a hyphen, every decimal mark a comma, no marks of emphasis."""
    even = unicodedata.normalize("NFKC", text).translate(_MINUS).replace("*", "").replace("_", "").replace("\\", "")
    return re.sub(r"(?<=\d)\.(?=\d)", ",", re.sub(r"\s+", " ", even))
