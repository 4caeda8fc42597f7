"""Tables by account: result by class, staff cost, operations and the focus areas."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from analytics.errors import Location, SettingsError
from analytics.measures import ledger
from analytics.measures.catalogue import PIVOT, TABLES, MeasureTable, TableSpec
from analytics.measures.catalogue.focus import PREFIX, spec_of
from analytics.measures.report_form import OUTCOME_COLUMNS, parts_of, shown_value
from analytics.measures.scope import Data, Scope
from analytics.reference import Reference
from analytics.settings import FILE_NAME as SETTINGS_FILE
from analytics.settings import Focus

TOTAL_LABEL = "Totalsumma"
COSTS = "Kostnader"
OPERATIONS = ("5", "6", "7")
CLASS_ROWS = {
    "3": ("Intäkter", ("3",)),
    "4": ("Personal", ("4",)),
    "5": ("Drift", OPERATIONS),
    "8": ("Avskrivningar", ("8",)),
    "9": ("Finansen", ("9",)),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One printed row: its code, label and level, and the beginnings of the accounts it sums."""

    code: str
    label: str
    level: int
    prefixes: tuple[str, ...]
    total: bool = False
    always: bool = False

    def holds(self, account: str) -> bool:
        return account.startswith(self.prefixes)


def in_focus(focus: Focus, account: str) -> bool:
    """Whether an account lies in one of the declared intervals (ends included)."""
    return any(low <= account <= high for low, _, high in (interval.partition("-") for interval in focus.accounts))


def _pivot(  # noqa: PLR0913 - which accounts, in which rows, and how the table is declared
    table_id: str,
    data: Data,
    scope: Scope,
    *,
    belongs: Callable[[str], bool],
    rows: Callable[[list[str]], list[Row]],
    spec: TableSpec | None = None,
) -> MeasureTable:
    """Rows of accounts × outcome, budget, last year and deviations; null where nothing was posted."""
    found = ledger.parts(data, scope)
    columns = parts_of(OUTCOME_COLUMNS)
    posted = {
        account: amounts
        for (account,), amounts in ledger.sums(data, scope, found, by=("account",), columns=columns).items()
        if belongs(account)
    }
    records = []
    position = 0
    for row in rows(sorted(posted)):
        selected = [amounts for account, amounts in posted.items() if row.holds(account)]
        if not selected and not row.always:
            continue
        position += 1
        summed = ledger.add(selected, columns)
        for place, column in enumerate(PIVOT):
            value = shown_value(summed, OUTCOME_COLUMNS[column], found.held)
            row_type = "total" if row.total else "row"
            records.append((row.code, row.label, row.level, row_type, column, value, position, place))
    schema = {
        "code": pl.String,
        "label": pl.String,
        "level": pl.Int64,
        "row_type": pl.String,
        "column": pl.String,
        "value": pl.Float64,
        "position": pl.Int64,
        "place": pl.Int64,
    }
    # The printed order is the order of the rows: nested rows share codes, so no key could give it.
    frame = pl.DataFrame(records, schema=schema, orient="row").sort("position", "place")
    spec = spec or TABLES[table_id]
    return MeasureTable(
        spec, frame.select([*spec.keys, "value"]), dict(PIVOT), scope.ledger_range.label, found.notes_on(columns)
    )


def _total(prefixes: tuple[str, ...]) -> Row:
    return Row("", TOTAL_LABEL, 1, prefixes, total=True, always=True)


def result_by_class(data: Data, scope: Scope) -> MeasureTable:
    """Income, staff, operations (classes 5–7), depreciation and financial items with a total.

    Columns: ``catalogue.PIVOT_KEYS``, value (kr; null where nothing was posted). Source: 002:560-566.
    """
    rows = [Row(code, text, 1, prefixes, always=True) for code, (text, prefixes) in CLASS_ROWS.items()]
    return _pivot("result_by_class", data, scope, belongs=lambda _: True, rows=lambda _: [*rows, _total(("",))])


def staff_cost_by_group(data: Data, scope: Scope) -> MeasureTable:
    """Class 4 by account group, nested under the class, with a total. Source: 002:589-598."""
    labels = scope.reference.account_group_labels

    def rows(accounts: list[str]) -> list[Row]:
        groups = sorted({account[:2] for account in accounts})
        return [
            Row("4", COSTS, 1, ("4",), always=True),
            Row("4", labels.get("4", "4"), 2, ("4",), always=True),
            *(Row(group, labels.get(group, group), 3, (group,)) for group in groups),
            _total(("4",)),
        ]

    return _pivot("staff_cost_by_group", data, scope, belongs=lambda account: account.startswith("4"), rows=rows)


def operations_by_class(data: Data, scope: Scope) -> MeasureTable:
    """Classes 5, 6 and 7, nested under all costs of operation, with a total. Source: 002:615-620."""
    labels = scope.reference.account_group_labels
    rows = [
        Row("4", COSTS, 1, OPERATIONS, always=True),
        *(Row(code, labels.get(code, code), 2, (code,), always=True) for code in OPERATIONS),
        _total(OPERATIONS),
    ]
    return _pivot(
        "operations_by_class",
        data,
        scope,
        belongs=lambda account: account.startswith(OPERATIONS),
        rows=lambda _: rows,
    )


