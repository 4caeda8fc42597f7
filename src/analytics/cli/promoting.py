"""The command that makes an exploration a report: ``promote``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from analytics.cli.context import Context, Json, print_result
from analytics.errors import UsageError


def promote(
    notebook: Annotated[Path, typer.Argument(help="The exploration, e.g. notebooks/explore/resor.ipynb.")],
    name: Annotated[
        str | None, typer.Option("--name", help="Name of the report; default that of the notebook.")
    ] = None,
    period: Annotated[str | None, typer.Option("--period", help="Month of the trial; default the notebook's.")] = None,
    unit: Annotated[str | None, typer.Option("--unit", help="Unit of the trial; default the notebook's.")] = None,
    as_json: Json = False,
) -> None:
    """Turn an exploration into a report of every package: rules, parameters and protection checked, made once."""
    os.environ.setdefault("POLARS_MAX_THREADS", "1")
    from analytics.reports import parameters
    from analytics.reports.promotion import promote as promoted
    from analytics.schedule.program import code_version
    from analytics.workbench.months import month_of

    settings = Context.settings()
    if not notebook.is_file():
        raise UsageError(f"there is no notebook {notebook}", action="Give its path, as notebooks/explore/resor.ipynb.")
    defaults = {key: str(found.default) for key, found in parameters.read(notebook).items()}
    result = promoted(
        settings,
        notebook,
        name=name or notebook.stem,
        period=month_of(period or defaults.get("period", "")),
        unit=unit or defaults.get("unit", ""),
        now=Context.now(),
        code_version=code_version(settings.root),
    )
    print_result(as_json, result.as_record(), str(result))
