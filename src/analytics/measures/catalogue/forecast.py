"""Forecast of the year, its back-test, budget changes and variance explained."""

from __future__ import annotations

from analytics.measures.catalogue.model import LEDGER_SIGN, SUMMARY_KEYS, TableSpec

READS: tuple[str, ...] = ("ledger", "employments", "time", "absence")
"""Processed tables that the measures of these tables read."""

_WHERE = "Projektansvar ingår inte; " + LEDGER_SIGN

SPECS: tuple[TableSpec, ...] = (
    TableSpec(
        "forecast_methods",
        "Helårsprognos med olika metoder",
        SUMMARY_KEYS,
        "kr",
        0,
        "none",
        "Egen prognos som förvaltningen har lämnat den; rak uppräkning = utfall / antal månader × 12; föregående års "
        "andel = utfall / (samma månaders andel av hela året före); säsong över två år = utfall / medelvärdet av de "
        "två föregående årens andel. " + _WHERE,
        "kvartalsrapport mars 2018 (002:737-763); domänregler avsnitt 5",
        {
            "own": "Egen prognos",
            "run_rate": "Rak uppräkning",
            "previous_share": "Föregående års andel",
            "seasonal": "Säsong över två år",
            "budget": "Budget helår",
        },
    ),
    TableSpec(
        "forecast_backtest",
        "Prov av prognosmetoderna på tidigare år",
        ("report_line", "report_line_label", "level", "parent", "test", "test_label", "column"),
        "kr",
        0,
        "none",
        "Samma metoder efter samma månad tidigare år, med bara det som då var känt; miss = prognos − utfall, i procent "
        "av utfallets belopp. " + _WHERE,
        "domänregler avsnitt 5",
        {"forecast": "Prognos", "outcome": "Utfall helår", "miss": "Miss", "miss_pct": "Miss i procent"},
        texts=True,
    ),
    TableSpec(
        "forecast_interval",
        "Intervall kring den beräknade prognosen",
        SUMMARY_KEYS,
        "kr",
        0,
        "none",
        "Prognos × lägsta och högsta utfall / prognos bland proven efter januari–november på tidigare år. " + _WHERE,
        "domänregler avsnitt 5",
        {"forecast": "Beräknad prognos", "low": "Lägst", "high": "Högst", "basis": "Vilar på"},
        texts=True,
    ),
)

REPORT: tuple[str, ...] = ("forecast_methods", "forecast_backtest", "forecast_interval")
