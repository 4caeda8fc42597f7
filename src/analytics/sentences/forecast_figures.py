"""The key figures of the forecast: the unit's own, the computed one with its interval, and action plans."""

from __future__ import annotations

from collections.abc import Mapping

from analytics.disclosure import ProtectedTable
from analytics.measures.forecast.action_plan import NOT_JUDGED, REQUIRED
from analytics.measures.forecast.backtest import ALL_ON, YEAR_OVER
from analytics.sentences.key_figures import KeyFigure, KeyFigures
from analytics.sentences.words import against_budget, amount, find, records

TABLES = ("action_plan_required", "forecast_interval")
NONE = "–"


def figures(tables: Mapping[str, ProtectedTable]) -> KeyFigures:
    """The net by the unit's own forecast and by the computed one, and how many action plans are required."""
    plans, spans = (tables[table_id] for table_id in TABLES)
    return KeyFigures((_own(plans), _computed(spans), _plans(plans)))


def _own(table: ProtectedTable) -> KeyFigure:
    own = find(table, report_line="net", column="forecast").value
    deviation = find(table, report_line="net", column="vs_budget").value
    label = "Egen helårsprognos, netto"
    if own is None:
        return KeyFigure(label, NONE, "Ingen prognos är lämnad")
    against = "ingen budget att jämföra med" if deviation is None else against_budget(-deviation, own)
    return KeyFigure(label, amount(own, signed=True), against[:1].upper() + against[1:])


def _computed(table: ProtectedTable) -> KeyFigure:
    computed, low, high = (find(table, report_line="net", column=name).value for name in ("forecast", "low", "high"))
    label = "Beräknat ur utfallet, netto"
    if computed is None:
        return KeyFigure(label, NONE, "Kan inte beräknas")
    basis = next((str(row["text"]) for row in records(table, report_line="net", column="basis")), "")
    if basis.endswith(YEAR_OVER):
        return KeyFigure("Utfall helår, netto", amount(computed, signed=True), YEAR_OVER.capitalize())
    if low is None or high is None:
        return KeyFigure(label, amount(computed, signed=True), "Inget intervall kan ges")
    between = f"ellan {amount(low, signed=True)} och {amount(high, signed=True)} med samma fel"
    _, _, side = basis.partition(ALL_ON)
    # A forecast outside its own interval needs its reason beside it.
    words = f"Alla tidigare prov gav{side}: m{between}" if side else f"M{between} som i tidigare prov"
    return KeyFigure(label, amount(computed, signed=True), words)


def _plans(table: ProtectedTable) -> KeyFigure:
    texts = [row["text"] for row in records(table, column="plan")]
    label = "Åtgärdsplaner som krävs"
    if set(texts) <= {NOT_JUDGED}:
        return KeyFigure(label, NONE, "Kan inte bedömas utan egen prognos och budget")
    return KeyFigure(label, str(texts.count(REQUIRED)), "Kontoslag och netto enligt den egna prognosen")
