import json
import re

import pytest
from made_tables import by_group, fr1, group, months, pivot, protected, years

from analytics import charts
from analytics.charts import axes, bars, theme
from analytics.charts.figure import MIME_TYPE, safe_json
from analytics.errors import DisclosureError, UsageError

YEAR = [f"{month:02d}" for month in range(1, 13)]


def ledger_series():
    outcome = {f"{year}-{month}": 1000.0 * index for year in (2016, 2017) for index, month in enumerate(YEAR, 1)}
    outcome |= {"2018-01": 5_400.4, "2018-02": 6_600.6, "2018-03": -7_700.7}
    budget = {f"2018-{month}": 4_000.0 for month in YEAR}
    return months("net_monthly", {"outcome": outcome, "budget": budget, "seasonal": budget})


def staff_series(n=100):
    rows = [
        {"period": period, "sex": sex, "value": value, "n": n if sex == "M" else 100}
        for period in ("2018-01", "2018-02")
        for sex, value in (("K", 60.0), ("M", 31.31), ("T", 91.31))
    ]
    return protected("worked_fte_monthly", rows)


def values(spec):
    return list(spec["data"]["values"]) if "values" in spec.get("data", {}) else next(iter(spec["datasets"].values()))


@pytest.mark.parametrize("draw", [charts.monthly, charts.changes, charts.deviations, charts.of])
def test_unprotected_data_are_never_drawn(draw):
    with pytest.raises(DisclosureError):
        draw(by_group("worked_fte", {"Total": (1.0, 2.0)}).frame)


def test_series_differ_in_colour_dash_and_shape():
    spec = charts.monthly(ledger_series()).spec
    line, point = (layer["encoding"] for layer in spec["layer"])
    names = ["Utfall 2016", "Utfall 2017", "Utfall 2018", "Budget i tolftedelar 2018", "Säsongsfördelad budget 2018"]
    for scale in (line["color"]["scale"], line["strokeDash"]["scale"], point["shape"]["scale"]):
        assert scale["domain"] == names
        assert len({json.dumps(value) for value in scale["range"]}) == len(names)


def test_drawn_values_are_those_of_the_table():
    figure = charts.monthly(ledger_series())
    march = [row for row in values(figure.spec) if row["serie"] == "Utfall 2018" and row["plats"] == "mar"]
    assert march == [{"serie": "Utfall 2018", "plats": "mar", "värde": -8.0, "text": "−8\u00a0tkr"}]
    assert ">−8</td>" in figure.table_html


def test_budgets_of_other_years_are_not_drawn():
    series = {"outcome": {"2018-01": 1.0}, "budget": {"2017-01": 1.0, "2018-01": 2.0}}
    drawn = {row["serie"] for row in values(charts.monthly(months("net_monthly", series)).spec)}
    assert drawn == {"Utfall 2018", "Budget i tolftedelar 2018"}


def test_a_line_is_broken_where_a_month_is_not_shown():
    months = [f"2018-{month:02d}" for month in range(1, 7)]
    shown = dict(zip(months, (None, 60.0, None, 62.0, None, None), strict=True))
    rows = [
        {"period": period, "sex": sex, "value": 91.0 if sex == "T" else value, "n": 100}
        for period, value in shown.items()
        for sex in ("K", "T")
    ]
    drawn = values(charts.monthly(protected("worked_fte_monthly", rows)).spec)
    # Null between two months breaks the line; before the first and after the last there is nothing to break.
    assert [(row["plats"], row["värde"]) for row in drawn if row["serie"] == "Kvinna"] == [
        ("feb 2018", 60.0),
        ("mar 2018", None),
        ("apr 2018", 62.0),
    ]


def test_over_several_years_the_same_months_are_named_each_year():
    axis = axes.months(
        [f"{name} {year}" for year in (2016, 2017, 2018) for name in ("jan", "feb", "apr", "jul", "okt")]
    )
    assert list(axis["values"]) == [f"{name} {year}" for year in (2016, 2017, 2018) for name in axes.QUARTERS]


def test_suppressed_values_are_nowhere_in_the_chart():
    figure = charts.monthly(staff_series(n=4))
    everything = figure.html + json.dumps(figure._repr_mimebundle_(), ensure_ascii=False)
    assert "31,3" not in everything
    assert "31.3" not in everything
    # Women go with the men, who could be worked out from the total.
    assert {row["serie"] for row in values(figure.spec)} == {"Total"}
    assert "uppgiften visas inte av sekretesskäl" in figure.table_html
    assert "saknas i diagrammet" in figure.caption


