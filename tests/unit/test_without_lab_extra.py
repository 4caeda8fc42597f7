"""A Python with the base packages alone: what needs the extra ``[lab]`` says what is missing and how to get it."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from made_store import fill, new_project

import analytics

EXTRA = ("jupyterlab", "anywidget", "ipywidgets", "duckdb", "vegafusion", "jupyterlab_widgets")
SOURCES = Path(analytics.__file__).parents[1]


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """Everything that is installed but the packages of the extra, as a folder of links."""
    folder = tmp_path_factory.mktemp("base") / "site-packages"
    folder.mkdir()
    for installed in Path(sysconfig.get_path("purelib")).iterdir():
        name = installed.name.split("-")[0].removesuffix(".py").lower()
        if name not in EXTRA and installed.suffix != ".pth":
            (folder / installed.name).symlink_to(installed)
    return folder


@pytest.fixture
def run(base, tmp_path):
    project = new_project(tmp_path / "project")
    fill(project)

    def started(*arguments):
        # -S: no packages but those on the path.
        return subprocess.run(
            [sys.executable, "-S", *arguments],
            cwd=project,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (base, SOURCES)))},
            capture_output=True,
            text=True,
            check=False,
        )

    return started


def test_the_packages_of_the_extra_are_really_absent(run):
    done = run("-c", f"from importlib.util import find_spec; print([name for name in {EXTRA} if find_spec(name)])")
    assert done.stdout.strip() == "[]", done.stderr


def test_analytics_lab_says_how_to_install_it(run):
    done = run("-m", "analytics", "lab", "--no-browser")
    assert done.returncode == 2
    assert "JupyterLab is not installed" in done.stderr
    assert "make lab" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("panel", ["deviations", "staff", "indicators", "care_units", "sql"])
def test_a_panel_says_which_package_is_missing_before_it_looks_at_anything(run, panel):
    code = (
        "from analytics import explore\nfrom analytics.errors import AnalyticsError\n"
        f"try:\n    explore.{panel}(None)\nexcept AnalyticsError as error:\n    print(error)"
    )
    done = run("-c", code)
    assert "anywidget, which is not installed" in done.stdout, done.stderr
    assert "make lab" in done.stdout


def test_a_question_in_sql_says_that_duckdb_is_missing_and_the_rest_of_the_bench_works(run):
    code = (
        "import analytics\nfrom analytics.errors import AnalyticsError\n"
        "wb = analytics.open(period='2018-03', unit='17')\nprint(wb.fr1_outcome.frame.height > 0)\n"
        "try:\n    wb.sql('select 1')\nexcept AnalyticsError as error:\n    print(error)"
    )
    done = run("-c", code)
    assert done.stdout.startswith("True\n"), done.stderr
    assert "DuckDB, som inte är installerat" in done.stdout
    assert "make lab" in done.stdout
