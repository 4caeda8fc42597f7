"""Values that have the right type and are wrong all the same. Every refusal names its key."""

from __future__ import annotations

import re
from itertools import pairwise

from analytics.errors import SettingsError
from analytics.settings.calendar_checks import check_calendar
from analytics.settings.model import (
    AUDIENCES,
    FILE_NAME,
    CareUnits,
    DatabaseSource,
    DropSource,
    Finder,
    Focus,
    FolderSource,
    Kolada,
    Notices,
    Region,
    Schedule,
    Settings,
    Sources,
)

FIRST_COST = "40000"
"""Accounts below are income, whose sign and words a focus area does not have."""
FOCUS_ROWS = ("accounts", "groups", "tree")
AGE_GROUPS = ("0–64", "65–74", "75–")
KOLADA_VERSIONS = ("v2", "v3")
ENGINES = ("polars", "duckdb", "pyspark")
FORECASTS = ("run_rate", "previous_share", "seasonal")
_FOCUS_ID = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*(?<!_monthly)")
_ACCOUNTS = re.compile(r"(?P<first>\d{5})-(?P<last>\d{5})")
_KOLADA_ID = re.compile(r"[A-Za-z0-9]{1,20}")
NOTICE_KINDS = ("published", "failed", "late", "missing_comments", "operations")
MAIL_SECURITY = ("none", "starttls", "tls")
_WEB = re.compile(r"https?://[^\s@]+")
_MAIL = re.compile(r"[^\s@<>,;\"]+@[^\s@<>,;\"]+")
_SOURCE = re.compile(r"[a-z][a-z0-9_-]{0,40}")
_SUPPLIER = re.compile(r"[a-z][a-z0-9_]*")
_MARKER = re.compile(r"\.[A-Za-z0-9]+")
_PASSWORD_IN_URL = re.compile(r"://[^/@\s]*:[^/@\s]*@")
_MONTH = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")
_ADDRESS = re.compile(r"https?://[^\s/?#@]+/?")


def check(settings: Settings) -> None:
    """Raise SettingsError for the first value that cannot be used."""
    _check_region(settings.region)
    if settings.disclosure.audience not in AUDIENCES:
        raise SettingsError(f"disclosure.audience in {FILE_NAME} must be {' or '.join(AUDIENCES)}")
    if settings.forecast.preferred not in FORECASTS:
        raise SettingsError(f"forecast.preferred in {FILE_NAME} must be {' or '.join(FORECASTS)}")
    if settings.engine.name not in ENGINES:
        raise SettingsError(f"engine.name in {FILE_NAME} must be {' or '.join(ENGINES)}")
    _check_finder(settings.finder)
    _check_care_units(settings.care_units)
    _check_patients(settings)
    _check_focus(settings.focus)
    _check_kolada(settings.kolada)
    _check_sources(settings.sources)
    check_calendar(settings.calendar)
    _check_notices(settings.notices)
    _check_schedule(settings.schedule)


def _check_region(region: Region) -> None:
    """An earlier name needs the month that it ended, and the other way round."""
    if bool(region.renamed) != bool(region.earlier_name.strip()):
        raise SettingsError(
            f"region.renamed and region.earlier_name in {FILE_NAME} must both be given or both be empty"
        )
    if region.renamed and not _MONTH.fullmatch(region.renamed):
        raise SettingsError(f"region.renamed in {FILE_NAME} must be a month such as 2019-01, or empty")


def _check_patients(settings: Settings) -> None:
    """A limit of nothing would hide every figure or show every one; an outlier is one of the few."""
    for name in ("outlier_pct_inpatient", "outlier_pct_other"):
        if not 0 < getattr(settings.kpp, name) < 50:
            raise SettingsError(f"kpp.{name} in {FILE_NAME} must be above 0 and below 50")
    for audience in AUDIENCES:
        if not 0 < settings.disclosure.for_audience(audience).largest_patient_pct < 100:
            raise SettingsError(f"disclosure.{audience}.largest_patient_pct in {FILE_NAME} must be between 0 and 100")


