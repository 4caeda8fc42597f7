"""Says what to do when a notebook is opened with a Python that lacks the workbench. Needs nothing but Python."""

import sys
from importlib.util import find_spec


class KernelWithoutPackageError(Exception):
    """Stops the notebook. Jupyter shows what this returns instead of a trace."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


if find_spec("analytics") is None:
    raise KernelWithoutPackageError(
        "Den här anteckningsboken har öppnats med en Python som saknar arbetsbänken.\n"
        f"  Python som används: {sys.executable}\n\n"
        "Gör så här:\n"
        "  1. Stäng JupyterLab.\n"
        "  2. Öppna ett terminalfönster i projektets mapp och skriv: make lab\n"
        "  3. Öppna anteckningsboken där. Välj kärnan »Analytics« om du blir tillfrågad."
    )
