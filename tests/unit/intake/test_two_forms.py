"""A layout that is delivered as text or as a workbook: either is found, both for one month are refused."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from analytics.errors import DeliveryPeriodError
from analytics.intake.discovery import discover

NOW = datetime(2018, 4, 15, tzinfo=UTC)


def inbox(raw: Path, *names: str) -> Path:
    (raw / "stratsys").mkdir(parents=True)
    for name in names:
        (raw / "stratsys" / name).write_text(name)
    return raw


@pytest.mark.parametrize("form", ["txt", "xlsx"])
def test_either_form_is_found(tmp_path: Path, form: str) -> None:
    found = discover(inbox(tmp_path, f"stratsys_indikatorer_201803.{form}"), now=NOW)
    assert [(item.layout.name, str(item.period)) for item in found.files] == [("stratsys_indikatorer", "2018-03")]
    assert found.errors == []


def test_both_forms_of_one_month_are_refused(tmp_path: Path) -> None:
    found = discover(inbox(tmp_path, "stratsys_indikatorer_201803.txt", "stratsys_indikatorer_201803.xlsx"), now=NOW)
    assert found.files == []
    [error] = found.errors
    assert isinstance(error, DeliveryPeriodError)
    assert "delivered twice" in str(error)


def test_a_new_version_may_come_in_the_other_form(tmp_path: Path) -> None:
    found = discover(inbox(tmp_path, "stratsys_indikatorer_201803.txt", "stratsys_indikatorer_201803_v2.xlsx"), now=NOW)
    assert [item.file.name for item in found.files] == [
        "stratsys_indikatorer_201803.txt",
        "stratsys_indikatorer_201803_v2.xlsx",
    ]


def test_a_form_that_the_layout_has_not_is_refused(tmp_path: Path) -> None:
    found = discover(inbox(tmp_path, "stratsys_indikatorer_201803.xlsm"), now=NOW)
    assert found.files == []
    assert len(found.errors) == 1
