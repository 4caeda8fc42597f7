"""The words of published tables: file names → kinds, column names → codes, parts → letters. Patterns, not figures."""

from __future__ import annotations

import re
from pathlib import Path

KINDS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("headcount", r"hr_anstallda_(?P<period>\d{4}_\d{2})"),
        ("turnover_pct", r"hr_externa_avgangar_procent_(?P<period>\d{4}_\d{2})"),
        ("absence_fte", r"hr_franvaro_fte_(?P<period>\d{4}_\d{2})"),
        ("worked_fte", r"hr_fte_(?P<period>\d{4}_\d{2})"),
        ("additional_fte", r"hr_mertid_fte_(?P<period>\d{4}_\d{2})"),
        ("overtime_fte", r"hr_overtid_fte_(?P<period>\d{4}_\d{2})"),
        ("sick_leave_pct", r"hr_sjukfranvaro_procent_(?P<period>\d{4}_\d{2})"),
        ("hourly_fte", r"hr_timavlonade_fte_(?P<period>\d{4}_\d{2})"),
        ("fr1_outcome", r"[a-zåäö]+_(?P<period>\d{4}_\d{2})_fr1_utfall"),
        ("fr1_forecast", r"[a-zåäö]+_(?P<period>\d{4}_\d{2})_fr1_prognos"),
        ("fr1_summary", r"[a-zåäö]+_(?P<period>\d{4}_\d{2})_fr1_sammandrag"),
        ("result_by_class", r"[a-zåäö]+_(?P<period>\d{4}_\d{2})_ipdk"),
        ("staff_cost_by_group", r"[a-zåäö]+_(?P<period>\d{4}_\d{2})_personal_konto"),
        ("operations_by_class", r"[a-zåäö]+_(?P<period>\d{4}_\d{2})_drift_konto"),
        ("focus_training", r"[a-zåäö]+_(?P<period>\d{4}_\d{2})_fokus_utbildning"),
        ("focus_travel", r"[a-zåäö]+_(?P<period>\d{4}_\d{2})_fokus_resor"),
        ("focus_consultants", r"[a-zåäö]+_(?P<period>\d{4}_\d{2})_fokus_konsulter"),
        ("projects", r"projekt_(?P<period>\d{4}_\d{2})"),
        ("budget", r"budget_.+"),
        ("needs", r"behov_.+"),
        ("efficiency", r"effektivisering_.+"),
        ("index", r"uppraknings_?index_.+"),
        ("text", r"text_numbers.*"),
        ("register", r"indicators_.+|organisation_.+|report_calendar.*"),
    )
)
STAFF_KINDS = ("headcount", "worked_fte", "overtime_fte", "additional_fte", "hourly_fte", "absence_fte")
RATE_KINDS = ("sick_leave_pct", "turnover_pct")
FR1_KINDS = ("fr1_outcome", "fr1_forecast", "fr1_summary")
PIVOT_KINDS = (
    "result_by_class",
    "staff_cost_by_group",
    "operations_by_class",
    "focus_training",
    "focus_travel",
    "focus_consultants",
)
LEDGER_KINDS = (*FR1_KINDS, *PIVOT_KINDS, "projects")
QUARTERLY_KINDS = (*STAFF_KINDS, *RATE_KINDS, *LEDGER_KINDS)

_COLUMNS = tuple(
    (code, re.compile(pattern))
    for code, pattern in (
        ("forecast_vs_budget", r"prognos_jmf_budget.*"),
        ("forecast_vs_previous", r"prognos_jmf_f.*"),
        ("vs_budget", r"utfall_jmf_budget.*|budget_ack.*_diff|budget_diff.*"),
        ("vs_previous", r"utfall_jmf_f.*|avv_.*fg_ar.*|avv_.*foreg.*"),
        ("previous_year", r"foreg_ar_helar|utfall_fg_ar_helar|.*foreg.*helar"),
        ("previous", r"foreg_ar.*|utfall_fg_ar.*"),
        ("budget_year", r"budget_helar.*"),
        ("budget", r"budget_ack.*"),
        ("forecast", r"prognos_.*"),
        ("outcome", r"utfall_.*"),
    )
)
PARTS = {
    "kvinna": "K", "kvinnor": "K", "man": "M", "män": "M", "total": "T", "totalt": "T",
    "externt": "external", "internt": "internal",
}  # fmt: skip


def kind_of(file: str) -> tuple[str, str] | None:
    """Kind and period (``2018_03``, or empty) of a file name; None where no rule knows it."""
    stem = Path(file).stem
    for kind, pattern in KINDS:
        match = pattern.fullmatch(stem)
        if match:
            return kind, match.groupdict().get("period") or ""
    return None


def column_code(name: str) -> str:
    """``budget_ack_diff`` → ``vs_budget``; the name itself where no pattern fits."""
    return next((code for code, pattern in _COLUMNS if pattern.fullmatch(name)), name)


def is_total_label(label: str) -> bool:
    """``Summa``, ``Totalt``, ``Total``, ``Totalsumma``."""
    return re.fullmatch(r"(summa|total|totalt|totalsumma)\b.*", label.casefold()) is not None
