"""Reads the published packages again and again, as a reader would, and writes down what it should never have seen.

A program of its own, of the standard library alone: ``polling_reader.py PROJECT LOCK``. It ends when its input does and
prints JSON. While the test puts another state into the project it holds ``LOCK`` and writes a new number into it.

What is asked of every look:

- a version ``vN`` has every file that its manifest names, with that checksum, whatever happens meanwhile;
- so has the current package, unless it was replaced by another one during the look (then it is looked at again);
- the version that the current manifest tells is there as ``vN``, with that manifest;
- no package that was there is gone, and none goes back to an earlier version;
- pages of the portal are whole; every file that the catalog names is there.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import select
import sys
from pathlib import Path

PAUSE = 0.02
ATTEMPTS = 5


class Reader:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.looks = 0
        self.again = 0
        self.faults: list[str] = []
        self.seen: dict[str, int] = {}
        self.versions: set[str] = set()

    def look(self) -> None:
        self.looks += 1
        reports = self.root / "reports"
        homes = [file.parent for file in reports.glob("2*/*/manifest.json")]
        self.faults += [f"{home} is gone" for home in self.seen if not Path(home, "manifest.json").exists()]
        for home in homes:
            self.package(home)
        for page in (reports / "index.html", *reports.glob("2*/index.html"), *reports.glob("latest/*/*.html")):
            if page.exists() and not page.read_bytes().rstrip().endswith(b"</html>"):
                self.faults.append(f"{page} is not whole")
        self.catalog(self.root / "data/processed")

    def package(self, home: Path) -> None:
        for _ in range(ATTEMPTS):
            before = home.stat().st_ino
            found, version = self.check(home)
            if not found or home.stat().st_ino == before:
                break
            self.again += 1
        self.faults += found
        if version < self.seen.get(str(home), 0):
            self.faults.append(f"{home} went back to version {version}")
        self.seen[str(home)] = version
        numbers = sorted(int(entry.name[1:]) for entry in home.iterdir() if entry.name[1:].isdecimal())
        if numbers != list(range(1, len(numbers) + 1)):
            self.faults.append(f"{home} has the versions {numbers}")
        for number in numbers:
            self.versions.add(f"{home.name} v{number}")
            self.faults += self.check(home / f"v{number}")[0]

    def check(self, folder: Path) -> tuple[list[str], int]:
        """What is wrong with a package or a version of it, and the version that its manifest tells."""
        try:
            text = (folder / "manifest.json").read_bytes()
            record = json.loads(text)
        except (OSError, ValueError) as error:
            return [f"{folder}: manifest {error!r}"], 0
        found = []
        for name, digest in record["files"].items():
            try:
                content = (folder / name).read_bytes()
            except OSError as error:
                found.append(f"{folder}: {error!r}")
                continue
            if hashlib.sha256(content).hexdigest() != digest:
                found.append(f"{folder}: {name} is another one")
        version = int(record["version"])
        if not folder.name.startswith("v"):
            try:
                same = (folder / f"v{version}" / "manifest.json").read_bytes() == text
            except OSError as error:
                found.append(f"{folder}: {error!r}")
            else:
                if not same:
                    found.append(f"{folder}: v{version} is another one")
        return found, version

    def catalog(self, folder: Path) -> None:
        if not (folder / "catalog.json").exists():
            return
        record = json.loads((folder / "catalog.json").read_bytes())
        for entry in record["entries"]:
            if not (folder / entry["file"]).exists():
                self.faults.append(f"the catalog names {entry['file']}, which is not there")


def main(root: Path, lock_file: Path) -> None:
    reader, generation = Reader(root), ""
    while not select.select([sys.stdin], [], [], PAUSE)[0]:
        with lock_file.open(encoding="ascii") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH)
            if (now := lock.read()) != generation:
                reader.seen.clear()  # another state was put there by the test
                generation = now
            if (root / "reports").exists():
                reader.look()
    sys.stdout.write(
        json.dumps(
            {
                "looks": reader.looks,
                "again": reader.again,
                "versions": sorted(reader.versions),
                "faults": reader.faults[:20],
            }
        )
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