def focus(table_id: str, data: Data, scope: Scope) -> MeasureTable:
    """One focus area of the settings: its accounts with a total, in the rows that the area asks for.

    ``tree`` nests accounts under class and group (002:635-642), ``groups`` sums by three digits (002:651-657),
    ``accounts`` lists them (002:666-671). Columns: ``catalogue.PIVOT_KEYS``, value (kr; null where nothing was posted).
    Raises SettingsError for an interval that no account of the reference lies in.
    """
    area = scope.settings.focus_area(table_id.removeprefix(PREFIX))
    _refuse_empty(area, scope.reference)
    spec = spec_of(table_id, scope.settings.focus)
    make = {"tree": _tree, "groups": _groups, "accounts": _accounts}[area.rows]
    return _pivot(
        table_id,
        data,
        scope,
        belongs=lambda account: in_focus(area, account),
        rows=lambda accounts: [*make(accounts, scope.reference), _total(("",))],
        spec=spec,
    )


def _refuse_empty(area: Focus, reference: Reference) -> None:
    """A mistyped interval would leave accounts out of the area, and nothing on the page would say so."""
    for interval in area.accounts:
        low, _, high = interval.partition("-")
        if not any(low <= account <= high for account in reference.accounts):
            raise SettingsError(
                f"no account of accounts.csv lies in {interval}, an interval of the focus area {area.id}",
                where=Location(Path(SETTINGS_FILE)),
                action="Correct the interval, or add the account to the reference.",
            )


def _tree(accounts: list[str], reference: Reference) -> list[Row]:
    labels, names = reference.account_group_labels, reference.accounts
    nested = [Row("4", COSTS, 1, ("",), always=True)]
    for code in sorted({account[:1] for account in accounts}) or ["4"]:
        nested.append(Row(code, labels.get(code, code), 2, (code,)))
        for group in sorted({account[:2] for account in accounts if account.startswith(code)}):
            within = [account for account in accounts if account.startswith(group)]
            nested.append(Row(group, _group_label(group, within, reference), 3, (group,)))
            nested += [Row(account, names.get(account, account), 4, (account,)) for account in within]
    return nested


def _groups(accounts: list[str], reference: Reference) -> list[Row]:
    """Groups under the kind of cost that they belong to: staff, operations, depreciation or financial items."""
    nested = []
    for code, (text, classes) in CLASS_ROWS.items():
        own = [account for account in accounts if account[:1] in classes]
        if own:
            nested.append(Row(code, text, 1, classes))
        for group in sorted({account[:3] for account in own}):
            within = [account for account in own if account.startswith(group)]
            nested.append(Row(group, _group_label(group, within, reference), 2, (group,)))
    return nested


def _group_label(group: str, accounts: list[str], reference: Reference) -> str:
    """The name of a group; of its accounts in the area where the reference does not name it."""
    names = dict.fromkeys(reference.accounts.get(account, account) for account in accounts)
    return reference.account_group_labels.get(group, ", ".join(names))


def _accounts(accounts: list[str], reference: Reference) -> list[Row]:
    return [Row(account, reference.accounts.get(account, account), 1, (account,)) for account in accounts]


def projects(data: Data, scope: Scope) -> MeasureTable:
    """Project cost centres by class: accumulated outcome and forecast, with totals. Source: 002:687-703.

    Columns: ``catalogue.PROJECT_KEYS``, value (kr; no posting is 0, as printed). Classes 3, 4, 5 (= 5–7) and 9
    always, 8 where it is posted on. A unit without projects has no rows.
    """
    found = ledger.parts(data, scope, projects=True)
    columns = ("outcome", "forecast")
    posted = ledger.sums(data, scope, found, by=("cost_centre", "account_class"), columns=columns)
    spec = TABLES["projects"]
    records = []
    for centre in sorted({centre for centre, _ in posted}):
        own = {account_class: amounts for (code, account_class), amounts in posted.items() if code == centre}
        unit = scope.organisation.find("cost_centre", centre, scope.period)
        name = unit.label if unit else centre
        for code, (text, classes) in CLASS_ROWS.items():
            selected = [amounts for account_class, amounts in own.items() if account_class in classes]
            if selected or code != "8":
                records += _project_cells((centre, name, code, text, "row"), selected, found, columns)
        records += _project_cells((centre, name, "", "Total", "total"), list(own.values()), found, columns)
    if posted:
        records += _project_cells(("", "Total", "", "Total", "total"), list(posted.values()), found, columns)
    schema = {**dict.fromkeys(spec.keys, pl.String), "value": pl.Float64}
    frame = pl.DataFrame(records, schema=schema, orient="row")
    notes = (
        "Projektansvaren redovisas för sig och ska balansera till 0 vid årets slut.",
        *(note for note in found.notes_on(columns) if note.startswith("Prognos")),
    )
    return MeasureTable(spec, frame, dict(spec.labels), scope.ledger_range.label, notes if posted else notes[:1])


def _project_cells(
    key: tuple[str, ...], selected: list[dict[str, int]], found: ledger.Parts, columns: tuple[str, ...]
) -> list[tuple[str | float | None, ...]]:
    row = ledger.zeros(ledger.add(selected, columns), found.held)
    return [(*key, column, ledger.kronor(row[column])) for column in columns]
