"""The ground that deviations are planted in: people, ledger and what is taken already; and the truth of each change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import numpy as np
import polars as pl

from analytics.finder.model import Comparison, Kind
from analytics.periods import Period
from benchmarks.planted.ledger import Ledger, usual_deviation
from benchmarks.planted.model import Declared, Effect, Family, Plant
from benchmarks.planted.staff import FORMS, Staff
from benchmarks.planted.world import CENTRES, CENTRES_OF, LAST_YEAR_ENDS, MONTHS, YEAR, Floats, World

ALL: Final[frozenset[Comparison]] = frozenset({"budget", "seasonal", "forecast", "previous", "expected"})
PLANNED: Final[frozenset[Comparison]] = frozenset({"budget", "seasonal", "forecast"})
STAFF: Final[frozenset[Comparison]] = frozenset({"previous", "expected"})
SIZES: Final = (0.4, 0.7, 1.2, 1.6, 2.5, 4.0)
SIZE_CHANCES: Final = (0.10, 0.10, 0.20, 0.20, 0.22, 0.18)
"""How large plants are, in multiples of the declared size, and how often."""
TRIES: Final = 100
THIS_YEAR: Final = tuple(range(LAST_YEAR_ENDS, len(MONTHS)))
USUAL_FTE: Final = 0.22
"""Usual deviation of worked årsarbetare over two months, per root of the number of people: long absence comes and goes
(``likeness``: the change from year to year, over the root of two)."""


class NoPlaceError(Exception):
    """What is to be planted has no free place left in its unit: nothing has been planted."""


@dataclass
class Ground:
    """One region while it is planted. ``taken``: the leaves that a plant changed; ``moved``: units with new people."""

    world: World
    rng: np.random.Generator
    staff: Staff
    ledger: Ledger
    declared: Declared
    plants: list[Plant] = field(default_factory=list)
    taken: set[int] = field(default_factory=set)
    moved: set[str] = field(default_factory=set)
    next_person: int = 500_000

    @cached_property
    def leaves_of(self) -> dict[str, tuple[int, ...]]:
        """Positions of the leaves of each administration."""
        found: dict[str, list[int]] = {}
        for row, leaf in enumerate(self.ledger.leaves):
            found.setdefault(leaf.administration, []).append(row)
        return {unit: tuple(rows) for unit, rows in found.items()}

    def size(self) -> float:
        """A drawn size in multiples of the declared size."""
        return float(self.rng.choice(SIZES, p=SIZE_CHANCES) * self.rng.uniform(0.95, 1.25))

    def pick[T](self, items: Sequence[T]) -> T:
        """One of them at random. Raises NoPlaceError without any."""
        if not items:
            raise NoPlaceError
        return items[int(self.rng.integers(len(items)))]

    def free(self, unit: str, *, pay: bool = False) -> list[int]:
        """Leaves of the unit that nothing is planted in: those of employees, or all others."""
        return [row for row in self.leaves_of[unit] if row not in self.taken and self.ledger.leaves[row].is_pay == pay]

    def place(self, unit: str) -> tuple[int, ...]:
        """Cost centres, as positions: one, a base unit's, or all."""
        return self.pick([*self.places(unit, 1), *self.places(unit, 2), *self.places(unit, 6) * 3])

    def places(self, unit: str, count: int) -> list[tuple[int, ...]]:
        """Cost centres by one, by base unit (2), or all (6)."""
        del unit  # the organisation has the same shape everywhere
        return [tuple(range(first, first + count)) for first in range(0, CENTRES, count)]

    def declared_kr(
        self,
        leaves: Sequence[int],
        centres: Sequence[int],
        months: Sequence[int],
        *,
        of_budget: bool = False,
        of_last_year: bool = False,
    ) -> float:
        """The declared size at some cells, in kr.

        ``of_last_year``: of what shows against last year alone, whose months vary as much by chance.
        """
        usual = usual_deviation(self.ledger, leaves, centres, months, of_budget=of_budget)
        return self.declared.kr_at(usual * np.sqrt(2) if of_last_year else usual)

    def declared_fte(self, people: float) -> float:
        return self.declared.fte_at(USUAL_FTE * np.sqrt(max(people, 1.0)))

    def effect(self, family: Family, leaf: int, month: str, centre: int, kr: float) -> Effect:
        """What changed in one cell of the ledger."""
        about = self.ledger.leaves[leaf]
        base_unit, code = CENTRES_OF[about.administration][centre]
        keys = {
            "administration": about.administration,
            "base_unit": base_unit,
            "cost_centre": code,
            "report_line": about.line,
            "account_group": about.account[:2],
            "account": about.account,
            "origin": {"E": "external", "I": "internal"}[about.origin],
        }
        return Effect(family, keys, month, kr)

    def change(self, leaf: int, delta: Floats) -> list[Effect]:
        """Add ``delta`` (month × cost centre, kr) to the outcome of a leaf, and tell what changed."""
        self.ledger.outcome[leaf] += delta
        self.taken.add(leaf)
        return [
            self.effect("ledger", leaf, MONTHS.months[month], centre, float(delta[month, centre]))
            for month, centre in zip(*np.nonzero(delta), strict=True)
        ]

    def change_budget(self, leaf: int, per_month: Floats, year: int, *, first: int = 1) -> list[Effect]:
        """Add ``per_month`` (by cost centre, kr) to a leaf's budget in the months of a year from the ``first`` on."""
        begin = (year - 2016) * YEAR
        self.ledger.budget[leaf, begin + first - 1 : begin + YEAR] += per_month
        self.taken.add(leaf)
        return [
            self.effect("budget", leaf, f"{year}-{month:02d}", int(centre), float(per_month[centre]))
            for month in range(first, YEAR + 1)
            for centre in np.nonzero(per_month)[0]
        ]

    def change_staff(self, staff: Staff) -> list[Effect]:
        """Put other people in place of those there are; the ledger's pay follows. Tells all that changed."""
        effects = _staff_effects(self.staff, staff)
        before, after = self.staff.posts, staff.posts
        self.staff = staff
        for unit, rows in self.leaves_of.items():
            delta = _pay(after, unit) - _pay(before, unit)
            if not delta.any():
                continue
            for row in rows:
                if self.ledger.leaves[row].is_pay:
                    effects += self.change(row, self.ledger.pay_share[row] * delta)
        return effects

    def add(  # noqa: PLR0913, PLR0917 - the fields of a plant
        self,
        name: str,
        kind: Kind,
        unit: str,
        size: float,
        comparisons: frozenset[Comparison],
        effects: Iterable[Effect],
        says: str,
        *,
        also: Iterable[str] = (),
    ) -> bool:
        """Record what was planted."""
        accepted = frozenset({kind, *also})
        self.plants.append(Plant(name, kind, accepted, unit, float(size), comparisons, tuple(effects), says))
        return True


