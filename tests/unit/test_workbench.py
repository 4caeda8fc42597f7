import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from made_store import fill, new_project

import analytics
from analytics import charts, companions, sentences, tables
from analytics.companions import Companions
from analytics.errors import DisclosureError, MissingDataError, UsageError
from analytics.measures.availability import NEEDS
from analytics.measures.catalogue import REPORTS, MeasureTable
from analytics.sentences import key_figures

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


def shown(piece):
    return piece._repr_mimebundle_()["text/html"].replace("\u00a0", " ")


def test_importing_the_package_brings_in_no_heavy_library():
    heavy = ["polars", "altair", "pandas", "great_expectations", "papermill", "nbconvert"]
    program = f"import sys, analytics; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_opening_the_workbench_brings_in_nothing_that_draws_or_searches(root):
    heavy = ["altair", "scipy", "pandas", "great_expectations", "papermill", "nbconvert"]
    program = (
        f"import sys, analytics; wb = analytics.open(period='2018-03', unit='17', root={str(root)!r});"
        f"assert wb.fr1_outcome.frame.height; print([name for name in {heavy} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_an_unknown_attribute_of_the_package_is_an_attribute_error():
    with pytest.raises(AttributeError, match="opne"):
        analytics.opne  # noqa: B018


@pytest.mark.parametrize(
    ("wrong", "advice"),
    [
        ({"period": "2018-3"}, "YYYY-MM"),
        ({"period": 201803}, "in quotes"),
        ({"unit": 17}, "unit='17'"),
        ({"unit": "71"}, "17 Landstingsdirektörens stab"),
        ({"audience": "pubic"}, "Did you mean public?"),
    ],
)
def test_wrong_arguments_are_refused_with_the_right_ones(root, wrong, advice):
    arguments = {"period": "2018-03", "unit": "17", "audience": "public", **wrong}
    with pytest.raises(UsageError) as caught:
        analytics.open(**arguments, root=root)
    assert advice in str(caught.value)


def test_nothing_loaded_names_the_command(tmp_path):
    with pytest.raises(MissingDataError, match="analytics load"):
        analytics.open(period="2018-03", unit="17", root=new_project(tmp_path / "empty"))


def test_the_settings_are_found_above_the_working_folder(root, monkeypatch):
    (root / "notebooks" / "explore").mkdir(parents=True)
    monkeypatch.chdir(root / "notebooks" / "explore")
    assert analytics.open(period="2018-03", unit="17").scope.unit_label == "Landstingsdirektörens stab"


def test_tables_are_computed_once_and_remembered(wb):
    assert wb.used == ()
    assert isinstance(wb.table("worked_fte"), MeasureTable)
    assert wb.used == ()
    assert wb.protected("worked_fte") is wb.protected("worked_fte")
    wb.say("headcount")
    assert wb.used == ("worked_fte", "headcount")


def test_what_a_report_says_in_words_is_remembered_with_its_table(wb):
    wb.key_figures("personal")
    wb.say("fr1_outcome", line="income")
    wb.say("fr1_outcome", line="income")

    figures = [said for said in wb.said if said.kind == "key_figure"]
    assert [said.table_id for said in figures] == list(key_figures.STAFF)
    assert (figures[1].about, figures[1].text.replace("\u00a0", " ")) == (
        "Anställda",
        "24. Oförändrat jämfört med samma period föregående år",
    )
    (sentence,) = [said for said in wb.said if said.kind == "sentence"]
    assert (sentence.table_id, sentence.about) == ("fr1_outcome", "income")
    assert sentence.text.startswith("Intäkterna är")


def test_key_figures_of_one_table_are_remembered_with_it(wb):
    wb.key_figures("ekonomi")

    assert {said.table_id for said in wb.said} == {"fr1_outcome"}


def test_the_summary_says_once_that_a_report_is_left_out_and_shows_none_of_its_figures(root):
    why = "Personaluppgifter för februari 2018 saknas. Därför ingår inte rapporten Personal."
    bench = analytics.open(period="2018-03", unit="17", root=root)
    with companions.among(Companions({}, "", None, None, left_out={"personal": why})):
        points = [bench.point(name).html for name in ("worked_fte", "sick_leave_pct", "overtime_fte")]
        again = bench.point("worked_fte").html
        figures = bench.key_figures("sammanfattning").figures
    assert points == [f'<p class="huvudbudskap">{why}</p>', "", ""]
    assert again == points[0]  # a cell that is run again in a notebook says it again
    assert [figure.value for figure in figures if figure.table_id in ("worked_fte", "overtime_fte")] == ["–", "–"]
    assert "worked_fte" not in bench.used


def test_an_unprotected_table_cannot_be_shown(wb):
    for show in (tables.show, sentences.main_change, charts.of):
        with pytest.raises(DisclosureError):
            show(wb.table("worked_fte"))


def test_an_unknown_table_names_the_nearest(wb):
    with pytest.raises(UsageError, match="worked_fte"):
        wb.protected("worked_ftes")


def test_the_header_says_what_the_page_is(wb):
    html = shown(wb.header())
    assert "SYNTETISKA DATA – inga verkliga uppgifter" in html
    for text in ("17 Landstingsdirektörens stab", "Kvartalsrapport mars 2018", "januari–februari 2018", "Offentlig"):
        assert f"<dd>{text}</dd>" in html
    assert "Godkänd med 1 anmärkning vid 3 kontroller" in html
    assert 'class="intern"' not in html


def test_internal_pages_are_marked(root):
    html = shown(analytics.open(period="2018-03", unit="17", audience="internal", root=root).header())
    assert '<p class="intern"><strong>Intern – får inte spridas</strong></p>' in html


def test_real_data_carry_no_synthetic_mark(tmp_path):
    made = new_project(tmp_path / "real")
    settings = made / "analytics.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("synthetic = true", "synthetic = false"))
    fill(made)
    assert "SYNTETISK" not in shown(analytics.open(period="2018-03", unit="17", root=made).header())


def test_the_footer_says_what_the_page_was_made_from(wb):
    wb.show("worked_fte")
    html = shown(wb.footer())
    assert wb.catalog.version in html
    assert analytics.__version__ in html
    assert "<dt>Utförd arbetstid</dt>" in html
    assert "lag (1997:614)" in html
    assert "2018-04-12 08:00" in html
    assert "<dt>Övertid</dt>" not in html


def test_an_unknown_report_has_no_key_figures(wb):
    with pytest.raises(UsageError, match="personal"):
        wb.key_figures("personl")


# Reports of what the made region lacks are run on the demonstration region (tests/integration).
@pytest.mark.parametrize("report", [report for report in REPORTS if report not in NEEDS])
def test_every_cell_of_the_notebook_runs_and_shows_something(root, monkeypatch, report):
    monkeypatch.chdir(root)
    not_held = {table_id for name in NEEDS for table_id in REPORTS.get(name, ())}
    names: dict[str, object] = {}
    displayed = []
    for cell in nbformat.read(NOTEBOOKS / f"{report}.ipynb", as_version=4).cells:
        if cell.cell_type != "code":
            continue
        if cell.source.startswith("wb."):
            html = shown(eval(cell.source, names))  # noqa: S307 - the project's own notebook
            # Where nothing is written and nothing required, there is no section of comments.
            if html or not cell.source.startswith("wb.comments("):
                displayed.append(html)
        else:
            exec(cell.source, names)  # noqa: S102 - the project's own notebook
    areas = {name for name in names["wb"].used if name.startswith("focus_")}
    assert set(names["wb"].used) - areas == set(REPORTS[report]) - not_held
    assert ({f"focus_{area.id}" for area in names["wb"].scope.settings.focus} <= areas) == (report == "fokusomraden")
    assert all(html.startswith("<") for html in displayed)
    ids = [part.split('"')[0] for html in displayed for part in html.split(' id="')[1:]]
    assert len(ids) == len(set(ids))


def test_figures_of_the_made_months_reach_the_page(wb):
    assert ">24</td>" in shown(wb.show("headcount"))
    assert "Antalet anställda är oförändrat 24" in wb.say("headcount").text.replace("\u00a0", " ")
    assert "Intäkterna är" in wb.say("fr1_outcome", line="income").text
