import re

import pytest
from made_tables import by_group, fr1, group, pivot, protected, years

from analytics import tables
from analytics.errors import DisclosureError, UsageError
from analytics.measures.catalogue import TABLES, MeasureTable


def cells(html):
    """The visible texts of the data cells, row by row."""
    body = html.split("<tbody>")[1].split("</tbody>")[0]
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", body)
    return [[re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row)] for row in rows]


def test_a_measure_table_is_refused():
    table = by_group("worked_fte", {"Total": (1.0, 2.0)})
    unprotected = MeasureTable(table.spec, table.frame, table.headings, table.period_label)
    with pytest.raises(DisclosureError, match="MeasureTable"):
        tables.show(unprotected)


def test_two_levels_of_headings_with_the_earlier_year_first():
    rows = [row for sex in ("K", "M", "T") for row in years(group("1.2", "Handläggare", sex), 1.04, 2.06)]
    html = tables.show(protected("worked_fte", rows)).html
    heads = re.findall(r'<th scope="colgroup" colspan="3" id="[^"]+">([^<]+)</th>', html)
    assert heads == ["2017", "2018", "Förändring"]
    assert re.findall(r'<th scope="col" class="tal" id="[^"]+">([^<]+)</th>', html) == ["Kvinna", "Man", "Total"] * 3
    assert cells(html) == [["1,0"] * 3 + ["2,1"] * 3 + ["1,0"] * 3]


def test_every_data_cell_names_headings_that_exist():
    rows = [row for sex in ("K", "M", "T") for row in years(group("1.2", "Handläggare", sex), 1.0, 2.0)]
    html = tables.show(protected("worked_fte", rows)).html
    ids = re.findall(r'id="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    named = [name for headers in re.findall(r'headers="([^"]+)"', html) for name in headers.split()]
    assert named
    assert set(named) <= set(ids)


def test_caption_says_period_and_unit_and_names_the_scrollable_region():
    html = tables.show(by_group("worked_fte", {"Total": (1.0, 2.0)})).html
    assert "Utförd arbetstid, januari–februari 2018 (årsarbetare)</caption>" in html
    region = re.search(r'role="region" tabindex="0" aria-labelledby="([^"]+)"', html)
    assert region is not None
    assert f'<caption id="{region[1]}">' in html


def test_suppressed_and_missing_cells_are_told_apart_and_hold_no_value():
    rows = [
        *years(group("1.1", "Ledning"), 7.77, 8.88, n=(3, 50)),
        *years(group("1.2", "Handläggare"), None, 2.0),
    ]
    shown = tables.show(protected("worked_fte", rows))
    assert cells(shown.html) == [
        ["..uppgiften visas inte av sekretesskäl", "8,9", "..uppgiften visas inte av sekretesskäl"],
        ["ingen uppgift", "2,0", "ingen uppgift"],
    ]
    assert '<td class="tal sekretess"' in shown.html
    assert '<td class="tal saknas"' in shown.html
    assert "7,8" not in shown.html + shown.text
    assert "1,1" not in re.sub(r"1\.1", "", shown.text)
    assert "Tecknet\u00a0.. betyder att uppgiften inte visas av sekretesskäl." in shown.html
    assert "En tom ruta betyder att det inte finns någon uppgift." in shown.html


def test_minus_is_the_real_one_and_zero_has_no_sign():
    html = tables.show(by_group("worked_fte", {"1.1 A": (2.0, 1.0), "1.2 B": (1.0, 0.97), "Total": (3.0, 1.97)})).html
    assert cells(html)[0][2] == "−1,0"
    assert cells(html)[1][2] == "0,0"


def test_amounts_in_tkr_come_from_unrounded_kronor():
    rows = [("3", "Intäkter", 1, {"outcome": -320_499.0, "budget": -1_257_342.5, "previous": None})]
    html = tables.show(pivot("result_by_class", rows)).html
    assert "(tkr)</caption>" in html
    # budget − outcome = −936 843,50 kr, although the printed parts differ by 937.
    assert cells(html) == [["−320", "−1\u00a0257", "−937", "ingen uppgift", "ingen uppgift"]]


def test_focus_areas_are_in_kronor_unless_asked():
    table = pivot("focus_training", [("46110", "Konferenskostnader", 4, {"outcome": 237_246.0})])
    assert cells(tables.show(table).html)[0][0] == "237\u00a0246"
    assert cells(tables.show(table, unit="tkr").html)[0][0] == "237"


