"""From a check-in to a finished encounter, in whatever order the facts come."""

from dataclasses import replace
from uuid import UUID

import pytest
from fix_records import RecordsDesk, booked, told_as
from fix_told import NOW, as_event, orders_with_duplicates

from services.records.domain.commands import FinishEncounter
from services.records.domain.errors import EncounterAlreadyFinished, EncounterVoided, PointerWithoutDiagnosis
from services.records.operations import finish_encounter
from shared.errors import Forbidden, NotFound, Stale
from shared.events.records import Coding, Procedure
from shared.events.scheduling import (
    AppointmentArrivalUndone,
    AppointmentArrived,
    AppointmentCancelled,
    AppointmentCondition,
    AppointmentEnteredInError,
    AppointmentFulfilled,
    AppointmentNoshowed,
    AppointmentProgressed,
    AppointmentRescheduled,
)
from shared.ids import encounter_id_of, new_id

ICD, CPT = "http://hl7.org/fhir/sid/icd-10-cm", "http://www.ama-assn.org/go/cpt"


def history(records: RecordsDesk, patient_id: UUID) -> list[AppointmentCondition]:
    """Booked, arrived by mistake, undone, given to another practitioner, arrived again."""
    first = booked(patient_id, records.site_id)
    arrived = told_as(AppointmentArrived, first, status="arrived", arrival_id=new_id(), arrived_at=NOW)
    undone = told_as(AppointmentArrivalUndone, arrived, status="booked")
    moved = told_as(AppointmentRescheduled, undone, practitioner_id=new_id())
    again = told_as(AppointmentArrived, moved, status="arrived", arrival_id=new_id())
    return [first, arrived, undone, moved, again]


def test_a_check_in_opens_one_encounter_however_often_it_is_told(records: RecordsDesk) -> None:
    arrived = records.arrived(records.register().patient_id)
    records.hear(arrived)
    records.hear(arrived, arrived)
    (row,) = records.rows("SELECT encounter_id, started_at FROM encounters")
    assert UUID(str(row["encounter_id"])) == encounter_id_of(arrived.arrival_id or new_id())
    assert row["started_at"] == NOW
    assert records.events() == [("patient-registered", 1), ("encounter-opened", 1)]


@pytest.mark.requirement("3b")
def test_every_order_of_an_appointments_history_with_duplicates_ends_in_the_same_rows(records: RecordsDesk) -> None:
    """Seen red by: old versions passed over; ids from new_id()."""
    patient_id = records.register().patient_id
    facts = history(records, patient_id)
    ends = []
    for order in orders_with_duplicates(facts):
        for fact in order:
            records.hear(fact)
        ends.append(state(records))
        forget(records)
    assert len(ends) == 120
    assert all(end == ends[0] for end in ends)
    first, second = facts[1], facts[4]
    assert sorted(records_of(ends[0])) == sorted(
        [(str(first.arrival_id), "entered-in-error", 2), (str(second.arrival_id), "in-progress", 1)]
    )


def test_a_lost_copy_of_an_appointment_hides_no_encounter_of_it(records: RecordsDesk) -> None:
    """Until the copy is made anew the next fact finds none. Seen red by: no encounters asked for where no copy is."""
    arrived = records.arrived(records.register().patient_id)
    records.hear(arrived)
    records.change("DELETE FROM appointments")
    records.hear(told_as(AppointmentArrivalUndone, arrived, status="booked"))
    assert [(status, version) for _, status, version in records.encounters()] == [("entered-in-error", 2)]


@pytest.mark.requirement("3b")
def test_a_history_that_comes_in_batches_of_any_cut_ends_in_the_same_rows(records: RecordsDesk) -> None:
    """Seen red by: only the newest fact of a batch opens encounters."""
    facts = history(records, records.register().patient_id)
    ends = []
    for order in list(orders_with_duplicates(facts))[::7]:
        for cut in range(len(order)):
            for batch in (order[:cut], order[cut:]):
                if batch:
                    records.hear(*batch)
            ends.append(state(records))
            forget(records)
    assert all(end == ends[0] for end in ends)


def test_a_cancelled_appointment_leaves_no_encounter_open(records: RecordsDesk) -> None:
    """Effects come from the condition: the undoing may be the fact that was lost in the shuffle."""
    arrived = records.arrived(records.register().patient_id)
    cancelled = told_as(AppointmentCancelled, arrived, version=4, status="cancelled", cancelled_at=NOW)
    records.hear(arrived)
    records.hear(cancelled)
    assert records.encounters() == [(arrived.arrival_id, "entered-in-error", 2)]


