"""What leaves exploration: protected, with what it is in every file, and refused where it could tell of single persons."""

import json
from io import BytesIO
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from made_store import fill, new_project

import analytics
from analytics.comments import scheduled
from analytics.disclosure import protect
from analytics.disclosure.together import protect_part, strictest, untold
from analytics.errors import DisclosureError, UsageError
from analytics.measures.catalogue import TABLES, MeasureTable
from analytics.processed import Catalog, Store
from analytics.settings import Audience
from analytics.workbench.leaving import CHART_SUFFIXES, SYNTHETIC, TABLE_SUFFIXES

FEW = 5
LIMITS = Audience("Offentlig", "", 10, FEW, 5, 50)


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    made = new_project(tmp_path_factory.mktemp("region") / "project")
    fill(made)
    spread_over_parts(made)
    return made


def spread_over_parts(root):
    """Ten persons in 1331 (173), nine in 1341 (174), three in 1351 (175) and two in 1390 (225)."""
    place = {
        number: centre
        for numbers, centre in (
            (range(10), ("173", "1331")),
            (range(10, 19), ("174", "1341")),
            (range(19, 22), ("175", "1351")),
            (range(22, 24), ("225", "1390")),
        )
        for number in numbers
    }
    store = Store(root / "data/processed")
    catalog = store.catalog()
    for entry in catalog.entries:
        if entry.table not in ("employments", "time"):
            continue
        rows = pl.read_parquet(store.folder / entry.file)
        for number, name in ((0, "base_unit"), (1, "cost_centre")):
            codes = {f"p{person}": found[number] for person, found in place.items()}
            rows = rows.with_columns(pl.col("employee_key").replace_strict(codes).alias(name))
        rows.write_parquet(store.folder / entry.file)
    store.commit(Catalog(catalog.entries), [])


@pytest.mark.parametrize("suffix", TABLE_SUFFIXES)
def test_a_table_is_written_with_what_it_is(wb, tmp_path, suffix):
    file = wb.share(wb.staff.worked_fte, file=tmp_path / f"tid{suffix}")
    assert file == tmp_path / f"tid{suffix}"
    assert [each.name for each in tmp_path.iterdir()] == [file.name]
    if suffix == ".xlsx":
        book = openpyxl.load_workbook(BytesIO(file.read_bytes()))
        text = "\n".join(str(cell.value) for sheet in book for row in sheet for cell in row if cell.value is not None)
    else:
        text = file.read_text(encoding="utf-8")
    said = ("Utförd arbetstid", "januari–februari 2018", "Offentlig", "17 Landstingsdirektörens stab", SYNTHETIC)
    assert [fact for fact in (*said, "kvartalsrapport mars 2018", wb.catalog.version) if fact not in text] == []


@pytest.mark.parametrize("suffix", CHART_SUFFIXES)
def test_a_chart_is_written_with_what_it_is(wb, tmp_path, suffix):
    file = wb.share(wb.draw("net_monthly"), file=tmp_path / f"netto{suffix}")
    content = file.read_bytes()
    if suffix == ".png":
        assert content.startswith(b"\x89PNG")
        assert int.from_bytes(content[16:20], "big") > 1000
        return
    text = content.decode()
    words = text.replace("</tspan>", "")
    assert all(fact in words for fact in ("Nettoresultat per månad", "Läsekrets: Offentlig", SYNTHETIC))
    if suffix == ".html":
        assert "<script src=" not in text
    if suffix == ".json":
        assert json.loads(text)["usermeta"]["title"].startswith("Nettoresultat per månad")


def test_a_table_is_drawn_where_the_file_is_a_picture(wb, tmp_path):
    assert "Utförd arbetstid" in wb.share("worked_fte_monthly", file=tmp_path / "tid.svg").read_text(encoding="utf-8")
    with pytest.raises(UsageError, match="cannot be written"):
        wb.share(wb.draw("net_monthly"), file=tmp_path / "netto.csv")


