"""The ways to install the product agree: pyproject, locks, environment.yml and .python-version."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = Path(__file__).parents[2]
PYPROJECT = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
ENVIRONMENT = yaml.safe_load((PROJECT / "environment.yml").read_text(encoding="utf-8"))
FIXED = ("jupyterlab", "pandas", "polars", "altair", "papermill", "great-expectations", "nbval")


def pins(name):
    text = (PROJECT / "requirements" / f"{name}.lock").read_text(encoding="utf-8")
    found = dict(re.findall(r"^([a-z0-9][\w.-]*)==(\S+)", text, flags=re.MULTILINE))
    hashes = re.findall(r"^([a-z0-9][\w.-]*)==\S+.*?(?=^[a-z0-9]|\Z)", text, flags=re.MULTILINE | re.DOTALL)
    blocks = re.split(r"^(?=[a-z0-9][\w.-]*==)", text, flags=re.MULTILINE)
    assert len(hashes) == len(found)
    assert all("--hash=sha256:" in block for block in blocks if "==" in block)
    return {canonicalize_name(package): version for package, version in found.items()}


def requirements(*extras):
    lines = list(PYPROJECT["dependencies"])
    for extra in extras:
        lines += PYPROJECT["optional-dependencies"][extra]
    return [Requirement(line) for line in lines]


@pytest.mark.parametrize(("lock", "extras"), [("base", ()), ("lab", ("lab",)), ("test", ("lab", "test"))])
def test_each_lock_satisfies_the_project(lock, extras):
    locked = pins(lock)
    for requirement in requirements(*extras):
        assert requirement.specifier.contains(locked[canonicalize_name(requirement.name)]), requirement


def test_the_locks_come_from_one_resolution():
    base, lab, test = pins("base"), pins("lab"), pins("test")
    assert base.items() <= lab.items() <= test.items()


def test_reports_run_without_jupyterlab():
    assert "jupyterlab" not in pins("base")
    assert "jupyterlab" in pins("lab")


@pytest.mark.parametrize("lock", ["base", "lab", "test"])
def test_no_lock_names_an_index(lock):
    text = (PROJECT / "requirements" / f"{lock}.lock").read_text(encoding="utf-8")
    assert "://" not in text
    assert "--index" not in text
    assert "--find-links" not in text


def test_conda_installs_the_same_python_and_the_same_lock():
    python, pip, from_pip = ENVIRONMENT["dependencies"]
    assert python == f"python={(PROJECT / '.python-version').read_text(encoding='utf-8').strip()}"
    assert pip == "pip"
    assert from_pip == {"pip": ["-r requirements/test.lock"]}
    assert PYPROJECT["requires-python"] == ">=3.12,<3.13"


def test_the_packages_that_the_product_is_built_on_are_all_there():
    assert set(FIXED) <= set(pins("test"))
    assert ENVIRONMENT["name"] == "analytics"
