import shutil
from pathlib import Path

import pytest

from analytics import settings
from analytics.errors import SettingsError, UsageError
from analytics.periods import Period

PROJECT = Path(__file__).parents[2]


@pytest.fixture
def project(tmp_path):
    shutil.copy(PROJECT / "analytics.toml", tmp_path)
    return tmp_path


def change(project, old, new):
    file = project / "analytics.toml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_settings_of_the_repository_are_valid(project):
    read = settings.load(project)
    assert read.staff.hours_per_year == 1760
    assert read.paths.raw == project / "data/raw"
    assert read.focus_area("travel").accounts == ("68100-68999",)


def test_a_month_has_the_name_of_its_time(project):
    region = settings.load(project).region
    assert region.name_in(Period(2018, 12)) == "Landstinget Blekinge"
    assert region.name_in(Period(2019, 1)) == "Region Blekinge"
    change(project, 'renamed = "2019-01"', 'renamed = ""')
    change(project, 'earlier_name = "Landstinget Blekinge"', 'earlier_name = ""')
    assert settings.load(project).region.name_in(Period(1995, 1)) == "Region Blekinge"


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("lag_months = 1", "lag_month = 1", "staff.lag_month"),
        ("lag_months = 1", "", "staff.lag_months"),
        ("lag_months = 1", 'lag_months = "1"', "staff.lag_months"),
        ("lag_months = 1", "lag_months = true", "staff.lag_months"),
        ("synthetic = true", "synthetic = 1", "region.synthetic"),
        ('renamed = "2019-01"', 'renamed = "2019"', "region.renamed"),
        ('renamed = "2019-01"', 'renamed = ""', "region.renamed"),
        ('earlier_name = "Landstinget Blekinge"', 'earlier_name = " "', "region.earlier_name"),
        ('label = "Resor"', "label = 3", "focus[1].label"),
        ("[ledger]", "[ledgers]", "ledgers"),
        ('audience = "public"', 'audience = "everyone"', "disclosure.audience"),
        ("noise = 5", "noise = 0", "finder.noise"),
        ("other_pct = 10", "other_pct = 0", "finder.other_pct"),
        ("false_share = 0.10", "false_share = 1", "finder.false_share"),
        ("history_months = 36", "history_months = 11", "finder.least_months"),
        ("explained_pct = 80", "explained_pct = 101", "finder.explained_pct"),
        ('id = "travel"', 'id = "Travel costs"', "focus[1].id"),
        ('id = "travel"', 'id = "training"', "focus[1].id"),
        ('id = "travel"', 'id = "travel_monthly"', "focus[1].id"),
        ('label = "Resor"', 'label = " "', "focus[1].label"),
        ('rows = "groups"', 'rows = "lines"', "focus[1].rows"),
        ('["68100-68999"]', "[]", "focus[1].accounts"),
        ('["68100-68999"]', '["68100"]', "focus[1].accounts"),
        ('["68100-68999"]', '["68999-68100"]', "focus[1].accounts"),
        ('["68100-68999"]', '["68100-68999", "68200-68200"]', "overlap at 68200"),
        ('["68100-68999"]', '["68100-68999", "30110-30110"]', "a focus area is of costs"),
        ('enabled_from = "2018-01"', 'enabled_from = "2018"', "calendar.enabled_from"),
        ("not_reported = [6]", "not_reported = [0]", "calendar.not_reported"),
        ("not_reported = [6]", "not_reported = [6, 6]", "calendar.not_reported"),
        ("not_reported = [6]", 'not_reported = ["6"]', "calendar.not_reported[0]"),
        ("not_reported = [6]", "not_reported = [5]", "month 5 of calendar.not_reported"),
        ("interim_after = [8]", "interim_after = [3]", "month 3 has two kinds"),
        ("ledger_closes_workday = 6", "ledger_closes_workday = 0", "calendar.ledger_closes_workday"),
        ("wait_until_workday = 12", "wait_until_workday = 6", "calendar.wait_until_workday"),
        ("every_minutes = 15", "every_minutes = 0", "schedule.every_minutes"),
        ("lease_seconds = 120", "lease_seconds = 10", "schedule.lease_seconds"),
        ("retry_minutes = [5, 15, 60, 240]", "retry_minutes = []", "schedule.retry_minutes"),
        ("retry_minutes = [5, 15, 60, 240]", "retry_minutes = [5, 0]", "schedule.retry_minutes"),
        ('id = "staff"', 'id = ""', "calendar.body[0].id"),
        ('name = "Nämnderna"', 'name = " "', "calendar.body[2].name"),
        ('valid_to = "2018-12-31"', 'valid_to = "2018-12-32"', "calendar.body[0].valid_to"),
        ('valid_to = "2018-12-31"', 'valid_to = "20181231"', "calendar.body[0].valid_to"),
        ('valid_to = "2018-12-31"', 'valid_to = "2019-01-01"', "'staff'"),
        (
            'valid_from = "2019-01-01", valid_to = ""',
            'valid_from = "2019-01-01", valid_to = "2018-01-01"',
            "calendar.body[1]",
        ),
        ('kind = "forecast"', 'kind = "prognosis"', "calendar.recipient[0].kind"),
        ('kind = "forecast", body = "staff"', 'kind = "forecast", body = "stab"', "calendar.recipient[0].body"),
        ("months_after = 0", "months_after = -1", "calendar.recipient[0].months_after"),
        ('note = "samlad kvartalsrapport"', 'note = ""', "calendar.recipient[3].note"),
        ('kind = "quarter", body = "committees"', 'kind = "quarter", body = "council"', "calendar.recipient[4]"),
    ],
)
def test_a_wrong_key_is_named(project, old, new, named):
    change(project, old, new)
    with pytest.raises(SettingsError) as caught:
        settings.load(project)
    assert named in str(caught.value)


def test_broken_toml_is_told_with_its_line(project):
    change(project, "lag_months = 1", "lag_months =")
    with pytest.raises(SettingsError, match="line"):
        settings.load(project)


def test_the_project_is_found_from_a_folder_below_and_not_from_outside(project, tmp_path_factory):
    below = project / "notebooks" / "explore"
    below.mkdir(parents=True)
    assert settings.find_root(below) == project
    with pytest.raises(SettingsError, match="--root"):
        settings.find_root(tmp_path_factory.mktemp("elsewhere"))


def test_an_undeclared_focus_area_and_audience_are_refused(project):
    read = settings.load(project)
    with pytest.raises(SettingsError, match="training, travel, consultants"):
        read.focus_area("cars")
    with pytest.raises(UsageError, match="public or internal"):
        read.disclosure.for_audience("everyone")
    assert read.disclosure.for_audience("internal").folder == "internal"


def test_settings_in_another_encoding_are_told(project):
    file = project / "analytics.toml"
    file.write_bytes(file.read_text(encoding="utf-8").encode("cp1252"))
    with pytest.raises(SettingsError, match="not UTF-8"):
        settings.load(project)
