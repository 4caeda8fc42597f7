"""The post: a notice goes into the outbox first and leaves it when it has reached everyone.

A mail server that is down costs nothing but time: what waits is tried again at the next tick. Nothing here raises for
a server's fault; the outcome says what waits and why. What has been sent is remembered by its id and not sent again.
"""

from __future__ import annotations

import json
import smtplib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from analytics import durable
from analytics.credentials import Credentials
from analytics.errors import AnalyticsError, StorageError
from analytics.notices import mail, webhook
from analytics.notices.model import Notice
from analytics.settings import Notices

SENT = "sent"
_HOOK = "webhook"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many messages went out, how many notices wait, and why."""

    sent: int = 0
    waiting: int = 0
    problems: tuple[str, ...] = ()

    def __add__(self, other: Outcome) -> Outcome:
        problems = tuple(dict.fromkeys((*self.problems, *other.problems)))
        return Outcome(self.sent + other.sent, self.waiting + other.waiting, problems)

    def as_record(self) -> dict[str, object]:
        """As data, for ``--json``."""
        return {"sent": self.sent, "waiting": self.waiting, "problems": list(self.problems)}


@dataclass(frozen=True, slots=True)
class Post:
    """Where notices go. ``outbox`` is a folder that readers of the reports do not reach."""

    settings: Notices
    credentials: Credentials
    outbox: Path

    def send(self, notice: Notice, *, now: datetime) -> Outcome:
        """Tell one thing, once. Raises StorageError if the outbox cannot be written."""
        if not self.settings.enabled or self._is_told(notice):
            return Outcome()
        targets = self._targets(notice)
        if not targets:
            return Outcome()
        self._keep(notice, targets)
        return self._deliver(notice, targets, now=now)

    def flush(self, *, now: datetime) -> Outcome:
        """Try again what waits, oldest first."""
        outcome = Outcome()
        if not self.settings.enabled:
            return outcome
        for file in sorted(self.outbox.glob("*.json"), key=lambda each: each.stat().st_mtime_ns):
            record = _read(file)
            notice = Notice.from_record(record["notice"])
            if (self.outbox / SENT / notice.id).exists():
                # Killed after the last message went out and before the notice left the outbox.
                file.unlink(missing_ok=True)
                continue
            outcome += self._deliver(notice, list(record["targets"]), now=now)
        return outcome

    def _is_told(self, notice: Notice) -> bool:
        return (self.outbox / SENT / notice.id).exists() or self._file(notice).exists()

    def _file(self, notice: Notice) -> Path:
        return self.outbox / f"{notice.id}.json"

    def _targets(self, notice: Notice) -> list[str]:
        addresses = [
            address
            for group in self.settings.recipients
            if notice.kind in group.kinds and (not group.units or not notice.unit or notice.unit in group.units)
            for address in group.addresses
        ]
        hook = [_HOOK] if self.settings.webhook.url else []
        return [*dict.fromkeys(addresses), *hook]

    def _keep(self, notice: Notice, targets: list[str]) -> None:
        record = {"notice": notice.as_record(), "targets": targets}
        durable.replace(self._file(notice), json.dumps(record, ensure_ascii=False, indent=1).encode())

    def _deliver(self, notice: Notice, targets: list[str], *, now: datetime) -> Outcome:
        addresses = [target for target in targets if target != _HOOK]
        left, problems = self._by_mail(notice, addresses, now=now) if addresses else ([], [])
        if _HOOK in targets:
            problem = self._by_hook(notice)
            if problem:
                left.append(_HOOK)
                problems.append(problem)
        if left:
            self._keep(notice, left)
        else:
            durable.replace(self.outbox / SENT / notice.id, now.isoformat(timespec="seconds").encode())
            self._file(notice).unlink(missing_ok=True)
        return Outcome(len(targets) - len(left), 1 if left else 0, tuple(problems))

    def _by_mail(self, notice: Notice, addresses: list[str], *, now: datetime) -> tuple[list[str], list[str]]:
        settings = self.settings.mail
        try:
            password = self.credentials.get(settings.password) if settings.user else None
            messages = [
                mail.message(notice, sender=settings.sender, to=to, link_base=self.settings.link_base, now=now)
                for to in addresses
            ]
            refused = mail.send(settings, password, messages)
        except (OSError, smtplib.SMTPException, AnalyticsError) as error:
            return addresses, [f"mail to {settings.host}:{settings.port}: {self._words(error)}"]
        return list(refused), [f"mail to one address was refused ({why})" for why in refused.values()]

    def _by_hook(self, notice: Notice) -> str:
        settings = self.settings.webhook
        try:
            token = self.credentials.get(settings.token) if settings.token else None
            webhook.send(settings, token, notice, link_base=self.settings.link_base)
        except (OSError, AnalyticsError, ValueError) as error:
            return f"webhook: {self._words(error)}"
        return ""

    def _words(self, error: Exception) -> str:
        return self.credentials.redact(f"{type(error).__name__}: {error}".splitlines()[0])


def _read(file: Path) -> dict[str, Any]:
    try:
        record: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        record = {}
    if set(record) != {"notice", "targets"}:
        raise StorageError(f"{file} is damaged", action="Remove it; what it told stands in analytics status.")
    return record
