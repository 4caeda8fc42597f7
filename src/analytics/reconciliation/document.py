"""The findings of an audit as Markdown, for ``docs/audit.md``."""

from __future__ import annotations

from collections.abc import Iterable

from analytics.reconciliation.findings import VERDICTS, AuditReport, Finding

BEGIN = "<!-- findings: generated from data/raw/published; a test compares -->"
END = "<!-- end of findings -->"
_TITLES = {"contradiction": "Contradictions", "implausible": "Implausible", "rounding": "Explained by rounding"}


def markdown(report: AuditReport) -> str:
    """Counts per check, then the findings by verdict; rounding in short, one line per figure."""
    lines = [
        BEGIN,
        "",
        f"{sum(report.made.values())} checks made, {sum(report.held.values())} held exactly; "
        + ", ".join(f"{len(report.of(verdict))} {verdict}" for verdict in VERDICTS)
        + f"; {len(report.not_checkable)} statements of the text have no table to answer them.",
        "",
        "| check | made | held exactly |",
        "|---|---:|---:|",
        *(f"| {check} | {made} | {report.held.get(check, 0)} |" for check, made in sorted(report.made.items())),
        "",
    ]
    for verdict in VERDICTS:
        found = report.of(verdict)
        lines += [f"### {_TITLES[verdict]} ({len(found)})", ""]
        lines += _short(found) if verdict == "rounding" else _full(found)
        lines.append("")
    lines += [f"### Statements of the text that no table answers ({len(report.not_checkable)})", ""]
    lines += [f"- {statement}" for statement in report.not_checkable]
    return "\n".join([*lines, "", END])


def _full(findings: Iterable[Finding]) -> list[str]:
    rows = ["| file | location | check | printed | recomputed | why |", "|---|---|---|---:|---:|---|"]
    for each in findings:
        texts = (each.file, each.location, each.check, each.printed, each.recomputed, each.why)
        rows.append("| " + " | ".join(_cell(text) for text in texts) + " |")
    return rows


def _short(findings: Iterable[Finding]) -> list[str]:
    rows = ["| file | location | check | printed | recomputed |", "|---|---|---|---:|---:|"]
    for each in findings:
        texts = (each.file, each.location, each.check, each.printed, each.recomputed)
        rows.append("| " + " | ".join(_cell(text) for text in texts) + " |")
    return rows


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
