"""Cost per patient of small clinics, against values computed by hand, and what of it may be shown."""

from __future__ import annotations

import dataclasses

import polars as pl
import pytest
from measure_frames import cells, contacts, data, months, posting, scope, together

from analytics.disclosure import protect
from analytics.errors import MissingDataError
from analytics.measures import registry
from analytics.measures.catalogue import MeasureTable
from analytics.measures.kpp.groups import Limit, smallest_told
from analytics.measures.kpp.outliers import marked_outliers
from analytics.settings import Kpp

Tables = dict[str, list[dict[str, object]]]
QUARTER = months("2018-01", "2018-03")
BEFORE = months("2017-01", "2017-03")
PUBLIC = scope().settings.disclosure.public
HARD = "\u00a0"


def equal(count: int, kr: float, *, first: int = 0) -> list[tuple[str, float]]:
    """So many patients with one contact of the same cost each."""
    return [(f"p{first + number}", kr) for number in range(count)]


def clinic(code: str, count: int = 6, kr: float = 1000.0, **where: object) -> Tables:
    """Contacts in every month of the quarter, each of its own patient."""
    parts = [
        contacts(*equal(count, kr, first=100 * place), clinic=code, period=month, **where)  # type: ignore[arg-type]
        for place, month in enumerate(QUARTER)
    ]
    return together(*parts)


def last_year(code: str, count: int = 6, kr: float = 1000.0) -> Tables:
    return together(*(contacts(*equal(count, kr), clinic=code, period=month) for month in BEFORE))


def table(table_id: str, *parts: Tables, ledger: list[dict[str, object]] | None = None) -> MeasureTable:
    return registry.compute(table_id, data(**together(*parts), ledger=ledger or booked()), scope())


def booked(kr: float = 1_000_000.0) -> list[dict[str, object]]:
    return [posting("40110", month, kr) for month in QUARTER]


def status(made: MeasureTable, *keys: str) -> dict[object, str]:
    shown = protect(made, PUBLIC, "..").frame
    return {row[:-1]: row[-1] for row in shown.select(*keys, "status").rows()}


CELL = ("base_unit", "contact_kind", "column")


def test_cost_per_contact_and_per_patient_are_sums_over_the_year_so_far() -> None:
    rows = [
        contacts(("a", 100.50), ("b", 300.0), period="2018-01"),
        contacts(("c", 200.0), ("d", 400.0), period="2018-02"),
        contacts(("a", 299.50), ("e", 500.0), period="2018-03"),
        contacts(("f", 2400.0), period="2018-03", kind="inpatient", days=4),
        contacts(("a", 1800.0), period="2018-03", kind="inpatient", days=6),
    ]
    values = cells(table("kpp_clinics", *rows), *CELL)
    assert values["171", "outpatient", "contacts"] == 6
    assert values["171", "outpatient", "patients"] == 5
    assert values["171", "outpatient", "cost"] == 1800.0
    assert values["171", "outpatient", "per_contact"] == pytest.approx(300.0)
    assert values["171", "outpatient", "per_patient"] == pytest.approx(360.0)
    assert values["171", "inpatient", "care_days"] == pytest.approx(5.0)
    assert values["171", "outpatient", "care_days"] is None
    # Patient a has contacts of both kinds and is one patient.
    assert values["171", "all", "patients"] == 6
    assert values["171", "all", "per_patient"] == pytest.approx(1000.0)
    assert values["", "all", "cost"] == 6000.0
    assert ("171", "other", "contacts") not in values


def test_a_patient_of_two_clinics_is_counted_once_for_all_of_them() -> None:
    made = table("kpp_clinics", clinic("171"), clinic("172"))
    values = cells(made, *CELL)
    assert values["171", "all", "patients"] == values["172", "all", "patients"] == 18
    assert values["", "all", "patients"] == 18
    assert values["", "all", "contacts"] == 36
    assert values["", "all", "per_patient"] == pytest.approx(2000.0)


def test_the_change_is_in_per_cent_of_the_same_months_last_year() -> None:
    made = table("kpp_clinics", clinic("171", kr=1100.0), last_year("171"), clinic("172"))
    values, texts = (cells(made, *CELL, column=column) for column in ("value", "text"))
    assert values["171", "all", "per_contact_previous"] == pytest.approx(1000.0)
    assert values["171", "all", "per_contact_change"] == pytest.approx(10.0)
    assert texts["171", "all", "per_contact_change"] == f"+10,0{HARD}%"
    # Last year everybody came in each month: three contacts of 1 000 kr.
    assert values["171", "all", "per_patient_previous"] == pytest.approx(3000.0)
    assert texts["171", "all", "per_patient_change"] == f"−63,3{HARD}%"
    assert values["172", "all", "per_contact_change"] is None


