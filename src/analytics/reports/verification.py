"""Whether a package is as it was published: every file against its manifest, every manifest against the ledger.

What this cannot show is said in decision 021: who can write both the package and the ledger can change both.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from analytics.errors import ReportError, UsageError
from analytics.reports import ledger, manifest, versions
from analytics.reports.manifest import Manifest
from analytics.settings import Disclosure

What = Literal["changed", "missing", "extra", "unreadable", "damaged", "not published", "misplaced"]
ATTEMPTS: Final = 3
_PACKAGES: Final = "[12][0-9][0-9][0-9]-[01][0-9]/*"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it was published. ``file`` is relative to the package: ``v1/personal.html``."""

    file: str
    what: What
    why: str = ""

    def __str__(self) -> str:
        return f"{self.file}: {self.what}{f' ({self.why})' if self.why else ''}"


@dataclass(frozen=True, slots=True)
class Verified:
    """One package and how many of its files were compared; where nothing is found it is as it was published."""

    package: Path
    versions: tuple[int, ...]
    files: int
    findings: tuple[Finding, ...]

    def __str__(self) -> str:
        count = f"{len(self.versions)} version{'' if len(self.versions) == 1 else 's'}, {self.files} files"
        if not self.findings:
            return f"{self.package}: as published ({count})"
        return "\n  ".join([f"{self.package}: NOT as published ({count})", *map(str, self.findings)])


@dataclass(frozen=True, slots=True)
class Verification:
    """All packages that were looked at."""

    packages: tuple[Verified, ...]

    def as_record(self) -> dict[str, Any]:
        """For ``--json``."""
        return {
            "ok": not self._wrong,
            "packages": [
                {
                    "package": str(each.package),
                    "versions": list(each.versions),
                    "files": each.files,
                    "findings": [asdict(finding) for finding in each.findings],
                }
                for each in self.packages
            ],
        }

    def __str__(self) -> str:
        return "\n".join(str(each) for each in self.packages) or "No packages are published."

    @property
    def _wrong(self) -> list[Verified]:
        return [each for each in self.packages if each.findings]

    def raise_if_changed(self) -> None:
        """Raise ReportError if anything is not as it was published."""
        if self._wrong:
            count = sum(len(each.findings) for each in self._wrong)
            among = f"{len(self._wrong)} of {len(self.packages)} packages"
            raise ReportError(
                f"not as published: {count} of the files and versions in {among}",
                action="Find out who changed them. Restore them from a backup, or run the unit again: a new version is "
                "made from the deliveries, and the changed one stays as it is found.",
            )


@dataclass(frozen=True, slots=True)
class Archive:
    """Where packages lie; ``books`` is the ledger, or a copy of it that is kept elsewhere."""

    reports: Path
    books: Path
    disclosure: Disclosure

    def every(self) -> Verification:
        """All packages of both audiences, and those that the ledger knows and that are gone."""
        bases = {self.reports / audience.folder for audience in (self.disclosure.public, self.disclosure.internal)}
        found = {folder for base in bases for folder in base.glob(_PACKAGES) if folder.is_dir()}
        found |= {
            self.reports / file.parent.relative_to(self.books) / file.stem
            for file in self.books.rglob("*.json")
            if _was_published(file)
        }
        return Verification(tuple(self.verify(folder) for folder in sorted(found)))

    def one(self, package: Path) -> Verification:
        """One package, or one version of it. Raises UsageError if there is none."""
        if not (package / manifest.FILE_NAME).is_file():
            raise UsageError(
                f"there is no package in {package}", action="Name its folder: analytics verify reports/2018-03/17."
            )
        return Verification((self.verify(package.resolve()),))

    def verify(self, package: Path) -> Verified:
        """Look again where the package was replaced meanwhile, so that a new version is no finding."""
        for _ in range(ATTEMPTS):
            before = _identity(package)
            found = self._verify(package)
            if not found.findings or _identity(package) == before:
                break
        return found

    def _verify(self, package: Path) -> Verified:
        is_one_version = manifest.is_version(package.name) and (package.parent / manifest.FILE_NAME).is_file()
        check = _Check(package)
        current = check.manifest_of(package)
        home = self._home(package.parent if is_one_version else package, current)
        entries = self._entries(home, check)
        if current is not None and home != _home_of(current, self.disclosure):
            check.add("manifest.json", "misplaced", f"it is the package {_home_of(current, self.disclosure)}")
        check.files_of(package, current, entries)
        held = {} if is_one_version else versions.folders(package)
        for number, folder in held.items():
            record = check.manifest_of(folder)
            if record is not None and record.identity.version != number:
                check.add(f"{folder.name}/manifest.json", "misplaced", f"it is version {record.identity.version}")
            check.files_of(folder, record, entries)
        if not is_one_version:
            check.numbers(current, held, entries)
        return Verified(package, tuple(held) or ((current.identity.version,) if current else ()), *check.outcome)

    def _home(self, package: Path, current: Manifest | None) -> Path | None:
        """Which package this should be: by its place among the reports, elsewhere by what it says itself."""
        place, reports = package.resolve(), self.reports.resolve()
        if place.is_relative_to(reports):
            return place.relative_to(reports)
        return _home_of(current, self.disclosure) if current else None

    def _entries(self, home: Path | None, check: _Check) -> dict[int, ledger.Entry]:
        if home is None:
            return {}
        file = self.books / home.parent / f"{home.name}.json"
        try:
            entries = ledger.read(file)
        except ReportError as error:
            check.add("manifest.json", "not published", f"{error.problem}: {file}")
            return {}
        if not entries:
            check.add("manifest.json", "not published", f"the ledger {self.books} does not know the package")
        return entries


