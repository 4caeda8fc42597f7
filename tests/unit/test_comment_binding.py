"""A comment stands beside its figure as printed: current, stale, hidden, missing; never a draft."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_tables import by_group, group, pivot, protected, years

from analytics.comments import section
from analytics.comments.binding import NO_FIGURE, Bound, bind, find, required, same_figure
from analytics.comments.model import About, Comment
from analytics.errors import CommentError
from analytics.measures.catalogue import TABLES

COLUMN = {"deviations": {"column": "amount"}, "action_plan_required": {"column": "vs_budget"}}


def comment(table="deviations", state="approved", figure="−1 200 tkr", kind="comment", text="Därför.", **keys):
    return Comment(
        file=Path(f"{state}.md"),
        about=About(table, tuple({**(keys or {"deviation": "budget-income"}), **COLUMN.get(table, {})}.items())),
        period="2018-03",
        unit="17",
        kind=kind,
        author_role="Controller",
        date="2018-04-02",
        state=state,
        figure=figure,
        text=text,
    )


def deviations(**amounts):
    rows = []
    for name, kr in amounts.items():
        key = {"deviation": name.replace("_", "-"), "deviation_label": f"{name} mot budget", "row_type": "row"}
        rows += [
            {**key, "column": "amount", "value": kr},
            {**key, "column": "cause", "text": "40 Lön"},
        ]
    return protected("deviations", rows)


def plans(**words):
    rows = []
    for line, (kr, said) in words.items():
        key = {"report_line": line, "report_line_label": line.capitalize(), "level": 1, "parent": ""}
        rows += [{**key, "column": "vs_budget", "value": kr}, {**key, "column": "plan", "text": said}]
    return protected("action_plan_required", rows)


def html(table, *comments, internal=False):
    found = section.html(table.spec.table_id, bind(table, comments), internal=internal)
    return found.replace("\u00a0", " ")


INCOME = deviations(budget_income=-1_200_000.0)


def test_an_approved_comment_stands_with_figure_role_and_date():
    found = html(INCOME, comment(text="Därför att **A**."))
    assert "Kommentar till budget_income mot budget, avvikelse: −1 200 tkr" in found
    assert "<p>Därför att <strong>A</strong>.</p>" in found
    assert "Controller, 2 april 2018" in found
    assert "Siffran har ändrats" not in found
    assert "saknas" not in found


def test_a_comment_is_stale_when_the_printed_figure_differs_and_says_both():
    found = html(deviations(budget_income=-1_230_000.0), comment())
    assert "Siffran har ändrats sedan kommentaren godkändes:</strong> var −1 200 tkr, nu −1 230 tkr." in found
    assert "Därför." in found


def test_oren_that_do_not_print_change_nothing():
    assert bind(deviations(budget_income=-1_200_499.0), [comment()])[0].state == "approved"
    assert bind(deviations(budget_income=-1_200_500.0), [comment()])[0].state == "stale"


@pytest.mark.parametrize("typed", ["-1 200 tkr", "–1 200 tkr", "−1200 tkr", "−1\u202f200\u00a0tkr"])
def test_spaces_and_minus_sign_may_be_typed_as_people_do(typed):
    assert same_figure(typed, "−1\u00a0200\u00a0tkr")


@pytest.mark.parametrize("other", ["1 200 tkr", "−1 201 tkr", "−1 200 kr", "−12 00,0 tkr", ""])
def test_another_sign_number_or_unit_is_another_figure(other):
    assert not same_figure(other, "−1\u00a0200\u00a0tkr")


def test_a_comment_whose_row_is_gone_is_printed_last_and_stale():
    table = deviations(budget_staff=-5_000_000.0)
    found = html(table, comment())
    assert f"var −1 200 tkr, nu {NO_FIGURE}." in found
    assert found.index("Därför.") < found.index("Kommentar saknas")
    assert [item.state for item in bind(table, [comment()])] == ["missing", "stale"]


@pytest.mark.parametrize("state", ["draft", "ready"])
@pytest.mark.parametrize("internal", [True, False])
def test_what_is_not_approved_is_never_printed_and_counts_as_missing(state, internal):
    found = html(INCOME, comment(state=state, text="HEMLIGT"), internal=internal)
    assert "HEMLIGT" not in found
    assert "Controller" not in found
    assert "Kommentar saknas" in found
    assert "<li>budget_income mot budget, avvikelse: −1 200 tkr</li>" in found
    assert ("Ännu inte godkända" in found) is internal


def test_an_internal_page_counts_drafts_and_ready_ones():
    table = deviations(budget_income=-1_200_000.0, budget_staff=-1_000_000.0)
    found = html(table, comment(state="draft"), comment(state="ready", deviation="budget-staff"), internal=True)
    assert "Ännu inte godkända: 1 utkast, 1 klara." in found


def test_a_new_draft_beside_an_approved_comment_leaves_it_answered():
    assert "saknas" not in html(INCOME, comment(), comment(state="draft", text="Nytt."))


def test_every_deviation_without_a_comment_is_listed():
    found = html(deviations(budget_income=-1_200_000.0, budget_staff=-1_000_000.0), comment())
    assert found.count("<li>") == 1
    assert "budget_staff mot budget" in found


def test_only_rows_that_require_an_action_plan_lack_one():
    table = plans(staff=(-12_963_000.0, "Åtgärdsplan krävs"), operations=(9_000_000.0, "Krävs inte"))
    found = html(table)
    assert "Åtgärdsplan saknas" in found
    assert "<li>Staff, egen prognos, avvikelse mot budget: −12 963 tkr</li>" in found
    assert "Operations" not in found


def test_an_action_plan_answers_and_a_comment_does_not():
    table = plans(staff=(-12_963_000.0, "Åtgärdsplan krävs"))
    about = {"table": "action_plan_required", "report_line": "staff", "figure": "−12 963 tkr"}
    assert "Åtgärdsplan saknas" in html(table, comment(**about))
    found = html(table, comment(**about, kind="action_plan"))
    assert "saknas" not in found
    assert "Åtgärdsplan till Staff, egen prognos, avvikelse mot budget: −12 963 tkr" in found


def test_a_stale_action_plan_is_called_so():
    table = plans(staff=(-12_963_000.0, "Åtgärdsplan krävs"))
    stale = comment("action_plan_required", kind="action_plan", figure="−1 tkr", report_line="staff")
    assert "sedan åtgärdsplanen godkändes" in html(table, stale)


def test_a_table_that_asks_for_nothing_and_has_nothing_says_nothing():
    table = pivot("result_by_class", [("4", "Personal", 1, {"outcome": 1.0, "budget": 2.0, "previous": 3.0})])
    assert html(table) == ""
    assert html(table, comment()) == ""


def small_group(n):
    rows = years(group("1.2", "Handläggare"), 3.0, 2.0, n=(n, n)) + years(group("1.3", "Läkare"), 30.0, 20.0)
    rows += years(group("", "Total", total=True), 33.0, 22.0)
    return protected("worked_fte", rows)


@pytest.mark.parametrize("state", ["approved", "draft", "ready"])
def test_a_comment_on_a_suppressed_figure_is_not_printed_nor_its_old_figure(state):
    about = {"table": "worked_fte", "personnel_group": "1.2", "sex": "T", "column": "current"}
    given = comment(**about, state=state, figure="2,0 årsarbetare", text="Två personer slutade.")
    shown = html(small_group(100), given)
    assert ("Två personer slutade." in shown) is (state == "approved")
    for internal in (True, False):
        hidden = html(small_group(2), given, internal=internal)
        assert "Två personer" not in hidden
        assert "2,0" not in hidden
        assert "Controller" not in hidden
        assert "En kommentar visas inte, eftersom uppgiften inte visas av sekretesskäl." in hidden
    (bound,) = bind(small_group(2), [given])
    assert (bound.state, bound.cell.text) == ("hidden", "")


def test_keys_that_fit_several_cells_are_refused_with_the_keys_that_tell_them_apart():
    table = by_group("worked_fte", {"1.2 Handläggare": (1.0, 2.0)})
    with pytest.raises(CommentError, match="fits 3 cells") as caught:
        bind(table, [comment("worked_fte", personnel_group="1.2", sex="T")])
    assert caught.value.action == "Name more of its keys: column."
    assert caught.value.where.file == Path("approved.md")


def test_nested_rows_with_one_code_are_told_apart_by_their_level():
    rows = [
        {"code": "4", "label": label, "level": level, "row_type": "row", "column": "vs_budget", "value": -1000.0}
        for level, label in ((1, "Kostnader"), (2, "Personal"))
    ]
    table = protected("staff_cost_by_group", rows)
    with pytest.raises(CommentError) as caught:
        find(table, About("staff_cost_by_group", (("code", "4"), ("column", "vs_budget"))))
    assert caught.value.action == "Name more of its keys: level."
    keys = (("code", "4"), ("level", "2"), ("column", "vs_budget"))
    cell = find(table, About("staff_cost_by_group", keys))
    assert cell is not None
    assert cell.row == "4 Personal"


def test_a_cell_in_words_is_compared_as_words():
    table = plans(staff=(-1_000.0, "Åtgärdsplan krävs"))
    about = About("action_plan_required", (("report_line", "staff"), ("column", "plan")))
    cell = find(table, about)
    assert cell is not None
    assert cell.text == "Åtgärdsplan krävs"


def test_two_approved_comments_on_one_cell_are_refused_however_their_keys_are_written():
    rows = [
        {"code": "4", "label": "Personal", "level": 2, "row_type": "row", "column": "vs_budget", "value": -1000.0},
    ]
    one = comment("staff_cost_by_group", figure="−1 tkr", code="4", column="vs_budget")
    other = comment("staff_cost_by_group", figure="−1 tkr", code="4", level="2", column="vs_budget")
    with pytest.raises(CommentError, match="about the same figure"):
        bind(protected("staff_cost_by_group", rows), [one, other])


def test_comments_stand_in_the_order_of_the_table():
    table = deviations(budget_a=-3_000_000.0, budget_b=-2_000_000.0, budget_c=-1_000_000.0)
    given = [comment(deviation=f"budget-{name}", figure=figure) for name, figure in (("c", "x"), ("a", "y"))]
    found = bind(table, given)
    assert [dict(item.about.keys)["deviation"] for item in found] == ["budget-a", "budget-b", "budget-c"]
    assert isinstance(found[1], Bound)
    assert found[1].comment is None


def test_names_of_rows_and_texts_are_escaped():
    rows = [{"deviation": "a", "deviation_label": "<b>x</b>", "row_type": "row", "column": "amount", "value": -1e6}]
    table = protected("deviations", rows)
    stale = comment(figure="<i>1</i>", text="<u>t</u>", deviation="a")
    gone = comment(figure="1", deviation="<script>")
    found = html(table, stale, gone) + html(table)
    for tag in ("<b>", "<i>", "<u>", "<script>"):
        assert tag not in found


def test_what_asks_for_comments_is_declared_as_the_tables_are():
    from analytics.comments.model import REQUIRED

    for table_id, requirement in REQUIRED.items():
        assert requirement.column in TABLES[table_id].labels
        assert requirement.rows is None or requirement.rows[0] in TABLES[table_id].labels
    assert [str(about) for about, _ in required(INCOME)] == ["deviations, deviation budget-income, column amount"]