def test_without_a_whole_last_year_there_is_no_comparison_and_it_is_said() -> None:
    made = table("kpp_clinics", clinic("171"), contacts(*equal(6, 1.0), period="2017-01"))
    assert cells(made, *CELL)["171", "all", "per_contact_previous"] is None
    assert "Vårdkontakter för januari–mars 2017 saknas." in made.notes


def test_a_month_without_contacts_or_without_costs_stops_the_table() -> None:
    whole = together(*(contacts(*equal(6, 1.0), period=month) for month in ("2018-01", "2018-03")))
    with pytest.raises(MissingDataError, match=r"care_contacts has no rows for unit 17 in 2018-02"):
        table("kpp_clinics", whole)
    rows = clinic("171")
    rows["care_costs"] = [row for row in rows["care_costs"] if row["period"] != "2018-02"]
    with pytest.raises(MissingDataError, match=r"care_costs has no rows for unit 17 in 2018-02"):
        table("kpp_clinics", rows)


@pytest.mark.parametrize(("spoiled", "said"), [("care_costs", "have no cost"), ("care_contacts", "have no contact")])
def test_a_contact_without_cost_and_a_cost_without_contact_stop_the_table(spoiled: str, said: str) -> None:
    rows = clinic("171")
    rows[spoiled] = rows[spoiled][1:]
    with pytest.raises(MissingDataError, match=f"1 contacts of .* {said}"):
        table("kpp_clinics", rows)


FEW = contacts(*equal(4, 5000.0), clinic="173", period="2018-02")
DOMINATED = contacts(*equal(20, 100.0), ("rich", 2001.0), clinic="173", period="2018-02")
SMALL_BEFORE = together(
    clinic("173"), *(contacts(*equal(3, 1.0), clinic="173", period=month) for month in BEFORE), last_year("171")
)


@pytest.mark.parametrize("hidden", [FEW, DOMINATED, SMALL_BEFORE], ids=["few", "dominated", "few last year"])
@pytest.mark.parametrize("table_id", ["kpp_clinics", "kpp_cost_kinds", "kpp_outliers"])
def test_a_clinic_that_may_not_be_shown_is_hidden_whole_and_in_no_sum(table_id: str, hidden: Tables) -> None:
    others = (clinic("171"), clinic("172"), last_year("172"))
    made = table(table_id, *others, hidden)
    if hidden is SMALL_BEFORE:
        others = (*others, last_year("171"))
    alone = table(table_id, *others)
    keys = [key for key in made.spec.keys if not key.endswith("_label") and key != "row_type"]
    found, expected = cells(made, *keys), cells(alone, *keys)
    assert {key: value for key, value in found.items() if key[0] != "173"} == expected
    judged = status(made, *keys)
    assert {said for key, said in judged.items() if key[0] == "173"} == {"suppressed"}
    # Nothing else has to be hidden with it.
    assert "suppressed" not in {said for key, said in judged.items() if key[0] != "173"}
    assert any("Kanslienheten" in note or "Ekonomi" in note for note in made.notes)


def test_just_half_of_the_cost_is_not_most_of_it() -> None:
    even = contacts(*equal(20, 100.0), ("rich", 2000.0), clinic="173", period="2018-02")
    made = table("kpp_clinics", clinic("171"), even)
    assert status(made, *CELL)["173", "all", "cost"] == "ok"


def test_a_small_kind_of_contact_takes_others_with_it_so_that_no_sum_gives_it_away() -> None:
    rows = [
        clinic("171", count=30),
        clinic("172", count=20),
        *(clinic(code, count=10, kind="inpatient", days=1, kr=5000.0) for code in ("171", "172")),
        *(clinic(code, count=12, kind="other", kr=3000.0) for code in ("171",)),
        contacts(*equal(3, 9000.0, first=900), clinic="172", kind="other", period="2018-01"),
    ]
    made = table("kpp_clinics", *rows)
    judged = status(made, *CELL)
    hidden = {key[:2] for key, said in judged.items() if said == "suppressed"}
    assert hidden == {("172", "other"), ("172", "inpatient"), ("171", "other"), ("171", "inpatient")}
    # A row is hidden whole: the number of contacts and the cost of each would give the cost.
    for key, said in judged.items():
        assert (said == "suppressed") == (key[:2] in hidden), key  # type: ignore[index]


