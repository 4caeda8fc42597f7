"""A finding of two sides is named by them: the level above may hold more, and so another sum."""

import made_findings

from analytics.finder.model import Part
from analytics.sentences import findings as sentences


def part(label, **keys):
    return Part(keys=keys, label=label, outcome=1.0, expected=0.0, deviation=-1.0)


def finding(kind, *parts):
    keys = {"administration": "17", "report_line": "total_cost"}
    labels = {"administration": "Staben", "report_line": "Totala kostnader"}
    return made_findings.finding(keys=keys, labels=labels, kind=kind, parts=parts)


def test_two_sides_are_named_instead_of_what_holds_them():
    two = finding("misplaced_budget", part("Personal", report_line="staff"), part("Drift", report_line="operations"))
    assert sentences.place(two) == "Staben, Personal och Drift"


def test_what_is_not_between_two_is_named_by_its_level():
    assert sentences.place(finding("spread", part("40 Lön", account_group="40"))) == "Staben, Totala kostnader"
    units = finding("moved_unit", part("Ekonomi", base_unit="173"), part("Personal", base_unit="174"))
    assert sentences.place(units) == "Staben, Totala kostnader"
