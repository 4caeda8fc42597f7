"""Goals and indicators: targets, outcomes, status and comparison between units."""

from __future__ import annotations

from analytics.measures.catalogue.model import TableSpec

READS: tuple[str, ...] = ("indicators", "ledger")
"""Processed tables that the measures of these tables read."""
_SOURCE = "kvartalsrapport mars 2018 (002:132-535); planerna 2015, 2018, 2019 och 2024 (docs/indicators.md)"

SPECS: tuple[TableSpec, ...] = (
    TableSpec(
        "indicator_overview",
        "Så står målen",
        ("goal_area", "goal_area_label", "row_type", "column"),
        "indikatorer",
        0,
        "none",
        "Antal indikatorer per målområde och status i den plan som gäller; en persons bedömning räknas före den "
        "beräknade statusen",
        _SOURCE,
        {
            "met": "Uppfyllt",
            "on_track": "På väg",
            "not_met": "Ej uppfyllt",
            "not_assessable": "Kan inte bedömas",
            "not_measured": "Ej mätt",
            "all": "Alla",
        },
    ),
    TableSpec(
        "indicator_status",
        "Indikatorerna var för sig",
        ("indicator", "indicator_label", "level", "column"),
        "i indikatorns enhet",
        1,
        "patients",
        "Mål och ingångsvärde som de är tryckta, det senaste utfallet under planens år, den beräknade statusen med "
        "regel och skäl, förvaltningens egna ord och en persons bedömning; på väg betyder att samma takt, räknad från "
        "ingångsvärdet eller det första utfallet, når målet före rapportårets slut. Målet att hålla budgeten bedöms ur "
        "ekonomisystemet: på väg betyder där att förvaltningens helårsprognos håller den",
        _SOURCE,
        {
            "target": "Mål",
            "outcome": "Senaste utfall",
            "status": "Beräknad status",
            "own": "Förvaltningens egna ord",
            "person": "En persons bedömning",
            "baseline": "Ingångsvärde",
            "reason": "Skäl och regel",
        },
        texts=True,
    ),
    TableSpec(
        "indicator_history",
        "Indikatorer över tid",
        ("indicator", "indicator_label", "period", "column"),
        "i indikatorns enhet",
        1,
        "patients",
        "Alla utfall till och med rapportmånaden, även av en tidigare plans indikator som är densamma enligt den "
        "granskade övergångstabellen, vart och ett bredvid målet i den plan som då gällde",
        _SOURCE,
        {"outcome": "Utfall", "target": "Mål"},
        texts=True,
    ),
    TableSpec(
        "indicator_units",
        "Samma indikator i andra enheter",
        ("indicator", "indicator_label", "observed_unit", "observed_unit_label", "column"),
        "i indikatorns enhet",
        1,
        "patients",
        "Det senaste utfallet i varje enhet som har rapporterat indikatorn, och i jämförbara regioner ur Kolada",
        _SOURCE + "; Kolada (RKA)",
        {"outcome": "Senaste utfall", "women": "Kvinnor", "men": "Män", "when": "Mätt"},
        texts=True,
    ),
)

REPORT: tuple[str, ...] = ("indicator_overview", "indicator_status", "indicator_history", "indicator_units")
