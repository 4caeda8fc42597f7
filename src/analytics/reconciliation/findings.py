"""What an audit says: findings with the keys that other programs rely on, and how many checks were made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Literal

Verdict = Literal["rounding", "contradiction", "implausible"]
VERDICTS: tuple[Verdict, ...] = ("contradiction", "implausible", "rounding")


@dataclass(frozen=True, slots=True)
class Finding:
    """One printed figure that does not agree with what it is checked against."""

    file: str
    location: str
    check: str
    printed: str
    recomputed: str
    verdict: Verdict
    why: str


@dataclass(frozen=True, slots=True)
class Result:
    """Outcome of one check: it held (``finding`` is None) or this is what was found."""

    check: str
    finding: Finding | None = None


@dataclass(frozen=True)
class AuditReport:
    """Findings of one folder, worst first, and what was and was not checked."""

    folder: str
    findings: tuple[Finding, ...]
    made: dict[str, int]
    held: dict[str, int]
    not_audited: tuple[str, ...]
    not_checkable: tuple[str, ...]
    """Statements of the text that no table answers."""

    def of(self, verdict: Verdict) -> tuple[Finding, ...]:
        """The findings with one verdict."""
        return tuple(finding for finding in self.findings if finding.verdict == verdict)

    def as_record(self) -> dict[str, object]:
        """The report as data, for ``--json``."""
        return {
            "folder": self.folder,
            "summary": {
                "checks_made": sum(self.made.values()),
                "checks_held": sum(self.held.values()),
                "by_verdict": {verdict: len(self.of(verdict)) for verdict in VERDICTS},
                "by_check": {
                    check: {"made": count, "held": self.held.get(check, 0)}
                    for check, count in sorted(self.made.items())
                },
                "text_statements_not_checkable": len(self.not_checkable),
                "not_checkable": list(self.not_checkable),
                "files_not_audited": list(self.not_audited),
            },
            "findings": [asdict(finding) for finding in self.findings],
        }

    def __str__(self) -> str:
        lines = [
            f"Audit of {self.folder}: {sum(self.made.values())} checks made, {sum(self.held.values())} held exactly, "
            + ", ".join(f"{len(self.of(verdict))} {verdict}" for verdict in VERDICTS)
        ]
        for verdict in VERDICTS:
            found = self.of(verdict)
            if found:
                lines += ["", f"{verdict.upper()} ({len(found)})"]
            for item in found:
                lines.append(f"  {item.file}: {item.location}")
                lines.append(f"    {item.check}: printed {item.printed}, recomputed {item.recomputed}. {item.why}")
        if self.not_checkable:
            lines += ["", f"Statements of the text that no table answers ({len(self.not_checkable)}):"]
            lines += [f"  {statement}" for statement in self.not_checkable]
        if self.not_audited:
            lines += ["", "Files not audited: " + ", ".join(self.not_audited)]
        return "\n".join(lines)


def report(
    folder: str, results: Iterable[Result], *, not_audited: Iterable[str], not_checkable: Iterable[str]
) -> AuditReport:
    """Count the results and order the findings: verdict, file, then as found."""
    results = tuple(results)
    findings = [result.finding for result in results if result.finding is not None]
    findings.sort(key=lambda finding: (VERDICTS.index(finding.verdict), finding.file))
    return AuditReport(
        folder=folder,
        findings=tuple(findings),
        made=dict(Counter(result.check for result in results)),
        held=dict(Counter(result.check for result in results if result.finding is None)),
        not_audited=tuple(not_audited),
        not_checkable=tuple(not_checkable),
    )
