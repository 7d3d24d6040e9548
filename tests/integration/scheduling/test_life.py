"""The life of an appointment on a real database: its time, its facts, and its history."""

from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg2
import pytest
from fix_scheduling import NOW, asker_of, rows

from services.scheduling import operations
from services.scheduling.domain import commands
from services.scheduling.domain.errors import AppointmentNotBooked, AppointmentOverlaps
from services.scheduling.queries import history
from shared.errors import NotFound, Stale
from shared.events.records import EncounterFinished
from shared.ids import encounter_id_of, new_id
from tests.integration.scheduling.test_following import encounter, told

TEN = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
HALF_HOUR = timedelta(minutes=30)


def taken(clinic: Any) -> list[tuple[Any, ...]]:
    return [row[0] for row in rows(clinic, "SELECT start_at FROM bookings ORDER BY 1")]


def proposal(clinic: Any, start_at: datetime = TEN) -> Any:
    command = commands.BookAppointment(
        site_id=clinic.site.site_id,
        practitioner_id=clinic.practitioner_id,
        appointment_type_id=clinic.type_id,
        patient_id=new_id(),
        start_at=start_at,
    )
    return operations.propose_appointment(command, clinic.uow(), clinic.clock)


def in_error(clinic: Any, appointment_id: Any) -> Any:
    command = commands.EnterInError(appointment_id=appointment_id, reason="wrong patient")
    return operations.enter_in_error(command, clinic.uow(), clinic.clock)


def history_of(clinic: Any, appointment_id: Any, **asker: Any) -> dict[str, Any]:
    with clinic.uow(**asker) as uow:
        return history.appointment_history(appointment_id, uow)


def told_types(clinic: Any, appointment_id: Any) -> list[str]:
    found = rows(clinic, f"SELECT type FROM outbox WHERE aggregate_id = '{appointment_id}' ORDER BY version")
    return [row[0] for row in found]


def test_a_proposal_takes_its_time_until_it_is_declined(clinic: Any) -> None:
    """Seen red by: a decline that leaves the booking."""
    offered = proposal(clinic)
    with pytest.raises(AppointmentOverlaps):
        clinic.book(TEN)
    command = commands.DeclineAppointment(appointment_id=offered.appointment_id, reason="too early")
    declined = operations.decline_appointment(command, clinic.uow(), clinic.clock)
    assert (declined.status, declined.cancelled_by, taken(clinic)) == ("cancelled", "patient", [])
    assert clinic.book(TEN).status == "booked"


def test_an_accepted_proposal_is_booked_at_its_time(clinic: Any) -> None:
    offered = proposal(clinic)
    assert clinic.one(operations.accept_appointment, offered.appointment_id).status == "booked"
    assert taken(clinic) == [TEN]
    assert told_types(clinic, offered.appointment_id) == ["appointment-proposed", "appointment-booked"]


def test_who_did_not_come_gives_back_the_time_and_may_take_it_again_while_it_is_free(clinic: Any) -> None:
    """Seen red by: a no-show that keeps its booking; an undoing that takes none."""
    mine = clinic.book(NOW)
    assert clinic.one(operations.mark_noshow, mine.appointment_id).status == "noshow"
    assert taken(clinic) == []
    assert clinic.one(operations.undo_noshow, mine.appointment_id).status == "booked"
    assert taken(clinic) == [NOW]
    clinic.one(operations.mark_noshow, mine.appointment_id)
    clinic.book(NOW)
    with pytest.raises(AppointmentOverlaps) as refused:
        clinic.one(operations.undo_noshow, mine.appointment_id)
    assert refused.value.details["next_free_times"]


@pytest.mark.parametrize("before", ["booked", "arrived", "cancelled", "noshow"])
def test_what_was_entered_in_error_has_no_time_and_is_off_the_day(clinic: Any, before: str) -> None:
    """Seen red by: a booking that stays; a day sheet that shows it."""
    mine = clinic.book(NOW).appointment_id
    with clinic.uow() as uow:
        token = int(operations.read_day(clinic.site.site_id, None, uow, clinic.clock)["after"])
    acts = {"arrived": operations.check_in, "noshow": operations.mark_noshow}
    if before == "cancelled":
        clinic.cancel(mine)
    elif before in acts:
        clinic.one(acts[before], mine)
    assert in_error(clinic, mine).status == "entered-in-error"
    assert taken(clinic) == []
    with clinic.uow() as uow:
        sheet = operations.read_day(clinic.site.site_id, None, uow, clinic.clock)
        changes = operations.read_day_changes(clinic.site.site_id, None, token, uow, clinic.clock)
    assert (sheet["items"], changes["items"], changes["gone"]) == ([], [], [mine])


