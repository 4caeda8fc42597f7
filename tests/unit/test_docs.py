"""What the documents name exists, and what they list is complete."""

from __future__ import annotations

import ast
import importlib.util
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from typer.main import get_command

from analytics import errors, settings
from analytics.cli import app
from analytics.goals import Register
from analytics.measures.catalogue import REPORTS, focus
from analytics.sources import LAYOUTS

PROJECT = Path(__file__).parents[2]
PACKAGE = PROJECT / "src/analytics"
README = (PROJECT / "README.md").read_text(encoding="utf-8")
ARCHITECTURE = (PROJECT / "docs/architecture.md").read_text(encoding="utf-8")
DOCUMENTS = sorted([*PROJECT.glob("*.md"), *(PROJECT / "docs").rglob("*.md"), *(PROJECT / "data").glob("*/README.md")])
DECLARED = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
COMMANDS = get_command(app).commands
WRITTEN_LATER = ("data/raw/", "data/processed/", "reports/")
NAMED = re.compile(r"`((?:src|tests|docs|data|notebooks|expectations|reports|benchmarks|requirements)/[\w./-]*)`")
FOREIGN = re.compile(
    r"(?<![\w.])/(?:home|root|Users|tmp|work)/\w|\bpypi\.|artifactory|\bassistants?\b|\bchat ?bot|language model"
    r"|\bissue #?\d|\bDesign\.md\b",
    re.IGNORECASE,
)


def section(text: str, heading: str) -> str:
    return text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def requirements() -> set[str]:
    lines = [
        *DECLARED["dependencies"],
        *(line for extra in DECLARED["optional-dependencies"].values() for line in extra),
    ]
    return {canonicalize_name(Requirement(line).name) for line in lines}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda file: str(file.relative_to(PROJECT)))
def test_every_path_and_link_leads_somewhere(document):
    text = document.read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)[^)]*\)", text) if "://" not in link]
    assert [link for link in links if not (document.parent / link).exists()] == []
    paths = [path for path in NAMED.findall(text) if not path.startswith(WRITTEN_LATER)]
    assert [path for path in paths if not (PROJECT / path).exists()] == []


def test_own_extracts_replace_everything_that_was_generated():
    told = section(README, "Your own extracts")
    folders = {layout.supplier for layout in LAYOUTS.values()}
    assert {folder for folder in folders if f"`{folder}/`" not in told} == set()


def test_the_verbs_and_options_of_the_readme_are_those_of_the_command_line():
    rows = re.findall(r"^\| `analytics (\w+)([^`]*)`", section(README, "The verbs"), flags=re.MULTILINE)
    assert [verb for verb, _ in rows] == list(COMMANDS)
    for verb, rest in rows:
        known = {option for parameter in COMMANDS[verb].params for option in parameter.opts}
        assert set(re.findall(r"--[\w-]+", rest)) <= known


def test_the_exit_codes_of_the_readme_are_those_of_the_errors():
    listed = section(README, "The verbs").partition("The exit code is 0")[2]
    codes = {kind.exit_code for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Exception)}
    assert {int(code) for code in re.findall(r"\b(\d+) [a-z]", listed)} == codes - {errors.AnalyticsError.exit_code}


def test_the_readme_says_what_every_dependency_is_for():
    rows = re.findall(r"^\| ([^|]+) \|", section(README, "Dependencies"), flags=re.MULTILINE)[1:]
    names = [re.sub(r"\(.*?\)", "", name).strip() for row in rows for name in row.split(",")]
    assert sorted(canonicalize_name(name) for name in names if name.strip("-")) == sorted(requirements())


def test_what_the_code_imports_is_declared():
    own = {path.stem for path in (PROJECT / "tests").rglob("*.py")} | {"analytics", "benchmarks"}
    distributions = packages_distributions()
    undeclared = set()
    for file in (*PACKAGE.rglob("*.py"), *(PROJECT / "tests").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
            for top in {name.partition(".")[0] for name in names} - own - set(sys.stdlib_module_names):
                if not {canonicalize_name(name) for name in distributions.get(top, [top])} & requirements():
                    undeclared.add(f"{top} in {file.name}")
    assert undeclared == set()


def test_the_targets_that_the_readme_names_are_in_the_makefile():
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"\bmake (\w+)", " ".join(re.findall(r"`[^`]+`|```.*?```", README, flags=re.DOTALL))))
    assert named == {name for name in named if re.search(rf"^{name}:", makefile, flags=re.MULTILINE)}


