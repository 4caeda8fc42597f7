"""The reviewed files of the plan, ``plan_*.csv`` in the reference folder, read strictly."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from analytics.errors import Location, SettingsError, UsageError
from analytics.periods import Period
from analytics.plan.model import LINES, DecidedBudget, Index, Investment, Need, Saving
from analytics.reference import read_rows

BUDGETS = "plan_budgets.csv"
INDICES = "plan_indices.csv"
EFFICIENCY = "plan_efficiency.csv"
NEEDS = "plan_needs.csv"
INVESTMENTS = "plan_investments.csv"
ALL_PARTS = ""
"""The part of an index that holds for every part without a row of its own."""
STEPS = {"tkr": 1_000, "mnkr": 1_000_000}
_AMOUNT = re.compile(r"-?\d+(?:\.\d)?")
_PERCENT = re.compile(r"\d+(?:\.\d+)?")
_YEAR = re.compile(r"20\d\d")
_COUNT = re.compile(r"\d+")
_YEAR_COLUMN = re.compile(r"tkr_(20\d\d)")
_KR_PER_TKR = 1000


@dataclass(frozen=True)
class PlanRegister:
    """Everything that is decided, for all units. The years of a file are those of its rows or its columns."""

    budgets: tuple[DecidedBudget, ...]
    indices: tuple[Index, ...]
    savings: tuple[Saving, ...]
    needs: tuple[Need, ...]
    investments: tuple[Investment, ...]

    @classmethod
    def read(cls, folder: Path) -> PlanRegister:
        """Read the five files.

        Raises SettingsError with file, line and column: a wrong amount, year, line or number, a figure that stands
        twice, a requirement whose base is no budget, more objects finished than started than planned, or columns of
        years that are not in order.
        """
        budgets = _budgets(folder / BUDGETS)
        return cls(
            budgets,
            _indices(folder / INDICES),
            _savings(folder / EFFICIENCY, budgets),
            _needs(folder / NEEDS),
            _investments(folder / INVESTMENTS),
        )

    def budget(self, administration: str, part: str, line: str, year: int) -> DecidedBudget | None:
        """One line of one year, or None if it is not in any document."""
        return next(
            (
                each
                for each in self.budgets
                if (each.administration, each.part, each.line, each.year) == (administration, part, line, year)
            ),
            None,
        )

    def index(self, part: str, line: str, year: int) -> Index | None:
        """The index of a line and year for a part: its own if it has one, else the one for all parts."""
        found = {each.part: each for each in self.indices if (each.line, each.year) == (line, year)}
        return found.get(part, found.get(ALL_PARTS))


@dataclass(frozen=True, slots=True)
class _Row:
    """One row of a file, whose cells are read with their place in hand."""

    file: Path
    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def wrong(self, column: str, message: str) -> SettingsError:
        return SettingsError(message, where=Location(self.file, self.line, column))

    def match(self, column: str, form: re.Pattern[str], words: str) -> str:
        if not form.fullmatch(self.cells[column]):
            raise self.wrong(column, f"the cell must be {words}")
        return self.cells[column]

    def kr(self, column: str) -> int | None:
        """Tkr with at most one decimal → kronor; blank is None."""
        if not self.cells[column]:
            return None
        text = self.match(column, _AMOUNT, "an amount in tkr such as 64841 or 86075.1, or blank")
        return int(Fraction(text) * _KR_PER_TKR)

    def count(self, column: str) -> int:
        return int(self.match(column, _COUNT, "a whole number"))

    def step(self, column: str) -> int:
        """Kronor to which the amount of a cell is printed."""
        return _KR_PER_TKR // 10 if "." in self.cells[column] else _KR_PER_TKR

    def month(self, column: str) -> str:
        try:
            return str(Period.parse(self.cells[column]))
        except UsageError:
            raise self.wrong(column, "the cell must be a month as YYYY-MM") from None

    def year(self, column: str) -> int:
        return int(self.match(column, _YEAR, "a year"))

    def percent(self, column: str) -> Fraction:
        return Fraction(self.match(column, _PERCENT, "a number such as 2.2"))

    def budget_line(self) -> str:
        if self.cells["line"] not in LINES:
            raise self.wrong("line", f"the line is one of {', '.join(LINES)}")
        return self.cells["line"]


def _rows(file: Path, columns: tuple[str, ...], *, unique: bool = True) -> list[_Row]:
    return [_Row(file, line, cells) for line, cells in enumerate(read_rows(file, columns, unique=unique), start=2)]


def _year_columns(file: Path) -> dict[int, str]:
    """The columns of amounts, ``tkr_2019`` and so on, as the file itself names them, one for each year in order."""
    try:
        with file.open(encoding="utf-8-sig") as stream:
            head = stream.readline()
    except (OSError, UnicodeDecodeError):
        return {}  # the rows cannot be read either, and reading them says why
    years = [int(match[1]) for name in head.strip().split(";") if (match := _YEAR_COLUMN.fullmatch(name))]
    if not years or years != list(range(years[0], years[0] + len(years))):
        raise SettingsError("the columns of amounts must be tkr_2019, tkr_2020 … in order", where=Location(file, 1))
    return {year: f"tkr_{year}" for year in years}


def _budgets(file: Path) -> tuple[DecidedBudget, ...]:
    columns = ("plan", "administration", "part", "line", "year", "tkr", "source")
    found: dict[tuple[str, str, str, int], DecidedBudget] = {}
    for row in _rows(file, columns, unique=False):
        key = (row["administration"], row["part"], row.budget_line(), row.year("year"))
        if key in found:
            raise row.wrong("line", "the line and year stand twice")
        found[key] = DecidedBudget(row["plan"], *key, row.kr("tkr"), row.step("tkr"), row["source"])
    return tuple(found.values())


def _indices(file: Path) -> tuple[Index, ...]:
    found: dict[tuple[str, str, int], Index] = {}
    columns = ("plan", "part", "line", "label", "year", "percent", "in_frame", "source")
    for row in _rows(file, columns, unique=False):
        if row["in_frame"] not in ("yes", "no"):
            raise row.wrong("in_frame", "the cell is yes or no")
        key = (row["part"], row.budget_line(), row.year("year"))
        if key in found:
            raise row.wrong("line", "the part, line and year stand twice")
        percent, in_frame = row.percent("percent"), row["in_frame"] == "yes"
        found[key] = Index(row["plan"], *key, row["label"], percent, in_frame=in_frame, source=row["source"])
    return tuple(found.values())


def _savings(file: Path, budgets: tuple[DecidedBudget, ...]) -> tuple[Saving, ...]:
    columns = ("number", "administration", "item", "part", "base_year", "percent", "printed", "unit", "source")
    held = {(each.administration, each.part, each.year) for each in budgets if each.line == "total"}
    found = []
    for row in _rows(file, columns):
        if row["unit"] not in STEPS:
            raise row.wrong("unit", f"the unit is one of {', '.join(STEPS)}")
        printed = row.match("printed", _AMOUNT, "an amount such as 300 or 10.1")
        given = [bool(row[column]) for column in ("part", "base_year", "percent")]
        if any(given) != all(given):
            raise row.wrong("part", "a requirement has part, base year and per cent, another statement none of them")
        year = row.year("base_year") if all(given) else None
        if year is not None and (row["administration"], row["part"], year) not in held:
            raise row.wrong("part", f"the base is not in {BUDGETS}")
        scale = STEPS[row["unit"]]
        found.append(
            Saving(
                number=row["number"],
                administration=row["administration"],
                item=row["item"],
                part=row["part"],
                base_year=year,
                percent=row.percent("percent") if all(given) else None,
                printed_kr=int(Fraction(printed) * scale),
                step_kr=scale // 10 if "." in printed else scale,
                source=row["source"],
            )
        )
    return tuple(found)


def _needs(file: Path) -> tuple[Need, ...]:
    names = _year_columns(file)
    columns = ("number", "administration", "item", *names.values(), "description", "source")
    return tuple(
        Need(
            number=row["number"],
            administration=row["administration"],
            item=row["item"],
            kr={year: row.kr(name) for year, name in names.items()},
            description=row["description"],
            source=row["source"],
        )
        for row in _rows(file, columns)
    )


def _investments(file: Path) -> tuple[Investment, ...]:
    names = _year_columns(file)
    counts = ("planned", "started", "finished")
    columns = ("area", "administration", "label", *names.values(), *counts, "as_of", "source")
    found: dict[tuple[str, str, str], Investment] = {}
    for row in _rows(file, columns, unique=False):
        planned, started, finished = (row.count(column) for column in counts)
        if not planned >= started >= finished:
            raise row.wrong("started", "more objects are finished than started, or started than planned")
        key = (row["administration"], row["area"], row.month("as_of"))
        if key in found:
            raise row.wrong("as_of", "the area and month stand twice")
        found[key] = Investment(
            area=row["area"],
            administration=row["administration"],
            label=row["label"],
            kr={year: row.kr(name) for year, name in names.items()},
            planned=planned,
            started=started,
            finished=finished,
            as_of=key[-1],
            source=row["source"],
        )
    return tuple(found.values())