def test_without_a_file_the_protected_table_is_shown(wb):
    shared = wb.share("worked_fte")
    limits = wb.scope.settings.disclosure
    assert shared.table.frame.equals(protect(wb.table("worked_fte"), limits.public, limits.mark).frame)
    assert "Läsekrets: Offentlig" in shared._repr_html_()
    inside = wb.share("worked_fte", audience="internal")
    assert "Intern" in inside._repr_html_()
    assert wb.share(wb.protected("worked_fte")).table is wb.protected("worked_fte")


def test_nothing_that_disclosure_control_has_not_seen_is_shared(wb, root):
    for thing in (wb.worked_fte.frame, wb.worked_fte.pandas, wb.table("worked_fte"), 17):
        with pytest.raises(DisclosureError, match="has not passed disclosure control") as caught:
            wb.share(thing)
        assert 'wb.share("worked_fte")' in caught.value.action
    inside = analytics.open(period="2018-03", unit="17", audience="internal", root=root)
    with pytest.raises(DisclosureError, match="protected for 'Intern"):
        wb.share(inside.protected("worked_fte"))
    with pytest.raises(DisclosureError, match="was not drawn by this bench"):
        wb.share(inside.draw("net_monthly"))


def test_a_chart_is_drawn_anew_for_its_readers(root, tmp_path):
    inside = analytics.open(period="2018-03", unit="17", audience="internal", root=root)
    file = inside.share(inside.draw("net_monthly"), file=tmp_path / "netto.json")
    assert "Läsekrets: Offentlig" in file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("wrong", "advice"),
    [
        ({"thing": "worked_ft"}, "worked_fte"),
        ({"thing": "worked_fte", "file": "tid.pdf"}, ".xlsx"),
        ({"thing": "worked_fte", "file": "nowhere/tid.csv"}, "Make the folder first"),
        ({"thing": "worked_fte", "audience": "publik"}, "Did you mean public?"),
        ({"thing": "worked_fte", "fil": "tid.csv"}, "Did you mean file?"),
    ],
)
def test_wrong_arguments_get_the_right_ones(wb, wrong, advice):
    with pytest.raises(UsageError) as caught:
        wb.share(**wrong)
    assert advice in caught.value.action
    assert not Path("nowhere").exists()


def test_a_run_shares_nothing(wb):
    with scheduled.run(), pytest.raises(DisclosureError, match="cannot share"):
        wb.share("fr1_outcome")


def test_other_ranges_of_staff_are_for_those_inside_and_of_the_ledger_for_all(wb):
    month = wb.range("month")
    assert month.share("fr1_outcome").table.period_label == "mars 2018"
    with pytest.raises(DisclosureError, match="is not published"):
        month.share("worked_fte")
    strict = strictest((wb.scope.settings.disclosure.public, wb.scope.settings.disclosure.internal), label="x")
    shared = wb.share(month.worked_fte, audience="internal").table
    n = month.table("worked_fte").frame.filter(n=FEW - 1)
    assert strict.staff_fewer_than == FEW
    assert shared.frame.join(n, on=list(shared.spec.keys), how="semi").filter(status="ok").is_empty()


def test_parts_of_a_unit_hide_the_same_cells(wb):
    with pytest.raises(DisclosureError, match="is not published"):
        wb.children["173"].share("worked_fte")
    shared = {code: part.share("worked_fte", audience="internal").table for code, part in wb.children.items()}
    patterns = {tuple(table.frame.filter(status="suppressed").drop("value").rows()) for table in shared.values()}
    assert len(patterns) == 1
    # Three persons in 175 and two in 225 are too few, so no part tells its total: one less the others would tell.
    total = {"row_type": "total", "sex": "T", "column": "current"}
    assert {table.frame.filter(**total)["status"].item() for table in shared.values()} == {"suppressed"}
    assert wb.share("worked_fte", audience="internal").table.frame.filter(**total)["status"].item() == "ok"
    named = {table.spec.title for table in shared.values()}
    assert "Utförd arbetstid – 173 Ekonomi" in named


