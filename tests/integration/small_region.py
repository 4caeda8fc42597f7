"""A very small region by hand: one delivery of each layout, as lines that a test may spoil, and the means to load it."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from analytics import intake, settings
from analytics.intake import LoadReport
from analytics.processed import Store
from analytics.validation import ValidationResult

PROJECT = Path(__file__).parents[2]
NOW = datetime(2018, 4, 15, 12, tzinfo=UTC)
SECRET = bytes(range(32))
MARK = "SYNTETISKA DATA – demonstrationsregion"

STAFF = "heroma/heroma_anstallning_201802.csv"
TIME = "heroma/heroma_tid_201802.csv"
ABSENCE = "heroma/heroma_franvaro_201802.csv"
LEDGER = "raindance/raindance_saldo_201803.txt"
BUDGET = "raindance/raindance_budget_201801.txt"
FORECAST = "raindance/raindance_prognos_201803.txt"
AGENCY = "inhyrd/inhyrd_201803.csv"

LEDGER_HEADER = (
    "Förvaltning\tBasenhet\tAnsvar\tKonto\tKontotext\tMotpart\tProjekt\tAktivitet\tPeriod\tTyp\tBelopp\tVerdatum"
    "\tRegistreringsdatum"
)
LEDGER_TITLES = (f"Saldorapport {MARK}", "Uttag 2018-04-10", "Belopp i kronor")


class AcceptAll:
    """A gate that lets everything pass, so that tests of reading need no suites."""

    def __init__(self, refuse: frozenset[str] = frozenset()) -> None:
        self.refuse = refuse
        self.calls: list[tuple[str, int]] = []

    def table(self, table, frame, *, previous=None):  # noqa: ARG002
        self.calls.append((table, frame.height))
        return ValidationResult(table, ())

    def across(self, frames):
        self.calls.append(("across", len(frames)))
        return ValidationResult("across_tables", ())


def heroma(title: str, header: str, *rows: str) -> list[str]:
    """Lines of a Heroma file: title, header, rows with a trailing semicolon, row count."""
    return [f"{title} {MARK}", f"{header};", *(f"{row};" for row in rows), f"Antal rader: {len(rows)}"]


def raindance(*rows: str, sums: tuple[str, ...] = ()) -> list[str]:
    """Lines of a Raindance file: three titles, header, rows, sum rows, row count."""
    return [*LEDGER_TITLES, LEDGER_HEADER, *rows, *sums, f"Antal rader: {len(rows)}"]


def deliveries() -> dict[str, list[str]]:
    """Correct deliveries, as lines by file."""
    return {
        STAFF: heroma(
            "Anställningar",
            "Anstnr;Pnr;Kön;Födelseår;Förvaltning;Basenhet;Ansvar;AID-etikett;Personalgrupp;Anstform;"
            "Sysselsättningsgrad;Heltidsmått;From;Tom;Avgångsorsak;Avgångstyp",
            "10001;19700101-0003;K;1970;17;171;1310;151010;1.2;T;100,00;40,00;2010-01-01;;;",
            "10002;19800202-0006;2;1980;10;101;0110;206010;2.4;T;75,00;38,25;2012-05-01;9999-12-31;;",
            "10003;19900303-0009;Man;1990;17;171;1310;101010;1.1;V;50,00;40,00;2018-01-01;2018-02-28;Avslut;Extern",
            "10003;19900303-0009;M;1990;17;176;1770;151010;1.2;TIM;25,00;40,00;2018-02-01;;;",
        ),
        TIME: heroma(
            "Tid",
            "Anstnr;Period;Ansvar;Tidart;Timmar;Belopp",
            "10001;201802;1310;ORD;160,00;30 000,00",
            "10001;201802;1310;ÖT-KVAL;2:30;1000,50",
            "10002;201802;0110;ORD;114,75;20000,00",
            "10002;201801;0110;MERTID;−3,50;-500,00",
            "10003;201802;1310;ORD;80,00;15000,00",
            "10003;201802;1770;TIM;12,00;2000,00",
        ),
        ABSENCE: heroma(
            "Frånvaro",
            "Anstnr;Frånvarogrupp;Orsak;From;Tom;Omfattning;Frånvarotimmar;Kalenderdagar;Period",
            "10001;01;Sjuk dag 1-14;2018-02-05;2018-02-07;100,00;24,00;3;201802",
            "10002;10;Semester;2018-02-12;;50,00;8:30;17;201802",
        ),
        LEDGER: raindance(
            "17\t171\t1310\t33110\tFörsäljning av interna utbildni\tI17\t\t\t201803\tUTFALL\t-1\u00a0257\u00a0342,50"
            "\t2018-03-05\t2018-03-06",
            "17\t171\t1310\t40110\tLön arbetad tid, månadsavlönad\tE\t\tA1\t201803\tUTFALL\t900 000,25\t2018-03-25\t",
            "17\t171\t1311\t40110\tLön arbetad tid, månadsavlönad\tE\t\t\t201803\tUTFALL\t100,00\t2018-03-25\t",
            "17\t177\t1321\t68110\tBiljetter\tE100\t4711\t\t201803\tUTFALL\t1500,00-\t2018-03-25\t2018-03-26",
            "17\t171\t1310\t68110\tBiljetter\tE100\t\t\t201803\tUTFALL\t–250,00\t2018-03-25\t2018-03-26",
            sums=(
                "Summa konto\t\t\t40110\t\t\t\t\t\t\t900 100,25\t\t",
                "Summa konto\t\t\t68110\t\t\t\t\t\t\t-1750,00\t\t",
            ),
        ),
        BUDGET: raindance(
            *(
                f"17\t171\t1310\t40110\tLön\tE\t\t\t2018{month:02d}\t{kind}\t1000,00\t\t"
                for kind in ("BUDGET", "BUDGETOMF")
                for month in range(1, 13)
            )
        ),
        FORECAST: raindance("17\t171\t1310\t40110\tLön\tE\t\t\t201803\tPROGNOS\t12000,00\t\t"),
        AGENCY: heroma(
            "Inhyrd",
            "Leverantör;Förvaltning;Yrke;Vecka;Timmar;Fakturadatum;Belopp;Version",
            "Bemanning Ett AB;10;LÄK;2018-V09;40,00;2018-03-10;48000,00;1",
            "Bemanning Ett AB;10;LÄK;2018-V01;-8:00;2018-03-10;−9 600,00;2",
        ),
    }


@dataclass
class SmallRegion:
    """A project folder with the small deliveries. ``files`` may be changed before :meth:`write`."""

    root: Path
    files: dict[str, list[str]] = field(default_factory=deliveries)

    def __post_init__(self) -> None:
        if not self.root.exists():
            self.root.mkdir(parents=True)
            shutil.copy(PROJECT / "analytics.toml", self.root)
            shutil.copytree(PROJECT / "data/raw/reference", self.root / "data/raw/reference")
        self.settings = settings.load(self.root)

    @property
    def raw(self) -> Path:
        return self.root / "data/raw"

    @property
    def store(self) -> Store:
        return Store(self.settings.paths.processed)

    def write(self, *names: str, encoding: str = "cp1252") -> None:
        """Write these deliveries (all if none is named) as the suppliers would."""
        for name in names or self.files:
            text = "".join(f"{line}\r\n" for line in self.files[name])
            # U+2212 does not exist in cp1252.
            self.write_bytes(name, (text.replace("−", "-") if encoding == "cp1252" else text).encode(encoding))

    def write_bytes(self, name: str, content: bytes) -> Path:
        file = self.raw / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        return file

    def load(self, **arguments: object) -> LoadReport:
        return intake.load(
            self.settings,
            **{"secret": SECRET, "now": NOW, "validate": AcceptAll(), **arguments},  # type: ignore[arg-type]
        )

    def checksums(self) -> dict[str, str]:
        """Every file below data/processed and reports with its checksum."""
        return {
            str(file.relative_to(self.root)): hashlib.sha256(file.read_bytes()).hexdigest()
            for folder in (self.settings.paths.processed, self.settings.paths.reports)
            for file in sorted(folder.rglob("*"))
            if file.is_file()
        }
