"""Bad use of the workbench gets help: each wrong call raises an error of ours that says what to write instead."""

import copy
import pickle
from datetime import date
from decimal import Decimal
from pathlib import Path

import nbformat
import numpy as np
import polars as pl
import pytest
from made_findings import finding
from made_store import fill, new_project
from typer.testing import CliRunner

import analytics
from analytics.cli import app
from analytics.errors import AnalyticsError, DisclosureError, StorageError, UnknownItemError, UsageError
from analytics.organisation import Organisation
from analytics.periods import Period
from analytics.workbench.deviating import Findings

NO_TEXT = [None, 0, 2018.3, b"17", [], ["17"], {"a": 1}, date(2018, 3, 1), np.int64(17), Decimal(1), True, Path("17")]
NO_TEXT.append(pl.Series(["17"]))


@pytest.mark.parametrize("wrong", NO_TEXT, ids=lambda wrong: type(wrong).__name__)
@pytest.mark.parametrize(
    "call",
    [
        "table",
        "protected",
        "show",
        "say",
        "draw",
        "comments",
        "ready_comment",
        "approve_comment",
        "range",
        "key_figures",
        "point",
        "largest",
        "sql",
        "sql_to_save",
        "explored_table",
        "evidence",
    ],
)
def test_an_argument_of_another_type_is_refused_with_the_right_one(wb, call, wrong):
    with pytest.raises(AnalyticsError) as caught:
        getattr(wb, call)(wrong)
    assert caught.value.action


@pytest.mark.parametrize(
    "wrong", [each for each in NO_TEXT if not isinstance(each, list)], ids=lambda wrong: type(wrong).__name__
)
def test_what_is_no_table_is_not_shared(wb, wrong):
    with pytest.raises(DisclosureError, match="has not passed disclosure control"):
        wb.share(wrong)


@pytest.mark.parametrize("call", ["table", "show", "share", "evidence", "sql", "point"])
def test_a_call_without_arguments_names_them(wb, call):
    with pytest.raises(UsageError, match="cannot be called so"):
        getattr(wb, call)()


@pytest.mark.parametrize("wrong", NO_TEXT[1:], ids=lambda wrong: type(wrong).__name__)
def test_names_that_are_no_text_are_refused_in_every_list(wb, wrong):
    for held in (wb.staff, wb.data):
        with pytest.raises(UsageError, match="must be text"):
            held[wrong]
    with pytest.raises(UsageError, match="must be text"):
        wb.measures.search(wrong)
    with pytest.raises(UsageError, match="must be text"):
        wb.children.frame(wrong)


@pytest.mark.parametrize(
    ("wrong", "advice"),
    [
        ({"period": date(2018, 3, 1)}, "period='2018-03'"),
        ({"period": 201803}, "period='2018-03'"),
        ({"period": "2018-03-31"}, "'2018-03'"),
        ({"period": "20180331"}, "'2018-03'"),
        ({"period": "03/2018"}, "'2018-03'"),
        ({"period": "2018 mars"}, "'2018-03'"),
        ({"period": "2018-13"}, "'2018-12'"),
        ({"period": None}, "Give the name in quotes."),
        ({"unit": None}, "Give the name in quotes."),
        ({"unit": "171"}, "give unit='17'; in a notebook then wb.children['171']"),
        ({"unit": "1310"}, "give unit='17'; in a notebook then wb.children['171'].children['1310']"),
        ({"root": 5}, "root='5'"),
    ],
)
def test_opening_says_what_was_meant(root, wrong, advice):
    with pytest.raises(UsageError) as caught:
        analytics.open(**{"period": "2018-03", "unit": "17", "root": root, **wrong})
    assert advice in caught.value.action


