"""``texts.json``: key figures, sentences and comments of the reports, and how they differ from an earlier version."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from analytics.companions import Said
from analytics.errors import Location, ReportError
from analytics.reports.manifest import Manifest

FILE_NAME: Final = "texts.json"
Texts = Mapping[str, Sequence[Said]]
"""Report → what it says, in the order of the page."""


@dataclass(frozen=True, slots=True)
class TextChange:
    """One text of a report then and now; empty in the version that lacks it."""

    report: str
    kind: str
    table_id: str
    about: str
    before: str
    after: str


def write(folder: Path, texts: Texts) -> None:
    """Keep the texts in the package, so that a later version can tell what changed."""
    record = {report: [asdict(each) for each in said] for report, said in texts.items()}
    (folder / FILE_NAME).write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def read(folder: Path, record: Manifest) -> dict[str, list[Said]] | None:
    """The texts of a published package; None if it has none or if the file is not the one that was published."""
    file = folder / FILE_NAME
    content = file.read_bytes() if file.is_file() else b""
    if record.files.get(FILE_NAME) != hashlib.sha256(content).hexdigest():
        return None
    try:
        found = json.loads(content)
        return {report: [Said(**each) for each in said] for report, said in found.items()}
    except (ValueError, TypeError, AttributeError):
        raise ReportError(
            "the texts of the package are damaged", where=Location(file), action="Run the package again."
        ) from None


def compare(
    before: Texts, after: Texts, *, tellable: Collection[tuple[str, str]]
) -> tuple[tuple[TextChange, ...], int]:
    """Texts that differ and may be told, and how many differ but may not.

    ``tellable`` holds (kind, table) of the texts that may be told then and now. The same change is told once, where it
    stands first.
    """
    found: dict[tuple[str, str, str], TextChange] = {}
    untold = 0
    for report in dict.fromkeys((*after, *before)):
        old, new = _numbered(before.get(report, ())), _numbered(after.get(report, ()))
        for key in dict.fromkeys((*new, *old)):
            kind, table_id, about, _ = key
            change = TextChange(report, kind, table_id, about, old.get(key, ""), new.get(key, ""))
            if change.before == change.after:
                continue
            if (kind, table_id) in tellable:
                found.setdefault((kind, change.before, change.after), change)
            else:
                untold += 1
    return tuple(found.values()), untold


def _numbered(said: Sequence[Said]) -> dict[tuple[str, str, str, int], str]:
    """Texts by what they are about; of several about the same the first, the second and so on."""
    found: dict[tuple[str, str, str, int], str] = {}
    for each in said:
        number = 0
        while (each.kind, each.table_id, each.about, number) in found:
            number += 1
        found[each.kind, each.table_id, each.about, number] = each.text
    return found
