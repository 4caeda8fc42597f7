"""A project that is quick to make: a ledger of three months, two units, two small notebooks that read it.

All of it is real but small: files as the suppliers send them, the suites of ``expectations/``, measures, disclosure
control. March 2018 alone is due (``[calendar] enabled_from``), for the units 10 and 17.
"""

from __future__ import annotations

import json
import shutil
import sys
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

import nbformat

from analytics import settings as settings_module
from analytics.calendar import STOCKHOLM
from analytics.settings import Settings

sys.path.append(str(Path(__file__).parents[1] / "integration"))
from small_region import raindance

PROJECT: Final = Path(__file__).parents[2]
UNITS: Final = ("10", "17")
PERIOD: Final = "2018-03"
# Embargo of March until 16 April 8.00.
DUE: Final = datetime(2018, 4, 20, 10, 0, tzinfo=STOCKHOLM)
SALDO: Final = "raindance/raindance_saldo_2018{month:02d}{version}.txt"
PARAMETERS: Final = 'period: str = "2018-03"\nunit: str = "17"\naudience: str = "public"'
OPEN: Final = "import analytics\n\nwb = analytics.open(period=period, unit=unit, audience=audience)"
REPORTS: Final = {"ekonomi": ("fr1_summary",), "kort": ("fr1_outcome",)}
EXPECTATIONS: Final = 4


def ledger(month: int, *, corrected: bool = False) -> list[str]:
    """The ledger of one month: what unit 17 paid in wages is another amount where it was corrected."""
    wages = "910 000,25" if corrected else "900 000,25"
    day = f"2018-{month:02d}-25"
    rows = [
        f"{unit}\t{base}\t{place}\t{account}\t{text}\t{other}\t\t\t2018{month:02d}\tUTFALL\t{amount}\t{day}\t"
        for unit, base, place, account, text, other, amount in (
            ("17", "171", "1310", "33110", "Försäljning av interna utbildni", "I17", "-1\u00a0257\u00a0342,50"),
            ("17", "171", "1310", "40110", "Lön arbetad tid, månadsavlönad", "E", wages),
            ("17", "177", "1321", "68110", "Biljetter", "E100", "1500,00"),
            ("10", "101", "0110", "40110", "Lön arbetad tid, månadsavlönad", "E", "2 000 000,00"),
            ("10", "101", "0110", "68110", "Biljetter", "E100", "300,00"),
        )
    ]
    return raindance(*rows)


def budget() -> list[str]:
    return raindance(
        *(
            f"{unit}\t{base}\t{place}\t40110\tLön arbetad tid, månadsavlönad\tE\t\t\t2018{month:02d}\t{kind}\t{amount}\t\t"
            for unit, base, place, amount in (("17", "171", "1310", "890000,00"), ("10", "101", "0110", "1990000,00"))
            for kind in ("BUDGET", "BUDGETOMF")
            for month in range(1, 13)
        )
    )


def notebook(*code: str, heading: str) -> nbformat.NotebookNode:
    cells = [
        nbformat.v4.new_markdown_cell(f"# {heading}\n\nRapporten beskriver förvaltningen."),
        nbformat.v4.new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]}),
        *(nbformat.v4.new_code_cell(source) for source in code),
    ]
    # Ids of cells are made at random; these are made again with the project.
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"
    return nbformat.v4.new_notebook(
        cells=cells, metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    )


def _write_suites(folder: Path) -> None:
    """The first expectations of each suite: all are checked elsewhere, here it is enough that they are."""
    folder.mkdir()
    for file in sorted((PROJECT / "expectations").glob("*.json")):
        suite = json.loads(file.read_text(encoding="utf-8"))
        suite["expectations"] = suite["expectations"][:EXPECTATIONS]
        (folder / file.name).write_text(json.dumps(suite, ensure_ascii=False), encoding="utf-8")


@dataclass
class SmallMonths:
    """The project in ``root``, made there if there is none. ``first`` is the first month that is due.

    ``reports`` are notebooks and the tables that they show; ``deliver_all`` puts the ledger until March into the inbox.
    """

    root: Path
    first: str = PERIOD
    notebooks: dict[str, tuple[str, ...]] = field(default_factory=lambda: dict(REPORTS))
    deliver_all: bool = True

    def __post_init__(self) -> None:
        if self.root.exists():
            return
        self.root.mkdir(parents=True)
        text = (PROJECT / "analytics.toml").read_text(encoding="utf-8")
        (self.root / "analytics.toml").write_text(
            text.replace('enabled_from = "2018-01"', f'enabled_from = "{self.first}"').replace(
                "most_deaths = 3", "most_deaths = 9"
            ),
            encoding="utf-8",
        )
        _write_suites(self.root / "expectations")
        shutil.copytree(PROJECT / "data/raw/reference", self.root / "data/raw/reference")
        for calendar in (self.root / "data/raw/reference").glob("calendar_*.toml"):
            days = calendar.read_text(encoding="utf-8")
            units = ", ".join(f'"{unit}"' for unit in UNITS)
            calendar.write_text(days.replace("[[occasion]]\n", f"[[occasion]]\nunits = [{units}]\n"), encoding="utf-8")
        (self.root / "notebooks").mkdir()
        for name, tables in self.notebooks.items():
            cells = [OPEN, "wb.header()", *(f'wb.show("{table}")' for table in tables), "wb.footer()"]
            nbformat.write(notebook(*cells, heading=name.capitalize()), self.root / f"notebooks/{name}.ipynb")
        self.write("raindance/raindance_budget_201801.txt", budget())
        for month in (1, 2, 3) if self.deliver_all else ():
            self.deliver(month)

    @property
    def settings(self) -> Settings:
        return settings_module.load(self.root)

    @property
    def reports(self) -> Path:
        return self.root / "reports"

    @property
    def key(self) -> Path:
        """The pseudonym key, outside the project."""
        return self.root.with_suffix(".key")

    def deliver(self, month: int, *, version: int = 1, corrected: bool = False) -> Path:
        """Put the ledger of a month into the inbox, as a person would."""
        name = SALDO.format(month=month, version="" if version == 1 else f"_v{version}")
        return self.write(name, ledger(month, corrected=corrected))

    def forecast(self, month: int) -> Path:
        """The administrations' own forecasts of a month."""
        rows = (
            f"{unit}\t{base}\t{place}\t40110\tLön\tE\t\t\t2018{month:02d}\tPROGNOS\t{amount}\t\t"
            for unit, base, place, amount in (
                ("17", "171", "1310", "10900000,00"),
                ("10", "101", "0110", "24100000,00"),
            )
        )
        return self.write(f"raindance/raindance_prognos_2018{month:02d}.txt", raindance(*rows))

    def write(self, name: str, lines: list[str]) -> Path:
        file = self.root / "data/raw" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes("".join(f"{line}\r\n" for line in lines).encode("cp1252"))
        return file
