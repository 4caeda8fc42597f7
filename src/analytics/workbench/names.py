"""The names that a workbench answers to: groups of tables, and the list of every measure, which can be searched."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from html import escape
from types import MappingProxyType
from typing import Final, overload

import polars as pl

from analytics.errors import UnknownItemError, UnknownNameError
from analytics.measures.catalogue import (
    TABLES,
    TableSpec,
    care_units,
    focus,
    forecast,
    indicators,
    kpp,
    ledger,
    plan,
    staff,
)
from analytics.settings import Focus
from analytics.workbench.deliveries import DELIVERY_NAMES
from analytics.workbench.explored import Explored, Processed
from analytics.workbench.renamed import checked, refuse_type

AGENCY: Final = "agency_"
GROUPS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "staff": "Personal: arbetad tid, frånvaro, anställda",
        "economy": "Ekonomi: utfall mot budget och föregående år",
        "forecast": "Prognos: helåret och vad det vilar på",
        "plan": "Plan: beslutade budgetar och underlag",
        "focus_areas": "Fokusområden",
        "agency": "Inhyrd personal",
        "goals": "Mål och indikatorer",
        "care": "Vårdenheter inom Hälsovalet",
        "patient_costs": "Kostnad per patient",
    }
)
"""Attribute of the workbench → what its tables are about, in Swedish."""
_OF_SUBJECT = {
    "staff": staff,
    "economy": ledger,
    "forecast": forecast,
    "plan": plan,
    "focus_areas": focus,
    "goals": indicators,
    "care": care_units,
    "patient_costs": kpp,
}
_SUBJECT = {
    spec.table_id: "agency" if spec.table_id.startswith(AGENCY) else name
    for name, subject in _OF_SUBJECT.items()
    for spec in subject.SPECS
}


def group_of(table_id: str) -> str:
    """The group that a table of the catalogue is in; a declared focus area need not be in the catalogue."""
    return "focus_areas" if table_id.startswith(focus.PREFIX) else _SUBJECT[table_id]


def where(table_id: str) -> str:
    """How a table is written in a notebook: ``wb.staff.worked_fte``."""
    return f"wb.{group_of(table_id)}.{table_id}"


def no_such_name(owner: str, name: str, known: Sequence[str], *, hint: str = "") -> UnknownNameError:
    """The error for a misspelt attribute: the nearest that there are, or where to look."""
    # Some names are those of a table and of a group or method too.
    near = get_close_matches(name, list(dict.fromkeys(known)), n=3, cutoff=0.5)
    nearest = f"Nearest: {', '.join(near)}. " if near else ""
    return UnknownNameError(
        f"{owner} has no {name!r}", action=f"{hint}{nearest}List them: wb.measures, or search: wb.measures.search('…')."
    )


def no_such_place(owner: str, place: object, count: int, *, action: str) -> UnknownItemError:
    """The error for a place in a list that is none, or not a number."""
    held = f"it has {count}, from 0 to {count - 1}" if count else "it is empty"
    return UnknownItemError(f"{owner} has no place {place!r}: {held}", action=action)


class Group:
    """Some tables of one workbench as attributes: ``wb.staff.worked_fte``. Names only; nothing is computed."""

    def __init__(
        self, name: str, title: str, specs: Mapping[str, TableSpec], explore: Callable[[str], Explored]
    ) -> None:
        self._name = name
        self._specs = specs
        self._explore = explore
        self.title = title
        self.__doc__ = "\n".join([title, "", *(f"  {code}: {spec.title}" for code, spec in specs.items())])

    def __getattr__(self, name: str) -> Explored:
        if name.startswith("_"):  # Python's own, asked also of a copy that has no specs yet
            raise AttributeError(name)
        if name not in self._specs:
            raise no_such_name(f"wb.{self._name}", name, list(self._specs))
        return self._explore(name)

    def __getitem__(self, table_id: str) -> Explored:
        refuse_type("table_id", table_id)
        return self._explore(table_id) if table_id in self._specs else self.__getattr__(table_id.lstrip("_"))

    def __dir__(self) -> list[str]:
        return [*self._specs, "title"]

    def __iter__(self) -> Iterator[str]:
        return iter(self._specs)

    def __len__(self) -> int:
        return len(self._specs)

    def __repr__(self) -> str:
        return f"<wb.{self._name}: {', '.join(self._specs)}>"

    def _ipython_key_completions_(self) -> list[str]:
        return list(self._specs)

    def _repr_html_(self) -> str:
        return Measures([Measure.of(spec) for spec in self._specs.values()])._repr_html_()


class ProcessedTables:
    """The processed tables as attributes: ``wb.data.ledger``. Names only; nothing is read."""

    def __init__(self, tables: Mapping[str, Processed]) -> None:
        self._tables = tables

    def __getattr__(self, name: str) -> Processed:
        if name.startswith("_"):  # Python's own, asked also of a copy that has no tables yet
            raise AttributeError(name)
        if name not in self._tables:
            raise no_such_name("wb.data", name, list(self._tables), hint=f"There are: {', '.join(self._tables)}. ")
        return self._tables[name]

    def __getitem__(self, name: str) -> Processed:
        refuse_type("name", name)
        return self._tables[name] if name in self._tables else self.__getattr__(name.lstrip("_"))

    def __dir__(self) -> list[str]:
        return list(self._tables)

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)

    def __repr__(self) -> str:
        return f"<wb.data: {', '.join(self._tables)}>"

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td><code>wb.data.{escape(name)}</code></td><td>{escape(DELIVERY_NAMES.get(name, ''))}</td></tr>"
            for name in self._tables
        )
        return f"<table><thead><tr><th>Skrivs</th><th>Innehåll</th></tr></thead><tbody>{rows}</tbody></table>"

    def _ipython_key_completions_(self) -> list[str]:
        return list(self._tables)


@dataclass(frozen=True, slots=True)
class Measure:
    """One line of the list of measures: id, Swedish title and unit, how it is written, definition and source."""

    id: str
    title: str
    unit: str
    where: str
    definition: str
    source: str

    @classmethod
    def of(cls, spec: TableSpec) -> Measure:
        return cls(spec.table_id, spec.title, spec.unit, where(spec.table_id), spec.definition, spec.source)


class Measures(Sequence[Measure]):
    """Every table, with title, unit and where it is. Shows itself as a table; :meth:`search` narrows it."""

    def __init__(self, measures: Sequence[Measure], said: str = "") -> None:
        self._measures = tuple(measures)
        self._said = said

    @overload
    def __getitem__(self, place: int) -> Measure: ...
    @overload
    def __getitem__(self, place: slice) -> Measures: ...
    def __getitem__(self, place: int | slice) -> Measure | Measures:
        try:
            return Measures(self._measures[place]) if isinstance(place, slice) else self._measures[place]
        except (TypeError, IndexError):
            raise no_such_place("wb.measures", place, len(self), action="Find one: wb.measures.search('…').") from None

    def __len__(self) -> int:
        return len(self._measures)

    @checked("wb.measures.search")
    def search(self, words: str) -> Measures:
        """The measures whose id, title, unit, definition or source has every word, or a part of one, in any case.

        If none has, those whose titles are spelt most like the words, and it is said.
        """
        asked = words.casefold().split()
        found = [each for each in self._measures if all(word in _text(each) for word in asked)]
        # What the title says comes before what the definition mentions.
        found.sort(key=lambda each: not all(word in f"{each.id} {each.title}".casefold() for word in asked))
        if found or not asked:
            return Measures(found)
        titles = {word: each for each in self._measures for word in f"{each.id} {each.title}".casefold().split()}
        near = {titles[word]: None for one in asked for word in get_close_matches(one, list(titles), n=3, cutoff=0.6)}
        return Measures(list(near), f"Inget mått matchar ”{words}”." + (" Närmast:" if near else ""))

    @property
    def frame(self) -> pl.DataFrame:
        """The list as polars: ``id``, ``title``, ``unit``, ``where``, ``definition``, ``source``."""
        names = ("id", "title", "unit", "where", "definition", "source")
        rows = [tuple(getattr(each, name) for name in names) for each in self._measures]
        return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String()), orient="row")

    def __repr__(self) -> str:
        lines = [f"{each.where}  {each.title} ({each.unit})" for each in self._measures]
        return "\n".join([*([self._said] if self._said else []), *lines]) or "inga mått"

    def _repr_html_(self) -> str:
        said = f"<p>{escape(self._said)}</p>" if self._said else ""
        rows = "".join(
            f"<tr><td>{escape(each.title)}</td><td>{escape(each.unit)}</td><td><code>{escape(each.where)}</code></td>"
            f"<td>{escape(each.definition)}</td></tr>"
            for each in self._measures
        )
        head = "".join(f'<th scope="col">{name}</th>' for name in ("Mått", "Enhet", "Skrivs", "Definition"))
        return f"{said}<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _text(measure: Measure) -> str:
    return f"{measure.id} {measure.title} {measure.unit} {measure.definition} {measure.source}".casefold()


def specs_of(areas: Sequence[Focus]) -> dict[str, TableSpec]:
    """Table id → declaration: every table of the catalogue, of focus areas those that the settings declare."""
    declared = {table_id: focus.spec_of(table_id, areas) for table_id in focus.table_ids(areas)}
    others = {table_id: spec for table_id, spec in TABLES.items() if not table_id.startswith(focus.PREFIX)}
    return others | {table_id: spec for table_id, spec in declared.items() if spec is not None}