@pytest.mark.parametrize(
    ("ask", "advice"),
    [
        (lambda wb: wb.show(wb.staff.worked_fte), "table_id='worked_fte'"),
        (lambda wb: wb.worked_fte.to_pandas(), "wb.staff.worked_fte.frame (polars), wb.staff.worked_fte.pandas"),
        (lambda wb: wb.worked_fte.framee, "Did you mean .frame?"),
        (lambda wb: wb.worked_fte["value"], "wb.staff.worked_fte.frame"),
        (lambda wb: list(wb.worked_fte), "wb.staff.worked_fte.frame"),
        (lambda wb: wb.data.ledger.filter(pl.col("period") == "2018-03"), "wb.data.ledger.lazy"),
        (lambda wb: wb.data.ledger["period"], "wb.data.ledger.frame"),
        (lambda wb: wb.measures["worked_fte"], "wb.measures.search"),
        (lambda wb: wb.measures[999], "wb.measures.search"),
        (lambda _: Findings([finding()])["f1"], "the first is [0]"),
        (lambda _: Findings([])[0], "the first is [0]"),
        (lambda wb: wb.draw("fr1_outcome", column="vs_buget"), "vs_budget"),
        (lambda wb: wb.draw("net_monthly", column="vs_budget"), "Columns of net_monthly"),
        (lambda wb: wb.deviations(least="4,6"), "least=4.6"),
        (lambda wb: wb.deviations(least=float("nan")), "Give it in kr"),
        (lambda wb: wb.evidence("f1"), "wb.evidence(wb.deviations()[0])"),
        (lambda wb: wb.period, "wb.scope.period"),
        (lambda wb: wb.unit, "wb.scope.unit"),
        (lambda wb: wb.comment(about="deviations", text="Hej", author_role="Controller"), '{"table": "deviations"'),
        (lambda wb: wb.comment(about={"table": "deviations"}, text=None, author_role="Controller"), "in quotes"),
        (lambda wb: wb.sql("select account, account from ledger"), "select … as namn"),
        (lambda wb: wb.sql("select interval 1 day as d"), "cast(… as varchar)"),
        # These only speak of Parquet: no file is damaged.
        (lambda wb: wb.sql("select parquet from ledger"), "wb.sql_tables()"),
        (lambda wb: wb.sql("select * from read_parquet('x.parquet')"), "Fråga tabellerna"),
        (lambda wb: wb.share("fr1_outcome", file=5), "file='5'"),
        (lambda wb: wb.share("fr1_outcome", file="a\0b.csv"), "Use letters"),
    ],
)
def test_what_a_table_or_list_is_not_gets_the_way_to_it(wb, ask, advice):
    with pytest.raises(UsageError) as caught:
        ask(wb)
    assert advice in caught.value.action


def test_a_month_before_every_unit_lists_none(root):
    units = Organisation.read(root / "data/raw/reference")
    with pytest.raises(UsageError) as caught:
        units.administration("17", Period(1999, 1))
    assert caught.value.action == "No unit is valid in the month: open a later one."


def test_a_near_name_is_told_once(wb):
    with pytest.raises(UsageError) as caught:
        wb.deviation  # noqa: B018
    assert caught.value.action.count("deviations,") == 1


def test_a_part_is_found_with_blanks_and_an_unknown_one_is_none_for_get(wb):
    assert wb.children[" 171 "].scope.part.code == "171"
    assert wb.children.get("999") is None
    with pytest.raises(UnknownItemError, match="called '999'"):
        wb.children["999"]


def test_the_processed_tables_show_what_each_holds(wb):
    shown = wb.data._repr_html_()
    assert "<code>wb.data.ledger</code></td><td>Utfall, budget och prognos (ekonomisystemet)" in shown
    assert "<td></td>" not in shown


def test_month_and_unit_of_a_bench_cannot_be_set(wb):
    for name in ("period", "unit", "scope", "audience", "worked_fte"):
        with pytest.raises(UsageError, match="cannot be set"):
            setattr(wb, name, "2018-02")
    assert str(wb.scope.period) == "2018-03"


