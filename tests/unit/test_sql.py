"""SQL over the processed tables: reads what counts in the month, and nothing else; what is wrong is told in words."""

from __future__ import annotations

import pytest

import analytics
from analytics import explore
from analytics.comments import scheduled
from analytics.errors import DisclosureError, UsageError
from analytics.explore.query_page import EXAMPLES


@pytest.fixture(scope="module")
def wb(root):
    return analytics.open(period="2018-03", unit="17", root=root)


def test_a_query_gives_the_rows_of_the_processed_tables_with_their_names(wb):
    answer = wb.sql(
        "select l.account, a.label, sum(amount_ore) / 100 as kr from ledger l join accounts a using (account) "
        "where kind = 'outcome' and period = '2018-03' group by all order by account"
    )
    assert answer.frame.select("account", "kr").rows() == [
        ("30110", -87_000.0),
        ("40110", 503_000.0),
        ("46110", 23_000.0),
        ("68110", 13_000.0),
        ("75590", 33_000.0),
    ]
    assert answer.frame["label"].null_count() == 0
    assert "Oskyddade uppgifter" in answer._repr_html_()


def test_every_table_can_be_asked_also_an_empty_one(wb):
    listed = wb.sql_tables()
    for name in listed["table"].unique():
        answer = wb.sql(f"select * from {name} limit 1")  # noqa: S608 - a name of the list
        assert answer.frame.columns == listed.filter(table=name)["column"].to_list()


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_every_example_runs(wb, number):
    page = explore.sql(wb)
    page.examples.value = EXAMPLES[number][1]
    page.answer()
    assert page.said.value == ""
    assert page.table.heads


@pytest.mark.parametrize(
    "query",
    [
        "copy ledger to 'out.csv'",
        "create table t as select 1",
        "drop view ledger",
        "install httpfs",
        "attach 'other.db'",
        "set enable_external_access = true",
        "pragma database_list",
        "select 1; select 2",
        "insert into ledger select * from ledger",
        "  ",
    ],
)
def test_nothing_but_one_select_is_run(wb, query):
    with pytest.raises(UsageError):
        wb.sql(query)


@pytest.mark.parametrize(
    "query",
    [
        "select * from read_csv('/etc/hostname')",
        "select * from '/etc/hostname'",
        "select * from read_parquet('https://example.org/x.parquet')",
        "select * from read_text('analytics.toml')",
        "select * from glob('*')",
    ],
)
def test_nothing_outside_the_tables_is_read(wb, query):
    with pytest.raises(UsageError) as caught:
        wb.sql(query)
    assert "example.org" not in str(caught.value)


def test_a_variable_of_the_notebook_is_no_table(wb):
    frame = wb.sql("select 1 as x").frame
    assert frame.height == 1
    with pytest.raises(UsageError, match="Det finns ingen tabell 'frame'"):
        wb.sql("select * from frame")


@pytest.mark.parametrize(
    ("query", "nearest"),
    [
        ("select * from legder", "ledger"),
        ("select acount from ledger", "account"),
        ("select l.amount_or from ledger l", "amount_ore"),
    ],
)
def test_an_unknown_name_gets_the_nearest_right_ones(wb, query, nearest):
    with pytest.raises(UsageError) as caught:
        wb.sql(query)
    assert nearest in caught.value.action


def test_no_value_of_the_data_is_in_an_error(wb):
    with pytest.raises(UsageError) as caught:
        wb.sql("select cast(employee_key as integer) from employments")
    assert "p0" not in str(caught.value).replace("p0.", "")


def test_the_page_tells_what_is_wrong_instead_of_a_trace(wb):
    page = explore.sql(wb)
    page.query.value = "select * from legder"
    page.run.click()
    assert "Det finns ingen tabell" in page.said.value
    assert "ledger" in page.said.value


def test_a_run_has_no_sql(wb):
    with scheduled.run(), pytest.raises(DisclosureError):
        wb.sql("select 1")


def test_the_files_are_as_they_were(root, wb):
    before = {file: file.read_bytes() for file in (root / "data/processed").rglob("*.parquet")}
    for query in ("select * from ledger", "copy ledger to 'data/processed/ledger/made.parquet'"):
        try:
            wb.sql(query)
        except UsageError:
            continue
    assert {file: file.read_bytes() for file in (root / "data/processed").rglob("*.parquet")} == before
