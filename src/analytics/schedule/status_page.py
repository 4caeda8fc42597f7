"""``status.html``: where every package stands, its attempts, loads and fetches; for those who run the reports.

No figures, no error texts, no paths: those are in the history, which no web server shows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from html import escape
from typing import Final

from analytics import swedish
from analytics.reports import html, versions
from analytics.reports.portal import EXTRA, SEARCH, Portal
from analytics.reports.situation_text import mark, moment_label
from analytics.schedule import plain, positions
from analytics.schedule.due import Due
from analytics.schedule.history import LOAD, Attempt
from analytics.schedule.last_tick import LastTick
from analytics.schedule.looking import Outlook, Project
from analytics.schedule.outcomes import Problem
from analytics.schedule.positions import Position

FILE_NAME: Final = "status.html"
MOST: Final = 10
"""So many attempts of a place are shown."""
WHAT: Final = {
    "pull": "Hämtningen från källorna",
    "load": "Inläsningen av leveranser",
    "due": "Läsningen av läget",
    "history": "Rensningen av historiken",
    "portal": "Skrivningen av portalen",
    "notices": "Utskicket av meddelanden",
    "metrics": "Skrivningen av mätvärden",
}
NEEDS_SOMEONE: Final = ("failed", "missing")


def page(portal: Portal, project: Project, tick: LastTick, found: Sequence[Position] | None, outlook: Outlook) -> str:
    """The whole page. ``found`` is None where it could not be seen how the packages stand.

    Raises StorageError if the history of loads or fetches is damaged.
    """
    parts = [
        "<h1>Driftstatus</h1>",
        '<p class="ingress">Hur det står med varje rapport, och vad körningarna har gjort.</p>',
        *_last(tick),
        *_attention(tick, found, outlook),
    ]
    if found is None:
        parts.append("<h2>Rapporter</h2><p>Läget kunde inte läsas vid senaste kontrollen.</p>")
    else:
        parts += _months(found, project.titles)
    parts += _others(project)
    frame = replace(
        portal.frame("Driftstatus"), extra=EXTRA, links=(html.Link("Alla rapporter", "index.html"),), footer=_FOOTER
    )
    return html.page(frame, "\n".join(parts))


_FOOTER = (
    "Felens texter, loggar och misslyckade notebookar finns i körningarnas historik, som inte visas på webben.",
    "Kör analytics status för att läsa dem.",
)


def _last(tick: LastTick) -> list[str]:
    expected, maybe = tick.expected, "Schemat kan ha stannat, eller så tar en körning lång tid."
    minutes = round(tick.every.total_seconds() / 60)
    every = f"En kontroll görs var {minutes}:e minut. Nästa bör vara klar senast {moment_label(expected)}."
    began = f"<strong>{moment_label(tick.began)}</strong>"
    late = f"Nästa kontroll skulle ha varit klar senast {moment_label(expected)}. {maybe}"
    return [
        f"<p>Senaste kontrollen började {began} och tog {plain.length(tick.seconds)}.</p>",
        f'<p class="besked fel" data-nasta-kontroll="{expected.isoformat(timespec="seconds")}" hidden>{late}</p>',
        f'<p class="not">{every} Är klockan mer än så utan att sidan har ändrats: {swedish.inline(maybe)}</p>',
    ]


def _attention(tick: LastTick, found: Sequence[Position] | None, outlook: Outlook) -> list[str]:
    problems = [_problem(each) for each in tick.problems]
    if outlook.years_without_calendar:
        years = ", ".join(map(str, outlook.years_without_calendar))
        problems.append(f"Det finns ingen rapportkalender för {years}; ingen rapport för de åren tas fram.")
    wanting = [each for each in found or () if each.due.state in NEEDS_SOMEONE]
    problems += [
        f"{_capital(each.due.period.label)}, {each.due.unit} {each.due.unit_label}: {plain.sentence(each.due)}"
        for each in wanting
        if each.due.state == "missing" or each.due.next is None
    ]
    if not problems:
        return ['<p class="besked">Inget behövde åtgärdas då.</p>']
    listed = "".join(f"<li>{escape(each)}</li>" for each in problems)
    return ["<h2>Behöver åtgärdas</h2>", f'<ul class="atgarda">{listed}</ul>']


def _problem(problem: Problem) -> str:
    return f"{WHAT.get(problem.what, problem.what.capitalize())} misslyckades vid senaste kontrollen."


def _months(found: Sequence[Position], titles: Mapping[str, str]) -> list[str]:
    if not found:
        return ["<h2>Rapporter</h2><p>Kalendern begär inga rapporter ännu.</p>"]
    parts = [SEARCH]
    for period in dict.fromkeys(each.due.period for each in found):
        of_month = [each for each in found if each.due.period == period]
        entries = "".join(_entry(each, titles) for each in of_month)
        listed = f'<ul class="drift">{entries}</ul>'
        counted = _counted(of_month)
        if all(each.due.state == "published" for each in of_month):
            listed = f"<details><summary>{counted}</summary>{listed}</details>"
        else:
            listed = f"<p>{counted}</p>{listed}"
        parts.append(f"<section data-manad><h2>{escape(_capital(period.label))}</h2>{listed}</section>")
    return parts


def _counted(of_month: Sequence[Position]) -> str:
    published = sum(1 for each in of_month if each.due.state == "published")
    all_of = len(of_month)
    return f"Alla {all_of} publicerade" if published == all_of else f"{published} av {all_of} publicerade"


def _entry(position: Position, titles: Mapping[str, str]) -> str:
    due = position.due
    state = '<span class="etikett ok">Publicerad</span>' if due.state == "published" else mark(due.state)
    lines = [escape(due.detail if due.state == "published" else plain.sentence(due))]
    if position.holder and not due.running:
        lines.append("Görs just nu.")
    if due.next:
        lines.append(f"Nästa tidpunkt: {moment_label(due.next)}.")
    search = f"{due.unit} {due.unit_label} {due.period.label} {due.period} {state}"
    return (
        f'<li data-sok="{escape(search)}"><h3 class="utanfor">{escape(f"{due.unit} {due.unit_label}")}</h3>'
        f"<p>{state} {' '.join(lines)}</p>"
        f"{_versions(position, due)}{_attempts(position, titles)}</li>"
    )


def _versions(position: Position, due: Due) -> str:
    if not position.versions:
        return ""
    lines = "".join(
        f'<li><a href="{due.period}/{escape(due.unit)}/{versions.name(each.number)}/index.html">Version {each.number}'
        f'<span class="dold">, {escape(due.unit_label)}, {escape(due.period.label)}</span></a>, '
        f"{escape(plain.day_of(each.created))}. {escape(versions.in_words(each.reason))}."
        f"{' Ofullständig.' if each.is_incomplete else ''}</li>"
        for each in position.versions
    )
    return f"<ul>{lines}</ul>"


def _attempts(position: Position, titles: Mapping[str, str]) -> str:
    if not position.is_readable:
        return "<p>Historiken över försöken är skadad och kan inte läsas.</p>"
    if not position.attempts:
        return '<p class="not">Inga försök av schemat.</p>'
    due = position.due
    count = len(position.attempts)
    name = f"{'Ett försök' if count == 1 else f'{count} försök'}"
    caption = f"Försök: {due.unit} {due.unit_label}, {due.period.label}"
    return f"<details><summary>{name}</summary>{_table(position.attempts, caption, titles)}</details>"


def _table(attempts: Sequence[Attempt], caption: str, titles: Mapping[str, str]) -> str:
    rows = "".join(
        f'<tr><th scope="row">{moment_label(each.started)}</th><td class="kort">{_length(each)}</td>'
        f"<td>{escape(plain.OUTCOMES[each.outcome])}</td>"
        f'<td class="ord">{escape(_told(each, titles))}</td></tr>'
        for each in attempts[:MOST]
    )
    more = f", de {MOST} senaste" if len(attempts) > MOST else ""
    return (
        f"<table><caption>{escape(caption)}{more}</caption><thead><tr>"
        '<th scope="col">Började</th><th scope="col">Tog</th><th scope="col">Resultat</th><th scope="col">Vad</th>'
        f"</tr></thead><tbody>{rows}</tbody></table>"
    )


def _length(attempt: Attempt) -> str:
    return "–" if attempt.ended is None or not attempt.seconds else plain.length(attempt.seconds)


def _told(attempt: Attempt, titles: Mapping[str, str]) -> str:
    parts = [plain.problem(attempt, titles)]
    if attempt.package:
        parts.append(f"Publicerade version {attempt.package.rpartition('/v')[2]}.")
    if taken := attempt.notes.get("taken"):
        parts.append(f"{len(taken)} {'fil' if len(taken) == 1 else 'filer'}.")
    if attempt.missing:
        parts.append(f"Utan: {', '.join(attempt.missing)}.")
    return " ".join(part for part in parts if part) or "–"


def _others(project: Project) -> list[str]:
    places = positions.other_places(project)
    parts = ["<h2>Inläsning och hämtning</h2>"]
    if not places:
        return [*parts, "<p>Inget har lästs in eller hämtats av schemat ännu.</p>"]
    for place in places:
        attempts, running = positions.of_place(project, place)
        name = "Inläsning av leveranser" if place == LOAD else f"Hämtning från källan {place.partition('/')[2]}"
        now = "<p>Pågår just nu.</p>" if running else ""
        parts.append(f"{now}{_table(attempts, name, {})}")
    return parts


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