def _check_finder(finder: Finder) -> None:
    """Without a least size everything would be told; without a year of months nothing can be expected."""
    for name in ("amount_tkr", "fte", "fte_tkr", "other_pct", "noise"):
        if getattr(finder, name) <= 0:
            raise SettingsError(f"finder.{name} in {FILE_NAME} must be above 0")
    if not 0 < finder.false_share < 1:
        raise SettingsError(f"finder.false_share in {FILE_NAME} must be between 0 and 1")
    if not 12 <= finder.least_months <= finder.history_months:
        raise SettingsError(f"finder.least_months in {FILE_NAME} must be 12 or more, and at most history_months")
    if not 50 <= finder.explained_pct <= 100:
        raise SettingsError(f"finder.explained_pct in {FILE_NAME} must be from 50 to 100")


def _check_care_units(care_units: CareUnits) -> None:
    """Each age group needs its weight, and a weight of nothing would make persons cost nothing."""
    for name in ("medicine_weights", "service_weights"):
        weights: tuple[float, ...] = getattr(care_units, name)
        if len(weights) != len(AGE_GROUPS) or min(weights) <= 0:
            raise SettingsError(f"care_units.{name} in {FILE_NAME} must be {len(AGE_GROUPS)} numbers above 0")


def _check_kolada(kolada: Kolada) -> None:
    if kolada.version not in KOLADA_VERSIONS:
        raise SettingsError(f"kolada.version in {FILE_NAME} must be {' or '.join(KOLADA_VERSIONS)}")
    if not _ADDRESS.fullmatch(kolada.base_url):
        raise SettingsError(f"kolada.base_url in {FILE_NAME} must be an address such as https://api.kolada.se")
    for name in ("kpis", "municipalities"):
        for identity in getattr(kolada, name):
            if not _KOLADA_ID.fullmatch(identity):
                raise SettingsError(f"kolada.{name} in {FILE_NAME} must be ids of letters and digits, as text")
    if kolada.attempts < 1 or kolada.time_limit_seconds < 1:
        raise SettingsError(f"kolada.attempts and kolada.time_limit_seconds in {FILE_NAME} must be 1 or more")


def _check_focus(areas: tuple[Focus, ...]) -> None:
    """An account counted twice, or an area that replaces another, would be a wrong figure."""
    for index, area in enumerate(areas):
        key = f"focus[{index}]"
        if not _FOCUS_ID.fullmatch(area.id) or area.id in [other.id for other in areas[:index]]:
            raise SettingsError(f"{key}.id in {FILE_NAME} must be small letters, and no other area's")
        if not area.label.strip():
            raise SettingsError(f"{key}.label in {FILE_NAME} is empty")
        if area.rows not in FOCUS_ROWS:
            raise SettingsError(f"{key}.rows in {FILE_NAME} must be one of {', '.join(FOCUS_ROWS)}")
        spans = sorted(_interval(text, f"{key}.accounts") for text in area.accounts)
        if not spans:
            raise SettingsError(f"{key}.accounts in {FILE_NAME} names no account")
        if spans[0][0] < FIRST_COST:
            raise SettingsError(f"{key}.accounts in {FILE_NAME}: a focus area is of costs, from account {FIRST_COST}")
        for (_, end), (start, _) in pairwise(spans):
            if start <= end:
                raise SettingsError(f"the intervals of {key}.accounts in {FILE_NAME} overlap at {start}")


def _interval(text: str, key: str) -> tuple[str, str]:
    match = _ACCOUNTS.fullmatch(text)
    if match is None or match["first"] > match["last"]:
        raise SettingsError(f"{key} in {FILE_NAME} must be intervals of five-digit accounts, such as 46110-46150")
    return match["first"], match["last"]


