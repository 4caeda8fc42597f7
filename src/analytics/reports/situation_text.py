"""The part of the portal that says how it stands: what is not published and why, and what comes next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from html import escape
from typing import Final

from analytics.calendar import STOCKHOLM
from analytics.periods import Period, day_label
from analytics.reports.situation import Coming, Situation, Standing

STATES: Final = {
    "run": ("", "Tas fram"),
    "waiting": ("", "Väntar"),
    "failed": ("fel", "Misslyckades"),
    "missing": ("varning", "Kan inte tas fram"),
}
"""State → class and word of its mark."""


def section(situation: Situation, created: Mapping[tuple[str, str], datetime]) -> str:
    """The section as HTML. ``created`` gives the time of making of every package that is published by now.

    What was published after the situation was looked at is not told as missing.
    """
    left = [each for each in situation.standing if not _is_newer(created.get((each.period, each.unit)), situation.at)]
    parts = ["<h2>Läget</h2>", *_now(situation, left), *_coming(situation)]
    page = situation.status_page
    more = f' <a href="{escape(page)}">Driftstatus</a> för den som sköter körningarna.' if page else ""
    parts.append(f'<p class="not">Läget kontrollerades {moment_label(situation.at)}.{more}</p>')
    return "\n".join(parts)


def moment_label(moment: datetime) -> str:
    """``16 april 2018 kl. 08.00``, Swedish time."""
    local = moment.astimezone(STOCKHOLM)
    return f"{day_label(local.date())} kl. {local:%H.%M}"


def mark(state: str) -> str:
    """The mark of a state as HTML."""
    css, word = STATES.get(state, ("", state))
    return (
        f'<span class="etikett {css}">{escape(word)}</span>' if css else f'<span class="etikett">{escape(word)}</span>'
    )


def _is_newer(created: datetime | None, at: datetime) -> bool:
    return created is not None and created > at


def _now(situation: Situation, left: Sequence[Standing]) -> list[str]:
    if not situation.is_known:
        return ['<p class="besked varning">Läget kunde inte läsas. Den som sköter körningarna behöver se till det.</p>']
    if not left:
        told = "Alla rapporter som ska vara framtagna är publicerade."
        return [f'<p class="besked">{told if situation.asked else "Ingen rapport ska vara framtagen ännu."}</p>']
    count = "En rapport är inte publicerad" if len(left) == 1 else f"{len(left)} rapporter är inte publicerade"
    lines = [f'<p class="besked varning">{count} ännu.</p>']
    for period in sorted({each.period for each in left}, reverse=True):
        of_month = [each for each in left if each.period == period]
        label = Period.parse(period).label
        asked = situation.asked.get(period, 0)
        published = f": {asked - len(of_month)} av {asked} publicerade" if asked else ""
        lines.append(f'<h3 class="utanfor">{escape(label[0].upper() + label[1:])}{published}</h3><ul class="lage">')
        for state, sentence in dict.fromkeys((each.state, each.sentence) for each in of_month):
            units = [each for each in of_month if (each.state, each.sentence) == (state, sentence)]
            names = _names(units, of_all=asked)
            lines.append(f"<li>{mark(state)} <strong>{escape(names)}</strong><br>{escape(sentence)}</li>")
        lines.append("</ul>")
    return lines


def _names(units: Sequence[Standing], *, of_all: int) -> str:
    if len(units) == of_all > 1:
        return "Alla förvaltningar"
    return ", ".join(f"{each.unit} {each.unit_label}" for each in units)


def _coming(situation: Situation) -> list[str]:
    if not situation.coming:
        return []
    entries = "".join(_entry(each) for each in situation.coming)
    made_up = " Dagarna hör till demonstrationen och är påhittade." if situation.made_up else ""
    return [
        f'<h3 class="utanfor">Kommande rapporter</h3><ul class="kommande">{entries}</ul>',
        f'<p class="not">En rapport tas fram när bokslut och tid är klara och inget embargo gäller.{made_up}</p>',
    ]


def _entry(each: Coming) -> str:
    receivers = "".join(f"<li>{escape(one)}</li>" for one in each.receivers)
    sent = f"<p>Går till:</p><ul>{receivers}</ul>" if receivers else ""
    return (
        f"<li><strong>{escape(each.label)}, {escape(each.months)}</strong>"
        f"<p>Tas fram tidigast {escape(_from(each.opens))}.</p>{sent}</li>"
    )


def _from(opens: datetime) -> str:
    """A midnight is told as its day."""
    local = opens.astimezone(STOCKHOLM)
    return day_label(local.date()) if local.time() == time() else moment_label(opens)
