"""Every table a package can hold, declared once: id, Swedish title, keys, columns, unit, decimals and definition.

Measures fill these tables, disclosure control protects them, the reports print them and ``reconcile`` compares
them. ``docs/definitions.md`` is written from this file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import polars as pl

Protection = Literal["staff", "sick_leave", "none"]

SEXES = {"K": "Kvinna", "M": "Man", "T": "Total"}
ORIGINS = {"external": "Externt", "internal": "Internt", "total": "Totalt"}
SERIES = {"outcome": "Utfall", "budget": "Budget i tolftedelar", "seasonal": "Säsongsfördelad budget"}


@dataclass(frozen=True, slots=True)
class TableSpec:
    """What a table is. Its frame has the ``keys``, then ``value`` and, for staff tables, ``n``.

    ``value`` is unrounded; null means that nothing was posted or measured, which is not zero.
    ``n`` is the number of persons behind the value; disclosure control uses it and takes it away.
    ``label_of`` names the Swedish label column that follows a key column.
    """

    table_id: str
    title: str
    keys: tuple[str, ...]
    unit: str
    decimals: int
    protection: Protection
    definition: str
    source: str
    labels: dict[str, str] = field(default_factory=dict)
    """Column codes of the key ``column`` → Swedish heading; ``{year}`` and ``{previous}`` are filled in."""
    change_unit: str = ""
    """Unit of the change column where it differs (procentenheter)."""


@dataclass(frozen=True, eq=False, repr=False)
class MeasureTable:
    """An unprotected table: never shown, only handed to disclosure control or to ``reconcile``.

    ``headings`` gives the printed heading of each code in ``column``; ``notes`` are Swedish sentences printed under
    the table (divisor, versions, as-of date).
    """

    spec: TableSpec
    frame: pl.DataFrame
    headings: dict[str, str]
    period_label: str
    notes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"<MeasureTable {self.spec.table_id}: {self.frame.height} unprotected cells, not shown>"


YEARS = {"current": "{year}", "previous": "{previous}", "change": "Förändring"}
ACCUMULATED = {
    "outcome": "Utfall ack.",
    "budget": "Budget ack.",
    "previous": "Föreg. år ack.",
    "vs_budget": "Utfall jmf budget",
    "vs_previous": "Utfall jmf föreg. år",
}
FULL_YEAR = {
    "forecast": "Prognos helår",
    "budget": "Budget helår",
    "previous": "Föreg. år helår",
    "vs_budget": "Prognos jmf budget",
    "vs_previous": "Prognos jmf föreg. år",
}
SUMMARY = {
    "outcome": "Utfall ack.",
    "budget": "Budget ack.",
    "outcome_vs_budget": "Utfall jmf budget ack.",
    "forecast": "Prognos helår",
    "budget_year": "Budget helår",
    "forecast_vs_budget": "Prognos jmf budget helår",
}
PIVOT = {
    "outcome": "Utfall ack.",
    "budget": "Budget ack.",
    "vs_budget": "Avvikelse mot budget",
    "previous": "Föreg. år ack.",
    "vs_previous": "Avvikelse mot föreg. år",
}

GROUP_KEYS = ("personnel_group", "personnel_group_label", "row_type", "sex", "column")
ABSENCE_KEYS = ("absence_group", "absence_group_label", "row_type", "sex", "column")
RATE_KEYS = ("measure", "measure_label", "row_type", "sex", "column")
DISCLOSURE_KEYS = ("measure", "measure_label", "row_type", "column")
FR1_KEYS = ("report_line", "report_line_label", "level", "parent", "origin", "column")
SUMMARY_KEYS = ("report_line", "report_line_label", "level", "parent", "column")
PIVOT_KEYS = ("code", "label", "level", "row_type", "column")
PROJECT_KEYS = ("cost_centre", "cost_centre_label", "account_class", "account_class_label", "row_type", "column")
MONTHLY_STAFF_KEYS = ("period", "sex")
MONTHLY_ABSENCE_KEYS = ("period", "absence_group", "absence_group_label", "sex")
MONTHLY_LEDGER_KEYS = ("period", "series")
AGENCY_KEYS = ("administration", "administration_label", "profession", "profession_label", "row_type", "column")

FTE_FORMULA = "timmar / (timmar per årsarbetare och år × antal månader / 12)"
LEDGER_SIGN = "intäkter negativa, kostnader positiva; avvikelse = jämförelsetal − utfall, negativ är ogynnsam"

_SPECS = (
    TableSpec(
        "worked_fte",
        "Utförd arbetstid",
        GROUP_KEYS,
        "årsarbetare",
        1,
        "staff",
        "Ordinarie tid − frånvaro + mertid + övertid + arbetad jour och beredskap + timavlönades tid, som "
        + FTE_FORMULA,
        "kvartalsrapport mars 2018 (002:390-405)",
        YEARS,
    ),
    TableSpec(
        "overtime_fte",
        "Övertid",
        GROUP_KEYS,
        "årsarbetare",
        2,
        "staff",
        "Tid utöver ordinarie arbetstid för heltidsanställda, som " + FTE_FORMULA,
        "kvartalsrapport mars 2018 (002:409-415); SKR, Begrepp och termer om arbetstid",
        YEARS,
    ),
    TableSpec(
        "additional_fte",
        "Mertid",
        GROUP_KEYS,
        "årsarbetare",
        2,
        "staff",
        "Tid utöver avtalad tid för deltidsanställda upp till heltid, som " + FTE_FORMULA,
        "kvartalsrapport mars 2018 (002:419-426); SKR, Begrepp och termer om arbetstid",
        YEARS,
    ),
    TableSpec(
        "hourly_fte",
        "Timavlönade",
        GROUP_KEYS,
        "årsarbetare",
        2,
        "staff",
        "Timavlönades arbetade tid, som " + FTE_FORMULA,
        "kvartalsrapport mars 2018 (002:428-435)",
        YEARS,
    ),
    TableSpec(
        "absence_fte",
        "Frånvaro per frånvarogrupp",
        ABSENCE_KEYS,
        "årsarbetare",
        2,
        "staff",
        "Frånvarotimmar, som " + FTE_FORMULA,
        "kvartalsrapport mars 2018 (002:437-451)",
        YEARS,
    ),
    TableSpec(
        "headcount",
        "Antal anställda",
        GROUP_KEYS,
        "antal",
        0,
        "staff",
        "Månadsavlönade (tillsvidare och visstid) sista dagen i perioden; en person räknas en gång, "
        "i sin huvudanställning",
        "kvartalsrapport mars 2018 (002:455-467)",
        YEARS,
    ),
    TableSpec(
        "sick_leave_pct",
        "Sjukfrånvaro i procent av ordinarie arbetstid",
        RATE_KEYS,
        "%",
        1,
        "sick_leave",
        "Sjukfrånvarotimmar / ordinarie arbetstid × 100 för månads- och timavlönade",
        "kvartalsrapport mars 2018 (002:469-475); lag 1997:614 4 kap. 1 a §; SKR, Definition av nyckeltal 2024-03-04",
        YEARS,
        "procentenheter",
    ),
    TableSpec(
        "turnover_pct",
        "Extern personalrörlighet (exklusive pensionsavgångar)",
        RATE_KEYS,
        "%",
        1,
        "staff",
        "Tillsvidareanställda som lämnat arbetsgivaren, utom pension och dödsfall / medeltalet tillsvidareanställda "
        "vid periodens början och slut × 100; inte omräknat till helår",
        "kvartalsrapport mars 2018 (002:477-481); jfr Familjen Helsingborg, definition av personalrörlighet",
        YEARS,
        "procentenheter",
    ),
    TableSpec(
        "sick_leave_disclosure",
        "Obligatorisk redovisning av sjukfrånvaro",
        DISCLOSURE_KEYS,
        "%",
        1,
        "sick_leave",
        "Sju nyckeltal: total sjukfrånvaro, andel i sammanhängande perioder om minst 60 dagar (av total "
        "sjukfrånvaro), kvinnor, män, 29 år eller yngre, 30–49 år, 50 år eller äldre; övriga i procent av gruppens "
        "ordinarie arbetstid",
        "lag 1997:614 4 kap. 1 a § (SFS 2002:1065); SKR, Definition av nyckeltal 2024-03-04",
        YEARS,
        "procentenheter",
    ),
    TableSpec(
        "fr1_outcome",
        "FR1 Resultatrapport – utfall",
        FR1_KEYS,
        "kr",
        0,
        "none",
        "Kontoslag, externt och internt efter motpart, ackumulerat; drift är kontoklass 5–7 och finansen (9); "
        "projektansvar ingår inte; " + LEDGER_SIGN,
        "kvartalsrapport mars 2018 (002:705-735)",
        ACCUMULATED,
    ),
    TableSpec(
        "fr1_forecast",
        "FR1 Resultatrapport – prognos",
        FR1_KEYS,
        "kr",
        0,
        "none",
        "Kontoslag, externt och internt efter motpart, helår; drift är kontoklass 5–7 och finansen (9); "
        "projektansvar ingår inte; " + LEDGER_SIGN,
        "kvartalsrapport mars 2018 (002:737-763)",
        FULL_YEAR,
    ),
    TableSpec(
        "fr1_summary",
        "Ekonomisk uppföljning enligt FR1",
        SUMMARY_KEYS,
        "kr",
        0,
        "none",
        "Kontoslag, ackumulerat och helår; drift är kontoklass 5–7 och finansen (9); projektansvar ingår inte; "
        + LEDGER_SIGN,
        "kvartalsrapport mars 2018 (002:542-558)",
        SUMMARY,
    ),
    TableSpec(
        "result_by_class",
        "Resultat per intäkts- och kostnadsslag",
        PIVOT_KEYS,
        "kr",
        0,
        "none",
        "Kontoklass 3 intäkter, 4 personal, 5–7 drift, 8 avskrivningar, 9 finansen; " + LEDGER_SIGN,
        "kvartalsrapport mars 2018 (002:560-566)",
        PIVOT,
    ),
    TableSpec(
        "staff_cost_by_group",
        "Personalkostnader per kontogrupp",
        PIVOT_KEYS,
        "kr",
        0,
        "none",
        "Kontoklass 4 per kontogrupp; " + LEDGER_SIGN,
        "kvartalsrapport mars 2018 (002:589-598)",
        PIVOT,
    ),
    TableSpec(
        "operations_by_class",
        "Driftskostnader per kontoklass",
        PIVOT_KEYS,
        "kr",
        0,
        "none",
        "Kontoklass 5, 6 och 7; " + LEDGER_SIGN,
        "kvartalsrapport mars 2018 (002:615-620)",
        PIVOT,
    ),
    TableSpec(
        "focus_training",
        "Utbildningskostnader",
        PIVOT_KEYS,
        "kr",
        0,
        "none",
        "Konton som regionen har valt för fokusområdet; " + LEDGER_SIGN,
        "kvartalsrapport mars 2018 (002:635-642)",
        PIVOT,
    ),
    TableSpec(
        "focus_travel",
        "Resor",
        PIVOT_KEYS,
        "kr",
        0,
        "none",
        "Konton som regionen har valt för fokusområdet, per tresiffrig kontogrupp; " + LEDGER_SIGN,
        "kvartalsrapport mars 2018 (002:651-657)",
        PIVOT,
    ),
    TableSpec(
        "focus_consultants",
        "Konsulter",
        PIVOT_KEYS,
        "kr",
        0,
        "none",
        "Konton som regionen har valt för fokusområdet; " + LEDGER_SIGN,
        "kvartalsrapport mars 2018 (002:666-671)",
        PIVOT,
    ),
    TableSpec(
        "projects",
        "Projektredovisning",
        PROJECT_KEYS,
        "kr",
        0,
        "none",
        "Projektansvar per intäkts- och kostnadsslag; ska balansera till 0 vid årets slut",
        "kvartalsrapport mars 2018 (002:687-703)",
        {"outcome": "Utfall ack.", "forecast": "Prognos helår"},
    ),
    TableSpec(
        "seasonal_budget",
        "Budget i tolftedelar och säsongsfördelad budget",
        ("report_line", "report_line_label", "level", "parent", "column"),
        "kr",
        0,
        "none",
        "Årsbudget × medelvärdet av de närmast föregående årens andel av nettoresultatet till och med månaden",
        "kvartalsrapport mars 2018 (002:570-572); medelvärde av flera års andelar",
        {
            "outcome": "Utfall ack.",
            "budget": "Budget i tolftedelar",
            "vs_budget": "Avvikelse mot tolftedelar",
            "seasonal": "Säsongsfördelad budget",
            "vs_seasonal": "Avvikelse mot säsong",
        },
    ),
    TableSpec(
        "agency_staff_fte",
        "Inhyrd personal, årsarbetare",
        AGENCY_KEYS,
        "årsarbetare",
        1,
        "none",
        "Fakturerade timmar (senaste version), som " + FTE_FORMULA,
        "kvartalsrapport mars 2018 (002:82-88)",
        YEARS,
    ),
    TableSpec(
        "agency_staff_cost",
        "Inhyrd personal, kostnad",
        AGENCY_KEYS,
        "kr",
        0,
        "none",
        "Fakturerat belopp (senaste version)",
        "kvartalsrapport mars 2018 (002:82-88)",
        YEARS,
    ),
    TableSpec(
        "worked_fte_monthly",
        "Utförd arbetstid per månad",
        MONTHLY_STAFF_KEYS,
        "årsarbetare",
        1,
        "staff",
        "Som utförd arbetstid, för en månad i taget",
        "kvartalsrapport mars 2018 (002:572)",
    ),
    TableSpec(
        "absence_fte_monthly",
        "Frånvaro per månad",
        MONTHLY_ABSENCE_KEYS,
        "årsarbetare",
        2,
        "staff",
        "Som frånvaro per frånvarogrupp, för en månad i taget",
        "kvartalsrapport mars 2018 (002:437-451)",
    ),
    TableSpec(
        "sick_leave_pct_monthly",
        "Sjukfrånvaro per månad",
        MONTHLY_STAFF_KEYS,
        "%",
        1,
        "sick_leave",
        "Som sjukfrånvaro i procent av ordinarie arbetstid, för en månad i taget",
        "kvartalsrapport mars 2018 (002:469-475)",
    ),
    TableSpec(
        "headcount_monthly",
        "Antal anställda per månad",
        MONTHLY_STAFF_KEYS,
        "antal",
        0,
        "staff",
        "Som antal anställda, sista dagen i varje månad",
        "kvartalsrapport mars 2018 (002:455-467)",
    ),
    *(
        TableSpec(
            f"{series}_monthly",
            title,
            MONTHLY_LEDGER_KEYS,
            "kr",
            0,
            "none",
            "Utfall per månad, budget i tolftedelar och säsongsfördelad budget (series: outcome, budget, seasonal)",
            source,
        )
        for series, title, source in (
            ("net", "Nettoresultat per månad", "kvartalsrapport mars 2018 (002:572)"),
            ("staff_cost", "Personalkostnader per månad", "kvartalsrapport mars 2018 (002:587)"),
            ("focus_training", "Utbildningskostnader per månad", "kvartalsrapport mars 2018 (002:649)"),
            ("focus_travel", "Resor per månad", "kvartalsrapport mars 2018 (002:662)"),
            ("focus_consultants", "Konsulter per månad", "kvartalsrapport mars 2018 (002:675)"),
        )
    ),
)

TABLES: dict[str, TableSpec] = {spec.table_id: spec for spec in _SPECS}

PERSONAL_REPORT = (
    "worked_fte",
    "overtime_fte",
    "additional_fte",
    "hourly_fte",
    "absence_fte",
    "headcount",
    "sick_leave_pct",
    "sick_leave_disclosure",
    "turnover_pct",
    "agency_staff_fte",
    "agency_staff_cost",
    "worked_fte_monthly",
    "absence_fte_monthly",
    "sick_leave_pct_monthly",
    "headcount_monthly",
)
LEDGER_REPORT = (
    "fr1_summary",
    "fr1_outcome",
    "fr1_forecast",
    "result_by_class",
    "staff_cost_by_group",
    "operations_by_class",
    "focus_training",
    "focus_travel",
    "focus_consultants",
    "projects",
    "seasonal_budget",
    "net_monthly",
    "staff_cost_monthly",
    "focus_training_monthly",
    "focus_travel_monthly",
    "focus_consultants_monthly",
)
REPORTS: dict[str, tuple[str, ...]] = {"personal": PERSONAL_REPORT, "ekonomi": LEDGER_REPORT}
