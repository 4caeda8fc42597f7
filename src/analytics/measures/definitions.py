"""``docs/definitions.md``: every table in words, from the catalogue (``python -m analytics.measures.definitions``)."""

from __future__ import annotations

import sys
from pathlib import Path

from analytics.measures.catalogue import LEDGER_SIGN, REPORTS, TABLES, TableSpec

PROTECTION = {
    "staff": "färre personer än audiensens gräns för personaltabeller (och alltid en ensam person) visas inte",
    "sick_leave": "grupper med högst så många anställda som audiensens gräns för sjukfrånvaro visas inte",
    "patients": "andelar och kostnader för färre listade personer eller patienter än audiensens gräns visas inte",
    "none": "innehåller inga personuppgifter",
}
DOMINANCE = "; inte heller ett belopp som en enda patient har mer av än audiensens gräns"
COMPLEMENTS = "; fler celler döljs, så att en dold uppgift inte kan räknas fram ur de andra"
STAFF_SIGN = "positivt; förändring = senare − tidigare, räknad på oavrundade tal"
_COSTS = "kostnader positiva; förändring = i år − föregående år"
SIGNS = {
    "forecast_accuracy": "minus: metoden räknade för lågt; medelvärdet är utan tecken",
    "variance_parts": "föregående år − i år: minus är högre kostnad i år",
    "kpp_clinics": _COSTS,
    "kpp_cost_kinds": _COSTS,
    "kpp_outliers": _COSTS,
    "kpp_reconciliation": f"{_COSTS}; återstår är negativt om mer är fördelat än bokfört",
}
"""Tables whose sign is neither that of the ledger nor that of the staff tables."""
KEY_MEANINGS = {
    "personnel_group": "personalgrupp (AID), kod som text",
    "absence_group": "frånvarohuvudgrupp 01–10",
    "measure": "nyckeltal",
    "row_type": "`row`, `total` eller `apart` (ingår inte i någon summa)",
    "sex": "`K`, `M` eller `T` (totalt)",
    "column": "`current`, `previous`, `change` eller tabellens egna kolumner",
    "report_line": "rad i formuläret FR1",
    "test": "metod och år som metoden är provad på",
    "part": "del av personalkostnadens förändring",
    "deviation": "jämförelse och kontoslag, samma namn i alla månader",
    "level": "nivå, 1 är överst",
    "parent": "överordnad rad",
    "origin": "`external`, `internal` eller `total`, efter motpart",
    "code": "kontoklass, kontogrupp eller konto",
    "label": "svensk benämning",
    "cost_centre": "ansvar",
    "account_class": "intäkts- eller kostnadsslag",
    "period": "månad, ÅÅÅÅ-MM",
    "series": "`outcome`, `budget` (tolftedelar) eller `seasonal` (säsongsfördelad)",
    "administration": "förvaltning",
    "profession": "yrke",
    "share": "andel i uppföljningen",
    "plan_part": "förvaltning eller basenhet som planen namnger den",
    "plan_line": "intäkter, personal, drift, avskrivningar eller summa",
    "plan_year": "budgetår",
    "plan_item": "krav, behov eller investeringsområde i planen",
    "goal_area": "målområde, perspektiv eller övergripande mål, efter planens ord",
    "indicator": "indikator i registret (docs/indicators.md), eller nyckeltal i Kolada",
    "observed_unit": "förvaltning, eller region i Kolada",
    "care_unit": "vårdenhet inom Hälsovalet",
    "base_unit": "klinik (basenhet); tomt för alla",
    "contact_kind": "`inpatient` (slutenvård), `outpatient` (öppenvård), `other` eller `all`",
}
INTRODUCTION = """# Definitioner

Skrivs från `src/analytics/measures/catalogue/` av `python -m analytics.measures.definitions`; ändra där.

Gemensamt för alla tabeller:

- `value` är oavrundat; avrundning sker först vid utskrift, från noll vid halva.
- Tomt värde betyder att inget bokförts eller mätts. Det är inte noll.
- Perioden för personaltabeller är januari till den senaste månaden med komplett tid och frånvaro (eftersläpningen står
  i `analytics.toml`); för ekonomitabeller januari till rapportmånaden.
- Timmar läggs på kön och personalgrupp efter anställningen på samma ansvar och månad, frånvaro efter månadens
  huvudanställning. En rad utan anställning stoppar tabellen; den tappas aldrig.
- Ekonomitabeller summerar hela ören och delar först sist. Ingående balans (period 00) ingår inte, bokslutsposter
  (period 13) räknas i december. Projektansvar ingår bara i projektredovisningen.
- Årsbudgeten ligger i tolftedelar. Prognosen är den senaste för året till och med rapportmånaden.
- Säsongsmönstret är medelvärdet av de föregående årens andel per månad. En rad vars år har olika tecken, eller där en
  månad är större än hela året, följer nettoresultatets mönster.
"""


def definition(spec: TableSpec) -> str:
    """One table as a section: formula, unit, sign, keys, protection, source."""
    keys = [key for key in spec.keys if not key.endswith("_label")]
    columns = [f"  - `{code}`: {text.format(year='året', previous='året före')}" for code, text in spec.labels.items()]
    reports = ", ".join(report for report, tables in REPORTS.items() if spec.table_id in tables)
    sign = LEDGER_SIGN if spec.unit == "kr" and spec.table_id != "agency_staff_cost" else STAFF_SIGN
    sign = SIGNS.get(spec.table_id, sign)
    unit = spec.unit + (f" (förändring i {spec.change_unit})" if spec.change_unit else "")
    lines = [
        f"## {spec.title}",
        "",
        f"- Tabell: `{spec.table_id}` (rapport: {reports})",
        f"- Formel: {spec.definition}",
        f"- Enhet: {unit}, {spec.decimals} decimaler i utskrift",
        f"- Tecken: {sign}",
        "- Nycklar: " + "; ".join(f"`{key}` {KEY_MEANINGS[key]}" for key in keys),
        *(["- Kolumner (`column`):", *columns] if columns else []),
        f"- Skydd: {_protection(spec)}",
        f"- Källa: {spec.source}",
    ]
    return "\n".join(lines)


def _protection(spec: TableSpec) -> str:
    return PROTECTION[spec.protection] + (DOMINANCE if spec.dominance else "") + (COMPLEMENTS if spec.parts else "")


def document() -> str:
    """The whole file, tables in catalogue order."""
    return "\n".join([INTRODUCTION, *(definition(spec) + "\n" for spec in TABLES.values())]).rstrip("\n") + "\n"


def main(target: Path) -> None:
    """Write the file."""
    target.write_text(document(), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("docs/definitions.md"))
