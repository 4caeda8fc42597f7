"""How an employment of administration 17 is described while the demonstration region is made."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import polars as pl

from analytics.periods import Period
from analytics.reference import Reference
from analytics.sample.staff_calendar import working_days
from analytics.sample.staff_posts import OPEN, SCHEMA, WORKING_AGE
from analytics.sample.staff_published import YEARS

ADMINISTRATION = "17"
MONTHS = {year: (Period(year, 1), Period(year, 2)) for year in YEARS}
CENTRES = {
    "1.1": ("1310", "1311", "1315", "1331", "1341", "1351", "1770", "1390", "1316"),
    "1.2": ("1341", "1331", "1315", "1311", "1351", "1390", "1316", "1341", "1331", "1310", "1770", "1778"),
    "1.3": ("1321",),
    "2.1": ("1390", "1321"),
    "2.4": ("1390", "1771", "1315"),
    "2.5": ("1321",),
    "2.6": ("1321", "1771"),
    "3.0": ("1315",),
    "4.0": ("1770", "1316"),
    "6.0": ("1770",),
    "7.0": ("1778",),
}


@dataclass(frozen=True, slots=True)
class Post:
    """One employment, in Python terms; `as_frame` makes the posts frame of `staff_posts` of them."""

    person: int
    group: str
    sex: str
    birth_year: int
    administration: str
    base_unit: str
    cost_centre: str
    form: str
    rate: float
    start: int
    end: int = OPEN
    leave_kind: str = ""
    is_main: bool = True
    slot: int = -1
    fixed_hours: tuple[tuple[Period, float], ...] = ()
    """Scheduled hours of calibrated months where they are not simply rate × full time."""


class Maker:
    """Hands out person numbers, birth years and cost centres."""

    def __init__(self, parents: dict[str, str], rng: np.random.Generator) -> None:
        self.rng = rng
        self._parents = parents
        self._used: dict[str, int] = {}
        self.next_person = 0

    def post(self, group: str, sex: str, rate: float, start: int, **details: object) -> Post:
        position = self._used.get(group, 0)
        self._used[group] = position + 1
        centre = CENTRES[group][position % len(CENTRES[group])]
        year = int(self.rng.integers(1954, 1990))
        first = Post(
            person=self.next_person,
            group=group,
            sex=sex,
            birth_year=year,
            administration=ADMINISTRATION,
            base_unit=self._parents[centre],
            cost_centre=centre,
            form="T",
            rate=rate,
            start=max(start, date(year + WORKING_AGE, 1, 1).toordinal()),
        )
        self.next_person += 1
        return replace(first, **details)  # type: ignore[arg-type]

    def someone_else(self, before: Post, start: int, **details: object) -> Post:
        """The next holder of the same slot."""
        person, self.next_person = self.next_person, self.next_person + 1
        year = int(self.rng.integers(1964, 1990))
        changed = replace(before, person=person, birth_year=year, start=start, end=OPEN, leave_kind="", form="T")
        return replace(changed, **details)  # type: ignore[arg-type]

    def old_start(self) -> int:
        return date(2015, 12, 1).toordinal() - int(self.rng.integers(0, 6_500))

    def month(self, year: int, first: int, last: int) -> Period:
        return Period(year, int(self.rng.integers(first, last + 1)))


def full_time_fte(year: int, hours_per_year: float) -> float:
    """Scheduled time of one full-time post in January and February, in full-time equivalents."""
    return sum(len(working_days(period)) for period in MONTHS[year]) * 8 / (hours_per_year / 6)


def as_frame(posts: list[Post], *, on_call: dict[int, float], reference: Reference) -> pl.DataFrame:
    """Posts as a frame of `staff_posts`; ``on_call`` holds hours per month by slot."""
    labels = {group: aid for aid, group in reversed(reference.aid_labels.items())}
    return pl.DataFrame(
        {
            "person": [post.person for post in posts],
            "is_main": [post.is_main for post in posts],
            "sex": [post.sex for post in posts],
            "birth_year": [post.birth_year for post in posts],
            "administration": [post.administration for post in posts],
            "base_unit": [post.base_unit for post in posts],
            "cost_centre": [post.cost_centre for post in posts],
            "aid_label": [labels[post.group] for post in posts],
            "personnel_group": [post.group for post in posts],
            "form": [post.form for post in posts],
            "rate": [post.rate for post in posts],
            "full_time": [40.0] * len(posts),
            "start": [post.start for post in posts],
            "end": [post.end for post in posts],
            "leave_kind": [post.leave_kind for post in posts],
            "on_call": [round(on_call.get(post.slot, 0.0), 2) for post in posts],
            "calibrated": [post.administration == ADMINISTRATION for post in posts],
        },
        schema=SCHEMA,
    )
