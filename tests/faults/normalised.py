"""What is left of a project when times are taken out of it, for a comparison byte for byte.

Compared is everything that a reader, the next run or an auditor uses: packages with all versions, the portal and its
addresses, the ledger of manifests, the data with their catalog, the snapshots. Left out is what tells of the attempts
themselves and must differ: ``reports/.history``, ``.leases``, ``.status`` and ``status.html``, and locks and drafts in
``reports/.work``.

Taken out are, and nothing else:

- moments of the made day of the tests, wherever they stand: ``2018-04-20T10:15:00.041222+02:00``, ``2018-04-20 10:15``,
  and in words (``20 april 2018 kl. 10.15``);
- how long a report took: ``seconds`` and ``cpu_seconds`` of a manifest;
- checksums of files and pages with times in them (when a delivery was received stands on a page), in manifests and in
  the ledger; the files themselves are compared. That their checksums are right is verified by ``analytics
  verify`` in each round.
"""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any, Final

LEFT_OUT: Final = (".history", ".leases", ".status", ".work", ".outbox", "status.html")
_TIME: Final = re.compile(rb"2018-04-20[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?|20 april 2018 kl\. \d\d\.\d\d")


def outcome(root: Path) -> dict[str, str]:
    """Every file that is compared, by its path, with the checksum of what is left of it."""
    found = {}
    reports = root / "reports"
    folders = [entry for entry in reports.iterdir() if entry.name not in LEFT_OUT] if reports.is_dir() else []
    for folder in (*folders, root / "data/processed", root / "data/raw/.snapshots"):
        for file in sorted((folder, *folder.rglob("*"))):
            if file.is_file():
                found[file.relative_to(root).as_posix()] = hashlib.sha256(_left(file)).hexdigest()
    return found


def _left(file: Path) -> bytes:
    content = file.read_bytes()
    if file.name == "manifest.json":
        return _of_manifest(json.loads(content), file.parent)
    if file.parent.parent.name == ".ledger":
        record = json.loads(content)
        for entry in record["versions"].values():
            del entry["manifest"]
        content = json.dumps(record).encode()
    if file.suffix == ".xlsx":
        with zipfile.ZipFile(BytesIO(content)) as book:
            content = b"\0".join(part for name in book.namelist() for part in (name.encode(), book.read(name)))
    return _TIME.sub(b"<time>", content)


def _of_manifest(record: dict[str, Any], folder: Path) -> bytes:
    for report in record["reports"]:
        del report["seconds"], report["cpu_seconds"]
    record["content"] = sorted(record["content"])
    record["files"] = {name: hashlib.sha256(_left(folder / name)).hexdigest() for name in record["files"]}
    return _TIME.sub(b"<time>", json.dumps(record, ensure_ascii=False).encode())
