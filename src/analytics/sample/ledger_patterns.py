"""How a year's amounts fall on its months, per kind of account. Weights, or tkr where the text states them.

Pay is lower in summer: holidays are paid from the holiday debt. Focus areas follow the months that the report's text
names as lowest and highest. Income comes late in the year, when grants are requested and projects are balanced.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

TRAINING = frozenset({"46110", "46130", "46150"})
TRAVEL = frozenset({"68110", "68310", "68410", "68910"})
CONSULTANTS = frozenset({"75510", "75564", "75590", "75610"})

FIRST_QUARTER: Mapping[str, Sequence[float]] = {
    "training": (98, 107, 120),
    "travel": (152, 157, 167),
    "consultants": (20, 80, 135),
    "income": (20, 30, 50),
    "pay": (33, 33, 34),
    "other": (31, 33, 36),
}
REST_OF_2017: Mapping[str, Sequence[float]] = {
    "training": (170, 190, 150, 40, 60, 229, 380, 440, 440),
    "travel": (160, 200, 170, 50, 70, 200, 230, 240, 209),
    "consultants": (120, 140, 150, 60, 90, 200, 250, 300, 615),
    "income": (80, 90, 120, 60, 60, 105, 130, 145, 210),
    "pay": (105, 104, 91, 74, 80, 105, 110, 113, 118),
    "other": (102, 102, 87, 72, 80, 103, 111, 117, 126),
}
FOCUS_2016: Mapping[str, Sequence[float]] = {
    "training": (60, 160, 160, 250, 260, 230, 110, 120, 280, 430, 500, 440),
    "travel": (90, 185, 95, 210, 240, 220, 120, 140, 240, 260, 270, 234),
    "consultants": (60, 180, 260, 300, 320, 330, 150, 200, 380, 420, 500, 824),
}
"""Training and travel together are 750 in January–March: 2018 is 0,2 mnkr below the mean of 2016 and 2017."""

WHOLE_YEAR: Mapping[str, Sequence[float]] = {
    "income": (80, 82, 84, 84, 84, 83, 74, 78, 84, 87, 88, 92),
    "pay": (87, 87, 88, 88, 87, 81, 66, 70, 87, 89, 90, 92),
    "other": (80, 81, 86, 84, 84, 80, 68, 74, 85, 88, 90, 100),
}
"""The other administrations."""


def kind_of(account: str) -> str:
    """The pattern that an account follows."""
    if account in TRAINING:
        return "training"
    if account in TRAVEL:
        return "travel"
    if account in CONSULTANTS:
        return "consultants"
    if account.startswith("3"):
        return "income"
    return "pay" if account.startswith("4") else "other"
