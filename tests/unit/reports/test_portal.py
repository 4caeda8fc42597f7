from __future__ import annotations

from pathlib import Path

import pytest

from analytics.errors import ReportError
from analytics.reports import cards, manifest, portal
from analytics.reports.inputs import Inputs
from analytics.reports.manifest import Identity, ReportEntry

INPUTS = Inputs("d1", (), ())


def publish(
    base: Path, period: str, unit: str, label: str = "Staben & <b>", audience: str = "public", *names: str
) -> Path:
    folder = base / period / unit
    folder.mkdir(parents=True)
    identity = Identity(period, unit, label, audience, "Offentlig", True, "2018-04-20T08:00:00", "1")
    entries = tuple(ReportEntry(name, name.capitalize(), "ok", 1.0, 1.0, {}, ()) for name in names or ("personal",))
    manifest.write(folder, identity, entries, INPUTS)
    return folder


def test_packages_are_listed_newest_first_then_by_unit(tmp_path: Path):
    for period, unit in (("2017-12", "17"), ("2018-03", "100"), ("2018-03", "17"), ("2018-03", "10")):
        publish(tmp_path, period, unit)

    found = [(each.record.identity.period, each.record.identity.unit) for each in cards.packages(tmp_path)]

    assert found == [("2018-03", "10"), ("2018-03", "17"), ("2018-03", "100"), ("2017-12", "17")]


def test_internal_and_unfinished_packages_are_not_listed(tmp_path: Path):
    publish(tmp_path / "internal", "2018-03", "17")
    publish(tmp_path / ".work/1-a", "2018-03", "17")
    (tmp_path / "2018-03/18").mkdir(parents=True)
    (tmp_path / "2018-03/18/personal.html").touch()

    page = portal.write(portal.Portal(tmp_path, "Region", True), reports=tmp_path).read_text()

    assert "Inga rapporter är publicerade ännu." in page
    assert "internal" not in page


def test_an_internal_package_copied_among_the_public_is_not_listed(tmp_path: Path):
    publish(tmp_path, "2018-03", "17", audience="internal")
    publish(tmp_path, "2018-03", "10")

    page = portal.write(portal.Portal(tmp_path, "Region", True), reports=tmp_path).read_text()

    assert "2018-03/10/" in page
    assert "2018-03/17/" not in page


def test_the_page_links_to_reports_and_escapes_labels(tmp_path: Path):
    publish(tmp_path, "2018-03", "17")

    page = portal.write(portal.Portal(tmp_path, "Region", True), reports=tmp_path).read_text()

    assert 'href="2018-03/17/personal.html"' in page
    assert 'href="2018-03/17/datakvalitet.html"' in page
    assert "Mars 2018</h2>" in page
    assert "Staben &amp; &lt;b&gt;" in page
    assert "<b>" not in page
    assert "Syntetiska data" in page


def test_the_internal_portal_is_marked(tmp_path: Path):
    place = portal.Portal(tmp_path / "internal", "Region", False, "Intern – får inte spridas")

    assert "Intern – får inte spridas" in portal.write(place, reports=tmp_path).read_text()


def test_a_damaged_manifest_is_an_error(tmp_path: Path):
    folder = publish(tmp_path, "2018-03", "17")
    (folder / "manifest.json").write_text("{}")

    with pytest.raises(ReportError, match="damaged"):
        cards.packages(tmp_path)


def test_the_summary_stands_first_on_a_line_of_its_own(tmp_path: Path):
    publish(tmp_path, "2018-03", "17", "Staben", "public", "sammanfattning", "personal")

    page = portal.write(portal.Portal(tmp_path, "Region", True), reports=tmp_path).read_text()

    assert page.count('<li class="forst">') == 1
    assert '<li class="forst"><a href="2018-03/17/sammanfattning.html">' in page
    assert page.index("sammanfattning.html") < page.index("personal.html")
