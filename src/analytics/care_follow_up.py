"""What is counted per care unit within Hälsoval, and which two counts make each share: declared once.

A share is always computed from its numerator and denominator; a delivered percentage is never taken. The layout is P6.
Source: Uppföljning 2024 (003:86-254).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Quantity:
    """One quantity of the layout: code, delivered column, and whether it is kronor instead of a count.

    ``within`` names the quantity that it is a part of, so it can never be higher.
    """

    code: str
    column: str
    is_cost: bool = False
    within: str = ""


QUANTITIES: tuple[Quantity, ...] = (
    Quantity("listed", "Listade"),
    Quantity("listed_65", "Listade 65+", within="listed"),
    Quantity("listed_75", "Listade 75+", within="listed_65"),
    Quantity("visits_primary", "Besök primärvård", within="visits_all"),
    Quantity("visits_all", "Besök totalt"),
    Quantity("vaccinated_75", "Influensavaccinerade 75+", within="listed_75"),
    Quantity("diabetes", "Diabetesdiagnos", within="listed"),
    Quantity("diabetes_register", "NDR-registrerade", within="diabetes"),
    Quantity("doctor", "Fast läkarkontakt", within="listed"),
    Quantity("nursing_home", "SÄBO", within="listed"),
    Quantity("nursing_home_doctor", "Fast läkarkontakt SÄBO", within="nursing_home"),
    Quantity("care_plans", "SIP"),
    Quantity("medicine_cost", "Läkemedelskostnad", is_cost=True),
    Quantity("service_cost", "Medicinsk service", is_cost=True),
    Quantity("contacts", "Kontakter"),
    Quantity("contacts_same_day", "Kontakt samma dag", within="contacts"),
    Quantity("assessments", "Bedömningar"),
    Quantity("assessments_3_days", "Bedömd inom 3 dagar", within="assessments"),
)
PARTS: tuple[tuple[str, str], ...] = tuple(
    (quantity.code, quantity.within) for quantity in QUANTITIES if quantity.within
)
"""(part, whole): a part is at most its whole."""

Counted = Literal["persons", "events"]


@dataclass(frozen=True, slots=True)
class Share:
    """One share of the follow-up.

    ``counted`` is ``persons`` (each once, as the register stands at the end of the month) or ``events`` (contacts and
    visits, where one person may count many times; summed from January). ``indicator`` is its id in the register of
    indicators, where its target is read.
    """

    code: str
    label: str
    numerator: str
    denominator: str
    counted: Counted
    indicator: str

    @property
    def is_summed(self) -> bool:
        """Whether months are added up; persons are counted as they stand in the latest month."""
        return self.counted == "events"


SHARES: tuple[Share, ...] = (
    Share("same_day", "Kontakt samma dag", "contacts_same_day", "contacts", "events", "2024-03"),
    Share("assessed", "Bedömning inom tre dagar", "assessments_3_days", "assessments", "events", "2024-04"),
    Share("doctor", "Fast läkarkontakt", "doctor", "listed", "persons", "2024-09"),
    Share("nursing_home", "Fast läkarkontakt på SÄBO", "nursing_home_doctor", "nursing_home", "persons", "2024-08"),
    Share("vaccinated", "Influensavaccinerade 75 år och äldre", "vaccinated_75", "listed_75", "persons", "2024-11"),
    Share("diabetes", "Diabetes registrerad i NDR", "diabetes_register", "diabetes", "persons", "2024-13"),
    Share("coverage", "Besök på primärvårdsnivå", "visits_primary", "visits_all", "events", "2024-21"),
)
SHARE_OF: dict[str, Share] = {share.code: share for share in SHARES}
OWNERSHIPS: dict[str, str] = {"offentlig": "public", "privat": "private"}
"""Delivered word → code."""
OWNERSHIP_LABELS: dict[str, str] = {"public": "offentlig", "private": "privat"}
