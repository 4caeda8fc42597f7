"""A staff delivery that is late: waited for, then a package without it, then it comes — from raw extracts, by ticks."""

from __future__ import annotations

import json
import os
import re
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from analytics.measures.catalogue import REPORTS

if TYPE_CHECKING:
    from region_project import Region

LATE = "heroma/heroma_tid_201802.csv"
LACKS = "Personaluppgifter för februari 2018 saknas. Därför ingår inte rapporten Personal."


def tick(region: Region, moment: str) -> dict[str, object]:
    done = region.analytics("schedule", "--once", "--at", moment, "--json", check=False)
    # A tick with problems prints its report and then the error.
    report, _ = json.JSONDecoder().raw_decode(done.stdout)
    return report | {"exit_code": done.returncode}


def due(region: Region, moment: str) -> dict[str, object]:
    (found,) = json.loads(region.analytics("due", "--at", moment, "--json").stdout)["due"]
    return found


def manifest_of(folder: Path) -> dict[str, object]:
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


def pages(folder: Path) -> dict[str, str]:
    return {file.name: file.read_text(encoding="utf-8") for file in folder.glob("*.html")}


def text_of(page: str) -> str:
    main = re.sub(r"<(script|style)\b.*?</\1>", "", page[page.index("<main") :], flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def content(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.fixture
def late(unloaded_region: Region) -> Region:
    """The demonstration region, where only administration 17 reports March, without its working time of February."""
    root = unloaded_region.root
    (root / "data/raw" / LATE).unlink()
    for file, old, new in (
        ("analytics.toml", 'enabled_from = "2018-01"', 'enabled_from = "2018-03"'),
        ("data/raw/reference/calendar_2018.toml", 'period = "2018-03"\n', 'period = "2018-03"\nunits = ["17"]\n'),
    ):
        text = (root / file).read_text(encoding="utf-8")
        assert text.count(old) == 1
        (root / file).write_text(text.replace(old, new), encoding="utf-8")
    return unloaded_region


def test_a_late_delivery_is_waited_for_then_done_without_and_added_when_it_comes(late: Region, region: Region):
    folder = late.reports / "2018-03/17"

    waiting = tick(late, "2018-04-17T12:00")
    assert (waiting["exit_code"], waiting["made"]) == (0, [])
    assert due(late, "2018-04-17T12:00")["detail"] == (
        "Personaluppgifter för februari 2018 saknas. Inväntas till och med 18 april 2018."
    )
    assert not folder.exists()

    partial = tick(late, "2018-04-19T00:10")
    assert (partial["exit_code"], [each["outcome"] for each in partial["made"]]) == (0, ["published"])
    _is_partial(folder)
    stands = due(late, "2018-04-19T00:20")
    assert (stands["state"], stands["reason"], stands["version"]) == ("published", "partial", 1)
    assert LACKS in stands["detail"]

    # By hand it is as honest: the same package, which is therefore left as it is.
    by_hand = late.analytics_json("run", "2018-03", "--unit", "17")
    assert (by_hand["unchanged"], by_hand["missing"]) == ([str(folder)], {"17": [LACKS]})
    assert tick(late, "2018-04-20T12:00")["made"] == []

    first = content(folder / "v1")
    os.link(region.root / "data/raw" / LATE, late.root / "data/raw" / LATE)
    arrived = tick(late, "2018-04-25T12:00")
    assert (arrived["exit_code"], [each["outcome"] for each in arrived["made"]]) == (0, ["published"])
    record = manifest_of(folder)
    assert (record["version"], record["reason"]) == (2, ["data", "reports"])
    assert (record["missing"], record["whole"]) == ([], True)
    assert "personal" in [report["name"] for report in record["reports"]]
    assert not [name for name, page in pages(folder).items() if 'class="brist' in page]
    changed = text_of(pages(folder)["andringar.html"])
    assert "Personaluppgifter för februari 2018 saknades i den förra versionen och ingår nu." in changed
    assert "Arbetad tid februari 2018 Ny heroma_tid_201802.csv" in changed
    assert content(folder / "v1") == first
    stands = due(late, "2018-04-25T12:10")
    assert (stands["state"], stands["reason"], stands["version"]) == ("published", "", 2)

    # A correction that cannot be read leaves what is published, and it is told that it waits.
    ledger = late.root / "data/raw/raindance/raindance_saldo_201803.txt"
    cut_off = ledger.read_bytes().splitlines(keepends=True)[:-1]
    ledger.with_name("raindance_saldo_201803_v2.txt").write_bytes(b"".join(cut_off))
    refused = tick(late, "2018-04-26T12:00")
    assert refused["made"] == []
    assert "raindance_saldo_201803_v2.txt" in refused["problems"][0]["text"]
    stands = due(late, "2018-04-26T12:10")
    assert (stands["state"], stands["reason"], stands["version"]) == ("published", "partial", 2)
    assert "Bokföringen för mars 2018 kunde inte läsas in på nytt." in stands["detail"]

    # What came late makes the same figures as what came in time.
    in_time = region.reports / "2018-03/17/tables"
    made = {file.name: file.read_bytes() for file in (folder / "tables").iterdir()}
    assert made == {file.name: file.read_bytes() for file in in_time.iterdir()}


def _is_partial(folder: Path) -> None:
    record = manifest_of(folder)
    assert record["missing_in_words"] == [LACKS]
    assert (record["whole"], record["not_made"]["personal"]) == (True, LACKS)
    found = pages(folder)
    assert "personal.html" not in found
    for name, page in found.items():
        assert f"<li>{LACKS}</li>" in page, name
        assert 'href="personal.html' not in page, name
    tables = {file.stem for file in (folder / "tables").iterdir()}
    assert not tables & set(REPORTS["personal"]) - set(REPORTS["fokusomraden"])
    summary = text_of(found["sammanfattning.html"])
    assert f"Personal {LACKS} Mål" in summary  # the whole chapter
    for label in ("Utförd arbetstid, årsarbetare", "Sjukfrånvaro av ordinarie arbetstid", "Övertid, årsarbetare"):
        assert f"{label} – Uppgiften saknas" in summary
