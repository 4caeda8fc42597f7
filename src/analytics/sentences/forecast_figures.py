"""The key figures of the forecast: the unit's own, the computed one with its interval, and action plans."""

from __future__ import annotations

from collections.abc import Mapping

from analytics.disclosure import ProtectedTable
from analytics.measures.forecast.action_plan import NOT_JUDGED, REQUIRED
from analytics.measures.forecast.backtest import ALL_ON, YEAR_OVER
from analytics.sentences.key_figures import KeyFigure, KeyFigures
from analytics.sentences.words import against_budget, amount, find, listed, net_noun, records

TABLES = ("action_plan_required", "forecast_interval")
NONE = "–"


def figures(tables: Mapping[str, ProtectedTable]) -> KeyFigures:
    """The net by the unit's own forecast and by the computed one, and how many action plans are required."""
    plans, spans = (tables[table_id] for table_id in TABLES)
    return KeyFigures((_own(plans), _computed(spans), _plans(plans)))


def _own(table: ProtectedTable) -> KeyFigure:
    own = find(table, report_line="net", column="forecast").value
    deviation = find(table, report_line="net", column="vs_budget").value
    if own is None:
        return KeyFigure("Egen helårsprognos", NONE, "Ingen prognos är lämnad")
    label = f"Egen helårsprognos, {net_noun(own)}"
    if deviation is None:
        return KeyFigure(label, amount(own), "Ingen budget att jämföra med")
    against = against_budget(deviation if own < 0 else -deviation, own)
    return KeyFigure(label, amount(own), against[:1].upper() + against[1:])


def _computed(table: ProtectedTable) -> KeyFigure:
    computed, low, high = (find(table, report_line="net", column=name).value for name in ("forecast", "low", "high"))
    if computed is None:
        return KeyFigure("Beräknat ur utfallet", NONE, "Kan inte beräknas")
    basis = next((str(row["text"]) for row in records(table, report_line="net", column="basis")), "")
    if basis.endswith(YEAR_OVER):
        return KeyFigure(f"Utfall helår, {net_noun(computed)}", amount(computed), YEAR_OVER.capitalize())
    label = f"Beräknat ur utfallet, {net_noun(computed)}"
    if low is None or high is None:
        return KeyFigure(label, amount(computed), "Inget intervall kan ges")
    between = f"ellan {listed([amount(end, signed=low < 0) for end in (low, high)])}, om beräkningen slår lika fel"
    _, _, side = basis.partition(ALL_ON)
    # A forecast outside its own interval needs its reason beside it.
    words = f"Alla tidigare prov gav{side}: m{between}" if side else f"M{between} som i tidigare prov"
    return KeyFigure(label, amount(computed), words)


def _plans(table: ProtectedTable) -> KeyFigure:
    rows = records(table, column="plan")
    label = "Åtgärdsplaner som krävs"
    if all(row["text"] == NOT_JUDGED for row in rows):
        return KeyFigure(label, NONE, "Kan inte bedömas utan egen prognos och budget")
    required = [str(row["report_line_label"]).lower() for row in rows if row["text"] == REQUIRED]
    about = f"För {listed(required)}, enligt den egna prognosen" if required else "Den egna prognosen ryms i budgeten"
    return KeyFigure(label, str(len(required)), about)
