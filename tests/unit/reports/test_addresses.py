"""Pages that stay where they are: the month, the newest packages, a package's own address."""

from __future__ import annotations

import re
from pathlib import Path

from made_packages import publish, tree

from analytics.reports import portal


def write(reports: Path) -> None:
    portal.write(portal.Portal(reports, "Region", True), reports=reports)


def leads_to(page: Path) -> Path:
    """Where the page leads at once, and its link as well."""
    text = page.read_text()
    (target,) = re.findall(r'content="0; url=([^"]+)"', text)
    assert f'<a href="{target}">' in text
    return (page.parent / target).resolve()


def test_the_newest_package_of_a_unit_has_an_address_that_stays(tmp_path: Path):
    for period, unit in (("2018-03", "17"), ("2018-04", "10"), ("2018-02", "17")):
        publish(tmp_path, "one", period=period, unit=unit)
    write(tmp_path)

    assert leads_to(tmp_path / "latest/17/index.html") == tmp_path / "2018-03/17/personal.html"
    assert leads_to(tmp_path / "latest/17/personal.html") == tmp_path / "2018-03/17/personal.html"
    assert leads_to(tmp_path / "latest/10/datakvalitet.html") == tmp_path / "2018-04/10/datakvalitet.html"

    publish(tmp_path, "one", period="2018-04", unit="17")
    publish(tmp_path, "two", period="2018-03", unit="17", data="d2")
    write(tmp_path)
    assert leads_to(tmp_path / "latest/17/index.html") == tmp_path / "2018-04/17/personal.html"


def test_what_leads_nowhere_any_more_is_removed(tmp_path: Path):
    folder = publish(tmp_path, "one", period="2018-03", unit="17")
    write(tmp_path)
    (tmp_path / "latest/17/prognos.html").write_text("of a report that is no longer made")
    publish(tmp_path, "one", period="2018-03", unit="10")
    write(tmp_path)
    assert not (tmp_path / "latest/17/prognos.html").exists()

    folder.rename(tmp_path / ".gone")
    write(tmp_path)
    assert [place.name for place in (tmp_path / "latest").iterdir()] == ["10"]


def test_the_month_lists_its_packages_with_their_versions(tmp_path: Path):
    publish(tmp_path, "one", unit="17")
    publish(tmp_path, "two", unit="17", data="d2", reason=("data", "code"))
    publish(tmp_path, "one", unit="10")
    publish(tmp_path, "one", period="2018-04", unit="17")
    write(tmp_path)
    page = (tmp_path / "2018-03/index.html").read_text()

    assert re.findall(r'<a href="(\w+/(?:v\d/)?\w+\.html)">', page) == [
        "10/personal.html",
        "10/datakvalitet.html",
        "17/personal.html",
        "17/datakvalitet.html",
        "17/andringar.html",
        "17/v1/index.html",
    ]
    assert "Version 2, framställd 2018-04-02<br>Nya eller rättade leveranser; ändrat program. <a href" in page
    assert "Version 1<span" in page
    assert "framställd 2018-04-01, ersatt" in page
    assert "2018-04/" not in page


def test_writing_again_touches_nothing(tmp_path: Path):
    publish(tmp_path, "one")
    write(tmp_path)
    pages = [tmp_path / name for name in tree(tmp_path) if name.startswith(("latest", "2018-03/index"))]
    before = [page.stat().st_mtime_ns for page in pages]
    write(tmp_path)

    assert len(pages) == 5
    assert [page.stat().st_mtime_ns for page in pages] == before
