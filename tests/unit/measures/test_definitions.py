from __future__ import annotations

from pathlib import Path

from measure_frames import ROOT

from analytics.measures import definitions
from analytics.measures.catalogue import TABLES


def test_documentation_is_what_the_catalogue_says() -> None:
    written = (ROOT / "docs" / "definitions.md").read_text(encoding="utf-8")
    assert written == definitions.document(), "run: python -m analytics.measures.definitions"


def test_every_table_has_formula_unit_sign_and_source() -> None:
    for table_id, spec in TABLES.items():
        section = definitions.definition(spec)
        assert f"`{table_id}`" in section
        assert spec.definition in section
        for word in ("Enhet:", "Tecken:", "Källa:", "Skydd:"):
            assert word in section


def test_writes_the_file(tmp_path: Path) -> None:
    definitions.main(tmp_path / "definitions.md")
    assert (tmp_path / "definitions.md").read_text(encoding="utf-8") == definitions.document()
