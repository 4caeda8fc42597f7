"""The sections of ``analytics.toml`` as frozen dataclasses: what may be set, and in which type."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from analytics.errors import SettingsError, UsageError
from analytics.periods import Period

FILE_NAME = "analytics.toml"
AUDIENCES = ("public", "internal")


@dataclass(frozen=True, slots=True)
class Region:
    """Whose figures these are, and whether they are generated."""

    name: str
    renamed: str
    earlier_name: str
    synthetic: bool

    def name_in(self, period: Period) -> str:
        """What it was called in the month: a report is not signed with a name that came later."""
        return self.earlier_name if self.renamed and period < Period.parse(self.renamed) else self.name


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
class Finder:
    """What the finder of deviations looks for: least sizes, how unlikely, over how many months, how much explained."""

    amount_tkr: int
    fte: float
    fte_tkr: int
    other_pct: float
    noise: float
    false_share: float
    history_months: int
    least_months: int
    explained_pct: int


@dataclass(frozen=True, slots=True)
class CareUnits:
    """Relative cost of a listed person aged 0–64, 65–74 and 75 or older, and how many months a control chart needs."""

    medicine_weights: tuple[float, ...]
    service_weights: tuple[float, ...]
    least_months: int


@dataclass(frozen=True, slots=True)
class Engine:
    """What reads the processed tables and does the large sums (:mod:`analytics.engines`)."""

    name: str


@dataclass(frozen=True, slots=True)
class Kpp:
    """How many of the dearest contacts are outliers (per cent of inpatient contacts, and of all others)."""

    outlier_pct_inpatient: float
    outlier_pct_other: float


@dataclass(frozen=True, slots=True)
class Machines:
    """Work spread over machines. ``plain_tcp``: the network is closed to others, so TLS is not required."""

    plain_tcp: bool


@dataclass(frozen=True, slots=True)
class Audience:
    """Limits of disclosure control for one group of readers."""

    label: str
    folder: str
    sick_leave_at_most: int
    staff_fewer_than: int
    patients_fewer_than: int
    largest_patient_pct: float


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
class FolderSource:
    """A folder of whole files, to be copied into ``data/raw/<supplier>``."""

    id: str
    supplier: str
    path: str


@dataclass(frozen=True, slots=True)
class DropSource:
    """A folder where files grow: complete with ``marker`` after their name, or (empty) when still for so long."""

    id: str
    supplier: str
    path: str
    marker: str
    stable_seconds: int


@dataclass(frozen=True, slots=True)
class DatabaseSource:
    """A query whose answer is a delivery of ``layout`` for each of the latest ``months`` ended months.

    ``url`` is SQLAlchemy's, without a password; ``credential`` names it (empty: none is needed). ``query`` is a file,
    relative to ``analytics.toml``.
    """

    id: str
    layout: str
    url: str
    credential: str
    query: str
    months: int


@dataclass(frozen=True, slots=True)
class Sources:
    """Where ``analytics pull`` and the schedule fetch deliveries from."""

    folder: tuple[FolderSource, ...]
    drop: tuple[DropSource, ...]
    database: tuple[DatabaseSource, ...]


@dataclass(frozen=True, slots=True)
class CalendarBody:
    """A body that gets reports, and the days (``YYYY-MM-DD`` or empty) between which it has the name."""

    id: str
    name: str
    valid_from: str
    valid_to: str


@dataclass(frozen=True, slots=True)
class CalendarRecipient:
    """Which body gets which kind of report, so many months after the report's month (0: at its next meeting)."""

    kind: str
    body: str
    months_after: int
    note: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """Rules of the reporting calendar: which months are reported and how; working days where no day is given."""

    enabled_from: str
    not_reported: tuple[int, ...]
    forecast_after: tuple[int, ...]
    quarter_after: tuple[int, ...]
    interim_after: tuple[int, ...]
    year_after: tuple[int, ...]
    time_complete_workday: int
    ledger_closes_workday: int
    wait_until_workday: int
    body: tuple[CalendarBody, ...]
    recipient: tuple[CalendarRecipient, ...]


@dataclass(frozen=True, slots=True)
class Mail:
    """The mail server. ``password`` names a credential; it is asked for only where ``user`` is set."""

    host: str
    port: int
    security: str
    sender: str
    user: str
    password: str
    timeout_seconds: int


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address that gets every notice as JSON; ``token`` names a credential. Empty: none."""

    url: str
    token: str
    timeout_seconds: int


@dataclass(frozen=True, slots=True)
class Recipients:
    """Who is told of which kinds of notices, about which units (none named: all)."""

    addresses: tuple[str, ...]
    kinds: tuple[str, ...]
    units: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Notices:
    """Telling of what the schedule did. ``attach`` names the reports that a mail about a public package carries."""

    enabled: bool
    link_base: str
    attach: tuple[str, ...]
    textfile: str
    mail: Mail
    webhook: Webhook
    recipients: tuple[Recipients, ...]


@dataclass(frozen=True, slots=True)
class Schedule:
    """How the months run unattended: how often, with what limits, and how failures are tried again."""

    every_minutes: int
    jobs: int
    time_limit_seconds: int
    memory_limit_mb: int
    retry_minutes: tuple[int, ...]
    most_deaths: int
    lease_seconds: int
    history_days: int


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings; ``root`` is the folder that holds ``analytics.toml``."""

    region: Region
    paths: Paths
    staff: Staff
    ledger: Ledger
    forecast: Forecast
    deviations: Deviations
    finder: Finder
    care_units: CareUnits
    kpp: Kpp
    disclosure: Disclosure
    validation: Validation
    engine: Engine
    machines: Machines
    focus: tuple[Focus, ...]
    kolada: Kolada
    sources: Sources
    calendar: Calendar
    notices: Notices
    schedule: Schedule
    root: Path = Path()

    def focus_area(self, area: str) -> Focus:
        """One focus area by id. Raises SettingsError if it is not declared."""
        for focus in self.focus:
            if focus.id == area:
                return focus
        known = ", ".join(focus.id for focus in self.focus)
        raise SettingsError(f"focus area {area!r} is not declared", action=f"Declared in {FILE_NAME}: {known}.")
