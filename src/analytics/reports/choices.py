"""What may be asked of a run: folders that keep the audiences apart, reports that exist, months and units with data."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from analytics.comments import reading
from analytics.errors import MissingDataError, SettingsError, UsageError
from analytics.needs import Missing
from analytics.organisation import Organisation, Unit
from analytics.periods import Period
from analytics.reports import inputs, package_list
from analytics.reports.inputs import Inputs
from analytics.settings import Disclosure, Settings

_FOLDER = re.compile(r"[a-z][a-z0-9_-]*")


@dataclass(frozen=True, slots=True)
class Checked:
    """What a run needs, after all that can be asked wrongly was looked at."""

    units: tuple[Unit, ...]
    notebooks: dict[str, Path]
    inputs: Inputs
    lacking: dict[str, dict[str, str]]


def check(
    settings: Settings,
    period: Period,
    units: tuple[str, ...],
    reports: tuple[str, ...],
    missing: Mapping[str, tuple[Missing, ...]],
) -> Checked:
    """Look at all that can be asked wrongly. Raises what ``reports.run`` raises before it makes anything."""
    refuse_mixed_folders(settings.disclosure)
    organisation = Organisation.read(settings.paths.reference)
    chosen = organisation.administrations(units, period)
    notebooks = find_notebooks(settings.paths.notebooks)
    for name in reports:
        if name not in notebooks:
            raise UsageError(f"there is no report {name!r}", action=f"Reports: {', '.join(notebooks)}.")
    refuse_critical({unit.code: missing.get(unit.code, ()) for unit in chosen})
    given = inputs.read(settings, period)
    administrations = [unit.code for unit in organisation.at("administration", period)]
    reading.refuse_strays(settings.paths.comments, str(period), administrations)
    lacking = inputs.not_made(settings, organisation, period=period, units=[unit.code for unit in chosen])
    refuse_reports_without_data(lacking, asked=reports, units=units)
    return Checked(tuple(chosen), notebooks, given, lacking)


def refuse_mixed_folders(disclosure: Disclosure) -> None:
    """Internal packages lie where no public one can, so that neither replaces or lists the other."""
    internal, public = disclosure.internal.folder, disclosure.public.folder
    if not _FOLDER.fullmatch(internal) or internal == public or (public and not _FOLDER.fullmatch(public)):
        raise SettingsError(
            "disclosure.internal.folder and disclosure.public.folder must keep the packages of the audiences apart",
            action='Give the internal audience a folder name of its own, for example "internal"; the public one is "".',
        )


def find_notebooks(folder: Path) -> dict[str, Path]:
    """The reports of the package list (:mod:`package_list`). Raises UsageError if there are none."""
    found = package_list.notebooks(folder)
    if not found:
        raise UsageError(
            f"there are no report notebooks in {folder}",
            action="Reports are the notebooks of the catalogue and those that analytics promote has added.",
        )
    return found


def title_of(notebook: Path) -> str:
    """The first heading of a report notebook, as the menu of the package names it."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    text = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    heading = re.search(r"^# (.+)$", text, flags=re.MULTILINE)
    return heading[1].strip() if heading else notebook.stem.capitalize()


def refuse_critical(missing: Mapping[str, Sequence[Missing]]) -> None:
    """Raise MissingDataError if a unit lacks a delivery without which nothing may be published."""
    for unit, found in missing.items():
        critical = [each for each in found if each.is_critical]
        if critical:
            deliveries = ", ".join(f"{each.need.layout} {month}" for each in critical for month in each.months)
            raise MissingDataError(
                f"nothing can be made for unit {unit} without {deliveries}",
                action="Load these deliveries (analytics load).",
            )


def refuse_reports_without_data(
    lacking: dict[str, dict[str, str]], *, asked: tuple[str, ...], units: tuple[str, ...]
) -> None:
    """A report that was asked for by name and that no unit, or a named unit, has data for is an error."""
    for name in asked:
        without = {unit: reasons[name] for unit, reasons in lacking.items() if name in reasons}
        refused = [unit for unit in without if unit in units] or (list(without) if len(without) == len(lacking) else [])
        if refused:
            raise MissingDataError(
                f"unit {', '.join(refused)} has no data for the report {name}: {without[refused[0]]}",
                action="Leave the report out, or load the deliveries that it is about.",
            )
