from __future__ import annotations

from dataclasses import replace

from analytics.reports import quality
from analytics.reports.inputs import Check, Delivery, Inputs
from analytics.schemas import TABLES
from analytics.sources.layouts import LAYOUTS

CHECK = Check("ledger", "2018-03", "Kontosummor", "Annars saknas rader.", "warning", True, 100, 0, "")
DELIVERY = Delivery(
    "P4", "ledger", "raindance", "2018-03", 2, "raindance_<1>.txt", "abcdef" * 10, "2018-04-02T10:00:00", 1234567
)


def body(*checks: Check) -> str:
    return quality.body(Inputs("d1", (DELIVERY,), checks), unit="17 Stab", period="mars 2018")


def test_one_sentence_sums_up():
    failed = replace(CHECK, title="B", passed=False)
    assert "<strong>Siffrorna kan användas.</strong> 1 av 1 kontroller" in body(CHECK)
    assert "<strong>Siffrorna kan användas, men 1 anmärkning bör beaktas.</strong>" in body(CHECK, failed)
    assert "1 av 2 kontroller av underlaget är godkända." in body(CHECK, failed)
    assert "Siffrorna kan vara fel: underlaget har 1 allvarligt fel." in body(
        CHECK, replace(failed, severity="critical")
    )
    assert "Siffrorna har inte kontrollerats." in body()


def test_remarks_come_first_with_count_period_and_reason():
    failed = replace(CHECK, title="Rimliga timmar", passed=False, unexpected=1234, detail="Fler än 400 timmar.")
    text = body(CHECK, failed)

    assert text.index("Rimliga timmar") < text.index("Leveranser") < text.index("Kontosummor")
    remarks = text[: text.index("<h2>Leveranser")]
    for part in ("Varning", "mars 2018: Fler än 400 timmar", "1\u00a0234 avvikelser", "Annars saknas rader."):
        assert part in remarks


def test_each_deviation_of_a_remark_has_a_line_of_its_own():
    detail = "2 av 25 jämförelser avviker: 2016-02: 11 mot 9; 2016-06: 15 mot 11"
    text = body(replace(CHECK, passed=False, detail=detail))

    assert (
        "<p>2 av 25 jämförelser avviker (mars 2018):</p><ul><li>februari 2016: 11 mot 9</li>"
        "<li>juni 2016: 15 mot 11</li></ul>" in text
    )
    assert "<li>juni 2016: 15 mot 11</li><li>med flera</li>" in body(
        replace(CHECK, passed=False, detail=detail.replace("2 av", "7 av"))
    )


def test_a_check_made_on_many_deliveries_is_one_row():
    checks = [replace(CHECK, period=f"2017-{month:02d}", passed=month != 5, unexpected=3) for month in range(1, 13)]

    assert body(*checks).count('<th scope="row">Kontosummor</th>') == 1
    assert body(*checks).count("”Kontosummor” stämmer inte") == 1
    assert "1 av 12: maj 2017" in body(*checks)


def test_every_source_layout_and_table_has_a_swedish_name():
    assert {layout.supplier for layout in LAYOUTS.values()} <= set(quality.SOURCE_NAMES)
    assert set(LAYOUTS) <= set(quality.LAYOUT_NAMES)
    assert {*TABLES, "across_tables"} <= set(quality.TABLE_NAMES)


def test_deliveries_show_version_rows_and_short_checksum_and_are_escaped():
    text = body(CHECK)

    assert "raindance_&lt;1&gt;.txt" in text
    assert "1\u00a0234\u00a0567" in text
    assert "<code>abcdefabcdef</code>" in text
    assert "2018-04-02" in text


def test_the_summary_counts_by_severity():
    inputs = Inputs("d", (), (CHECK, replace(CHECK, passed=False), replace(CHECK, passed=False, severity="critical")))

    assert inputs.summary() == {"status": "critical", "checks": 3, "passed": 1, "warnings": 1, "critical": 1}
