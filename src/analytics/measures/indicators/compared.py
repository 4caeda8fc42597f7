"""How indicators have moved, and how other units stand on the same ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import narwhals as nw
import polars as pl

from analytics.goals import Register, Threshold, limit_of
from analytics.measures.catalogue import TABLES, MeasureTable
from analytics.measures.indicators.observed import (
    KOLADA,
    Reported,
    followed,
    in_words,
    observations_of,
    reported,
    same_as,
    with_unit,
)
from analytics.measures.scope import Data, Scope, collect, lazy

LEAST_POINTS = 2
ATTRIBUTION = "Källa för jämförelsen mellan regioner: Kolada (RKA)."


def indicator_history(data: Data, scope: Scope) -> MeasureTable:
    """Outcomes over time of every indicator with at least two, with the value that is the target, if it is one.

    Outcomes of an earlier plan's indicator that the reviewed crosswalk calls the same are part of the series. Columns:
    indicator, indicator_label, period, column (outcome, target), text (as printed, with unit), value, n (the smallest
    group that the outcome tells of). Source: 002:361-363.
    """
    outcomes, register = reported(data, scope), Register.read(scope.reference.folder)
    records: list[tuple[str, str, str, str, str, float | None, int]] = []
    joined = []
    for _, indicator in followed(scope, outcomes):
        chain = same_as(register, indicator.id)
        series = {
            each.seen.period: each for code in chain for each in observations_of(outcomes.get(code, []), scope.unit)
        }
        if len(series) < LEAST_POINTS:
            continue
        if len(chain) > 1:
            joined.append(indicator.name)
        limit = limit_of(indicator, [each.seen for each in series.values()], scope.period)
        for period, each in sorted(series.items()):
            key = (indicator.id, indicator.name, str(period))
            records.append((*key, "outcome", in_words(each, indicator.unit), each.number, each.n))
            if isinstance(limit, Threshold):
                value = float(limit.value)
                records.append((*key, "target", with_unit(value, indicator.unit), value, 0))
    notes = [f"Utfall från en tidigare plans likadana indikator ingår för: {'; '.join(joined)}."] if joined else []
    return _table("indicator_history", records, scope, notes)


def indicator_units(data: Data, scope: Scope) -> MeasureTable:
    """The latest outcome of every unit that has reported the same indicator as the unit, and of regions from Kolada.

    Columns: indicator, indicator_label, observed_unit, observed_unit_label, column (outcome, when), text, value, n (the
    smallest group that the outcome tells of). An indicator that no other unit has reported is left out. Source:
    002:177-179 (outcome per administration in one cell).
    """
    register, outcomes = Register.read(scope.reference.folder), reported(data, scope)
    records: list[tuple[str, str, str, str, str, str, float | None, int]] = []
    for _, indicator in followed(scope, outcomes):
        latest: dict[str, Reported] = {}
        for code in same_as(register, indicator.id):
            for each in outcomes.get(code, []):
                if each.seen.exact is not None or each.seen.state:
                    latest[each.unit] = each
        if len(latest) >= LEAST_POINTS:
            records += _compared(indicator.id, indicator.name, indicator.unit, latest)
    regions = reported(data, scope, source=KOLADA)
    for code, held in sorted(regions.items()):
        newest = {each.unit: each for each in held if each.seen.exact is not None}
        records += _compared(code, _kolada_name(data, code), "", newest, yearly=True)
    return _table("indicator_units", records, scope, [ATTRIBUTION] if regions else [])


def _compared(
    code: str, name: str, unit: str, latest: dict[str, Reported], *, yearly: bool = False
) -> list[tuple[str, str, str, str, str, str, float | None, int]]:
    found = []
    for observed, each in sorted(latest.items()):
        key = (code, name, observed, each.label)
        found.append((*key, "outcome", in_words(each, unit), each.number, each.n))
        when = str(each.seen.period.year) if yearly else each.seen.period.label
        found.append((*key, "when", when, None, 0))
    return found


def _kolada_name(data: Data, code: str) -> str:
    labels = collect(lazy(data.indicators).filter(nw.col("indicator") == code).select("indicator_label").head(1))
    return str(labels.item(0, 0) or code)


def _table(table_id: str, records: Sequence[tuple[Any, ...]], scope: Scope, notes: Sequence[str]) -> MeasureTable:
    spec = TABLES[table_id]
    schema = {**dict.fromkeys((*spec.keys, "text"), pl.String), "value": pl.Float64, "n": pl.Int64}
    frame = pl.DataFrame(records, schema=schema, orient="row")
    return MeasureTable(spec, frame, dict(spec.labels), scope.period.label, tuple(notes))
