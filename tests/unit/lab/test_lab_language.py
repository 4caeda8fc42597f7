"""The Swedish language pack against the installed JupyterLab."""

import gettext
import json
import re
import sys
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points, version
from pathlib import Path

import analytics.lab.language as pack
from analytics.lab import server_language
from jupyterlab_messages import installed

FOLDER = Path(pack.__file__).parent / "locale/sv_SE/LC_MESSAGES"
LAB = Path(sys.prefix) / "share/jupyter/lab"
MESSAGES = {
    key: text for key, text in json.loads((FOLDER / "jupyterlab.json").read_text(encoding="utf-8")).items() if key
}


@cache
def shipped():
    """All text of the installed JupyterLab: its bundles and its schemas."""
    files = [*(LAB / "static").glob("*.js"), *(LAB / "schemas").rglob("*.json")]
    text = "".join(file.read_text(encoding="utf-8", errors="replace") for file in files)
    return text.replace("\\u2026", "…").replace("\\n", "\n").replace('\\"', '"').replace("\\'", "'")


def test_it_is_made_for_the_locked_version():
    header = json.loads((FOLDER / "jupyterlab.json").read_text(encoding="utf-8"))[""]
    assert header["version"] == version("jupyterlab")
    assert header["language"] == "sv-SE"


def test_jupyterlab_finds_it():
    found = {point.name: point.value for point in entry_points(group="jupyterlab.languagepack")}
    assert found["sv_SE"] == pack.__name__


def test_every_message_is_one_of_the_installed_jupyterlab():
    text = shipped()
    assert [key for key in MESSAGES.keys() - installed() if key.rpartition("\x04")[2] not in text] == []


def test_placeholders_are_kept():
    def held(text):
        return sorted(re.findall(r"%\d", text))

    originals = {
        key: (key.rpartition("\x04")[2], *([plural] if plural else []))
        for key, plural in installed().items()
        if key in MESSAGES
    }
    lost = {
        key: texts
        for key, texts in MESSAGES.items()
        if key in originals and [*map(held, texts)] != [*map(held, originals[key])]
    }
    assert lost == {}


def test_every_message_of_the_installed_jupyterlab_has_its_forms():
    asked = {key: 1 if plural is None else 2 for key, plural in installed().items() if key}
    assert len(asked) > 2000
    forms = {key: len(texts) for key, texts in MESSAGES.items() if all(texts)}
    assert {key: number for key, number in asked.items() if forms.get(key) != number} == {}


def test_the_server_translates_settings_by_the_same_texts(tmp_path):
    server_language.prepare(tmp_path)
    module = import_module(server_language.MODULE)
    found = gettext.translation("jupyterlab", Path(module.__file__).parent / "locale", languages=["sv_SE"])
    assert found.pgettext("schema", "Debugger settings") == MESSAGES["schema\x04Debugger settings"][0] == "Felsökaren."
    assert found.pgettext("settings", "Autosave Interval") == "Sekunder mellan sparningar"
    assert found.gettext("Cut Selected Text") == "Klipp ut markerad text"
