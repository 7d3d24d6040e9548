"""Sites, practitioners and appointment types: the map that appointments are drawn on."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from services.scheduling.domain.zones import zone_of
from shared.events.scheduling import PractitionerChanged, SiteChanged


@dataclass(frozen=True, kw_only=True)
class Site:
    """A place of the network. `zone` is an IANA name; all wall-clock rules of the site are read in it."""

    site_id: UUID
    name: str
    zone: str
    phone: str | None = None
    version: int = 1

    @property
    def zone_info(self) -> ZoneInfo:
        return zone_of(self.zone)

    def changed(self) -> SiteChanged:
        """The fact that the site is now like this."""
        return SiteChanged(site_id=self.site_id, name=self.name, zone=self.zone, phone=self.phone, version=self.version)


@dataclass(frozen=True, kw_only=True)
class Practitioner:
    """A person who sees patients, at any of the network's sites."""

    practitioner_id: UUID
    given: str
    family: str
    prefix: str | None = None
    version: int = 1

    def changed(self) -> PractitionerChanged:
        """The fact that the practitioner is now called this."""
        return PractitionerChanged(
            practitioner_id=self.practitioner_id, given=self.given, family=self.family, version=self.version
        )


@dataclass(frozen=True, kw_only=True)
class AppointmentType:
    """What appointments are given for, and how long they take. An inactive type is kept for its history."""

    appointment_type_id: UUID
    name: str
    minutes: int
    active: bool = True
    version: int = 1

    @property
    def length(self) -> timedelta:
        return timedelta(minutes=self.minutes)
