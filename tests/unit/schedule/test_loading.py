"""Loading in a tick: only when the inbox has changed, the good deliveries although others are refused, told each time."""

from __future__ import annotations

import os
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from analytics import intake
from analytics.errors import StorageError
from analytics.leases import Heart
from analytics.progress import Progress
from analytics.schedule.attempting import Attempts
from analytics.schedule.clock import Clock
from analytics.schedule.history import Attempt
from analytics.schedule.loading import Intake, fingerprint
from analytics.schedule.looking import Project
from analytics.schedule.outcomes import Step

sys.path.append(str(Path(__file__).parents[2] / "integration"))
from small_region import NOW, SECRET, STAFF, TIME, AcceptAll, SmallRegion

LOADED = []


@pytest.fixture
def region(tmp_path, monkeypatch) -> SmallRegion:
    region = SmallRegion(tmp_path / "region")
    region.write()
    (tmp_path / "key").write_text(SECRET.hex())
    (tmp_path / "key").chmod(0o600)
    LOADED.clear()
    load = intake.load

    def counted(*arguments, **options):
        LOADED.append(options["now"])
        return load(*arguments, validate=AcceptAll(), **options)

    monkeypatch.setattr(intake, "load", counted)
    return region


def load(region: SmallRegion, *, after: timedelta = timedelta(0), again: bool = False) -> Step:
    project = Project(region.settings, "0.1.0", again=again)
    with Heart(seconds=60) as heart:
        attempts = Attempts(project.history, Clock(NOW + after), heart, 60, "0.1.0")
        return Intake(project, attempts, region.root.parent / "key", None, Progress()).load()


def test_what_has_come_is_loaded_once(region):
    assert load(region).outcome == "done"
    assert len(region.store.catalog().entries) == 7
    assert load(region, after=timedelta(minutes=15)) == Step("load", "nothing")
    assert len(LOADED) == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda region: region.write_bytes("heroma/heroma_tid_201802_v2.csv", (region.raw / TIME).read_bytes()),
        lambda region: os.utime(region.raw / TIME, (0, 0)),
        lambda region: (region.raw / TIME).unlink(),
        lambda region: (region.raw / "reference/professions.csv").touch(),
        lambda region: (region.root / "analytics.toml").touch(),
        lambda region: (region.settings.paths.processed / "catalog.json").unlink(),
    ],
)
def test_any_change_of_what_a_load_sees_is_seen(region, change):
    load(region)
    change(region)
    load(region, after=timedelta(minutes=15))
    assert len(LOADED) == 2


def test_the_good_deliveries_are_taken_and_the_refused_one_is_told_until_it_is_replaced(region):
    good = list(region.files[TIME])
    region.files[TIME] = [line.replace("160,00", "hundra") for line in good]
    region.write()
    first = load(region)
    assert (first.outcome, first.exit_code) == ("failed", 4)
    assert "heroma_tid_201802.csv" in first.problem
    assert "The other deliveries were taken." in first.problem
    assert region.store.catalog().find("heroma_anstallning", "2018-02")
    assert region.store.catalog().find("heroma_tid", "2018-02") is None

    again = load(region, after=timedelta(days=3))
    assert (again.outcome, again.problem, again.exit_code) == ("nothing", first.problem, 4)
    assert len(LOADED) == 1

    assert load(region, after=timedelta(days=3), again=True).outcome == "failed"
    assert len(LOADED) == 2

    region.files[TIME] = good
    region.write(TIME)
    assert load(region, after=timedelta(days=4)).problem == ""
    assert region.store.catalog().find("heroma_tid", "2018-02")


def test_a_full_disk_is_tried_again_after_a_while(region, monkeypatch):
    whole = intake.load

    def full(*_, **__):
        LOADED.append("full")
        raise StorageError("the disk is full")

    monkeypatch.setattr(intake, "load", full)
    assert load(region).problem == "the disk is full"
    soon = load(region, after=timedelta(minutes=2))
    assert (soon.outcome, soon.problem, soon.exit_code) == ("waiting", "the disk is full", 6)
    assert NOW + timedelta(minutes=5) <= soon.next <= NOW + timedelta(minutes=6)
    assert LOADED == ["full"]
    monkeypatch.setattr(intake, "load", whole)
    assert load(region, after=timedelta(minutes=6)).outcome == "done"


def test_an_unforeseen_error_does_not_stop_the_tick_and_its_words_are_kept_to_itself(region, monkeypatch):
    def broken(*_, **__):
        raise RuntimeError("19700101-0003 has 17 hours")

    monkeypatch.setattr(intake, "load", broken)
    step = load(region)
    assert (step.outcome, step.problem) == ("failed", "RuntimeError (unforeseen; the log says where)")
    history = Project(region.settings, "0.1.0").history
    log = history.log_of(history.last("load")).read_text()
    assert "test_loading.py" in log
    assert "19700101" not in log
    assert load(region, after=timedelta(days=1)).outcome == "nothing"


def test_a_load_that_was_killed_is_done_again_by_the_first_tick_after_the_wait(region):
    project = Project(region.settings, "0.1.0")
    found = fingerprint(region.settings, "0.1.0", NOW.date())
    dead = Attempt("load", 0, NOW, found, "0.1.0", "process 1 on elsewhere", "gone")
    project.history.begin(dead)
    soon = load(region, after=timedelta(minutes=2))
    assert (soon.outcome, LOADED) == ("waiting", [])
    project.history.begin(dead)
    assert load(region, after=timedelta(days=10)).outcome == "done"
    assert [each.outcome for each in project.history.attempts("load")] == ["died", "died", "done"]


def test_a_load_that_another_run_does_is_left_to_it(region):
    project = Project(region.settings, "0.1.0")
    with Heart(seconds=60) as heart:
        attempts = Attempts(project.history, Clock(NOW), heart, 60, "0.1.0")
        attempts.take("load", project.lease_folder("load"))
        assert load(region).outcome == "busy"
    assert LOADED == []


def test_a_delivery_of_a_month_that_had_not_begun_is_taken_when_it_has(region):
    early = "inhyrd/inhyrd_201805.csv"
    region.files[early] = [line.replace("2018-V09", "2018-V18") for line in region.files["inhyrd/inhyrd_201803.csv"]]
    region.write(early)
    assert "future period" in load(region).problem
    assert load(region, after=timedelta(days=1)).outcome == "nothing"
    load(region, after=timedelta(days=20))
    assert len(LOADED) == 2
    assert region.store.catalog().find("inhyrd", "2018-05")


def test_a_file_that_leads_nowhere_is_seen_and_does_no_harm(region):
    before = fingerprint(region.settings, "0.1.0", NOW.date())
    (region.raw / "heroma/heroma_tid_201803.csv").symlink_to("nowhere")
    assert fingerprint(region.settings, "0.1.0", NOW.date()) != before
    assert load(region).exit_code == 4


def test_what_people_edit_and_what_is_hidden_is_no_delivery(region):
    before = fingerprint(region.settings, "0.1.0", NOW.date())
    (region.raw / "published").mkdir()
    (region.raw / "published/table.csv").touch()
    (region.raw / "heroma/.part").touch()
    assert fingerprint(region.settings, "0.1.0", NOW.date()) == before
    assert STAFF.startswith("heroma/")
