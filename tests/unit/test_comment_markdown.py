"""The text of a comment becomes safe HTML: an allow-list, and everything else stays visible text."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.comments import markdown

ALLOWED = {"p", "ul", "ol", "li", "em", "strong", "br"}


class Seen(HTMLParser):
    """Tags and attributes that a browser would see."""

    def __init__(self):
        super().__init__()
        self.tags, self.attributes, self.text = set(), [], ""

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += [(tag, *item) for item in attrs]

    def handle_comment(self, data):
        self.tags.add(f"comment {data}")

    def handle_decl(self, decl):
        self.tags.add(f"declaration {decl}")

    def handle_data(self, data):
        self.text += data


def seen(text):
    parser = Seen()
    parser.feed(markdown.to_html(text))
    parser.close()
    return parser


def test_paragraphs_lists_bold_and_italics():
    assert markdown.to_html("En *två* **tre**\n\n- a\n- b\n\n1. c") == (
        "<p>En <em>två</em> <strong>tre</strong></p>\n<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n<ol>\n<li>c</li>\n</ol>\n"
    )


ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<b onmouseover='alert(1)'>x</b>",
    "<!-- a -->",
    "<style>@import 'http://x'</style>",
    "[x](javascript:alert(1))",
    "[x](https://example.org)",
    "[x](../../index.html)",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "![x](https://example.org/a.png)",
    "![x](data:image/svg+xml;base64,PHN2Zz4=)",
    "<https://example.org>",
    "https://example.org",
    "[x][y]\n\n[y]: javascript:alert(1)",
    "# Rubrik",
    "Rubrik\n======",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "```html\n<script>alert(1)</script>\n```",
    "    <script>alert(1)</script>",
    "> citat",
    "---",
    "`<script>`",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "**<script>**alert(1)</script>",
    "- <iframe src='//x'>",
    "</div><script>alert(1)</script>",
]


@pytest.mark.parametrize("text", ATTACKS)
def test_nothing_that_runs_fetches_or_breaks_out_is_made(text):
    found = seen(text)
    assert found.tags <= ALLOWED
    assert found.attributes == []


@pytest.mark.parametrize("text", ["[x](javascript:alert(1))", "<script>alert(1)</script>", "# Rubrik", "&lt;b&gt;"])
def test_what_is_not_recognised_is_printed_as_it_was_written(text):
    assert seen(text).text.strip() == text


@given(st.text(alphabet="<>[]()!*_-#`&;:=\"'/\\ \nab1.javscript", max_size=60))
def test_no_text_makes_another_tag_or_an_attribute(text):
    found = seen(text)
    assert found.tags <= ALLOWED
    assert [item for item in found.attributes if item[:2] != ("ol", "start")] == []
