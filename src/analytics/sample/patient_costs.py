"""Cost per patient (K1, K2) of the demonstration hospital: made-up contacts that share the hospital's own ledger costs.

The costs of each cost centre and month are those that :mod:`analytics.sample.ledger` posts, less what the region does
not distribute; most of them are shared out over the contacts, to the öre, and the rest is left as not distributed. A
few things are planted, so that the report has something to find (:data:`PLANTED`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from analytics.organisation import Organisation
from analytics.patient_costs import COST_CLASSES, PatientCosts
from analytics.periods import Period, PeriodRange
from analytics.progress import Progress
from analytics.reference import Reference
from analytics.sample.files import write_semicolon
from analytics.sample.ledger_postings import Region
from analytics.settings import Settings

FOLDER = "kpp"
HOSPITAL = "10"
RANGE = PeriodRange(Period(2017, 1), Period(2018, 3))
"""Months with care contacts and their costs."""
CONTACT_HEADER = ("Kontaktnr", "Patientnr", "Period", "Förvaltning", "Basenhet", "Kontakttyp", "Vårddagar")
COST_HEADER = ("Kontaktnr", "Period", "Kostnadsslag", "Ansvar", "Belopp")
PLANTED = {
    "103": "några mycket dyra vårdtillfällen i slutenvården 2018, så att ytterfallen drar upp medelkostnaden",
    "105": "så få patienter att kliniken inte får visas",
    "106": "ett mycket dyrt läkemedel 2018: en patient står för mer än hälften av klinikens läkemedel",
    "102": "färre vårdtillfällen 2018 än 2017, så att kostnaden per kontakt stiger",
}
DISTRIBUTED = {"0150": 0.82, "0151": 0.80, "0131": 0.92, "0132": 0.90}
DISTRIBUTED_OTHERWISE = 0.955
"""Share of a cost centre's costs that the contacts get; the rest is capacity that no contact used."""
DOCTORS = 0.36
"""Doctors' share of pay."""
PATIENTS = 42_000
_NUMBERS_A_MONTH = 20_000
_STREAM = 1_774


@dataclass(frozen=True, slots=True)
class Clinic:
    """Contacts in an ordinary month by kind, and the cost centres that have contacts of each kind."""

    inpatient: int
    outpatient: int
    other: int
    wards: tuple[str, ...]
    day_care: str
    outpatients: str
    operated: tuple[float, float]
    """Share of inpatient and of other contacts with surgery."""
    first_patient: int


CLINICS = {
    "102": Clinic(330, 2_400, 250, ("0120",), "0122", "0122", (0.0, 0.0), 0),
    "103": Clinic(380, 2_000, 350, ("0130",), "0130", "0130", (0.62, 0.90), 9_000),
    "104": Clinic(370, 2_200, 130, ("0140", "0141"), "0141", "0141", (0.24, 0.55), 21_000),
    "106": Clinic(80, 360, 45, ("0121",), "0121", "0121", (0.0, 0.0), 30_000),
}
FEW = "105"
"""The clinic with one contact a month."""
SEASON = {7: 0.80, 8: 0.86, 12: 0.93}
FEWER = 0.93
"""Inpatient contacts of the medical clinic in 2018 against 2017."""
VERY_DEAR = 11
"""Inpatient contacts of the surgical clinic with a planted cost, each month of 2018."""
DEAR_MEDICINE = 300.0
"""Weight of the planted medicine; all the others of the clinic weigh less together."""


