"""``analytics.toml`` read into frozen dataclasses. Unknown, missing or wrongly typed keys are refused."""

from __future__ import annotations

import dataclasses
import re
import tomllib
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

from analytics.errors import SettingsError, UsageError

FILE_NAME = "analytics.toml"
AUDIENCES = ("public", "internal")
FOCUS_ROWS = ("accounts", "groups", "tree")
_FOCUS_ID = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*(?<!_monthly)")
_ACCOUNTS = re.compile(r"(?P<first>\d{5})-(?P<last>\d{5})")
AGE_GROUPS = ("0–64", "65–74", "75–")
KOLADA_VERSIONS = ("v2", "v3")
_KOLADA_ID = re.compile(r"[A-Za-z0-9]{1,20}")
_ADDRESS = re.compile(r"https?://[^\s/?#@]+/?")
FORECASTS = ("run_rate", "previous_share", "seasonal")


@dataclass(frozen=True, slots=True)
class Region:
    """Whose figures these are, and whether they are generated."""

    name: str
    synthetic: bool


@dataclass(frozen=True, slots=True)
class Paths:
    """Folders, relative to the folder that holds ``analytics.toml`` until :func:`load` resolves them."""

    raw: Path
    processed: Path
    reports: Path
    expectations: Path
    notebooks: Path
    reference: Path
    published: Path
    comments: Path


@dataclass(frozen=True, slots=True)
class Staff:
    """How working time and absence are measured."""

    hours_per_year: float
    lag_months: int
    agency_final_after_days: int
    sick_leave_law: str
    long_spell_days: int
    age_bands: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ledger:
    """How the ledger is measured."""

    seasonal_years: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """How the full year is computed, when a share or a number of trials is too small, and when a plan is required."""

    preferred: str
    least_share_pct: float
    least_cases: int
    least_years: int
    action_plan_from_tkr: int


@dataclass(frozen=True, slots=True)
class Deviations:
    """From which size a deviation is listed and must have a comment: both limits must be reached."""

    amount_tkr: int
    percent: float


@dataclass(frozen=True, slots=True)
class CareUnits:
    """Relative cost of a listed person aged 0–64, 65–74 and 75 or older, and how many months a control chart needs."""

    medicine_weights: tuple[float, ...]
    service_weights: tuple[float, ...]
    least_months: int


@dataclass(frozen=True, slots=True)
class Audience:
    """Limits of disclosure control for one group of readers."""

    label: str
    folder: str
    sick_leave_at_most: int
    staff_fewer_than: int
    patients_fewer_than: int


@dataclass(frozen=True, slots=True)
class Disclosure:
    """Disclosure control: the default audience, the mark of a suppressed cell and the limits."""

    audience: str
    mark: str
    public: Audience
    internal: Audience

    def for_audience(self, name: str) -> Audience:
        """The limits for ``public`` or ``internal``. Raises UsageError for any other name."""
        if name not in AUDIENCES:
            raise UsageError(f"{name!r} is not an audience", action=f"Use {' or '.join(AUDIENCES)}.")
        return self.public if name == "public" else self.internal


@dataclass(frozen=True, slots=True)
class Validation:
    """Limits that the suites refer to."""

    max_hours_per_month: float
    max_change_pct: float


@dataclass(frozen=True, slots=True)
class Focus:
    """A focus area: a name and the account intervals that make it up (``46110-46150``, ends included).

    ``rows`` says how it is printed: ``accounts`` (one row each), ``groups`` (by the first three digits) or ``tree``
    (accounts under their group and class).
    """

    id: str
    label: str
    accounts: tuple[str, ...]
    rows: str


