"""What a look at a project sees, from the files that say it, and how little it loads."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime

import pytest
from made_occasions import attempt, local
from made_project import MadeProject, deliveries

from analytics import leases
from analytics.errors import StorageError
from analytics.leases import Lease
from analytics.schedule.due import Due

UNITS = ["10", "17", "18", "20", "30", "40"]
AFTER_MARCH = local("2018-04-20T12:00")


@pytest.fixture
def made(tmp_path) -> MadeProject:
    made = MadeProject(tmp_path / "project")
    made.hold(deliveries("2018-03"))
    return made


def look(made: MadeProject, now: datetime = AFTER_MARCH, **arguments: bool) -> dict[tuple[str, str], Due]:
    return {(str(each.period), each.unit): each for each in made.project.look(now, **arguments).asked}


def states(found: dict[tuple[str, str], Due], period: str) -> dict[str, tuple[str, str]]:
    return {unit: (each.state, each.reason) for (month, unit), each in found.items() if month == period}


def test_everything_that_has_come_is_due_in_order(made):
    found = look(made)
    assert list(found) == [(month, unit) for month in ("2018-01", "2018-02", "2018-03") for unit in UNITS]
    assert {each.state for each in found.values()} == {"run"}
    assert len({each.input_version for each in found.values()}) == 3


def test_what_is_published_for_these_inputs_is_done(made):
    versions = {key: each.input_version for key, each in look(made).items()}
    for (period, unit), version in versions.items():
        made.publish(period, unit, version)
    assert {each.state for each in look(made).values()} == {"published"}

    # The next deliveries do not touch the months before, also not the staff of March.
    made.hold(deliveries("2018-04"))
    found = look(made, local("2018-05-09T12:00"))
    assert {each.state for (period, _), each in found.items() if period <= "2018-03"} == {"published"}
    assert set(states(found, "2018-04").values()) == {("waiting", "not_closed")}

    # A correction of March touches March and what adds it up, and nothing before.
    made.hold(deliveries("2018-04"), corrected=("raindance_saldo", "2018-03"))
    found = look(made, local("2018-05-10T12:00"))
    assert set(states(found, "2018-02").values()) == {("published", "")}
    assert set(states(found, "2018-03").values()) == {("run", "newer_data")}
    assert set(states(found, "2018-04").values()) == {("run", "")}


def test_late_care_units_hold_up_only_the_unit_that_has_them(made):
    made.hold(deliveries("2018-03") - {("halsoval", "2018-03")})
    found = look(made, local("2018-04-17T12:00"))
    assert states(found, "2018-03")["17"] == ("waiting", "data_late")
    assert {states(found, "2018-03")[unit] for unit in UNITS if unit != "17"} == {("run", "")}


def test_a_report_of_an_earlier_package_is_missed_when_its_delivery_is_late(made):
    made.publish("2018-01", "10", "old", reports=[{"name": "halsoval"}])
    made.hold(deliveries("2018-03") - {("halsoval", "2018-03")})
    assert states(look(made, local("2018-04-17T12:00")), "2018-03")["10"] == ("waiting", "data_late")


def test_a_refused_delivery_and_a_refused_correction_are_seen(made):
    made.snapshot("raindance_saldo", "2018-03", "taken", "refused")
    made.snapshot("heroma_tid", "2018-02", "taken")
    (found,) = look(made)["2018-03", "10"].missing
    assert (found.need.layout, found.refused, found.superseded) == ("raindance_saldo", True, True)


def test_manifests_tell_whether_a_package_is_whole_and_what_it_says_is_missing(made):
    lacking = {"layout": "heroma_tid", "what": "Personaluppgifter", "months": ["2018-02"], "superseded": False}
    for (period, unit), each in look(made).items():
        extra = {"10": {"whole": False}, "17": {"missing": [lacking]}, "18": {"missing": [{"layout": 3}]}}.get(unit, {})
        made.publish(period, unit, each.input_version, **extra)
    found = look(made)
    assert states(found, "2018-03") == {
        "10": ("run", "partial"),
        "17": ("run", "newer_data"),  # what it says is missing is there
        "18": ("run", "newer_data"),  # its manifest cannot be read
        **dict.fromkeys(("20", "30", "40"), ("published", "")),
    }
    made.hold(deliveries("2018-03") - {("heroma_tid", "2018-02")})
    made.publish("2018-03", "17", look(made)["2018-03", "17"].input_version, missing=[lacking])
    assert states(look(made), "2018-03")["17"] == ("published", "partial")


def test_an_approved_comment_makes_its_unit_due_again(made):
    for (period, unit), each in look(made).items():
        made.publish(period, unit, each.input_version)
    comment = made.settings.paths.comments / "2018-03/17/a.md"
    comment.parent.mkdir(parents=True)
    comment.write_text("not readable as a comment")
    found = look(made)
    assert states(found, "2018-03")["17"] == ("run", "newer_data")
    assert states(found, "2018-03")["10"] == ("published", "")


def test_attempts_and_who_is_at_it_are_seen(made):
    history = made.project.history
    version = look(made)["2018-03", "17"].input_version
    failed = history.begin(attempt(input_version=version))
    assert (failed.number, look(made)["2018-03", "17"].state) == (1, "failed")

    lease = leases.acquire(made.project.lease_folder("2018-03/17"), seconds=60)
    assert isinstance(lease, Lease)
    history.begin(attempt("running", input_version=version, lease=lease.ticket.token, ended=None))
    running = look(made)["2018-03", "17"]
    assert running.running.startswith("process ")
    lease.release()
    died = look(made)["2018-03", "17"]
    assert (died.state, died.reason, died.running) == ("run", "failed", "")


def test_years_without_a_calendar_are_told(made):
    outlook = made.project.look(local("2021-03-01T12:00"))
    assert outlook.years_without_calendar == (2020, 2021)
    assert "2020, 2021" in str(outlook.problem())
    assert made.project.look(AFTER_MARCH).problem() is None


def test_a_damaged_catalog_is_an_error_and_no_empty_month(made):
    (made.settings.paths.processed / "catalog.json").write_text("{}")
    with pytest.raises(StorageError, match="damaged"):
        look(made)


def due_command(made: MadeProject, *arguments: str) -> subprocess.CompletedProcess[str]:
    code = (
        "import sys\nfrom analytics.cli import main\n"
        "try:\n    main()\nfinally:\n"
        "    heavy = {'polars', 'pandas', 'numpy', 'great_expectations', 'nbconvert', 'papermill', 'altair', 'IPython'}\n"
        "    print(sorted(heavy & set(sys.modules)), file=sys.stderr)\n"
    )
    command = [sys.executable, "-c", code, "--root", str(made.root), "due", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_command_tells_people_and_machines_and_loads_no_libraries_of_data(made):
    made.hold(deliveries("2018-03") - {("heroma_tid", "2018-02"), ("heroma_franvaro", "2018-02")})
    done = due_command(made, "--at", "2018-04-20T12:00")
    assert done.returncode == 0, done.stderr
    assert done.stderr.strip() == "[]"
    assert "Mars 2018: 6 ska tas fram" in done.stdout
    assert "Personaluppgifter för februari 2018 saknas. Därför ingår inte rapporten Personal." in done.stdout

    record = json.loads(due_command(made, "--at", "2018-04-17", "--json").stdout)
    march = [each for each in record["due"] if each["period"] == "2018-03"]
    assert {(each["state"], each["reason"], each["next"]) for each in march} == {
        ("waiting", "data_late", "2018-04-19T00:00:00+02:00")
    }
    assert march[0]["missing"][0]["layout"] == "heroma_tid"


def test_a_moment_that_is_none_is_a_wrong_call(made):
    done = due_command(made, "--at", "i morgon")
    assert done.returncode == 2
    assert "is no moment" in done.stderr