def test_one_patient_with_most_of_a_kind_of_cost_hides_it_and_what_would_tell_it() -> None:
    rows = [
        clinic("171", count=40),
        clinic("171", count=40, kind="other", cost_kind="medicines"),
        clinic("171", count=40, kind="inpatient", cost_kind="material"),
        clinic("172", count=40),
        clinic("172", count=40, kind="other", cost_kind="material"),
        clinic("172", count=10, kind="inpatient", cost_kind="medicines"),
        contacts(("dear", 31_000.0), clinic="172", kind="inpatient", period="2018-01", cost_kind="medicines"),
    ]
    made = table("kpp_cost_kinds", *rows)
    values = cells(made, "base_unit", "column")
    assert values["172", "medicines"] == 61_000.0
    assert values["", "all"] == sum(values["", kind] for kind in ("nursing", "medicines", "material"))  # type: ignore[misc]
    judged = status(made, "base_unit", "column")
    assert judged["172", "medicines"] == "suppressed"
    hidden = {key for key, said in judged.items() if said == "suppressed"}
    assert len(hidden) == 4
    assert {row for row, _ in hidden} == {"171", "172"}
    assert len({column for _, column in hidden}) == 2
    assert judged["172", "all"] == judged["", "medicines"] == "ok"


def test_the_kinds_of_cost_of_a_clinic_include_what_other_units_did_for_it() -> None:
    here = clinic("171", cost_kind="nursing")
    there = [
        {**row, "base_unit": "172", "cost_centre": "1315", "cost_kind": "laboratory", "amount_ore": 5_000}
        for row in here["care_costs"]
    ]
    made = table("kpp_cost_kinds", here, {"care_costs": there})
    values = cells(made, "base_unit", "column")
    assert values["171", "laboratory"] == 18 * 50.0
    assert values["171", "all"] == 18 * 1050.0
    assert ("172", "all") not in values


def outliers(costs: list[int], kind: str = "inpatient", rule: Kpp | None = None) -> list[int]:
    frame = pl.DataFrame(
        {"slice": "current", "base_unit": "171", "contact_kind": kind, "ore": costs}, schema_overrides={"ore": pl.Int64}
    )
    marked = marked_outliers(frame, rule or Kpp(outlier_pct_inpatient=5, outlier_pct_other=3))
    return sorted(marked.filter(pl.col("place") == "outer")["ore"])


@pytest.mark.parametrize(
    ("costs", "kind", "expected"),
    [
        (list(range(1, 41)), "inpatient", [39, 40]),
        (list(range(1, 60)), "inpatient", [58, 59]),
        (list(range(1, 20)), "inpatient", []),
        (list(range(1, 101)), "outpatient", [98, 99, 100]),
        # Where the limit is several contacts' cost, none of them is an outlier.
        ([1] * 37 + [7, 7, 9], "inpatient", [9]),
        ([5] * 100, "inpatient", []),
    ],
)
def test_outliers_are_the_dearest_of_their_kind_and_ties_are_none(
    costs: list[int], kind: str, expected: list[int]
) -> None:
    assert outliers(costs, kind) == expected
    assert outliers(costs[::-1], kind) == expected


def of_outliers(*, patients: int = 6) -> MeasureTable:
    """At 171 six of 120 inpatient contacts are dear, at 172 fifteen of 501 outpatient contacts."""
    rows = [
        contacts(
            *equal(38, 100.0, first=100 * place),
            *[(f"d{(2 * place + n) % patients}", 2000.0) for n in range(2)],
            period=month,
            kind="inpatient",
        )
        for place, month in enumerate(QUARTER)
    ]
    others = [
        contacts(
            *equal(162, 10.0, first=200 * place),
            *((f"e{place}{n}", 300.0) for n in range(5)),
            clinic="172",
            period=month,
        )
        for place, month in enumerate(QUARTER)
    ]
    return table("kpp_outliers", *rows, *others)


