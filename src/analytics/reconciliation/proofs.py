"""Why a published figure cannot be true together with the figures that the package reproduces.

A printed figure that the package reproduces says what the package holds. So where the package may not show it, the
proof does not either: the reader looks it up in the published table.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from analytics import consistency
from analytics.reconciliation import rules_staff
from analytics.reconciliation.identities import Identity
from analytics.reconciliation.published import Cell, Table
from analytics.reconciliation.systems import variable
from analytics.reconciliation.vocabulary import RATE_KINDS, STAFF_KINDS

NEAR = (1, 2, 3)
"""Relations so many steps away are tried first: a near contradiction is the one a controller can check by hand."""
FAR = 5
PROTECTED = "skyddad"
RATE_CONTRADICTED = "Other figures printed in the same report contradict this rate; they are protected."


def prove(
    cell: Cell, reproduced: Collection[Cell], identities: Sequence[Identity], *, protected: Collection[str] = ()
) -> str:
    """An irreducible set of printed figures with this cell in it, spelt out; empty if there is none.

    ``protected`` are the variables of cells that the package may not show.

    The reproduced figures can all be true (the package has such amounts). If they and this cell cannot, every
    irreducible set of the contradiction holds this cell: then it is this cell that cannot stand beside the others.
    """
    names = {variable(each) for each in reproduced}
    widest = _conflict(cell, names, _near(cell, identities, FAR))
    if not widest[0]:
        return ""
    nearer = (_conflict(cell, names, _near(cell, identities, steps)) for steps in NEAR)
    cells, relations = next((found for found in nearer if found[0]), widest)
    return _spelt(cells, relations, hidden={*protected} - {variable(cell)})


def prove_rates(tables: Sequence[Table], *, protected: Collection[str] = ()) -> dict[str, str]:
    """Contradictions of rates with hours and heads (no linear relation shows them), by cell.

    A cell whose variable is in ``protected`` is contradicted without figures: the recomputed rate is near the
    package's.

    A total that no weighting of the sexes' rates gives is laid to the two rates it was printed beside.
    """
    staff = [table for table in tables if table.kind in (*STAFF_KINDS, *RATE_KINDS)]
    cells = {(cell.file, cell.location): (table, cell) for table in staff for cell in table.cells}
    found: dict[str, list[str]] = {}
    for result in rules_staff.check(staff):
        finding = result.finding
        if finding is None or finding.verdict != "contradiction":
            continue
        table, cell = cells[finding.file, finding.location]
        said = f"{finding.why} Printed {finding.printed}, recomputed {finding.recomputed}."
        if finding.check == rules_staff.WEIGHTED_MEAN:
            said = f"{cell.location} = {cell.shown}: {finding.why}"
            sexes = [table.cell(cell.row, part, cell.column) for part in ("K", "M")]
        else:
            sexes = [cell]
        for each in sexes:
            if each is not None:
                found.setdefault(variable(each), []).append(said)
    return {name: RATE_CONTRADICTED if name in protected else " ".join(texts) for name, texts in found.items()}


def _near(cell: Cell, identities: Sequence[Identity], steps: int) -> list[Identity]:
    reached = {variable(cell)}
    chosen: list[Identity] = []
    left = list(identities)
    for _ in range(steps):
        touched = [identity for identity in left if reached & _variables(identity)]
        left = [identity for identity in left if identity not in touched]
        chosen += touched
        for identity in touched:
            reached |= _variables(identity)
    return chosen


def _variables(identity: Identity) -> set[str]:
    return {variable(identity.target), *(variable(cell) for _, cell in identity.terms)}


def _conflict(cell: Cell, reproduced: set[str], identities: Sequence[Identity]) -> tuple[list[Cell], list[Identity]]:
    system = consistency.System()
    cells: dict[str, Cell] = {}
    relations: dict[str, Identity] = {}
    for number, identity in enumerate(identities):
        for each in (identity.target, *(term for _, term in identity.terms)):
            name = variable(each)
            if name in system.bounds:
                continue
            system.add_variable(name)
            if name in reproduced or name == variable(cell):
                cells[name] = each
                system.add_printed(name, {name: 1.0}, float(each.value * each.scale), float(each.half * each.scale))
        terms = {variable(identity.target): 1.0}
        for sign, each in identity.terms:
            terms[variable(each)] = terms.get(variable(each), 0.0) - sign
        relations[f"relation {number}"] = identity
        system.add_identity(f"relation {number}", terms)
    labels = consistency.conflict(system) if relations else ()
    if variable(cell) not in labels:
        return [], []
    return [cells[label] for label in labels if label in cells], [
        relations[label] for label in labels if label in relations
    ]


def _spelt(cells: Sequence[Cell], relations: Sequence[Identity], *, hidden: Collection[str]) -> str:
    figures = "; ".join(
        f"{cell.file} {cell.location} = {PROTECTED if variable(cell) in hidden else cell.shown}" for cell in cells
    )
    formulas = "; ".join(dict.fromkeys(identity.formula for identity in relations))
    return f"These cannot all be true: {figures}. Relations: {formulas}."
