from __future__ import annotations

from dataclasses import replace

from analytics.reports import quality
from analytics.reports.inputs import Check, Delivery, Inputs

CHECK = Check("ledger", "2018-03", "Kontosummor", "Annars saknas rader.", "warning", True, 100, 0, "")
DELIVERY = Delivery(
    "P4", "ledger", "raindance", "2018-03", 2, "raindance_<1>.txt", "abcdef" * 10, "2018-04-02T10:00:00", 1234567
)


def body(*checks: Check) -> str:
    return quality.body(Inputs("d1", (DELIVERY,), checks), unit="17 Stab", period="mars 2018")


def test_one_sentence_sums_up():
    assert "Alla 1 kontroller av uppgifterna är godkända." in body(CHECK)
    assert "1 av 2 kontroller är godkända. 1 gav anmärkning" in body(CHECK, replace(CHECK, title="B", passed=False))
    assert "har inte kontrollerats" in body()


def test_remarks_come_first_with_count_period_and_reason():
    failed = replace(CHECK, title="Rimliga timmar", passed=False, unexpected=1234, detail="Fler än 400 timmar.")
    text = body(CHECK, failed)

    assert text.index("Rimliga timmar") < text.index("Leveranser") < text.index("Kontosummor")
    remarks = text[: text.index("<h2>Leveranser")]
    for part in ("Anmärkning", "2018-03", "Fler än 400 timmar", "1\u00a0234", "Annars saknas rader."):
        assert part in remarks


def test_a_check_made_on_many_deliveries_is_one_row():
    checks = [replace(CHECK, period=f"2017-{month:02d}", passed=month != 5, unexpected=3) for month in range(1, 13)]

    assert body(*checks).count('<th scope="row">Kontosummor</th>') == 2
    assert "1 av 12: 2017-05" in body(*checks)


def test_deliveries_show_version_rows_and_short_checksum_and_are_escaped():
    text = body(CHECK)

    assert "raindance_&lt;1&gt;.txt" in text
    assert "1\u00a0234\u00a0567" in text
    assert "<code>abcdefabcdef</code>" in text
    assert "2018-04-02" in text


def test_the_summary_counts_by_severity():
    inputs = Inputs("d", (), (CHECK, replace(CHECK, passed=False), replace(CHECK, passed=False, severity="critical")))

    assert inputs.summary() == {"status": "critical", "checks": 3, "passed": 1, "warnings": 1, "critical": 1}