@dataclass(frozen=True, slots=True)
class Kolada:
    """What ``analytics pull`` fetches from Kolada, and from where. Nothing is fetched unless ``enabled``."""

    enabled: bool
    base_url: str
    version: str
    kpis: tuple[str, ...]
    municipalities: tuple[str, ...]
    attempts: int
    time_limit_seconds: int


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings; ``root`` is the folder that holds ``analytics.toml``."""

    region: Region
    paths: Paths
    staff: Staff
    ledger: Ledger
    forecast: Forecast
    deviations: Deviations
    care_units: CareUnits
    disclosure: Disclosure
    validation: Validation
    focus: tuple[Focus, ...]
    kolada: Kolada
    root: Path = Path()

    def focus_area(self, area: str) -> Focus:
        """One focus area by id. Raises SettingsError if it is not declared."""
        for focus in self.focus:
            if focus.id == area:
                return focus
        known = ", ".join(focus.id for focus in self.focus)
        raise SettingsError(f"focus area {area!r} is not declared", action=f"Declared in {FILE_NAME}: {known}.")


def find_root(start: Path) -> Path:
    """The nearest folder at or above ``start`` that holds ``analytics.toml``."""
    for folder in (start, *start.parents):
        if (folder / FILE_NAME).is_file():
            return folder
    raise SettingsError(
        f"no {FILE_NAME} in {start} or above it", action="Run the command in the project, or give --root FOLDER."
    )


def load(root: Path) -> Settings:
    """Read ``analytics.toml`` in ``root``; paths come back absolute.

    Raises SettingsError with the key that is wrong.
    """
    file = root / FILE_NAME
    try:
        with file.open("rb") as stream:
            raw = tomllib.load(stream)
    except OSError as error:
        raise SettingsError(
            f"{file} cannot be read: {error.strerror}", action="Check that it is there and may be read."
        ) from None
    except UnicodeDecodeError:
        raise SettingsError(f"{FILE_NAME} is not UTF-8", action="Save the file as UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{FILE_NAME} is not valid TOML: {error}", action="Mend the line that is named.") from None
    settings: Settings = _build(Settings, raw, "")
    if settings.disclosure.audience not in AUDIENCES:
        raise SettingsError(f"disclosure.audience in {FILE_NAME} must be {' or '.join(AUDIENCES)}")
    if settings.forecast.preferred not in FORECASTS:
        raise SettingsError(f"forecast.preferred in {FILE_NAME} must be {' or '.join(FORECASTS)}")
    _check_care_units(settings.care_units)
    _check_focus(settings.focus)
    _check_kolada(settings.kolada)
    resolved = {field.name: root / getattr(settings.paths, field.name) for field in dataclasses.fields(Paths)}
    return dataclasses.replace(settings, paths=Paths(**resolved), root=root)


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
        for (_, end), (start, _) in pairwise(spans):
            if start <= end:
                raise SettingsError(f"the intervals of {key}.accounts in {FILE_NAME} overlap at {start}")


def _interval(text: str, key: str) -> tuple[str, str]:
    match = _ACCOUNTS.fullmatch(text)
    if match is None or match["first"] > match["last"]:
        raise SettingsError(f"{key} in {FILE_NAME} must be intervals of five-digit accounts, such as 46110-46150")
    return match["first"], match["last"]


def _build(kind: Any, raw: object, key: str) -> Any:
    if dataclasses.is_dataclass(kind):
        return _build_table(kind, raw, key)
    if get_origin(kind) is tuple:
        if not isinstance(raw, list):
            raise SettingsError(f"{key} in {FILE_NAME} must be a list")
        return tuple(_build(get_args(kind)[0], item, f"{key}[{index}]") for index, item in enumerate(raw))
    if kind is Path and isinstance(raw, str):
        return Path(raw)
    if kind is float and isinstance(raw, int | float) and not isinstance(raw, bool):
        return float(raw)
    if kind in (str, int, bool) and type(raw) is kind:
        return raw
    raise SettingsError(f"{key} in {FILE_NAME} must be of type {kind.__name__}, not {type(raw).__name__}")


def _build_table(kind: Any, raw: object, key: str) -> Any:
    if not isinstance(raw, dict):
        raise SettingsError(f"{key} in {FILE_NAME} must be a table")
    hints = get_type_hints(kind)
    hints.pop("root", NoneType)
    prefix = f"{key}." if key else ""
    unknown = sorted(set(raw) - set(hints))
    if unknown:
        raise SettingsError(f"unknown key {prefix}{unknown[0]} in {FILE_NAME}", action=f"Known: {', '.join(hints)}.")
    missing = [name for name in hints if name not in raw]
    if missing:
        raise SettingsError(f"key {prefix}{missing[0]} is missing in {FILE_NAME}")
    return kind(**{name: _build(hint, raw[name], f"{prefix}{name}") for name, hint in hints.items()})