def test_a_cost_that_would_tell_the_pay_of_few_is_not_shared(wb):
    # 225 has two persons and 175 three: together five, so it is they that are left out and no other.
    for code in ("175", "225"):
        for table_id in ("fr1_outcome", "staff_cost_by_group", "net_monthly", "result_by_class"):
            with pytest.raises(DisclosureError, match="would tell what single persons earn"):
                wb.children[code].share(table_id, audience="internal")
        assert wb.children[code].share("operations_by_class", audience="internal").table.suppressed == 0
    assert wb.children["173"].share("fr1_outcome", audience="internal").table.suppressed == 0
    with pytest.raises(DisclosureError, match="would tell"):
        wb.children["175"].children["1351"].share("fr1_outcome", audience="internal")


@pytest.mark.parametrize(
    ("persons", "left_out"),
    [
        ({"a": 10, "b": 20}, set()),
        ({"a": 10, "b": 0}, set()),
        ({"a": 3, "b": 20, "c": 9}, {"a", "c"}),
        ({"a": 1, "b": 2, "c": 9, "d": 30}, {"a", "b", "c"}),
        ({"a": 2, "b": 3, "c": 9}, {"a", "b"}),
        ({"a": 2}, {"a"}),
    ],
)
def test_a_part_with_few_is_left_out_with_enough_others(persons, left_out):
    assert untold(persons, FEW) == left_out


def table(cells, spec=TABLES["worked_fte_monthly"]):
    frame = pl.DataFrame(
        [(month, sex, float(n), n) for month, sexes in cells.items() for sex, n in sexes.items()],
        schema={"period": pl.String, "sex": pl.String, "value": pl.Float64, "n": pl.Int64},
        orient="row",
    )
    return MeasureTable(spec, frame, {}, "2018")


def statuses(found, month):
    return dict(found.frame.filter(period=month).select("sex", "status").rows())


def test_a_cell_hidden_in_one_part_or_in_the_whole_is_hidden_in_every_part():
    parts = {
        "a": table({"2018-01": {"K": 2, "M": 20, "T": 22}, "2018-02": {"K": 20, "M": 20, "T": 40}}),
        "b": table({"2018-01": {"K": 30, "M": 30, "T": 60}, "2018-02": {"K": 30, "M": 30, "T": 60}}),
        "c": table({"2018-02": {"K": 9, "M": 9, "T": 18}}),
    }
    whole = table({"2018-01": {"K": 32, "M": 50, "T": 82}, "2018-02": {"K": 59, "M": 59, "T": 118}})
    found = {
        code: protect_part(code, parts, whole, hidden_in_whole=[protect(whole, LIMITS, "..")], limits=LIMITS, mark="..")
        for code in parts
    }
    for one in found.values():
        assert statuses(one, "2018-01") == {"K": "suppressed", "M": "suppressed", "T": "ok"}
        assert set(statuses(one, "2018-02").values()) == {"ok"}
    assert found["b"].frame.filter(period="2018-02", sex="T")["value"].item() == 60
    # A row that a part lacks is there too, or its absence would tell.
    assert found["c"].frame.filter(period="2018-01").height == 3
    # What the whole hides for its own sake is not told by the sum of its parts.
    few = table({"2018-01": {"K": 32, "M": 50, "T": 82}, "2018-02": {"K": 3, "M": 115, "T": 118}})
    hidden = [protect(few, LIMITS, "..")]
    again = protect_part("b", parts, whole, hidden_in_whole=hidden, limits=LIMITS, mark="..")
    assert statuses(again, "2018-02")["K"] == "suppressed"


def test_a_table_that_does_not_count_persons_is_refused():
    bare = table({"2018-01": {"K": 9}})
    uncounted = MeasureTable(bare.spec, bare.frame.drop("n"), {}, "2018")
    with pytest.raises(DisclosureError, match="how many persons"):
        protect_part("a", {"a": uncounted}, bare, hidden_in_whole=[], limits=LIMITS, mark="..")
