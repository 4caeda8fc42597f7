"""Fetching deliveries from where the suppliers leave them into the inbox, from where a load makes snapshots of them.

Each source is independent: one that fails does not stop the others, and says so. What arrives in ``data/raw`` is whole
or not there: a file is written beside its place and renamed.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from analytics import kolada
from analytics.connections import folders
from analytics.connections.model import PullReport, SourceResult
from analytics.credentials import Credentials
from analytics.errors import AnalyticsError, StorageError, UsageError
from analytics.progress import Progress
from analytics.settings import Settings

__all__ = ["PullReport", "SourceResult", "is_configured", "pull"]

KOLADA = "kolada"


def is_configured(settings: Settings) -> bool:
    """Whether there is anything to fetch from."""
    sources = settings.sources
    return bool(sources.folder or sources.drop or sources.database or settings.kolada.enabled)


def pull(
    settings: Settings, *, credentials: Credentials, now: datetime, progress: Progress | None = None
) -> PullReport:
    """Fetch what every source of the settings has.

    Args:
        settings: ``[sources]`` and ``[kolada]``.
        credentials: passwords that the sources name.
        now: decides which months a database is asked for and when a dropped file has rested long enough.
        progress: one step per source.

    Raises UsageError if no source is configured. What fails with a source is in the report:
    :meth:`PullReport.raise_if_failed`.
    """
    if not is_configured(settings):
        raise UsageError(
            "there is no source to fetch from",
            action="Name one in the section [sources] of analytics.toml, or set enabled = true in [kolada].",
        )
    progress = progress or Progress()
    work = _work(settings, credentials, now)
    results = []
    progress.start(len(work), "Sources")
    for name, fetch in work:
        results.append(_attempted(name, fetch, credentials))
        progress.step(name)
    return PullReport(tuple(results))


def _work(settings: Settings, credentials: Credentials, now: datetime) -> list[tuple[str, Callable[[], SourceResult]]]:
    sources = settings.sources
    work: list[tuple[str, Callable[[], SourceResult]]] = []
    work += [(each.id, partial(folders.from_folder, each, settings)) for each in sources.folder]
    work += [(each.id, partial(folders.from_drop, each, settings, now=now)) for each in sources.drop]
    if sources.database:
        # The layouts bring in the readers' libraries, which a look at a folder does not need.
        from analytics.connections import database

        fetch = partial(database.fetch, settings=settings, credentials=credentials, now=now)
        work += [(each.id, partial(fetch, each)) for each in sources.database]
    if settings.kolada.enabled:
        work.append((KOLADA, partial(_kolada, settings, now)))
    return work


def _attempted(name: str, fetch: Callable[[], SourceResult], credentials: Credentials) -> SourceResult:
    try:
        return fetch()
    except AnalyticsError as error:
        return SourceResult(name, problem=credentials.redact(str(error)), passing=error.passing)
    except OSError as error:
        told = StorageError(f"{error.strerror}: {error.filename}" if error.filename else str(error))
        return SourceResult(name, problem=credentials.redact(str(told)), passing=True)


def _kolada(settings: Settings, now: datetime) -> SourceResult:
    pulled = kolada.pull(settings, now=now)
    names = (pulled.file.name,)
    return SourceResult(KOLADA, taken=names) if pulled.written else SourceResult(KOLADA, unchanged=1)
