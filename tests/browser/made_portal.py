"""A portal of three months with everything that it may have to tell, made by the product from packages made by hand."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from analytics import settings
from analytics.calendar import STOCKHOLM
from analytics.periods import Period
from analytics.reports import html
from analytics.schedule import portal
from analytics.schedule.due import Due
from analytics.schedule.history import Attempt
from analytics.schedule.looking import Outlook, Project
from analytics.schedule.outcomes import Problem, TickReport

PROJECT = Path(__file__).parents[2]
UNITS = {
    "10": "Blekingesjukhuset",
    "17": "Landstingsdirektörens stab",
    "18": "Landstingsservice",
    "20": "Primärvården",
    "30": "Psykiatri och habilitering",
    "40": "Folktandvården",
}
MONTHS = {"2018-01": "2018-02-09", "2018-02": "2018-03-09", "2018-03": "2018-04-16"}
LACKING = (("2018-03", "20"), ("2018-03", "40"))
REPORTS = {"sammanfattning": "Sammanfattning", "personal": "Personal", "ekonomi": "Ekonomi"}
NOW = datetime(2018, 4, 20, 12, tzinfo=STOCKHOLM)


def make(root: Path, *, now: datetime = NOW) -> Path:
    """Make the folder of reports; ``now`` is when the last tick was."""
    (root / "data/raw").mkdir(parents=True)
    shutil.copy(PROJECT / "analytics.toml", root)
    shutil.copytree(PROJECT / "data/raw/reference", root / "data/raw/reference")
    shutil.copytree(PROJECT / "notebooks", root / "notebooks")
    project = Project(settings.load(root), "0.1.0")
    reports = project.settings.paths.reports
    for period, day in MONTHS.items():
        for unit in UNITS:
            if (period, unit) not in LACKING:
                _publish(reports / period / unit, period, unit, f"{day}T06:03:00+00:00")
                _begin(project, f"{period}/{unit}", f"{day}T08:03", "done", package=f"{period}/{unit}/v1")
    _begin(project, "2018-03/20", "2018-04-16T08:03", "died")
    problem = "ekonomi: cell 3: ValueError: x; personal: cell 4: y"
    _begin(project, "2018-03/20", "2018-04-16T08:10", "failed", cause="ValueError", problem=problem)
    _begin(project, "load", "2018-04-16T08:00", "failed", cause="LayoutError", problem="x")
    _begin(project, "load", "2018-04-17T08:00", "done", notes={"taken": ["a", "b"]})
    _begin(project, "pull/filserver", "2018-04-16T07:59", "done", notes={"taken": ["a"]})
    outlook = Outlook(now, tuple(_due(period, unit) for period in MONTHS for unit in UNITS), (), reports)
    troubles = (Problem("notices", "the mail server is away", 4),)
    portal.write(project, TickReport(now, 61.2, (), (), outlook, troubles))
    return reports


def _publish(folder: Path, period: str, unit: str, created: str) -> None:
    is_second = (period, unit) == ("2018-02", "17")
    record: dict[str, Any] = {
        "schema_version": 1,
        "period": period,
        "unit": unit,
        "unit_label": UNITS[unit],
        "audience": "public",
        "audience_label": "Offentlig",
        "synthetic": True,
        "created": created,
        "code_version": "0.1.0",
        "version": 2 if is_second else 1,
        "reason": ["data", "comments"] if is_second else ["first"],
        "status": "warnings" if unit == "17" else "ok",
        "reports": [
            {
                "name": name,
                "title": title,
                "status": "ok",
                "seconds": 1,
                "cpu_seconds": 1,
                "parameters": {},
                "tables": [],
            }
            for name, title in REPORTS.items()
        ],
        "inputs": {"version": "a", "deliveries": []},
        "validation": {},
        "files": {},
    }
    if unit == "10":
        record |= {"missing": [{}], "missing_in_words": ["Inhyrd personal för februari 2018 saknas."]}
    versions = {"v1": {**record, "version": 1, "reason": ["first"]}, "v2": record} if is_second else {"v1": record}
    for place, of_place in {".": record, **versions}.items():
        target = folder / place
        target.mkdir(parents=True, exist_ok=True)
        (target / "manifest.json").write_text(json.dumps(of_place))
        (target / "tabeller.xlsx").touch()
        for name in ("index", "datakvalitet", "andringar", *REPORTS):
            (target / f"{name}.html").write_text(html.page(html.Page(name, "Region", "rapport"), f"<h1>{name}</h1>"))


def _begin(project: Project, place: str, moment: str, outcome: Any, **told: Any) -> None:
    started = datetime.fromisoformat(moment).replace(tzinfo=STOCKHOLM)
    attempt = Attempt(place, 0, started, "a", "0.1.0", "process 1", "token", outcome=outcome, **told)
    project.history.begin(replace(attempt, ended=started + timedelta(seconds=75), seconds=75.2))


def _due(period: str, unit: str) -> Due:
    due = Due(Period.parse(period), unit, UNITS[unit], "published", "", "Version 1 publicerad.", None, "a", 1)
    if (period, unit) == LACKING[0]:
        return replace(due, state="failed", reason="failed", detail="cell 3: ValueError: x", version=0)
    if (period, unit) == LACKING[1]:
        detail = "Utfall för mars 2018 saknas. Inväntas till och med 23 april 2018."
        return replace(due, state="waiting", reason="data_late", detail=detail, next=NOW + timedelta(days=3), version=0)
    return due
