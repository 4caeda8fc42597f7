"""``datakvalitet.html``: what was delivered and what the checks said, in Swedish, without personal values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from analytics import swedish
from analytics.periods import Period
from analytics.reports.inputs import Check, Delivery, Inputs

TABLE_NAMES = {
    "employments": "Anställningar",
    "time": "Arbetad tid",
    "absence": "Frånvaro",
    "ledger": "Redovisning",
    "agency": "Inhyrd personal",
    "indicators": "Indikatorer",
    "care_units": "Vårdenheter",
    "care_contacts": "Vårdkontakter",
    "care_costs": "Vårdkontakternas kostnader",
    "across_tables": "Underlagen jämförda med varandra",
}
SOURCE_NAMES = {
    "heroma": "Personalsystemet",
    "raindance": "Ekonomisystemet",
    "inhyrd": "Bemanningsföretagen",
    "halsoval": "Hälsovalet",
    "kpp": "Kostnad per patient",
    "stratsys": "Målstyrningssystemet",
    "kolada": "Kolada (RKA)",
}
LAYOUT_NAMES = {
    "heroma_anstallning": "Anställningar",
    "heroma_tid": "Arbetad tid",
    "heroma_franvaro": "Frånvaro",
    "raindance_saldo": "Utfall",
    "raindance_budget": "Budget",
    "raindance_prognos": "Prognos",
    "inhyrd": "Inhyrd personal",
    "halsoval": "Vårdenheter",
    "kpp_kontakter": "Vårdkontakter",
    "kpp_kostnader": "Vårdkontakternas kostnader",
    "stratsys_indikatorer": "Indikatorer",
    "kolada": "Nyckeltal för jämförelse",
}
SEVERITY_NAMES = {"critical": "Kritisk", "warning": "Varning", "info": "Upplysning"}
MOST_PERIODS = 6
MOST_LINES = 8
_MONTH = re.compile(r"(?<![\w-])20\d\d-(?:0[1-9]|1[0-2])(?![\w-])")


@dataclass(frozen=True, slots=True)
class _Group:
    """One check over all deliveries it was made on."""

    first: Check
    made: int
    failed: tuple[Check, ...]


def body(inputs: Inputs, *, unit: str, period: str) -> str:
    """The content of the page: a sentence that sums up, remarks first, then deliveries and every check."""
    groups = _grouped(inputs.checks)
    remarks = [group for group in groups if group.failed]
    parts = [
        "<h1>Datakvalitet</h1>",
        _summary(inputs),
        '<div class="rapport-huvud"><dl>',
        f"<dt>Förvaltning</dt><dd>{escape(unit)}</dd><dt>Rapportmånad</dt><dd>{escape(period)}</dd>",
        f"<dt>Dataversion</dt><dd>{escape(inputs.version)}</dd></dl></div>",
        "<h2>Anmärkningar</h2>",
        _remarks(remarks) if remarks else "<p>Inga kontroller gav anmärkning.</p>",
        "<h2>Leveranser</h2>",
        _deliveries(inputs.deliveries),
        "<h2>Alla kontroller</h2>",
    ]
    tables = list(dict.fromkeys(group.first.table for group in groups))
    if tables:
        parts.append(
            "<p>En kritisk kontroll som inte uppfylls gör att leveransen inte tas in. En varning tas in och redovisas "
            "som anmärkning.</p>"
        )
    for table in tables:
        name = TABLE_NAMES.get(table, table)
        of_table = [group for group in groups if group.first.table == table]
        parts.append(f"<h3>{escape(name)}</h3>")
        parts.append(
            f'<details class="kontroller"><summary>Visa kontrollerna: {escape(name)} ({_outcome(of_table)})</summary>'
            f"{_checks_table(of_table, f'Kontroller: {name}')}</details>"
        )
    if not tables:
        parts.append("<p>Inga kontroller har gjorts.</p>")
    return "\n".join(parts)


def _outcome(groups: list[_Group]) -> str:
    passed = sum(not group.failed for group in groups)
    return f"{_count(passed)} av {_count(len(groups))} godkända"


def _summary(inputs: Inputs) -> str:
    """Whether the figures can be trusted, in the first sentence, and what the counts mean."""
    summary = inputs.summary()
    passed = f"{_count(summary['passed'])} av {_count(summary['checks'])} kontroller av underlaget är godkända."
    if summary["status"] == "not validated":
        return (
            '<p class="besked varning"><strong>Siffrorna har inte kontrollerats.</strong> '
            "Använd dem inte som beslutsunderlag.</p>"
        )
    if summary["status"] == "passed":
        return f'<p class="besked"><strong>Siffrorna kan användas.</strong> {passed}</p>'
    if summary["critical"]:
        errors = int(summary["critical"])
        noun = "allvarligt fel" if errors == 1 else "allvarliga fel"
        return (
            f'<p class="besked fel"><strong>Siffrorna kan vara fel: underlaget har {_count(errors)} {noun}.</strong> '
            f"{passed} Använd inte siffror som berörs förrän felet är rättat. Vad det gäller står nedan.</p>"
        )
    warnings = int(summary["warnings"])
    noun = "anmärkning" if warnings == 1 else "anmärkningar"
    return (
        '<p class="besked varning">'
        f"<strong>Siffrorna kan användas, men {_count(warnings)} {noun} bör beaktas.</strong> "
        f"Inga allvarliga fel har hittats; {passed} En anmärkning betyder att något avviker från det vanliga och bör "
        "förklaras. Det behöver inte vara fel.</p>"
    )


def _remarks(groups: list[_Group]) -> str:
    """Each remark with what it is about, why it matters and what deviates."""
    items = "".join(_remark(group) for group in groups)
    return (
        "<p>Underlaget är gemensamt för alla förvaltningar. Vid varje anmärkning står vilka månader den gäller och hur "
        f'stor avvikelsen är.</p><ul class="anmarkningar">{items}</ul>'
    )


def _remark(group: _Group) -> str:
    check = group.first
    css = "fel" if check.severity == "critical" else "varning"
    label = SEVERITY_NAMES.get(check.severity, check.severity)
    counted = [failed.unexpected for failed in group.failed if failed.unexpected is not None]
    noun = "avvikelse" if sum(counted) == 1 else "avvikelser"
    is_said = any(" avviker: " in failed.detail for failed in group.failed)
    number = f" <span>{swedish.number(sum(counted))} {noun}</span>" if counted and not is_said else ""
    return (
        f'<li><p class="rubrik"><span class="etikett {css}">{escape(label)}</span> '
        f"{escape(TABLE_NAMES.get(check.table, check.table))}: ”{escape(check.title)}” stämmer inte{number}</p>"
        f"<p>{escape(check.reason)}</p>{_deviations(group)}</li>"
    )


def _deviations(group: _Group) -> str:
    """How many deviate, and one line per place, as the check said it."""
    pieces: list[str] = []
    loose: list[str] = []
    for failed in group.failed:
        before, _, after = failed.detail.partition(" avviker: ")
        if not after:
            loose.append(": ".join(part for part in (failed.period, failed.detail) if part) or "Ingen närmare uppgift")
            continue
        span = f" ({failed.period})" if failed.period else ""
        places = after.rstrip(".").split("; ")
        # The check itself names the first places only.
        number = before.partition(" av ")[0].replace(swedish.HARD_SPACE, "")
        more = number.isdigit() and int(number) > len(places)
        pieces.append(f"<p>{escape(in_words(f'{before} avviker{span}:'))}</p>{_listed(places, more=more)}")
    return "".join([*pieces, _listed(loose) if loose else ""])


def _listed(lines: Sequence[str], *, more: bool = False) -> str:
    shown = [*lines[:MOST_LINES], *(["med flera"] if more or len(lines) > MOST_LINES else [])]
    return f"<ul>{''.join(f'<li>{escape(in_words(line))}</li>' for line in shown)}</ul>"


def in_words(text: str) -> str:
    """Months as a reader says them: ``2016-01–2018-02`` → ``januari 2016–februari 2018``."""
    return _MONTH.sub(lambda found: Period.parse(found[0]).label, text)


def _count(number: int | str) -> str:
    return swedish.number(int(number))


def _grouped(checks: Iterable[Check]) -> list[_Group]:
    groups: dict[tuple[str, str], list[Check]] = {}
    for check in checks:
        groups.setdefault((check.table, check.title), []).append(check)
    made = [
        _Group(group[0], len(group), tuple(check for check in group if not check.passed)) for group in groups.values()
    ]
    order = {"critical": 0, "warning": 1, "info": 2}
    return sorted(made, key=lambda group: (not group.failed, order.get(group.first.severity, 3)))


def _checks_table(groups: list[_Group], caption: str) -> str:
    rows = "".join(_check_row(group) for group in groups)
    return (
        f'<table class="rapport-tabell"><caption>{escape(caption)}</caption><thead><tr>'
        '<th scope="col">Kontroll</th><th scope="col">Varför</th><th scope="col">Allvar</th>'
        '<th scope="col">Resultat</th><th scope="col" class="tal">Antal avvikelser</th>'
        f"</tr></thead><tbody>{rows}</tbody></table>"
    )


def _check_row(group: _Group) -> str:
    check = group.first
    unexpected = sum(failed.unexpected or 0 for failed in group.failed)
    counted = any(failed.unexpected is not None for failed in group.failed)
    number = swedish.number(unexpected) if counted or not group.failed else ""
    cell = number or '<span class="dold">inte räknat</span>'
    return (
        f'<tr><th scope="row">{escape(check.title)}</th>'
        f"<td>{escape(check.reason)}</td>"
        f"<td>{escape(SEVERITY_NAMES.get(check.severity, check.severity))}</td>"
        f'<td>{_result(group)}</td><td class="tal">{cell}</td></tr>'
    )


def _result(group: _Group) -> str:
    if not group.failed:
        times = f" ({swedish.number(group.made)} leveranser)" if group.made > 1 else ""
        return f'<span class="etikett ok">Godkänd</span>{times}'
    css = "fel" if group.first.severity == "critical" else "varning"
    label = f'<span class="etikett {css}">Anmärkning</span>'
    periods = [failed.period for failed in group.failed if failed.period]
    shown = ", ".join(periods[:MOST_PERIODS]) + (" med flera" if len(periods) > MOST_PERIODS else "")
    counted = f"{len(group.failed)} av {group.made}" if group.made > 1 else ""
    place = ": ".join(part for part in (counted, shown) if part)
    details = list(dict.fromkeys(failed.detail for failed in group.failed if failed.detail))
    text = ". ".join(part.strip(". ") for part in (place, *details[:2]) if part)
    return f"{label}<br>{escape(in_words(text))}" if text else label


def _deliveries(deliveries: tuple[Delivery, ...]) -> str:
    if not deliveries:
        return "<p>Inga leveranser finns inlästa.</p>"
    by_layout: dict[tuple[str, str], list[Delivery]] = {}
    for delivery in deliveries:
        by_layout.setdefault((delivery.supplier, delivery.layout), []).append(delivery)
    overview = "".join(_overview_row(supplier, layout, group) for (supplier, layout), group in by_layout.items())
    every = "".join(_delivery_row(delivery) for delivery in deliveries)
    return (
        '<table class="rapport-tabell"><caption>Källor</caption><thead><tr><th scope="col">Källa</th>'
        '<th scope="col">Uppgifter</th><th scope="col">Perioder</th><th scope="col" class="tal">Leveranser</th>'
        f'<th scope="col" class="tal">Rader</th><th scope="col">Senast mottagen</th></tr></thead><tbody>{overview}'
        "</tbody></table>"
        '<details class="leveranser"><summary>Visa varje leverans med kontrollsumma</summary>'
        '<table class="rapport-tabell"><caption>Alla leveranser</caption><thead><tr><th scope="col">Fil</th>'
        '<th scope="col">Period</th><th scope="col" class="tal">Version</th><th scope="col">Mottagen</th>'
        '<th scope="col" class="tal">Rader</th><th scope="col">Kontrollsumma (SHA-256)</th></tr></thead>'
        f"<tbody>{every}</tbody></table></details>"
    )


def _overview_row(supplier: str, layout: str, group: list[Delivery]) -> str:
    periods = sorted(delivery.period for delivery in group)
    span = in_words(periods[0] if len(periods) == 1 else f"{periods[0]}–{periods[-1]}")
    return (
        f'<tr><th scope="row">{escape(SOURCE_NAMES.get(supplier, supplier))}</th>'
        f"<td>{escape(LAYOUT_NAMES.get(layout, layout))}</td>"
        f'<td>{escape(span)}</td><td class="tal">{swedish.number(len(group))}</td>'
        f'<td class="tal">{swedish.number(sum(delivery.rows for delivery in group))}</td>'
        f"<td>{escape(_day(max(delivery.received for delivery in group)))}</td></tr>"
    )


def _delivery_row(delivery: Delivery) -> str:
    return (
        f'<tr><th scope="row">{escape(delivery.file)}</th><td>{escape(delivery.period)}</td>'
        f'<td class="tal">{delivery.version}</td><td>{escape(_day(delivery.received))}</td>'
        f'<td class="tal">{swedish.number(delivery.rows)}</td><td><code>{escape(delivery.sha256[:12])}</code></td></tr>'
    )


def _day(moment: str) -> str:
    return moment[:10]
