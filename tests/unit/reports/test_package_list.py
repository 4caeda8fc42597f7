"""Only listed notebooks are reports; what merely lies in the folder is not made, and a run says so."""

import nbformat
import pytest
from small_project import NOW, notebook

from analytics.errors import SettingsError
from analytics.periods import Period
from analytics.reports import package_list
from analytics.reports.package_list import Listed
from analytics.reports.run import run


@pytest.fixture
def folder(tmp_path):
    for name in ("personal", "ekonomi", "resor", "Untitled"):
        nbformat.write(notebook(heading=name), tmp_path / f"{name}.ipynb")
    return tmp_path


def test_reports_of_the_catalogue_come_first_and_then_the_list(folder):
    assert list(package_list.notebooks(folder)) == ["personal", "ekonomi"]
    assert package_list.unlisted(folder) == ("Untitled.ipynb", "resor.ipynb")
    package_list.write(folder, (Listed("resor", 'notebooks/explore/"resor".ipynb', "2026-11-24"),))
    assert package_list.read(folder) == (Listed("resor", 'notebooks/explore/"resor".ipynb', "2026-11-24"),)
    assert package_list.notebooks(folder) == {
        name: folder / f"{name}.ipynb" for name in ("personal", "ekonomi", "resor")
    }
    assert package_list.unlisted(folder) == ("Untitled.ipynb",)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("[[report]\n", "cannot be read"),
        ("other = 1\n", "every entry"),
        ('[[report]]\nname = "resor"\n', "every entry"),
        ('[[report]]\nname = 1\nsource = ""\nadded = ""\n', "every entry"),
        ('report = ["resor"]\n', "every entry"),
        ('[[report]]\nname = "../resor"\nsource = ""\nadded = ""\n', "'../resor' cannot be"),
        ('[[report]]\nname = "personal"\nsource = ""\nadded = ""\n', "'personal' cannot be"),
        ('[[report]]\nname = "resor"\nsource = ""\nadded = ""\n' * 2, "'resor' cannot be"),
        ('[[report]]\nname = "borta"\nsource = ""\nadded = ""\n', "no notebook borta.ipynb"),
    ],
)
def test_a_wrong_list_is_refused(folder, text, word):
    (folder / package_list.FILE_NAME).write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"reports\.toml") as refused:
        package_list.notebooks(folder)
    assert word in str(refused.value)


def test_a_run_says_which_notebooks_are_no_reports(project):
    nbformat.write(notebook("1 / 0", heading="Försök"), project.paths.notebooks / "Untitled.ipynb")
    made = run(project, period=Period(2018, 3), units=("17",), reports=(), audience="public", now=NOW, jobs=1)
    made.raise_if_failed()
    assert {result.report for result in made.reports} == {"personal", "ekonomi"}
    assert made.unlisted == ("Untitled.ipynb",)
    assert made.as_record()["unlisted"] == ["Untitled.ipynb"]
    assert "Not a report, so not made: Untitled.ipynb. Add it with analytics promote." in str(made)
