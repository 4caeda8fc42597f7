"""Generating into a raw folder: marks, refusal to overwrite, repetition and interruption."""

from __future__ import annotations

import dataclasses
import importlib
from pathlib import Path

import pytest

from analytics.errors import StorageError, UsageError
from analytics.progress import Progress
from analytics.sample import generate as generate_region
from analytics.sample import holds_deliveries
from analytics.sample.files import write_semicolon
from analytics.settings import Settings, load

ROOT = Path(__file__).parents[3]
# The package gives the function under the module's name, so the module has to be asked for.
MODULE = importlib.import_module("analytics.sample.generate")


def settings_for(raw: Path) -> Settings:
    settings = load(ROOT)
    return dataclasses.replace(settings, paths=dataclasses.replace(settings.paths, raw=raw))


def write_small(out: Path, *, scale: int, seed: int, progress: Progress, **_rest: object) -> None:
    rows = [(str(number), str(seed)) for number in range(scale)]
    write_semicolon(out / "heroma" / "heroma_tid_201803.csv", title="Tid", header=("Anstnr", "Belopp"), rows=rows)
    progress.step("heroma_tid_201803")


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """One small writer in place of the whole region, which has tests of its own."""
    monkeypatch.setattr(MODULE, "_writers", lambda: [write_small])


@pytest.mark.usefixtures("small")
def test_generation_is_marked_and_reported(tmp_path: Path) -> None:
    settings = settings_for(tmp_path / "raw")
    report = generate_region(settings, scale=2, seed=5)
    notice = (tmp_path / "raw" / "SYNTETISKA_DATA.txt").read_text(encoding="utf-8")
    assert notice.startswith("SYNTETISKA DATA – demonstrationsregion")
    assert "Frö: 5" in notice
    assert "Skala: 2" in notice
    file = tmp_path / "raw" / "heroma" / "heroma_tid_201803.csv"
    assert report.as_record() == {
        "generated": True,
        "folder": str(tmp_path / "raw"),
        "files": 1,
        "bytes": file.stat().st_size,
        "scale": 2,
        "seed": 5,
    }
    assert "synthetic" in str(report)
    assert holds_deliveries(settings)


@pytest.mark.usefixtures("small")
def test_real_extracts_are_never_overwritten(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    real = raw / "raindance" / "raindance_saldo_201803.txt"
    real.parent.mkdir(parents=True)
    real.write_text("Saldo per konto\n", encoding="cp1252")
    with pytest.raises(StorageError, match="not marked as synthetic") as caught:
        generate_region(settings_for(raw))
    assert "raindance_saldo_201803.txt" in str(caught.value)
    assert [file for file in raw.rglob("*") if file.is_file()] == [real]
    assert real.read_text(encoding="cp1252") == "Saldo per konto\n"
    assert holds_deliveries(settings_for(raw))


@pytest.mark.usefixtures("small")
def test_an_earlier_generation_is_replaced(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    stray = tmp_path / "heroma" / "heroma_tid_201712.csv"
    write_semicolon(stray, title="Tid", header=("Anstnr",), rows=[])
    generate_region(settings, seed=1)
    first = (tmp_path / "heroma" / "heroma_tid_201803.csv").read_bytes()
    assert not stray.exists()
    generate_region(settings, seed=2)
    assert (tmp_path / "heroma" / "heroma_tid_201803.csv").read_bytes() != first
    generate_region(settings, seed=1)
    assert (tmp_path / "heroma" / "heroma_tid_201803.csv").read_bytes() == first


def test_an_interrupted_generation_does_not_count_as_deliveries(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(out: Path, *, progress: Progress, **_rest: object) -> None:
        write_small(out, scale=1, seed=1, progress=progress)
        raise KeyboardInterrupt

    monkeypatch.setattr(MODULE, "_writers", lambda: [killed])
    settings = settings_for(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        generate_region(settings)
    assert (tmp_path / "heroma" / "heroma_tid_201803.csv").exists()
    assert not holds_deliveries(settings)


def test_an_empty_folder_holds_no_deliveries(tmp_path: Path) -> None:
    assert not holds_deliveries(settings_for(tmp_path / "none"))


def test_a_scale_below_one_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="below 1"):
        generate_region(settings_for(tmp_path / "raw"), scale=0)
    assert not (tmp_path / "raw").exists()


def test_the_region_is_written_by_ledger_staff_and_agency() -> None:
    writers = MODULE._writers()
    assert [writer.__name__ for writer in writers] == [
        "write_ledger",
        "write_staff",
        "write_agency",
        "write_care_units",
        "write_indicators",
        "write_patient_costs",
    ]
