"""What JupyterLab may write: never what a cell printed."""

import json

import pytest

from analytics.lab import saving

SECRET_FIGURE = "4711,5"


class RefusedError(Exception):
    pass


def notebook(source="wb.table('worked_fte')"):
    return {
        "cells": [
            {"cell_type": "markdown", "metadata": {}, "source": "# Rubrik"},
            {
                "cell_type": "code",
                "metadata": {"tags": ["parameters"], "execution": {"iopub.execute_input": "2018"}},
                "source": source,
                "outputs": [{"output_type": "stream", "name": "stdout", "text": SECRET_FIGURE}],
                "execution_count": 7,
            },
        ],
        "metadata": {"kernelspec": {"name": "analytics"}, "widgets": {"state": SECRET_FIGURE}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


@pytest.fixture
def hook(tmp_path):
    reports = tmp_path / "notebooks"
    (reports / "explore").mkdir(parents=True)
    return saving.hook(tmp_path, reports, (tmp_path / "reports", tmp_path / "data/processed"), RefusedError)


@pytest.mark.parametrize("path", ["notebooks/explore/start.ipynb", "egen.ipynb", "/notebooks/ny.ipynb"])
def test_outputs_counts_and_states_of_widgets_are_not_saved(hook, path):
    model = {"type": "notebook", "content": notebook()}
    hook(model=model, path=path)
    assert SECRET_FIGURE not in json.dumps(model)
    cell = model["content"]["cells"][1]
    assert cell["outputs"] == []
    assert cell["execution_count"] is None
    assert cell["metadata"] == {"tags": ["parameters"]}
    assert cell["source"] == "wb.table('worked_fte')"


def test_a_notebook_that_is_saved_as_text_holds_none_either(hook):
    model = {"type": "file", "format": "text", "content": json.dumps(notebook())}
    hook(model=model, path="notebooks/explore/start.ipynb")
    assert SECRET_FIGURE not in model["content"]


def test_a_report_keeps_its_stored_outputs_and_never_those_of_the_session(hook, tmp_path):
    stored = notebook()
    stored["cells"][1]["outputs"][0]["text"] = "skyddad"
    (tmp_path / "notebooks/personal.ipynb").write_text(json.dumps(stored), encoding="utf-8")
    model = {"type": "notebook", "content": notebook()}
    hook(model=model, path="notebooks/personal.ipynb")
    assert model["content"]["cells"][1]["outputs"][0]["text"] == "skyddad"
    changed = {"type": "notebook", "content": notebook(source="wb.table('agency')")}
    hook(model=changed, path="notebooks/personal.ipynb")
    assert changed["content"]["cells"][1]["outputs"] == []


@pytest.mark.parametrize("path", ["reports/2018-03/17/notebooks/personal.ipynb", "data/processed/catalog.json"])
def test_packages_and_processed_data_are_not_written(hook, path):
    with pytest.raises(RefusedError, match="görs av analytics"):
        hook(model={"type": "file", "format": "text", "content": "{}"}, path=path)


@pytest.mark.parametrize("content", ["no notebook", "[]"])
def test_what_cannot_be_cleaned_is_not_saved(hook, content):
    with pytest.raises(RefusedError, match="sparades inte"):
        hook(model={"type": "file", "format": "text", "content": content}, path="x.ipynb")
