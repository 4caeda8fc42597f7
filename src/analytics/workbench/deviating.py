"""What deviates, for the workbench: the findings of the month, chosen and shown, and the rows behind one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import overload

import polars as pl

from analytics import finder, swedish
from analytics.errors import UsageError
from analytics.finder.model import COMPARISONS, KINDS, Finding, NotLookedAt, Part
from analytics.organisation import LEVELS
from analytics.sentences import findings as sentences
from analytics.workbench.choosing import unknown
from analytics.workbench.explored import mark_html, refuse_in_run
from analytics.workbench.names import no_such_place
from analytics.workbench.renamed import checked
from analytics.workbench.sharing import Sharing

COLUMNS = {
    "rank": pl.Int64,
    "id": pl.String,
    "measure": pl.String,
    "unit": pl.String,
    "keys": pl.String,
    "label": pl.String,
    "first_month": pl.String,
    "last_month": pl.String,
    "comparison": pl.String,
    "outcome": pl.Float64,
    "expected": pl.Float64,
    "deviation": pl.Float64,
    "kind": pl.String,
    "persistence": pl.Int64,
    "history": pl.Int64,
    "p_value": pl.Float64,
    "persons": pl.Int64,
    "sentence": pl.String,
}


class Findings(Sequence[Finding]):
    """Findings in their order, unprotected: shown in exploration with the mark that says so, refused in a run."""

    def __init__(
        self,
        findings: Sequence[Finding],
        not_looked_at: Sequence[NotLookedAt] = (),
        *,
        of: tuple[str, str] | None = None,
    ) -> None:
        self._findings = tuple(findings)
        self.of = of
        """Report month and unit that they were looked for in."""
        self.not_looked_at = tuple(not_looked_at)
        """The measures that could not be looked at, each with the reason in Swedish."""

    @overload
    def __getitem__(self, index: int) -> Finding: ...
    @overload
    def __getitem__(self, index: slice) -> Findings: ...
    def __getitem__(self, index: int | slice) -> Finding | Findings:
        try:
            found = self._findings[index]
        except (TypeError, IndexError):
            raise no_such_place(
                "the list of deviations", index, len(self), action="Ranks and ids are in its .frame; the first is [0]."
            ) from None
        return Findings(found, self.not_looked_at, of=self.of) if isinstance(found, tuple) else found

    def __len__(self) -> int:
        return len(self._findings)

    def __iter__(self) -> Iterator[Finding]:
        return iter(self._findings)

    def __repr__(self) -> str:
        return f"<{len(self)} findings, not shown>"

    @property
    def frame(self) -> pl.DataFrame:
        """One row a finding: the columns of :data:`COLUMNS`; keys as ``column=code`` with commas between."""
        rows = [
            {
                "rank": each.rank,
                "id": each.id,
                "measure": each.measure,
                "unit": each.unit,
                "keys": _keys(each),
                "label": sentences.place(each),
                "first_month": str(each.months.first),
                "last_month": str(each.months.last),
                "comparison": each.comparison,
                "outcome": each.outcome,
                "expected": each.expected,
                "deviation": each.deviation,
                "kind": each.kind,
                "persistence": each.persistence,
                "history": each.history,
                "p_value": each.p_value,
                "persons": each.persons,
                "sentence": sentences.finding(each),
            }
            for each in self
        ]
        return pl.DataFrame(rows, schema=COLUMNS)

    @property
    def parts(self) -> pl.DataFrame:
        """One row a part: rank and id of its finding, label, keys, outcome, expected, deviation, persons."""
        rows = [
            {
                "rank": each.rank,
                "id": each.id,
                "label": part.label,
                "keys": _keys(part),
                "outcome": part.outcome,
                "expected": part.expected,
                "deviation": part.deviation,
                "kind": part.kind,
                "persons": part.persons,
            }
            for each in self
            for part in each.parts
        ]
        names = ("rank", "id", "label", "keys", "outcome", "expected", "deviation", "kind", "persons")
        return pl.DataFrame(rows, schema={name: COLUMNS.get(name, pl.String) for name in names})

    def _repr_html_(self) -> str:
        refuse_in_run("a list of deviations")
        if not self._findings:
            return (
                f"{mark_html()}<p>Ingen avvikelse är så stor och så osannolik att den tas med.</p>"
                f"{_not_looked_at(self.not_looked_at)}"
            )
        rows = "".join(
            f"<tr><td>{each.rank}</td><td>{escape(sentences.place(each))}</td>"
            f'<td style="text-align:right">{_amount(each)}</td><td>{escape(COMPARISONS[each.comparison])}</td>'
            f"<td>{escape(KINDS[each.kind])}</td>"
            f'<td style="text-align:left">{escape(sentences.finding(each))}</td></tr>'
            for each in self
        )
        heads = ("", "Var", "Avvikelse", "Mot", "Förklaring", "I ord")
        head = "".join(f'<th scope="col">{name}</th>' for name in heads)
        return (
            f"{mark_html()}<table><caption>Avvikelser, de viktigaste först</caption>"
            f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>{_not_looked_at(self.not_looked_at)}"
        )


def html_of(finding: Finding) -> str:
    """One finding as a list of one, with the mark. Raises DisclosureError in a run."""
    return Findings([finding])._repr_html_()


def _not_looked_at(missing: Sequence[NotLookedAt]) -> str:
    return "".join(f"<p>{escape(line)}</p>" for line in sentences.not_looked_at(missing))


def _keys(of: Finding | Part) -> str:
    return ", ".join(f"{key}={code}" for key, code in of.keys.items())


def _amount(finding: Finding) -> str:
    if finding.unit == "kr":
        return swedish.thousands(finding.deviation)
    return sentences.signed(finding)


def chosen(  # noqa: PLR0913 - one argument for each way to choose
    findings: Sequence[Finding],
    not_looked_at: Sequence[NotLookedAt] = (),
    *,
    of: tuple[str, str] | None = None,
    measure: str | None = None,
    comparison: str | None = None,
    kind: str | None = None,
    least: float | None = None,
    level: str | None = None,
) -> Findings:
    """Those of a measure, comparison, kind, level of the organisation and least size in their own unit.

    A comparison chooses also what deviates from it besides. Raises UsageError for a name that does not exist.
    """
    for what, given, known in (
        ("measure of deviations", measure, finder.MEASURES),
        ("comparison", comparison, tuple(COMPARISONS)),
        ("kind of explanation", kind, tuple(KINDS)),
        ("level", level, LEVELS),
    ):
        if given is not None and given not in known:
            raise unknown(what, given, known)
    if least is not None and not least >= 0:  # nor not a number at all
        raise UsageError("the least size of a deviation cannot be negative", action="Give it in kr or årsarbetare.")
    found = [
        each
        for each in findings
        if (measure is None or each.measure == measure)
        and (comparison is None or each.comparison == comparison or comparison in each.also)
        and (kind is None or each.kind == kind)
        and (level is None or finder.level_of(each) == level)
        and (least is None or abs(each.deviation) >= least or any(abs(p.deviation) >= least for p in each.parts))
    ]
    return Findings(found, [each for each in not_looked_at if measure in (None, each.measure)], of=of)


class Deviating(Sharing):
    """``wb.deviations()`` and ``wb.evidence(finding)``."""

    @checked("wb.deviations")
    def deviations(
        self,
        measure: str | None = None,
        comparison: str | None = None,
        kind: str | None = None,
        least: float | None = None,
        level: str | None = None,
    ) -> Findings:
        """What deviates in the unit and month, at every level below it, what matters most first. Unprotected.

        Args:
            measure: a table id that is looked at, such as ``fr1_outcome``, ``worked_fte``, ``headcount``,
                ``turnover_pct``, ``agency_staff_fte``, ``indicator_history`` or ``care_unit_costs``.
            comparison: ``budget``, ``seasonal``, ``forecast``, ``previous`` or ``expected``.
            kind: kind of explanation, such as ``one_off``.
            least: size in the unit of the finding: kr, årsarbetare, persons, per cent …
            level: ``administration``, ``base_unit`` or ``cost_centre``.

        Raises:
            DisclosureError: in a run, whose reports show nothing unprotected.
            UsageError: a name that does not exist, the nearest right one is named; or the bench of a part or range.
            MissingDataError: the month is not in the ledger; what else is missing stands in ``not_looked_at`` of it,
                with the reason.
        """
        refuse_in_run("what deviates")
        if not self.is_as_printed:
            # Those of the whole unit would be taken for those of the part or range.
            part = self.scope.part
            what = f"the part {part.code} {part.label}" if part else f"the range {self.scope.span!r}"
            raise UsageError(
                f"deviations are looked for in the whole unit from January, at every level, and not for {what}",
                action='Ask the bench that analytics.open gives: wb.deviations(level="base_unit").',
            )
        found = self._keep("deviations", lambda: finder.search(self._fresh().data_with(finder.READS), self.scope))
        return chosen(
            found.findings,
            found.not_looked_at,
            of=self.place,
            measure=measure,
            comparison=comparison,
            kind=kind,
            least=least,
            level=level,
        )

    @checked("wb.evidence")
    def evidence(self, finding: Finding) -> pl.DataFrame:
        """The rows of the processed table behind a finding: postings with the largest first, or hours. Unprotected.

        Raises DisclosureError in a run, UsageError for anything but one finding of this unit and month.
        """
        refuse_in_run("the rows behind a deviation")
        if not isinstance(finding, Finding):
            raise UsageError(
                f"evidence is of one deviation, not of {type(finding).__name__}",
                action="Take one of them: wb.evidence(wb.deviations()[0]).",
            )
        self.refuse_of_another([finding])
        return finder.evidence(self._fresh().data_with((finding.evidence.table,)), finding)


__all__ = ["Deviating", "Findings", "chosen"]
