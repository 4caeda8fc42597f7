"""Commands for analysts who explore: ``lab``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from analytics.cli.context import Context, Json

if TYPE_CHECKING:
    from analytics.lab.serving import Started


def lab(
    port: Annotated[
        int | None, typer.Option("--port", min=0, max=65535, help="0 takes any free one; default: the first from 8888.")
    ] = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Do not open the start page.")] = False,
    as_json: Json = False,
) -> None:
    """Start JupyterLab, in Swedish, on this machine alone and without the internet (docs/lab.md)."""
    from analytics.lab.serving import serve

    def tell(started: Started) -> None:
        if as_json:
            typer.echo(json.dumps(started.as_record(), ensure_ascii=False))
        else:
            typer.echo(
                f"JupyterLab: {started.address}\n"
                "The address holds the key: whoever has it sees unprotected figures. Stop with Ctrl-C."
            )

    serve(Context.settings(), port=port, browser=not no_browser, tell=tell)
