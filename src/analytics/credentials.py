"""Passwords and tokens: from the environment, or from a file outside the project. Never shown.

``mail_password`` is looked for in ``ANALYTICS_MAIL_PASSWORD``, then under the same name in the file that
``ANALYTICS_CREDENTIALS`` names (TOML, ``name = "value"``, mode 0600). A credential prints as a mark; what a library
says in an error goes through :meth:`Credentials.redact` before anyone reads it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from analytics import private_files
from analytics.errors import SettingsError

PREFIX = "ANALYTICS_"
FILE_VARIABLE = "ANALYTICS_CREDENTIALS"
MARK = "***"


@dataclass(frozen=True, slots=True)
class Credential:
    """One secret. Printing, formatting or logging it gives a mark; :meth:`reveal` is called where it is sent."""

    name: str
    _value: str = field(repr=False)

    def reveal(self) -> str:
        return self._value

    def __str__(self) -> str:
        return MARK


@dataclass(frozen=True, slots=True, repr=False)
class Credentials:
    """Every secret that this process was given."""

    _values: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, environment: Mapping[str, str], *, repository: Path | None = None) -> Credentials:
        """Those of the environment and of the file that it names; the environment wins.

        Raises SettingsError if the file lies inside the project, others may read it, or it is not TOML of texts.
        """
        named = environment.get(FILE_VARIABLE)
        values = _of_file(Path(named), repository) if named else {}
        for variable, value in environment.items():
            # Paths are no secrets, and messages must be able to name them.
            if variable.startswith(PREFIX) and variable != FILE_VARIABLE and not variable.endswith("_FILE"):
                values[variable.removeprefix(PREFIX).lower()] = value
        return cls(values)

    def get(self, name: str) -> Credential:
        """One secret by its name in the settings. Raises SettingsError if it was not given."""
        value = self._values.get(name)
        if not value:
            raise SettingsError(
                f"the credential {name!r} is not given",
                action=f"Set {PREFIX}{name.upper()}, or {name} in the file that {FILE_VARIABLE} names.",
            )
        return Credential(name, value)

    def redact(self, text: str) -> str:
        """The text without any secret in it, plain or as it stands in an address."""
        for value in sorted(self._values.values(), key=len, reverse=True):
            for form in {value, quote(value, safe="")}:
                if len(form) > 3:
                    text = text.replace(form, MARK)
        return text

    def __repr__(self) -> str:
        return f"Credentials({', '.join(sorted(self._values))})"


def _of_file(path: Path, repository: Path | None) -> dict[str, str]:
    private_files.refuse_inside_project(path, repository)
    try:
        private_files.refuse_readable_by_others(path, after="If others may have read it, change what it holds.")
        record = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(
            f"{path} cannot be read: {error.strerror}", action=f"Check the path in {FILE_VARIABLE}."
        ) from None
    except ValueError:
        # The parser's own message may quote the line, and the line may hold a secret.
        raise SettingsError(
            f"{path} is not valid TOML", action='Write one line per credential: name = "value".'
        ) from None
    wrong = sorted(name for name, value in record.items() if not isinstance(value, str))
    if wrong:
        raise SettingsError(f"{wrong[0]} in {path} must be a text", action='Write it in quotes: name = "value".')
    return dict(record)
