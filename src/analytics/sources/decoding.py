"""Bytes to text by rule: UTF-8 with BOM, UTF-8, cp1252, in that order; anything else is refused."""

from __future__ import annotations

import codecs
import re
import unicodedata
from pathlib import Path

from analytics.errors import DeliveryUnreadableError, Location

_RECODED = re.compile(r"Ã[¥¤¶…„–\x85\x84\x96©]|\ufffd|(?<=[A-Za-z])[†„”](?=[A-Za-z])")
"""Traces of Swedish letters that went through a wrong encoding: UTF-8 read as cp1252, lost, or CP437/850."""
_SIGNS = "Ã\ufffd†„”"
_ADVICE = "Ask the supplier for the file in Windows-1252 (cp1252) or UTF-8, exported anew rather than saved again."


def decode(content: bytes, *, file: Path) -> tuple[str, str]:
    """Text of a delivery (NFC, line feeds only) and the name of the encoding it was taken to be in.

    Raises DeliveryUnreadableError for an empty file, UTF-16, zero bytes, bytes that no accepted encoding knows,
    and text that has been through a wrong encoding.
    """
    if not content.strip():
        raise DeliveryUnreadableError(
            "the file is empty", where=Location(file), action="Ask the supplier to deliver the file again."
        )
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in content:
        line = content[: content.find(b"\0")].count(b"\n") + 1
        raise DeliveryUnreadableError(
            "wrong encoding: the file holds zero bytes (UTF-16, or not a text file)",
            where=Location(file, line),
            action=_ADVICE,
        )
    text, encoding = _decoded(content, file)
    # The pattern is slow on millions of characters; its letters are nearly always absent.
    trace = _RECODED.search(text) if any(sign in text for sign in _SIGNS) else None
    if trace is not None:
        lines = text.split("\n")
        raise DeliveryUnreadableError(
            f"wrong encoding: read as {encoding}, Swedish letters are broken",
            where=Location(
                file, text.count("\n", 0, trace.start()) + 1, count=sum(bool(_RECODED.search(line)) for line in lines)
            ),
            action=_ADVICE,
        )
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")), encoding


def _decoded(content: bytes, file: Path) -> tuple[str, str]:
    encodings = ["utf-8-sig"] if content.startswith(codecs.BOM_UTF8) else ["utf-8", "cp1252"]
    failure: UnicodeDecodeError | None = None
    for encoding in encodings:
        try:
            return content.decode(encoding), "utf-8 with BOM" if encoding == "utf-8-sig" else encoding
        except UnicodeDecodeError as error:
            failure = error
    line = content.count(b"\n", 0, failure.start) + 1 if failure else None
    raise DeliveryUnreadableError(
        "wrong encoding: the file holds bytes that are neither UTF-8 nor cp1252",
        where=Location(file, line),
        action=_ADVICE,
    )
