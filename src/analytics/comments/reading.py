"""From a file to a comment: encoding, front matter, keys, and what a comment may not hold."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from analytics.comments import front_matter, markdown
from analytics.comments.model import APPROVED, KEYS, KINDS, STATES, About, Comment
from analytics.errors import CommentError, Location
from analytics.measures.catalogue import TABLES, TableSpec, focus
from analytics.settings import Focus

SUFFIX: Final = ".md"
README: Final = "README.md"
LARGEST: Final = 50_000
"""Bytes; a longer comment is no comment."""
LONGEST_ROLE: Final = 60
_MONTH: Final = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")
_NAME: Final = re.compile(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*\.md")
_ROLE: Final = re.compile(r"[A-Za-zÅÄÖåäöé][A-Za-zÅÄÖåäöé /,-]*")
# Control and format characters (they hide or reorder text), separators of lines that are none, and characters that
# every computer shows differently.
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
_RIGHT_TO_LEFT: Final = frozenset({"R", "AL", "AN"})
_TAG: Final = re.compile(r"<[^>]*>")
_DESCRIPTIVE: Final = ("level", "parent")


def files(folder: Path, period: str, unit: str) -> list[Path]:
    """The comment files of a month and unit, by name.

    Raises CommentError for anything else that lies in the folder: a comment under a wrong name would be lost silently.
    """
    place = folder / period / unit
    if not place.is_dir():
        return []
    found = []
    for path in sorted(place.iterdir()):
        if path.name.startswith(".") or path.name == README:
            continue
        if not path.is_file() or path.is_symlink() or not _NAME.fullmatch(path.name):
            raise CommentError(
                f"{path.name} is no comment file",
                where=Location(path),
                action="Name it in small letters a–z, digits, hyphens and dots, ending in .md, or move it away.",
            )
        found.append(path)
    return found


def read_all(folder: Path, period: str, unit: str, areas: Sequence[Focus] = ()) -> tuple[Comment, ...]:
    """Every comment of a month and unit, by file name.

    Raises CommentError for the first file that cannot be read, and where two approved ones are about the same figure.
    """
    comments = tuple(read(file, period=period, unit=unit, areas=areas) for file in files(folder, period, unit))
    seen: dict[tuple[About, str], Comment] = {}
    for comment in comments:
        if comment.state != APPROVED:
            continue
        other = seen.setdefault((comment.about, comment.kind), comment)
        if other is not comment:
            raise CommentError(
                f"{other.file.name} is approved and about the same figure",
                where=Location(comment.file),
                action="Keep one of them; put both texts in it if both are needed.",
            )
    return comments


def read(file: Path, *, period: str, unit: str, areas: Sequence[Focus] = ()) -> Comment:
    """One comment of the folder of a month and unit; ``areas`` are the declared focus areas.

    Raises CommentError with file, line and what to do.
    """
    return read_text(_bytes(file), file, period=period, unit=unit, areas=areas)


def read_text(content: str | bytes, file: Path, *, period: str, unit: str, areas: Sequence[Focus] = ()) -> Comment:
    """The same of what stands, or is about to stand, in a file."""
    text = _checked_text(content.encode("utf-8") if isinstance(content, str) else content, file)
    matter, body = front_matter.split(text, file)
    fields, lines = front_matter.parse(matter, file)
    known = _checked_keys(fields, lines, file)
    about_given = fields["about"]
    if isinstance(about_given, str):
        raise _wrong("about", "must hold table: and the keys of the row, each on its own line", lines, file)
    about = _about(about_given, areas, lines, file)
    for name, value in known.items():
        # Again after YAML has read its escapes.
        _refuse_hidden(value, file, lines[name])
    _refuse_hidden(str(about), file, lines["about"])
    _refuse_hidden(_TAG.sub("", markdown.to_html(body)), file, None)
    for name, expected in (("period", period), ("unit", unit)):
        if known[name] != expected:
            raise _wrong(name, f"is {known[name]!r}, but the file lies in the folder of {expected}", lines, file)
    for name, allowed in (("kind", tuple(KINDS)), ("state", STATES)):
        if known[name] not in allowed:
            raise _wrong(name, f"must be one of {', '.join(allowed)}", lines, file)
    _check_role(known["author_role"], lines, file)
    _check_date(known["date"], lines, file)
    if known["state"] == APPROVED and not known["figure"].strip():
        raise _wrong("figure", "is empty although the comment is approved", lines, file)
    if not body:
        raise CommentError(
            "there is no text after the front matter",
            where=Location(file),
            action="Write the text.",
            swedish="Det finns ingen text. Skriv den först.",
        )
    return Comment(file=file, about=about, text=body, **known)


def _bytes(file: Path) -> bytes:
    try:
        # One byte more than is taken, so that a huge file is refused without being read.
        with file.open("rb") as stream:
            return stream.read(LARGEST + 1)
    except OSError as error:
        raise CommentError(
            f"the file cannot be read: {error.strerror}", where=Location(file), action="Check that you may read it."
        ) from None


def is_name(name: str) -> bool:
    """Whether a comment file may be called so."""
    return _NAME.fullmatch(name) is not None


def _checked_text(content: bytes, file: Path) -> str:
    """UTF-8 without control characters or personal identity numbers."""
    if len(content) > LARGEST:
        raise CommentError(
            f"the file is larger than {LARGEST} bytes",
            where=Location(file),
            action="Shorten the text.",
            swedish="Texten är för lång. Korta den.",
        )
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise CommentError("the file is not UTF-8", where=Location(file), action="Save it as UTF-8.") from None
    for number, line in enumerate(text.split("\n"), start=1):
        _refuse_hidden(line, file, number)
    return unicodedata.normalize("NFC", text)


def refuse_strays(folder: Path, period: str, units: Iterable[str]) -> None:
    """Raise CommentError for comments that no report would ever look at, since month or unit are called otherwise.

    ``units`` are those that have reports in the month.
    """
    known = set(units)
    for months in _visible(folder):
        if not months.is_dir() or not _MONTH.fullmatch(months.name):
            raise _stray(months, "is no month", "Name the folder as the month of the report: 2018-03.")
    for place in _visible(folder / period):
        if not place.is_dir() or place.name not in known:
            raise _stray(place, f"is no unit with reports in {period}", f"There are: {', '.join(sorted(known))}.")


def _visible(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return [path for path in sorted(folder.iterdir()) if not path.name.startswith(".") and path.name != README]


def _stray(path: Path, problem: str, action: str) -> CommentError:
    return CommentError(
        f"{path.name} {problem}, so no report would print what lies there", where=Location(path), action=action
    )


def _refuse_hidden(text: str, file: Path, number: int | None) -> None:
    """Raise CommentError for what readers cannot see or would see otherwise, and for personal identity numbers."""
    # Polars comes with it; a process that only shows help has no need of either.
    from analytics.sources.personal import holds_identity_number

    for char in text:
        if unicodedata.category(char) in _UNSEEN and char not in "\t\n":
            problem = f"there is an invisible control character or one without a common form (U+{ord(char):04X})"
        elif unicodedata.bidirectional(char) in _RIGHT_TO_LEFT:
            problem = f"a letter is read from right to left (U+{ord(char):04X}) and would turn the figures around it"
        elif char.isdecimal() and not char.isascii():
            problem = f"a figure is written with the digits of another script (U+{ord(char):04X})"
        else:
            continue
        raise CommentError(
            problem,
            where=Location(file, number),
            action="Remove it: write the line again by hand instead of pasting it.",
            swedish=f"Rad {number or ''} i filen har ett tecken som inte syns eller som läses på annat sätt "
            f"(U+{ord(char):04X}). Skriv raden för hand i stället för att klistra in den.",
        )
    if holds_identity_number(text):
        raise CommentError(
            "a personal identity number stands where none may be",
            where=Location(file, number),
            action="Remove it, and delete every copy of the file that holds it.",
            swedish="Texten innehåller ett personnummer. Ta bort det.",
        )


_ONE_LINE = {"author_role": "Rollen ska stå på en enda rad."}
"""Key that a panel asks for → what is said where it has several lines."""


def _checked_keys(fields: front_matter.Fields, lines: dict[str, int], file: Path) -> dict[str, str]:
    for name in fields:
        if name not in KEYS:
            raise _wrong(name, f"is unknown; the keys are {', '.join(KEYS)}", lines, file)
    missing = [name for name in KEYS if name not in fields]
    if missing:
        raise CommentError(
            f"the key {missing[0]!r} is missing",
            where=Location(file, 1),
            action=f"Every comment has the keys {', '.join(KEYS)}.",
        )
    known: dict[str, str] = {}
    for name in KEYS[1:]:
        value = fields[name]
        if not isinstance(value, str) or "\n" in value:
            raise _wrong(name, "must be one line of text", lines, file, swedish=_ONE_LINE.get(name, ""))
        known[name] = value
    return known


def addressable(spec: TableSpec) -> tuple[str, ...]:
    """The keys that can single out a cell of a table."""
    return tuple(key for key in spec.keys if not key.endswith("_label") and key not in ("label", "parent"))


def _about(given: Mapping[str, str], areas: Sequence[Focus], lines: dict[str, int], file: Path) -> About:
    table = given.get("table", "")
    spec = TABLES.get(table) or focus.spec_of(table, areas)
    if spec is None:
        raise _wrong("about", f"names the table {table!r}, which does not exist", lines, file)
    keys = {name: value for name, value in given.items() if name != "table"}
    for name in keys:
        if name not in addressable(spec):
            known = ", ".join(addressable(spec))
            raise _wrong("about", f"has the key {name!r}; the keys of {table} are {known}", lines, file)
    if not set(keys) - set(_DESCRIPTIVE) - {"column"}:
        raise _wrong("about", f"names no row; the keys of {table} are {', '.join(addressable(spec))}", lines, file)
    order = addressable(spec)
    about = About.of(table, keys)
    return About(table, tuple(sorted(about.keys, key=lambda item: order.index(item[0]))))


def _check_role(role: str, lines: dict[str, int], file: Path) -> None:
    """A role such as Controller: letters only, so that no number and no address can stand there."""
    if not _ROLE.fullmatch(role.strip()) or len(role) > LONGEST_ROLE:
        raise _wrong(
            "author_role",
            "must be a role in letters, such as Controller; never a name",
            lines,
            file,
            swedish="Rollen skrivs med bokstäver, till exempel Controller, och är aldrig ett namn.",
        )


def _check_date(given: str, lines: dict[str, int], file: Path) -> None:
    try:
        is_day = date.fromisoformat(given).isoformat() == given
    except ValueError:
        is_day = False
    if not is_day:
        raise _wrong("date", "must be a day written ÅÅÅÅ-MM-DD", lines, file)


def _wrong(name: str, problem: str, lines: dict[str, int], file: Path, *, swedish: str = "") -> CommentError:
    return CommentError(
        f"{name} {problem}",
        where=Location(file, lines.get(name)),
        action="Mend the line; docs/comments.md shows a whole file.",
        swedish=swedish,
    )
