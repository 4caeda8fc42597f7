"""Download, export and checkpoints, each by a click in JupyterLab: nothing that a cell printed leaves with the notebook."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from started_chromium import PATIENCE

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("lab")]
ARCHIVE, EXPORT = 0, "Spara och exportera anteckningsboken som"
PRINTED = "Oskyddat-424242"
UNFINISHED = ".crdownload"


@pytest.fixture
def notebook(analyst, lab):
    """A notebook of its own whose cell has printed something that its code does not hold."""
    path = "notebooks/explore/lacka.ipynb"
    code = {"cell_type": "code", "id": "a", "metadata": {}, "execution_count": None, "outputs": [], "source": ""}
    printing = {**code, "source": "print('Oskyddat', 424_240 + 2, sep='-')"}
    kernel = {"kernelspec": {"name": "analytics", "display_name": "Analytics", "language": "python"}}
    file = lab.root / path
    file.write_text(
        json.dumps({"cells": [printing], "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}), encoding="utf-8"
    )
    opened = analyst.open(path)
    opened.run_all()
    expect(opened.output(0)).to_contain_text(PRINTED)
    yield opened
    file.unlink()


def saved(notebook):
    """Save by the menu, and wait until the page says that it is saved."""
    notebook.menu(ARCHIVE, "docmanager:save")
    expect(notebook.page.locator(".lm-TabBar-tab.jp-mod-current.jp-mod-dirty")).to_have_count(0)


def exported(notebook, folder, form):
    """What the browser downloads when the notebook is exported.

    Read from the browser's folder: JupyterLab exports in a tab without an opener, and Playwright leaves out the event of
    a download that begins before it has made its page of the tab.
    """
    before = set(folder.iterdir())
    notebook.submenu(ARCHIVE, EXPORT, form)
    if form == "HTML":
        asked = notebook.page.locator(".jp-Dialog")
        expect(asked).to_contain_text("Exportera som HTML")
        asked.get_by_role("button", name="OK").click()
    for _ in range(PATIENCE // 100):
        notebook.page.wait_for_timeout(100)
        left = set(folder.iterdir()) - before
        if left and all(file.suffix != UNFINISHED and file.stat().st_size for file in left):
            (file,) = left
            return file.read_text(encoding="utf-8")
    shown = notebook.page.locator(".jp-Dialog, .lm-Menu, .Toastify__toast").all_inner_texts()
    tabs = [page.url for page in notebook.page.context.pages]
    raise AssertionError(f"nothing was downloaded: files {left}, on the page {shown}, tabs {tabs}")


def text_of(download):
    return download.path().read_text(encoding="utf-8")


def test_what_is_downloaded_holds_the_code_alone(notebook):
    with notebook.page.expect_download() as waited:
        notebook.menu(ARCHIVE, "docmanager:download")
    held = text_of(waited.value)
    assert "424_240 + 2" in held
    assert PRINTED not in held
    # The page still shows it.
    expect(notebook.output(0)).to_contain_text(PRINTED)
    notebook.check()


@pytest.mark.parametrize("form", ["HTML", "Markdown"])
def test_what_is_exported_holds_the_code_alone(notebook, lab_downloads, form):
    held = exported(notebook, lab_downloads, form)
    assert "print" in held
    assert "Oskyddat" in held
    assert PRINTED not in held
    expect(notebook.output(0)).to_contain_text(PRINTED)


def test_a_checkpoint_holds_the_code_alone(notebook, lab):
    saved(notebook)
    folder = lab.root / "notebooks/explore/.ipynb_checkpoints"
    (checkpoint,) = folder.glob("lacka-checkpoint.ipynb")
    held = checkpoint.read_text(encoding="utf-8")
    assert "424_240 + 2" in held
    assert PRINTED not in held
    assert PRINTED not in (lab.root / notebook.path).read_text(encoding="utf-8")
    expect(notebook.output(0)).to_contain_text(PRINTED)
    notebook.check()
