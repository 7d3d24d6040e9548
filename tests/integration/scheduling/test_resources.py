"""Rooms and devices, and what appointment types and practitioners say of themselves."""

from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import psycopg2
import pytest
from fix_scheduling import Clinic

from services.scheduling import operations, queries
from services.scheduling.domain import commands
from services.scheduling.domain.errors import ImpossibleHours
from services.scheduling.domain.resources import Need
from shared.errors import NotFound, Stale
from shared.ids import new_id

LATER = date(2026, 11, 30)  # a Monday in a week


def add(clinic: Clinic, name: str = "Exam 1", **more: Any) -> Any:
    command = commands.AddResource(
        **{"site_id": clinic.site.site_id, "kind": "room", "type": "exam room", "name": name, **more}
    )
    return operations.add_resource(command, clinic.uow(), clinic.clock)


def change(clinic: Clinic, resource_id: Any, version: int | None = None, asker: Any = None, **changes: Any) -> Any:
    command = commands.ChangeResource(resource_id=resource_id, changes=changes, version=version)
    return operations.change_resource(command, clinic.uow(**asker or {}), clinic.clock)


def lanes(clinic: Clinic, resource_id: Any) -> int:
    with closing(psycopg2.connect(clinic.urls.admin)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM resource_lanes WHERE resource_id = %s", (str(resource_id),))
        return int(cursor.fetchone()[0])  # type: ignore[index]


def test_a_room_has_as_many_lanes_as_visits_it_takes(clinic: Clinic) -> None:
    """One that was given up stays for what is booked on it. Seen red by: lanes of the first capacity alone."""
    room = add(clinic, capacity=2)
    assert lanes(clinic, room.resource_id) == 2
    assert change(clinic, room.resource_id, capacity=3).version == 2
    assert lanes(clinic, room.resource_id) == 3
    change(clinic, room.resource_id, capacity=1)
    assert lanes(clinic, room.resource_id) == 3


def test_rooms_and_devices_are_listed_by_site_kind_and_use(clinic: Clinic) -> None:
    second, first = add(clinic, "B"), add(clinic, "A")
    device = add(clinic, "C", kind="device", type="ultrasound")
    change(clinic, second.resource_id, active=False)
    question = {
        "site_id": clinic.site.site_id,
        "kind": None,
        "active": None,
        "limit": 2,
        "cursor": None,
        "sort": "name",
    }

    def listed(**more: Any) -> list[Any]:
        with clinic.uow() as uow:
            return [it["resource_id"] for it in queries.resources({**question, **more}, uow)["items"]]

    assert listed() == [first.resource_id, second.resource_id]
    assert listed(sort="-name") == [device.resource_id, second.resource_id]
    assert listed(kind="device") == [device.resource_id]
    assert listed(active=True) == [first.resource_id, device.resource_id]


def test_a_room_of_another_site_is_not_there_and_an_old_version_is_refused(clinic: Clinic) -> None:
    room = add(clinic)
    with pytest.raises(NotFound):
        change(clinic, room.resource_id, asker={"sites": frozenset({new_id()})}, name="Mine")
    with pytest.raises(Stale):
        change(clinic, room.resource_id, version=7, name="Old")
    with clinic.uow(sites=frozenset()) as uow, pytest.raises(NotFound):
        queries.resources({"site_id": clinic.site.site_id, "kind": None, "active": None}, uow)


def test_a_type_keeps_what_its_visits_need_and_booking_reads_it(clinic: Clinic) -> None:
    needs = (Need(kind="practitioner", type="physician"), Need(kind="room", type="exam room"), Need(kind="device"))
    rules = {"set_up_minutes": 5, "clean_up_minutes": 10, "notice_minutes": 60, "horizon_days": 90, "needs": needs}
    added = commands.AddAppointmentType(name="Scan", minutes=30, self_bookable=True, overbook_limit=1, **rules)
    kind = operations.add_appointment_type(added, clinic.uow(), clinic.clock)
    with clinic.uow() as uow:
        assert uow.places.appointment_type(kind.appointment_type_id) == kind
        place = (clinic.site.site_id, clinic.practitioner_id, kind.appointment_type_id, clinic.clock.now())
        assert uow.schedules.schedule_to_book(*place).kind == kind
    changed = commands.ChangeAppointmentType(
        appointment_type_id=kind.appointment_type_id, changes={"horizon_days": None, "needs": ()}
    )
    answer = operations.change_appointment_type(changed, clinic.uow(), clinic.clock)
    assert answer == replace(kind, horizon_days=None, needs=(), version=2)
    with clinic.uow() as uow:
        assert uow.places.appointment_type(kind.appointment_type_id) == answer


def test_a_practitioner_keeps_kind_languages_and_sex(clinic: Clinic) -> None:
    added = commands.AddPractitioner(given="Ida", family="Lund", kind="nurse", languages=("en", "es-MX"), sex="female")
    nurse = operations.add_practitioner(added, clinic.uow(), clinic.clock)
    changed = commands.ChangePractitioner(practitioner_id=nurse.practitioner_id, changes={"languages": ()})
    answer = operations.change_practitioner(changed, clinic.uow(), clinic.clock)
    assert answer == replace(nurse, languages=(), version=2)
    with clinic.uow() as uow:
        assert uow.places.practitioner(nurse.practitioner_id) == answer


def test_a_type_that_will_be_longer_is_booked_as_it_will_be_then(clinic: Clinic) -> None:
    """Seen red by: the type of today given to a visit of next week."""
    now = clinic.clock.now()
    change_type = commands.ChangeAppointmentType(
        appointment_type_id=clinic.type_id, changes={"minutes": 45, "needs": (Need(kind="room"),)}, from_on=LATER
    )
    answer = operations.change_appointment_type(change_type, clinic.uow(), clinic.clock)
    assert answer.minutes == 30
    with clinic.uow() as uow:
        assert uow.places.appointment_type(clinic.type_id) == answer
    room = commands.AddResource(site_id=clinic.site.site_id, kind="room", type="exam room", name="Exam 1")
    operations.add_resource(room, clinic.uow(), clinic.clock)
    booked = [clinic.book(now + timedelta(days=days)) for days in (6, 7)]
    assert [it.during.length for it in booked] == [timedelta(minutes=30), timedelta(minutes=45)]
    question = commands.FindFreeTimes(
        site_id=clinic.site.site_id,
        practitioner_id=clinic.practitioner_id,
        appointment_type_id=clinic.type_id,
        from_on=LATER - timedelta(days=1),
        days=2,
        limit=200,
    )
    with clinic.uow() as uow:
        found = operations.find_free_times(question, uow, clinic.clock)
    assert {it.end_at - it.start_at for it in found} == {timedelta(minutes=30), timedelta(minutes=45)}


def test_a_room_is_there_from_its_first_day_in_use_to_its_last(clinic: Clinic) -> None:
    room = add(clinic, from_on=LATER, until_on=LATER)
    with clinic.uow() as uow:
        hours = uow.schedules.hours_at(clinic.site.site_id, clinic.clock.now())[room.resource_id]
    zone = clinic.site.zone_info
    assert [it.length for it in hours.times(LATER - timedelta(days=5), LATER + timedelta(days=5), zone)] == [
        timedelta(days=1)
    ]
    with pytest.raises(ImpossibleHours):
        change(clinic, room.resource_id, until_on=LATER - timedelta(days=1))
