"""What every command shares: where the project is, what time it is, its options and how it prints."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from analytics.credentials import Credentials
    from analytics.settings import Settings

SECRET_VARIABLE = "ANALYTICS_SECRET_FILE"  # noqa: S105 - the name of a variable, not a secret

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object for machines instead of text.")]
Unit = Annotated[str | None, typer.Option("--unit", help="Administration code, for example 17.")]
AudienceName = Annotated[str | None, typer.Option("--audience", help="public or internal; default from settings.")]


class Context:
    """What every command needs: where the project is and what time it is."""

    root: Path | None = None

    @classmethod
    def settings(cls) -> Settings:
        """Read ``analytics.toml``."""
        from analytics import settings

        return settings.load(cls.root or settings.find_root(Path.cwd()))

    @staticmethod
    def now() -> datetime:
        return datetime.now(UTC)

    @classmethod
    def credentials(cls) -> Credentials:
        """Passwords and tokens of the environment and of the file that it names."""
        from analytics.credentials import Credentials

        return Credentials.read(os.environ, repository=cls.settings().root)

    @staticmethod
    def secret_file() -> Path:
        """Where the pseudonym secret is kept: outside the repository, never inside it."""
        given = os.environ.get(SECRET_VARIABLE)
        config = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
        return Path(given) if given else config / "analytics" / "pseudonym.key"


def print_result(as_json: bool, record: object, text: str) -> None:
    """Print the result of a command, for a machine or for a person."""
    typer.echo(json.dumps(record, ensure_ascii=False, indent=2, default=str) if as_json else text)
