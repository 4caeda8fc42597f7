"""Plan: decided budgets, uprating, efficiency requirement, needs and investments."""

from __future__ import annotations

from analytics.measures.catalogue.model import TableSpec

READS: tuple[str, ...] = ()
"""Processed tables that the measures of these tables read."""
_PART_KEYS = ("plan_part", "plan_part_label", "plan_line", "plan_line_label", "row_type", "column")
_ITEM_KEYS = ("plan_item", "plan_item_label", "row_type", "column")

SPECS: tuple[TableSpec, ...] = (
    TableSpec(
        "plan_budget",
        "Beslutade budgetar",
        _PART_KEYS,
        "kr",
        1,
        "none",
        "Budgeten som den är tryckt i planerna; tom cell: planen anger inget belopp. Intäkter har planens eget tecken: "
        "plus till och med plan 2015, minus från plan 2019. Ingen plan är tryckt för 2018",
        "verkställighetsplan 2015 (000:1915-1926); verksamhetsplan 2019 (001:1112-1122, 1159-1198)",
    ),
    TableSpec(
        "plan_uprating",
        "Uppräkning med index",
        ("plan_part", "plan_part_label", "plan_line", "plan_line_label", "plan_year", "plan_year_label", "column"),
        "kr",
        1,
        "none",
        "Budget året före × (1 + index / 100) för den som har index i ramen; löner som räknas upp centralt lämnar "
        "ramen oförändrad och beloppet visas för sig; skillnad = beslutat − uppräknat; följer index: "
        "skillnaden är inte större än vad avrundningen av de två tryckta beloppen kan ge",
        "verksamhetsplan 2019 (001:1126-1131, 1151-1152)",
        {
            # What a reader looks for stands first, where a narrow screen shows it.
            "index": "Index",
            "follows": "Följer index",
            "difference": "Skillnad",
            "decided": "Beslutat",
            "computed": "Uppräknat i ramen",
            "before": "Budget året före",
            "central": "Uppräkning centralt",
        },
        texts=True,
    ),
    TableSpec(
        "plan_efficiency",
        "Effektivisering",
        _ITEM_KEYS,
        "kr",
        0,
        "none",
        "Krav = basen × procentsatsen. Basen är angiven: summan i budgeten för ett angivet år, för planens egen bas, "
        "den senaste prognosen, är inte tryckt; skillnad = tryckt − beräknat",
        "verksamhetsplan 2019 (001:1223-1263); kvartalsrapport mars 2018 (002:62)",
        {
            "base": "Bas",
            "percent": "Procent",
            "computed": "Beräknat krav",
            "printed": "Tryckt i planen",
            "difference": "Skillnad",
        },
        texts=True,
    ),
    TableSpec(
        "plan_needs",
        "Behov av utökningar och satsningar",
        _ITEM_KEYS,
        "kr",
        0,
        "none",
        "Behoven som de är tryckta; tom cell: inget belopp det året. Summan är egen: planen har ingen",
        "verksamhetsplan 2019 (001:1268-1347)",
        {"why": "Beskrivning"},
        texts=True,
    ),
    TableSpec(
        "plan_investments",
        "Investeringsplan",
        _ITEM_KEYS,
        "kr",
        0,
        "none",
        "Belopp per område och år; andel påbörjade och avslutade = antal objekt / planerade objekt × 100",
        "planerings- och uppföljningsprocess 2018 (004:211-217); indikator i verksamhetsplan 2019 (001:1062-1068); "
        "beloppen är inte tryckta i planen",
        {"started": "Påbörjade", "finished": "Avslutade"},
        texts=True,
    ),
)

REPORT: tuple[str, ...] = tuple(spec.table_id for spec in SPECS)
