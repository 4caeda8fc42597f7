"""The year 2018, day by day as it came: real ticks under a driven clock, real deliveries, loads, notebooks, packages.

Two units, the reports ``ekonomi`` and ``prognos`` (small notebooks under the real names, so that they need what the
real ones need), the days of the demonstration calendar. What goes wrong:

- the ledger of February comes four days after it should, within the wait (16 March);
- March is corrected on 21 May, after April has been published;
- the forecasts of May come two days after the wait is over (19 June);
- the tick that makes July is killed in the middle;
- from 5 to 15 October nothing ticks, although September is due on the 9th.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1] / "faults"))
from small_months import UNITS, SmallMonths

from analytics.reports import ledger
from analytics.reports.verification import Archive
from analytics.schedule.history import History

REPORTS = {"ekonomi": ("fr1_summary",), "prognos": ("fr1_outcome",)}

# Worked out by hand from calendar_2018.toml and the story above: month → reasons of its versions.
EXPECTED = {
    "2018-01": [["first"]],
    "2018-02": [["first"]],  # late within the wait: nothing was made without it
    "2018-03": [["first"], ["data"]],  # corrected on 21 May
    "2018-04": [["first"], ["data"]],  # adds up from January, so March is in it
    "2018-05": [["first"], ["data", "reports"]],  # first without the report of forecasts, then whole
    # no report follows June
    "2018-07": [["first"]],  # the killed tick published nothing that counts twice
    "2018-08": [["first"]],
    "2018-09": [["first"]],  # six days late, by the first tick after the downtime
    "2018-10": [["first"]],
    "2018-11": [["first"]],
    "2018-12": [["first"]],
}


class Year:
    def __init__(self, base: Path, ticks: subprocess.Popen[str]) -> None:
        self.project = SmallMonths(base / "project", first="2018-01", notebooks=REPORTS, deliver_all=False)
        self._ticks = ticks
        self._output = base / "output"

    def run(self, *arguments: str, **kill: object) -> dict[str, object]:
        request = {"root": str(self.project.root), "arguments": arguments, "output": str(self._output), **kill}
        self._ticks.stdin.write(json.dumps(request) + "\n")
        self._ticks.stdin.flush()
        return json.loads(self._ticks.stdout.readline())

    def tick(self, at: str) -> dict[str, dict[str, object]]:
        """One tick; what it made, and where each package stands, by month and unit."""
        found = self.run("schedule", "--once", "--at", at, "--json")
        assert found["status"] == 0, found["output"]
        self.report = json.loads(found["output"])
        return {f"{each['period']} {each['unit']}": each for each in self.report["due"]}

    @property
    def made(self) -> list[str]:
        """What the last tick published, in its order."""
        assert all(each["outcome"] == "published" for each in self.report["made"]), self.report["made"]
        return [each["package"] for each in self.report["made"]]

    def makes(self, at: str, *packages: str) -> None:
        """A tick that publishes exactly these, for both units each."""
        self.tick(at)
        assert self.made == [package.replace("/", f"/{unit}/") for package in packages for unit in UNITS]

    def waits(self, at: str, month: str, reason: str) -> dict[str, object]:
        """A tick that makes nothing, because a month waits."""
        due = self.tick(at)
        assert self.made == []
        for unit in UNITS:
            assert (due[f"{month} {unit}"]["state"], due[f"{month} {unit}"]["reason"]) == ("waiting", reason)
        return due[f"{month} 17"]

    def manifest(self, package: str) -> dict[str, object]:
        return json.loads((self.project.reports / package / "manifest.json").read_text(encoding="utf-8"))


@pytest.fixture
def year(tmp_path):
    program = Path(__file__).parents[1] / "faults/warm_ticks.py"
    ticks = subprocess.Popen([sys.executable, program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    yield Year(tmp_path, ticks)
    ticks.communicate()


def until_may(year: Year) -> None:
    project = year.project
    project.deliver(1)
    year.waits("2018-02-08T18:00", "2018-01", "not_closed")
    year.makes("2018-02-09T00:10", "2018-01/v1")

    late = year.waits("2018-03-09T00:10", "2018-02", "data_late")
    assert late["detail"] == "Bokföringen för februari 2018 saknas. Inväntas till och med 16 mars 2018."
    project.deliver(2)
    year.makes("2018-03-13T18:00", "2018-02/v1")
    assert year.manifest("2018-02/17")["missing"] == []

    project.deliver(3)
    project.forecast(3)
    year.waits("2018-04-11T00:10", "2018-03", "embargo")
    year.makes("2018-04-16T08:10", "2018-03/v1")

    project.deliver(4)
    year.makes("2018-05-10T00:10", "2018-04/v1")
    project.deliver(3, version=2, corrected=True)
    year.makes("2018-05-21T18:00", "2018-03/v2", "2018-04/v2")
    # Wages of 900 000,25 kr a month, in March 910 000,25 kr.
    corrected_figures(year, "2018-03", "2 700 tkr", "2 710 tkr")
    corrected_figures(year, "2018-04", "3 600 tkr", "3 610 tkr")


def corrected_figures(year: Year, month: str, before: str, after: str) -> None:
    """Every figure that wages are in, and no other, is listed; unit 10 has no other figures, and its package says so."""
    changes = json.loads((year.project.reports / month / "17/changes.json").read_text(encoding="utf-8"))
    table = next(each for each in changes["tables"] if each["table_id"] == "fr1_summary")
    assert {(each["keys"]["report_line"], each["keys"]["column"]) for each in table["figures"]} == {
        (line, column)
        for line in ("staff", "staff_employees", "total_cost", "net")
        for column in ("outcome", "outcome_vs_budget")
    }
    staff = table["figures"][0]
    assert (staff["row"], staff["column"]) == ("Personal", "Utfall hittills")
    assert (staff["before"], staff["after"]) == tuple(text.replace(" ", "\u00a0") for text in (before, after))
    assert [(each["layout"], each["period"], each["what"]) for each in changes["deliveries"]] == [
        ("raindance_saldo", "2018-03", "corrected")
    ]
    page = (year.project.reports / month / "17/andringar.html").read_text(encoding="utf-8")
    assert staff["before"] in page
    assert staff["after"] in page
    unchanged = json.loads((year.project.reports / month / "10/changes.json").read_text(encoding="utf-8"))
    assert {each["changed"] for each in unchanged["tables"]} == {0}
    assert unchanged["deliveries"] == changes["deliveries"]


def until_july(year: Year) -> None:
    project = year.project
    project.deliver(5)
    late = year.waits("2018-06-12T00:10", "2018-05", "data_late")
    assert "prognos för maj 2018 saknas" in late["detail"]
    due = year.tick("2018-06-20T00:10")
    assert year.made == [f"2018-05/{unit}/v1" for unit in UNITS]
    assert (due["2018-05 17"]["state"], due["2018-05 17"]["reason"]) == ("published", "partial")
    partial = year.manifest("2018-05/17")
    assert [report["name"] for report in partial["reports"]] == ["ekonomi"]
    for page in ("ekonomi.html", "datakvalitet.html"):
        told = (project.reports / "2018-05/17" / page).read_text(encoding="utf-8")
        assert "prognos för maj 2018 saknas" in told
    project.forecast(5)
    year.makes("2018-06-21T18:00", "2018-05/v2")
    assert year.manifest("2018-05/17")["missing"] == []

    project.deliver(6)
    year.tick("2018-07-10T18:00")
    assert year.made == []

    project.deliver(7)
    crashed = year.run("schedule", "--once", "--at", "2018-08-09T00:10", phase="make", allowed=40)
    assert crashed["status"] == -signal.SIGKILL
    assert year.report["made"] == []
    assert not list(project.reports.glob("2018-07/*/manifest.json"))
    year.makes("2018-08-09T00:25", "2018-07/v1")
    history = History(project.reports / ".history")
    assert [attempt.outcome for attempt in history.attempts("2018-07/17")] == ["died", "done"]


def until_the_end(year: Year) -> None:
    project = year.project
    project.deliver(8)
    project.forecast(8)
    year.waits("2018-09-13T00:10", "2018-08", "embargo")
    year.makes("2018-09-24T08:10", "2018-08/v1")

    # The machine is down from 5 to 15 October.
    project.deliver(9)
    year.makes("2018-10-15T09:00", "2018-09/v1")

    project.deliver(10)
    year.makes("2018-11-09T00:10", "2018-10/v1")
    project.deliver(11)
    year.makes("2018-12-11T00:10", "2018-11/v1")
    project.deliver(12)
    year.waits("2019-01-23T00:10", "2018-12", "embargo")
    year.makes("2019-02-06T08:10", "2018-12/v1")


def test_the_year_ends_with_exactly_the_packages_and_versions_that_the_calendar_asks_for(year):
    until_may(year)
    until_july(year)
    until_the_end(year)

    reports = year.project.reports
    packages = {(file.parts[-4], file.parts[-3]) for file in reports.glob("2*/*/v1/manifest.json")}
    assert packages == {(month, unit) for month in EXPECTED for unit in UNITS}
    for month, unit in packages:
        home = reports / month / unit
        versions = sorted(entry.name for entry in home.iterdir() if entry.name[1:].isdecimal())
        assert versions == [f"v{number}" for number in range(1, len(EXPECTED[month]) + 1)]
        assert [year.manifest(f"{month}/{unit}/{version}")["reason"] for version in versions] == EXPECTED[month]
    archive = Archive(reports, reports / ledger.FOLDER, year.project.settings.disclosure)
    archive.every().raise_if_changed()
    assert sorted(path.name for path in (reports / ".work").iterdir()) == ["portal.lock", "publish.lock"]

    year.tick("2019-02-06T09:00")
    assert year.made == []
    explained(year)


def explained(year: Year) -> None:
    """What ``analytics status`` says of each package: published, in which versions and by which attempts."""
    found = year.run("status", "--at", "2019-02-06T09:05", "--json")
    assert found["status"] == 0, found["output"]
    told = {f"{each['period']} {each['unit']}": each for each in json.loads(found["output"])["packages"]}
    # January of the next year is asked for too by now, and not closed.
    following = [told.pop(f"2019-01 {unit}") for unit in UNITS]
    assert {(each["state"], each["reason"]) for each in following} == {("waiting", "not_closed")}
    assert told.keys() == {f"{month} {unit}" for month in EXPECTED for unit in UNITS}
    assert told["2018-05 17"]["detail"] == "Version 2 publicerad 21 juni 2018."
    for month, reasons in EXPECTED.items():
        for unit in UNITS:
            package = told[f"{month} {unit}"]
            assert package["state"] == "published"
            assert package["version"] == len(reasons) == len(package["versions"])
            done = [attempt for attempt in package["attempts"] if attempt["outcome"] == "done"]
            assert len(done) == len(reasons)
            assert len(package["attempts"]) - len(done) == (month == "2018-07")
