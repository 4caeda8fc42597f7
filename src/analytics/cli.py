"""The command line: arguments → calls, errors → message and exit code. No logic lives here.

The clock and the environment are read here and handed down. Heavy packages are imported inside the commands, so
that ``analytics --help`` answers at once.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from analytics import __version__
from analytics.errors import AnalyticsError, StorageError, UsageError
from analytics.periods import Period
from analytics.progress import Progress

if TYPE_CHECKING:
    from analytics.settings import Settings

app = typer.Typer(
    name="analytics",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # rich takes half of the start-up time, for a help text
    help="Analytics workbench of the region: from raw extracts to the monthly packages.",
)

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

    @staticmethod
    def secret_file() -> Path:
        """Where the pseudonym secret is kept: outside the repository, never inside it."""
        given = os.environ.get(SECRET_VARIABLE)
        config = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
        return Path(given) if given else config / "analytics" / "pseudonym.key"


def _print_version(*, value: bool) -> None:
    if value:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def common(
    root: Annotated[Path | None, typer.Option("--root", help="Folder that holds analytics.toml.")] = None,
    version: Annotated[  # noqa: ARG001 - handled by its callback
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Options of all commands."""
    Context.root = root.resolve() if root else None


@app.command()
def sample(
    scale: Annotated[int, typer.Option(min=1, help="So many times the staff and the postings.")] = 1,
    seed: Annotated[int, typer.Option(help="Another seed gives another region with the same calibrated figures.")] = (
        20180331
    ),
    if_empty: Annotated[
        bool, typer.Option("--if-empty", help="Do nothing where data/raw already holds deliveries.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Generate the demonstration region into data/raw. All of it is marked as synthetic."""
    from analytics.sample import generate, holds_deliveries

    settings = Context.settings()
    if if_empty and holds_deliveries(settings):
        _print(as_json, {"generated": False}, "data/raw already holds deliveries; nothing generated.")
        return
    with Progress.for_terminal(quiet=as_json) as progress:
        report = generate(settings, scale=scale, seed=seed, progress=progress)
    _print(as_json, report.as_record(), str(report))


@app.command()
def pull(as_json: Json = False) -> None:
    """Fetch the key figures of [kolada] into data/raw as a delivery. The only command that goes to the internet."""
    from analytics import kolada

    settings = Context.settings()
    with Progress.for_terminal(quiet=as_json) as progress:
        report = kolada.pull(settings, now=Context.now(), progress=progress)
    _print(as_json, report.as_record(), str(report))


@app.command()
def load(
    partial: Annotated[
        bool, typer.Option("--partial", help="Take the good deliveries although others are refused.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Register the deliveries in data/raw, check them and take them into data/processed."""
    from analytics import intake, pseudonyms

    settings = Context.settings()
    secret = pseudonyms.read_or_create_secret(Context.secret_file(), repository=settings.root)
    with Progress.for_terminal(quiet=as_json) as progress:
        report = intake.load(settings, secret=secret, now=Context.now(), partial=partial, progress=progress)
    _print(as_json, report.as_record(), str(report))


@app.command()
def validate(as_json: Json = False) -> None:
    """Check what is in data/processed against the suites in expectations/."""
    from analytics import intake

    report = intake.validate_processed(Context.settings())
    _print(as_json, report.as_record(), str(report))
    report.raise_if_critical()


@app.command()
def run(
    period: Annotated[str, typer.Argument(help="Month, YYYY-MM.")],
    unit: Annotated[list[str] | None, typer.Option("--unit", help="Only this administration; may be repeated.")] = None,
    report: Annotated[list[str] | None, typer.Option("--report", help="Only this report; may be repeated.")] = None,
    audience: AudienceName = None,
    jobs: Annotated[int, typer.Option(min=1, help="Notebooks at the same time.")] = os.cpu_count() or 1,
    time_limit: Annotated[int, typer.Option(min=1, help="Seconds after which one notebook is stopped.")] = 600,
    as_json: Json = False,
) -> None:
    """Run the report notebooks and publish the packages of a month."""
    # Polars starts its threads at import; forked workers must have one each, or they wait for each other.
    os.environ.setdefault("POLARS_MAX_THREADS", "1")
    from analytics.reports.run import run as make_packages

    settings = Context.settings()
    month = Period.parse(period)
    with Progress.for_terminal(quiet=as_json) as progress:
        result = make_packages(
            settings,
            period=month,
            units=tuple(unit or ()),
            reports=tuple(report or ()),
            audience=audience or settings.disclosure.audience,
            now=Context.now(),
            code_version=_code_version(settings.root),
            jobs=jobs,
            time_limit=time_limit,
            progress=progress,
        )
    _print(as_json, result.as_record(), str(result))
    result.raise_if_failed()


@app.command()
def comments(
    period: Annotated[str, typer.Argument(help="Month, YYYY-MM.")],
    unit: Unit = None,
    approve: Annotated[
        str | None, typer.Option("--approve", help="Approve this file, which is ready, for its figure as printed now.")
    ] = None,
    audience: AudienceName = None,
    as_json: Json = False,
) -> None:
    """List comments and action plans: missing, draft, ready, approved, stale or hidden."""
    from analytics.reports.comment_list import comments as list_comments

    settings = Context.settings()
    found = list_comments(
        settings,
        period=Period.parse(period),
        unit=unit,
        audience=audience or settings.disclosure.audience,
        approve=approve,
    )
    _print(as_json, found.as_record(), str(found))


@app.command()
def reconcile(
    period: Annotated[str, typer.Argument(help="Month, YYYY-MM.")],
    unit: Annotated[str, typer.Option("--unit", help="Administration code.")],
    against: Annotated[
        Path | None, typer.Option("--against", help="Folder of figures closed elsewhere; default data/raw/published.")
    ] = None,
    audience: AudienceName = None,
    as_json: Json = False,
) -> None:
    """Compare every published figure with the measures; say what differs and what cannot both be true."""
    from analytics.reconciliation import reconcile as compare

    settings = Context.settings()
    result = compare(
        settings,
        period=Period.parse(period),
        unit=unit,
        published=against or settings.paths.published,
        audience=audience or settings.disclosure.audience,
    )
    _print(as_json, result.as_record(), str(result))
    result.raise_if_unexplained()


@app.command()
def audit(
    folder: Annotated[Path, typer.Argument(help="Folder of published tables, as data/raw/published.")],
    as_json: Json = False,
) -> None:
    """Audit published tables by themselves: sums, differences, means, forecasts, tables against each other."""
    from analytics.reconciliation import audit as audit_folder

    result = audit_folder(folder)
    _print(as_json, result.as_record(), str(result))


def _code_version(root: Path) -> str:
    """The version, with the commit it was made from where the project is a git checkout (``+`` marks changes)."""
    git = shutil.which("git")
    if git is None or not (root / ".git").exists():
        return __version__
    described = subprocess.run(  # noqa: S603 - no input of a user is in it
        [git, "describe", "--always", "--dirty=+", "--exclude=*"], cwd=root, capture_output=True, text=True, check=False
    )
    return f"{__version__} ({described.stdout.strip()})" if described.returncode == 0 else __version__


def _print(as_json: bool, record: object, text: str) -> None:
    typer.echo(json.dumps(record, ensure_ascii=False, indent=2, default=str) if as_json else text)


def main() -> None:
    """Entry point: run a command, and turn every expected error into a message and its exit code."""
    raise SystemExit(_guarded(app))


def _guarded(command: Callable[..., object]) -> int:
    as_json = "--json" in sys.argv
    try:
        command(standalone_mode=False)
    except AnalyticsError as error:
        _report(error, as_json=as_json)
        return error.exit_code
    except OSError as error:
        problem = StorageError(
            f"{error.strerror}: {error.filename}" if error.filename else str(error),
            action="Check free space and permissions, then run the command again; nothing half-written is in use.",
        )
        _report(problem, as_json=as_json)
        return problem.exit_code
    except typer.Exit as finished:
        return finished.exit_code
    except (typer.Abort, KeyboardInterrupt):
        typer.echo("Stopped.", err=True)
        return 130
    except Exception as error:
        usage = _usage_error(error)
        if usage is None:
            raise
        _report(usage, as_json=as_json)
        return usage.exit_code
    return 0


def _usage_error(error: Exception) -> UsageError | None:
    """Click's own complaint about the arguments, as one of ours; None if the error is something else."""
    message = getattr(error, "format_message", None)
    if message is None:
        return None
    return UsageError(message(), action="See analytics --help, or analytics COMMAND --help.")


def _report(error: AnalyticsError, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(error.as_record(), ensure_ascii=False, indent=2))
    typer.echo(f"Error: {error}", err=True)