def test_suppressed_bars_are_left_out():
    rows = [*years(group("1.1", "A"), 1.0, 3.33, n=(4, 80)), *years(group("1.2", "B"), 1.0, 2.0)]
    figure = charts.changes(protected("worked_fte", rows))
    assert [row["namn"] for row in values(figure.spec)] == ["1.2 B"]
    assert "2,3" not in figure.html
    assert "1.1 A" in figure.table_html


def test_nothing_finer_than_what_is_printed_is_in_the_json():
    spec = charts.changes(by_group("worked_fte", {"1.1 A": (1.0, 2.123456), "Total": (1.0, 2.123456)})).spec
    assert [row["värde"] for row in values(spec)] == [1.1]


def test_the_same_data_give_the_same_bytes():
    assert charts.monthly(ledger_series()).html == charts.monthly(ledger_series()).html
    assert json.dumps(charts.monthly(ledger_series()).spec) == json.dumps(charts.monthly(ledger_series()).spec)


def test_text_alternative_states_the_message_and_names_are_tied_to_the_figure():
    figure = charts.monthly(ledger_series())
    html = figure.html
    assert "Den genomsnittliga nettokostnaden per månad var" in figure.alternative
    label = re.search(r'<figure class="diagram" role="group" aria-labelledby="([^"]+)">', html)
    assert label is not None
    assert f'id="{label[1]}"' in html
    assert 'class="vega-plats" role="img" aria-label="Linjediagram: Nettoresultat per månad (tkr).' in html
    assert "<summary>Visa siffrorna" in html


def test_the_spec_on_the_page_is_the_spec_of_the_bundle_and_is_responsive():
    figure = charts.monthly(ledger_series())
    embedded = re.search(r'class="vega-spec">(.*?)</script>', figure.html)
    assert embedded is not None
    bundle = figure._repr_mimebundle_()
    assert json.loads(embedded[1]) == bundle[MIME_TYPE] == figure.spec
    assert figure.spec["width"] == "container"
    assert figure.spec["config"]["locale"]["number"]["decimal"] == ","


def test_labels_cannot_end_the_script_or_add_markup():
    hostile = "</script><script>alert(1)</script>"
    html = charts.changes(by_group("worked_fte", {f"1.1 {hostile}": (1.0, 2.0), "Total": (1.0, 2.0)})).html
    assert "<script>" not in html
    assert html.count("</script>") == 1
    assert json.loads(safe_json({"a": hostile}))["a"] == hostile


def test_deviations_show_the_detail_lines_only():
    values_of = {"staff": {"outcome": 5.0, "budget": 1.0}, "net": {"outcome": 5.0, "budget": 1.0}}
    spec = charts.deviations(fr1("fr1_outcome", values_of), column="vs_budget").spec
    assert [row["namn"] for row in values(spec)] == ["Intäkter", "Personal – Anställda"]


def test_direction_is_in_words_too():
    rows = [("40", "Lön", 3, {"outcome": 9_000.0, "previous": 4_000.0}), ("4", "Kostnader", 1, {"outcome": 9_000.0})]
    spec = charts.deviations(pivot("staff_cost_by_group", rows), column="vs_previous").spec
    assert values(spec) == [{"namn": "40 Lön", "värde": -5.0, "text": "−5", "riktning": "ogynnsam"}]


@pytest.mark.parametrize("draw", [charts.monthly, charts.changes])
def test_a_table_of_the_wrong_shape_is_refused(draw):
    with pytest.raises(UsageError):
        draw(fr1("fr1_outcome", {}))


def test_a_column_that_the_table_lacks_is_refused():
    with pytest.raises(UsageError, match="Columns: outcome"):
        charts.deviations(fr1("fr1_outcome", {}), column="vs_seasonal")


def test_a_table_without_anything_to_draw_is_said_in_words():
    shown = charts.of(protected("overtime_fte", years(group("", "Total", total=True), 0.0, 0.0)))
    assert str(shown) == "Det finns inga uppgifter som kan visas i diagrammet Övertid."


def test_a_series_of_zeros_is_not_drawn():
    assert "inga uppgifter" in str(charts.of(months("net_monthly", {"outcome": {"2018-01": 0.0, "2018-02": 0.0}})))


