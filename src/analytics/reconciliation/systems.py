"""All relations of connected tables at once: can the printed roundings hold together?

Pairwise checks let each figure move within its rounding on its own; here every figure has one exact amount. A set of
figures that cannot stand together is named by an irreducible set.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from analytics import consistency
from analytics.reconciliation.findings import Finding, Result
from analytics.reconciliation.identities import Identity
from analytics.reconciliation.published import Cell

MOST_CONFLICTS = 25
"""After so many sets the rest of a group is not searched; the summary says how many were found."""
NAME = "all figures together"


def check(identities: Sequence[Identity]) -> Iterator[Result]:
    """Contradictions that no single relation shows, per group of connected figures."""
    for group in connected([identity for identity in identities if identity.verdict != "contradiction"]):
        remaining = list(group)
        for _ in range(MOST_CONFLICTS):
            cells, relations = irreducible(remaining)
            if not relations:
                yield Result(NAME)
                break
            yield Result(NAME, _finding(cells, relations))
            remaining = [identity for identity in remaining if identity is not relations[-1]]


def irreducible(identities: Sequence[Identity]) -> tuple[list[Cell], list[Identity]]:
    """Printed cells and relations that cannot all be true; both empty if all can."""
    system, cells, relations = _system(identities)
    labels = consistency.conflict(system)
    found_cells = [cells[label] for label in labels if label in cells]
    found_relations = [relations[label] for label in labels if label in relations]
    return found_cells, found_relations


def _system(
    identities: Sequence[Identity],
) -> tuple[consistency.System, dict[str, Cell], dict[str, Identity]]:
    system = consistency.System()
    cells: dict[str, Cell] = {}
    relations: dict[str, Identity] = {}
    for number, identity in enumerate(identities):
        for cell in (identity.target, *(cell for _, cell in identity.terms)):
            name = variable(cell)
            if name not in cells:
                cells[name] = cell
                system.add_variable(name)
                system.add_printed(name, {name: 1.0}, float(cell.value * cell.scale), float(cell.half * cell.scale))
        terms = {variable(identity.target): 1.0}
        for sign, cell in identity.terms:
            terms[variable(cell)] = terms.get(variable(cell), 0.0) - sign
        relations[f"relation {number}"] = identity
        system.add_identity(f"relation {number}", terms)
    return system, cells, relations


def variable(cell: Cell) -> str:
    """The name of a cell's exact amount."""
    return f"{cell.file}:{cell.line}"


def connected(identities: Sequence[Identity]) -> list[list[Identity]]:
    """Groups of relations that share cells."""
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        while parent.setdefault(name, name) != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    for identity in identities:
        for _, cell in identity.terms:
            parent[root(variable(cell))] = root(variable(identity.target))
    groups: dict[str, list[Identity]] = {}
    for identity in identities:
        groups.setdefault(root(variable(identity.target)), []).append(identity)
    return list(groups.values())


def _finding(cells: list[Cell], relations: list[Identity]) -> Finding:
    target = relations[0].target
    return Finding(
        file=target.file,
        location=" + ".join(f"{cell.file} {cell.location}" for cell in cells),
        check=NAME,
        printed="; ".join(cell.shown for cell in cells),
        recomputed="no exact amounts round to all of these",
        verdict="contradiction",
        why=(
            f"{len(cells)} printed figures and {len(relations)} relations cannot hold together, though each relation "
            "holds within rounding: " + "; ".join(dict.fromkeys(identity.formula for identity in relations)) + "."
        ),
    )
