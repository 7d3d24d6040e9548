"""Who waits, and for what: added, changed, withdrawn."""

from collections.abc import Collection
from dataclasses import replace
from uuid import UUID

from services.scheduling.domain.appointment import Appointment
from services.scheduling.domain.commands import AddWaitlistEntry, ChangeWaitlistEntry, OneWaitlistEntry
from services.scheduling.domain.errors import OtherVisit, PatientUnseen
from services.scheduling.domain.waitlist import WaitlistEntry, Wish, checked_wish
from services.scheduling.operations.close_waitlist_offer import end_entry, lock_what_is_offered
from services.scheduling.operations.ports import Unit
from shared.clock import Clock
from shared.ids import new_id


def add_waitlist_entry(command: AddWaitlistEntry, uow: Unit, clock: Clock) -> WaitlistEntry:
    """The patient waits; what is free already is offered once this is committed.

    Raises NotFound (site, practitioner, type, appointment), PatientUnseen, OtherVisit, AppointmentNotBooked,
    ImpossibleWish.
    """
    wish, now = checked_wish(command.wish), clock.now()
    with uow:
        uow.places.appointment_type(command.appointment_type_id)
        _require_seen(command.patient_id, uow)  # first: of a stranger nothing else is said
        visit = _visit_of(command, uow)
        entry = WaitlistEntry(
            entry_id=new_id(),
            patient_id=command.patient_id,
            appointment_type_id=command.appointment_type_id,
            appointment_id=visit.appointment_id if visit else None,
            appointment_site_id=visit.site_id if visit else None,
            earlier_than=visit.start_at if visit else None,
            wish=replace(wish, site_ids=_sites(wish.site_ids, uow)),
            priority=command.priority,
            active_until=command.active_until,
            waiting_since=now,
        )
        _require_places(wish, uow)
        uow.waitlist.add(entry, now.date())
        return _committed("add_waitlist_entry", entry, uow)


def change_waitlist_entry(command: ChangeWaitlistEntry, uow: Unit, clock: Clock) -> WaitlistEntry:
    """Changes what is given; an offer that is open stays. Raises NotFound, Stale, NotWaiting, ImpossibleWish."""
    with uow:
        known = uow.waitlist.get(command.entry_id, command.version)
        changes = dict(command.changes)
        if "site_ids" in changes:
            changes["site_ids"] = _kept_sites(known.wish, changes["site_ids"], uow)
        _require_places(Wish(**{name: changes[name] for name in ("practitioner_ids",) if name in changes}), uow)
        entry = known.changed(changes)
        uow.waitlist.change(entry)
        uow.waitlist.look_at(entry.entry_id)
        return _committed("change_waitlist_entry", entry, uow)


def withdraw_waitlist_entry(command: OneWaitlistEntry, uow: Unit, clock: Clock) -> WaitlistEntry:
    """The patient waits no more; what was offered is offered to the next. Raises NotFound, Stale, NotWaiting."""
    with uow:
        lock_what_is_offered(command.entry_id, uow)
        entry = end_entry(uow.waitlist.get(command.entry_id, command.version), "withdrawn", uow, clock)
        return _committed("withdraw_waitlist_entry", entry, uow)


def _committed(action: str, entry: WaitlistEntry, uow: Unit) -> WaitlistEntry:
    uow.audit(action, "waitlist_entry", entry.entry_id, patient_id=entry.patient_id)
    uow.leave_work()
    return uow.commit(entry.seen_by(uow.asker.sites))


def _require_seen(patient_id: UUID, uow: Unit) -> None:
    """Records' own rule: the site of an appointment sees its patient from then on."""
    if not uow.asker.patients_seen and not uow.waitlist.is_known(patient_id):
        raise PatientUnseen


def _visit_of(command: AddWaitlistEntry, uow: Unit) -> Appointment | None:
    """The visit to come before: the patient's own, of that type, and still to come."""
    if command.appointment_id is None:
        return None
    visit = uow.appointments.read(command.appointment_id)
    if (visit.patient_id, visit.appointment_type_id) != (command.patient_id, command.appointment_type_id):
        raise OtherVisit
    visit.require("move")
    return visit


def _sites(wanted: Collection[UUID] | None, uow: Unit) -> tuple[UUID, ...] | None:
    """Where the patient would come. Any site is any of the asker's: an entry is seen wherever it may be filled."""
    if wanted is None:
        own = uow.asker.ordered_sites
        return None if own is None else tuple(own)
    for site_id in wanted:
        uow.places.site(site_id)
    return tuple(dict.fromkeys(wanted))


def _kept_sites(known: Wish, wanted: Collection[UUID] | None, uow: Unit) -> tuple[UUID, ...] | None:
    """What the asker cannot see of the wish she does not change."""
    sites = _sites(wanted, uow)
    if sites is None or uow.asker.sites is None:
        return sites
    if known.site_ids is None:
        return sites
    return (*sites, *(each for each in known.site_ids if not uow.asker.may_see(each)))


def _require_places(wish: Wish, uow: Unit) -> None:
    for practitioner_id in wish.practitioner_ids or ():
        uow.places.practitioner(practitioner_id)
