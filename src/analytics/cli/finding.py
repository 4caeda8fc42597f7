"""The command ``deviations``: what deviates in a month and unit, after disclosure control."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from analytics.cli.context import AudienceName, Context, Json, print_result

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analytics.disclosure.findings import SharedFindings
    from analytics.finder.model import Finding, NotLookedAt


def deviations(
    period: Annotated[str, typer.Argument(help="Month, YYYY-MM.")],
    unit: Annotated[str, typer.Option("--unit", help="Administration code, for example 17.")],
    measure: Annotated[str | None, typer.Option("--measure", help="Only this measure, e.g. worked_fte.")] = None,
    comparison: Annotated[
        str | None,
        typer.Option(
            "--comparison",
            help="Only against budget, seasonal, forecast, previous or expected; also told against another.",
        ),
    ] = None,
    audience: AudienceName = None,
    as_json: Json = False,
) -> None:
    """Find what deviates, and what explains it: the most important first, after disclosure control."""
    from analytics.settings import AUDIENCES
    from analytics.workbench.choosing import unknown
    from analytics.workbench.guarding import INTERNAL
    from analytics.workbench.listing import permitted
    from analytics.workbench.opening import open_workbench

    settings = Context.settings()
    readers = audience or settings.disclosure.audience
    if readers not in AUDIENCES:
        raise unknown("audience", readers, AUDIENCES)
    wb = open_workbench(period=period, unit=unit, audience=readers, root=settings.root)
    found = wb.deviations(measure=measure, comparison=comparison)
    shared = permitted(
        found,
        settings.disclosure.for_audience(readers),
        sick_groups=wb.scope.reference.sick_leave_groups,
        published=readers != INTERNAL,
    )
    name = f"{wb.scope.unit_label}, {wb.scope.period.label}"
    record = {
        "period": period,
        "unit": unit,
        "audience": readers,
        "withheld": shared.withheld,
        "not_looked_at": [asdict(each) for each in found.not_looked_at],
        "findings": [_record(each) for each in shared.findings],
    }
    print_result(as_json, record, _text(shared, found.not_looked_at, name))


def _record(finding: Finding) -> dict[str, object]:
    """A finding as data: that of the model, with months as text and the sentence."""
    from analytics.sentences import findings as sentences

    record = asdict(finding)
    record["months"] = finding.months.months
    record["evidence"]["months"] = finding.evidence.months.months
    record["sentence"] = sentences.finding(finding)
    return record


def _text(shared: SharedFindings, missing: Sequence[NotLookedAt], name: str) -> str:
    from analytics.sentences import findings as sentences

    count = len(shared.findings)
    head = f"{name}: {count or 'ingen'} {'avvikelse' if count < 2 else 'avvikelser'}"
    lines = [f"{head}, de viktigaste först." if count > 1 else f"{head}."]
    lines += [f"{each.rank}. {sentences.finding(each)}" for each in shared.findings]
    if shared.withheld:
        lines.append(f"Av sekretesskäl visas inte {shared.withheld} till.")
    lines += sentences.not_looked_at(missing)
    return "\n".join(lines)