def test_outliers_have_their_number_and_share_and_what_the_others_cost() -> None:
    made = of_outliers()
    values, texts = (cells(made, "base_unit", "column", column=column) for column in ("value", "text"))
    assert values["171", "outliers"] == 6
    assert values["171", "contact_pct"] == pytest.approx(5.0)
    # 6 · 2 000 of 6 · 2 000 + 114 · 100.
    assert values["171", "cost_pct"] == pytest.approx(12_000 / 23_400 * 100)
    assert texts["171", "cost_pct"] == f"51,3{HARD}%"
    assert values["171", "per_contact"] == pytest.approx(195.0)
    assert values["171", "inner"] == pytest.approx(100.0)
    assert values["172", "outliers"] == 15
    assert values["", "outliers"] == 21
    assert values["", "inner"] == pytest.approx((114 * 100 + 486 * 10) / 600)
    assert set(status(made, "base_unit", "column").values()) == {"ok", "missing"}
    assert any(f"5{HARD}% av slutenvårdens och 3{HARD}% av de andra" in note for note in made.notes)


def test_few_patients_among_the_outliers_hide_the_row_and_one_more() -> None:
    judged = status(of_outliers(patients=4), "base_unit", "column")
    assert {key[0] for key, said in judged.items() if said == "suppressed"} == {"171", "172"}
    assert judged["", "outliers"] == "ok"


def test_no_table_tells_what_the_dearest_contact_cost() -> None:
    dear = contacts(("dear", 7_654.32), clinic="171", period="2018-02", kind="other")
    rows = (clinic("171", count=200, kr=10.0), clinic("172", count=200, kr=10.0), dear)
    for table_id in ("kpp_clinics", "kpp_cost_kinds", "kpp_outliers", "kpp_reconciliation"):
        shown = protect(table(table_id, *rows), PUBLIC, "..").frame
        told = [value for value in shown["value"].drop_nulls() if abs(value - 7_654.32) < 1]
        assert not told, table_id


def test_the_ledger_foots_to_the_ore_and_says_what_is_outside() -> None:
    ledger = [
        *(posting("40110", month, 30_000.37) for month in QUARTER),
        posting("30110", "2018-01", -9_000.0),
        posting("50110", "2018-02", 2_000.01),
        posting("91110", "2018-02", 0.02),
        posting("40110", "2018-01", 777.0, is_project=True, cost_centre="1771"),
        posting("40110", "2018-01", 555.0, period_kind="opening"),
        posting("40110", "2017-12", 99_999.0),
        posting("64510", "2018-03", 70_000.0, base_unit="172", cost_centre="1315"),
    ]
    made = table("kpp_reconciliation", clinic("171", kr=1000.01), ledger=ledger)
    values = {key: round(100 * value) for key, value in cells(made, "base_unit", "column").items()}  # type: ignore[operator]
    assert values["171", "booked"] == 3 * 30_000_37 + 2_000_01 + 2
    assert values["171", "outside"] == 2_000_03
    assert values["171", "distributed"] == 18 * 1000_01
    assert values["172", "distributed"] == 0
    for unit in ("171", "172", ""):
        parts = ("outside", "distributed", "remaining")
        assert values[unit, "booked"] == sum(values[unit, part] for part in parts)
    for column in ("booked", "outside", "distributed", "remaining"):
        assert values["", column] == values["171", column] + values["172", column]
    share = cells(made, "base_unit", "column")["171", "share"]
    assert share == pytest.approx(100 * 18_000.18 / 90_001.11)
    assert any("köpt vård 0,0" in note and "räntor" in note for note in made.notes)


def test_what_is_distributed_to_a_clinic_that_may_not_be_shown_counts_as_remaining() -> None:
    alone = cells(table("kpp_reconciliation", clinic("171"), ledger=booked()), "base_unit", "column")
    made = table("kpp_reconciliation", clinic("171"), FEW, ledger=booked())
    found = cells(made, "base_unit", "column")
    assert found["", "distributed"] == alone["", "distributed"]
    assert found["", "remaining"] == alone["", "remaining"]
    assert any("kliniker som inte får redovisas" in note for note in made.notes)


