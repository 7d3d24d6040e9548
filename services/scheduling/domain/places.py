"""Sites, practitioners and appointment types: the map that appointments are drawn on."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Literal, get_args
from uuid import UUID
from zoneinfo import ZoneInfo

from services.scheduling.domain.resources import Need
from services.scheduling.domain.zones import zone_of
from shared.events.scheduling import PractitionerChanged, SiteChanged

# FHIR R4 AdministrativeGender.
Sex = Literal["male", "female", "other", "unknown"]
SEXES: tuple[Sex, ...] = get_args(Sex)


@dataclass(frozen=True, kw_only=True)
class Site:
    """A place of the network. `zone` is an IANA name; all wall-clock rules of the site are read in it. `zip`: US."""

    site_id: UUID
    name: str
    zone: str
    phone: str | None = None
    zip: str | None = None
    version: int = 1

    @property
    def zone_info(self) -> ZoneInfo:
        return zone_of(self.zone)

    def changed(self, holidays: Iterable[date] = ()) -> SiteChanged:
        """The fact that the site is now like this, and closed on those whole days to come."""
        return SiteChanged(
            site_id=self.site_id,
            name=self.name,
            zone=self.zone,
            phone=self.phone,
            version=self.version,
            holidays=tuple(holidays),
        )


@dataclass(frozen=True, kw_only=True)
class Practitioner:
    """A person who sees patients, at any of the network's sites.

    `kind` is a word of the network ("physician", "nurse"), which needs ask for; `languages` are BCP 47 tags.
    """

    practitioner_id: UUID
    given: str
    family: str
    prefix: str | None = None
    kind: str | None = None
    languages: tuple[str, ...] = ()
    sex: Sex | None = None
    version: int = 1

    def changed(self) -> PractitionerChanged:
        """The fact that the practitioner is now called this."""
        return PractitionerChanged(
            practitioner_id=self.practitioner_id, given=self.given, family=self.family, version=self.version
        )


@dataclass(frozen=True, kw_only=True)
class PlannedChange:
    """What a type will be for visits from a local day on: fields of the type by name."""

    from_on: date
    changes: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class AppointmentType:
    """What appointments are given for: how long they take and what. An inactive type is kept for its history.

    A visit takes everything that it needs from `set_up_minutes` before its start to `clean_up_minutes` after its end.
    It starts at the earliest `notice_minutes` from now and at the latest within `horizon_days` (None: no limit).
    `overbook_limit`: so many lanes more than a resource has may be taken by who has the right to. Without a need of a
    practitioner any practitioner will do. A visit that has to be moved is due until `due_window_days` after its day.
    """

    appointment_type_id: UUID
    name: str
    minutes: int
    active: bool = True
    set_up_minutes: int = 0
    clean_up_minutes: int = 0
    notice_minutes: int = 0
    horizon_days: int | None = None
    self_bookable: bool = False
    overbook_limit: int = 0
    due_window_days: int = 14
    needs: tuple[Need, ...] = ()
    planned: tuple[PlannedChange, ...] = ()
    version: int = 1

    @property
    def length(self) -> timedelta:
        return timedelta(minutes=self.minutes)

    def on(self, day: date) -> "AppointmentType":
        """The type as it is for visits on that local day. Whoever reads a type to book or to find times asks this."""
        if not self.planned:
            return self
        due = {name: value for it in self.planned if it.from_on <= day for name, value in it.changes.items()}
        return replace(self, **due)

    def spells(self, first: date, last: date) -> Iterator[tuple[date, date, "AppointmentType"]]:
        """The days from `first` to `last`, cut where the type changes: from, to, and the type as it is then."""
        starts = [first, *(it.from_on for it in self.planned if first < it.from_on <= last)]
        for start, following in zip(starts, [*starts[1:], last + timedelta(days=1)], strict=True):
            yield start, following - timedelta(days=1), self.on(start)

    def planning(self, from_on: date, changes: Mapping[str, Any]) -> "AppointmentType":
        """With these changes for that day and later, in the place of what was planned from it on; none: that is off."""
        others = [it for it in self.planned if it.from_on != from_on]
        new = [PlannedChange(from_on=from_on, changes=dict(changes))] if changes else []
        return replace(self, planned=tuple(sorted([*others, *new], key=lambda it: it.from_on)))
