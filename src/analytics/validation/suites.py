"""Reading the suites in ``expectations/``: plain JSON written by a person, checked before anything runs.

A parameter may refer to what is declared elsewhere, so that a list lives in one place only:
``{"$reference": "personnel_groups"}``, ``{"$organisation": "cost_centre"}``, ``{"$columns": "time"}`` and
``{"$setting": "validation.max_hours_per_month"}``.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import Any, cast

from analytics import schemas
from analytics.care_follow_up import QUANTITIES
from analytics.errors import Location, SettingsError
from analytics.organisation import LEVELS, Organisation
from analytics.patient_costs import PatientCosts
from analytics.reference import Reference
from analytics.settings import Settings
from analytics.validation.results import SEVERITIES, Severity
from analytics.validation.wording import fields_of

ACROSS = "across_tables"
DEFAULT_UNIT = "rader"
_META = {"name", "title", "reason", "evidence"}
_PERSONAL = {name for table in schemas.TABLES.values() for name in table.personal_columns}


@dataclass(frozen=True, slots=True)
class Expectation:
    """One expectation of a suite, with its parameters resolved. ``evidence`` names the frame it is tried on."""

    name: str
    type: str
    parameters: dict[str, Any]
    severity: Severity
    title: str
    reason: str
    evidence: str
    unit: str

    @property
    def column(self) -> str | None:
        column = self.parameters.get("column")
        return column if isinstance(column, str) else None


@dataclass(frozen=True, slots=True)
class Suite:
    """One file of ``expectations/``."""

    name: str
    title: str
    expectations: tuple[Expectation, ...]


@dataclass(frozen=True, slots=True)
class Parameters:
    """Where the references of a suite are looked up."""

    settings: Settings
    reference: Reference
    organisation: Organisation

    def resolve(self, value: object) -> Any:
        """A parameter with its references replaced by what they stand for."""
        if isinstance(value, dict):
            return self._look_up(value)
        if isinstance(value, list):
            return [self.resolve(item) for item in value]
        return value

    def _look_up(self, value: dict[str, Any]) -> Any:
        sources: dict[str, Callable[[str], Any]] = {
            "$reference": self._reference,
            "$organisation": self._organisation,
            "$columns": self._columns,
            "$setting": self._setting,
        }
        if len(value) != 1 or next(iter(value)) not in sources:
            raise SettingsError(f"{value!r} is no known reference", action=f"Known: {', '.join(sources)}.")
        [(kind, name)] = value.items()
        return sources[kind](name)

    def _reference(self, name: str) -> list[str]:
        lists: dict[str, Callable[[Reference], list[str]]] = {
            "personnel_groups": lambda reference: list(reference.personnel_groups),
            "aid_labels": lambda reference: list(reference.aid_labels),
            "absence_groups": lambda reference: list(reference.absence_groups),
            "time_types": lambda reference: sorted(set(reference.time_types.values())),
            "professions": lambda reference: [label.code for label in reference.professions.values()],
            "report_lines": lambda reference: list(reference.report_lines),
            "accounts": lambda reference: list(reference.accounts),
            "care_units": lambda reference: list(reference.care_units),
            "contact_kinds": lambda reference: list(PatientCosts.read(reference.folder).contact_labels),
            "cost_kinds": lambda reference: list(PatientCosts.read(reference.folder).cost_labels),
            "care_quantities": lambda _reference: [quantity.code for quantity in QUANTITIES],
        }
        if name not in lists:
            raise SettingsError(f"there is no reference list {name!r}", action=f"Known: {', '.join(lists)}.")
        return lists[name](self.reference)

    def _organisation(self, level: str) -> list[str]:
        if level not in LEVELS:
            raise SettingsError(f"{level!r} is no level of the organisation", action=f"Known: {', '.join(LEVELS)}.")
        return self.organisation.codes(level)

    def _columns(self, table: str) -> list[str]:
        if table not in schemas.TABLES:
            raise SettingsError(f"there is no table {table!r}", action=f"Known: {', '.join(schemas.TABLES)}.")
        return list(schemas.TABLES[table].column_names)

    def _setting(self, key: str) -> Any:
        try:
            return reduce(getattr, key.split("."), self.settings)
        except AttributeError:
            raise SettingsError(f"there is no setting {key!r}") from None


def read(file: Path, parameters: Parameters) -> Suite:
    """One suite. Raises SettingsError with the file and the expectation that is wrong."""
    raw = _parse(file)
    entries = raw.get("expectations")
    title = raw.get("title")
    if raw.get("name") != file.stem or not isinstance(title, str) or not isinstance(entries, list) or not entries:
        raise SettingsError(
            f'a suite needs "name" ({file.stem!r}), "title" and a list of "expectations"', where=Location(file)
        )
    expectations = tuple(_expectation(file, entry, parameters) for entry in entries)
    names = [expectation.name for expectation in expectations]
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise SettingsError(f"the name {repeated[0]!r} stands twice", where=Location(file))
    return Suite(file.stem, title, expectations)


def read_all(folder: Path, parameters: Parameters) -> dict[str, Suite]:
    """Every suite by name. Raises SettingsError if a table has none or a file belongs to no table."""
    expected = [*schemas.TABLES, ACROSS]
    found = sorted(file.stem for file in folder.glob("*.json"))
    if found != sorted(expected):
        wrong = sorted(set(found) ^ set(expected))
        raise SettingsError(
            f"the suites in {folder.name}/ do not match the tables: {', '.join(wrong)}",
            action="There is one file per table and across_tables.json.",
        )
    return {name: read(folder / f"{name}.json", parameters) for name in expected}


def _parse(file: Path) -> dict[str, Any]:
    try:
        raw = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"the suite cannot be read: {error.strerror}", where=Location(file)) from None
    except UnicodeDecodeError:
        raise SettingsError("the suite is not UTF-8", where=Location(file)) from None
    except json.JSONDecodeError as error:
        raise SettingsError(f"the suite is not JSON: {error.msg}", where=Location(file, line=error.lineno)) from None
    if not isinstance(raw, dict):
        raise SettingsError("the suite is not a JSON object", where=Location(file))
    return raw


def _expectation(file: Path, entry: object, parameters: Parameters) -> Expectation:
    def refuse(problem: str, action: str = "") -> SettingsError:
        name = entry.get("meta", {}).get("name", "?") if isinstance(entry, dict) else "?"
        return SettingsError(f"expectation {name!r}: {problem}", where=Location(file), action=action)

    if not isinstance(entry, dict) or set(entry) != {"type", "kwargs", "severity", "meta"}:
        raise refuse('it needs exactly "type", "kwargs", "severity" and "meta"')
    meta = entry["meta"]
    if not isinstance(meta, dict) or not set(meta) >= _META or not set(meta) <= {*_META, "unit"}:
        raise refuse(f"meta needs {', '.join(sorted(_META))} and may have unit")
    if any(not isinstance(text, str) or not text.strip() for text in meta.values()):
        raise refuse("every text in meta must say something")
    if entry["severity"] not in SEVERITIES:
        raise refuse(f"severity {entry['severity']!r} is unknown", f"Known: {', '.join(SEVERITIES)}.")
    shown = fields_of(entry["kwargs"].get("example", ""))
    if shown & _PERSONAL:
        raise refuse("its example would show a personal column", "Name codes and totals only.")
    return Expectation(
        name=meta["name"],
        type=entry["type"],
        parameters={key: parameters.resolve(value) for key, value in entry["kwargs"].items()},
        severity=cast("Severity", entry["severity"]),
        title=meta["title"],
        reason=meta["reason"],
        evidence=meta["evidence"],
        unit=meta.get("unit", DEFAULT_UNIT),
    )
