"""The answer of a free query as a chart, a file and a comment: never with anything about persons in it."""

from __future__ import annotations

import json

import polars as pl
import pytest

import analytics
from analytics import explore
from analytics.charts import linked_widget
from analytics.charts.figure import Figure
from analytics.errors import DisclosureError, UsageError
from analytics.explore import answer_chart
from analytics.explore.query_page import EXAMPLES
from analytics.schemas import TABLES
from analytics.workbench.querying_to_save import SAVED

PER_LINE = (
    "select report_line, sum(amount_ore) / 100 as kr from ledger where kind = 'outcome' group by all order by all"
)
PERSONS = ("employments", "time", "absence", "care_contacts", "care_costs", "care_units", "indicators")


@pytest.fixture
def wb(root, monkeypatch):
    monkeypatch.setattr(linked_widget, "script", lambda _: "export default {}")
    return analytics.open(period="2018-03", unit="17", root=root)


def asked(wb, query):
    page = explore.sql(wb)
    page.query.value = query
    page.answer()
    assert page.said.value == ""
    return page


def drawn(frame):
    return answer_chart.drawn(frame, title="Svar", until="mars 2018", source="ledger")


def values_of(figure):
    [values] = [layer["data"]["values"] for layer in (figure.spec, *figure.spec["layer"]) if "data" in layer]
    return values


def test_the_answer_is_drawn_by_its_texts_with_swedish_numbers():
    figure = drawn(
        pl.DataFrame(
            {"konto": ["1", "2", "2"], "kr": [-1257342.0, 12000.0, 5.0], "antal": [1, 2, 3], "yrke": ["a", None, None]}
        )
    )
    assert isinstance(figure, Figure)
    assert [(bar["namn"], bar["text"]) for bar in values_of(figure)] == [
        ("1, a", "−1\u00a0257\u00a0342"),
        ("2, (tomt) [1]", "12\u00a0000"),
        ("2, (tomt) [2]", "5"),
    ]
    assert figure.title == "Svar (uppgifter till och med mars 2018)"


def test_at_most_thirty_rows_are_drawn_and_the_title_counts_them():
    figure = drawn(
        pl.DataFrame({"namn": [str(n) for n in range(40)], "tal": [None, float("nan"), *map(float, range(38))]})
    )
    assert len(values_of(figure)) == 30
    assert "30 av 40 rader" in figure.title


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        (pl.DataFrame({"namn": ["a"]}), answer_chart.NO_NUMBER),
        (pl.DataFrame({"tal": [1]}), answer_chart.NO_NAME),
        (pl.DataFrame({"namn": ["a"], "tal": [None]}, schema_overrides={"tal": pl.Float64}), answer_chart.NO_ROW),
    ],
)
def test_without_names_or_numbers_a_sentence_says_why(frame, said):
    assert drawn(frame) == said


def test_a_saved_file_has_title_source_period_and_readers(wb, root):
    page = explore.sql(wb)
    page.examples.value = EXAMPLES[0][1]
    page.answer()
    for kind in ("svg", "png", "html"):
        page.saving.save(kind)
        assert "Sparat: exploration/2018-03/17/fraga-utfall-per-kontoslag" in page.saving.said.value
    [file] = (root / "exploration/2018-03/17").glob("fraga-utfall*.svg")
    said = file.read_text(encoding="utf-8").replace("\u00a0", " ")
    for part in (
        EXAMPLES[0][0],
        "till och med mars 2018",
        "fri fråga i SQL till ledger",
        "Läsekrets: Intern",
        "SYNTETISKA",
    ):
        assert part in said, part


def test_the_title_of_an_own_query_names_its_columns_and_the_file_its_tables(wb, tmp_path):
    page = asked(
        wb, "select a.label, sum(amount_ore) / 100 as kr from ledger join accounts a using (account) group by all"
    )
    assert page.place == "Svar på frågan: kr per label"
    file = wb.share(page, file=tmp_path / "svar.json", audience="internal")
    text = json.dumps(json.loads(file.read_text(encoding="utf-8")), ensure_ascii=False)
    assert "fri fråga i SQL till accounts och ledger" in text


def test_what_is_saved_is_what_was_answered_and_not_what_stands_in_the_field(wb):
    page = asked(wb, PER_LINE)
    page.query.value = "select * from employments"
    assert page.for_audience("internal").source == "fri fråga i SQL till ledger"


