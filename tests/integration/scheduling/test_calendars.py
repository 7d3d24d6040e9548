"""Calendars out, on a real database: whose link it is, what it shows, and what ends it."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from fix_scheduling import NOW, asker_of

from services.scheduling import operations
from services.scheduling.domain import commands
from services.scheduling.domain.errors import CalendarLinkRevoked, CalendarSecretSpent
from services.scheduling.queries import calendars
from services.scheduling.repository import SchedulingUnitOfWork
from shared.database.units import NO_NETWORK
from shared.errors import NotFound, Stale
from shared.events.records import PatientRegistered
from shared.ids import new_id


def hash_of(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def made(clinic: Any, secret: str = "s1", **asker: Any) -> Any:
    command = commands.MakeCalendarLink(practitioner_id=clinic.practitioner_id, secret_hash=hash_of(secret))
    return operations.make_calendar_link(command, clinic.uow(**asker), clinic.clock)


def read(clinic: Any, secret: str = "s1") -> Any:
    """As the gateway asks: in no network."""
    uow: SchedulingUnitOfWork
    with clinic.units.for_network(NO_NETWORK) as uow:
        return calendars.calendar(hash_of(secret), clinic.clock.now(), uow)


def set_patients(clinic: Any, patients: str, version: int | None = None) -> Any:
    command = commands.SetCalendarSettings(patients=patients, version=version)  # type: ignore[arg-type]
    return operations.set_calendar_settings(command, clinic.uow(), clinic.clock)


@pytest.mark.requirement("37d")
def test_a_calendar_follows_what_becomes_of_an_appointment(clinic: Any) -> None:
    """Moved: the same id, a higher version, changed just then. Cancelled: marked so for 30 days, then gone.

    Seen red by: a cancelled one that is left out at once; `changed_at` that stays at the booking.
    """
    made(clinic)
    booked = clinic.book(NOW + timedelta(days=1))
    assert told(read(clinic)) == [(booked.appointment_id, 1, "booked", NOW + timedelta(days=1), NOW)]
    clinic.clock.instant += timedelta(hours=1)
    clinic.move(booked.appointment_id, NOW + timedelta(days=2))
    assert told(read(clinic)) == [(booked.appointment_id, 2, "booked", NOW + timedelta(days=2), clinic.clock.now())]
    clinic.clock.instant += timedelta(hours=1)
    clinic.cancel(booked.appointment_id)
    assert told(read(clinic)) == [(booked.appointment_id, 3, "cancelled", NOW + timedelta(days=2), clinic.clock.now())]
    clinic.clock.instant += timedelta(days=30, seconds=1)
    assert read(clinic)["items"] == []


def told(calendar: Any) -> list[tuple[Any, ...]]:
    names = ("appointment_id", "version", "status", "start_at", "changed_at")
    return [tuple(item[name] for name in names) for item in calendar["items"]]


@pytest.mark.requirement("37d")
def test_patients_stand_in_a_calendar_as_the_network_says_and_by_default_not_at_all(clinic: Any) -> None:
    """Seen red by: a default of `name`; a setting that is asked of nobody."""
    made(clinic)
    patient_id = new_id()
    with clinic.uow() as uow:
        uow.copies.keep_patients([_maria(patient_id)])
        uow.commit()
    clinic.book(NOW + timedelta(days=1), patient_id)
    clinic.book(NOW + timedelta(days=2))  # a patient of whom nothing was heard yet
    assert [item["patient"] for item in read(clinic)["items"]] == [None, None]
    set_patients(clinic, "initials")
    assert [item["patient"] for item in read(clinic)["items"]] == ["M. L.", None]
    set_patients(clinic, "name")
    assert [item["patient"] for item in read(clinic)["items"]] == ["Maria Lindqvist", None]
    with pytest.raises(Stale):
        set_patients(clinic, "none", version=1)


@pytest.mark.requirement("4h")
def test_a_link_shows_the_sites_of_who_made_it_and_no_other(clinic: Any) -> None:
    """Seen red by: a link without its sites."""
    other = operations.add_site(commands.AddSite(name="Oak", zone="America/Chicago"), clinic.uow(), clinic.clock)
    made(clinic, "here", sites=frozenset({clinic.site.site_id}))
    made(clinic, "there", sites=frozenset({other.site_id}))
    made(clinic, "everywhere")
    clinic.book(NOW + timedelta(days=1))
    assert [len(read(clinic, name)["items"]) for name in ("here", "there", "everywhere")] == [1, 0, 1]


@pytest.mark.requirement("4h")
def test_who_sees_one_site_can_neither_see_nor_end_a_link_to_more(clinic: Any) -> None:
    """Seen red by: a look-up that does not compare sites."""
    hers = frozenset({clinic.site.site_id})
    wide, narrow = made(clinic, "wide"), made(clinic, "narrow", sites=hers)
    question = {"practitioner_id": clinic.practitioner_id}
    with clinic.uow(sites=hers) as uow:
        assert calendars.calendar_links(question, uow)["items"] == [narrow]
    command = commands.RevokeCalendarLink(calendar_link_id=wide.calendar_link_id)
    with pytest.raises(NotFound):
        operations.revoke_calendar_link(command, clinic.uow(sites=hers), clinic.clock)
    with clinic.uow() as uow:
        assert calendars.calendar_links(question, uow)["items"] == [wide, narrow]


def test_a_renewed_link_is_read_by_its_new_secret_alone_and_a_revoked_one_by_none(clinic: Any) -> None:
    """Seen red by: a renewal that keeps the hash; a look-up of revoked links."""
    link = made(clinic, "old")
    renew = commands.RenewCalendarLink(calendar_link_id=link.calendar_link_id, secret_hash=hash_of("new"), version=1)
    operations.renew_calendar_link(renew, clinic.uow(), clinic.clock)
    with pytest.raises(Stale):
        operations.renew_calendar_link(renew, clinic.uow(), clinic.clock)
    assert read(clinic, "new")["practitioner_name"] == "A B"
    with pytest.raises(NotFound):
        read(clinic, "old")
    revoke = commands.RevokeCalendarLink(calendar_link_id=link.calendar_link_id)
    operations.revoke_calendar_link(revoke, clinic.uow(), clinic.clock)
    with pytest.raises(NotFound):
        read(clinic, "new")
    with pytest.raises(CalendarLinkRevoked):
        operations.revoke_calendar_link(revoke, clinic.uow(), clinic.clock)


def test_no_two_links_have_one_secret(clinic: Any) -> None:
    """Seen red by: dropping calendar_links_network_id_secret_hash_key."""
    made(clinic)
    with pytest.raises(CalendarSecretSpent):
        made(clinic)


def test_a_secret_is_of_its_own_network_whoever_asks(clinic: Any) -> None:
    """Another network's asker reads nothing by it: the calendar is asked for in no network, and then in the link's.

    Seen red by: a look-up under the tenant's policy (then nobody reads anything).
    """
    link = made(clinic)
    abroad = asker_of()
    with clinic.units.for_network(new_id()) as uow, pytest.raises(NotFound):
        uow.calendars.read(link.calendar_link_id)
    with clinic.units.for_network(NO_NETWORK) as uow:
        calendars.calendar(hash_of("s1"), NOW, uow)
        assert uow.network_id == abroad.network_id
        assert uow.object_ids == {"calendar_link_id": str(link.calendar_link_id)}


def _maria(patient_id: Any) -> PatientRegistered:
    lists: dict[str, Any] = {"phones": (), "consents": (), "coverages": ()}
    return PatientRegistered(
        patient_id=patient_id, version=1, given="Maria", family="Lindqvist", birth_on=None, **lists
    )
