"""The copy of a notebook that failed: kept, or said to be lost, and never kept without having been looked through."""

from __future__ import annotations

import json

import pytest

from analytics.reports import failures
from analytics.reports.jobs import NotebookFailed
from analytics.reports.work import Done

SOURCE = {"cells": [{"cell_type": "code", "id": "a", "source": "wb", "outputs": [], "metadata": {}}], "metadata": {}}


@pytest.fixture
def places(tmp_path):
    notebook, draft = tmp_path / "ekonomi.ipynb", tmp_path / "draft/ekonomi.ipynb"
    notebook.write_text(json.dumps(SOURCE))
    draft.parent.mkdir()
    return {"notebook": notebook, "draft": draft, "kept": tmp_path / "failed/17/ekonomi.ipynb"}


def failed(tmp_path, value=None):
    return Done("17/ekonomi", "error", value, "stopped", 1.0, 1.0, 1, "OSError", tmp_path / "log")


def test_a_copy_that_is_whole_is_kept(places, tmp_path):
    places["draft"].write_text(json.dumps(SOURCE))
    failure = failures.keep(failed(tmp_path, NotebookFailed(3, "OSError: no space", "OSError")), **places)
    assert failure == failures.Failure("cell 3: OSError: no space", "OSError", places["kept"])
    assert json.loads(places["kept"].read_text()) == SOURCE


@pytest.mark.parametrize("half", ['{"cells": [{"outputs": [{"text": "19671224', ""])
def test_a_copy_that_a_full_disk_cut_off_is_not_kept_but_the_source_with_the_reason(places, tmp_path, half):
    places["draft"].write_text(half)
    failure = failures.keep(failed(tmp_path), **places)
    assert (failure.problem, failure.kept) == ("stopped", places["kept"])
    assert json.loads(places["kept"].read_text())["cells"][0]["source"] == "**Stopped: stopped**"
    assert "19671224" not in places["kept"].read_text()


def test_a_copy_that_cannot_be_kept_is_said_and_stops_nothing(places, tmp_path):
    places["draft"].write_text(json.dumps(SOURCE))
    (tmp_path / "failed").write_text("a file where the folder should be")
    failure = failures.keep(failed(tmp_path), **places)
    assert failure.kept is None
    assert failure.problem.startswith("stopped (no copy of the notebook: ")
    assert not places["draft"].exists()
