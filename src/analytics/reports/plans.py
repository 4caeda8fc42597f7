"""What a run knows before it begins, and each unit's way from there to a package."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from analytics import needs
from analytics.companions import Said
from analytics.exports.table_data import TableData
from analytics.measures.catalogue.summary import TELLER
from analytics.needs import Missing
from analytics.organisation import Unit
from analytics.periods import Period
from analytics.reports import choices, inputs, ledger, links, manifest, package, parameters, versions
from analytics.reports.inputs import Inputs
from analytics.reports.manifest import Manifest, ReportEntry
from analytics.settings import Audience, Settings


@dataclass(slots=True)
class UnitPlan:
    """One unit on its way to a package.

    ``published`` is the package that it has when the run begins. ``missing`` is what the new one is made without,
    ``left_out`` report → why it cannot be made for that. ``whole``: all reports that can be made are asked for.
    """

    unit: Unit
    reports: tuple[str, ...]
    draft: Path
    target: Path
    inputs: Inputs
    version: int
    published: Manifest | None = None
    missing: tuple[Missing, ...] = ()
    left_out: dict[str, str] = field(default_factory=dict)
    whole: bool = True
    entries: dict[str, ReportEntry] = field(default_factory=dict)
    tables: dict[str, tuple[TableData, ...]] = field(default_factory=dict)
    shown: dict[str, tuple[str, ...]] = field(default_factory=dict)
    commented: dict[str, None] = field(default_factory=dict)
    said: dict[str, tuple[Said, ...]] = field(default_factory=dict)
    ended: int = 0
    failed: bool = False

    @property
    def places(self) -> dict[str, str]:
        """Table → link to it; of two reports that show it the first in the order of the package."""
        found: dict[str, str] = {}
        for name in self.reports:
            for table_id in self.shown.get(name, ()):
                found.setdefault(table_id, links.to_table(name, table_id))
        return found

    @property
    def waits(self) -> bool:
        """Whether all reports have ended but the one that tells of the others."""
        return TELLER in self.reports and self.ended == len(self.reports) - 1

    @property
    def code(self) -> str:
        return self.unit.code


@dataclass(frozen=True, kw_only=True, slots=True)
class Basis:
    """What holds for all units of a run.

    ``notebooks`` are the reports by name, ``inputs`` those of the month without comments, ``lacking`` unit → report →
    why the unit can never get it, ``missing`` unit → deliveries that have not come, and ``workspace`` is the folder for
    drafts.
    """

    settings: Settings
    period: Period
    audience: str
    limits: Audience
    now: datetime
    code_version: str
    notebooks: dict[str, Path]
    inputs: Inputs
    lacking: dict[str, dict[str, str]]
    missing: Mapping[str, tuple[Missing, ...]]
    workspace: Path

    @property
    def reports(self) -> Path:
        """The folder of all packages."""
        return self.settings.paths.reports

    def plan(self, unit: Unit, asked: tuple[str, ...]) -> UnitPlan:
        """Which reports a unit gets and where. Raises UsageError if a notebook's parameters do not fit."""
        target = package.folder_of(
            self.reports, audience_folder=self.limits.folder, period=str(self.period), unit=unit.code
        )
        existing = manifest.read(target)
        held = {entry.name for entry in existing.reports} if existing else set()
        entries = ledger.read(ledger.file_of(self.reports, target))
        left_out = self.left_out(unit.code)
        wanted = [name for name in self.notebooks if name not in {**self.lacking.get(unit.code, {}), **left_out}]
        names = tuple(name for name in wanted if not asked or name in asked or name in held)
        for name in names:
            parameters.check(self.notebooks[name], self.parameters(unit))
        number = versions.next_number(existing, entries)
        return UnitPlan(
            unit,
            names,
            self.workspace / unit.code,
            target,
            self.inputs_of(unit),
            number,
            existing,
            self.missing.get(unit.code, ()),
            left_out,
            len(names) == len(wanted),
        )

    def left_out(self, unit: str) -> dict[str, str]:
        """Report → why it cannot be made from what has come for a unit, in Swedish."""
        return needs.left_out(self.missing.get(unit, ()), self.title_of)

    def sentences(self, unit: str) -> tuple[str, ...]:
        """What readers are told that a unit's package is made without."""
        return needs.sentences(self.missing.get(unit, ()), self.title_of)

    def title_of(self, report: str) -> str:
        """The title of a report; empty if there is none of that name."""
        return choices.title_of(self.notebooks[report]) if report in self.notebooks else ""

    def is_made(self, plan: UnitPlan, *, own: bool) -> bool:
        """Whether the published package is what this run would make: the same reports, from the same inputs.

        ``own``: only if this run has made it. Otherwise also if the same code has; code that was changed by hand since
        its commit (``+``) is never taken for the same.
        """
        there = plan.published
        if there is None or there.data_version != plan.inputs.version:
            return False
        if (there.whole, there.missing_in_words) != (plan.whole, self.sentences(plan.code)):
            return False
        if tuple(entry.name for entry in there.reports) != plan.reports:
            return False
        is_same_code = there.identity.code_version == self.code_version and not self.code_version.endswith("+)")
        return self.is_own(plan) or (is_same_code and not own)

    def is_own(self, plan: UnitPlan) -> bool:
        """Whether this run has published the unit's package, in a process that died since."""
        return plan.published is not None and plan.published.identity.created == self.created

    @property
    def created(self) -> str:
        """The time of making as the manifest has it; it tells one run from another."""
        return self.now.isoformat(timespec="seconds")

    def inputs_of(self, unit: Unit) -> Inputs:
        """The inputs of a unit as they are now, with the comments that it prints."""
        return inputs.with_comments(
            self.inputs, self.settings, period=self.period, unit=unit.code, audience=self.audience
        )

    def parameters(self, unit: Unit) -> dict[str, parameters.Literal]:
        """What a unit's notebooks are given."""
        return {"period": str(self.period), "unit": unit.code, "audience": self.audience}

    @property
    def internal_label(self) -> str:
        """What every page of an internal package says on top; empty for the public."""
        return self.limits.label if self.audience == "internal" else ""
