"""From small notebooks to packages, with failing and killed runs."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import nbformat
import pytest
from made_packages import faults, tree
from small_project import MAKE_TABLE, NOW, PARAMETERS, SHOW, notebook, write_data

from analytics.errors import MissingDataError, ReportError, SettingsError, UsageError
from analytics.periods import Period
from analytics.reports import package
from analytics.reports import run as reports
from analytics.reports.results import RunReport
from analytics.reports.run import Leave
from analytics.settings import Settings

MARCH = Period(2018, 3)


def make(
    settings: Settings, *units: str, only: tuple[str, ...] = (), audience: str = "public", limit: float = 120
) -> RunReport:
    return reports.run(
        settings, period=MARCH, units=units or ("17",), reports=only, audience=audience, now=NOW, time_limit=limit
    )


def visible(reports_folder: Path) -> list[str]:
    """What someone who looks at the folder of reports could take for a package."""
    if not reports_folder.exists():
        return []
    return sorted(path.name for path in reports_folder.iterdir() if not path.name.startswith("."))


def replace_notebook(settings: Settings, name: str, *cells: str, parameters: str = PARAMETERS) -> None:
    made = notebook(*cells, heading=name.capitalize(), parameters=parameters)
    nbformat.write(made, settings.paths.notebooks / f"{name}.ipynb")


def table(name: str = "worked_fte") -> str:
    return MAKE_TABLE.replace("@ID@", name)


def test_a_package_holds_everything_and_its_manifest_tells_what(project: Settings):
    result = make(project, "17")
    result.raise_if_failed()
    folder = project.paths.reports / "2018-03/17"
    record = json.loads((folder / "manifest.json").read_text())
    files = tree(folder)

    versioned = {name: content for name, content in files.items() if name.startswith("v1/")}
    files = {name: content for name, content in files.items() if name not in versioned}
    assert versioned == {f"v1/{name}": content for name, content in files.items()}
    assert set(files) == {
        "andringar.html",
        "changes.json",
        "datakvalitet.html",
        "ekonomi.html",
        "index.html",
        "manifest.json",
        "notebooks/ekonomi.ipynb",
        "notebooks/personal.ipynb",
        "personal.html",
        "tabeller.xlsx",
        "tables/overtime_fte.csv",
        "tables/worked_fte.csv",
        "texts.json",
    }
    assert record["files"] == {
        name: hashlib.sha256(content).hexdigest() for name, content in files.items() if name != "manifest.json"
    }
    assert record["schema_version"] == 1
    assert (record["version"], record["reason"]) == (1, ["first"])
    assert set(record["content"]) == {"datakvalitet.html", "ekonomi.html", "personal.html"}
    assert (record["period"], record["unit"], record["audience"], record["synthetic"]) == (
        "2018-03",
        "17",
        "public",
        True,
    )
    assert [(entry["name"], entry["status"]) for entry in record["reports"]] == [("personal", "ok"), ("ekonomi", "ok")]
    assert all(entry["seconds"] > 0 for entry in record["reports"])
    assert record["reports"][0]["parameters"] == {"period": "2018-03", "unit": "17", "audience": "public"}
    assert record["inputs"]["deliveries"][0]["sha256"] == "ab" * 32
    assert record["validation"]["passed"] == 2
    assert record["packages"]["papermill"]
    assert visible(project.paths.reports) == ["2018-03", "index.html", "latest"]
    assert "2018-03/17/personal.html" in (project.paths.reports / "index.html").read_text()


def test_published_notebooks_hold_no_traces_of_machine_or_time(project: Settings):
    make(project, "17")
    text = (project.paths.reports / "2018-03/17/notebooks/personal.ipynb").read_text()
    made = nbformat.reads(text, as_version=4)

    nbformat.validate(made)
    assert "papermill" not in text
    assert str(project.root) not in text
    assert made.cells[2].source == '# Parameters\nperiod = "2018-03"\nunit = "17"\naudience = "public"\n'
    assert any(cell.get("outputs") for cell in made.cells)


def test_two_runs_give_the_same_package_byte_for_byte(project: Settings):
    make(project, "17")
    folder = project.paths.reports / "2018-03/17"
    first = tree(folder)
    shutil.rmtree(project.paths.reports / "2018-03")
    shutil.rmtree(project.paths.reports / ".ledger")
    make(project, "17")
    second = tree(folder)

    assert first.keys() == second.keys()
    assert {name for name in first if first[name] != second[name]} <= {"manifest.json", "v1/manifest.json"}


def test_a_package_that_would_be_the_same_is_left_as_it_is(project: Settings):
    folder = project.paths.reports / "2018-03/17"
    assert make(project, "17").packages == (folder,)
    first = tree(folder)

    again = reports.run(
        project,
        period=MARCH,
        units=("17",),
        reports=(),
        audience="public",
        now=datetime(2018, 5, 2, tzinfo=UTC),
        code_version="another",
    )

    assert (again.packages, again.unchanged) == ((), (folder,))
    assert again.as_record()["unchanged"] == [str(folder)]
    assert tree(folder) == first


def test_new_data_make_a_new_version_and_the_old_one_stays(project: Settings):
    folder = project.paths.reports / "2018-03/17"
    make(project, "17").raise_if_failed()
    first = tree(folder / "v1")
    write_data(project.paths.processed, passed=False)
    make(project, "17").raise_if_failed()
    record = json.loads((folder / "manifest.json").read_text())

    assert (record["version"], record["reason"]) == (2, ["data"])
    assert tree(folder / "v1") == first
    assert faults(folder) == []
    assert "Version 2, framställd 2018-04-20 08:30" in (folder / "personal.html").read_text()
    assert "Version 1, framställd 2018-04-20 08:30" in (folder / "v1/personal.html").read_text()
    assert "Detta är den första versionen" in (folder / "v1/andringar.html").read_text()
    told = (folder / "andringar.html").read_text()
    assert "Version 2 jämförs med version 1, framställd 2018-04-20 08:30." in told
    assert "Anledningen till den nya versionen: nya eller rättade leveranser." in told
    assert "Ingen siffra har ändrats." in told
    assert json.loads((folder / "changes.json").read_text())["since_version"] == 1
    home = (project.paths.reports / "index.html").read_text()
    assert home.count('class="rapporter"') == 1
    assert 'href="2018-03/17/v1/index.html"' in home
    assert "Nya eller rättade leveranser." in home


def test_a_changed_notebook_makes_a_new_version_only_where_readers_see_it(project: Settings):
    folder = project.paths.reports / "2018-03/17"
    replace_notebook(project, "ekonomi", table("overtime_fte"), SHOW)
    make(project, "17").raise_if_failed()
    replace_notebook(project, "ekonomi", table("overtime_fte"), SHOW, "x = 1")
    assert make(project, "17").unchanged == (folder,)
    replace_notebook(project, "ekonomi", table("overtime_fte"), SHOW, "print('en ny rad')")
    assert make(project, "17").packages == (folder,)

    assert json.loads((folder / "manifest.json").read_text())["reason"] == ["other"]


def test_a_package_that_was_changed_after_publishing_is_made_anew(project: Settings):
    folder = project.paths.reports / "2018-03/17"
    make(project, "17").raise_if_failed()
    page = folder / "personal.html"
    page.chmod(0o644)
    page.write_text(page.read_text().replace("1 234 567", "9 999 999"))

    make(project, "17").raise_if_failed()

    record = json.loads((folder / "manifest.json").read_text())
    assert (record["version"], record["reason"]) == (2, ["restored"])
    assert "9 999 999" not in page.read_text()
    assert "9 999 999" in (folder / "v1/personal.html").read_text()


def test_a_unit_that_cannot_be_published_does_not_stop_the_others(project: Settings, monkeypatch: pytest.MonkeyPatch):
    publish = package.publish

    def full(draft: Path, target: Path, **where: Path) -> bool:
        if target.name == "17":
            raise OSError(28, "No space left on device")
        return publish(draft, target, **where)

    monkeypatch.setattr(package, "publish", full)
    result = make(project, "17", "10")

    assert [(each.unit, each.problem) for each in result.failures] == [
        ("17", "it could not be published: No space left on device")
    ]
    assert result.packages == (project.paths.reports / "2018-03/10",)


def test_a_failing_notebook_is_kept_stops_nothing_else_and_publishes_nothing_of_its_unit(project: Settings):
    make(project, "17").raise_if_failed()
    before = tree(project.paths.reports / "2018-03/17")
    replace_notebook(project, "ekonomi", table("overtime_fte"), 'assert unit == "10", "kostnad saknas"')

    result = make(project, "17", "10")

    with pytest.raises(ReportError) as caught:
        result.raise_if_failed()
    assert caught.value.exit_code != 0
    assert "unit 17, ekonomi: cell 5: AssertionError: kostnad saknas" in str(caught.value)
    assert [(each.unit, each.report) for each in result.failures] == [("17", "ekonomi")]
    assert tree(project.paths.reports / "2018-03/17") == before
    assert (project.paths.reports / "2018-03/10/manifest.json").exists()
    kept = project.paths.reports / ".failed/2018-03/17/ekonomi.ipynb"
    assert str(kept) in str(caught.value)
    marked = nbformat.read(kept, as_version=4)
    assert "An Exception was encountered at" in marked.cells[0].source
    assert marked.cells[-1].outputs[0].ename == "AssertionError"

    replace_notebook(project, "ekonomi", table("overtime_fte"))
    make(project, "17").raise_if_failed()
    assert not kept.exists()


def test_what_a_failing_notebook_showed_of_persons_is_not_kept(project: Settings):
    key = "0003f26e7085df7080af0947292fd433"
    raw = 'pl.DataFrame({"hours": [98765.25]})'
    replace_notebook(project, "ekonomi", table("overtime_fte"), raw, f"raise ValueError('row of {key}')")

    (failure,) = make(project, "17", only=("ekonomi",)).failures

    assert failure.failed_copy is not None
    kept = json.loads(failure.failed_copy.read_text())
    outputs = [output for cell in kept["cells"] for output in cell.get("outputs", [])]
    assert "98765" not in json.dumps(outputs)
    assert key not in json.dumps(outputs) + failure.problem
    assert [output["ename"] for output in outputs if output["output_type"] == "error"] == ["ValueError"]


def test_a_notebook_that_hangs_is_stopped_and_says_where(project: Settings):
    replace_notebook(project, "ekonomi", table("overtime_fte"), "while True:\n    pass")

    result = make(project, "17", limit=6)

    (failure,) = result.failures
    assert failure.problem == "stopped after 6 seconds at cell 5 of 5"
    assert failure.failed_copy is not None
    assert "stopped after 6 seconds" in nbformat.read(failure.failed_copy, as_version=4).cells[0].source
    assert visible(project.paths.reports) == ["index.html"]


@pytest.mark.parametrize(
    ("cell", "fault"),
    [
        ("pl.DataFrame({'a': [1]})", "has not seen"),
        ("print(frame)", "has not seen"),
        ("print({'who': '0003f26e7085df7080af0947292fd433'})", "has not seen"),
        ("wb.audience = 'internal'", "another audience"),
        ("wb = None\nshown = None", "no workbench"),
        ("wb = SimpleNamespace(used=('x',), protected=lambda table_id: measured)", "not a protected table"),
        ("import os\nprint(os.getcwd())", "folder of this machine"),
        ("display(HTML('<img src=\"https://example.se/x.png\">'))", "from outside"),
    ],
)
def test_a_report_that_would_show_too_much_is_not_published(project: Settings, cell: str, fault: str):
    replace_notebook(project, "ekonomi", table("overtime_fte"), cell)

    result = make(project, "17", only=("ekonomi",))

    assert fault in result.failures[0].problem
    assert visible(project.paths.reports) == ["index.html"]


def test_single_reports_keep_the_package_whole_and_of_one_data_version(project: Settings):
    make(project, "17", only=("ekonomi",)).raise_if_failed()
    folder = project.paths.reports / "2018-03/17"
    assert not (folder / "personal.html").exists()
    make(project, "17", only=("personal",)).raise_if_failed()
    write_data(project.paths.processed, passed=False)
    make(project, "17", only=("ekonomi",)).raise_if_failed()
    record = json.loads((folder / "manifest.json").read_text())

    assert [entry["name"] for entry in record["reports"]] == ["personal", "ekonomi"]
    assert record["status"] == "warnings"
    assert record["validation"]["warnings"] == 1
    footer = (folder / "personal.html").read_text().split("<footer")[1]
    assert record["inputs"]["version"] in footer


def test_internal_packages_are_apart_marked_and_not_in_the_public_portal(project: Settings):
    result = make(project, "17", audience="internal")
    result.raise_if_failed()
    folder = project.paths.reports / "internal/2018-03/17"

    assert result.packages == (folder,)
    for page in ("personal.html", "ekonomi.html", "datakvalitet.html"):
        assert "Intern – får inte spridas" in (folder / page).read_text()
    assert "Intern – får inte spridas" in (project.paths.reports / "internal/index.html").read_text()
    make(project, "10").raise_if_failed()
    public = (project.paths.reports / "index.html").read_text()
    assert "internal" not in public
    assert "2018-03/17" not in public


@pytest.mark.parametrize("folder", ["", "2018-03", "../internal", ".internal", "a/b"])
def test_folders_that_would_mix_the_audiences_are_refused(project: Settings, folder: str):
    internal = replace(project.disclosure.internal, folder=folder)
    mixed = replace(project, disclosure=replace(project.disclosure, internal=internal))

    with pytest.raises(SettingsError, match="apart"):
        make(mixed, "17", audience="internal")

    assert visible(project.paths.reports) == []


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"units": ("99",)}, UsageError),
        ({"reports": ("persona",)}, UsageError),
        ({"audience": "everyone"}, UsageError),
    ],
)
def test_wrong_arguments_stop_before_anything_runs(project: Settings, options: dict, error: type[Exception]):
    arguments = {"units": ("17",), "reports": (), "audience": "public", **options}

    with pytest.raises(error):
        reports.run(project, period=MARCH, now=NOW, **arguments)

    assert visible(project.paths.reports) == []


def test_wrong_parameters_stop_before_anything_runs(project: Settings):
    replace_notebook(project, "ekonomi", SHOW, parameters=f"{PARAMETERS}\nmonths: int = 3")

    with pytest.raises(UsageError, match="'months' is missing"):
        make(project, "17")

    assert visible(project.paths.reports) == []


def test_nothing_loaded_is_said(project: Settings):
    (project.paths.processed / "catalog.json").unlink()

    with pytest.raises(MissingDataError, match="no data"):
        make(project, "17")


def test_progress_counts_every_report_and_package(project: Settings):
    steps: list[str] = []

    class Counting:
        def start(self, total: int, text: str) -> None:
            steps.append(f"{total} {text}")

        def step(self, text: str = "") -> None:
            steps.append(text)

    reports.run(
        project,
        period=MARCH,
        units=("17",),
        reports=(),
        audience="public",
        now=NOW,
        progress=Counting(),  # type: ignore[arg-type]
    )

    assert steps[0] == "3 Rapporter 2018-03"
    assert sorted(steps[1:3]) == ["17 ekonomi", "17 personal"]
    assert steps[3] == "17 paket"


SHOWN = "from analytics import tables\ndisplay(HTML(tables.show(shown).html))"
TELLS = """\
from analytics import companions
around = companions.current()
display(HTML("".join(f'<p><a href="{href}">{name}</a></p>' for name, href in around.places.items())))
since = around.changes and around.changes.changed, around.earlier and around.earlier.period
display(HTML(f'<div class="sedan-forra">{since[0]} {since[1]}</div>'))
"""


def test_the_summary_is_made_last_knows_where_tables_stand_and_comes_first(project: Settings):
    for name, table_id in (("personal", "worked_fte"), ("ekonomi", "overtime_fte")):
        replace_notebook(project, name, table(table_id), SHOWN)
    replace_notebook(project, "sammanfattning", table("worked_fte"), TELLS)
    make(project, "17").raise_if_failed()
    folder = project.paths.reports / "2018-03/17"
    first = tree(folder)
    page = (folder / "sammanfattning.html").read_text()

    assert 'href="personal.html#tabell-worked_fte-rubrik"' in page
    assert 'href="ekonomi.html#tabell-overtime_fte-rubrik"' in page
    assert "None None" in page
    assert json.loads(first["changes.json"]) is None
    assert 'href="andringar.html"' in page
    record = json.loads(first["manifest.json"])
    assert [entry["name"] for entry in record["reports"]] == ["sammanfattning", "personal", "ekonomi"]
    portal = (project.paths.reports / "index.html").read_text()
    assert portal.index("sammanfattning.html") < portal.index("personal.html")

    assert make(project, "17").unchanged == (folder,)
    assert tree(folder) == first

    replace_notebook(project, "personal", table("worked_fte").replace("1234.56789", "1334.5"), SHOWN)
    make(project, "17").raise_if_failed()
    assert "1 None" in (folder / "sammanfattning.html").read_text()
    told = json.loads((folder / "changes.json").read_text())
    assert [(each["table_id"], each["changed"]) for each in told["tables"]] == [("worked_fte", 1), ("overtime_fte", 0)]


def test_the_summary_alone_links_only_to_what_is_there(project: Settings):
    replace_notebook(project, "personal", table("worked_fte"), SHOWN)
    replace_notebook(project, "sammanfattning", table("worked_fte"), TELLS)

    make(project, "17", only=("sammanfattning",)).raise_if_failed()

    folder = project.paths.reports / "2018-03/17"
    pages = sorted(file.name for file in folder.glob("*.html"))
    assert pages == ["andringar.html", "datakvalitet.html", "index.html", "sammanfattning.html"]
    assert 'content="0; url=sammanfattning.html"' in (folder / "index.html").read_text()
    assert "personal.html" not in (folder / "sammanfattning.html").read_text()


def test_a_link_that_leads_nowhere_stops_the_package(project: Settings):
    replace_notebook(
        project, "ekonomi", table("overtime_fte"), "display(HTML('<a href=\"personal.html#tabell-x-rubrik\">5</a>'))"
    )

    (failure,) = make(project, "17").failures

    assert failure.report == "paket"
    assert "ekonomi.html: personal.html#tabell-x-rubrik" in failure.problem
    assert visible(project.paths.reports) == ["index.html"]


def test_the_menu_names_the_reports_by_their_headings_and_marks_the_page(project: Settings):
    nbformat.write(notebook(table("overtime_fte"), heading="Ekonomi & mål"), project.paths.notebooks / "ekonomi.ipynb")
    make(project, "17").raise_if_failed()
    folder = project.paths.reports / "2018-03/17"
    pages = {name: (folder / f"{name}.html").read_text() for name in ("personal", "ekonomi", "datakvalitet")}

    for name, page in pages.items():
        menu = page[page.index('<nav class="rapportmeny" aria-label="Rapporter">') : page.index("</nav>")]
        assert '<a href="ekonomi.html"' in menu
        assert "Ekonomi &amp; mål</a>" in menu
        assert menu.count("aria-current") == 1
        assert f'<a href="{name}.html" aria-current="page">' in menu
    foot = pages["ekonomi"][pages["ekonomi"].index('<nav class="bladdra"') :]
    assert re.findall(r'<a href="([^"]+)" class="(\w+)">', foot) == [
        ("personal.html", "foregaende"),
        ("datakvalitet.html", "nasta"),
    ]


RUN = """\
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from analytics import settings
from analytics.periods import Period
from analytics.reports import run
if __name__ == "__main__":
    run.run(settings.load(Path(sys.argv[1])), period=Period(2018, 3), units=("17", "10"), reports=(), audience="public",
            now=datetime(2018, 5, 1, tzinfo=UTC)).raise_if_failed()
