"""A client of Kolada's API, versions 2 and 3: pages followed, passing faults tried again, anything else refused.

Shapes as documented: https://github.com/Hypergene/kolada (v2) and https://api.kolada.se/v3/docs (v3). Both answer with
``values`` and ``count``; the address of the next page stands in ``next_page`` (v2) or ``next_url`` (v3).
"""

from __future__ import annotations

import http.client
import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from analytics.errors import ServiceError, UsageError

NEXT = {"v2": "next_page", "v3": "next_url"}
"""Versions of the API, and where each says that there is more."""
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
_FIRST_WAIT = 1.0
_MOST_PAGES = 1_000
_MOST_BYTES = 64_000_000
_CHUNK = 65_536
_LATER = "Try again later; what was fetched before is still in use."
_ADDRESS = "Check base_url, version and the ids in the section [kolada] of analytics.toml."


@dataclass(frozen=True, slots=True)
class Clock:
    """Time as the client sees it; a test gives its own."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


class _SameHost(urllib.request.HTTPRedirectHandler):
    """Follows a redirect only on the host that was asked."""

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:  # noqa: PLR0913, PLR0917
        if not _same_host(req.full_url, newurl):
            raise urllib.error.HTTPError(req.full_url, code, "redirected to another host", headers, fp)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


class Client:
    """Asks one address for records. Nothing is kept between calls but the time that is left."""

    def __init__(  # noqa: PLR0913
        self, address: str, version: str, *, attempts: int, answer_seconds: float, time_limit: float, clock: Clock
    ) -> None:
        """Ready to ask.

        Args:
            address: scheme and host, such as ``https://api.kolada.se``.
            version: ``v2`` or ``v3``.
            attempts: how often one page is asked for before giving up.
            answer_seconds: how long the server may be silent.
            time_limit: seconds for everything this client does.
            clock: the time, and how to wait.
        """
        if version not in NEXT:
            raise UsageError(f"{version!r} is not a version of the API", action=f"Known: {', '.join(NEXT)}.")
        if urlsplit(address).scheme not in ("http", "https") or not urlsplit(address).netloc:
            raise UsageError(f"{address!r} is no address of a web service", action=_ADDRESS)
        self._root = f"{address.rstrip('/')}/{version}/"
        self._next = NEXT[version]
        self._attempts = attempts
        self._answer_seconds = answer_seconds
        self._clock = clock
        self._until = clock.now() + time_limit
        self._opener = urllib.request.build_opener(_SameHost)

    def records(self, *path: str) -> list[dict[str, Any]]:
        """All records below a path (``"data", "kpi", "N00945", …``), page by page.

        Raises ServiceError: no answer in time, an error of the server, an answer that is no JSON of the documented
        shape, pages that lead in a circle or to another host, or fewer records than were counted.
        """
        url: str | None = self._root + "/".join(quote(part, safe=",") for part in path)
        seen: set[str] = set()
        found: list[dict[str, Any]] = []
        counted: list[tuple[int, int]] = []
        while url:
            if url in seen or len(seen) >= _MOST_PAGES:
                raise ServiceError(f"Kolada's pages lead in a circle at {url}", action=_LATER)
            seen.add(url)
            page = self._page(url)
            records = page["values"]
            counted.append((page.get("count", len(records)), len(records)))
            found += records
            following = page.get(self._next)
            url = self._checked(urljoin(url, following), url) if following else None
        # What is counted is the page in one version and may be the whole in another; it must be one of them.
        if any(count not in (held, len(found)) for count, held in counted):
            raise ServiceError("Kolada counted more or fewer records than it sent", action=_LATER)
        return found

    def _checked(self, url: str, asked: str) -> str:
        # Behind a proxy the service may name its pages with http although it was asked with https.
        if urlsplit(asked).scheme == "https":
            url = urlsplit(url)._replace(scheme="https").geturl()
        if not _same_host(asked, url):
            raise ServiceError(f"Kolada's next page leads to another host: {urlsplit(url).netloc}", action=_LATER)
        return url

    def _page(self, url: str) -> dict[str, Any]:
        """One page, asked for again while the fault is a passing one."""
        fault = ""
        for attempt, wait in enumerate(self._waits(), start=1):
            try:
                return _parsed(self._content(url), url)
            except urllib.error.HTTPError as error:
                with error:
                    fault = f"HTTP {error.code}"
                    if error.code not in _PASSING:
                        raise ServiceError(f"Kolada refused {url}: {fault}", action=_ADDRESS) from None
                    asked_wait = _retry_after(error.headers.get("Retry-After"))
            except _HalfAnswerError as error:
                fault, asked_wait = str(error), None
            except (TimeoutError, urllib.error.URLError, http.client.HTTPException, OSError) as error:
                fault, asked_wait = _described(error), None
            pause = wait if asked_wait is None else asked_wait
            if attempt < self._attempts and self._clock.now() + pause < self._until:
                self._clock.sleep(pause)
                continue
            break
        raise ServiceError(f"Kolada gave no usable answer to {url} ({fault})", action=_LATER)

    def _waits(self) -> Iterator[float]:
        wait = _FIRST_WAIT
        while True:
            yield wait
            wait *= 2

    def _content(self, url: str) -> bytes:
        request = urllib.request.Request(url, headers={"Accept": "application/json", "User-Agent": "analytics"})  # noqa: S310 - the scheme is checked
        left = self._until - self._clock.now()
        if left <= 0:
            raise TimeoutError("the time limit is over")
        with self._opener.open(request, timeout=min(self._answer_seconds, left)) as answer:
            kind = answer.headers.get_content_type()
            if kind != "application/json":
                raise ServiceError(f"Kolada answered {url} with {kind} instead of JSON", action=_ADDRESS)
            content = b""
            while chunk := answer.read(_CHUNK):
                content += chunk
                if len(content) > _MOST_BYTES:
                    raise ServiceError(f"Kolada's answer to {url} is too large", action=_ADDRESS)
                if self._clock.now() > self._until:
                    raise TimeoutError("the time limit is over")
            promised = answer.headers.get("Content-Length")
            if promised is not None and len(content) != int(promised):
                raise _HalfAnswerError("the answer was cut off")
            return content


class _HalfAnswerError(Exception):
    """The answer ended before it was whole: worth another try."""


def _parsed(content: bytes, url: str) -> dict[str, Any]:
    try:
        page = json.loads(content)
    except ValueError:
        raise _HalfAnswerError("the answer was cut off or is no JSON") from None
    if isinstance(page, dict) and "values" not in page and "id" in page:
        # Asked for one id, version 3 may give the record itself.
        page = {"values": [page]}
    values = page.get("values") if isinstance(page, dict) else None
    if not isinstance(values, list) or not all(isinstance(record, dict) for record in values):
        raise ServiceError(f"Kolada answered {url} with JSON that has no list of values", action=_ADDRESS)
    return dict(page)


def _same_host(first: str, second: str) -> bool:
    return urlsplit(first).netloc == urlsplit(second).netloc and urlsplit(second).scheme in ("http", "https")


def _retry_after(header: str | None) -> float | None:
    """Seconds to wait, from a number or a date; None if nothing usable is said."""
    if not header:
        return None
    if header.strip().isdecimal():
        return float(header)
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return None
    if moment.tzinfo is None:
        return None
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def _described(error: Exception) -> str:
    reason = getattr(error, "reason", None) or error
    if isinstance(reason, TimeoutError):
        return "no answer in time"
    if isinstance(reason, http.client.IncompleteRead):
        return "the answer was cut off"
    return str(getattr(reason, "strerror", None) or reason or type(error).__name__)
