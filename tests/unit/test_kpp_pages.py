"""Charts, sentences and key figures of cost per patient: what they say, and that nothing hidden is in them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from made_tables import protected

from analytics import charts, sentences, tables
from analytics.disclosure import ProtectedTable
from analytics.sentences import kpp_figures

HARD = "\u00a0"
KINDS = {"nursing": "Vårdpersonal", "surgery": "Operation", "medicines": "Läkemedel", "all": "Hela kostnaden"}
LAST_YEAR = "samma period föregående år"
HIDDEN = 13_371_337.0
"""Would be recognised anywhere, rounded or not."""
TRACES = ("13371", f"13{HARD}371", "13 371", "1337")


def say(table: ProtectedTable) -> str:
    return str(sentences.main_change(table)).replace(HARD, " ")


def clinic_rows(
    code: str, label: str, kind: str = "all", *, n: int = 100, **values: float | None
) -> list[dict[str, object]]:
    key = {
        "base_unit": code,
        "base_unit_label": label,
        "contact_kind": kind,
        "contact_kind_label": {"all": "Alla kontakter", "inpatient": "Slutenvård", "outpatient": "Öppenvård"}[kind],
        "row_type": "row" if code else "total",
    }
    return [{**key, "column": column, "value": value, "n": n} for column, value in values.items()]


def clinics(*, change: float | None = 3.62, hidden: bool = False) -> ProtectedTable:
    rows = [
        *clinic_rows("102", "Medicinkliniken", per_patient=12_959.4, per_patient_previous=12_595.0),
        *clinic_rows("102", "Medicinkliniken", "inpatient", per_contact_change=17.6),
        *clinic_rows("102", "Medicinkliniken", "outpatient", per_contact_change=-8.64),
        *clinic_rows("103", "Kirurgkliniken", per_patient=22_313.0, per_patient_previous=20_344.0),
        *clinic_rows("103", "Kirurgkliniken", "inpatient", per_contact_change=23.0),
        *clinic_rows(
            "",
            "Alla redovisade kliniker",
            contacts=26_445.0,
            patients=17_488.0,
            per_contact=13_391.2,
            per_contact_change=change,
            per_patient=20_250.0,
            per_patient_previous=19_557.0,
            per_patient_change=None if change is None else 3.5,
        ),
    ]
    if hidden:
        small = {"per_patient": HIDDEN, "per_patient_previous": HIDDEN, "per_contact_change": HIDDEN}
        rows += clinic_rows("105", "Diagnostik", n=3, **small)
        rows += clinic_rows("105", "Diagnostik", "inpatient", n=3, per_contact_change=HIDDEN)
        rows = [{**row, "row_type": "apart"} if row["base_unit"] == "105" else row for row in rows]
    # Columns that a test does not name are there too: a row is shown or hidden whole.
    return protected("kpp_clinics", [*rows, *_costs(rows)])


def _costs(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    heads = {json.dumps({k: v for k, v in row.items() if k not in ("column", "value")}, sort_keys=True) for row in rows}
    return [{**json.loads(head), "column": "cost", "value": 1000.0} for head in sorted(heads)]


def test_the_mean_is_told_with_its_change_and_where_it_moved_most() -> None:
    assert say(clinics()) == (
        f"En vårdkontakt har i genomsnitt kostat 13 391 kr, 3,6 % mer än {LAST_YEAR}, och en patient 20 250 kr. Kostnaden "
        "per kontakt har ökat mest för slutenvård vid Kirurgkliniken (23,0 %) och minskat mest för öppenvård vid "
        "Medicinkliniken (8,6 %)."
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [(-2.0, f", 2,0 % mindre än {LAST_YEAR},"), (0.04, f", lika mycket som {LAST_YEAR},"), (None, "13 391 kr och en")],
)
def test_the_direction_follows_the_sign_and_nothing_is_compared_with_nothing(change: float | None, words: str) -> None:
    assert words in say(clinics(change=change))


def kinds() -> ProtectedTable:
    values = {"102": (600.0, 0.0, 400.0), "103": (200.0, 700.0, 100.0), "": (800.0, 700.0, 500.0)}
    labels = {"102": "Medicinkliniken", "103": "Kirurgkliniken", "": "Alla redovisade kliniker"}
    rows = [
        {"base_unit": code, "base_unit_label": labels[code], "row_type": "row", "column": column, "value": value}
        for code, costs in values.items()
        for column, value in zip(KINDS, (*costs, sum(costs)), strict=True)
    ]
    return protected("kpp_cost_kinds", rows, headings=KINDS)


def test_the_largest_kinds_of_cost_and_the_most_one_sided_clinic_are_named() -> None:
    assert say(kinds()) == (
        "De största delarna av kostnaden är vårdpersonal (40 %), operation (35 %) och läkemedel (25 %). Kirurgkliniken har "
        "störst andel av ett enda slag: operation, 70 % av klinikens kostnad."
    )


def outlier_rows(code: str, label: str, *, n: int = 100, **values: float) -> list[dict[str, object]]:
    key = {"base_unit": code, "base_unit_label": label, "row_type": "row" if code else "total"}
    return [{**key, "column": column, "value": value, "n": n} for column, value in values.items()]


def outliers(*, hidden: bool = False) -> ProtectedTable:
    rows = [
        *outlier_rows("102", "Medicinkliniken", outliers=286, cost_pct=14.3, per_contact=9021, inner=7984),
        *outlier_rows("103", "Kirurgkliniken", outliers=260, cost_pct=30.3, per_contact=16_207, inner=11_678),
        *outlier_rows("", "Alla redovisade kliniker", outliers=546, contact_pct=3.2, cost_pct=21.4, inner_change=-3.3),
    ]
    if hidden:
        own = outlier_rows("105", "Diagnostik", n=2, outliers=1, cost_pct=HIDDEN, per_contact=HIDDEN, inner=HIDDEN)
        rows += [{**row, "row_type": "apart"} for row in own]
    return protected("kpp_outliers", rows)


def test_outliers_are_told_with_their_share_and_what_contacts_cost_without_them() -> None:
    assert say(outliers()) == (
        f"546 kontakter är ytterfall: 3,2 % av kontakterna, 21,4 % av kostnaden. Utan ytterfall har en kontakt kostat 3,3 % "
        f"mindre än {LAST_YEAR}. Störst del av kostnaden har ytterfallen vid Kirurgkliniken (30,3 %): där kostar en kontakt "
        "16 207 kr, men 11 678 kr utan ytterfall."
    )


def reconciliation(*, hidden: bool = False) -> ProtectedTable:
    rows = [
        *outlier_rows("103", "Kirurgkliniken", booked=142e6, distributed=125e6, remaining=10.2e6, share=92.5),
        *outlier_rows("105", "Diagnostik", booked=68e6, distributed=52e6, remaining=12.3e6, share=81.0),
        *outlier_rows("", "Alla kliniker", booked=500e6, distributed=354e6, remaining=30.9e6, share=92.0),
    ]
    if hidden:
        few = outlier_rows("107", "Palliativ vård", n=2, distributed=HIDDEN, remaining=HIDDEN, share=HIDDEN)
        rows += [{**row, "row_type": "apart"} for row in few]
    return protected("kpp_reconciliation", rows)


def test_what_is_distributed_and_where_most_remains_are_told() -> None:
    assert say(reconciliation()) == (
        "92,0 % av den kostnad som ska fördelas är fördelad på vårdkontakter, och 30,9 mnkr återstår, mest vid Diagnostik "
        "(12,3 mnkr)."
    )


@pytest.mark.parametrize("make", [clinics, outliers, reconciliation])
def test_what_is_hidden_is_nowhere_in_chart_sentence_or_table(make: Any) -> None:
    table = make(hidden=True)
    assert table.suppressed
    everything = say(table) + tables.show(table).html + tables.show(table).text
    if table.spec.chart:
        figure = charts.of(table)
        assert isinstance(figure, charts.Figure)
        everything += figure.html + json.dumps(figure._repr_mimebundle_(), ensure_ascii=False)
        assert "Kliniker som inte visas av sekretesskäl saknas" in figure.caption
    assert not [trace for trace in TRACES if trace in everything]


def values(spec: dict[str, Any], ending: str) -> list[dict[str, Any]]:
    sources = [layer.get("data", {}) for layer in spec["layer"]]
    found: list[dict[str, Any]] = next(each["values"] for each in sources if each.get("name", "").endswith(ending))
    return found


def test_the_chart_of_costs_has_a_bar_for_this_year_and_a_mark_of_another_shape_for_last() -> None:
    figure = charts.of(clinics(hidden=True))
    assert isinstance(figure, charts.Figure)
    now = {row["namn"]: (row["värde"], row["text"]) for row in values(figure.spec, "-data")}
    assert now == {
        "Medicinkliniken": (12_959.0, f"12{HARD}959"),
        "Kirurgkliniken": (22_313.0, f"22{HARD}313"),
        "Alla redovisade kliniker": (20_250.0, f"20{HARD}250"),
    }
    assert [row["värde"] for row in values(figure.spec, "-before")] == [12_595.0, 20_344.0, 19_557.0]
    assert [layer["mark"]["type"] for layer in figure.spec["layer"]] == ["bar", "point", "text"]
    # The number stands beyond bar and mark, whichever is longer.
    assert all(row["slut"] >= row["värde"] for row in values(figure.spec, "-text"))
    assert ".." in figure.table_html
    assert figure.alternative.startswith("Stapeldiagram: Kostnad per patient (kronor). En vårdkontakt")


def test_the_chart_of_shares_goes_to_beyond_a_hundred_per_cent_and_has_no_last_year() -> None:
    figure = charts.of(reconciliation())
    assert isinstance(figure, charts.Figure)
    assert [row["text"] for row in values(figure.spec, "-data")] == ["92,5", "81,0", "92,0"]
    assert [layer["mark"]["type"] for layer in figure.spec["layer"]] == ["bar", "text"]
    assert figure.spec["layer"][0]["encoding"]["x"]["scale"]["domain"] == [0, 115]


def test_tables_without_figures_say_so_in_place_of_a_chart() -> None:
    for table_id in ("kpp_clinics", "kpp_reconciliation"):
        assert "inga uppgifter" in str(charts.of(protected(table_id, [])))


def test_key_figures_have_their_comparisons() -> None:
    shown = {"kpp_clinics": clinics(), "kpp_outliers": outliers(), "kpp_reconciliation": reconciliation()}
    found = {figure.label: (figure.value, figure.comparison) for figure in kpp_figures.figures(shown).figures}
    assert found == {
        "Kostnad per vårdkontakt": (f"13{HARD}391{HARD}kr", f"3,6{HARD}% mer än {LAST_YEAR}"),
        "Kostnad per patient": (f"20{HARD}250{HARD}kr", f"3,5{HARD}% mer än {LAST_YEAR}"),
        "Vårdkontakter": (f"26{HARD}445", f"För 17{HARD}488 patienter"),
        "De dyraste kontakternas del av kostnaden": (f"21,4{HARD}%", f"3,2{HARD}% av kontakterna"),
        "Fördelat av den kostnad som ska fördelas": (f"92,0{HARD}%", f"30,9{HARD}mnkr återstår"),
    }


def test_key_figures_show_marks_for_what_may_not_be_shown_and_a_dash_for_what_is_not_there() -> None:
    few = protected(
        "kpp_clinics", clinic_rows("", "Alla", n=3, cost=1.0, per_contact=HIDDEN, per_patient=HIDDEN, contacts=3.0)
    )
    shown = {"kpp_clinics": few, "kpp_outliers": protected("kpp_outliers", []), "kpp_reconciliation": reconciliation()}
    first, second, third, fourth, _ = kpp_figures.figures(shown).figures
    for figure in (first, second, third):
        assert (figure.value, figure.comparison) == ("..", "Uppgiften visas inte av sekretesskäl")
    assert (fourth.value, fourth.comparison) == ("–", "Ingen uppgift för perioden")


def test_the_same_data_give_the_same_bytes() -> None:
    for make in (clinics, reconciliation):
        first, second = charts.of(make()), charts.of(make())
        assert isinstance(first, charts.Figure)
        assert isinstance(second, charts.Figure)
        assert first.html == second.html
