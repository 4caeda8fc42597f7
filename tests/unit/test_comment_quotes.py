"""Which texts repeat a hidden figure: as it would be printed, however it is typed; and which only look like it."""

from __future__ import annotations

import polars as pl
import pytest
from made_tables import PUBLIC

from analytics.comments import quotes
from analytics.disclosure import ProtectedTable, protect
from analytics.measures.catalogue import TABLES, MeasureTable


def headcount() -> tuple[ProtectedTable, list[float | None]]:
    """Three women are hidden, and the twelve men beside them; fifteen together and 1 248 others are shown."""
    cells = [
        ("1.1", "K", 3),
        ("1.1", "M", 12),
        ("1.1", "T", 15),
        ("1.2", "K", 1248),
        ("1.2", "M", 400),
        ("1.2", "T", 1648),
    ]
    frame = pl.DataFrame(
        [
            {
                "personnel_group": group,
                "personnel_group_label": "Handläggare",
                "row_type": "row",
                "sex": sex,
                "column": "current",
                "value": float(count),
                "n": count,
            }
            for group, sex, count in cells
        ]
    )
    measured = MeasureTable(TABLES["headcount"], frame, {"current": "2018"}, "mars 2018")
    return protect(measured, PUBLIC, ".."), frame["value"].to_list()


def repeats(text: str) -> bool:
    table, values = headcount()
    return quotes.repeats(text, table, quotes.hidden_figures(table, values))


def test_the_hidden_figures_are_those_behind_the_marks() -> None:
    table, values = headcount()
    assert quotes.hidden_figures(table, values) == {"3", "12"}


@pytest.mark.parametrize(
    "text",
    [
        "Männen är 12.",
        "De 12 männen slutade.",
        "Männen är **12** stycken.",
        "Männen är 1\\2.",
        "Det är 3 kvinnor.",
        "Det är bara 3 anställda kvinnor i gruppen.",
        "Tre kvinnor är föräldralediga.",
        "Bland tre\u00a0medarbetare finns ingen sjuk.",
    ],
)
def test_a_hidden_figure_is_seen_however_it_is_typed(text: str) -> None:
    assert repeats(text)


@pytest.mark.parametrize(
    "text",
    [
        "Gruppen är 15 personer.",
        "Totalt 1 248 kvinnor och 1 648 anställda.",
        "Ökningen sker i 3 steg under 2018.",
        "Den är 12,5 procent.",
        "De är 112 eller 1 212.",
        "Fler har anställts.",
    ],
)
def test_other_figures_are_let_through(text: str) -> None:
    assert not repeats(text)


def test_decimals_may_be_typed_with_a_point_and_a_minus_in_any_way() -> None:
    frame = pl.DataFrame(
        [
            {
                "measure": "sick_leave",
                "measure_label": "Sjukfrånvaro",
                "row_type": "row",
                "sex": "M",
                "column": column,
                "value": value,
                "n": 4,
            }
            for column, value in (("current", 7.26), ("change", -1.34))
        ]
    )
    table = protect(MeasureTable(TABLES["sick_leave_pct"], frame, {"current": "2018"}, "mars 2018"), PUBLIC, "..")
    hidden = quotes.hidden_figures(table, frame["value"].to_list())
    assert hidden == {"7,3", "\u22121,3"}
    for text in ("Männen 7,3\u00a0%.", "Männen 7.3%", "Minskat med \u22121,3", "Ändring: -1,3 enheter", "(\u20131,3)"):
        assert quotes.repeats(text, table, hidden), text
    assert not quotes.repeats("Ökade 17,3 och 7,34 %.", table, hidden)


def test_a_table_without_marks_hides_nothing() -> None:
    table, _ = headcount()
    assert not quotes.repeats("Männen är 12.", table, frozenset())
