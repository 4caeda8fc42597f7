"""From raw extracts to the published packages, as `make report` does it."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from html.parser import HTMLParser

import polars as pl
import pytest

from analytics.measures.catalogue import REPORTS

PERIOD = "2018-03"
UNITS = ("10", "17", "18", "20", "30", "40")


def manifest_of(region, unit):
    return json.loads((region.reports / PERIOD / unit / "manifest.json").read_text(encoding="utf-8"))


def pages_of(region, unit):
    """The pages that the unit's package must hold: all reports but those that it has no data for."""
    return [
        f"{name}.html"
        for name in (*REPORTS, "datakvalitet", "andringar")
        if name not in manifest_of(region, unit)["not_made"]
    ]


@pytest.mark.parametrize("unit", UNITS)
def test_every_administration_has_a_whole_package(region, unit):
    package = region.reports / PERIOD / unit
    pages = pages_of(region, unit)
    assert {file.name for file in package.glob("*.html")} == {*pages, "index.html"}
    assert (package / "tabeller.xlsx").is_file()
    notebooks = {file.stem for file in (package / "notebooks").iterdir()}
    assert notebooks == {page.removesuffix(".html") for page in pages} - {"datakvalitet", "andringar"}
    assert len(list((package / "tables").glob("*.csv"))) >= 30


@pytest.mark.parametrize("unit", UNITS)
def test_the_manifest_holds_the_checksum_of_every_file(region, unit):
    package = region.reports / PERIOD / unit
    manifest = json.loads((package / "manifest.json").read_text(encoding="utf-8"))
    listed = manifest["files"]
    on_disk = {
        file.relative_to(package).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in package.rglob("*")
        if file.is_file() and file.name != "manifest.json" and "v1" not in file.parts
    }
    assert listed == on_disk
    assert {name: hashlib.sha256((package / "v1" / name).read_bytes()).hexdigest() for name in listed} == listed
    assert (package / "v1/manifest.json").read_bytes() == (package / "manifest.json").read_bytes()
    assert manifest["unit"] == unit
    assert manifest["period"] == PERIOD
    assert manifest["synthetic"] is True


def test_the_index_lists_every_package(region):
    index = (region.reports / "index.html").read_text(encoding="utf-8")
    for unit in UNITS:
        for page in pages_of(region, unit):
            assert (f'href="{PERIOD}/{unit}/{page}"' in index) == (page != "andringar.html")


def test_every_page_says_that_the_figures_are_synthetic(region):
    pages = list(region.reports.rglob("*.html"))
    # A package, its address and its version; the newest packages; the month and the portal.
    packages = sum(len(pages_of(region, unit)) + 1 for unit in UNITS)
    assert len(pages) == 3 * packages + 2
    for page in pages:
        assert "syntetisk" in page.read_text(encoding="utf-8").lower(), page


def test_no_page_asks_for_anything_from_outside(region):
    loads = re.compile(
        r"""<(?:script|img|iframe|audio|video|source|embed)[^>]+src\s*=|<link[^>]+href\s*=|@import|url\(\s*['"]?https?:"""
    )
    for page in region.reports.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        without_scripts = re.sub(r"<script\b[^>]*>.*?</script>", "", text, flags=re.DOTALL)
        assert not loads.search(without_scripts), page
        assert '<html lang="sv"' in text


def raw_identities(region):
    """Personal numbers and employee numbers of one month, straight from the raw extract."""
    (delivery,) = (region.root / "data/raw/heroma").glob("heroma_anstallning_201802.csv")
    lines = delivery.read_text(encoding="cp1252").splitlines()
    header = lines[1].split(";")
    rows = [line.split(";") for line in lines[2:-1]]
    return (
        {row[header.index("Pnr")] for row in rows},
        {row[header.index("Anstnr")] for row in rows},
    )


def test_no_personal_number_and_no_employee_number_leaves_the_raw_data(region):
    personal_numbers, employee_numbers = raw_identities(region)
    assert len(personal_numbers) > 4000
    for table in ("employments", "time", "absence"):
        for partition in (region.root / "data/processed" / table).glob("*.parquet"):
            frame = pl.read_parquet(partition)
            for column in frame.select(pl.col(pl.String)).columns:
                values = set(frame[column].unique())
                assert not values & personal_numbers, (partition, column)
                assert not values & employee_numbers, (partition, column)
    form = re.compile(
        r"(?<![\d.])(?:19|20)?\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01]|[67]\d|8\d|9[01])[-+]?\d{4}(?![\d.])"
    )
    small = [
        *region.reports.rglob("*.csv"),
        *region.reports.rglob("*.json"),
        *(region.root / "data/processed").rglob("*.json"),
    ]
    for file in small:
        found = {match.group().replace("-", "") for match in form.finditer(file.read_text(encoding="utf-8"))}
        assert not found & personal_numbers, file


def test_suppressed_cells_have_no_value_anywhere_in_the_tables(region):
    suppressed = 0
    for table in region.reports.rglob("tables/*.csv"):
        with table.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                given = row["value"] != "" or row.get("text", "") != ""
                # A table in words may leave a cell blank on purpose: the row of a goal area has no target.
                blank = not given and "text" in row and row["status"] == "ok"
                assert blank or given == (row["status"] == "ok"), (table, row)
                suppressed += row["status"] == "suppressed"
    assert suppressed > 100


def test_a_small_group_is_not_given_in_the_sick_leave_disclosure(region):
    """Administration 17 has fewer than eleven employees under thirty (domain rules section 12)."""
    table = region.reports / PERIOD / "17/tables/sick_leave_disclosure.csv"
    with table.open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["measure"] == "age_0_29"]
    assert rows
    assert {row["status"] for row in rows} == {"suppressed"}


def test_loading_again_changes_nothing(region):
    catalog = region.root / "data/processed/catalog.json"
    before = catalog.read_bytes()
    report = region.analytics_json("load")
    assert report["taken"] == []
    assert catalog.read_bytes() == before


def test_every_published_cell_is_matched_or_explained(region):
    result = region.analytics_json("reconcile", PERIOD, "--unit", "17")
    # 1 188 of the tables of the report, 43 numbers among the printed indicators, 129 in the plans.
    assert result["figures_compared"] == 1188 + 43 + 129
    assert result["by_verdict"] == {"matched": 1172 + 43 + 129, "differs": 0, "cannot both be true": 16}
    assert result["blanks_by_verdict"]["differs"] == 0
    assert result["texts_by_verdict"] == {"matched": 638, "differs": 0, "cannot both be true": 0}
    assert len(result["exceptions"]) == 16
    for cell in result["exceptions"]:
        assert cell["proof"], cell


class Anchors(HTMLParser):
    """The ids on a page and where its links lead."""

    def __init__(self, page):
        super().__init__()
        self.ids, self.links = set(), set()
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        named = dict(attrs)
        self.ids.add(named.get("id"))
        if tag == "a" and named.get("href"):
            self.links.add(named["href"])


@pytest.mark.parametrize("unit", UNITS)
def test_every_link_of_a_package_leads_to_a_file_and_a_place_on_it(region, unit):
    package = region.reports / PERIOD / unit
    pages = {page.name: Anchors(page) for page in package.glob("*.html")}
    assert any("#tabell-" in link for link in pages["sammanfattning.html"].links)
    for name, anchors in pages.items():
        for link in anchors.links:
            path, _, fragment = link.partition("#")
            assert (package / (path or name)).is_file(), (name, link)
            if fragment:
                assert fragment in pages[path or name].ids, (name, link)
