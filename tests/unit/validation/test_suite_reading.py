"""Suites with mistakes are refused with the name of the expectation; references are resolved."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from analytics import schemas
from analytics.errors import SettingsError
from analytics.organisation import Organisation
from analytics.reference import Reference
from analytics.settings import Settings
from analytics.validation import suites

ENTRY: dict[str, Any] = {
    "type": "expect_column_values_to_be_in_set",
    "kwargs": {"column": "time_type", "value_set": {"$reference": "time_types"}},
    "severity": "critical",
    "meta": {"name": "time_type_known", "evidence": "rows", "title": "Tidarten är känd", "reason": "Därför."},
}


@pytest.fixture(scope="module")
def parameters(settings: Settings, reference: Reference, organisation: Organisation) -> suites.Parameters:
    return suites.Parameters(settings, reference, organisation)


def write(folder: Path, *entries: dict[str, Any]) -> Path:
    file = folder / "time.json"
    content = {"name": "time", "title": "Arbetad tid", "expectations": list(entries)}
    file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return file


def test_an_expectation_is_read_with_its_references(tmp_path: Path, parameters: suites.Parameters) -> None:
    suite = suites.read(write(tmp_path, ENTRY), parameters)
    [expectation] = suite.expectations
    assert suite.title == "Arbetad tid"
    assert expectation.parameters["value_set"] == ["additional", "hourly", "on_call", "ordinary", "overtime"]
    assert (expectation.severity, expectation.unit, expectation.column) == ("critical", "rader", "time_type")


@pytest.mark.parametrize(
    ("value", "check"),
    [
        ({"$reference": "personnel_groups"}, lambda codes: "3.0" in codes),
        ({"$reference": "accounts"}, lambda codes: "40110" in codes),
        ({"$organisation": "cost_centre"}, lambda codes: "0110" in codes),
        ({"$columns": "time"}, lambda names: names == list(schemas.TIME.column_names)),
        ({"$setting": "validation.max_change_pct"}, lambda value: value == 25),
        ([{"$setting": "region.name"}], lambda value: value == ["Region Blekinge"]),
        ("$reference", lambda value: value == "$reference"),
    ],
)
def test_references(parameters: suites.Parameters, value: object, check: Callable[[Any], bool]) -> None:
    assert check(parameters.resolve(value))


@pytest.mark.parametrize(
    "value",
    [
        {"$reference": "nothing"},
        {"$organisation": "nothing"},
        {"$columns": "nothing"},
        {"$setting": "validation.nothing"},
        {"$nothing": "time_types"},
        {"$reference": "time_types", "$columns": "time"},
    ],
)
def test_an_unknown_reference_is_refused(parameters: suites.Parameters, value: object) -> None:
    with pytest.raises(SettingsError):
        parameters.resolve(value)


def without(key: str) -> Callable[[dict[str, Any]], None]:
    return lambda entry: entry.pop(key)


def meta(**texts: str) -> Callable[[dict[str, Any]], None]:
    return lambda entry: entry["meta"].update(texts)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (without("severity"), "exactly"),
        (lambda entry: entry.update(severity="serious"), "severity 'serious'"),
        (lambda entry: entry["meta"].pop("reason"), "meta needs"),
        (meta(title=" "), "say something"),
        (meta(author="A"), "meta needs"),
        (lambda entry: entry["kwargs"].update(example="{period}: {birth_year}"), "personal column"),
    ],
)
def test_a_mistake_names_the_expectation(
    tmp_path: Path, parameters: suites.Parameters, spoil: Callable[[dict[str, Any]], None], words: str
) -> None:
    entry = copy.deepcopy(ENTRY)
    spoil(entry)
    with pytest.raises(SettingsError, match=words) as caught:
        suites.read(write(tmp_path, entry), parameters)
    assert "time_type_known" in str(caught.value)
    assert str(caught.value).startswith("time.json")


def test_a_name_may_stand_once(tmp_path: Path, parameters: suites.Parameters) -> None:
    with pytest.raises(SettingsError, match="stands twice"):
        suites.read(write(tmp_path, ENTRY, ENTRY), parameters)


def test_broken_json_names_the_line(tmp_path: Path, parameters: suites.Parameters) -> None:
    file = tmp_path / "time.json"
    file.write_text('{\n "name": "time",,\n}', encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        suites.read(file, parameters)
    assert caught.value.where is not None
    assert caught.value.where.line == 2


def test_a_missing_suite_is_named(tmp_path: Path, parameters: suites.Parameters) -> None:
    write(tmp_path, ENTRY)
    with pytest.raises(SettingsError, match="across_tables") as caught:
        suites.read_all(tmp_path, parameters)
    assert "ledger" in caught.value.problem