def test_a_unit_whose_cost_went_to_few_patients_hides_it_and_another_but_never_what_is_booked() -> None:
    rows = [clinic("171", count=50), clinic("172", count=30), clinic("173", count=30)]
    costs = [row for part in rows for row in part["care_costs"]]
    few = [{**row, "base_unit": "174", "cost_centre": "1341", "amount_ore": 100} for row in costs[:3]]
    centres = {"171": "1310", "172": "1315", "173": "1331"}
    for row in costs:
        row["cost_centre"] = centres[str(row["base_unit"])]
    ledger = [
        posting("40110", month, 90_000.0, base_unit=unit, cost_centre=centre)
        for month in QUARTER
        for unit, centre in (*centres.items(), ("174", "1341"))
    ]
    made = table("kpp_reconciliation", *rows, {"care_costs": few}, ledger=ledger)
    judged = status(made, "base_unit", "column")
    hidden = {key for key, said in judged.items() if said == "suppressed"}
    assert ("174", "distributed") in hidden
    assert len({unit for unit, _ in hidden}) == 2
    assert {column for _, column in hidden} == {"distributed", "remaining", "share"}
    assert {said for (_, column), said in judged.items() if column in ("booked", "outside")} == {"ok"}


def test_a_month_that_is_too_small_to_stand_by_itself_hides_the_sum_too() -> None:
    """The report of January–February has been made, so January–March tells what March adds."""
    early = [contacts(*equal(9, 100.0), clinic="173", period=month) for month in QUARTER[:2]]
    march = contacts(*equal(3, 100.0), clinic="173", period="2018-03")
    others = (clinic("171"), clinic("172"))
    made = table("kpp_clinics", *others, *early, march)
    assert status(made, *CELL)["173", "all", "cost"] == "suppressed"
    assert cells(made, *CELL)["", "all", "contacts"] == 36
    assert status(table("kpp_clinics", *others, *early), *CELL)["173", "all", "cost"] == "ok"
    more = contacts(*equal(2, 100.0, first=5), clinic="173", period="2018-03")
    assert status(table("kpp_clinics", *others, *early, march, more), *CELL)["173", "all", "cost"] == "ok"


@pytest.mark.parametrize(
    ("months", "told"),
    [
        # Nine and nine may be shown each month; the last month's three are what the sum adds.
        ([9, 9, 3], (3, 100 / 3)),
        # Three and three are shown together with the second month.
        ([3, 3], (6, 100 / 6)),
        ([9, 3, 3], (6, 100 / 6)),
        ([9, 3], (3, 100 / 3)),
        ([3], (3, 100 / 3)),
        ([9], (9, 100 / 9)),
    ],
)
def test_a_sum_tells_of_what_it_adds_to_the_last_one_that_was_shown(months: list[int], told: tuple[int, float]) -> None:
    patients = iter(range(100))
    made = [{f"p{next(patients)}": 10 for _ in range(count)} for count in months]
    assert smallest_told(made, [Limit(5, 50.0)]) == (told[0], pytest.approx(told[1]))


def test_a_month_of_one_rich_patient_waits_for_others_and_the_strictest_limit_counts() -> None:
    months = [{f"a{n}": 10 for n in range(6)}, {"rich": 100, **{f"b{n}": 10 for n in range(5)}}]
    assert smallest_told(months, [Limit(5, 50.0)]) == (6, pytest.approx(100 / 150 * 100))
    calm = [*months, {f"c{n}": 20 for n in range(6)}]
    assert smallest_told(calm, [Limit(5, 50.0)]) == (12, pytest.approx(100 / 270 * 100))
    assert smallest_told(calm, [Limit(5, 50.0), Limit(5, 99.0)]) == (6, pytest.approx(100 / 270 * 100))


def test_a_ledger_without_the_month_stops_the_reconciliation() -> None:
    with pytest.raises(MissingDataError, match="table ledger has no outcome for unit 17 in 2018-02, 2018-03"):
        table("kpp_reconciliation", clinic("171"), ledger=booked()[:1])


def test_the_strictest_audience_decides_which_clinics_are_in_the_sums() -> None:
    settings = scope().settings
    internal = dataclasses.replace(settings.disclosure.internal, largest_patient_pct=10.0)
    strict = dataclasses.replace(settings, disclosure=dataclasses.replace(settings.disclosure, internal=internal))
    rows = together(clinic("171", count=12), contacts(*equal(9, 100.0), clinic="173", period="2018-02"))
    usual = table("kpp_clinics", rows)
    assert cells(usual, *CELL)["", "all", "contacts"] == 45
    made = registry.compute("kpp_clinics", data(**rows, ledger=booked()), dataclasses.replace(scope(), settings=strict))
    assert cells(made, *CELL)["", "all", "contacts"] == 36
    assert cells(made, *CELL)["173", "all", "cost"] is None
