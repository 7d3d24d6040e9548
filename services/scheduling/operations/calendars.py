"""Links to calendars: made, renewed, revoked; and what the network's calendars show of patients."""

from services.scheduling.domain.calendars import CalendarLink, CalendarSettings
from services.scheduling.domain.commands import (
    MakeCalendarLink,
    RenewCalendarLink,
    RevokeCalendarLink,
    SetCalendarSettings,
)
from services.scheduling.operations.ports import Unit
from shared.clock import Clock
from shared.errors import require_version
from shared.ids import new_id


def make_calendar_link(command: MakeCalendarLink, uow: Unit, clock: Clock) -> CalendarLink:
    """A link to the practitioner's appointments at the asker's sites. Raises NotFound, CalendarSecretSpent."""
    with uow:
        uow.places.practitioner(command.practitioner_id)
        sites = uow.asker.sites
        link = CalendarLink(
            calendar_link_id=new_id(),
            practitioner_id=command.practitioner_id,
            site_ids=None if sites is None else tuple(sorted(sites)),
            made_at=clock.now(),
        )
        uow.calendars.add(link, command.secret_hash)
        _audit("make_calendar_link", link, uow)
        return uow.commit(link)


def renew_calendar_link(command: RenewCalendarLink, uow: Unit, clock: Clock) -> CalendarLink:
    """The same link with another secret. Raises NotFound, Stale, CalendarLinkRevoked."""
    with uow:
        link = uow.calendars.get(command.calendar_link_id, command.version).renewed(clock.now())
        uow.calendars.change(link, command.secret_hash)
        _audit("renew_calendar_link", link, uow)
        return uow.commit(link)


def revoke_calendar_link(command: RevokeCalendarLink, uow: Unit, clock: Clock) -> CalendarLink:
    """Ends the link. Raises NotFound, Stale, CalendarLinkRevoked."""
    with uow:
        link = uow.calendars.get(command.calendar_link_id, command.version).revoked(clock.now())
        uow.calendars.change(link)
        _audit("revoke_calendar_link", link, uow)
        return uow.commit(link)


def set_calendar_settings(command: SetCalendarSettings, uow: Unit, clock: Clock) -> CalendarSettings:
    """What calendars show of patients from now on. Raises Stale."""
    with uow:
        before = uow.calendars.settings(lock=True)
        require_version(command.version, before.version)
        settings = CalendarSettings(patients=command.patients, version=before.version + 1)
        uow.calendars.keep_settings(settings)
        uow.audit("set_calendar_settings", "network", uow.network_id, detail={"patients": settings.patients})
        return uow.commit(settings)


def _audit(action: str, link: CalendarLink, uow: Unit) -> None:
    uow.audit(action, "calendar_link", link.calendar_link_id)
