"""A person's judgement of an indicator: read strictly, signed and dated."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from analytics.errors import SettingsError
from analytics.goals import Register, Status, read_judgements
from analytics.organisation import Organisation
from analytics.periods import Period

REFERENCE = Path(__file__).parents[3] / "data/raw/reference"
HEADER = "indicator;administration;period;status;role;date;reason\n"
GOOD = "2018-01;17;2018-03;Uppfyllt;Controller;2018-04-10;Uppföljningen gjordes i mars.\n"


@pytest.fixture(scope="module")
def register():
    return Register.read(REFERENCE)


def judged(folder, register, rows):
    (folder / "indicator_judgements.csv").write_text(HEADER + rows, encoding="utf-8")
    return read_judgements(folder, register, administrations=("17", "20"))


def test_the_file_of_the_repository_is_valid(register):
    assert read_judgements(REFERENCE, register, administrations=Organisation.read(REFERENCE).codes("administration"))


def test_a_judgement_is_read_whole(tmp_path, register):
    (found,) = judged(tmp_path, register, GOOD)
    assert (found.indicator, found.administration, found.period) == ("2018-01", "17", Period(2018, 3))
    assert (found.status, found.role, found.day) == (Status.MET, "Controller", date(2018, 4, 10))


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("2018-01;", "2018-99;", "no such indicator"),
        ("Uppfyllt", "Klart", "the status is one of Uppfyllt, På väg"),
        ("Uppfyllt", "", "the status is one of"),
        (";Controller;", ";;", "role"),
        ("Uppföljningen gjordes i mars.", "", "reason"),
        (";17;", ";;", "administration"),
        (";17;", ";99;", "no such administration"),
        ("2018-03;", "2017-03;", "not followed up in that month"),
        ("2018-03;", "2018-3;", "YYYY-MM"),
        ("2018-04-10", "10 april", "YYYY-MM-DD"),
        ("2018-04-10", "", "YYYY-MM-DD"),
        ("2018-04-10", "2018-02-28", "signed before"),
    ],
)
def test_a_bad_cell_is_told_with_file_and_line(tmp_path, register, old, new, named):
    with pytest.raises(SettingsError) as caught:
        judged(tmp_path, register, GOOD.replace(old, new, 1))
    assert named in str(caught.value)
    assert "indicator_judgements.csv" in str(caught.value)
    assert "line 2" in str(caught.value)


def test_two_judgements_of_the_same_are_refused(tmp_path, register):
    with pytest.raises(SettingsError, match="judged twice"):
        judged(tmp_path, register, GOOD + GOOD)


def test_a_missing_file_is_told(tmp_path, register):
    shutil.rmtree(tmp_path / "none", ignore_errors=True)
    with pytest.raises(SettingsError, match="cannot be read"):
        read_judgements(tmp_path / "none", register, administrations=("17",))
