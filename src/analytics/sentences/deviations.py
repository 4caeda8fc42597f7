"""The sentence of the deviations: how many there are, the largest and what it mostly consists of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from analytics import swedish
from analytics.disclosure import ProtectedTable
from analytics.sentences.words import find, records

NONE: Final = "Ingen avvikelse är så stor att den tas med."


def deviations(table: ProtectedTable) -> str:
    """The number of deviations, how many of them are unfavourable, and the largest with its largest part."""
    rows = records(table, column="amount")
    if not rows:
        return NONE
    bad = sum(row["value"] < 0 for row in rows)
    if len(rows) == 1:
        text = "En avvikelse är så stor att den tas med."
    else:
        text = f"{len(rows)} avvikelser är så stora att de tas med; {bad or 'ingen'} av dem är "
        text += "ogynnsam." if bad < 2 else "ogynnsamma."
    first = rows[0]
    kind = "ogynnsam" if first["value"] < 0 else "gynnsam"
    # In tkr as the table and the cause that follows.
    size = swedish.thousands(abs(find(table, deviation=first["deviation"], column="amount").known))
    cause = records(table, deviation=first["deviation"], column="cause")[0]["text"]
    whole = f"{text} Störst är {first['deviation_label']}: {size}, {kind}."
    return f"{whole} Största delen är {cause}." if cause else whole


WRITERS: Final[dict[str, Callable[[ProtectedTable], str]]] = {"deviations": deviations}
