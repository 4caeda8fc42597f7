from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest

from analytics.errors import ReportError
from analytics.reports import html, vega

FRAME = html.Page(
    "Personal – mars 2018", "Region Blekinge", "rapport", (html.Link("Alla", "../../index.html"),), ("Fot.",)
)
SPEC = '<figure class="diagram"><div class="vega-plats"></div><script type="application/json" class="vega-spec">{}</script></figure>'


def test_code_prompts_and_warnings_are_not_on_the_page():
    cell = nbformat.v4.new_code_cell(
        "secret_code()",
        execution_count=4,
        outputs=[
            nbformat.v4.new_output("display_data", data={"text/html": "<p>Visas</p>", "text/plain": "Plain"}),
            nbformat.v4.new_output(
                "execute_result", data={"text/html": "<p>Resultat</p>", "application/vnd.vegalite.v5+json": {}}
            ),
            nbformat.v4.new_output("stream", name="stderr", text="FutureWarning"),
            nbformat.v4.new_output("stream", name="stdout", text="a < b"),
        ],
    )
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Rubrik\n\n*Text*"), cell])

    body = html.report_body(notebook)

    assert "<h1>Rubrik</h1>" in body
    assert "<em>Text</em>" in body
    assert body.count("<p>Visas</p>") == 1
    assert body.count("<p>Resultat</p>") == 1
    assert "a &lt; b" in body
    for hidden in ("secret_code", "In [", "Out[", "FutureWarning", "Plain", "¶"):
        assert hidden not in body


def test_headings_get_stable_ids_and_make_the_contents_list():
    body, headings = html.with_contents(
        '<h1>Rubrik</h1><h2 id="x y">Övertid &amp; mertid</h2><h3>Per månad</h3><h2>Frånvaro</h2><h3><em>Per månad</em></h3>'
    )

    assert [(each.slug, each.text) for each in headings] == [
        ("overtid-mertid", "Övertid &amp; mertid"),
        ("franvaro", "Frånvaro"),
    ]
    assert [each.slug for each in headings[0].children + headings[1].children] == ["per-manad", "per-manad-2"]
    assert '<h2 id="overtid-mertid">' in body
    assert "x y" not in body


def test_the_page_is_swedish_titled_and_has_landmarks():
    page = html.page(FRAME, "<h1>Personal</h1><h2>Ett</h2><h2>Två</h2>")

    assert '<html lang="sv">' in page
    assert "<title>Personal – mars 2018</title>" in page
    for part in ('<a class="hoppa" href="#innehall">', "<header", "<main", "<nav", "<footer", 'href="#tva"'):
        assert part in page


def test_only_pages_with_charts_carry_vega_and_only_own_scripts_may_run(tmp_path: Path):
    plain = html.page(FRAME, "<h1>Personal</h1>", vega_cache=tmp_path)
    charts = html.page(FRAME, f"<h1>Personal</h1>{SPEC}", vega_cache=tmp_path)

    assert "vegaEmbed" not in plain
    assert "vegaEmbed" in charts
    for page in (plain, charts):
        policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1]
        scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
        allowed = set(re.findall(r"'sha256-([^']+)'", policy))
        assert allowed == {base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in scripts}
        assert "default-src 'none'" in policy
        assert "unsafe-eval" not in policy


@pytest.mark.parametrize(
    "body",
    [
        '<script src="https://example.se/x.js"></script>',
        "<img alt='' src='bild.png'>",
        '<link rel="stylesheet" href="x.css">',
        "<style>@import 'x.css'</style>",
        "<p style=\"background:url('x.png')\">",
        '<iframe src="https://example.se"></iframe>',
    ],
)
def test_a_body_that_would_load_something_is_refused(body: str):
    with pytest.raises(ReportError, match="outside"):
        html.page(FRAME, f"<h1>Personal</h1>{body}")


@pytest.mark.parametrize("body", ["<p>Text</p>", "<h1>Ett</h1><h1>Två</h1>"])
def test_a_page_has_one_first_heading(body: str):
    with pytest.raises(ReportError, match="it must have one"):
        html.page(FRAME, body)


def test_marks_are_shown_and_said_once():
    marked = html.Page("T", "R", "rapport", synthetic=True, internal_label="Intern – får inte spridas")

    # On the screen; the sheets of paper carry them as well.
    page = html.page(marked, "<h1>Personal</h1>").partition("</style>")[2]
    assert page.count("SYNTETISKA DATA") == 1
    assert page.count("Intern – får inte spridas") == 1
    with_own = html.page(
        marked, '<h1>P</h1><p class="syntetisk">SYNTETISKA DATA</p><p class="intern">Intern – får inte spridas</p>'
    ).partition("</style>")[2]
    assert with_own.count("SYNTETISKA DATA") == 1
    assert with_own.count("Intern – får inte spridas") == 1


def test_wide_tables_scroll_in_a_named_region_unless_they_already_do():
    table = '<table class="rapport-tabell"><caption>Utfall <b>"kr"</b></caption></table>'
    page = html.page(FRAME, f'<h1>P</h1>{table}<div class="tabellyta" role="region" tabindex="0">{table}</div>')

    assert page.count('role="region"') == 2
    assert 'tabindex="0" aria-label="Utfall &quot;kr&quot;"><table' in page


def test_titles_and_links_are_escaped():
    frame = html.Page("<b>", "A & B", "rapport", (html.Link("<i>", 'x"y'),), ("<u>",))
    page = html.page(frame, "<h1>P</h1>")

    assert "<title>&lt;b&gt;</title>" in page
    for raw in ("<b>", "<i>", "<u>", 'x"y'):
        assert raw not in page


def test_the_vega_bundle_is_made_once_and_made_again_when_damaged(tmp_path: Path):
    first = vega.bundle(tmp_path)
    file = next(tmp_path.glob("*.js"))
    stamp = file.stat().st_mtime_ns

    assert vega.bundle(tmp_path) == first
    assert file.stat().st_mtime_ns == stamp
    file.write_text("damaged")
    assert vega.bundle(tmp_path) == first
    assert "</script" not in first


def test_the_first_heading_names_unit_and_period():
    page = html.page(replace(FRAME, about="Staben & co, mars 2018"), "<h1>Personal</h1>")
    heading = page[page.index("<h1>") : page.index("</h1>")]

    assert re.sub(r"<[^>]+>", "", heading) == "Personal – Staben &amp; co, mars 2018"


def test_captions_have_a_box_that_stays_in_view():
    table = '<table><caption id="a">Antal</caption><tbody></tbody></table>'

    assert '<caption id="a"><span class="tabellrubrik">Antal</span></caption>' in html.page(FRAME, f"<h1>P</h1>{table}")


def test_every_sheet_of_paper_says_whose_it_is_and_which_marks_it_carries():
    hostile = replace(FRAME, title='A "B" </style>\\', synthetic=True, internal_label="Intern – får inte spridas")

    page = html.page(hostile, '<h1>Personal</h1><p class="syntetisk">x</p><p class="intern">x</p>')

    style = page[page.index("<style>") : page.index("</style>")]
    paper = style[style.rindex("@page {") :]
    assert '@top-right { content: "SYNTETISKA DATA · Intern – får inte spridas"' in paper
    assert 'A \\22 B\\22  \\3c /style\\3e \\5c "' in paper
    assert '"Sida " counter(page) " av " counter(pages)' in paper
    assert page.count("</style>") == 1
    assert '@top-right { content: ""' in html.page(FRAME, "<h1>Personal</h1>")