def write_patient_costs(  # noqa: PLR0913
    out: Path,
    *,
    settings: Settings,
    reference: Reference,
    organisation: Organisation,
    scale: int,  # noqa: ARG001 - the contacts share the costs of the ledger, which are the same at any scale
    seed: int,
    progress: Progress,
) -> None:
    """Write ``kpp/kpp_kontakter_ÅÅÅÅMM.csv`` and ``kpp/kpp_kostnader_ÅÅÅÅMM.csv`` below ``out`` for :data:`RANGE`."""
    region = Region(settings.paths.published, reference, organisation, seed)
    declared = PatientCosts.read(settings.paths.reference)
    progress.start(2 * len(RANGE), "Kostnad per patient")
    for step, period in enumerate(RANGE):
        rng = np.random.default_rng([seed, _STREAM, step])
        contacts = _contacts(period, first_number=step * _NUMBERS_A_MONTH, rng=rng)
        rows = contacts.select(
            "number",
            "patient",
            pl.lit(period.compact).alias("month"),
            pl.lit(HOSPITAL).alias("unit"),
            "clinic",
            "kind",
            "days",
        )
        write_semicolon(
            out / FOLDER / f"kpp_kontakter_{period.compact}.csv",
            title="Vårdkontakter för kostnad per patient",
            header=CONTACT_HEADER,
            rows=rows.cast(pl.String).iter_rows(),
        )
        progress.step(f"{period.label}, kontakter")
        pools = _pools(region, declared, period)
        write_semicolon(
            out / FOLDER / f"kpp_kostnader_{period.compact}.csv",
            title="Vårdkontakternas kostnader",
            header=COST_HEADER,
            rows=_cost_rows(contacts, pools, period, rng),
        )
        progress.step(f"{period.label}, kostnader")


def _contacts(period: Period, *, first_number: int, rng: np.random.Generator) -> pl.DataFrame:
    """Contacts of a month: number, patient, clinic, kind, days, centre, severity, operated, medicine (weights)."""
    parts = [_of_kind(period, code, kind, rng) for code in CLINICS for kind in ("inpatient", "outpatient", "other")]
    # The small clinic has one patient a month, never the same one.
    parts.append(
        pl.DataFrame(
            {
                "patient": [PATIENTS + period.year % 10 * 12 + period.month],
                "clinic": [FEW],
                "kind": ["DV"],
                "days": [0],
                "centre": [""],
                "severity": [1.5],
                "operated": [False],
                "medicine": [0.0],
            }
        )
    )
    made = pl.concat(parts, how="vertical_relaxed")
    return made.with_columns(
        pl.Series("number", [f"K{first_number + place:07d}" for place in range(1, made.height + 1)]),
        pl.format("P{}", pl.col("patient").cast(pl.String).str.zfill(6)).alias("patient"),
    )


def _of_kind(period: Period, code: str, kind: str, rng: np.random.Generator) -> pl.DataFrame:
    clinic = CLINICS[code]
    usual: float = getattr(clinic, kind) * SEASON.get(period.month, 1.0)
    if (code, kind) == ("102", "inpatient") and period.year == 2018:
        usual *= FEWER
    count = int(rng.poisson(usual))
    severity = rng.lognormal(0.0, 0.75 if kind == "inpatient" else 0.45, count)
    medicine = rng.lognormal(0.0, 0.6, count)
    if period.year == 2018 and kind == "inpatient" and code == "103":
        severity[:VERY_DEAR] = 15.0 + 5.0 * rng.random(VERY_DEAR)
    # A third of those who come have come before: some patients have many contacts.
    patients = (clinic.first_patient + (14_000 * rng.random(count) ** 1.6).astype(int)) % PATIENTS
    if (period.year, code, kind) == (2018, "106", "inpatient"):
        # The same patient every month, who has no other contacts.
        medicine[0], patients[0] = DEAR_MEDICINE, PATIENTS - 1
    days = np.zeros(count, dtype=int)
    operated = np.zeros(count, dtype=bool)
    if kind == "inpatient":
        days = np.maximum(1, np.rint(3.4 * severity)).astype(int)
        operated = rng.random(count) < clinic.operated[0]
        centre = np.array(clinic.wards)[rng.integers(0, len(clinic.wards), count)]
    else:
        centre = np.full(count, clinic.outpatients if kind == "outpatient" else clinic.day_care)
        if kind == "other":
            operated = rng.random(count) < clinic.operated[1]
    return pl.DataFrame(
        {
            "patient": patients,
            "clinic": [code] * count,
            "kind": [{"inpatient": "SV", "outpatient": "ÖV", "other": "DV"}[kind]] * count,
            "days": days,
            "centre": centre,
            "severity": severity,
            "operated": operated,
            "medicine": medicine,
        }
    )


