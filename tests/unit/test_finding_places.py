"""A finding of two sides is named by them: the level above may hold more, and so another sum."""

from analytics.finder.model import Evidence, Finding, Part
from analytics.periods import Period
from analytics.sentences import findings as sentences

MONTHS = Period(2018, 3).accumulated


def part(label, **keys):
    return Part(keys=keys, label=label, outcome=1.0, expected=0.0, deviation=-1.0)


def finding(kind, *parts):
    return Finding(
        id="1",
        measure="fr1_outcome",
        unit="kr",
        keys={"administration": "17", "report_line": "total_cost"},
        labels={"administration": "Staben", "report_line": "Totala kostnader"},
        months=MONTHS,
        comparison="budget",
        outcome=2.0,
        expected=0.0,
        deviation=-2.0,
        kind=kind,
        parts=parts,
        history=24,
        p_value=0.001,
        persistence=3,
        rank=1,
        evidence=Evidence(table="ledger", keys={}, months=MONTHS, rows=1),
        also={},
    )


def test_two_sides_are_named_instead_of_what_holds_them():
    two = finding("misplaced_budget", part("Personal", report_line="staff"), part("Drift", report_line="operations"))
    assert sentences.place(two) == "Staben, Personal och Drift"


def test_what_is_not_between_two_is_named_by_its_level():
    assert sentences.place(finding("spread", part("40 Lön", account_group="40"))) == "Staben, Totala kostnader"
    units = finding("moved_unit", part("Ekonomi", base_unit="173"), part("Personal", base_unit="174"))
    assert sentences.place(units) == "Staben, Totala kostnader"
