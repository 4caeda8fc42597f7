"""Notices to a program: one JSON object by POST."""

from __future__ import annotations

import json
import urllib.request

from analytics.credentials import Credential
from analytics.notices.model import Notice
from analytics.settings import Webhook


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect would carry the token to another place."""

    def redirect_request(self, *_: object) -> None:
        return None


def send(webhook: Webhook, token: Credential | None, notice: Notice, *, link_base: str) -> None:
    """Post one notice. Raises OSError (urllib's errors among them) unless the answer is a 2xx."""
    record = {
        "id": notice.id,
        "kind": notice.kind,
        "period": notice.period,
        "unit": notice.unit,
        "subject": notice.subject,
        "text": notice.body(link_base),
        "link": f"{link_base.rstrip('/')}/{notice.link}" if link_base and notice.link else notice.link,
    }
    headers = {"Content-Type": "application/json; charset=utf-8"}
    if token is not None:
        headers["Authorization"] = f"Bearer {token.reveal()}"
    content = json.dumps(record, ensure_ascii=False).encode()
    request = urllib.request.Request(webhook.url, data=content, headers=headers, method="POST")  # noqa: S310 - settings take http and https only
    opener = urllib.request.build_opener(_NoRedirect)
    with opener.open(request, timeout=webhook.timeout_seconds) as answer:
        answer.read(1024)
