"""One report month of one unit: the workbench that notebooks hold, with the head and foot of its reports."""

from __future__ import annotations

from collections.abc import Sequence

from analytics import __version__, frame
from analytics.comments.inventory import inventory, version
from analytics.errors import UsageError
from analytics.periods import Period
from analytics.workbench.deliveries import DELIVERY_NAMES
from analytics.workbench.querying_to_save import QueryingToSave

OWN = frozenset({"scope", "audience", "parent"})
"""What a bench is made with; set once."""


class Workbench(QueryingToSave):
    """Measures, protected tables, sentences and charts for one scope. Made by :func:`open_workbench`."""

    def __setattr__(self, name: str, value: object) -> None:
        # wb.period = "2018-02" would be taken for another month, and every table would still be that of the first.
        if not name.startswith("_") and (name not in OWN or name in self.__dict__):
            raise UsageError(
                f"wb.{name} cannot be set: a bench is of one month and unit, {self.name}",
                action="Open another: wb = analytics.open(period=…, unit=…). Give what you work out a name of its own.",
            )
        super().__setattr__(name, value)

    def __repr__(self) -> str:
        part, span = self.scope.part, self.scope.span
        place = f"{self.scope.unit}{f' part {part.code} {part.label}' if part else ''}"
        return (
            f"<Workbench {self.scope.period} unit {place}{'' if self.is_as_printed else f', {span}'}, {self.audience}>"
        )

    def header(self) -> frame.Html:
        """Unit, period, kind, status and audience, with the synthetic and internal marks."""
        region = self.scope.settings.region
        limits = self.scope.settings.disclosure.for_audience(self.audience)
        facts = (
            ("Organisation", region.name_in(self.scope.period)),
            ("Förvaltning", f"{self.scope.unit} {self.scope.unit_label}"),
            ("Rapport", f"{frame.kind_of(self.scope.period)} {self.scope.period.label}"),
            ("Ekonomi avser", self.scope.ledger_range.label),
            ("Personal avser", self.scope.staff_range.label),
            ("Status", self.checks.words),
            ("Läsekrets", limits.label),
        )
        internal = limits.label if self.audience == "internal" else ""
        return frame.header(facts, synthetic=region.synthetic, internal_label=internal)

    def footer(self) -> frame.Html:
        """Data version, deliveries, checks, code version, law and the definitions of the tables used."""
        facts = (
            ("Dataversion", self.version),
            ("Kontroller", f"{self.checks.words}. Se sidan Datakvalitet."),
            ("Programversion", f"analytics {__version__}"),
            ("Röjandekontroll", self._limits_in_words()),
            ("Lagrum för sjukfrånvaro", self.scope.settings.staff.sick_leave_law),
        )
        return frame.footer(facts, self._deliveries(), list(self._protected.values()))

    @property
    def checks(self) -> frame.Checks:
        """Expectations on all loaded deliveries: how many there are and how many failed."""
        failed = [outcome for outcome in self._outcomes if not outcome["passed"]]
        critical = sum(outcome.get("severity") == "critical" for outcome in failed)
        return frame.Checks(len(self._outcomes), len(failed), critical)

    @property
    def version(self) -> str:
        """Version of the data and the comments that this report is made from."""
        return self._keep("version", self._version)

    def _version(self) -> str:
        desk = self._desk
        public = self.audience != "internal"
        found = inventory(desk.folder, desk.period, desk.unit, desk.areas, approved_only=public)
        return version(self.catalog.version, found)

    def _limits_in_words(self) -> str:
        limits = self.scope.settings.disclosure.for_audience(self.audience)
        return (
            f"Sjukfrånvaro visas inte för grupper med högst {limits.sick_leave_at_most} anställda, andra "
            f"personaluppgifter inte för färre än {limits.staff_fewer_than} personer, uppgifter om patienter och "
            f"listade inte för färre än {limits.patients_fewer_than}. Kostnader visas inte heller där en enda patient "
            f"står för mer än {limits.largest_patient_pct:g} procent. En uppgift om en enda person visas aldrig. "
            "Fler uppgifter döljs där en dold uppgift annars kunde räknas fram."
        )

    def _deliveries(self) -> Sequence[frame.DeliveryLine]:
        lines = []
        for table, name in DELIVERY_NAMES.items():
            entries = self.catalog.of_table(table)
            if entries:
                lines.append(
                    frame.DeliveryLine(
                        name,
                        Period.parse(max(entry.delivery for entry in entries)).label,
                        len(entries),
                        max(entry.snapshot.received for entry in entries)[:16].replace("T", " "),
                    )
                )
        return lines
