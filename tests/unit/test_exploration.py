"""Exploration: every table by name with help, unprotected and saying so; wrong names and arguments get advice."""

import inspect

import nbformat
import pandas as pd
import polars as pl
import pytest
from IPython.core.completer import IPCompleter, provisionalcompleter
from IPython.core.interactiveshell import InteractiveShell
from made_findings import finding
from made_store import fill, new_project

import analytics
from analytics.comments import scheduled
from analytics.errors import DisclosureError, MissingDataError, UnknownNameError, UsageError
from analytics.measures import registry
from analytics.measures.catalogue import TABLES
from analytics.reports import exposure
from analytics.schemas import TABLES as PROCESSED
from analytics.workbench import boxes, renamed
from analytics.workbench.describing import columns_of
from analytics.workbench.explored import UNPROTECTED
from analytics.workbench.names import GROUPS, group_of


@pytest.fixture
def shell():
    InteractiveShell.clear_instance()
    yield InteractiveShell.instance()
    InteractiveShell.clear_instance()


def completions(shell, wb, written):
    completer = IPCompleter(shell=shell, namespace={"wb": wb}, global_namespace={})
    completer.use_jedi = False
    with provisionalcompleter():
        return {found.text.rpartition(".")[2] for found in completer.completions(written, len(written))}


def test_every_table_is_an_attribute_and_in_one_group(wb):
    grouped = [table_id for name in GROUPS for table_id in getattr(wb, name)]
    assert sorted(grouped) == sorted(set(grouped))
    assert set(grouped) >= set(TABLES)
    assert set(TABLES) <= set(dir(wb))
    # What deviates is found by a method; the table of it is in its group.
    assert {table_id for table_id in TABLES if hasattr(type(wb), table_id)} == {"deviations"}
    assert all(wb.measures[place].id == table_id for place, table_id in enumerate(wb._specs))


def test_completion_gives_names_and_computes_nothing(root, shell, monkeypatch):
    monkeypatch.setattr(registry, "compute", lambda *_: pytest.fail("a table was computed"))
    wb = analytics.open(period="2018-03", unit="17", root=root)
    assert {"worked_fte", "worked_fte_monthly"} <= completions(shell, wb, "wb.worked")
    assert {"worked_fte", "overtime_fte"} <= completions(shell, wb, "wb.staff.")
    assert {"frame", "pandas", "lazy", "protected"} <= completions(shell, wb, "wb.staff.worked_fte.")
    assert "ledger" in completions(shell, wb, "wb.data.")


def test_help_tells_definition_unit_sign_source_and_columns(wb, monkeypatch, shell):
    monkeypatch.setattr(registry, "compute", lambda *_: pytest.fail("a table was computed"))
    for table_id, spec in TABLES.items():
        text = " ".join(inspect.getdoc(getattr(wb, group_of(table_id))[table_id]).split())
        assert " ".join(spec.definition.split()) in text
        assert f"Enhet: {spec.unit}" in text
        assert " ".join(spec.source.split()) in text
        assert "Tecken: " in text
        assert all(f"{name}: " in text for name in (*spec.keys, "value"))
    found = shell.inspector.info(wb.staff.worked_fte, oname="wb.staff.worked_fte")
    assert "002:390-405" in found["docstring"]


def test_described_columns_are_those_of_the_frame(wb):
    for table_id in ("worked_fte", "fr1_outcome", "net_monthly", "projects", "deviations", "sick_leave_disclosure"):
        explored = getattr(wb, group_of(table_id))[table_id]
        assert list(columns_of(explored.spec)) == explored.frame.columns


def test_figures_come_as_polars_pandas_lazy_and_as_printed(wb):
    explored = wb.staff.worked_fte
    whole = explored.frame
    assert whole.equals(wb.table("worked_fte").frame)
    assert isinstance(explored.pandas, pd.DataFrame)
    assert explored.pandas["value"].tolist() == whole["value"].to_list()
    total = pl.col("row_type") == "total"
    assert explored.lazy.filter(total, pl.col("sex") == "T", pl.col("column") == "current").collect()["value"][0] > 0
    wide = explored.pivot.filter(total)
    assert wide["2018 Kvinna"][0] + wide["2018 Man"][0] == pytest.approx(wide["2018 Total"][0])
    assert wide["2018 Total"][0] - wide["2017 Total"][0] == pytest.approx(wide["Förändring Total"][0])


def test_what_is_shown_is_unprotected_and_says_so(wb):
    shown = wb.staff.worked_fte._repr_html_()
    assert UNPROTECTED in shown
    assert shown.index(UNPROTECTED) < shown.index("<table")
    assert wb.protected("worked_fte").mark not in shown
    assert wb.staff.worked_fte.protected.spec.table_id == "worked_fte"
    assert "not shown" in repr(wb.staff.worked_fte)


def test_a_run_refuses_to_show_what_is_unprotected(wb):
    with scheduled.run():
        with pytest.raises(DisclosureError, match="worked_fte"):
            wb.worked_fte._repr_html_()
        with pytest.raises(DisclosureError, match="employments"):
            wb.data.employments.frame  # noqa: B018
        with pytest.raises(DisclosureError, match="what deviates"):
            wb.deviations()


def test_one_deviation_is_shown_as_the_list_is_with_the_mark(shell, root):
    analytics.open(period="2018-03", unit="17", root=root)
    shown, _ = shell.display_formatter.format(finding())
    assert shown["text/html"].index(UNPROTECTED) < shown["text/html"].index("Resor")


def test_a_table_is_asked_for_by_its_id_too(wb):
    assert wb["worked_fte"].where == wb.worked_fte.where
    with pytest.raises(UnknownNameError) as caught:
        wb["worked_ftee"]
    assert "worked_fte" in caught.value.action
    with pytest.raises(UsageError, match="table_id must be text"):
        wb[0]


