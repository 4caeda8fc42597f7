"""Care units: shares with thresholds, funnels, control charts, care plans and cost per listed person.

One funnel and one control chart per share: a page shows them one at a time, each with its own chart and sentence.
"""

from __future__ import annotations

from analytics.care_follow_up import SHARES
from analytics.measures.catalogue.model import YEARS, TableSpec

READS: tuple[str, ...] = ("care_units",)
"""Processed tables that the measures of these tables read."""
FUNNEL = "care_unit_funnel_"
SERIES = "care_unit_series_"
MISSING_MONTHS = "Månader saknas för minst en enhet:"
"""Begins the note of a table whose series have gaps; the chart repeats that note."""
REGISTER_MONTHS = {"year_ago": 12, "before_5": 5, "before_4": 4, "before_3": 3, "before_2": 2, "before_1": 1, "now": 0}
"""Column of the table of registers → months before the report month."""
_SOURCE = "Uppföljning 2024, Region Blekinge ({lines})"
_LINES = {
    "same_day": "003:90-92",
    "assessed": "003:94-96",
    "doctor": "003:112-114",
    "nursing_home": "003:112-114",
    "vaccinated": "003:120-126",
    "diabetes": "003:139-147",
    "coverage": "003:193-211",
}
_FOLLOW_UP = _SOURCE.format(lines="003:86-211")
_UNIT_KEYS = ("care_unit", "care_unit_label", "row_type", "column")
_OVER = (
    "Kontakter, bedömningar och besök räknas från januari till rapportmånaden, personer som de står i rapportmånaden"
)
_LIMITS = (
    "Gränser kring gruppens andel: så långt ifrån kommer en enhet av slumpen högst en gång av tjugo (95 %) eller en av "
    "femhundra (99,8 %), exakt binomialfördelning; skiljer sig enheterna tydligt mer än slumpen ger vidgas gränserna "
    "med den spridningen. Gruppen är de enheter vars egen andel kan visas. "
)
_RULES = (
    "Medel = medelvärdet av månaderna före det senaste året (alla månader om de är för få); gränser = medel ± 3 "
    "standardavvikelser; standardavvikelse = medelvärdet av samma månaders ändringar från månad till månad / 1,128. "
    "Signal: utanför gränserna; åtta månader i rad på samma sida om medel; sex månader i rad stigande eller fallande; "
    "två av tre månader bortom två standardavvikelser"
)


def _funnel(code: str, label: str) -> TableSpec:
    return TableSpec(
        f"{FUNNEL}{code}",
        f"{label}: enheterna jämförda",
        _UNIT_KEYS,
        "%",
        1,
        "patients",
        f"Täljare / nämnare × 100. {_LIMITS}{_OVER}",
        _SOURCE.format(lines=_LINES[code]),
        {
            "denominator": "Antal i underlaget",
            "share": "Andel",
            "low_95": "95\u00a0%, nedre",
            "high_95": "95\u00a0%, övre",
            "low_998": "99,8\u00a0%, nedre",
            "high_998": "99,8\u00a0%, övre",
            "place": "Läge",
        },
        texts=True,
        chart="funnel",
    )


def _series(code: str, label: str) -> TableSpec:
    return TableSpec(
        f"{SERIES}{code}",
        f"{label} månad för månad",
        ("period", "care_unit", "care_unit_label", "column"),
        "%",
        1,
        "patients",
        f"Täljare / nämnare × 100 per månad. {_RULES}",
        _SOURCE.format(lines=_LINES[code]),
        {"value": "Andel", "centre": "Medel", "low": "Nedre gräns", "high": "Övre gräns", "signal": "Signal"},
        texts=True,
        chart="control",
    )


FUNNELS: tuple[TableSpec, ...] = tuple(_funnel(share.code, share.label) for share in SHARES)
# Persons in a register are the same from month to month, so limits for independent months would mean nothing.
CHARTS: tuple[TableSpec, ...] = tuple(_series(share.code, share.label) for share in SHARES if share.is_summed)

SPECS: tuple[TableSpec, ...] = (
    TableSpec(
        "care_unit_overview",
        "Vårdenheterna sida vid sida",
        _UNIT_KEYS,
        "%",
        1,
        "patients",
        f"Täljare / nämnare × 100. {_OVER}",
        _FOLLOW_UP,
        {share.code: share.label for share in SHARES},
        texts=True,
    ),
    TableSpec(
        "care_unit_shares",
        "Alla andelar med antal och mål",
        ("share", "share_label", "care_unit", "care_unit_label", "row_type", "column"),
        "%",
        1,
        "patients",
        f"Täljare / nämnare × 100; målet är uppfyllt om den oavrundade andelen når det. {_OVER}",
        _FOLLOW_UP,
        {
            "numerator": "Antal",
            "denominator": "Av",
            "share": "Andel",
            "previous": "Ett år tidigare",
            "change": "Förändring",
            "target": "Mål",
            "met": "Målet nås",
        },
        "procentenheter",
        texts=True,
    ),
    *FUNNELS,
    TableSpec(
        "care_unit_signals",
        "Signaler i serierna de senaste tolv månaderna",
        _UNIT_KEYS,
        "i ord",
        0,
        "patients",
        f"Den senaste månaden med en signal, och regeln som gav den. {_RULES}",
        _FOLLOW_UP,
        {share.code: share.label for share in SHARES if share.is_summed},
        texts=True,
    ),
    *CHARTS,
    TableSpec(
        "care_unit_registers",
        "Andelar av listade personer, månad för månad",
        ("share", "share_label", "care_unit", "care_unit_label", "row_type", "column"),
        "%",
        1,
        "patients",
        "Täljare / nämnare × 100 som registren står i slutet av månaden",
        _SOURCE.format(lines="003:98-147, 193-211"),
        {
            "year_ago": "Ett år före",
            "before_5": "Fem månader före",
            "before_4": "Fyra månader före",
            "before_3": "Tre månader före",
            "before_2": "Två månader före",
            "before_1": "Månaden före",
            "now": "Rapportmånaden",
        },
    ),
    TableSpec(
        "care_unit_costs",
        "Läkemedel och medicinsk service per listad",
        _UNIT_KEYS,
        "kr",
        0,
        "patients",
        "Kostnad från januari till rapportmånaden / medelantalet listade. Jämförbart = gruppens kostnad × (enhetens "
        "listade vägda med åldersgruppens vikt / gruppens listade vägda på samma sätt), per listad (indirekt "
        "åldersjustering). Index = enhetens kostnad / jämförbart × 100",
        _SOURCE.format(lines="003:244-254"),
        {
            "listed": "Listade",
            "medicine": "Läkemedel",
            "medicine_expected": "Jämförbart, läkemedel",
            "medicine_index": "Index, läkemedel",
            "service": "Medicinsk service",
            "service_expected": "Jämförbart, medicinsk service",
            "service_index": "Index, medicinsk service",
        },
        in_kr=True,
    ),
    TableSpec(
        "care_unit_care_plans",
        "Samordnade individuella planer (SIP)",
        _UNIT_KEYS,
        "planer",
        0,
        "patients",
        "Antal genomförda SIP från januari till rapportmånaden",
        _SOURCE.format(lines="003:127-137"),
        YEARS,
    ),
)

REPORT: tuple[str, ...] = tuple(spec.table_id for spec in SPECS)
