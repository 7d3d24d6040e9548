"""The network's map: sites, practitioners, appointment types."""

from services.scheduling.domain.commands import (
    AddAppointmentType,
    AddPractitioner,
    AddSite,
    ChangeAppointmentType,
    ChangePractitioner,
    ChangeSite,
)
from services.scheduling.domain.places import AppointmentType, Practitioner, Site
from services.scheduling.domain.zones import zone_of
from services.scheduling.operations.changing import changed
from services.scheduling.operations.ports import Unit
from services.scheduling.operations.working_time import lock_site, site_hours_changed
from shared.clock import Clock
from shared.ids import new_id


def add_site(command: AddSite, uow: Unit, clock: Clock) -> Site:
    """A new site. Raises UnknownZone."""
    zone_of(command.zone)
    with uow:
        site = Site(site_id=new_id(), **vars(command))
        uow.places.add_site(site)
        uow.record(site.changed())
        uow.audit("add_site", "site", site.site_id, site_id=site.site_id)
        return uow.commit(site)


def change_site(command: ChangeSite, uow: Unit, clock: Clock) -> Site:
    """Changes what is given. Raises NotFound, Stale, UnknownZone."""
    with uow:
        known = uow.places.site(command.site_id, lock=True)
        site = changed(known, command.changes, command.version)
        zone_of(site.zone)
        uow.places.change_site(site)
        if site.zone != known.zone:
            site_hours_changed(site.site_id, lock_site(site.site_id, uow), uow, clock)
        uow.record(site.changed(uow.opening.holidays(site.site_id, clock.now().date())))
        uow.audit("change_site", "site", site.site_id, site_id=site.site_id)
        return uow.commit(site)


def add_practitioner(command: AddPractitioner, uow: Unit, clock: Clock) -> Practitioner:
    """A new practitioner, who works nowhere until hours are set."""
    with uow:
        practitioner = Practitioner(practitioner_id=new_id(), **vars(command))
        uow.places.add_practitioner(practitioner)
        uow.record(practitioner.changed())
        uow.audit("add_practitioner", "practitioner", practitioner.practitioner_id)
        return uow.commit(practitioner)


def change_practitioner(command: ChangePractitioner, uow: Unit, clock: Clock) -> Practitioner:
    """Changes what is given. Raises NotFound, Stale."""
    with uow:
        practitioner = changed(
            uow.places.practitioner(command.practitioner_id, lock=True), command.changes, command.version
        )
        uow.places.change_practitioner(practitioner)
        uow.record(practitioner.changed())
        uow.audit("change_practitioner", "practitioner", practitioner.practitioner_id)
        return uow.commit(practitioner)


def add_appointment_type(command: AddAppointmentType, uow: Unit, clock: Clock) -> AppointmentType:
    """A new appointment type of the network."""
    with uow:
        kind = AppointmentType(appointment_type_id=new_id(), **vars(command))
        uow.places.add_appointment_type(kind)
        uow.audit("add_appointment_type", "appointment_type", kind.appointment_type_id)
        return uow.commit(kind)


def change_appointment_type(command: ChangeAppointmentType, uow: Unit, clock: Clock) -> AppointmentType:
    """Changes what is given, at once or from a day on; what is booked keeps its length. Raises NotFound, Stale."""
    with uow:
        found = uow.places.appointment_type(command.appointment_type_id, lock=True)
        now = {} if command.from_on else command.changes
        kind = changed(found, now, command.version)
        if command.from_on:
            kind = kind.planning(command.from_on, command.changes)
        uow.places.change_appointment_type(kind)
        uow.audit("change_appointment_type", "appointment_type", kind.appointment_type_id)
        return uow.commit(kind)
