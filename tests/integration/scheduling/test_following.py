"""What other services tell, in any order and more than once, ends in the same rows."""

from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg2
import pytest
from fix_scheduling import rows
from fix_told import as_event, orders_with_duplicates

from services.scheduling import operations
from services.scheduling.domain.errors import VisitAlreadyFinished
from shared.events.base import Condition
from shared.events.notifications import TextFailed, TextSent, TextSkipped
from shared.events.records import (
    ConsentChanged,
    CoverageUpdated,
    EncounterFinished,
    EncounterOpened,
    EncounterVoided,
    PatientRegistered,
    PatientUpdated,
)
from shared.ids import encounter_id_of, new_id

TEN = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
COPIES = {
    "patients": "SELECT patient_id, version, given, family, birth_on FROM patients ORDER BY 1",
    "texts": "SELECT text_id, version, appointment_id, kind, status, reason, told_at FROM texts ORDER BY 1",
    "appointments": "SELECT appointment_id, status, arrival_id, encounter_id, version FROM appointments ORDER BY 1",
    "bookings": "SELECT appointment_id, start_at, lane FROM bookings ORDER BY 1",
}


def told(clinic: Any, follow: Callable[..., None], *batches: Sequence[Condition]) -> None:
    """Each batch in a transaction of its own, as the messaging layer does it."""
    for batch in batches:
        with clinic.uow() as uow:
            follow([as_event(each, uow.network_id) for each in batch], uow, clinic.clock)
            uow.commit()


def patient_history(patient_id: UUID) -> list[Condition]:
    def as_told(kind: Any, version: int, family: str) -> Condition:
        lists = {"phones": (), "consents": (), "coverages": ()}
        return kind(patient_id=patient_id, version=version, given="Quillon", family=family, birth_on=None, **lists)

    return [
        as_told(PatientRegistered, 1, "Zephyrine"),
        as_told(PatientUpdated, 2, "Zephyr"),
        as_told(ConsentChanged, 3, "Zephyr"),
        as_told(CoverageUpdated, 4, "Zephyrs"),
    ]


def text_history(clinic: Any, appointment_id: UUID) -> list[Condition]:
    def as_told(kind: Any, text_id: UUID, version: int, status: str) -> Condition:
        return kind(
            text_id=text_id,
            appointment_id=appointment_id,
            patient_id=UUID(int=8),
            site_id=clinic.site.site_id,
            kind="booked",
            status=status,
            reason="no-consent" if status == "skipped" else None,
            changed_at=TEN + timedelta(minutes=version),
            version=version,
        )

    first, second = UUID(int=1), UUID(int=2)
    return [
        as_told(TextFailed, first, 3, "unknown"),
        as_told(TextSent, first, 4, "accepted"),
        as_told(TextSkipped, second, 5, "skipped"),
    ]


def encounter(appointment: Any, kind: Any, version: int, status: str, arrival_id: UUID | None = None) -> Condition:
    arrival = arrival_id or appointment.arrival_id
    return kind(
        encounter_id=encounter_id_of(arrival),
        appointment_id=appointment.appointment_id,
        arrival_id=arrival,
        patient_id=appointment.patient_id,
        site_id=appointment.site_id,
        practitioner_id=appointment.practitioner_id,
        status=status,
        started_at=TEN,
        finished_at=TEN if status == "finished" else None,
        diagnoses=(),
        procedures=(),
        version=version,
    )


def state(clinic: Any, *tables: str) -> dict[str, list[tuple[Any, ...]]]:
    return {table: rows(clinic, COPIES[table]) for table in tables}


@pytest.mark.requirement("3c")
@pytest.mark.requirement("3d")
def test_any_order_of_a_patients_history_with_duplicates_leaves_the_newest_name(clinic: Any) -> None:
    """Seen red by: leaving out `known.version < excluded.version`."""
    for order in orders_with_duplicates([0, 1, 2, 3]):
        history = patient_history(new_id())
        told(clinic, operations.follow_patients, *([history[each]] for each in order))
    in_one_batch = patient_history(new_id())
    told(clinic, operations.follow_patients, in_one_batch[::-1] + in_one_batch)
    assert {(row[1], row[3]) for row in state(clinic, "patients")["patients"]} == {(4, "Zephyrs")}


@pytest.mark.requirement("3d")
def test_any_order_of_the_texts_of_an_appointment_ends_in_the_same_day_sheet(clinic: Any) -> None:
    """Seen red by: ordering the texts of an appointment by when they came."""
    appointment = clinic.book(TEN)
    shown = set()
    for order in orders_with_duplicates(text_history(clinic, appointment.appointment_id)):
        with closing(psycopg2.connect(clinic.urls.admin)) as connection, connection.cursor() as cursor:
            cursor.execute("DELETE FROM texts")
            connection.commit()
        told(clinic, operations.follow_texts, *([each] for each in order))
        with clinic.uow() as uow:
            (item,) = operations.read_day(clinic.site.site_id, None, uow, clinic.clock)["items"]
        shown.add((str(state(clinic, "texts")), item["text"]["status"], item["text"]["reason"]))
    assert {each[1:] for each in shown} == {("skipped", "no-consent")}
    assert len(shown) == 1