@pytest.mark.parametrize(("table_id", "unit"), [("worked_fte", "tkr"), ("focus_training", "mnkr")])
def test_a_unit_that_the_table_cannot_have_is_refused(table_id, unit):
    rows = years(group("1.1", "A"), 1.0, 2.0) if table_id == "worked_fte" else []
    table = protected(table_id, rows) if rows else pivot(table_id, [("46110", "A", 4, {"outcome": 1.0})])
    with pytest.raises(UsageError):
        tables.show(table, unit=unit)


def test_external_internal_and_total_stand_under_each_column():
    html = tables.show(fr1("fr1_outcome", {"net": {"outcome": 1000.0, "budget": 3000.0, "previous": 2000.0}})).html
    assert re.findall(r'scope="colgroup"[^>]*>([^<]+)<', html) == [
        "Utfall hittills",
        "Budget hittills",
        "Samma period föregående år",
        "Avvikelse mot budget",
        "Avvikelse mot föregående år",
    ]
    assert cells(html)[-1] == ["1", "0", "1", "3", "0", "3", "2", "0", "2", "2", "0", "2", "1", "0", "1"]


def test_totals_are_marked_and_lower_levels_indented():
    html = tables.show(fr1("fr1_outcome", {})).html
    rows = re.findall(r"<tr([^>]*)><th scope=\"row\" class=\"([^\"]+)\"[^>]*>([^<]+)", html)
    assert (' class="summa"', "niva-1", "NETTORESULTAT") in rows
    assert ("", "niva-2", "Anställda") in rows


def test_only_a_table_too_wide_for_an_upright_page_is_marked():
    amounts = {"outcome": -113_682_000.0, "budget": 113_682_000.0, "previous": 107_423_000.0}
    assert '<div class="tabellyta bred" ' in tables.show(fr1("fr1_outcome", {"net": amounts})).html
    # Eleven months of short numbers have room upright.
    trial = [
        {"test": "a", "test_label": "Rak uppräkning, år 2016", "column": column, "value": -20.4}
        for column in TABLES["forecast_accuracy"].labels
    ]
    assert '<div class="tabellyta" ' in tables.show(protected("forecast_accuracy", trial)).html
    assert (
        '<div class="tabellyta" ' in tables.show(pivot("staff_cost_by_group", [("4", "K", 1, {"outcome": 1.0})])).html
    )


def words(column: str, *texts: str) -> list[dict[str, object]]:
    """Rows of a table in words: a goal area at level 1 and its indicators below it."""
    return [
        {
            "indicator": f"{place}",
            "indicator_label": f"Rad {place}",
            "level": 1 if place == 0 else 3,
            "column": name,
            "text": text if name == column else "",
        }
        for place, text in enumerate(("", *texts))
        for name in ("target", "outcome", "status")
    ]


@pytest.mark.parametrize(
    ("texts", "css"),
    [
        (("−15\u00a0%", "81\u00a0%", ""), "tal"),
        (("−1\u00a0257,5", "0"), "tal"),
        (("45\u00a0% (9 av 20)", "50\u00a0%"), "ord kort"),
        (("Oförändrat eller högre", "3"), "ord"),
        (("Ingen eller positiv resultatavvikelse jämfört med budget", "3"), "ord mening"),
    ],
)
def test_numbers_written_as_words_stand_under_each_other(texts: tuple[str, ...], css: str):
    html = tables.show(protected("indicator_status", words("outcome", *texts))).html
    heading = re.search(r'<th scope="col" class="([^"]*)"[^>]*>Senaste utfall', html)
    assert heading is not None
    assert heading[1] == css
    assert f'<td class="{css}"' in html


def test_a_row_that_only_names_those_below_it_is_marked():
    html = tables.show(protected("indicator_status", words("outcome", "50\u00a0%", "60\u00a0%"))).html
    assert re.findall(r'<tr class="grupp"><th[^>]*>([^<]+)', html) == ["0 Rad 0"]


def test_a_total_of_everything_is_said_once():
    key = {"administration": "10", "administration_label": "A", "profession": "1", "profession_label": "B"}
    total = dict.fromkeys(key, "")
    rows = [
        {**head, "row_type": kind, "column": "current", "value": 1.0} for head, kind in ((key, "row"), (total, "total"))
    ]
    html = tables.show(protected("agency_staff_fte", rows)).html
    assert (
        '<tr class="summa"><th scope="row" colspan="2" class="niva-1" id="tabell-agency_staff_fte-r1-0">Total' in html
    )
    headers = re.findall(r'<td class="tal" headers="([^"]*)"', html)
    assert headers == [
        "tabell-agency_staff_fte-r0-0 tabell-agency_staff_fte-r0-1 tabell-agency_staff_fte-k0",
        "tabell-agency_staff_fte-r1-0 tabell-agency_staff_fte-k0",
    ]


