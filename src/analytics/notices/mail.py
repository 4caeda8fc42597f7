"""Notices by mail: one message for each address, so that nobody sees who else gets it."""

from __future__ import annotations

import mimetypes
import smtplib
import ssl
from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

from analytics.credentials import Credential
from analytics.notices.model import Notice
from analytics.settings import Mail


def message(notice: Notice, *, sender: str, to: str, link_base: str, now: datetime) -> EmailMessage:
    """The message to one address. Its Message-ID is the same for the same notice: a repeated one is seen as such."""
    made = EmailMessage()
    made["From"] = sender
    made["To"] = to
    made["Subject"] = notice.subject
    made["Date"] = format_datetime(now)
    made["Message-ID"] = f"<{notice.id}@{sender.rpartition('@')[2]}>"
    # RFC 3834: no automatic answers to an automatic message.
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(notice.body(link_base))
    for file in map(Path, notice.attachments):
        main, _, sub = (mimetypes.guess_type(file.name)[0] or "application/octet-stream").partition("/")
        made.add_attachment(file.read_bytes(), maintype=main, subtype=sub, filename=file.name)
    return made


def send(mail: Mail, password: Credential | None, messages: Sequence[EmailMessage]) -> dict[str, str]:
    """Send messages over one connection; give the addresses that were not reached, each with the reason.

    Raises OSError or smtplib.SMTPException if there is no connection at all.
    """
    refused: dict[str, str] = {}
    with _connected(mail) as server:
        if mail.security == "starttls":
            server.starttls(context=ssl.create_default_context())
        if password is not None:
            server.login(mail.user, password.reveal())
        for each in messages:
            try:
                server.send_message(each)
            except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, smtplib.SMTPSenderRefused) as error:
                refused[str(each["To"])] = f"{type(error).__name__}: {_code(error)}"
    return refused


def _connected(mail: Mail) -> smtplib.SMTP:
    if mail.security == "tls":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(mail.host, mail.port, timeout=mail.timeout_seconds, context=context)
    return smtplib.SMTP(mail.host, mail.port, timeout=mail.timeout_seconds)


def _code(error: smtplib.SMTPException) -> str:
    """The server's code; its words may repeat what was sent."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return ", ".join(str(code) for code, _ in error.recipients.values())
    return str(error.smtp_code) if isinstance(error, smtplib.SMTPResponseException) else ""
