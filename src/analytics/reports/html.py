"""Executed notebook → one self-contained, accessible Swedish page.

nbconvert renders the cells with the template in ``templates/analytics``; the frame around them (``page.html.j2``) is
shared with the quality page and the portal. Nothing is loaded from anywhere: a Content-Security-Policy in the page
itself forbids it, and lets only the page's own scripts run.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from analytics.errors import ReportError
from analytics.reports import vega

TEMPLATES = Path(__file__).parent / "templates"
_HEADING = re.compile(r"<h([1-6])\b([^>]*)>(.*?)</h\1>", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<[^>]+>")
_TABLE = re.compile(
    r"""(?P<region><div\b[^>]*\brole="region"[^>]*>\s*)?(?P<table><table\b[^>]*>.*?</table>)""", re.DOTALL
)
_CAPTION = re.compile(r"<caption\b[^>]*>(.*?)</caption>", re.DOTALL)
_OUTSIDE = re.compile(r"""class=["']utanfor["']""")
_ID = re.compile(r"""\sid=["']([^"']+)["']""")
_EXTERNAL = re.compile(
    r"""<(?:script|img|iframe|source|video|audio|embed)\b[^>]*\ssrc\s*=\s*["']?(?!data:)|<link\b|@import|url\(\s*["']?(?!data:|#)""",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Link:
    """A link in the menu of a page."""

    text: str
    href: str
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """What the frame says around a body. ``about`` is added to the first heading: unit and period.

    ``version`` says which version of a package the page belongs to. ``leads_to`` is a page to go to at once. ``extra``
    names a style and a script among the templates that the page has beside those of all pages.
    ``missing`` are sentences on what the package lacks, below ``missing_heading``; none where nothing is missing.
    """

    title: str
    sender: str
    kind: str
    links: tuple[Link, ...] = ()
    footer: tuple[str, ...] = ()
    synthetic: bool = False
    internal_label: str = ""
    about: str = ""
    version: str = ""
    leads_to: str = ""
    extra: str = ""
    missing_heading: str = ""
    missing: tuple[str, ...] = ()

    @property
    def about_missing(self) -> tuple[str, ...]:
        """Heading and sentences on what is missing; empty where nothing is."""
        return (self.missing_heading, *self.missing) if self.missing else ()


@dataclass(slots=True)
class Heading:
    """One entry of the contents list; ``text`` is escaped HTML text."""

    slug: str
    text: str
    children: list[Heading] = field(default_factory=list)


def report_body(notebook: Any) -> str:
    """The prose and results of an executed notebook as HTML, without code."""
    body: str = _exporter().from_notebook_node(notebook)[0]
    return body


@cache
def _exporter() -> Any:
    from nbconvert.exporters import HTMLExporter, TemplateExporter

    class CellsExporter(HTMLExporter):
        """Without HTMLExporter's second parse of the whole page, which costs more than the rendering."""

        def from_notebook_node(self, nb: Any, resources: Any = None, **kw: Any) -> Any:
            return TemplateExporter.from_notebook_node(self, nb, resources, **kw)

    make: Callable[..., Any] = CellsExporter
    exporter = make(
        template_name="analytics",
        extra_template_basedirs=[str(TEMPLATES)],
        exclude_anchor_links=True,
        exclude_input=True,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
    )
    exporter.template  # noqa: B018 - compiled here once, before any fork
    return exporter


@cache
def _frame() -> Any:
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=False,  # noqa: S701 - bodies are HTML; the rest passes through |e
        trim_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    return environment.get_template("page.html.j2")


@cache
def _text(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def warm() -> None:
    """Compile the templates, so that processes forked afterwards need not."""
    _exporter()
    _frame()


def page(frame: Page, body: str, *, vega_cache: Path | None = None) -> str:
    """The whole page. The Vega scripts come in only if the body has charts and ``vega_cache`` is given.

    Raises ReportError if the body would load something from elsewhere or does not have exactly one first heading.
    """
    found = _EXTERNAL.search(body)
    if found is not None:
        raise ReportError(
            f"the page {frame.title!r} would load something from outside: {found[0][:60]!r}",
            action="Remove it from the notebook; pages must work without a network.",
        )
    body, headings = with_contents(body)
    first_headings = len(re.findall(r"<h1\b", body))
    if first_headings != 1:
        raise ReportError(
            f"the page {frame.title!r} has {first_headings} headings of the first level; it must have one",
            action="Begin the notebook with one '# Heading' and use ## and ### below it.",
        )
    body = _with_scrolling_tables(_with_about(body, frame.about))
    scripts = [_text("page.js"), *([_text(f"{frame.extra}.js")] if frame.extra else [])]
    if 'class="vega-spec"' in body and vega_cache is not None:
        scripts += [vega.bundle(vega_cache), vega.starter()]
    policy = "; ".join(
        [
            "default-src 'none'",
            "style-src 'unsafe-inline'",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
            f"script-src {' '.join(_csp_hash(script) for script in scripts)}",
        ]
    )
    frame_without_marks = _marks_said_once(frame, body)
    text: str = _frame().render(
        page=frame_without_marks,
        neighbours=_neighbours(frame.links),
        body=body,
        headings=headings if len(headings) > 1 else [],
        scripts=scripts,
        style=_text("style.css") + (_text(f"{frame.extra}.css") if frame.extra else ""),
        paper=_paper(frame),
        policy=policy,
    )
    return text


def _paper(frame: Page) -> str:
    """What stands on every sheet of paper: whose report it is, the marks it must carry, when it was made, its number.

    A sheet that is copied alone says that its figures are generated, internal or not complete. Browsers without margin
    boxes leave it out; the first page carries the marks in any case.
    """
    synthetic = "SYNTETISKA DATA" if frame.synthetic else ""
    marks = " · ".join(filter(None, (synthetic, frame.internal_label, frame.missing_heading)))
    boxes = {
        "top-left": _css_string(f"{frame.sender} · {frame.title}" if frame.sender not in frame.title else frame.title),
        "top-right": _css_string(marks),
        "bottom-left": _css_string(frame.footer[0] if frame.footer else ""),
        "bottom-right": '"Sida " counter(page) " av " counter(pages)',
    }
    look = "font: 8pt system-ui, 'Segoe UI', Arial, sans-serif; color: #000; white-space: pre"
    return "@page { " + " ".join(f"@{box} {{ content: {text}; {look} }}" for box, text in boxes.items()) + " }"


def _css_string(text: str) -> str:
    """A string of CSS that cannot end early, nor end the style element."""
    return '"' + "".join(f"\\{ord(sign):x} " if sign in '"\\<>&\n\r\f' else sign for sign in text) + '"'


def _neighbours(menu: tuple[Link, ...]) -> list[tuple[str, Link]]:
    """The pages before and after the current one in the package, for the foot of the page."""
    pages = [link for link in menu if link.href.endswith(".html") and "/" not in link.href]
    here = next((place for place, link in enumerate(pages) if link.is_current), None)
    if here is None:
        return []
    before = [("Föregående", pages[here - 1])] if here else []
    return before + [("Nästa", link) for link in pages[here + 1 : here + 2]]


def _marks_said_once(frame: Page, body: str) -> Page:
    has_synthetic = re.search(r'class="[^"]*\bsyntetisk\b', body) is not None
    has_internal = re.search(r'class="[^"]*\bintern\b', body) is not None
    return replace(
        frame,
        synthetic=frame.synthetic and not has_synthetic,
        internal_label="" if has_internal else frame.internal_label,
    )


def _csp_hash(script: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def slug(text: str) -> str:
    """A stable identifier: ``Övertid & mertid`` → ``overtid-mertid``."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "avsnitt"


def with_contents(body: str) -> tuple[str, list[Heading]]:
    """Give every h2 and h3 a stable id; return the body and the contents list. Those of class utanfor are left out."""
    headings: list[Heading] = []
    taken = {"innehall"}

    def place(match: re.Match[str]) -> str:
        level, attributes, inner = match[1], match[2], match[3]
        if level not in "23" or _OUTSIDE.search(attributes):
            return match[0]
        text = html.unescape(_TAG.sub("", inner)).strip()
        # nbconvert's own ids keep spaces and Swedish letters; ours are safe in links and mails.
        base = slug(text)
        unique, number = base, 2
        while unique in taken:
            unique, number = f"{base}-{number}", number + 1
        taken.add(unique)
        entry = Heading(unique, html.escape(text))
        if level == "2" or not headings:
            headings.append(entry)
        else:
            headings[-1].children.append(entry)
        return f'<h{level}{_ID.sub("", attributes)} id="{unique}">{inner}</h{level}>'

    return _HEADING.sub(place, body), headings


def _with_about(body: str, about: str) -> str:
    """Let the first heading say what the page is about: ``Personal – Staben, mars 2018`` when it is read aloud."""
    if not about:
        return body
    added = f'<span class="dold"> – </span><span class="rubrik-galler">{html.escape(about)}</span></h1>'
    return body.replace("</h1>", added, 1)


def _with_scrolling_tables(body: str) -> str:
    """Let wide tables scroll within a region of their own that the keyboard reaches and a screen reader can name."""
    number = 0

    def wrap(match: re.Match[str]) -> str:
        nonlocal number
        if match["region"]:
            return match[0]
        number += 1
        caption = _CAPTION.search(match[0])
        name = html.unescape(_TAG.sub(" ", caption[1])) if caption else f"Tabell {number}"
        label = html.escape(" ".join(name.split()), quote=True)
        return f'<div class="tabell-rulle" role="region" tabindex="0" aria-label="{label}">{match[0]}</div>'

    # The text of a caption stands in a box of its own, which stays in view while the table scrolls sideways.
    return _CAPTION.sub(_boxed_caption, _TABLE.sub(wrap, body))


def _boxed_caption(match: re.Match[str]) -> str:
    start = match.start(1) - match.start()
    return f'{match[0][:start]}<span class="tabellrubrik">{match[1]}</span></caption>'
