"""The register holds what was published, to the letter, and its document what was read."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from analytics.errors import SettingsError
from analytics.goals import Register, Threshold, Unread
from analytics.goals.document import document
from analytics.goals.numerals import clean
from analytics.periods import Period

PROJECT = Path(__file__).parents[3]
REFERENCE = PROJECT / "data/raw/reference"
PUBLISHED = PROJECT / "data/raw/published"
NAMES = {"2015": "measure", "2018": "indicator", "2019": "indicator", "2024": "what_to_follow_up"}
FILES = ("indicators.csv", "plan_generations.csv", "indicator_crosswalk.csv")


@pytest.fixture(scope="module")
def register():
    return Register.read(REFERENCE)


def published(generation):
    with (PUBLISHED / f"indicators_{generation}.csv").open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize(("generation", "count"), [("2015", 45), ("2018", 22), ("2019", 19), ("2024", 24)])
def test_every_published_indicator_is_in_with_its_printed_texts(register, generation, count):
    rows, held = published(generation), register.of(generation)
    assert len(held) == len(rows) == count
    for row, indicator in zip(rows, held, strict=True):
        assert indicator.name == (row[NAMES[generation]] or row["goal"])
        assert indicator.kind == row["kind"]
        assert indicator.superior_goal == row.get("ls_goal", "")
        for column in ("target_text", "baseline_text", "outcome_text", "footnote_text", "frequency_text"):
            if column in row:
                kept = indicator.footnote if column == "footnote_text" else getattr(indicator, column)
                assert kept == row[column]


def test_the_thresholds_read_from_sentences_are_those_that_were_published(register):
    for row, indicator in zip(published("2024"), register.of("2024"), strict=True):
        if row["threshold_value"]:
            assert isinstance(indicator.target, Threshold)
            assert indicator.target.value == int(row["threshold_value"])
            assert indicator.target.unit in (row["unit"], "")
        else:
            assert not isinstance(indicator.target, Threshold)


def test_what_has_no_target_or_measure_is_never_read(register):
    kinds = {"saknar_matt", "beskrivande", "mål_utan_indikator", "andel_utan_malvarde", "jamforelse_mellan_enheter"}
    without = [indicator for indicator in register.indicators if indicator.kind in kinds]
    assert len(without) == 10
    assert all(isinstance(indicator.target, Unread) for indicator in without)


def test_the_document_is_what_the_register_says(register):
    assert (PROJECT / "docs/indicators.md").read_text(encoding="utf-8") == document(register)


def test_a_name_is_found_without_its_footnote_mark_and_only_in_its_own_plan(register):
    marked = next(each for each in register.of("2018") if each.name.endswith("¹"))
    assert register.by_name(clean(marked.name), Period(2018, 3)) == marked
    assert register.by_name(marked.name, Period(2019, 3)) is None


@pytest.mark.parametrize(
    ("file", "old", "new", "column"),
    [
        ("indicators.csv", "2018-02;2018;", "2018-02;2017;", "generation"),
        ("indicators.csv", "antal_troskel;higher;antal;17;002:147", "antal_troskel;higher;;17;002:147", "unit"),
        ("indicators.csv", "antal_troskel;higher;antal;17;002:147", "antal_troskel;up;antal;17;002:147", "direction"),
        ("indicators.csv", ";Patientsäkerhetsindex;", ";Attraktionsindex ¹;", "name"),
        ("plan_generations.csv", ";2019;2021;", ";2021;2019;", "last_year"),
        ("indicator_crosswalk.csv", "2015-38;", "2015-99;", "earlier"),
        ("indicator_crosswalk.csv", ";same;", ";equal;", "kind"),
    ],
)
def test_a_wrong_row_is_refused_with_file_line_and_column(tmp_path, file, old, new, column):
    for name in FILES:
        shutil.copy(REFERENCE / name, tmp_path)
    text = (tmp_path / file).read_text(encoding="utf-8")
    assert old in text
    (tmp_path / file).write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        Register.read(tmp_path)
    assert caught.value.where.file.name == file
    assert caught.value.where.line is not None
    assert caught.value.where.column == column


@pytest.mark.parametrize(
    ("added", "says"),
    [
        ("2015-39;2018-17;same;En annan andel.", "the same as two others"),
        ("2015-38;2018-06;same;En annan andel.", "the same as two others"),
        ("2018-09;2019-14;same;Båda är antal.", "different units"),
        ("2015-35;2018-19;similar;En gång till.", "two links"),
        ("2018-19;2015-35;similar;Bakåt.", "from an earlier generation"),
    ],
)
def test_a_link_that_would_mix_what_is_not_one_series_is_refused(tmp_path, added, says):
    for name in FILES:
        shutil.copy(REFERENCE / name, tmp_path)
    with (tmp_path / "indicator_crosswalk.csv").open("a", encoding="utf-8") as stream:
        stream.write(f"{added}\n")
    with pytest.raises(SettingsError, match=says) as caught:
        Register.read(tmp_path)
    assert caught.value.where.file.name == "indicator_crosswalk.csv"


def test_the_crosswalk_leads_through_all_plans(register):
    assert [each.id for each in register.same_as("2019-13")] == ["2015-38", "2018-17", "2019-13"]
    assert [each.id for each in register.same_as("2018-19")] == ["2018-19"]
