"""What the files beside a package's reports are made from (``assembly``), and what the pages among them are called."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from analytics.exports.table_data import TableData
from analytics.needs import Missing
from analytics.reports import html
from analytics.reports.inputs import Inputs
from analytics.reports.manifest import Identity, ReportEntry
from analytics.reports.texts import Texts
from analytics.settings import Audience

QUALITY: Final = "datakvalitet.html"
DIFFERENCES: Final = "andringar.html"
INDEX: Final = "index.html"


@dataclass(frozen=True, slots=True)
class PackageTask:
    """The files beside the reports, for a unit whose reports are all made.

    ``published`` is the folder of the unit's package as it was before this run; it may not exist. ``places`` gives
    table → link to it. ``missing`` is what the package is made without; what its pages say of it stands in ``frame``.
    """

    draft: Path
    published: Path
    identity: Identity
    unit_title: str
    period_label: str
    reports: tuple[ReportEntry, ...]
    tables: tuple[TableData, ...]
    inputs: Inputs
    frame: html.Page
    created: datetime
    not_made: dict[str, str]
    texts: Texts
    places: dict[str, str]
    limits: Audience
    missing: tuple[Missing, ...] = ()
    whole: bool = True
