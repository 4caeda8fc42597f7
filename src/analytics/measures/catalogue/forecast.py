"""Forecast of the year, its back-test, budget changes and variance explained."""

from __future__ import annotations

from analytics.measures.catalogue.model import LEDGER_SIGN, SUMMARY_KEYS, TableSpec
from analytics.periods import MONTH_NAMES

READS: tuple[str, ...] = ("ledger", "time")
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
        "Förvaltningens egen prognos som den då var lämnad, och samma metoder efter samma månad tidigare år med bara "
        "det som då var känt; miss = prognos − utfall, i procent av utfallets belopp. " + _WHERE,
        "domänregler avsnitt 5",
        {"forecast": "Prognos", "outcome": "Utfall helår", "miss": "Miss", "miss_pct": "Miss i procent"},
        texts=True,
    ),
    TableSpec(
        "forecast_accuracy",
        "Metodernas miss under året",
        ("test", "test_label", "column"),
        "%",
        1,
        "none",
        "Miss = prognos − utfall på nettoresultatet efter var och en av årets elva första månader, i procent av "
        "utfallets belopp; först medelvärdet av missarnas storlek. Projektansvar ingår inte.",
        "domänregler avsnitt 5",
        {"mean": "Medel"} | {f"m{place:02d}": name[:3] for place, name in enumerate(MONTH_NAMES[:-1], start=1)},
        texts=True,
    ),
    TableSpec(
        "forecast_interval",
        "Intervall kring den beräknade prognosen",
        SUMMARY_KEYS,
        "kr",
        0,
        "none",
        "Prognos × lägsta och högsta utfall / prognos bland proven efter rapportmånaden och dess grannmånader (januari–"
        "november) på tidigare år. " + _WHERE,
        "domänregler avsnitt 5",
        {
            "own": "Egen prognos",
            "forecast": "Beräknad prognos",
            "low": "Lägst",
            "high": "Högst",
            "basis": "Vilar på",
        },
        texts=True,
        chart="spans",
    ),
    TableSpec(
        "action_plan_required",
        "Prognos mot budget: när åtgärdsplan krävs",
        SUMMARY_KEYS,
        "kr",
        0,
        "none",
        "Budget helår − prognos; åtgärdsplan krävs när förvaltningens egen prognos, i hela tkr, överskrider budgeten "
        "med minst den gräns som står i inställningarna. " + _WHERE,
        "verkställighetsplan 2015 (000:1434-1435)",
        {
            "plan": "Åtgärdsplan",
            "budget": "Budget helår",
            "forecast": "Egen prognos",
            "vs_budget": "Egen prognos, avvikelse mot budget",
            "computed_vs_budget": "Beräknad prognos, avvikelse mot budget",
        },
        texts=True,
    ),
    TableSpec(
        "budget_transfers",
        "Budget före och efter omfördelning",
        SUMMARY_KEYS,
        "kr",
        0,
        "none",
        "Beslutad budget + omfördelningar: i helåret årets alla, i ackumulerade tal de som gäller till och med "
        "rapportmånaden; en omfördelning summerar till noll och ligger lika på årets återstående månader. " + _WHERE,
        "kvartalsrapport mars 2018 (002:601-603, 622, 681)",
        {
            "year_before": "Helår före",
            "year_transfer": "Helår flyttas",
            "year_coming": "Helår flyttas senare",
            "year_after": "Helår efter",
            "forecast_before": "Egen prognos, avvikelse före",
            "forecast_after": "Egen prognos, avvikelse efter",
            "acc_before": "Hittills före",
            "acc_transfer": "Hittills flyttas",
            "acc_after": "Hittills efter",
            "vs_before": "Avvikelse före",
            "vs_after": "Avvikelse efter",
        },
    ),
    TableSpec(
        "variance_parts",
        "Personalkostnadens förändring i delar",
        ("part", "part_label", "row_type", "column"),
        "kr",
        0,
        "staff",
        "Föregående år − i år, delat i arbetsdagar (tim- och övertidslön × deras ändring), årsarbetare (lön × ändring "
        "av timmar per arbetsdag) och lönenivå (resten av löneförändringen), alla tre × (1 + fjolårets pålägg), "
        "personalomkostnadspålägg (ändrat pålägg × årets lön) och övriga personalkostnader. Projektansvar ingår inte.",
        "kvartalsrapport mars 2018 (002:587-609); domänregler avsnitt 5",
        {"amount": "Skillnad", "stated": "Förvaltningens uppgift", "formula": "Så är det räknat"},
        texts=True,
        chart="steps",
    ),
)

REPORT: tuple[str, ...] = (
    "action_plan_required",
    "forecast_methods",
    "forecast_backtest",
    "forecast_accuracy",
    "forecast_interval",
    "budget_transfers",
    "variance_parts",
)