@pytest.mark.requirement("3b")
def test_an_arrival_that_was_entered_in_error_leaves_no_encounter_open_in_any_order(records: RecordsDesk) -> None:
    """As an undone check-in does. Seen red by: entered-in-error counted among what holds a check-in."""
    first = booked(records.register().patient_id, records.site_id)
    arrived = told_as(AppointmentArrived, first, status="arrived", arrival_id=new_id(), arrived_at=NOW)
    started = told_as(AppointmentProgressed, arrived, in_room_at=NOW)
    mistaken = told_as(AppointmentEnteredInError, started, status="entered-in-error")
    for order in orders_with_duplicates([first, arrived, started, mistaken]):
        for fact in order:
            records.hear(fact)
        assert [status for _, status, _ in records.encounters()] == ["entered-in-error"]
        with pytest.raises(EncounterVoided):
            records.finish(encounter_id_of(arrived.arrival_id or new_id()))
        forget(records)


def test_a_walk_in_opens_its_encounter_by_its_first_fact(records: RecordsDesk) -> None:
    arrived = records.arrived(records.register().patient_id, version=1, walk_in=True)
    records.hear(arrived)
    assert records.encounters() == [(arrived.arrival_id, "in-progress", 1)]


@pytest.mark.parametrize("status", ["proposed", "booked", "noshow"])
def test_who_was_never_here_has_no_encounter(records: RecordsDesk, status: str) -> None:
    """Seen red by: noshow counted as here."""
    records.hear(told_as(AppointmentNoshowed, booked(records.register().patient_id, records.site_id), status=status))
    assert records.encounters() == []


def test_a_finished_encounter_stays_finished_whatever_is_undone(records: RecordsDesk) -> None:
    """Seen red by: voided() without its check of the status."""
    arrived = records.arrived(records.register().patient_id)
    records.hear(arrived)
    records.finish(encounter_id_of(arrived.arrival_id or new_id()))
    records.hear(told_as(AppointmentArrivalUndone, arrived, status="booked"))
    assert records.encounters() == [(arrived.arrival_id, "finished", 2)]
    assert records.events()[-1] == ("encounter-finished", 2)


def test_a_visit_that_was_finished_while_its_check_in_was_undone_is_not_billed_again(records: RecordsDesk) -> None:
    """Scheduling has not heard of the finishing and checks in anew. Seen red by: `is_over` left out."""
    arrived = records.arrived(records.register().patient_id)
    records.hear(arrived)
    records.finish(encounter_id_of(arrived.arrival_id or new_id()))
    undone = told_as(AppointmentArrivalUndone, arrived, status="booked")
    again = told_as(AppointmentArrived, undone, status="arrived", arrival_id=new_id())
    records.hear(undone, again)
    with pytest.raises(EncounterVoided):
        records.finish(encounter_id_of(again.arrival_id or new_id()))
    assert sorted(status for _, status, _ in records.encounters()) == ["entered-in-error", "finished"]
    records.hear(told_as(AppointmentFulfilled, again, status="fulfilled", arrival_id=arrived.arrival_id))
    assert sorted(status for _, status, _ in records.encounters()) == ["entered-in-error", "finished"]


def opened(records: RecordsDesk) -> UUID:
    arrived = records.arrived(records.register().patient_id)
    records.hear(arrived)
    return encounter_id_of(arrived.arrival_id or new_id())


def test_finishing_keeps_the_codes_and_tells_them_with_the_patients_version(records: RecordsDesk) -> None:
    encounter_id = opened(records)
    codes = {
        "diagnoses": (Coding(system=ICD, code="J06.9"),),
        "procedures": (Procedure(system=CPT, code="99213", units=1, diagnosis_pointers=(1,)),),
    }
    finished = records.finish(encounter_id, **codes)
    assert (finished.status, finished.finished_at, finished.patient_version) == ("finished", NOW, 1)
    stored = records.ask("encounter", {"encounter_id": encounter_id})
    assert stored["procedures"] == [
        {"system": CPT, "code": "99213", "units": 1, "diagnosis_pointers": [1], "amount_cents": None}
    ]
    (row,) = records.rows("SELECT data FROM outbox WHERE type = 'encounter-finished'")
    assert row["data"]["patient_version"] == 1
    assert "99213" not in str(row["data"])