@pytest.mark.requirement("3c")
@pytest.mark.requirement("3d")
def test_any_order_of_an_encounters_history_fulfils_the_appointment_once(clinic: Any) -> None:
    """Seen red by: fulfilling again what is fulfilled."""
    orders = list(orders_with_duplicates(["opened", "voided", "finished"]))
    ends = set()
    for turn, order in enumerate(orders):
        booked = clinic.book(TEN + timedelta(minutes=30 * turn))
        here = clinic.one(operations.check_in, booked.appointment_id)
        history = {
            "opened": encounter(here, EncounterOpened, 1, "in-progress"),
            "voided": encounter(here, EncounterVoided, 2, "entered-in-error"),
            "finished": encounter(here, EncounterFinished, 3, "finished"),
        }
        told(clinic, operations.follow_encounters, *([history[each]] for each in order))
        events = rows(
            clinic, f"SELECT type FROM outbox WHERE aggregate_id = '{booked.appointment_id}' ORDER BY version"
        )
        (end,) = [row[1::3] for row in state(clinic, "appointments")["appointments"] if row[0] == booked.appointment_id]
        ends.add((end, tuple(events)))
    assert ends == {(("fulfilled", 3), (("appointment-booked",), ("appointment-arrived",), ("appointment-fulfilled",)))}


def test_a_finished_encounter_wins_over_a_check_in_that_was_undone_meanwhile(clinic: Any) -> None:
    """Seen red by: fulfilling only what is arrived."""
    booked = clinic.book(TEN)
    here = clinic.one(operations.check_in, booked.appointment_id)
    clinic.one(operations.undo_check_in, booked.appointment_id)
    told(clinic, operations.follow_encounters, [encounter(here, EncounterFinished, 2, "finished")])
    (row,) = state(clinic, "appointments")["appointments"]
    assert row[1] == "fulfilled"
    assert row[3] == encounter_id_of(here.arrival_id)
    with pytest.raises(VisitAlreadyFinished):
        clinic.one(operations.undo_check_in, booked.appointment_id)


def test_two_finished_encounters_of_one_appointment_end_alike_in_either_order(clinic: Any) -> None:
    """The first check-in was undone here and finished there; the second was finished too."""
    ends = []
    for turn in (0, 1):
        booked = clinic.book(TEN + timedelta(minutes=30 * turn))
        first = clinic.one(operations.check_in, booked.appointment_id).arrival_id
        clinic.one(operations.undo_check_in, booked.appointment_id)
        second = clinic.one(operations.check_in, booked.appointment_id)
        both = [encounter(second, EncounterFinished, 2, "finished", arrival) for arrival in (first, second.arrival_id)]
        told(clinic, operations.follow_encounters, *([each] for each in both[:: 1 - 2 * turn]))
        ends.append(
            rows(
                clinic,
                "SELECT status, version, encounter_id IS NOT NULL FROM appointments"
                f" WHERE appointment_id = '{booked.appointment_id}'",
            )
        )
    assert ends[0] == ends[1] == [("fulfilled", 5, True)]


def test_a_name_and_a_text_that_come_later_are_changes_of_the_day(clinic: Any) -> None:
    """Seen red by: asking only the appointments' own changes."""
    patient_id = new_id()
    appointment = clinic.book(TEN, patient_id)
    with clinic.uow() as uow:
        sheet = operations.read_day(clinic.site.site_id, None, uow, clinic.clock)
    assert [item["patient"] for item in sheet["items"]] == [None]
    told(clinic, operations.follow_patients, patient_history(patient_id))
    with clinic.uow() as uow:
        named = operations.read_day_changes(clinic.site.site_id, None, int(sheet["after"]), uow, clinic.clock)
    assert [item["patient"]["family"] for item in named["items"]] == ["Zephyrs"]
    told(clinic, operations.follow_texts, text_history(clinic, appointment.appointment_id))
    with clinic.uow() as uow:
        texted = operations.read_day_changes(clinic.site.site_id, None, int(named["after"]), uow, clinic.clock)
    assert [item["text"]["status"] for item in texted["items"]] == ["skipped"]


def test_an_appointment_that_leaves_the_day_is_named_as_gone(clinic: Any) -> None:
    appointment = clinic.book(TEN)
    with clinic.uow() as uow:
        token = int(operations.read_day(clinic.site.site_id, None, uow, clinic.clock)["after"])
    clinic.move(appointment.appointment_id, TEN + timedelta(days=2))
    with clinic.uow() as uow:
        changes = operations.read_day_changes(clinic.site.site_id, None, token, uow, clinic.clock)
    assert (changes["items"], changes["gone"]) == ([], [appointment.appointment_id])