def test_an_answer_to_an_earlier_question_says_so(wb):
    page = asked(wb, PER_LINE)
    assert page.other.value == ""
    page.query.value = "select * from legder"
    assert "tidigare fråga" in page.other.value
    page.answer()
    assert "Det finns ingen tabell" in page.said.value
    assert "tidigare fråga" in page.other.value, "the table below is still that of the question before"
    page.query.value = f" {PER_LINE}\n"
    assert page.other.value == ""


def test_no_free_query_is_shared_with_the_public(wb):
    page = asked(wb, PER_LINE)
    assert [code for _, code in page.saving.audience.options] == ["internal"]
    with pytest.raises(DisclosureError):
        wb.share(page)


@pytest.mark.parametrize("table", PERSONS)
@pytest.mark.parametrize(
    "query",
    [
        "select period, count(*) as n from {0} group by all",
        "select period, count(*) as n from main.{1} group by all",
        "with x as (select period from {0}), ledger as (select * from x) select period, count(*) as n from ledger group by all",
        "select report_line, sum(amount_ore) as n from ledger where period in (select period from {0}) group by all",
        "select report_line, (select count(*) from {0}) as n from ledger",
        "select l.report_line, count(*) as n from ledger l left join {0} o on l.period = o.period group by all",
        "select report_line, 1 as n from ledger union all select period, count(*) from {0} group by all",
        "select period, count(*) as n from query_table('{0}') group by all",
        "select period, count(*) as n from query('select * from {0}') group by all",
        "from ledger select report_line, exists(from {0}) as has, 1 as n",
    ],
)
def test_a_table_about_persons_is_refused_however_it_is_read(wb, table, query):
    with pytest.raises(DisclosureError) as caught:
        wb.sql_to_save(query.format(table, f'"{table.upper()}"'))
    assert table in caught.value.problem
    assert "katalogen" in caught.value.action


@pytest.mark.parametrize(
    "query",
    [
        "select cost_centre, sum(amount_ore) as n from ledger group by all",
        "select account, sum(amount_ore) as n from ledger where cost_centre = '1310' group by all",
        "select * from ledger",
        "select account, amount_ore from (select * from ledger where base_unit <> '')",
        "summarize ledger",
    ],
)
def test_parts_of_the_organisation_are_not_saved_from_the_ledger(wb, query):
    with pytest.raises(DisclosureError, match="cost_centre"):
        wb.sql_to_save(query)


@pytest.mark.parametrize(
    "query", ["select 'a' as namn, 1 as n", "show tables", "select table_name, 1 as n from duckdb_tables()"]
)
def test_a_query_of_no_table_is_refused(wb, query):
    with pytest.raises(DisclosureError, match="ingen av tabellerna"):
        wb.sql_to_save(query)


def test_the_database_that_is_saved_from_holds_nothing_else(wb):
    assert not any(TABLES[name].personal_columns for name in SAVED)
    wb.sql_to_save(PER_LINE)
    held = {
        name
        for (name,) in wb._keep("sql_to_save", None)
        .execute("select view_name from duckdb_views() where not internal")
        .fetchall()
    }
    assert held.isdisjoint(PERSONS)
    assert held >= set(SAVED)
    assert set(PERSONS) | set(SAVED) == set(TABLES)


def test_a_saved_answer_has_the_rows_of_the_shown_one(wb):
    assert wb.sql_to_save(PER_LINE).frame.equals(wb.sql(PER_LINE).frame)
    with pytest.raises(UsageError):
        wb.sql_to_save("select * from legder")


def test_a_comment_is_about_a_printed_line_and_has_nothing_of_the_answer(wb):
    page = asked(wb, "select 'hemligt' as namn, 987654 as tal from employments limit 1")
    assert page.line.value == "net"
    for kind in ("comment", "action_plan"):
        page.writing.starts[kind].click()
        assert page.writing.said.value == ""
        text = page.writing.text.value.replace("\u00a0", " ")
        assert "NETTORESULTAT, januari–mars 2018: utfall hittills" in text
        assert "987" not in text
        assert "hemligt" not in text
    page.line.value = "staff"
    assert page.writing._draft is None
    page.writing.begin("comment")
    assert page.writing._draft.about == {
        "table": "fr1_outcome",
        "report_line": "staff",
        "origin": "total",
        "column": "vs_budget",
    }
    page.writing.text.value += "Vi rekryterar."
    page.writing.write()
    assert "Utkastet är sparat" in page.writing.said.value
