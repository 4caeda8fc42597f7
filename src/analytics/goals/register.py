"""The register of indicators: four plan generations, their texts as printed, and the crosswalk between them.

Reviewed data: ``data/raw/reference/indicators.csv``, ``plan_generations.csv`` and ``indicator_crosswalk.csv``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast, get_args

from analytics.errors import Location, SettingsError
from analytics.goals.agreement import agreed_baseline, agreed_target
from analytics.goals.baselines import parse_baseline
from analytics.goals.model import Direction, Generation, Indicator
from analytics.goals.numerals import clean
from analytics.goals.targets import parse_follow_up, parse_target
from analytics.periods import Period
from analytics.reference import read_rows

INDICATORS = "indicators.csv"
GENERATIONS = "plan_generations.csv"
CROSSWALK = "indicator_crosswalk.csv"
INDICATOR_COLUMNS = (
    "indicator", "generation", "goal_area", "superior_goal", "goal", "name", "baseline_text", "target_text",
    "frequency_text", "source_text", "outcome_text", "footnote", "kind", "direction", "unit", "responsible",
    "source_lines",
)  # fmt: skip
SENTENCES = "2024"
"""The generation whose targets stand in the sentences of what is followed up."""
SAME = "same"
LINKS = (SAME, "similar", "replaced")


@dataclass(frozen=True, slots=True)
class Link:
    """Two indicators of different generations and how they belong together."""

    earlier: str
    later: str
    kind: str
    reason: str


@dataclass(frozen=True)
class Register:
    """All indicators of all generations."""

    generations: tuple[Generation, ...]
    indicators: tuple[Indicator, ...]
    links: tuple[Link, ...]

    @classmethod
    def read(cls, folder: Path) -> Register:
        """Read the three files of the reference folder.

        Raises SettingsError with file, line and column: an indicator without a name or with that of another, with an
        unknown generation or direction, or without a unit where its target is a value; a link to an indicator that does
        not exist, or that calls two the same that are measured in different units or that others are called the same
        as already.
        """
        generations = _generations(folder / GENERATIONS)
        indicators = _indicators(folder / INDICATORS, {generation.code for generation in generations})
        links = _links(folder / CROSSWALK, {indicator.id: indicator for indicator in indicators})
        return cls(generations, indicators, links)

    def of(self, generation: str) -> tuple[Indicator, ...]:
        """The indicators of one generation, in printed order."""
        return tuple(indicator for indicator in self.indicators if indicator.generation == generation)

    def in_force(self, period: Period) -> tuple[Generation, ...]:
        """The generations that are followed up in a month."""
        return tuple(generation for generation in self.generations if generation.is_valid_in(period))

    def generation_of(self, indicator: Indicator) -> Generation:
        """The plan that an indicator belongs to."""
        return next(each for each in self.generations if each.code == indicator.generation)

    def same_as(self, indicator: str) -> list[Indicator]:
        """The indicator and those of earlier plans that the reviewed crosswalk calls the same, the earliest first."""
        known = {each.id: each for each in self.indicators}
        earlier = {link.later: link.earlier for link in self.links if link.kind == SAME}
        found = [known[indicator]]
        while found[0].id in earlier:
            found.insert(0, known[earlier[found[0].id]])
        return found

    def by_name(self, name: str, period: Period) -> Indicator | None:
        """The indicator of that name in the plans of the month, without regard to footnote marks; None if unknown."""
        wanted = clean(name).casefold()
        codes = {generation.code for generation in self.in_force(period)}
        found = [each for each in self.indicators if each.generation in codes and clean(each.name).casefold() == wanted]
        return found[0] if len(found) == 1 else None


def _generations(file: Path) -> tuple[Generation, ...]:
    found = []
    for line, row in enumerate(
        read_rows(file, ("generation", "label", "first_year", "last_year", "area_word")), start=2
    ):
        if not (row["first_year"].isdecimal() and row["last_year"].isdecimal()):
            raise SettingsError("the years are whole numbers", where=Location(file, line, "first_year"))
        first, last = int(row["first_year"]), int(row["last_year"])
        if last < first:
            raise SettingsError("the plan ends before it begins", where=Location(file, line, "last_year"))
        found.append(Generation(row["generation"], row["label"], first, last, row["area_word"]))
    return tuple(found)


def _indicators(file: Path, generations: set[str]) -> tuple[Indicator, ...]:
    found = []
    names: set[tuple[str, str]] = set()
    for line, row in enumerate(read_rows(file, INDICATOR_COLUMNS), start=2):
        if row["generation"] not in generations:
            raise SettingsError(
                "the generation is not in plan_generations.csv", where=Location(file, line, "generation")
            )
        if row["direction"] not in get_args(Direction):
            words = ", ".join(get_args(Direction))
            raise SettingsError(f"the direction is one of {words}", where=Location(file, line, "direction"))
        if not row["name"]:
            raise SettingsError("the indicator has no name", where=Location(file, line, "name"))
        name = (row["generation"], clean(row["name"]).casefold())
        if name in names:
            raise SettingsError(
                "two indicators of one plan have the same name: a delivery could not tell them apart",
                where=Location(file, line, "name"),
            )
        names.add(name)
        if row["direction"] in ("higher", "lower") and not row["unit"]:
            raise SettingsError("the indicator has no unit", where=Location(file, line, "unit"))
        direction = cast("Direction", row["direction"])
        target = (
            parse_follow_up(row["name"], kind=row["kind"])
            if row["generation"] == SENTENCES
            else parse_target(row["target_text"], direction=direction, kind=row["kind"])
        )
        unit, kind = row["unit"], row["kind"]
        texts = {name: row[name] for name in INDICATOR_COLUMNS if name not in ("indicator", "direction")}
        found.append(
            Indicator(
                id=row["indicator"],
                direction=direction,
                target=agreed_target(target, direction=direction, unit=unit, kind=kind),
                baseline=agreed_baseline(parse_baseline(row["baseline_text"]), direction=direction, unit=unit),
                **texts,
            )
        )
    return tuple(found)


def _links(file: Path, known: dict[str, Indicator]) -> tuple[Link, ...]:
    found: list[Link] = []
    for line, row in enumerate(read_rows(file, ("earlier", "later", "kind", "reason"), unique=False), start=2):
        for column in ("earlier", "later"):
            if row[column] not in known:
                raise SettingsError("there is no such indicator", where=Location(file, line, column))
        earlier, later = known[row["earlier"]], known[row["later"]]
        if earlier.generation >= later.generation:
            raise SettingsError("a link leads from an earlier generation to a later one", where=Location(file, line))
        if row["kind"] not in LINKS:
            raise SettingsError(f"the kind is one of {', '.join(LINKS)}", where=Location(file, line, "kind"))
        if not row["reason"]:
            raise SettingsError("a link has a reason", where=Location(file, line, "reason"))
        link = Link(**row)
        if link.kind == SAME:
            _check_same(link, earlier, later, [each for each in found if each.kind == SAME], Location(file, line))
        elif any((each.earlier, each.later) == (link.earlier, link.later) for each in found):
            raise SettingsError("two links between the same indicators", where=Location(file, line))
        found.append(link)
    return tuple(found)


def _check_same(link: Link, earlier: Indicator, later: Indicator, held: Sequence[Link], where: Location) -> None:
    """Outcomes of two that are the same become one series: of one unit, and of one indicator per generation."""
    if (earlier.unit, earlier.direction) != (later.unit, later.direction):
        raise SettingsError("two indicators of different units or directions are not the same", where=where)
    if any(each.later == link.later or each.earlier == link.earlier for each in held):
        raise SettingsError("an indicator is called the same as two others of one side", where=where)
