"""What an import will do, before anything is sent. All ids here are the source's own."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, kw_only=True, order=True)
class Coding:
    """A code in its own system (a URI), never mapped to another."""

    system: str
    code: str


@dataclass(frozen=True, kw_only=True)
class Site:
    """A place. `zone` is the IANA zone of its address, `phone` E.164; `records` are the source's that stand for it."""

    source_id: str
    name: str
    zone: str
    phone: str | None = None
    records: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Practitioner:
    """A person who sees patients."""

    source_id: str
    given: str
    family: str
    prefix: str | None = None


@dataclass(frozen=True, kw_only=True)
class Patient:
    """A patient, registered at the site seen last. No consent: the source has none. `language`: a BCP 47 tag."""

    source_id: str
    site: str
    given: str
    family: str
    birth_on: date | None = None
    phone: str | None = None
    language: str | None = None


@dataclass(frozen=True, kw_only=True)
class Line:
    """One service. `amount_cents` is the whole line's, None where the source states none; `pointers` are 1-based."""

    coding: Coding
    amount_cents: int | None
    units: int = 1
    pointers: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Visit:
    """An encounter as it goes into the book: whole minutes, `start_at` in UTC. `payer` None is self-pay."""

    source_id: str
    site: str
    practitioner: str
    patient: str
    source_start_at: datetime
    start_at: datetime
    minutes: int
    payer: str | None = None
    member_id: str | None = None
    diagnoses: tuple[Coding, ...] = ()
    lines: tuple[Line, ...] = ()

    @property
    def is_claimed(self) -> bool:
        """Whether billing makes a claim of it: there is something to bill and a payer."""
        return bool(self.lines) and self.payer is not None

    @property
    def is_charged(self) -> bool:
        """Whether billing charges the patient: a service with an amount, and no payer."""
        return self.payer is None and any(line.amount_cents is not None for line in self.lines)

    @property
    def total_cents(self) -> int:
        """What the source claims for this visit."""
        return sum(line.amount_cents or 0 for line in self.lines)


@dataclass(frozen=True, kw_only=True, order=True)
class Stretch:
    """Working time of one weekday (ISO: 1 is Monday) by the site's wall clock, in minutes from midnight."""

    weekday: int
    starts: int
    ends: int


@dataclass(frozen=True, kw_only=True)
class Hours:
    """What a practitioner's visits at a site need: a week of stretches, and how many patients at once."""

    practitioner: str
    site: str
    lanes: int
    weekly: tuple[Stretch, ...]


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """A record of the source that is not imported, and why."""

    kind: str
    source_id: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Window:
    """Days of the source, both included, by the sites' own calendars."""

    first: date
    last: date


@dataclass(frozen=True, kw_only=True)
class ImportPlan:
    """All of it. `records` counts the source by FHIR resource type, `planned` what of it is imported.

    For every kind: records = planned + left out (`kinds_that_do_not_add_up` is empty). `ambulatory`: how many
    ambulatory encounters lie in the window, importable or not. `hanging`: the visits with which a planned record
    comes, by its kind and id; `roles`: id, practitioner and site of those that come with working hours.
    """

    window: Window
    weeks_later: int
    ambulatory: int = 0
    sites: tuple[Site, ...] = ()
    practitioners: tuple[Practitioner, ...] = ()
    patients: tuple[Patient, ...] = ()
    visits: tuple[Visit, ...] = ()
    hours: tuple[Hours, ...] = ()
    roles: tuple[tuple[str, str, str], ...] = ()
    minutes: tuple[int, ...] = ()
    records: dict[str, int] = field(default_factory=dict)
    planned: dict[str, int] = field(default_factory=dict)
    hanging: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    left_out: tuple[LeftOut, ...] = ()

    def left_out_of(self, kind: str) -> dict[str, int]:
        """How many records of that kind are left out, by reason."""
        return dict(Counter(each.reason for each in self.left_out if each.kind == kind))

    def kinds_that_do_not_add_up(self) -> list[str]:
        """Kinds of which a record is neither planned nor left out, or is both. Always empty, and a test says so."""
        left_out = Counter(each.kind for each in self.left_out)
        return [kind for kind, held in self.records.items() if held != self.planned.get(kind, 0) + left_out[kind]]