def test_every_module_of_the_layers_exists_and_every_module_has_a_layer():
    table = section(ARCHITECTURE, "Layers (import-linter checks them; imports go downwards only)")
    named = set(re.findall(r"`(\w+)/?`", table))
    modules = {path.stem for path in PACKAGE.iterdir() if path.suffix in ("", ".py") and not path.name.startswith("__")}
    assert named - {"analytics"} == modules
    measures = re.search(r"`measures/` \(([^)]*)\)", table)
    assert measures is not None
    listed = set(re.findall(r"\w+", measures[1])) - {"and"}
    names = [path.stem for path in (PACKAGE / "measures").iterdir() if not path.name.startswith("_")]
    assert listed == set(names)


def test_every_module_named_in_a_document_can_be_found():
    for document in DOCUMENTS:
        for name in re.findall(r"`(analytics(?:\.[a-z_]+)+)`", document.read_text(encoding="utf-8")):
            module, _, attribute = name.rpartition(".")
            found = name in ("analytics.toml", "analytics.open") or importlib.util.find_spec(name) is not None
            assert found or hasattr(importlib.import_module(module), attribute), f"{name} in {document.name}"


def test_the_coverage_of_the_documents_names_every_item_and_only_what_exists():
    text = (PROJECT / "docs/coverage.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\w+)\b", text, flags=re.MULTILINE)
    tables = [f"{letter}{number}" for letter, last in (("H", 8), ("L", 10), ("B", 7)) for number in range(1, last + 1)]
    assert [name for name in tables if rows.count(name) != 1] == []
    for heading, last in (("2 Kinds of indicators", 10), ("4 Analyses", 21)):
        numbers = re.findall(r"^\| (\d+) ", section(text, heading), flags=re.MULTILINE)
        assert numbers == [str(number) for number in range(1, last + 1)]
    published = {file.name for file in (PROJECT / "data/raw/published").glob("*.csv")}
    assert set(re.findall(r"`(\w+\.csv)`", section(text, "8 Published tables"))) == published
    generations = {indicator.generation for indicator in Register.read(PROJECT / "data/raw/reference").indicators}
    assert {row for row in rows if row in generations} == generations


def test_every_table_and_report_of_the_coverage_exists():
    text = (PROJECT / "docs/coverage.md").read_text(encoding="utf-8")
    declared = settings.load(PROJECT).focus
    held = {**REPORTS, "fokusomraden": (*REPORTS["fokusomraden"], *focus.table_ids(declared))}
    shown = re.findall(r"`(\w+)` · ((?:`\w+`(?:, )?)+)", text)
    assert shown
    for report, listed in shown:
        assert (PROJECT / f"notebooks/{report}.ipynb").is_file(), report
        assert set(re.findall(r"`(\w+)`", listed)) <= set(held[report]), (report, listed)
    known = {table for tables in held.values() for table in tables} | {area.id for area in declared}
    assert [name for name in re.findall(r"`([a-z0-9]+(?:_[a-z0-9]+)+)`", text) if name not in known] == []
    paths = re.findall(r"`((?:data|docs|src|tests|expectations)/[\w./-]+)`", text)
    assert [path for path in paths if not (PROJECT / path).exists()] == []


def test_the_index_of_decisions_is_complete_and_has_their_titles():
    folder = PROJECT / "docs/decisions"
    rows = re.findall(r"\| \[(\d+)\]\(([^)]+)\) \| (.+) \|", (folder / "README.md").read_text(encoding="utf-8"))
    titles = {file.name: file.read_text(encoding="utf-8").splitlines()[0] for file in folder.glob("[0-9]*.md")}
    assert {name: f"# {number} {title.replace('`', '')}" for number, name, title in rows} == titles


def test_the_project_speaks_of_the_product_alone():
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=PROJECT, capture_output=True, text=True, check=False)
    files = [PROJECT / name for name in tracked.stdout.split("\0") if name] if tracked.returncode == 0 else []
    files = files or [*DOCUMENTS, *PACKAGE.rglob("*.py"), *(PROJECT / "notebooks").glob("*.ipynb")]
    for file in files:
        if file == Path(__file__) or not file.is_file() or file.suffix == ".png":
            continue
        found = FOREIGN.search(file.read_text(encoding="utf-8", errors="replace"))
        assert found is None, f"{file.relative_to(PROJECT)}: {found[0]}"