def test_everything_that_a_bench_gives_can_be_copied_and_pickled(wb):
    for held in (wb, wb.staff, wb.data, wb.measures, wb.children, wb.worked_fte, wb.data.ledger):
        assert repr(copy.copy(held)) == repr(held)
    for held in (wb, wb.staff, wb.measures, wb.worked_fte):
        assert repr(pickle.loads(pickle.dumps(held))) == repr(held)  # noqa: S301 - our own bytes


def test_a_file_never_names_another_unit_or_month_than_its_figures(root, wb, tmp_path):
    """A table or a list of another bench used to be shared under the name of the one that was asked."""
    other = analytics.open(period="2018-02", unit="17", root=root)
    with pytest.raises(DisclosureError, match="not protected by this bench"):
        wb.share(other.protected("fr1_outcome"), file=tmp_path / "x.csv")
    with pytest.raises(UsageError, match="not of 2018-03, unit 17"):
        wb.share([finding(keys={"administration": "10", "report_line": "operations_travel"})], file=tmp_path / "x.csv")
    with pytest.raises(UsageError, match="not of 2018-03, unit 17"):
        wb.share(Findings([finding()], of=("2017-03", "17")), file=tmp_path / "x.csv")
    with pytest.raises(UsageError, match="not of 2018-03, unit 17"):
        wb.evidence(finding(keys={"administration": "10", "report_line": "operations_travel"}))
    assert not list(tmp_path.iterdir())
    assert "17 Landstingsdirektörens stab" in wb.share(wb.protected("fr1_outcome")).about.unit
    assert wb.share(other.fr1_outcome).about == other.share(other.fr1_outcome).about


def test_a_panel_is_shared_under_the_unit_that_it_was_made_for(root, wb):
    other = analytics.open(period="2018-03", unit="10", root=root)

    class Panel:
        wb = other

        def for_audience(self, _):
            return wb.protected("fr1_outcome")

    assert wb.share(Panel()).about.unit.startswith("10 ")


def test_deviations_of_a_part_or_range_are_asked_of_the_whole(wb):
    for bench, said in ((wb.children["171"], "part 171 Stabsledning"), (wb.range("quarter"), "range 'quarter'")):
        with pytest.raises(UsageError, match=said):
            bench.deviations()


@pytest.mark.parametrize(
    "harm", [lambda file: file.write_bytes(b"PAR1 half a file"), Path.unlink], ids=["damaged", "gone"]
)
def test_a_file_that_is_damaged_or_gone_under_an_open_bench_is_told(tmp_path, harm):
    root = new_project(tmp_path / "project")
    fill(root)
    wb = analytics.open(period="2018-03", unit="17", root=root)
    for file in (root / "data/processed/ledger").iterdir():
        harm(file)
    for ask in (
        lambda: wb.fr1_outcome.frame,
        lambda: wb.data.ledger.frame,
        lambda: wb.sql("select count(*) from ledger"),
        wb.deviations,
        lambda: wb.share("fr1_outcome"),
    ):
        with pytest.raises(StorageError, match="damaged or gone") as caught:
            ask()
        assert "analytics load" in caught.value.action
    assert "damaged or gone" in wb.fr1_outcome._repr_html_()


def test_promote_says_what_a_notebook_is_and_which_month_was_meant(root, tmp_path, monkeypatch):
    monkeypatch.setenv("POLARS_MAX_THREADS", "1")
    other = tmp_path / "x.ipynb"
    other.write_text("no notebook")
    told = CliRunner().invoke(app, ["--root", str(root), "promote", str(other)])
    assert "Give a notebook (.ipynb)" in told.exception.action
    cell = nbformat.v4.new_code_cell('period: str = "2018-03"\nunit: str = "17"', metadata={"tags": ["parameters"]})
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), other)
    told = CliRunner().invoke(app, ["--root", str(root), "promote", str(other), "--period", "201803"])
    assert "Did you mean '2018-03'?" in told.exception.action