@pytest.mark.parametrize(
    ("table_id", "caption"),
    [
        ("agency_staff_fte", "Inhyrd personal, årsarbetare, januari–mars 2018"),
        (
            "sick_leave_pct",
            "Sjukfrånvaro i procent av ordinarie arbetstid, januari–mars 2018 (förändring i procentenheter)",
        ),
        ("worked_fte", "Utförd arbetstid, januari–mars 2018 (årsarbetare)"),
    ],
)
def test_a_caption_does_not_say_the_unit_twice(table_id: str, caption: str):
    key = dict.fromkeys(TABLES[table_id].keys, "1") | {"sex": "T", "row_type": "row", "column": "current"}
    rows = [{name: value for name, value in key.items() if name in TABLES[table_id].keys} | {"value": 1.0}]
    html = tables.show(protected(table_id, rows, period_label="januari–mars 2018")).html
    assert f">{caption}</caption>" in html


def test_nested_rows_with_the_same_code_stay_apart():
    rows = [("4", "Kostnader", 1, {"outcome": 1000.0}), ("4", "Kostnader för personal", 2, {"outcome": 2000.0})]
    html = tables.show(pivot("staff_cost_by_group", rows)).html
    assert [row[0] for row in cells(html)] == ["1", "2"]
    assert "4 Kostnader för personal" in html


def test_labels_from_source_systems_are_escaped():
    hostile = "<script>alert(1)</script>&\"'"
    rows = years(group("1.1", hostile), 1.0, 2.0)
    html = tables.show(protected("worked_fte", rows, notes=(hostile,), period_label=hostile)).html
    assert "<script" not in html
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt;&amp;&quot;&#x27;") >= 3


def test_notes_definition_and_source_follow_the_table():
    html = tables.show(
        by_group("worked_fte", {"Total": (1.0, 2.0)}, notes=("En årsarbetare är 1 760 timmar per år",))
    ).html
    assert '<p class="not">En årsarbetare är 1 760 timmar per år.</p>' in html
    assert "Källa: kvartalsrapport mars 2018." in html
    assert not re.search(r"\(\d{3}:", html)


@pytest.mark.parametrize("values", [[], [None, None]])
def test_an_empty_table_is_said_in_words(values):
    key = {"cost_centre": "1778", "cost_centre_label": "Projekt, KC", "account_class": "3", "row_type": "row"}
    rows = [{**key, "column": "outcome", "value": value} for value in values]
    shown = tables.show(protected("projects", rows, period_label="januari–mars 2018"))
    assert "<table" not in shown.html
    assert "Projektredovisning, januari–mars 2018: det finns inga uppgifter att redovisa." in shown.html


def test_no_colour_is_set_in_the_table():
    html = tables.show(by_group("worked_fte", {"Total": (1.0, 2.0)})).html
    assert "style=" not in html
    assert "color" not in html


# The budgets of the plan have their years as columns, which only their data know: they are shown in their own tests.
@pytest.mark.parametrize("table_id", [name for name, spec in TABLES.items() if "column" in spec.keys and spec.labels])
def test_every_table_of_the_catalogue_can_be_shown(table_id):
    spec = TABLES[table_id]
    key = {name: 1 if name == "level" else "row" if name == "row_type" else "1" for name in spec.keys}
    axes = {"sex": "T", "origin": "total", "period": "2018-03"}
    key |= {name: axes[name] for name in axes if name in key}
    # The kinds of cost are columns of a reviewed table, so the catalogue cannot list them.
    columns = dict(spec.labels) or {"nursing": "Vårdpersonal", "all": "Hela kostnaden"}
    rows = [{**key, "column": column, "value": 1.0} for column in columns]
    table = protected(table_id, rows, headings=None if spec.labels else columns)
    assert len(cells(tables.show(table).html)[0]) == len(columns)


def test_a_cell_in_a_column_without_heading_is_refused_and_never_left_out():
    rows = [{"plan_item": "1", "plan_item_label": "IT", "row_type": "row", "column": "2023", "value": 1.0}]
    with pytest.raises(UsageError, match="without a heading: 2023"):
        tables.show(protected("plan_investments", rows))