def test_a_report_that_showed_it_is_not_published():
    refused = nbformat.v4.new_output("error", ename="DisclosureError", evalue="unprotected", traceback=[])
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell("1"), nbformat.v4.new_code_cell("wb.worked_fte", outputs=[refused])]
    )
    assert exposure.exposed_cells(notebook) == [2]


def test_measures_are_found_by_words_and_by_like_ones(wb):
    found = wb.measures.search("Sjuk")
    assert found[0].id.startswith("sick_leave")
    assert {each.id for each in found} >= {"sick_leave_pct", "sick_leave_disclosure", "sick_leave_pct_monthly"}
    assert wb.measures.search("utförd månad")[0].where == "wb.staff.worked_fte_monthly"
    assert "Inget mått matchar" in wb.measures.search("sjukfrånvora")._repr_html_()
    assert wb.measures.search("sjukfrånvora")[0].id == "sick_leave_pct_monthly"
    assert len(wb.measures.search("xyzzyx")) == 0
    assert set(wb.measures.frame["id"]) >= set(TABLES)


def test_processed_tables_are_read_when_asked_for(wb):
    assert list(wb.data) == list(PROCESSED)
    assert wb.data.ledger.frame.columns == list(PROCESSED["ledger"].column_names)
    assert wb.data.ledger.lazy.select(pl.len()).collect().item() == len(wb.data.ledger.pandas)
    assert wb.data["time"].columns["column"].to_list() == list(PROCESSED["time"].column_names)
    assert "amount in öre" in inspect.getdoc(wb.data.ledger)


@pytest.mark.parametrize(
    ("ask", "advice"),
    [
        (lambda wb: wb.workd_fte, "worked_fte"),
        (lambda wb: wb.staff.worked, "worked_fte"),
        (lambda wb: wb.data.legder, "ledger"),
        (lambda wb: wb.kpp, "wb.patient_costs"),
        (lambda wb: wb.protekted, "protected"),
    ],
)
def test_a_misspelt_name_gets_the_nearest(wb, ask, advice):
    with pytest.raises(UnknownNameError) as caught:
        ask(wb)
    assert advice in caught.value.action
    assert isinstance(caught.value, AttributeError)


def test_renamed_names_lead_to_names_that_exist(wb):
    for old, right in renamed.ATTRIBUTES.items():
        assert not hasattr(wb, old)
        written = right.split(" ", 1)[0].split("(", 1)[0]
        found = wb
        for part in written.split(".")[1:]:
            if part in ("share", "previous_year"):
                break
            found = getattr(found, part)


@pytest.mark.parametrize(
    ("wrong", "advice"),
    [
        ({"period": "2018-13"}, "2018-12"),
        ({"period": "201803"}, "'2018-03'"),
        ({"period": 201803}, "'2018-03'"),
        ({"period": "mars 2018"}, "'2018-03'"),
        ({"period": "2018-04"}, "nearest month with data is 2018-03"),
        ({"period": "2021-01"}, "nearest month with data is 2018-03"),
        ({"unit": "Landstingsdirektörens stab"}, "unit='17'"),
        ({"unit": "landstingsdirektörens stab "}, "unit='17'"),
        ({"unit": "Primärvrden"}, "20 Primärvården"),
        ({"month": "2018-03"}, "Did you mean period?"),
        ({"audiens": "public"}, "Did you mean audience?"),
    ],
)
def test_wrong_arguments_get_the_nearest_right_ones(root, wrong, advice):
    with pytest.raises((UsageError, MissingDataError)) as caught:
        analytics.open(**{"period": "2018-03", "unit": "17", **wrong}, root=root)
    assert advice in caught.value.action


def test_arguments_without_names_are_refused_with_the_names():
    with pytest.raises(UsageError, match="period=…, unit=…"):
        analytics.open("2018-03", "17")


def test_a_unit_that_has_ended_says_when_and_what_followed(tmp_path):
    root = new_project(tmp_path / "project")
    fill(root)
    file = root / "data/raw/reference/organisation.csv"
    lines = file.read_text(encoding="utf-8").splitlines()
    lines += [
        "administration;90;Gamla staben;;2015-01-01;2016-12-31;0",
        "base_unit;901;Flyttade enheten;90;2015-01-01;2016-12-31;0",
        "base_unit;901;Flyttade enheten;17;2017-01-01;;0",
    ]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(UsageError, match="Gamla staben ended 2016-12-31, its base units now belong to 17 Lands"):
        analytics.open(period="2018-03", unit="90", root=root)


def test_a_measure_that_the_unit_lacks_says_which_units_have_it(wb):
    with pytest.raises(MissingDataError, match="kpp_clinics") as caught:
        wb.patient_costs.kpp_clinics.frame  # noqa: B018
    assert "No unit has data" in caught.value.action


def test_an_error_is_a_short_box_in_a_kernel_and_no_trace(root, shell):
    published = []
    shell.kernel = object()
    shell.display_pub.publish = published.append
    shell.run_cell("import analytics\nfrom pathlib import Path")
    done = shell.run_cell(f"wb = analytics.open(period='2018-13', unit='17', root=Path({str(root)!r}))")
    assert isinstance(done.error_in_exec, UsageError)
    assert len(published) == 1
    assert "Traceback" not in published[0]["text/html"]
    assert "<strong>Gör så här:</strong>" in published[0]["text/html"]
    assert "2018-12" in published[0]["text/plain"]


def test_a_run_gets_the_real_error(shell):
    with scheduled.run():
        boxes.install()
    assert shell.custom_exceptions == ()
