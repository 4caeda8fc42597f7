"""Keyed hashes of employee, contact and patient numbers, with a secret that is kept outside the project."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

import polars as pl

from analytics import private_files
from analytics.errors import SettingsError, StorageError

KEY_LENGTH = 32
_SECRET_BYTES = 32


def read_or_create_secret(path: Path, *, repository: Path | None = None) -> bytes:
    """The secret in ``path``; created there with mode 0600 the first time.

    Raises SettingsError if the path lies inside a project (``repository``, or any folder with ``analytics.toml``), if
    others may read the file, or if it holds no secret; StorageError if it cannot be created.
    """
    private_files.refuse_inside_project(path, repository)
    try:
        if not path.exists():
            _create(path)
        private_files.refuse_readable_by_others(
            path, after="If others may have read it, replace it and load everything again."
        )
        text = path.read_text(encoding="ascii").strip()
        secret = bytes.fromhex(text)
    except OSError as error:
        raise StorageError(
            f"the secret {path} cannot be read or created: {error.strerror}",
            action="Give a path that you may write, outside the project.",
        ) from None
    except ValueError:
        secret = b""
    if len(secret) < _SECRET_BYTES:
        raise SettingsError(
            f"{path} holds no secret of at least {_SECRET_BYTES} bytes in hexadecimal",
            action="Restore it from its backup. A new secret gives new employee keys: then load everything again.",
        )
    return secret


def _create(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as stream:
            stream.write(secrets.token_hex(_SECRET_BYTES) + "\n")
            stream.flush()
            os.fsync(stream.fileno())
        try:
            # A link fails if another process was first; its secret is then the one to use.
            os.link(draft, path)
        except FileExistsError:
            return
    finally:
        draft.unlink(missing_ok=True)


def employee_key(number: str, secret: bytes) -> str:
    """HMAC-SHA256 of the employee number without spaces and leading zeros (spreadsheets drop those), 32 hex digits."""
    return _key(number, secret, "")


def employee_keys(numbers: pl.Series, secret: bytes) -> pl.Series:
    """Keys for a column of employee numbers; each distinct number is hashed once."""
    return _keys(numbers, secret, "")


def contact_keys(numbers: pl.Series, secret: bytes) -> pl.Series:
    """Keys for a column of numbers of care contacts."""
    return _keys(numbers, secret, "care contact ")


def patient_keys(numbers: pl.Series, secret: bytes) -> pl.Series:
    """Keys for a column of patient numbers."""
    return _keys(numbers, secret, "patient ")


def _key(number: str, secret: bytes, what: str) -> str:
    # What the number is about goes into the hash: an employee and a patient with the same number are two persons.
    normalised = "".join(number.split()).upper().lstrip("0")
    return hmac.digest(secret, f"{what}{normalised}".encode(), hashlib.sha256).hex()[:KEY_LENGTH]


def _keys(numbers: pl.Series, secret: bytes, what: str) -> pl.Series:
    distinct = numbers.unique().drop_nulls()
    keys = pl.Series([_key(number, secret, what) for number in distinct], dtype=pl.String)
    return numbers.replace_strict(distinct, keys, default=None, return_dtype=pl.String)


def fingerprint(secret: bytes) -> str:
    """Tells secrets apart without giving anything away: a partition made with another secret must be redone."""
    return hmac.digest(secret, b"analytics employee keys", hashlib.sha256).hex()[:16]
