"""A comment file is read strictly: what could be lost, misread or reveal somebody is refused with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest
from comment_files import GOOD, put, read

from analytics import settings
from analytics.comments import front_matter, reading
from analytics.comments.model import About
from analytics.errors import CommentError, Location
from analytics.settings import Focus

NUMBER = "19121212-1212"
"""The example number of the tax agency's own forms; it is nobody's."""


def refused(folder, content):
    with pytest.raises(CommentError) as caught:
        read(folder, content)
    assert isinstance(caught.value.where, Location)
    assert caught.value.where.file is not None
    assert caught.value.action
    assert caught.value.exit_code == 11
    return caught.value


def test_a_good_file_is_read_and_every_value_is_text(tmp_path):
    found = read(tmp_path)
    assert found.about == About("deviations", (("deviation", "budget-income"), ("column", "amount")))
    assert (found.period, found.unit, found.kind, found.state) == ("2018-03", "17", "comment", "approved")
    assert (found.author_role, found.date, found.figure) == ("Controller", "2018-04-20", "−1 200 tkr")
    assert found.text == "Intäkterna har **inte** kommit."


def test_windows_line_ends_and_a_byte_order_mark_do_no_harm(tmp_path):
    content = b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode()
    assert read(tmp_path, content).text == "Intäkterna har **inte** kommit."


def test_a_line_of_hyphens_in_the_text_is_text(tmp_path):
    assert read(tmp_path, GOOD + "\n---\n\nstate: draft\n").state == "approved"


def test_a_unit_keeps_its_zero_and_a_flag_stays_a_word():
    fields, _ = front_matter.parse("unit: 017\nstate: yes\ndate: 2018-04-20", Path("a.md"))
    assert fields == {"unit": "017", "state": "yes", "date": "2018-04-20"}


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("---\nabout", "about", 1, "does not begin with a line ---"),
        ('tkr"\n---\n', 'tkr"\n', 1, "no closing line"),
        ("state: approved", "state: aproved", 10, "draft, ready, approved"),
        ("state: approved", "state: draft\nstate: approved", 11, "stands twice"),
        ("state: approved", "status: approved", 10, "unknown"),
        ("state: approved\n", "", 1, "'state' is missing"),
        ("state: approved", "state: [approved]", 10, "lists"),
        ("state: approved", "state: !!str approved", 10, "tags"),
        ("state: approved", "state: &a approved", 10, "anchors"),
        ("state: approved", "state: *a", 10, "aliases"),
        ("state: approved", "state: {a: b}", 10, "one line of text"),
        ("state: approved", "state: |\n  approved\n  draft", 10, "one line of text"),
        ("state: approved", "state: approved: yes", 10, "not YAML"),
        ("state: approved", "\tstate: approved", 10, "not YAML"),
        ("kind: comment", "kind: remark", 7, "comment, action_plan"),
        ("period: 2018-03", "period: 2018-02", 5, "lies in the folder of 2018-03"),
        ("unit: 17", "unit: 10", 6, "lies in the folder of 17"),
        ("date: 2018-04-20", "date: 2018-02-30", 9, "ÅÅÅÅ-MM-DD"),
        ("date: 2018-04-20", "date: 20180420", 9, "ÅÅÅÅ-MM-DD"),
        ("author_role: Controller", "author_role: ''", 8, "role in letters"),
        ("author_role: Controller", "author_role: anna@region.se", 8, "role in letters"),
        ("author_role: Controller", f"author_role: {'a' * 61}", 8, "role in letters"),
        ('figure: "−1 200 tkr"', "figure:", 11, "is empty although"),
        ("  table: deviations", "  table: deviation", 2, "does not exist"),
        ("  table: deviations\n", "", 2, "does not exist"),
        ("  deviation: budget-income\n", "", 2, "names no row"),
        ("  deviation: budget-income", "  line: income", 2, "the keys of deviations are deviation"),
        ("  deviation: budget-income", "  deviation: a\n  deviation: b", 5, "stands twice"),
        ("  deviation: budget-income", "  deviation:\n    x: {y: z}", 5, "further levels"),
        ("about:\n  table: deviations\n  deviation: budget-income", "about: deviations", 2, "each on its own line"),
        ("\n\nIntäkterna har **inte** kommit.\n", "\n", None, "no text"),
    ],
)
def test_bad_front_matter_is_refused_with_its_line(tmp_path, old, new, line, said):
    assert old in GOOD
    error = refused(tmp_path, GOOD.replace(old, new, 1))
    assert error.where.line == line
    assert said in error.problem


def test_deep_nesting_is_refused_before_it_is_built(tmp_path):
    deep = "".join(f"{' ' * level}k{level}:\n" for level in range(150))
    assert "further levels" in refused(tmp_path, GOOD.replace("state: approved\n", deep)).problem
    assert "lists" in refused(tmp_path, GOOD.replace("state: approved", "state: " + "[" * 10_000)).problem
    assert "further levels" in refused(tmp_path, GOOD.replace("state: approved", "state: " + "{" * 10_000)).problem


def test_a_second_document_cannot_stand_in_front_matter(tmp_path):
    refused(tmp_path, GOOD.replace("state: approved", "state: approved\n...\nstate: draft"))


@pytest.mark.parametrize(
    "content",
    [
        GOOD.replace("kommit", NUMBER),
        GOOD.replace("kommit", "121212 1212"),
        GOOD.replace("kommit", "19121212\\-1212"),
        GOOD.replace("kommit", "121212-**1212**"),
        GOOD.replace("kommit", "121212\n1212"),
        GOOD.replace("−1 200 tkr", NUMBER),
        GOOD.replace("−1 200 tkr", "\\x3121212-1212"),
        GOOD.replace("deviation: budget-income", 'deviation: "\\x3121212-1212"'),
    ],
)
def test_a_personal_identity_number_is_refused_wherever_it_hides_and_never_repeated(tmp_path, content):
    error = refused(tmp_path, content)
    assert "personal identity number" in error.problem
    assert "1212" not in str(error).replace("a.md", "")


@pytest.mark.parametrize(
    ("char", "said"),
    [
        *(
            (char, "invisible")
            for char in "\u202e\u2066\u200f\x00\x1b\x85\u200b\u200d\u2060\ufeff\u00ad\u2028\U000e0041"
        ),
        ("\uf0b7", "without a common form (U+F0B7)"),
        ("א", "right to left (U+05D0)"),
        ("ش", "right to left"),
        ("٣", "right to left"),
        ("\uff13", "digits of another script (U+FF13)"),
        ("३", "digits of another script"),
    ],
)
def test_what_readers_cannot_see_or_see_otherwise_is_refused_with_its_line(tmp_path, char, said):
    error = refused(tmp_path, GOOD.replace("kommit", f"kom{char}mit"))
    assert said in error.problem
    assert error.where.line == 14


def test_a_personal_identity_number_cannot_be_hidden_by_what_is_between_its_digits(tmp_path):
    for between in ("\u200b", "\u00ad", "\u2060"):
        refused(tmp_path, GOOD.replace("kommit", NUMBER.replace("-", between)))
    refused(tmp_path, GOOD.replace("kommit", NUMBER.translate({ord("1"): "\uff11", ord("2"): "\uff12"})))


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("2018-03/99/a.md", "99 is no unit with reports in 2018-03"),
        ("2018-03/a.md", "a.md is no unit"),
        ("2018-3/17/a.md", "2018-3 is no month"),
        ("mars/17/a.md", "mars is no month"),
    ],
)
def test_comments_where_no_report_would_look_are_refused(tmp_path, place, said):
    reading.refuse_strays(tmp_path / "none", "2018-03", ["17"])
    put(tmp_path)
    (tmp_path / "README.md").write_text("", encoding="utf-8")
    (tmp_path / "2018-03/.ipynb_checkpoints").mkdir()
    (tmp_path / "2017-01/88").mkdir(parents=True)
    reading.refuse_strays(tmp_path, "2018-03", ["17"])
    stray = tmp_path / place
    stray.parent.mkdir(parents=True, exist_ok=True)
    stray.write_text(GOOD, encoding="utf-8")
    with pytest.raises(CommentError) as caught:
        reading.refuse_strays(tmp_path, "2018-03", ["17"])
    assert said in caught.value.problem
    assert caught.value.action


def test_invisible_characters_behind_an_escape_are_refused(tmp_path):
    assert "invisible" in refused(tmp_path, GOOD.replace("−1 200 tkr", "\\u202e12")).problem


def test_another_encoding_and_a_huge_file_are_refused(tmp_path):
    assert "not UTF-8" in refused(tmp_path, GOOD.encode("cp1252", errors="replace")).problem
    assert "larger than" in refused(tmp_path, GOOD + "a" * reading.LARGEST).problem


def test_an_unreadable_file_is_said(tmp_path):
    with pytest.raises(CommentError, match="cannot be read"):
        reading.read(tmp_path / "a.md", period="2018-03", unit="17")


@pytest.mark.parametrize("name", ["Kommentar.md", "a.txt", "a b.md", "å.md", "a.md.bak"])
def test_a_file_under_a_wrong_name_is_refused_and_not_passed_over(tmp_path, name):
    put(tmp_path, name=name)
    with pytest.raises(CommentError, match="no comment file"):
        reading.read_all(tmp_path, "2018-03", "17")


def test_folders_and_links_are_refused(tmp_path):
    (tmp_path / "b.md").write_text(GOOD, encoding="utf-8")
    place = put(tmp_path).parent
    (place / "link.md").symlink_to(tmp_path / "b.md")
    with pytest.raises(CommentError, match=r"link\.md is no comment file"):
        reading.read_all(tmp_path, "2018-03", "17")
    (place / "link.md").unlink()
    (place / "sub.md").mkdir()
    with pytest.raises(CommentError, match=r"sub\.md is no comment file"):
        reading.read_all(tmp_path, "2018-03", "17")


def test_a_readme_and_hidden_files_of_editors_are_no_comments(tmp_path):
    for name in ("README.md", ".a.md.swp"):
        put(tmp_path, "x", name=name)
    put(tmp_path)
    assert [comment.file.name for comment in reading.read_all(tmp_path, "2018-03", "17")] == ["a.md"]


def test_a_month_without_a_folder_has_no_comments(tmp_path):
    assert reading.read_all(tmp_path, "2018-03", "17") == ()


def test_two_approved_comments_on_one_figure_are_refused_but_a_new_draft_is_not(tmp_path):
    put(tmp_path)
    put(tmp_path, GOOD.replace("state: approved", "state: draft"), "b.md")
    assert len(reading.read_all(tmp_path, "2018-03", "17")) == 2
    put(tmp_path, name="c.md")
    with pytest.raises(CommentError, match=r"a\.md is approved and about the same figure"):
        reading.read_all(tmp_path, "2018-03", "17")


def test_the_tables_of_a_declared_focus_area_can_be_commented(tmp_path):
    content = GOOD.replace("table: deviations", "table: focus_water").replace("deviation: budget-income", "code: 61110")
    assert "does not exist" in refused(tmp_path, content).problem
    areas = (Focus("water", "Vatten", ("61110-61110",), "accounts"),)
    file = put(tmp_path, content)
    assert reading.read(file, period="2018-03", unit="17", areas=areas).about.table == "focus_water"


def test_what_is_written_reads_back_whatever_it_holds(tmp_path):
    role, text = "Controller, ekonomi", 'Två "citat" \\ och --- streck: [a]'
    fields = {
        "about": {"table": "deviations", "deviation": 'x"\n  table: other'},
        "period": "2018-03",
        "unit": "17",
        "kind": "comment",
        "author_role": role,
        "date": "2018-04-20",
        "state": "draft",
        "figure": '1"\nstate: approved',
    }
    matter, body = front_matter.split(front_matter.write(fields, text), tmp_path / "a.md")
    assert body == text
    assert front_matter.parse(matter, tmp_path / "a.md")[0] == fields


def test_the_demonstration_comment_of_the_repository_can_be_read():
    declared = settings.load(settings.find_root(Path(__file__).parent))
    (comment,) = reading.read_all(declared.paths.comments, "2018-03", "17", declared.focus)
    assert (comment.about.table, comment.state) == ("deviations", "approved")
    assert "Demonstrationskommentar" in comment.text
