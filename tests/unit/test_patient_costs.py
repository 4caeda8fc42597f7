"""The reviewed tables of cost per patient: what they say, and what is refused in them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from analytics.errors import SettingsError
from analytics.organisation import Organisation
from analytics.patient_costs import PatientCosts
from analytics.periods import Period

FOLDER = Path(__file__).parents[2] / "data/raw/reference"
MARCH = Period(2018, 3)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "reference"))


def replaced(folder: Path, file: str, old: str, new: str) -> Path:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return folder


def test_purchased_care_and_closed_cost_centres_stay_outside_each_with_its_reason() -> None:
    declared = PatientCosts.read(FOLDER)
    assert declared.reason_of("40110", "0120", MARCH) == ""
    assert declared.reason_of("50110", "0120", MARCH) == "purchased_care"
    assert declared.reason_of("40110", "0112", MARCH) == "ambulance"
    # Both hold: the first rule decides, so that nothing is kept out twice.
    assert declared.reason_of("50110", "0112", MARCH) == "purchased_care"
    assert declared.closed_centres(MARCH) == {"0110", "0111", "0112"}


def test_a_rule_holds_only_in_its_days(folder: Path) -> None:
    text = "not_introduced;Akutmottagningar, ännu inte införda;;;0110;2015-01-01;"
    declared = PatientCosts.read(replaced(folder, "undistributed_costs.csv", text, f"{text}2018-02-28"))
    assert declared.reason_of("40110", "0110", Period(2018, 2)) == "not_introduced"
    assert declared.reason_of("40110", "0110", MARCH) == ""
    assert "0110" not in declared.closed_centres(MARCH)


def test_every_declared_cost_centre_exists() -> None:
    organisation, declared = Organisation.read(FOLDER), PatientCosts.read(FOLDER)
    named = {centre for kind in declared.cost_kinds.values() for centre in kind.cost_centres}
    named |= {rule.cost_centre for rule in declared.undistributed if rule.cost_centre}
    assert named
    assert all(organisation.path_of(centre, MARCH) for centre in named)


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("contact_kinds.csv", "SV;inpatient", "SV;ward", "kind of contact is one of"),
        ("contact_kinds.csv", "SV;inpatient", "ÖV;inpatient", "stands twice"),
        ("contact_kinds.csv", "DV;other", "DV;outpatient", "outpatient has two labels"),
        ("contact_kinds.csv", ";Slutenvård;", ";;", "label is blank"),
        ("contact_kinds.csv", "Slutenvård;2015-01-01", "Slutenvård;2015-13-01", "must be a day"),
        ("cost_kinds.csv", "VPE;nursing", "VPE;Nursing", "small letters"),
        ("cost_kinds.csv", "VPE;nursing", "VPE;all", "small letters"),
        ("undistributed_costs.csv", "50110;50110", "50110;", "two accounts of five digits"),
        ("undistributed_costs.csv", "50110;50110", "50210;50110", "the lower first"),
        ("undistributed_costs.csv", "50110;50110;;", ";;;", "keep every cost out"),
        ("undistributed_costs.csv", "purchased_care;", ";", "reason is blank"),
    ],
)
def test_a_wrong_table_is_refused_with_its_place(folder: Path, file: str, old: str, new: str, message: str) -> None:
    with pytest.raises(SettingsError, match=message) as caught:
        PatientCosts.read(replaced(folder, file, old, new))
    assert file in str(caught.value)