def test_the_history_says_who_did_what_when_and_where_it_stood(clinic: Any) -> None:
    """Seen red by: a change that writes no line; `from` read after the change."""
    mine = clinic.book(TEN).appointment_id
    command = commands.ConfirmAppointment(appointment_id=mine, by="patient")
    operations.confirm_appointment(command, clinic.uow(), clinic.clock)
    clinic.move(mine, TEN + HALF_HOUR)
    clinic.cancel(mine)
    found = history_of(clinic, mine)
    assert found["complete"] is True
    assert [(it["version"], it["step"], it["actor_kind"], it["actor_id"]) for it in found["changes"]] == [
        (1, "book", "user", "ann"),
        (2, "confirm", "user", "ann"),
        (3, "move", "user", "ann"),
        (4, "cancel", "user", "ann"),
    ]
    first, confirmed, moved, cancelled = found["changes"]
    assert first["before"] is None
    assert (confirmed["after"]["stage"], confirmed["after"]["status"]) == ("confirmed", "booked")
    assert confirmed["on_behalf_of"] == "patient"
    assert (moved["before"]["start_at"], moved["after"]["start_at"]) == (TEN, TEN + HALF_HOUR)
    assert (moved["before"]["stage"], moved["after"]["stage"]) == ("confirmed", "booked")
    assert (cancelled["reason"], cancelled["after"]["status"]) == ("asked", "cancelled")
    assert {it["changed_at"] for it in found["changes"]} == {NOW}


def test_a_step_that_is_refused_leaves_no_line_and_no_fact(clinic: Any) -> None:
    mine = clinic.book(TEN).appointment_id
    clinic.cancel(mine)
    with pytest.raises(AppointmentNotBooked) as refused:
        clinic.one(operations.check_in, mine)
    assert refused.value.details["can"] == ["reinstate", "enter-in-error"]
    assert len(history_of(clinic, mine)["changes"]) == 2
    assert len(told_types(clinic, mine)) == 2


def test_an_encounter_that_finishes_stands_in_the_history_as_the_services_own_step(clinic: Any) -> None:
    mine = clinic.one(operations.check_in, clinic.book(TEN).appointment_id)
    told(clinic, operations.follow_encounters, [encounter(mine, EncounterFinished, 2, "finished")])
    assert history_of(clinic, mine.appointment_id)["changes"][-1]["step"] == "fulfil"
    (row,) = rows(clinic, "SELECT encounter_id FROM appointments")
    assert row == (str(encounter_id_of(mine.arrival_id)),) or row == (encounter_id_of(mine.arrival_id),)


def test_the_history_of_another_site_is_not_there(clinic: Any) -> None:
    """Seen red by: a history read without its appointment."""
    mine = clinic.book(TEN).appointment_id
    with pytest.raises(NotFound):
        history_of(clinic, mine, sites=frozenset({new_id()}))


def test_a_line_of_history_can_be_neither_changed_nor_deleted_by_the_service(clinic: Any) -> None:
    """Seen red by: UPDATE granted on appointment_changes."""
    clinic.book(TEN)
    for statement in ("UPDATE appointment_changes SET reason = 'x'", "DELETE FROM appointment_changes"):
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            with closing(psycopg2.connect(clinic.urls.app)) as connection, connection.cursor() as cursor:
                cursor.execute(statement)


def test_a_step_on_a_version_that_is_not_the_present_one_is_stale(clinic: Any) -> None:
    mine = clinic.book(NOW)
    command = commands.OneAppointment(appointment_id=mine.appointment_id, version=99)
    for step in (operations.mark_noshow, operations.accept_appointment, operations.unconfirm_appointment):
        with pytest.raises(Stale):
            step(command, clinic.uow(), clinic.clock)


def test_a_step_on_another_sites_appointment_is_not_found(clinic: Any) -> None:
    mine = clinic.book(NOW)
    elsewhere = clinic.units.for_call(asker_of(sites=frozenset({new_id()})), action="test")
    with pytest.raises(NotFound):
        operations.mark_noshow(commands.OneAppointment(appointment_id=mine.appointment_id), elsewhere, clinic.clock)