Planter = Callable[[Ground, str], bool]
"""Plants one deviation in a unit; False if there is no room for it (nothing is changed then)."""


def _pay(posts: pl.DataFrame, unit: str) -> Floats:
    from benchmarks.planted.staff import pay_of

    return pay_of(posts, unit)


CELL: Final = ("administration", "base_unit", "cost_centre", "personnel_group", "period")


def staff_cells(staff: Staff) -> pl.DataFrame:
    """Hours (and persons) per family and cell of :data:`CELL`, as the staff measures define them."""
    on = ["employee_key", "period"]
    who = staff.employments.select(*on, "cost_centre", "personnel_group")
    time = staff.time.join(who, on=[*on, "cost_centre"], how="left")
    main = staff.employments.filter("is_main").select(
        *on, "administration", "base_unit", "cost_centre", "personnel_group"
    )
    absence = staff.absence.join(main, on=on, how="left")
    kinds = time.filter(pl.col("time_type").is_in(["overtime", "additional", "hourly"]))
    people = staff.employments.filter(pl.col("employment_form").is_in([FORMS["T"], FORMS["V"]]), pl.col("is_main"))
    parts = [
        time.select(pl.lit("worked").alias("family"), *CELL, "hours"),
        absence.select(pl.lit("worked").alias("family"), *CELL, -pl.col("hours")),
        absence.select(pl.lit("absence").alias("family"), *CELL, "hours"),
        kinds.select(pl.col("time_type").alias("family"), *CELL, "hours"),
        *(
            each.select(pl.lit(name).alias("family"), *CELL, pl.lit(1.0).alias("hours"))
            for name, each in {
                "headcount": people,
                **_moves(staff.employments),
            }.items()
        ),
    ]
    hundredths = (pl.col("hours") * 100).round().cast(pl.Int64)
    return pl.concat(parts).with_columns(hundredths).group_by("family", *CELL).agg(pl.col("hours").sum())


def _moves(employments: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Those who leave the employer, and those who come to it, in the month that they do."""
    permanent = employments.filter(pl.col("employment_form") == FORMS["T"], pl.col("is_main"))
    before = pl.col("start_date").dt.offset_by("-1mo").dt.strftime("%Y-%m")
    came = permanent.filter(pl.col("start_date").dt.strftime("%Y-%m") == pl.col("period")).with_columns(before=before)
    known = employments.select("employee_key", pl.col("period").alias("before"))
    return {
        "left": permanent.filter(
            pl.col("leave_kind") == "external", pl.col("end_date").dt.strftime("%Y-%m") == pl.col("period")
        ),
        "started": came.join(known, on=["employee_key", "before"], how="anti"),
    }


def _staff_effects(before: Staff, after: Staff) -> list[Effect]:
    keys = ["family", *CELL]
    both = staff_cells(after).join(staff_cells(before), on=keys, how="full", coalesce=True, suffix="_before")
    changed = both.with_columns(change=pl.col("hours").fill_null(0) - pl.col("hours_before").fill_null(0))
    rows = changed.filter(pl.col("change") != 0).sort(keys).select(*keys, "change")
    return [
        Effect(family, dict(zip(CELL[:-1], cell, strict=True)), month, change / 100)
        for family, *cell, month, change in rows.rows()
    ]


def month_at(position: int) -> Period:
    """The month at a position of ``MONTHS``."""
    return MONTHS.first.plus(position)
