"""Which reports a unit gets: a report about something the unit has no data on is not made, and it is said why."""

from __future__ import annotations

import narwhals as nw

from analytics.measures.scope import Data, Scope, collect, lazy

NEEDS = {
    "indikatorer": ("indicators", "Inga indikatorer är inrapporterade för förvaltningen."),
    "halsoval": ("care_units", "Förvaltningen har inga vårdenheter inom Hälsovalet."),
    "kpp": ("care_contacts", "Förvaltningen har inga vårdkontakter med kostnad per patient."),
}
"""Report → the processed table in which the unit must have rows, and what is said when it has none."""


def not_made(data: Data, scope: Scope) -> dict[str, str]:
    """Reports that the unit of the scope does not get for its month → the reason, in Swedish.

    A unit that has no row of the table up to the report month gets no report of it; rows that are late or that fail
    for another reason are for the report itself to say.
    """
    reasons = {}
    for report, (table, reason) in NEEDS.items():
        rows = lazy(getattr(data, table)).filter(
            nw.col("administration") == scope.unit, nw.col("period") <= str(scope.period)
        )
        if collect(rows.select("period").head(1)).is_empty():
            reasons[report] = reason
    return reasons
