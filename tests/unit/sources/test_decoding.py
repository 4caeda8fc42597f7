"""Which encoding a delivery is taken to be in, and which ones are refused."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.errors import DeliveryUnreadableError
from analytics.sources.decoding import decode

FILE = Path("heroma_tid_201802.csv")
TEXT = "Övertid på måndagen – Åsa\nandra raden\n"
LETTERS = "abcåäöÅÄÖéü –;\t0123456789,-\u00a0"


@pytest.mark.parametrize(
    ("encoding", "said"), [("utf-8-sig", "utf-8 with BOM"), ("utf-8", "utf-8"), ("cp1252", "cp1252")]
)
def test_accepted_encodings(encoding, said):
    assert decode(TEXT.encode(encoding), file=FILE) == (TEXT, said)


@given(text=st.text(LETTERS, min_size=1).filter(str.strip), encoding=st.sampled_from(["utf-8-sig", "utf-8"]))
def test_any_text_in_utf8_comes_back(text, encoding):
    assert decode(text.encode(encoding), file=FILE)[0] == text


def test_line_ends_and_letters_are_made_the_same():
    decomposed = unicodedata.normalize("NFD", "Kön")
    assert decode(f"{decomposed}\r\nb\rc".encode(), file=FILE)[0] == "Kön\nb\nc"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b" \r\n\t",
        TEXT.encode("utf-16"),
        TEXT.encode("utf-16-le"),
        b"abc\0def",
        b"a\x81b",
        b"\xef\xbb\xbfabc\xe5",
        TEXT.encode().decode("cp1252").encode(),
        TEXT.encode().decode("cp1252").encode("cp1252") + b"\xe5",
        TEXT.encode("ascii", "replace").replace(b"?", "\ufffd".encode()),
        "vårkänslor".encode("cp437"),
        "vårkänslor".encode("cp850"),
    ],
)
def test_refused(content):
    with pytest.raises(DeliveryUnreadableError) as raised:
        decode(content, file=FILE)
    assert raised.value.where is not None
    assert raised.value.where.file == FILE
    assert raised.value.action


def test_place_of_the_first_broken_letter_and_the_count_of_lines():
    broken = "ett\ntvå\ntre\nmånad\n".encode().decode("cp1252").encode()
    with pytest.raises(DeliveryUnreadableError) as raised:
        decode(broken, file=FILE)
    assert raised.value.where is not None
    assert (raised.value.where.line, raised.value.where.count) == (2, 2)