def test_only_who_may_set_fees_states_the_price_of_a_line(records: RecordsDesk) -> None:
    """Seen red by: the price taken from everybody who may finish."""
    stated = Procedure(system=CPT, code="99213", units=1, diagnosis_pointers=(), amount_cents=4_205)
    command = FinishEncounter(encounter_id=opened(records), diagnoses=(), procedures=(stated,))
    with pytest.raises(Forbidden):
        records.do(command)
    may = replace(records.asker(), scopes=frozenset({"fees:write"}))
    uow = records.units.for_call(may, action="finish_encounter")
    assert finish_encounter(command, uow, records.clock).procedures == (stated,)
    stored = records.ask("encounter", {"encounter_id": command.encounter_id})
    assert stored["procedures"][0]["amount_cents"] == 4_205


def test_a_finished_encounter_is_final(records: RecordsDesk) -> None:
    encounter_id = opened(records)
    records.finish(encounter_id)
    with pytest.raises(EncounterAlreadyFinished):
        records.finish(encounter_id)


def test_an_undone_check_in_cannot_be_finished(records: RecordsDesk) -> None:
    arrived = records.arrived(records.register().patient_id)
    records.hear(arrived, told_as(AppointmentArrivalUndone, arrived, status="booked"))
    with pytest.raises(EncounterVoided):
        records.finish(encounter_id_of(arrived.arrival_id or new_id()))


@pytest.mark.parametrize("pointers", [(0,), (2,), (1, 2)])
def test_a_pointer_to_no_diagnosis_is_refused_by_its_place(records: RecordsDesk, pointers: tuple[int, ...]) -> None:
    """Seen red by: range(len(diagnoses) + 1)."""
    procedure = Procedure(system=CPT, code="99213", units=1, diagnosis_pointers=pointers)
    with pytest.raises(PointerWithoutDiagnosis) as refused:
        records.finish(opened(records), diagnoses=(Coding(system=ICD, code="J06.9"),), procedures=(procedure,))
    assert refused.value.errors[0]["field"] == "procedures.0.diagnosis_pointers"


def test_another_version_is_refused_and_another_sites_encounter_is_not_there(records: RecordsDesk) -> None:
    encounter_id = opened(records)
    with pytest.raises(Stale):
        records.finish(encounter_id, version=7)
    with pytest.raises(NotFound):
        records.do(FinishEncounter(encounter_id=encounter_id, diagnoses=(), procedures=()), records.other_site_id)
    with pytest.raises(NotFound):
        records.ask("encounter", {"encounter_id": encounter_id}, records.other_site_id)


def test_another_networks_rows_are_not_there(records: RecordsDesk) -> None:
    """Seen red by: the policy of encounters dropped."""
    arrived = records.arrived(records.register().patient_id)
    records.hear(arrived)
    with records.units.for_network(new_id()) as uow:
        assert uow.sql.all("encounters-of-appointments", appointment_ids=[arrived.appointment_id]) == []
        assert uow.sql.all("ids-with-number", number="+12025550100") == []


def test_an_event_of_an_unknown_patient_is_not_swallowed(records: RecordsDesk) -> None:
    """The batch fails, the messaging layer takes it one by one and parks it for a person."""
    with pytest.raises(Exception, match="patient_sites_patient_id_fkey"):
        records.hear(as_event(records.arrived(new_id()), records.network_id))


def state(records: RecordsDesk) -> dict[str, list[dict[str, object]]]:
    tables = {"appointments": "appointment_id", "encounters": "encounter_id", "patient_sites": "patient_id, site_id"}
    found = {table: records.rows(f"SELECT * FROM {table} ORDER BY {key}") for table, key in tables.items()}
    of_encounters = "SELECT type, aggregate_id, version FROM outbox WHERE aggregate_type = 'encounter'"
    found["told"] = records.rows(f"{of_encounters} ORDER BY aggregate_id, version")
    return found


def records_of(end: dict[str, list[dict[str, object]]]) -> list[tuple[str, object, object]]:
    return [(str(row["arrival_id"]), row["status"], row["version"]) for row in end["encounters"]]


def forget(records: RecordsDesk) -> None:
    records.change("TRUNCATE appointments, encounters, outbox")