def test_no_layer_is_left_without_data():
    """An empty layer makes Vega warn in the reader's browser."""
    both = charts.changes(by_group("worked_fte", {"1.1 A": (1.0, 2.0), "1.2 B": (2.0, 1.0), "Total": (3.0, 3.0)}))
    growing = charts.changes(by_group("worked_fte", {"1.1 A": (1.0, 2.0), "Total": (1.0, 2.0)}))
    assert len(both.spec["layer"]) == 3
    assert len(growing.spec["layer"]) == 2


def test_absence_shows_its_largest_groups():
    rows = [
        {
            "period": "2018-01",
            "absence_group": f"{code:02d}",
            "absence_group_label": f"G{code}",
            "sex": "T",
            "value": 10.0 - code,
        }
        for code in range(1, 9)
    ]
    figure = charts.of(protected("absence_fte_monthly", rows))
    assert [row["serie"] for row in values(figure.spec)] == [f"{code:02d} G{code}" for code in range(1, 6)]


def luminance(colour):
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(
    "colour",
    [
        *(style.colour for style in (theme.LATEST, *theme.EARLIER, theme.BUDGET, theme.SEASONAL)),
        theme.UNFAVOURABLE,
        theme.FAVOURABLE,
        theme.DECREASE,
        theme.TEXT_COLOUR,
    ],
)
def test_colours_stand_out_on_white(colour):
    assert 1.05 / (luminance(colour) + 0.05) >= 4.5


def test_text_is_large_enough():
    assert theme.FONT_SIZE >= 12


LONG = ("2.1 Vård/omsorg: specialistkompetenta läkare", "2.6 Vård/omsorg: sjukhustekniker och laboratoriepersonal")


def test_names_are_set_on_lines_and_never_cut():
    figure = charts.changes(by_group("worked_fte", {**dict.fromkeys(LONG, (1.0, 2.0)), "Total": (2.0, 4.0)}))
    axis = figure.spec["layer"][0]["encoding"]["y"]["axis"]
    assert axis["labelLimit"] == 0
    for lines in (
        "2.1 Vård/omsorg: specialistkompetenta läkare",
        "2.1 Vård/omsorg:|specialistkompetenta läkare",
        "2.6 Vård/omsorg: sjukhustekniker och|laboratoriepersonal",
    ):
        assert json.dumps(lines, ensure_ascii=False) in axis["labelExpr"]
    # On a phone the name stands above its bar, and needs room of its own.
    assert figure.spec["usermeta"]["narrowHeight"] > figure.spec["height"] >= 2 * 2 * theme.LINE_HEIGHT


def test_the_year_of_the_report_is_the_strongest_line_and_drawn_last():
    spec = charts.monthly(ledger_series()).spec
    widths = {
        json.loads(condition["test"].removeprefix("datum.serie === ")): condition["value"]
        for condition in spec["layer"][0]["encoding"]["strokeWidth"]["condition"]
    }
    assert max(widths, key=lambda name: widths[name]) == "Utfall 2018"
    assert widths["Budget i tolftedelar 2018"] < widths["Utfall 2016"] < widths["Utfall 2018"]
    assert values(spec)[-1]["serie"] == "Utfall 2018"


def test_a_chart_of_the_forecast_is_about_the_full_year():
    net = {"outcome": 5.0, "budget": 1.0}
    assert charts.deviations(fr1("fr1_outcome", {"staff": net}), column="vs_budget").caption.startswith("Januari–mars")
    assert (
        bars._period(fr1("fr1_outcome", {}), "forecast_vs_budget")
        == "Prognos för helåret, efter utfallet för januari–mars 2018"
    )


def test_on_a_phone_names_stand_above_their_bars():
    spec = charts.changes(by_group("worked_fte", {**dict.fromkeys(LONG, (1.0, 2.0)), "Total": (2.0, 4.0)})).spec
    bar, number = spec["layer"][0], spec["layer"][1]
    axis = bar["encoding"]["y"]["axis"]
    assert axis["labelAlign"]["expr"] == f"{theme.IS_WIDE} ? 'right' : 'left'"
    assert axis["labelPadding"]["expr"].endswith(": -4")
    # Bar and number stand below the two lines of the names.
    assert bar["mark"]["yOffset"] == number["mark"]["yOffset"] == {"expr": f"{theme.IS_WIDE} ? 0 : {theme.LINE_HEIGHT}"}