"""


@pytest.mark.parametrize("moment", ["drafts", "first report", "package"])
def test_a_killed_run_leaves_nothing_like_a_package(project: Settings, tmp_path: Path, moment: str):
    if moment == "package":
        # A unit whose second report hangs: the other unit's package may come, this one's may not.
        replace_notebook(
            project, "ekonomi", table("overtime_fte"), 'import time\nwhile unit == "17":\n    time.sleep(1)'
        )
    script = tmp_path / "kor.py"
    script.write_text(RUN)
    work = project.paths.reports / ".work"
    running = subprocess.Popen([sys.executable, script, project.root], stderr=subprocess.DEVNULL)
    appears = {"drafts": "*/", "first report": "*/*/*.html", "package": "*/17/personal.html"}[moment]
    deadline = time.monotonic() + 120
    while not list(work.glob(appears)) and running.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    running.send_signal(signal.SIGKILL)
    running.wait()

    assert list(work.glob(appears)), "the run ended before it could be killed"
    packages = list(project.paths.reports.glob("2018-03/*"))
    assert [folder.name for folder in packages if not (folder / "manifest.json").exists()] == []
    assert "17" not in [folder.name for folder in packages]
    assert not (project.paths.reports / "index.html").exists()

    replace_notebook(project, "ekonomi", table("overtime_fte"))
    make(project, "17").raise_if_failed()
    assert {path.name for path in work.iterdir()} == {"portal.lock", "publish.lock"}
    assert any((project.paths.reports / "2018-03/17").iterdir())


def test_what_is_published_from_the_same_inputs_by_the_same_code_can_be_left(project: Settings):
    def again(now: datetime, code: str, leave: Leave) -> RunReport:
        return reports.run(
            project, period=MARCH, units=("17",), reports=(), audience="public", now=now, code_version=code, leave=leave
        )

    folder = project.paths.reports / "2018-03/17"
    first = again(NOW, "1 (abc)", "published")
    before = tree(folder)
    later = NOW + timedelta(hours=1)

    assert (first.packages, first.skipped) == ((folder,), ())
    # The same run once more, in the process that came after one that was killed: it is its own package.
    assert again(NOW, "1 (abc)", "own").packages == (folder,)
    assert again(later, "1 (abc)", "published").skipped == (folder,)
    assert tree(folder) == before
    # Its own only; other code; code that was changed since its commit; other data.
    assert again(later, "1 (abc)", "own").unchanged == (folder,)
    assert again(later, "1 (abd)", "published").unchanged == (folder,)
    assert again(later, "1 (abc+)", "published").unchanged == (folder,)
    write_data(project.paths.processed, passed=False)
    assert again(later, "1 (abc)", "published").packages == (folder,)
    assert faults(folder) == []


def test_a_warm_pool_serves_one_run_after_another(project: Settings):
    with reports.warm_pool(1) as pool:
        made = [
            reports.run(
                project,
                period=MARCH,
                units=(unit,),
                reports=(),
                audience="public",
                now=NOW,
                pool=pool,
                with_portal=False,
            )
            for unit in ("17", "10")
        ]

    assert [run.packages for run in made] == [(project.paths.reports / "2018-03" / unit,) for unit in ("17", "10")]
    assert not (project.paths.reports / "index.html").exists()
    assert reports.write_portal(project, "public") == made[0].portal
    assert "2018-03/17" in made[0].portal.read_text()
