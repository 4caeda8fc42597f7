"""Cost per patient: cost per contact and per patient by clinic, outliers, reconciliation to the ledger."""

from __future__ import annotations

from analytics.measures.catalogue.model import TableSpec

READS: tuple[str, ...] = ("care_contacts", "care_costs", "ledger")
"""Processed tables that the measures of these tables read."""

_PROJECT = "Projekt Kostnad per patient, Landstingsplan 2015 (000:1774-1790)"
_SUMMED = (
    "Kontakter som avslutades från januari till rapportmånaden, med hela sin kostnad. En patient räknas en gång per "
    "klinik och slag av kontakt, och en gång för alla kliniker tillsammans"
)
_TRIM = (
    "Ytterfall = de dyraste kontakterna av varje slag vid kliniken, en andel av slutenvårdens och en av de andra som "
    "står i inställningarna; övriga kontakter är innerfall"
)

SPECS: tuple[TableSpec, ...] = (
    TableSpec(
        "kpp_clinics",
        "Kostnad per kontakt och per patient",
        ("base_unit", "base_unit_label", "contact_kind", "contact_kind_label", "row_type", "column"),
        "kr",
        0,
        "patients",
        f"Kostnad / antal kontakter; kostnad / antal patienter. {_SUMMED}. Vårddagar per kontakt = vårddagar / "
        "kontakter i slutenvård. Förändringen är i procent av föregående år, i löpande priser",
        _PROJECT,
        {
            "contacts": "Kontakter",
            "patients": "Patienter",
            "cost": "Kostnad, tkr",
            "per_contact": "Kr per kontakt {year}",
            "per_contact_previous": "Kr per kontakt {previous}",
            "per_contact_change": "Förändring per kontakt",
            "per_patient": "Kr per patient {year}",
            "per_patient_previous": "Kr per patient {previous}",
            "per_patient_change": "Förändring per patient",
            "care_days": "Vårddagar per kontakt",
        },
        texts=True,
        chart="cost_bars",
        in_kr=True,
        parts=("base_unit", "contact_kind"),
        together=(
            "cost",
            "contacts",
            "patients",
            "per_contact",
            "per_contact_previous",
            "per_contact_change",
            "per_patient",
            "per_patient_previous",
            "per_patient_change",
            "care_days",
        ),
        dominance=True,
    ),
    TableSpec(
        "kpp_cost_kinds",
        "Vad kostnaden består av",
        ("base_unit", "base_unit_label", "row_type", "column"),
        "kr",
        0,
        "patients",
        f"Kostnaden för klinikens kontakter efter kostnadsslag, var kostnaden än är bokförd. {_SUMMED}",
        _PROJECT,
        parts=("column", "base_unit"),
        dominance=True,
    ),
    TableSpec(
        "kpp_outliers",
        "Ytterfall",
        ("base_unit", "base_unit_label", "row_type", "column"),
        "kr",
        0,
        "patients",
        f"{_TRIM}. Kostnad per innerfall = kostnad för innerfallen / antal innerfall. {_SUMMED}",
        "SKR, Uppföljning regionernas KPP-databas: de dyraste kontakterna märks ut, och jämförelser görs på innerfall",
        {
            "outliers": "Ytterfall",
            "contact_pct": "Andel av kontakterna",
            "cost_pct": "Andel av kostnaden",
            "per_contact": "Kr per kontakt {year}",
            "inner": "Kr per innerfall {year}",
            "inner_previous": "Kr per innerfall {previous}",
            "inner_change": "Förändring per innerfall",
        },
        texts=True,
        in_kr=True,
        parts=("base_unit",),
        together=(
            "outliers",
            "contact_pct",
            "cost_pct",
            "per_contact",
            "inner",
            "inner_previous",
            "inner_change",
        ),
        dominance=True,
    ),
    TableSpec(
        "kpp_reconciliation",
        "Fördelad kostnad mot redovisningen",
        ("base_unit", "base_unit_label", "row_type", "column"),
        "kr",
        0,
        "patients",
        "Bokförd kostnad (kontoklass 4–9 utan projekt) = utanför kostnad per patient + fördelad på vårdkontakter + "
        "återstår, på öret. Andel fördelad = fördelad / (bokförd − utanför). Fördelat står vid den klinik där "
        "kostnaden är bokförd, inte vid den klinik som hade kontakten",
        _PROJECT,
        {
            "booked": "Bokförd kostnad",
            "outside": "Utanför kostnad per patient",
            "distributed": "Fördelad på vårdkontakter",
            "remaining": "Återstår",
            "share": "Andel fördelad",
        },
        texts=True,
        chart="share_bars",
        parts=("base_unit",),
        together=("distributed", "remaining", "share"),
        dominance=True,
    ),
)

REPORT: tuple[str, ...] = tuple(spec.table_id for spec in SPECS)
