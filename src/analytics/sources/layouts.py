"""The layouts that are known, one per kind of delivered file (docs/architecture.md, raw layouts)."""

from __future__ import annotations

from analytics.sources import (
    absence,
    agency,
    care_contacts,
    care_costs,
    care_units,
    employments,
    indicators,
    kolada,
    ledger,
    time,
)
from analytics.sources.model import Layout

_LEDGER_COLUMNS = (
    "Förvaltning", "Basenhet", "Ansvar", "Konto", "Kontotext", "Motpart", "Projekt", "Aktivitet", "Period", "Typ",
    "Belopp", "Verdatum", "Registreringsdatum",
)  # fmt: skip
_LEDGER_TEXTS = tuple(
    name for name in _LEDGER_COLUMNS if name not in ("Belopp", "Period", "Verdatum", "Registreringsdatum")
)

_INDICATOR_COLUMNS = (
    "Enhet", "Perspektiv/målområde", "Inriktningsmål", "Indikator", "Ingångsvärde", "Målvärde", "Utfall", "Prognos",
    "Status", "Kommentar", "Periodicitet", "Källa", "Period",
)  # fmt: skip


def _ledger(name: str, *, months_ahead: int = 0, may_be_empty: bool = False) -> Layout:
    return Layout(
        name=name,
        code="P4",
        supplier="raindance",
        extension="txt",
        table="ledger",
        columns=_LEDGER_COLUMNS,
        text_columns=_LEDGER_TEXTS,
        header_line=4,
        read=ledger.read,
        sum_rows=True,
        months_ahead=months_ahead,
        may_be_empty=may_be_empty,
    )


_ALL = (
    Layout(
        name="heroma_anstallning",
        code="P1",
        supplier="heroma",
        extension="csv",
        table="employments",
        columns=(
            "Anstnr", "Pnr", "Kön", "Födelseår", "Förvaltning", "Basenhet", "Ansvar", "AID-etikett", "Personalgrupp",
            "Anstform", "Sysselsättningsgrad", "Heltidsmått", "From", "Tom", "Avgångsorsak", "Avgångstyp",
        ),
        text_columns=(
            "Anstnr", "Kön", "Födelseår", "Förvaltning", "Basenhet", "Ansvar", "AID-etikett", "Personalgrupp",
            "Anstform", "Avgångsorsak", "Avgångstyp",
        ),
        header_line=2,
        read=employments.read,
    ),
    Layout(
        name="heroma_tid",
        code="P2",
        supplier="heroma",
        extension="csv",
        table="time",
        columns=("Anstnr", "Period", "Ansvar", "Tidart", "Timmar", "Belopp"),
        text_columns=("Anstnr", "Ansvar", "Tidart"),
        header_line=2,
        read=time.read,
    ),
    Layout(
        name="heroma_franvaro",
        code="P3",
        supplier="heroma",
        extension="csv",
        table="absence",
        columns=(
            "Anstnr", "Frånvarogrupp", "Orsak", "From", "Tom", "Omfattning", "Frånvarotimmar", "Kalenderdagar",
            "Period",
        ),
        text_columns=("Anstnr", "Frånvarogrupp", "Orsak"),
        header_line=2,
        read=absence.read,
    ),
    _ledger("raindance_saldo"),
    # A budget is delivered before its year begins.
    _ledger("raindance_budget", months_ahead=12),
    _ledger("raindance_prognos"),
    Layout(
        name="inhyrd",
        code="P7",
        supplier="inhyrd",
        extension="csv",
        table="agency",
        columns=("Leverantör", "Förvaltning", "Yrke", "Vecka", "Timmar", "Fakturadatum", "Belopp", "Version"),
        text_columns=("Leverantör", "Förvaltning", "Yrke"),
        header_line=2,
        read=agency.read,
        may_be_empty=True,
    ),
    Layout(
        name="stratsys_indikatorer",
        code="P5",
        supplier="stratsys",
        extension="txt",
        table="indicators",
        columns=_INDICATOR_COLUMNS,
        # Free text may hold anything, so every column is searched for what may not be there.
        text_columns=_INDICATOR_COLUMNS,
        header_line=2,
        read=indicators.read,
        splitting="quoted",
        other_forms=(("xlsx", "sheet"),),
    ),
    Layout(
        name="kolada",
        code="Kolada",
        supplier="kolada",
        extension="json",
        table="indicators",
        columns=(
            "kpi", "kpi_title", "municipality", "municipality_title", "period", "gender", "value", "status",
        ),
        text_columns=(),
        header_line=1,
        read=kolada.read,
        splitting="records",
    ),
    Layout(
        name="halsoval",
        code="P6",
        supplier="halsoval",
        extension="csv",
        table="care_units",
        columns=care_units.COLUMNS,
        text_columns=(care_units.UNIT, care_units.NAME, care_units.OWNERSHIP),
        header_line=2,
        read=care_units.read,
    ),
    Layout(
        name="kpp_kontakter",
        code="K1",
        supplier="kpp",
        extension="csv",
        table="care_contacts",
        columns=care_contacts.COLUMNS,
        text_columns=(care_contacts.CONTACT, care_contacts.PATIENT, "Förvaltning", "Basenhet", care_contacts.KIND),
        header_line=2,
        read=care_contacts.read,
    ),
    Layout(
        name="kpp_kostnader",
        code="K2",
        supplier="kpp",
        extension="csv",
        table="care_costs",
        columns=care_costs.COLUMNS,
        text_columns=(care_contacts.CONTACT, care_costs.KIND, care_costs.CENTRE),
        header_line=2,
        read=care_costs.read,
    ),
)  # fmt: skip
LAYOUTS: dict[str, Layout] = {layout.name: layout for layout in _ALL}
