"""A load that is killed at any moment leaves what was in force readable; the next load gives the undisturbed result."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from small_region import ABSENCE, LEDGER, STAFF, SmallRegion

from analytics.schemas import TABLES

CHILD = """
import os, signal, sys
sys.path.insert(0, {tests!r})
from pathlib import Path
from small_region import SmallRegion
region = SmallRegion(Path({root!r}))
region.load(only=())  # everything is imported and warm
done = 0
def watch(event, arguments):
    global done
    changes = event in ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod")
    if changes or event == "open" and arguments[1] in ("wb", "xb"):
        done += 1
        if done == {moment}:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(watch)
region.load()
print(done)
"""


def load_in_child(region: SmallRegion, moment: int) -> subprocess.CompletedProcess[str]:
    """Load in a process of its own that is killed at its ``moment``-th change of the file system (0: never)."""
    code = CHILD.format(tests=str(Path(__file__).parent), root=str(region.root), moment=moment)
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


def contents(region: SmallRegion) -> dict[str, list[tuple[object, ...]]]:
    return {table: region.store.scan(table).collect().rows() for table in TABLES}


@pytest.fixture(scope="module")
def waiting(tmp_path_factory):
    """A loaded region with corrected deliveries waiting, what is in force, and the undisturbed result and its steps."""
    base = tmp_path_factory.mktemp("killed")
    region = SmallRegion(base / "region")
    region.write()
    region.load()
    before = contents(region)
    for name, old, new in (
        (ABSENCE, "24,00", "16,00"),
        (STAFF, "100,00", "90,00"),
        (LEDGER, "–250,00", "–250,00"),
    ):
        region.files[name] = [line.replace(old, new) for line in region.files[name]]
    region.write()
    undisturbed = SmallRegion(Path(shutil.copytree(region.root, base / "undisturbed")))
    done = load_in_child(undisturbed, 0)
    assert done.returncode == 0, done.stderr
    after = contents(undisturbed)
    assert after != before
    return region, before, after, undisturbed.store.catalog().version, int(done.stdout)


@pytest.mark.parametrize("part", [0.02, 0.15, 0.3, 0.45, 0.6, 0.75, 0.9, 1.0])
def test_killed_load_harms_nothing(waiting, tmp_path, part):
    original, before, after, version, steps = waiting
    assert steps > 20
    region = SmallRegion(Path(shutil.copytree(original.root, tmp_path / "region")))
    killed = load_in_child(region, max(1, round(steps * part)))
    assert killed.returncode == -signal.SIGKILL
    assert contents(region) in (before, after)
    region.load()
    assert contents(region) == after
    assert region.store.catalog().version == version
    catalog = region.store.catalog()
    listed = {*catalog.files, *catalog.previous_files, "catalog.json"}
    folder = region.settings.paths.processed
    assert {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()} <= listed
    assert not list((region.raw / ".snapshots").rglob("*.draft*"))
    records = [json.loads(file.read_text()) for file in (region.raw / ".snapshots").rglob("delivery.json")]
    assert {record["status"] for record in records} == {"taken"}
