"""What readers call the delivered tables."""

from __future__ import annotations

DELIVERY_NAMES = {
    "employments": "Anställningar (personalsystemet)",
    "time": "Arbetad tid (personalsystemet)",
    "absence": "Frånvaro (personalsystemet)",
    "ledger": "Utfall, budget och prognos (ekonomisystemet)",
    "agency": "Inhyrd personal (leverantörernas uppgifter)",
    "indicators": "Indikatorer (målstyrningssystemet och Kolada)",
    "care_units": "Vårdenheter inom Hälsovalet",
    "care_contacts": "Vårdkontakter",
    "care_costs": "Vårdkontakternas kostnader",
    "across_tables": "Underlagen jämförda med varandra",
}
