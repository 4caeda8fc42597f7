"""The summary: figures with links, key figures then and now, what changed, remarks on the deliveries."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from made_tables import by_group, protected

from analytics import companions, overview
from analytics.comments.binding import Bound, bind
from analytics.comments.model import About, Comment
from analytics.companions import Change, Changes, Companions, Earlier
from analytics.sentences import key_figures, summary

PLACE = "ekonomi.html#tabell-fr1_summary-rubrik"


def plain(html: str) -> str:
    return re.sub(r"<[^>]+>", "", html).replace("\u00a0", " ")


def result(**net: float):
    rows = [
        {"report_line": "net", "report_line_label": "Netto", "level": 1, "parent": "", "column": column, "value": kr}
        for column, kr in net.items()
    ]
    return protected("fr1_summary", rows)


def rate(value: float, n: int = 100):
    key = {"measure": "sick_leave_pct", "measure_label": "Sjukfrånvaro", "row_type": "row", "sex": "T"}
    return protected("sick_leave_pct", [{**key, "column": "current", "value": value, "n": n}])


def tables(**given: object) -> dict[str, object]:
    made = {
        "fr1_summary": result(outcome=30_100_000, outcome_vs_budget=-1_700_000, forecast=113_700_000),
        "worked_fte": by_group("worked_fte", {"1.2 Handläggare": (120.0, 124.2)}),
        "sick_leave_pct": rate(5.24),
        "overtime_fte": by_group("overtime_fte", {"1.2 Handläggare": (0.5, 0.7)}),
    }
    return {**made, **given}


def around(**given: object) -> Companions:
    return Companions(
        **{
            "places": {"fr1_summary": PLACE},
            "quality": "datakvalitet.html#anmarkningar",
            "changes": None,
            "earlier": None,
            **given,
        }
    )


def changes(**given: object) -> Changes:
    none = {"since": "2018-04-15 08:30", "compared": 1200, "changed": 0, "hidden": 0, "apart": 0, "redone": 0}
    return Changes(**{**none, **given})


def test_each_number_of_a_sentence_is_a_link_and_codes_are_not():
    text = (
        "Nettokostnaden är 30,1\u00a0mnkr, vilket är 17\u00a0% högre. Störst är ökningen i personalgrupp 1.2 "
        "Handläggare enligt FR1 (\u22121\u00a0257)."
    )

    html = overview.point(text, PLACE).html

    linked = re.findall(r'<a href="([^"]+)">([^<]+)</a>', html)
    assert linked == [(PLACE, number) for number in ("30,1\u00a0mnkr", "17\u00a0%", "\u22121\u00a0257")]
    assert plain(html) == text.replace("\u00a0", " ")


def test_the_year_of_a_month_is_no_number_of_its_own():
    html = overview.point("Av 12 mars 2016 var 3 och mars 2017 inga.", PLACE).html

    assert re.findall(r">(\d+)</a>", html) == ["12", "3"]


def test_without_a_table_in_the_package_there_are_no_links_and_text_is_escaped():
    html = overview.point("A & B <b>: 5\u00a0%", None).html

    assert "<a" not in html
    assert "A &amp; B &lt;b&gt;: 5" in html


def test_key_figures_are_links_where_their_tables_stand():
    html = key_figures.summary(tables(), {"fr1_summary": PLACE})._repr_html_()

    items = re.findall(r"<li>(.*?)</li>", html)
    assert [item.startswith(f'<a href="{PLACE}">') for item in items] == [True, True, False, False, False]
    assert plain(items[0]) == "Nettokostnad hittills i år 30,1 mnkr 1,7 mnkr högre än budget"
    assert plain(items[1]) == "Nettokostnad enligt helårsprognosen 113,7 mnkr "
    assert "5,2 %" in plain(items[3])


def test_a_figure_whose_report_is_left_out_is_said_to_be_missing_and_not_compared():
    held = {name: table for name, table in tables().items() if name in ("fr1_summary", "sick_leave_pct")}
    found = key_figures.summary(held, {}).figures
    assert [(figure.table_id, figure.value, figure.comparison) for figure in found if figure.table_id not in held] == [
        ("worked_fte", "–", "Uppgiften saknas"),
        ("overtime_fte", "–", "Uppgiften saknas"),
    ]
    rows = summary.then_and_now(held, Earlier("2018-02", {}))
    assert {row.table_id for row in rows} == set(held)


def test_a_net_income_is_told_as_income():
    found = key_figures.summary(tables(fr1_summary=result(outcome=-2_000_000, outcome_vs_budget=-500_000)), {}).figures
    assert (found[0].label, found[0].value.replace("\u00a0", " ")) == ("Nettointäkt hittills i år", "2,0 mnkr")
    assert found[0].comparison.replace("\u00a0", " ") == "0,5 mnkr lägre än budget"
    assert (found[1].value, found[1].comparison) == ("–", "Ingen uppgift för perioden")


def stored(table_id: str, status: str = "ok", value: float | None = 5.0) -> dict[str, tuple[dict[str, object], ...]]:
    keys = {"measure": "sick_leave_pct", "row_type": "row", "sex": "T", "column": "current"}
    return {table_id: ({**keys, "value": value, "status": status},)}


@pytest.mark.parametrize(
    ("then", "now", "printed"),
    [
        (("ok", 4.94), rate(5.24), ("4,9 %", "5,2 %")),
        (("missing", None), rate(5.24), ("ingen uppgift", "5,2 %")),
        (("suppressed", None), rate(5.24), ("kan inte jämföras", "kan inte jämföras")),
        (("ok", 4.94), rate(5.24, n=10), ("kan inte jämföras", "kan inte jämföras")),
    ],
)
def test_key_figures_then_and_now_say_nothing_where_either_is_suppressed(then, now, printed):
    earlier = Earlier("2018-02", stored("sick_leave_pct", *then))

    rows = summary.then_and_now(tables(sick_leave_pct=now), earlier)

    row = next(row for row in rows if row.table_id == "sick_leave_pct")
    assert (row.then.replace("\u00a0", " "), row.now.replace("\u00a0", " ")) == printed
    assert [row.then for row in rows if row.table_id != "sick_leave_pct"] == ["ingen uppgift"] * 4


def test_the_months_stand_side_by_side_without_a_difference():
    rows = summary.then_and_now(tables(), Earlier("2018-02", {}))

    html = overview.since_last_month(rows, then="februari 2018", now="mars 2018", places={"fr1_summary": PLACE}).html

    assert html.count(f'href="{PLACE}"') == 2
    assert 'scope="col" class="tal">Februari 2018</th>' in html
    assert html.count("<td") == 2 * len(rows)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (None, "Detta är den första versionen av månadens rapport."),
        (changes(), "Ingen siffra har ändrats sedan den förra versionen, framställd 2018-04-15 08:30."),
        (
            changes(changed=3),
            "Av 1 200 siffror har 3 ändrats sedan den förra versionen, framställd 2018-04-15 08:30.",
        ),
        (
            changes(changed=3, untold=2),
            (
                "Av 1 200 siffror har 3 ändrats sedan den förra versionen, framställd 2018-04-15 08:30. 2 av dem gäller "
                "personal eller patienter och visas inte före och efter, eftersom skillnaden kan gälla en enda person."
            ),
        ),
        (
            changes(since="", compared=0),
            "Den förra versionen finns inte kvar, så ingen siffra kan jämföras.",
        ),
        (
            changes(compared=0, apart=1, hidden=2, redone=2),
            (
                "Ingen siffra kan jämföras med den förra versionen, framställd 2018-04-15 08:30. 2 uppgifter visas "
                "inte av sekretesskäl och kan inte jämföras. 1 tabell kan inte jämföras, eftersom sekretessen döljer "
                "olika uppgifter i de två versionerna. 2 tabeller är nya, borttagna eller omgjorda."
            ),
        ),
    ],
)
def test_what_changed_is_said_in_words(given, said):
    assert plain(overview.since_last_version(around(changes=given)).html) == said


def test_the_largest_changes_are_listed_old_to_new_with_links():
    largest = (
        Change("fr1_summary", "Uppföljning, Personal", "200\u00a0tkr", "230\u00a0tkr"),
        Change("x", "B", "1", "2"),
    )

    html = overview.since_last_version(around(changes=changes(changed=9, largest=largest))).html

    items = re.findall(r"<li>(.*?)</li>", html)
    assert items[0].startswith(f'Uppföljning, Personal: <a href="{PLACE}">200')
    assert plain(items[0]) == "Uppföljning, Personal: 200 tkr →ändrat till 230 tkr"
    assert "<a" not in items[1]


def test_the_page_with_all_changes_is_linked_to_where_there_is_something_to_compare_with():
    link = '<a href="andringar.html">'
    linked = [
        link in overview.since_last_version(around(changes=given, differences="andringar.html")).html
        for given in (changes(changed=1), changes(), changes(since=""), None)
    ]

    assert linked == [True, True, False, False]


def test_outside_a_run_it_is_said_that_nothing_is_compared():
    assert companions.current() is None
    assert plain(overview.since_last_version(None).html) == overview.BY_HAND


def test_companions_are_known_only_while_their_report_is_made():
    given = around()
    with companions.among(given):
        assert companions.current() is given
    assert companions.current() is None


def outcome(title: str, *, passed: bool = False, severity: str = "warning") -> dict[str, object]:
    return {"table": "ledger", "title": title, "reason": "Annars fel.", "severity": severity, "passed": passed}


def test_the_gravest_remarks_come_first_and_the_rest_are_counted():
    found = summary.remarks(
        [
            outcome("A", passed=True),
            outcome("B"),
            outcome("C"),
            outcome("C"),
            outcome("D", severity="critical"),
            outcome("E"),
            outcome("F"),
        ]
    )

    html = overview.quality(found, around(), names={"ledger": "Utfall"}).html

    assert [remark.title for remark in found] == ["D", "C", "B", "E", "F"]
    assert 'class="besked fel"' in html
    assert html.count("<li>") == 3
    assert "Utfall: ”D” stämmer inte. Annars fel." in html
    assert "Det finns 2 anmärkningar till." in plain(html)
    assert '<a href="datakvalitet.html#anmarkningar">2</a>' in html


def test_deliveries_without_remarks_can_be_used():
    html = overview.quality([], None, names={}).html

    assert plain(html) == "Siffrorna kan användas. Inga kontroller av underlaget gav anmärkning."
    assert "<ul>" not in html


def deviation(name: str, label: str, kr: float, cause: str | None = "40 Lön: 4\u00a0200\u00a0tkr högre än budget"):
    key = {"deviation": name, "deviation_label": label, "row_type": "row"}
    return [
        {**key, "column": "amount", "value": kr},
        {**key, "column": "percent", "text": "\u221215\u00a0%"},
        {**key, "column": "cause", "text": cause or ""},
    ]


def bound(table: object, name: str, state: str, figure: str) -> list[Bound]:
    about = About("deviations", (("deviation", name), ("column", "amount")))
    comment = Comment(
        about=about,
        period="2018-03",
        unit="17",
        kind="comment",
        author_role="Controller",
        date="2018-04-20",
        state=state,
        figure=figure,
        text="Omfördelning **beslutad** <script>.",
        file=Path("a.md"),
    )
    return bind(table, [comment])


def test_the_largest_deviations_have_part_comment_and_link():
    rows = [row for place in range(6) for row in deviation(f"d{place}", f"Personal {place}", -4_680_000.0)]
    table = protected("deviations", rows)
    place = "ekonomi.html#tabell-deviations-rubrik"

    html = overview.deviations(table, bound(table, "d1", "approved", "−4 680 tkr"), place).html

    items = html.split("<li>")[1:]
    assert len(items) == 5
    assert plain(items[0]).startswith(
        "Personal 0: 4 680 tkr högre kostnad, ogynnsamt (15 % av budgeten)Största del: 40 Lön: 4 200 tkr högre än"
    )
    assert "Kommentar saknas." in items[0]
    assert "Omfördelning <strong>beslutad</strong> &lt;script&gt;." in items[1]
    assert "Controller, 20 april 2018" in items[1]
    assert "Siffran har ändrats" not in items[1]
    assert re.findall(r"<a [^>]*>([^<]*)</a>", items[0]) == ["4\u00a0680\u00a0tkr", "15\u00a0%", "4\u00a0200\u00a0tkr"]
    assert "Ytterligare en avvikelse är så stor att den ska kommenteras." in plain(html)


@pytest.mark.parametrize(
    ("name", "kr", "words"),
    [
        ("forecast-staff", -4_680_000.0, "4 680 tkr högre kostnad, ogynnsamt (15 % av budgeten)"),
        ("budget-operations", 2_000_000.0, "2 000 tkr lägre kostnad, gynnsamt (15 % av budgeten)"),
        ("forecast-income", 3_399_000.0, "3 399 tkr högre intäkt, gynnsamt (15 % av budgeten)"),
        ("previous-income", -2_514_000.0, "2 514 tkr lägre intäkt, ogynnsamt (15 % av föregående års utfall)"),
    ],
)
def test_a_deviation_says_which_way_it_goes_for_cost_and_for_income(name: str, kr: float, words: str):
    found = summary.largest_deviations(protected("deviations", deviation(name, "Namn", kr)))

    assert [each.size.replace("\u00a0", " ") for each in found] == [words]


@pytest.mark.parametrize(
    ("state", "figure", "seen"),
    [("draft", "", False), ("ready", "", False), ("approved", "−4 680 tkr", True), ("approved", "−9 tkr", True)],
)
def test_only_approved_comments_are_printed_and_stale_ones_say_so(state, figure, seen):
    table = protected("deviations", deviation("d0", "Personal", -4_680_000.0))

    html = overview.deviations(table, bound(table, "d0", state, figure), None).html

    assert ("Omfördelning" in html) is seen
    assert ("Kommentar saknas." in html) is not seen
    assert ("Siffran har ändrats sedan kommentaren godkändes." in html) is (figure == "−9 tkr")


def test_no_large_deviation_is_a_sentence():
    assert plain(overview.deviations(protected("deviations", []), [], None).html) == overview.NO_DEVIATIONS


def test_the_card_of_goals_tells_how_they_stand():
    key = {"goal_area": "", "goal_area_label": "Totalt", "row_type": "total"}
    counts = {"met": 12, "on_track": 4, "not_met": 6, "not_assessable": 0, "not_measured": 5, "all": 27}
    rows = [{**key, "column": column, "value": float(count)} for column, count in counts.items()]
    places = {"indicator_overview": "indikatorer.html#tabell-indicator_overview-rubrik"}

    found = key_figures.summary(tables(indicator_overview=protected("indicator_overview", rows)), places).figures

    assert len(found) == 6
    assert (found[5].label, found[5].value) == ("Uppfyllda mål", "12 av 27")
    assert found[5].comparison == "5 är inte mätta ännu, 6 är inte uppfyllda, 4 är på väg"
    assert found[5].href == places["indicator_overview"]


@pytest.mark.parametrize(
    ("detail", "words"),
    [
        ("1 av 25 jämförelser avviker: 2016-03: 88 mot 68 (29,4 %).", "mars 2016"),
        (
            "2 av 25 jämförelser avviker: 2016-02: 11 mot 9 (25 %); 2016-06: 15 mot 11 (30 %).",
            "februari 2016 och juni 2016",
        ),
        ("11 av 25 jämförelser avviker: 2016-07: 5 mot 4 (25 %).", "bland annat juli 2016"),
        ("1 av 616 prognosrader avviker: 2018-03 förvaltning 17, Resor: prognos 0 tkr.", "mars 2018"),
        ("3 av 1 200 rader avviker.", ""),
        ("2 av 9 rader avviker: konto 4711; konto 2018-12.", ""),
    ],
)
def test_a_remark_says_which_months_it_is_about(detail: str, words: str):
    outcome = {
        "table": "absence",
        "title": "Antalet rader liknar",
        "reason": "Därför.",
        "passed": False,
        "detail": detail,
    }

    found = summary.remarks([outcome])

    assert [remark.months for remark in found] == [words]
    line = plain(overview.quality(found, None, names={"absence": "Frånvaro"}).html)
    assert f"Frånvaro: ”Antalet rader liknar” stämmer inte{f' för {words}' if words else ''}. Därför." in line
