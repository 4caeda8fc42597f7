"""Every table of the catalogue on one small region: its shape, and that the order of the rows decides nothing."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from measure_frames import absent, budget, care_unit, contacts, data, employed, months, posting, scope, together, worked

from analytics.disclosure import protect
from analytics.errors import MissingDataError, SettingsError, UsageError
from analytics.measures import registry
from analytics.measures.catalogue import READS, TABLES
from analytics.measures.scope import Data

STAFF_MONTHS = months("2016-01", "2018-02")
PEOPLE = {f"p{number}": ("K" if number % 3 else "M", ("1.1", "1.2", "3.0")[number % 3]) for number in range(14)}


def region() -> Data:
    """Fourteen persons and a few accounts over all months; hours that no binary fraction holds exactly."""
    employments, time, absence = [], [], []
    for number, (key, (sex, group)) in enumerate(PEOPLE.items()):
        employments += employed(key, periods=STAFF_MONTHS, sex=sex, personnel_group=group, birth_year=1955 + 3 * number)
        for time_type, hours in (("ordinary", 160.1), ("overtime", 0.7), ("additional", 0.1), ("hourly", 3.3)):
            time += worked(key, hours + number / 7, periods=STAFF_MONTHS, time_type=time_type)
        absence += [
            absent(
                key, date(int(month[:4]), int(month[5:]), 2), None, 1.1 + number / 3, absence_group=f"0{1 + number % 4}"
            )
            for month in STAFF_MONTHS
        ]
    ledger = [
        posting(account, month, 1000.01, **values)
        for account in ("30110", "40110", "46110", "50110", "68110", "75590", "80000", "90000")
        for month in months("2016-01", "2018-03")
        for values in ({}, {"is_project": True, "cost_centre": "1771"})
    ]
    ledger += [*budget("40110", 900), *budget("30110", -20), posting("40110", "2018-03", 9000, kind="forecast")]
    ledger += [posting("72110", "2018-03", 5_000_000.01)]  # large enough to need a comment
    agency = [
        {
            "period": month,
            "iso_year": int(month[:4]),
            "iso_week": 4 * int(month[5:]),
            "hours": 10.1,
            "amount_ore": 70_001,
            "invoice_date": date(int(month[:4]), int(month[5:]), 28),
            "administration": administration,
        }
        for month in STAFF_MONTHS
        for administration in ("10", "11", "12")
    ]
    quarters = months("2016-01", "2018-03")
    care_units = [
        *care_unit("V01", periods=quarters, medicine_cost=80_000.1, visits_primary=181.0),
        *care_unit("V02", periods=quarters, vaccinated_75=67.0, service_cost=40_000.7),
        *care_unit("V08", periods=quarters, ownership="private", nursing_home_doctor=18.0, care_plans=1.0),
    ]
    indicators = [
        {
            "period": month,
            "source": "stratsys",
            "indicator": indicator,
            "indicator_label": indicator,
            "administration": unit,
            "observed_unit": unit,
            "observed_label": unit,
            "sex": "T",
            "value": value,
        }
        for indicator, value in (("2018-08", 4.0), ("2018-17", 62.5))
        for unit in ("17", "18")
        for month in ("2018-01", "2018-03")
    ]
    indicators += [
        {
            "period": "2017-12",
            "source": "kolada",
            "indicator": "kolada:N1",
            "indicator_label": "Nyckeltal",
            "administration": "",
            "observed_unit": "0010",
            "observed_label": "Region",
            "sex": sex,
            "value": 50.5,
        }
        for sex in "KMT"
    ]
    return data(
        employments=employments,
        time=time,
        absence=absence,
        ledger=ledger,
        agency=agency,
        care_units=care_units,
        indicators=indicators,
        **patients(),
    )


def patients() -> dict[str, list[dict[str, object]]]:
    """Three clinics with uneven costs in both years; one of them has too few patients to be shown."""
    found = []
    for month in (*months("2017-01", "2017-03"), *months("2018-01", "2018-03")):
        for clinic, count in (("171", 60), ("172", 25), ("173", 1)):
            spent = [(f"{clinic}-{number % 20}", 1000.01 + 7 * number) for number in range(count)]
            found.append(contacts(*spent, clinic=clinic, period=month))
            found.append(contacts(*spent, clinic=clinic, period=month, kind="inpatient", days=2, cost_kind="doctors"))
    return together(*found)


BY_DATA = ("budget_transfers", "plan_needs", "plan_investments")
"""Tables whose columns depend on what there is."""
REGION = region()
BACKWARDS = Data(**{field.name: getattr(REGION, field.name).reverse() for field in dataclasses.fields(REGION)})


@pytest.mark.parametrize("table_id", registry.TABLE_IDS)
def test_table_is_as_declared_and_does_not_depend_on_the_order_of_rows(table_id: str) -> None:
    table = registry.compute(table_id, REGION, scope())
    spec = TABLES[table_id]
    assert table.spec is spec
    words = ["text"] if spec.texts else []
    persons = ["n"] if spec.protection != "none" else []
    persons += ["largest"] if spec.dominance else []
    assert table.frame.columns == [*spec.keys, *words, "value", *persons]
    assert table.frame.height > 0
    assert table.frame.select(spec.keys).is_unique().all()
    assert table.frame.select(spec.keys).null_count().sum_horizontal().item() == 0
    assert table.frame.get_column("value").drop_nulls().is_finite().all()
    if spec.labels:
        assert set(table.headings) == set(table.frame.get_column("column"))
        # Columns of transfers that there are none of are left out; the years of a plan are those of its data.
        assert {code for code in table.headings if not code.isdigit()} <= set(spec.labels)
        assert set(table.headings) == set(spec.labels) or table_id in BY_DATA
    assert all(note and "{" not in note for note in table.notes)
    again = registry.compute(table_id, BACKWARDS, scope())
    assert again.frame.equals(table.frame)
    assert again.notes == table.notes


@pytest.mark.parametrize("table_id", registry.TABLE_IDS)
def test_table_can_be_protected(table_id: str) -> None:
    table = registry.compute(table_id, REGION, scope())
    protected = protect(table, scope().settings.disclosure.public, "..")
    assert protected.frame.height == table.frame.height
    hidden = table.frame.filter(protected.frame["status"] == "suppressed")
    if "n" in table.frame.columns:
        small = 11 if table.spec.protection == "sick_leave" else 5
        shown = table.frame.filter(protected.frame["status"] != "suppressed")
        assert not shown["n"].is_between(1, small - 1).any()
        # What is hidden beyond that is hidden beside a small group, along the keys that the table declares.
        assert table.spec.parts or not (hidden["n"] >= small).any()
    else:
        assert hidden.height == 0


# The plan is reviewed data and reads no processed table.
@pytest.mark.parametrize("table_id", [name for name in registry.TABLE_IDS if READS[name]])
def test_empty_processed_tables_give_an_error_never_a_table_of_zeros(table_id: str) -> None:
    with pytest.raises(
        MissingDataError, match=r"the table (time|employments|ledger|agency|indicators|care_units|care_contacts)"
    ):
        registry.compute(table_id, data(), scope())


@settings(max_examples=20)
@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz_", min_size=1, max_size=20).filter(lambda text: text not in TABLES))
def test_unknown_table_is_a_usage_error(text: str) -> None:
    with pytest.raises(UsageError, match="there is no table"):
        registry.compute(text, REGION, scope())


def test_a_published_focus_area_that_is_no_longer_declared_is_told_as_such() -> None:
    kept = tuple(area for area in scope().settings.focus if area.id != "consultants")
    without = dataclasses.replace(scope(), settings=dataclasses.replace(scope().settings, focus=kept))
    for table_id in ("focus_consultants", "focus_consultants_monthly"):
        with pytest.raises(SettingsError, match="focus area 'consultants' is not declared"):
            registry.compute(table_id, REGION, without)