def _pools(region: Region, declared: PatientCosts, period: Period) -> dict[tuple[str, str], int]:
    """Öre to share out by cost centre and kind of cost."""
    amounts: dict[tuple[str, str], int] = defaultdict(int)
    for posting in region.outcome(period):
        code, account = posting.centre.code, posting.account
        # Rows of opening period 00 are left out, as everywhere; those of closing period 13 belong to December.
        is_cost = posting.centre.administration == HOSPITAL and account[0] in COST_CLASSES and posting.month > 0
        if is_cost and not declared.reason_of(account, code, period):
            amounts[code, account] += posting.ore
    pools: dict[tuple[str, str], int] = defaultdict(int)
    for (code, account), ore in amounts.items():
        share = round(ore * DISTRIBUTED.get(code, DISTRIBUTED_OTHERWISE))
        if code in _SERVICES:
            pools[code, _SERVICES[code]] += share
        elif account[0] == "4":
            doctors = round(share * DOCTORS)
            pools[code, "LAK"] += doctors
            pools[code, "VPE"] += share - doctors
        else:
            pools[code, _KIND_OF.get(account[:3], "OVR")] += share
    return pools


_SERVICES = {"0131": "OPE", "0132": "OPE", "0150": "LAB", "0151": "RTG"}
"""Kind of cost of the cost centres that serve the clinics."""
_KIND_OF = {"645": "LKM", "641": "MAT", "651": "MAT", "601": "LOK", "611": "LOK"}
"""Kind of cost of an account, by its first three digits."""
_WEIGHTS: dict[str, dict[str, float]] = {
    "VPE": {"SV": 40.0, "ÖV": 2.6, "DV": 8.0},
    "LAK": {"SV": 18.0, "ÖV": 2.8, "DV": 6.0},
    "LKM": {"SV": 14.0, "DV": 6.0},
    "MAT": {"SV": 12.0, "DV": 7.0},
    "LOK": {"SV": 20.0, "DV": 3.0},
    "OVR": {"SV": 16.0, "ÖV": 2.2, "DV": 4.0},
    "OPE": {"SV": 34.0, "DV": 13.0},
    "RTG": {"SV": 6.0, "ÖV": 1.4, "DV": 1.5},
    "LAB": {"SV": 5.0, "ÖV": 0.9, "DV": 1.2},
}
"""What a contact of each kind weighs when a pool is shared; no weight means no share."""
_EXAMINED = {"RTG": 0.22, "LAB": 0.38}
"""Share of the outpatient contacts with an examination."""


def _cost_rows(
    contacts: pl.DataFrame, pools: dict[tuple[str, str], int], period: Period, rng: np.random.Generator
) -> Iterator[tuple[str, ...]]:
    """Cells of the cost file: each pool shared by weight, exactly."""
    kinds, severity = contacts["kind"].to_numpy(), contacts["severity"].to_numpy()
    for (centre, cost_kind), total in sorted(pools.items()):
        by_kind = _WEIGHTS[cost_kind]
        weights = np.array([by_kind.get(kind, 0.0) for kind in kinds]) * severity
        if cost_kind in _EXAMINED:
            weights[(kinds == "ÖV") & (rng.random(len(kinds)) > _EXAMINED[cost_kind])] = 0.0
        elif cost_kind == "OPE":
            weights[~contacts["operated"].to_numpy()] = 0.0
        else:
            weights[contacts["centre"].to_numpy() != centre] = 0.0
        if cost_kind == "LKM":
            weights *= contacts["medicine"].to_numpy()
        chosen = np.flatnonzero(weights)
        upto = np.rint(np.cumsum(weights[chosen]) / weights[chosen].sum() * total).astype(np.int64)
        upto[-1] = total
        amounts = np.diff(upto, prepend=0)
        for number, ore in zip(contacts["number"].to_numpy()[chosen], amounts, strict=True):
            yield number, period.compact, cost_kind, centre, f"{ore // 100},{ore % 100:02d}"
