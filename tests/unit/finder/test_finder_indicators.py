"""An indicator is told when its latest outcome leaves its own earlier ones, with its direction and its target."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest
from finder_frames import TYPES, data, flat_budget, outcome, scope

from analytics import finder, schemas
from analytics.disclosure.findings import protect
from analytics.finder.indicator_findings import MEASURE, findings
from analytics.measures.scope import Data
from analytics.sentences import findings as sentences

SHARE, BUDGET, NUMBER = "2018-03", "2018-19", "2018-08"
MONTHS = ("2016-03", "2016-08", "2016-12", "2017-03", "2017-08", "2017-12", "2018-03")
STAFF = scope(unit="17")


def reported(indicator: str, *values: float, of: float | None = None, unit: str = "17") -> pl.DataFrame:
    """Outcomes at the times when they are measured; ``of``: a share of so many."""
    types = {column.name: TYPES[column.type] for column in schemas.TABLES["indicators"].columns}
    rows = [
        {
            "delivery": month,
            "period": month,
            "source": "stratsys",
            "indicator": indicator,
            "indicator_label": indicator,
            "administration": unit,
            "observed_unit": unit,
            "observed_label": unit,
            "sex": "T",
            "value": None if of else value,
            "numerator": value / 100 * of if of else None,
            "denominator": of,
        }
        for month, value in zip(MONTHS[-len(values) :], values, strict=True)
    ]
    return pl.DataFrame(rows, schema_overrides=types).select(
        pl.col(name).cast(kind) if name in rows[0] else pl.lit(None, dtype=kind).alias(name)
        for name, kind in types.items()
    )


def having(*frames: pl.DataFrame) -> Data:
    empty = data(pl.concat([outcome(1), flat_budget()]))
    return replace(empty, indicators=pl.concat(frames).lazy())


def test_an_outcome_far_from_all_earlier_ones_is_told_with_direction_and_target():
    changed = having(reported(SHARE, 12.0, 13.0, 12.5, 12.0, 13.0, 12.5, 4.0))
    (told,), missing = findings(changed, STAFF)
    assert missing == []
    assert (told.measure, told.keys["indicator"], told.unit) == (MEASURE, SHARE, "%")
    assert (told.outcome, told.expected, told.history) == (4.0, 12.5, 6)
    assert told.deviation == -8.5
    text = sentences.finding(told)
    assert text.startswith("Indikatorn ”Andel patienter som tillfrågats om ohälsosamma levnadsvanor” i mars 2018 är")
    plain = text.replace("\N{NO-BREAK SPACE}", " ")
    assert "8,5 procentenheter lägre än väntat: 4,0 % mot 12,5 %, efter 6 månaders historik." not in plain
    assert "8,5 procentenheter lägre än väntat: 4,0 % mot 12,5 %, efter 6 tidigare utfall." in plain
    assert plain.endswith("Det är åt fel håll och målet, minst 10 %, nås inte.")
    assert finder.evidence(changed, told).height == len(MONTHS)


@pytest.mark.parametrize(
    "values",
    [
        (12.0, 13.0, 12.5, 12.0, 13.0, 12.5, 12.2),
        (4.0, 20.0, 9.0, 14.0, 2.0, 18.0, 25.0),
        (12.5, 12.5, 12.5, 12.5, 12.5, 12.5, 12.5),
    ],
)
def test_an_outcome_like_the_earlier_ones_is_not_told(values):
    assert findings(having(reported(SHARE, *values)), STAFF) == ([], [])


def test_a_share_of_few_varies_by_chance_and_is_not_told():
    steady = (60.0, 62.0, 61.0, 60.0, 62.0, 61.0)
    assert findings(having(reported(SHARE, *steady, 40.0, of=10.0)), STAFF)[0] == []
    (told,), _ = findings(having(reported(SHARE, *steady, 40.0, of=2000.0)), STAFF)
    assert told.persons == 760


def test_too_short_a_history_and_no_reports_at_all_are_said():
    (missing,) = findings(having(reported(SHARE, 12.0, 13.0, 4.0)), STAFF)[1]
    assert missing.reason == "en indikator har färre än 5 tidigare utfall"
    (nothing,) = findings(data(outcome(1)), STAFF)[1]
    assert nothing.reason == "inga indikatorer är rapporterade till och med mars 2018"


def test_an_indicator_of_the_ledger_is_not_told_again():
    assert findings(having(reported(BUDGET, 1.0, 1.1, 1.0, 1.0, 1.1, 1.0, 9.0)), STAFF) == ([], [])


def test_an_outcome_that_has_not_been_measured_this_year_is_not_looked_at():
    old = reported(NUMBER, 3.0, 3.0, 3.0, 3.0, 3.0, 3.0, 30.0).filter(pl.col("period") < "2018-01")
    assert findings(having(old), STAFF) == ([], [])


def test_few_persons_are_withheld():
    steady = (60.0, 62.0, 61.0, 60.0, 62.0, 61.0)
    (told,), _ = findings(having(reported(SHARE, *steady, 40.0, of=2000.0)), STAFF)
    limits = STAFF.settings.disclosure.for_audience("public")
    assert protect([replace(told, persons=3)], limits, sick_groups=frozenset()).withheld == 1
    assert protect([told], limits, sick_groups=frozenset()).withheld == 0
