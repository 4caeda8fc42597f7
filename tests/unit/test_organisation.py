from pathlib import Path

import pytest

from analytics.errors import SettingsError, UsageError
from analytics.organisation import Organisation
from analytics.periods import Period

FOLDER = Path(__file__).parents[2] / "data/raw/reference"
HEADER = "level;code;label;parent;valid_from;valid_to;is_project\n"


def written(tmp_path, rows):
    (tmp_path / "organisation.csv").write_text(HEADER + rows, encoding="utf-8")
    return tmp_path


def test_a_renamed_administration_keeps_its_code_and_gets_its_name_of_the_time():
    organisation = Organisation.read(FOLDER)
    assert organisation.administration("17", Period(2018, 12)).label == "Landstingsdirektörens stab"
    assert organisation.administration("17", Period(2019, 1)).label == "Regionstaben"


def test_a_cost_centre_leads_to_its_administration():
    path = Organisation.read(FOLDER).path_of("1771", Period(2018, 3))
    assert path is not None
    assert [unit.code for unit in path] == ["17", "176", "1771"]
    assert path[2].is_project


def test_a_unit_outside_its_validity_is_not_there():
    organisation = Organisation.read(FOLDER)
    assert organisation.path_of("1771", Period(2014, 12)) is None
    assert organisation.path_of("9999", Period(2018, 3)) is None
    assert organisation.at("administration", Period(2014, 1)) == []


def test_an_unknown_administration_is_refused_with_the_right_ones():
    with pytest.raises(UsageError) as caught:
        Organisation.read(FOLDER).administration("71", Period(2018, 3))
    assert "17 Landstingsdirektörens stab" in caught.value.action


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("division;1;Ett;;2015-01-01;;0\n", "unknown level"),
        ("administration;1;Ett;;2015-01-01;2016-12-31;0\nadministration;1;Två;;2016-06-01;;0\n", "overlap"),
        ("administration;1;Ett;;2015-01-01;;0\nbase_unit;11;Elva;2;2015-01-01;;0\n", "unknown parent"),
        ("administration;../17;Ett;;2015-01-01;;0\n", "letters and digits"),
        ("administration;17;Ett;;2015-01-01;;ja\n", "0 or 1"),
        ("administration;17;Ett;;förra året;;0\n", "YYYY-MM-DD"),
    ],
)
def test_a_broken_organisation_is_refused(tmp_path, rows, message):
    with pytest.raises(SettingsError, match=message):
        Organisation.read(written(tmp_path, rows))


def test_administrations_are_those_asked_for_once_or_all_of_the_month():
    organisation = Organisation.read(FOLDER)
    march = Period(2018, 3)
    assert [unit.code for unit in organisation.administrations(("17", "10", "17"), march)] == ["17", "10"]
    assert organisation.administrations((), march) == organisation.at("administration", march)
