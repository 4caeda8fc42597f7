"""What a pull did, source by source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from analytics.errors import ServiceError


@dataclass(frozen=True, slots=True)
class SourceResult:
    """One source: files that arrived, how many were there already, what waits and why, and what went wrong.

    ``passing`` says whether the same attempt may succeed later without anyone doing anything.
    """

    source: str
    taken: tuple[str, ...] = ()
    unchanged: int = 0
    waiting: tuple[str, ...] = ()
    problem: str = ""
    passing: bool = False

    def __str__(self) -> str:
        if self.problem:
            return f"{self.source}: {self.problem}"
        lines = [f"{self.source}: {len(self.taken)} new, {self.unchanged} unchanged"]
        lines += [f"  {name}" for name in self.taken]
        lines += [f"  waits: {reason}" for reason in self.waiting]
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class PullReport:
    """Every source, in the order of the settings."""

    sources: Sequence[SourceResult]

    @property
    def taken(self) -> tuple[str, ...]:
        return tuple(name for source in self.sources for name in source.taken)

    @property
    def failed(self) -> tuple[SourceResult, ...]:
        return tuple(source for source in self.sources if source.problem)

    def as_record(self) -> dict[str, object]:
        """As data, for ``--json``."""
        return {"sources": [asdict(source) for source in self.sources]}

    def __str__(self) -> str:
        return "\n".join(str(source) for source in self.sources)

    def raise_if_failed(self) -> None:
        """Raise ServiceError if a source failed; the others have been fetched all the same."""
        if self.failed:
            names = ", ".join(source.source for source in self.failed)
            raise ServiceError(
                f"{len(self.failed)} of {len(self.sources)} sources failed: {names}",
                action="What each says stands above. The others are fetched; pull again when it is mended.",
            )
