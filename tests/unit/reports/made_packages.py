"""Small packages without a run: a page, a table and a manifest, as a draft or published."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from analytics.reports import content, html, manifest, package, versions
from analytics.reports.inputs import Inputs
from analytics.reports.ledger import file_of, read
from analytics.reports.manifest import Identity, ReportEntry


def make_draft(
    folder: Path,
    text: str,
    *,
    version: int,
    data: str = "d1",
    reason: tuple[str, ...] = ("first",),
    period: str = "2018-03",
    unit: str = "17",
) -> Path:
    """A finished draft: ``text`` stands on its page and in its table."""
    (folder / "tables").mkdir(parents=True)
    created = f"2018-04-{version:02d}T08:30:00+00:00"
    frame = html.Page("Staben", "Region", "rapport", footer=(f"Framställd {created}.",), version=f"Version {version}")
    (folder / "personal.html").write_text(f"<h1>Personal</h1><p>{text}</p><footer>{frame.footer[0]}</footer>")
    (folder / "tables/headcount.csv").write_text(f"value\n{text}\n")
    identity = Identity(period, unit, "Staben", "public", "Offentlig", True, created, "1", version, reason)
    entry = ReportEntry("personal", "Personal", "ok", 1.0, 1.0, {}, ("headcount",))
    pages = content.of(folder, ("personal.html",), frame)
    manifest.write(folder, identity, (entry,), Inputs(data, (), ()), content=pages)
    return folder


def publish(reports: Path, text: str, *, period: str = "2018-03", unit: str = "17", **options: object) -> Path:
    """Publish such a draft as the next version; give the package's folder."""
    target = reports / period / unit
    number = versions.next_number(manifest.read(target), read(file_of(reports, target)))
    with package.workspace(reports) as work:
        draft = make_draft(work / unit, text, version=number, period=period, unit=unit, **options)  # type: ignore[arg-type]
        package.publish(draft, target, reports=reports, workspace_folder=work)
    return target


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its content."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def own(folder: Path) -> dict[str, bytes]:
    """The files of a package itself, without those of its versions."""
    return {name: data for name, data in tree(folder).items() if not manifest.is_version(name.split("/")[0])}


def faults(folder: Path) -> list[str]:
    """What is wrong with a package and its versions, told by reading it as any reader would, without the product."""
    found = []
    for place in (folder, *sorted(folder.glob("v*"))):
        record = json.loads((place / "manifest.json").read_text())
        files = {name: data for name, data in own(place).items() if name != "manifest.json"}
        if {name: hashlib.sha256(data).hexdigest() for name, data in files.items()} != record["files"]:
            found.append(f"{place.name}: files")
        if place != folder and place.name != f"v{record['version']}":
            found.append(f"{place.name}: is version {record['version']}")
    current = json.loads((folder / "manifest.json").read_text())["version"]
    if {place.name for place in folder.glob("v*")} != {f"v{number}" for number in range(1, current + 1)}:
        found.append("versions are missing")
    elif own(folder) != own(folder / f"v{current}"):
        found.append("the current package is not its version")
    return found
