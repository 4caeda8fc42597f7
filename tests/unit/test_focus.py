"""An area that stands in the settings alone is in the tables, the sentences, the page and the numbers."""

import re

import pytest
from made_store import fill, new_project

import analytics
from analytics import sentences
from analytics.errors import SettingsError

POSTAGE = """
[[focus]]
id = "postage"
label = "Porto"
accounts = ["68110-68110", "75590-75590"]
rows = "accounts"
"""
IT = """
[[focus]]
id = "it"
label = "IT och löner"
accounts = ["40110-40110", "75590-75599", "68110-68110"]
rows = "groups"
"""
TREE = """
[[focus]]
id = "bought"
label = "Köpt"
accounts = ["75590-75590"]
rows = "tree"
"""
NOTHING_POSTED = """
[[focus]]
id = "boats"
label = "Båtar"
accounts = ["61110-61120"]
rows = "groups"
"""


@pytest.fixture(scope="module")
def wb(tmp_path_factory):
    root = new_project(tmp_path_factory.mktemp("areas") / "project")
    fill(root)
    with (root / "analytics.toml").open("a", encoding="utf-8") as file:
        file.write(POSTAGE + IT + TREE + NOTHING_POSTED)
    return analytics.open(period="2018-03", unit="17", root=root)


def plain(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html.replace("\u00a0", " ")))


def test_a_new_area_is_measured_from_its_accounts_alone(wb):
    table = wb.protected("focus_postage")
    rows = table.frame.filter(table.frame["column"] == "outcome").select("code", "row_type", "value").rows()
    # 10 000 and 30 000 kr a month, and 1 000 kr more for each month of the year, on each account.
    assert rows == [("68110", "row", 36_000.0), ("75590", "row", 96_000.0), ("", "total", 132_000.0)]
    monthly = wb.protected("focus_postage_monthly").frame
    of_march = monthly.filter((monthly["period"] == "2018-03") & (monthly["series"] == "outcome"))
    assert of_march["value"].to_list() == [46_000.0]


def test_a_new_area_stands_on_the_page_with_sentence_table_chart_and_key_figure(wb):
    html = wb.focus().html
    section = html.split("<h3>Porto</h3>")[1].split("<h3>")[0]
    said = plain(section)
    assert "132" in said
    assert "<table" in section
    assert "vega" in section or "<svg" in section or "<figure" in section
    assert "per månad" in said
    assert "Porto" in plain(wb.key_figures("fokusomraden")._repr_mimebundle_()["text/html"])


def test_an_area_without_postings_is_said_and_not_drawn(wb):
    section = wb.focus().html.split("<h3>Båtar</h3>")[1]
    assert "inga bokförda kostnader för båtar" in plain(section)
    assert "<table" not in section


def test_the_change_in_per_cent_and_the_extreme_months_are_in_the_sentences(wb):
    said = str(sentences.main_change(wb.protected("focus_postage_monthly"))).replace("\u00a0", " ")
    assert "genomsnittliga kostnaden för porto per månad" in said
    assert "2016" in said
    assert "2017" in said


def test_the_footer_defines_the_area(wb):
    wb.show("focus_postage")
    assert "<dt>Porto</dt>" in wb.footer()._repr_mimebundle_()["text/html"]


def test_groups_stand_under_their_kind_of_cost_and_are_named(wb):
    table = wb.protected("focus_it")
    rows = table.frame.filter(table.frame["column"] == "outcome").select("code", "label", "level", "value").rows()
    assert rows == [
        ("4", "Personal", 1, 1_506_000.0),
        # A group that the reference does not name is called what its accounts are called.
        ("401", "Lön arbetad tid, månadsavlönade", 2, 1_506_000.0),
        ("5", "Drift", 1, 132_000.0),
        ("681", "Biljetter", 2, 36_000.0),
        ("755", "Konsulter, övrigt", 2, 96_000.0),
        ("", "Totalsumma", 1, 1_638_000.0),
    ]


def test_a_tree_names_groups_that_the_reference_does_not(wb):
    table = wb.protected("focus_bought")
    labels = table.frame.filter(table.frame["column"] == "outcome").select("code", "label").rows()
    assert ("75", "Konsulter, övrigt") in labels


def test_an_acronym_keeps_its_capitals_in_a_sentence(wb):
    assert str(sentences.main_change(wb.protected("focus_it"))).startswith("Kostnaden för IT och löner är")
    assert "kostnaden för IT och löner per månad" in str(sentences.main_change(wb.protected("focus_it_monthly")))


def test_agency_staff_of_the_region_is_a_key_figure_beside_its_goal(wb):
    found = {figure.label: figure for figure in wb.key_figures("fokusomraden").figures}
    share = found["Inhyrd personal, andel av egen personalkostnad i alla förvaltningar"]
    assert share.comparison.startswith("Nationellt mål högst 2\u00a0%, ")
    assert "samma period föregående år" in share.comparison
    assert "Inhyrd personal, årsarbetare i alla förvaltningar" in found


def test_an_interval_without_accounts_is_refused_and_not_left_out(tmp_path):
    root = new_project(tmp_path / "project")
    fill(root)
    with (root / "analytics.toml").open("a", encoding="utf-8") as file:
        file.write(POSTAGE.replace("75590-75590", "99998-99999"))
    wb = analytics.open(period="2018-03", unit="17", root=root)
    with pytest.raises(SettingsError, match=r"no account of accounts\.csv lies in 99998-99999.*postage"):
        wb.table("focus_postage")
