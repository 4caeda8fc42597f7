from __future__ import annotations

from pathlib import Path

import pytest

from analytics.reports import links


def write(folder: Path, **pages: str) -> None:
    for name, body in pages.items():
        (folder / f"{name}.html").write_text(body, encoding="utf-8")


def test_links_that_lead_somewhere_are_not_named(tmp_path: Path):
    (tmp_path / "tabeller.xlsx").touch()
    write(
        tmp_path,
        a='<a href="b.html#tabell-x-rubrik">1</a><a class="n" href="b.html">b</a><a href="tabeller.xlsx">t</a>'
        '<a href="../../index.html">alla</a><a href="https://example.se/#x">ut</a><a href="#har">här</a><p id="har">',
        b='<table><caption id="tabell-x-rubrik">X</caption></table>',
    )

    assert links.broken(tmp_path) == []


@pytest.mark.parametrize("href", ["c.html", "b.html#tabell-y-rubrik", "#saknas", "tables/x.csv"])
def test_links_that_lead_nowhere_are_named_with_their_page(tmp_path: Path, href: str):
    write(tmp_path, a=f'<p>Se <a href="{href}">1,7 mnkr</a></p>', b='<p id="tabell-x-rubrik">')

    assert links.broken(tmp_path) == [f"a.html: {href}"]


def test_an_id_within_a_script_is_no_place(tmp_path: Path):
    write(tmp_path, a="""<a href="#x">x</a><script>var text = '<p id="x">';</script>""")

    assert links.broken(tmp_path) == ["a.html: #x"]


def test_tables_are_found_by_their_captions():
    page = '<caption id="tabell-fr1_summary-rubrik">A</caption><th id="tabell-fr1_summary-k0">'

    assert links.tables_on(page) == ("fr1_summary",)
    assert links.to_table("ekonomi", "fr1_summary") == "ekonomi.html#tabell-fr1_summary-rubrik"
