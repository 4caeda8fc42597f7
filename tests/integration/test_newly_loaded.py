"""What is loaded while a notebook is open is picked up at the next look, and not by a run."""

import pytest
from small_region import LEDGER, SmallRegion

import analytics
from analytics.comments import scheduled


@pytest.fixture
def small(tmp_path):
    made = SmallRegion(tmp_path / "region")
    made.write()
    made.load()
    return made


def staff_cost(bench):
    frame = bench.range("month").economy.fr1_outcome.frame
    return frame.filter(report_line="staff", origin="total", column="outcome")["value"].item()


def deliver_corrected_ledger(small):
    lines = small.files[LEDGER]
    small.files[LEDGER] = [
        line.replace("900 000,25", "800 000,25").replace("900 100,25", "800 100,25") for line in lines
    ]
    small.write(LEDGER)
    small.load()


def test_a_correction_is_seen_without_opening_anew_and_told_once(small, capsys):
    wb = analytics.open(period="2018-03", unit="17", root=small.root)
    handle, part = wb.range("month").economy.fr1_outcome, wb.children["171"]
    version = wb.version
    assert staff_cost(wb) == 900_100.25
    assert staff_cost(part) == 900_100.25
    assert wb.data.ledger.frame.height > 0
    assert capsys.readouterr().out == ""

    deliver_corrected_ledger(small)

    assert staff_cost(wb) == 800_100.25
    assert staff_cost(part) == 800_100.25
    assert handle.frame.filter(report_line="staff", origin="total", column="outcome")["value"].item() == 800_100.25
    assert wb.version != version
    told = capsys.readouterr().out
    assert told.count("Nya data har lästs in för mars 2018") == 1
    assert staff_cost(wb) == 800_100.25
    assert capsys.readouterr().out == ""


def test_a_load_that_changes_nothing_is_not_told(small, capsys):
    wb = analytics.open(period="2018-03", unit="17", root=small.root)
    small.load()
    assert staff_cost(wb) == 900_100.25
    assert capsys.readouterr().out == ""


def test_a_run_keeps_the_version_that_it_began_with(small):
    with scheduled.run():
        wb = analytics.open(period="2018-03", unit="17", root=small.root)
        before, version = wb.catalog.version, wb.version
        deliver_corrected_ledger(small)
        assert (wb.catalog.version, wb.version) == (before, version)
    assert wb.catalog.version != before
