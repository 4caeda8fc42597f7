"""Whatever is changed after publishing is found and named."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from made_packages import make_draft, publish, tree

from analytics import settings
from analytics.errors import ReportError, UsageError
from analytics.reports import ledger, manifest, verification
from analytics.reports.verification import Archive

PROJECT = Path(__file__).parents[3]
DISCLOSURE = settings.load(PROJECT).disclosure


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A package with two versions, of four files each; the others' units lie beside it."""
    publish(tmp_path, "one")
    publish(tmp_path, "other", unit="18")
    return publish(tmp_path, "two", data="d2")


def archive(reports: Path) -> Archive:
    return Archive(reports, reports / ledger.FOLDER, DISCLOSURE)


def findings(reports: Path, folder: Path | None = None) -> list[str]:
    found = archive(reports).every() if folder is None else archive(reports).one(folder)
    return [str(finding) for package in found.packages for finding in package.findings]


def rewrite(file: Path, text: str) -> None:
    """As an editor does: another file under the same name, so that the one it was linked with stays."""
    draft = file.with_name("draft")
    draft.write_text(text)
    draft.replace(file)


def test_what_was_published_is_found_to_be_so(tmp_path: Path, folder: Path):
    found = archive(tmp_path).every()
    found.raise_if_changed()

    assert [(each.package, each.versions, each.files, each.findings) for each in found.packages] == [
        (folder, (1, 2), 6, ()),
        (tmp_path / "2018-03/18", (1,), 4, ()),
    ]
    assert str(found).splitlines()[0] == f"{folder}: as published (2 versions, 6 files)"
    assert found.as_record()["ok"] is True


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda package: rewrite(package / "personal.html", "x"), ["personal.html: changed"]),
        (lambda package: rewrite(package / "v1/personal.html", "x"), ["v1/personal.html: changed"]),
        (lambda package: (package / "tables/headcount.csv").unlink(), ["tables/headcount.csv: missing"]),
        (lambda package: (package / "v2/tables/headcount.csv").unlink(), ["v2/tables/headcount.csv: missing"]),
        (lambda package: (package / "new.html").touch(), ["new.html: extra"]),
        (lambda package: (package / "v1/tables/new.csv").touch(), ["v1/tables/new.csv: extra"]),
        (lambda package: os.mkfifo(package / "pipe"), ["pipe: extra"]),
        (lambda package: shutil.rmtree(package / "v1"), ["v1: missing (this version was published)"]),
        (lambda package: (package / "v2/manifest.json").unlink(), ["v2/manifest.json: missing"]),
        (lambda package: (package / "v1").rename(package / "v1-old"), None),
    ],
)
def test_what_was_changed_is_named(
    tmp_path: Path, folder: Path, change: Callable[[Path], object], said: list[str] | None
):
    change(folder)

    found = findings(tmp_path)

    if said is None:
        said = [f"v1-old/{name}: extra" for name in ("manifest.json", "personal.html", "tables/headcount.csv")]
        said.append("v1: missing (this version was published)")
    assert found == said
    assert findings(tmp_path, folder) == said
    with pytest.raises(ReportError, match=f"{len(said)} of the files and versions in 1 of 2 packages") as caught:
        archive(tmp_path).every().raise_if_changed()
    assert caught.value.exit_code == 7


def test_a_file_changed_in_place_is_changed_under_both_its_names(tmp_path: Path, folder: Path):
    page = folder / "personal.html"
    page.chmod(0o644)
    page.write_text("x")

    assert findings(tmp_path) == ["personal.html: changed", "v2/personal.html: changed"]


def test_a_manifest_that_was_changed_with_its_file_is_found_by_the_ledger(tmp_path: Path, folder: Path):
    for place in (folder, folder / "v2"):
        rewrite(place / "personal.html", "a better figure")
        record = json.loads((place / "manifest.json").read_text())
        record["files"]["personal.html"] = hashlib.sha256(b"a better figure").hexdigest()
        rewrite(place / "manifest.json", json.dumps(record))

    assert findings(tmp_path) == [
        "manifest.json: changed (it is not the manifest that was published)",
        "v2/manifest.json: changed (it is not the manifest that was published)",
    ]


def test_an_old_version_put_back_as_the_current_one_is_found(tmp_path: Path, folder: Path):
    for name in ("manifest.json", "personal.html", "tables/headcount.csv"):
        rewrite(folder / name, (folder / "v1" / name).read_text())
    shutil.rmtree(folder / "v2")

    assert findings(tmp_path) == [
        "v2: missing (this version was published)",
        "manifest.json: changed (version 2 was published after version 1)",
    ]


def test_another_package_at_this_address_is_found(tmp_path: Path, folder: Path):
    shutil.rmtree(folder)
    shutil.copytree(tmp_path / "2018-03/18", folder)

    found = findings(tmp_path, folder)

    assert "manifest.json: misplaced (it is the package 2018-03/18)" in found


def test_a_version_under_another_number_is_found(tmp_path: Path, folder: Path):
    (folder / "v1").rename(folder / "v3")

    assert findings(tmp_path) == [
        "v3/manifest.json: misplaced (it is version 1)",
        "v1: missing (this version was published)",
    ]