def _was_published(file: Path) -> bool:
    """Whether the ledger knows of a version that was in its place; a damaged ledger is said where it is needed."""
    try:
        return ledger.last_published(ledger.read(file)) > 0
    except ReportError:
        return True


def _home_of(record: Manifest, disclosure: Disclosure) -> Path:
    identity = record.identity
    folder = disclosure.for_audience(identity.audience).folder
    return Path(folder) / identity.period / identity.unit


def _identity(package: Path) -> int | None:
    """A package that was replaced is another folder."""
    try:
        return package.stat().st_ino
    except OSError:
        return None


@dataclass
class _Check:
    package: Path
    findings: list[Finding] = field(default_factory=list)
    files: int = 0
    _digests: dict[tuple[int, int], str] = field(default_factory=dict)

    @property
    def outcome(self) -> tuple[int, tuple[Finding, ...]]:
        return self.files, tuple(self.findings)

    def add(self, file: str, what: What, why: str = "") -> None:
        self.findings.append(Finding(file, what, why))

    def manifest_of(self, folder: Path) -> Manifest | None:
        name = self._name(folder / manifest.FILE_NAME)
        try:
            record = manifest.read(folder)
        except (ReportError, OSError) as error:
            self.add(name, "damaged", error.problem if isinstance(error, ReportError) else str(error.strerror))
            return None
        if record is None:
            self.add(name, "missing")
        return record

    def files_of(self, folder: Path, record: Manifest | None, entries: dict[int, ledger.Entry]) -> None:
        """Every file of a package or of one version of it; without a manifest there is nothing to compare with."""
        if record is None:
            return
        name = self._name(folder / manifest.FILE_NAME)
        if entries:
            entry = entries.get(record.identity.version)
            if entry is None:
                self.add(name, "not published", f"the ledger does not know version {record.identity.version}")
            elif entry.manifest != self._digest(folder / manifest.FILE_NAME):
                self.add(name, "changed", "it is not the manifest that was published")
        present = {path.relative_to(folder).as_posix(): path for path in _entries_of(folder)}
        present.pop(manifest.FILE_NAME, None)
        for file in sorted({*record.files, *present}):
            self.files += 1
            self._compare(folder / file, present.get(file), record.files.get(file))

    def _compare(self, path: Path, present: Path | None, expected: str | None) -> None:
        name = self._name(path)
        if present is None:
            self.add(name, "missing")
        elif expected is None:
            self.add(name, "extra")
        elif present.is_symlink():
            self.add(name, "changed", "it is a link to another place")
        else:
            try:
                if self._digest(path) != expected:
                    self.add(name, "changed")
            except OSError as error:
                self.add(name, "unreadable", str(error.strerror))

    def numbers(self, current: Manifest | None, held: dict[int, Path], entries: dict[int, ledger.Entry]) -> None:
        """Whether all versions are there, and whether the current one is the last."""
        published = [number for number, entry in entries.items() if entry.published]
        for number in sorted({*published, *([current.identity.version] if current else [])} - set(held)):
            self.add(versions.name(number), "missing", "this version was published")
        last = max(published, default=0)
        if current is None:
            return
        if current.identity.version < last:
            self.add(
                "manifest.json", "changed", f"version {last} was published after version {current.identity.version}"
            )
        same = held.get(current.identity.version)
        if same is not None and self._differ(self.package / manifest.FILE_NAME, same / manifest.FILE_NAME):
            self.add("manifest.json", "changed", f"it is not that of {same.name}")

    def _differ(self, one: Path, other: Path) -> bool:
        try:
            return self._digest(one) != self._digest(other)
        except OSError:
            return False  # said where it was looked for

    def _digest(self, file: Path) -> str:
        """SHA-256; of files that are one on the disk it is computed once."""
        with file.open("rb") as stream:
            about = file.stat()
            key = (about.st_dev, about.st_ino)
            if key not in self._digests:
                self._digests[key] = hashlib.file_digest(stream, "sha256").hexdigest()
        return self._digests[key]

    def _name(self, path: Path) -> str:
        return path.relative_to(self.package).as_posix()


def _entries_of(folder: Path) -> Iterator[Path]:
    """Everything in a package that is no folder, links and oddities too, without its versions."""
    for path in folder.rglob("*"):
        is_folder = path.is_dir() and not path.is_symlink()
        if not is_folder and not manifest.is_version(path.relative_to(folder).parts[0]):
            yield path
