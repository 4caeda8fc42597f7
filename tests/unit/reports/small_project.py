"""A project with one delivery and two small notebooks: enough to make packages without the demonstration region."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import nbformat
import polars as pl

from analytics import settings as settings_module
from analytics.processed import Catalog, Entry, Source, Store, schema_of
from analytics.settings import Settings
from analytics.validation.results import Outcome, ValidationResult

PROJECT = Path(__file__).parents[3]
NOW = datetime(2018, 4, 20, 8, 30, tzinfo=UTC)

PARAMETERS = 'period: str = "2018-03"\nunit: str = "17"\naudience: str = "public"'
MAKE_TABLE = """\
from types import SimpleNamespace

import polars as pl
from IPython.display import HTML, display

from analytics.disclosure import protect
from analytics.measures.catalogue import TABLES, MeasureTable
from analytics.settings import Audience

frame = pl.DataFrame(
    {
        "personnel_group": ["1.1", "1.1", "2.1"],
        "personnel_group_label": ["=Handläggare", "=Handläggare", "Ledning"],
        "row_type": ["group", "group", "group"],
        "sex": ["K", "M", "K"],
        "column": ["current", "current", "current"],
        "value": [1234.56789, 17.0, 2.0],
        "n": [1300, 17, 2],
    }
)
measured = MeasureTable(TABLES["@ID@"], frame, {"current": "2018"}, "januari–februari 2018", ("Årsarbetare: 1 760 timmar.",))
limits = Audience("Offentlig", "", 10, 5, 5, 50)
shown = protect(measured, limits, "..")
wb = SimpleNamespace(used=("@ID@",), protected=lambda table_id: shown)
"""
SHOW = """\
rows = "".join(f"<tr><th scope='row'>Rad {number}</th>" + "<td class='tal'>1 234 567</td>" * 9 + "</tr>" for number in range(4))
head = "<th scope='col'>Kontoslag</th>" + "<th scope='col' class='tal'>Utfall</th>" * 9
display(HTML(f"<table class='rapport-tabell'><caption>Utfall, kr</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"))
"""
CHART = """\
import json
spec = {"$schema": "https://vega.github.io/schema/vega-lite/v6.json", "width": "container", "height": 220,
        "data": {"values": [{"m": f"2018-{m:02d}-01", "v": 1000 * m} for m in range(1, 13)]},
        "mark": {"type": "line", "point": True, "tooltip": True},
        "encoding": {"x": {"field": "m", "type": "temporal", "title": "Månad"},
                     "y": {"field": "v", "type": "quantitative", "title": "tkr"}}}
figure = ('<figure class="diagram"><div class="vega-plats" role="img" aria-label="Linjediagram: kostnad per månad"></div>'
          '<script type="application/json" class="vega-spec">' + json.dumps(spec) + "</script>"
          "<figcaption>Kostnad per månad<details><summary>Visa siffrorna</summary><table class='rapport-tabell'>"
          "<caption>Kostnad</caption><thead><tr><th scope='col'>Månad</th><th scope='col' class='tal'>tkr</th></tr></thead>"
          "<tbody><tr><th scope='row'>januari</th><td class='tal'>1 000</td></tr></tbody></table></details></figcaption></figure>")
display(HTML(figure))
"""


def notebook(*code: str, heading: str, parameters: str = PARAMETERS) -> nbformat.NotebookNode:
    """A report notebook: heading, parameters, a table, and the given cells."""
    cells = [
        nbformat.v4.new_markdown_cell(f"# {heading}\n\nRapporten beskriver **förvaltningen**."),
        nbformat.v4.new_code_cell(parameters, metadata={"tags": ["parameters"]}),
        *(nbformat.v4.new_code_cell(source) for source in code),
    ]
    return nbformat.v4.new_notebook(
        cells=cells, metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    )


def write_notebooks(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for name, table in (("personal", "worked_fte"), ("ekonomi", "overtime_fte")):
        made = notebook(MAKE_TABLE.replace("@ID@", table), SHOW, CHART, heading=name.capitalize())
        made.cells.insert(3, nbformat.v4.new_markdown_cell("## Utförd tid\n\nText."))
        made.cells.insert(5, nbformat.v4.new_markdown_cell("## Övertid & mertid\n\n### Per månad"))
        nbformat.write(made, folder / f"{name}.ipynb")


def outcome(*, passed: bool, severity: str = "warning") -> Outcome:
    return Outcome(
        "sum_equals",
        "Summan stämmer",
        "Annars saknas rader.",
        severity,
        passed,
        "ledger",
        None,
        10,
        0 if passed else 3,
        "",
    )


def write_data(folder: Path, *, passed: bool = True) -> None:
    """One delivery of the ledger, with its validation."""
    store = Store(folder)
    frame = pl.DataFrame(schema=schema_of("ledger"))
    source = Source("raindance_saldo", "raindance", 1, "ab" * 32, "2018-04-02T10:00:00+00:00", "saldo_201803.txt")
    key = "good" if passed else "warned"
    result = ValidationResult("ledger", (outcome(passed=True), outcome(passed=passed)))
    with store.locked():
        store.stage(f"ledger/2018-03-{key}.parquet", frame)
        store.stage_bytes(f"validation/{key}.json", json.dumps(result.to_record()).encode())
        entry = Entry(
            "ledger", "2018-03", f"ledger/2018-03-{key}.parquet", 0, key, source, 1, "", (), f"validation/{key}.json"
        )
        store.commit(Catalog((entry,)), [entry.file, entry.validation])


def make_project(root: Path) -> Settings:
    """A project folder with settings, reference tables, data and notebooks."""
    root.mkdir(parents=True, exist_ok=True)
    shutil.copy(PROJECT / "analytics.toml", root)
    shutil.copytree(PROJECT / "data/raw/reference", root / "data/raw/reference")
    settings = settings_module.load(root)
    write_data(settings.paths.processed)
    write_notebooks(settings.paths.notebooks)
    return settings