def test_a_version_that_nobody_published_is_found(tmp_path: Path, folder: Path):
    make_draft(folder / "v3", "three", version=3)

    assert findings(tmp_path) == ["v3/manifest.json: not published (the ledger does not know version 3)"]


def test_a_link_to_the_same_content_is_no_published_file(tmp_path: Path, folder: Path):
    elsewhere = tmp_path / "elsewhere.html"
    shutil.copy(folder / "personal.html", elsewhere)
    (folder / "personal.html").unlink()
    (folder / "personal.html").symlink_to(elsewhere)

    assert findings(tmp_path) == ["personal.html: changed (it is a link to another place)"]


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"schema_version": 1}', "\ud800".encode("utf-8", "surrogatepass")])
def test_a_damaged_manifest_is_said_and_hides_no_other_package(tmp_path: Path, folder: Path, text: str | bytes):
    rewrite(folder / "v1/manifest.json", "")
    (folder / "v1/manifest.json").write_bytes(text if isinstance(text, bytes) else text.encode())

    assert findings(tmp_path) == ["v1/manifest.json: damaged (the manifest is damaged)"]


def test_a_package_that_is_gone_is_found_by_the_ledger(tmp_path: Path, folder: Path):
    shutil.rmtree(folder)

    assert findings(tmp_path) == [
        "manifest.json: missing",
        "v1: missing (this version was published)",
        "v2: missing (this version was published)",
    ]


@pytest.mark.parametrize("damage", ["gone", "damaged"])
def test_without_a_ledger_nothing_is_vouched_for(tmp_path: Path, folder: Path, damage: str):
    book = ledger.file_of(tmp_path, folder)
    book.unlink() if damage == "gone" else book.write_text("{")

    (found,) = findings(tmp_path, folder)

    assert found.startswith("manifest.json: not published")


def test_a_version_that_was_never_put_in_its_place_is_not_missed(tmp_path: Path, folder: Path):
    ledger.intend(ledger.file_of(tmp_path, folder), 3, manifest=b"x", created="2018")
    ledger.intend(tmp_path / ledger.FOLDER / "2018-03/20.json", 1, manifest=b"x", created="2018")

    assert findings(tmp_path) == []


def test_a_copy_elsewhere_is_compared_with_the_ledger_too(tmp_path: Path, folder: Path):
    copy = shutil.copytree(folder, tmp_path.parent / f"{tmp_path.name}-copy")
    assert findings(tmp_path, copy) == []

    rewrite(copy / "manifest.json", (copy / "manifest.json").read_text() + "\n")
    assert findings(tmp_path, copy) == [
        "manifest.json: changed (it is not the manifest that was published)",
        "manifest.json: changed (it is not that of v2)",
    ]


def test_one_version_can_be_verified_by_itself(tmp_path: Path, folder: Path):
    rewrite(folder / "v2/personal.html", "x")

    assert findings(tmp_path, folder / "v1") == []
    assert findings(tmp_path, folder / "v2") == ["personal.html: changed"]


def test_a_ledger_kept_elsewhere_vouches_against_one_that_was_changed_with_the_package(tmp_path: Path, folder: Path):
    kept = shutil.copytree(tmp_path / ledger.FOLDER, tmp_path / "kept")
    manifest_file = folder / "v1/manifest.json"
    rewrite(manifest_file, manifest_file.read_text() + "\n")
    book = ledger.file_of(tmp_path, folder)
    record = json.loads(book.read_text())
    record["versions"]["1"]["manifest"] = hashlib.sha256(manifest_file.read_bytes()).hexdigest()
    book.write_text(json.dumps(record))

    assert findings(tmp_path) == []
    found = Archive(tmp_path, kept, DISCLOSURE).every()
    assert [str(each) for package in found.packages for each in package.findings] == [
        "v1/manifest.json: changed (it is not the manifest that was published)"
    ]


def test_a_new_version_published_meanwhile_is_no_finding(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch):
    compare = verification._Check.numbers
    published: list[Path] = []

    def publish_first(self: object, *arguments: object) -> None:
        if not published:
            published.append(publish(tmp_path, "three", data="d3"))
        compare(self, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(verification._Check, "numbers", publish_first)
    found = archive(tmp_path).one(folder)

    assert published
    assert [(each.versions, each.findings) for each in found.packages] == [((1, 2, 3), ())]


def test_verifying_writes_nothing(tmp_path: Path, folder: Path):
    assert folder.is_dir()
    before, times = tree(tmp_path), {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    archive(tmp_path).every()

    assert tree(tmp_path) == before
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == times


def test_a_folder_without_a_package_is_a_wrong_call(tmp_path: Path, folder: Path):
    with pytest.raises(UsageError, match="no package"):
        archive(tmp_path).one(folder.parent)


def test_internal_packages_have_their_own_place_in_the_ledger(tmp_path: Path):
    folder = publish(tmp_path / "internal", "one")
    shutil.move(tmp_path / "internal" / ledger.FOLDER, tmp_path / ledger.FOLDER / "internal")
    record = json.loads((folder / "manifest.json").read_text())

    assert record["audience"] == "public"
    found = findings(tmp_path)
    assert found == ["manifest.json: misplaced (it is the package 2018-03/17)"]
    assert manifest.read(folder) is not None