def _check_notices(notices: Notices) -> None:
    """A message that goes nowhere, or a password in an address, is found here and not the night it is needed."""
    if notices.mail.security not in MAIL_SECURITY:
        raise SettingsError(f"notices.mail.security in {FILE_NAME} must be {' or '.join(MAIL_SECURITY)}")
    for name, address in (("link_base", notices.link_base), ("webhook.url", notices.webhook.url)):
        if address and not _WEB.fullmatch(address):
            raise SettingsError(f"notices.{name} in {FILE_NAME} must be an http or https address without a password")
    if min(notices.mail.timeout_seconds, notices.webhook.timeout_seconds) < 1:
        raise SettingsError(f"the timeouts of notices in {FILE_NAME} must be 1 or more")
    for index, group in enumerate(notices.recipients):
        key = f"notices.recipients[{index}]"
        if not group.addresses or not all(_MAIL.fullmatch(address) for address in group.addresses):
            raise SettingsError(f"{key}.addresses in {FILE_NAME} must be mail addresses, at least one")
        wrong = [kind for kind in group.kinds if kind not in NOTICE_KINDS]
        if wrong or not group.kinds:
            raise SettingsError(f"{key}.kinds in {FILE_NAME} must be among {', '.join(NOTICE_KINDS)}")
    if notices.enabled and notices.recipients and not (notices.mail.host and _MAIL.fullmatch(notices.mail.sender)):
        raise SettingsError(f"notices.mail in {FILE_NAME} needs a host and a sender while there are recipients")
    if notices.mail.user and notices.mail.security == "none":
        raise SettingsError(f"notices.mail.security in {FILE_NAME}: a password is never sent without encryption")


def _check_sources(sources: Sources) -> None:
    """Two sources that write one file would overwrite each other; a password in a file would be everyone's."""
    every: list[FolderSource | DropSource | DatabaseSource] = [*sources.folder, *sources.drop, *sources.database]
    for index, source in enumerate(every):
        if not _SOURCE.fullmatch(source.id) or source.id in [other.id for other in every[:index]]:
            raise SettingsError(
                f"the id {source.id!r} of a source in {FILE_NAME} must be small letters, and no other's"
            )
    _check_places(sources)
    for database in sources.database:
        if _PASSWORD_IN_URL.search(database.url):
            raise SettingsError(
                f"the url of source {database.id} in {FILE_NAME} holds a password",
                action="Take it out, change it, and give the new one as a credential.",
            )
        if database.months < 1:
            raise SettingsError(f"the months of source {database.id} in {FILE_NAME} must be 1 or more")


def _check_places(sources: Sources) -> None:
    places: tuple[FolderSource | DropSource, ...] = (*sources.folder, *sources.drop)
    for place in places:
        if not _SUPPLIER.fullmatch(place.supplier) or place.supplier in ("reference", "published"):
            raise SettingsError(f"the supplier of source {place.id} in {FILE_NAME} must be a folder of deliveries")
        if not place.path.startswith("/"):
            raise SettingsError(f"the path of source {place.id} in {FILE_NAME} must be absolute")
    for drop in sources.drop:
        if drop.marker and not _MARKER.fullmatch(drop.marker):
            raise SettingsError(
                f"the marker of source {drop.id} in {FILE_NAME} must be an ending such as .ok, or empty"
            )
        if not drop.marker and drop.stable_seconds < 1:
            raise SettingsError(f"source {drop.id} in {FILE_NAME} needs a marker, or stable_seconds of 1 or more")


def _check_schedule(schedule: Schedule) -> None:
    least = {"every_minutes": 1, "jobs": 0, "time_limit_seconds": 1, "memory_limit_mb": 512, "most_deaths": 1}
    least |= {"lease_seconds": 30, "history_days": 1}
    for name, lowest in least.items():
        if getattr(schedule, name) < lowest:
            raise SettingsError(f"schedule.{name} in {FILE_NAME} must be at least {lowest}")
    if not schedule.retry_minutes or min(schedule.retry_minutes) < 1:
        raise SettingsError(f"schedule.retry_minutes in {FILE_NAME} must be a list of minutes, each at least 1")
