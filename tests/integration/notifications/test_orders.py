"""Every order of a history, with duplicates, ends in the same rows."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from fix_notifications import NOW, TOMORROW, Desk, patient_with, told, visit_of

from services.notifications.domain.visits import Telling
from services.notifications.operations import follow_appointments, follow_patients
from shared.events.envelope import Event
from shared.events.scheduling import AppointmentCondition
from shared.ids import new_id

TABLES = ("appointments", "tellings", "texts", "tasks", "patients", "patient_numbers")
NINE, TEN = TOMORROW, TOMORROW + timedelta(hours=1)
OAK = new_id()

HISTORIES: dict[str, list[dict[str, Any]]] = {
    "booked, moved, cancelled, reinstated": [{}, {"start_at": TEN}, {"status": "cancelled"}, {"status": "booked"}],
    "booked, cancelled": [{}, {"status": "cancelled"}],
    "booked, moved, moved back, arrived, undone": [
        {},
        {"start_at": TEN},
        {"start_at": NINE},
        {"status": "arrived"},
        {"status": "booked"},
    ],
    "proposed, moved, booked, confirmed": [
        {"status": "proposed"},
        {"start_at": TEN},
        {"status": "booked"},
        {"confirmed_at": NOW, "confirmed_by": "patient"},
    ],
    "booked, missed, expected again, entered in error": [
        {},
        {"status": "noshow"},
        {"status": "booked"},
        {"status": "entered-in-error"},
    ],
    "booked, moved to another site, arrived": [{}, {"site_id": OAK}, {"status": "arrived"}],
    "booked, moved, arrived, fulfilled": [{}, {"start_at": TEN}, {"status": "arrived"}, {"status": "fulfilled"}],
}
TOLD = {
    "nothing was told": Telling(appointment_id=new_id()),
    "nine was told": Telling(appointment_id=new_id()).after_telling("booked", NINE),
    "the cancellation was told": Telling(appointment_id=new_id())
    .after_telling("booked", NINE)
    .after_telling("cancelled", NINE),
    "nine was skipped": Telling(appointment_id=new_id()).after_passing("booked", NINE),
}


def history_of(desk: Desk, changes: Sequence[dict[str, Any]]) -> list[Event[AppointmentCondition]]:
    visit, facts = visit_of(new_id(), desk.site_id), []
    for version, change in enumerate(changes, start=1):
        visit = replace(visit, version=version, **change)
        facts.append(told(visit, desk.network_id, NOW + timedelta(minutes=version)))
    return facts


def with_duplicates(order: Sequence[Any]) -> Iterator[list[Any]]:
    """Each once; each twice in a row; all, and all again backwards."""
    yield list(order)
    yield [fact for fact in order for _ in range(2)]
    yield [*order, *reversed(order)]


def rows_after(desk: Desk, follow: Any, batches: Sequence[Sequence[Event[Any]]], telling: Telling | None = None) -> Any:
    """What the tables hold after these batches; everything is rolled back."""
    with desk.units.for_network(desk.network_id) as uow:
        if telling:
            uow.texts.keep_tellings([replace(telling, appointment_id=batches[0][0].subject)])
        for batch in batches:
            follow(batch, uow, desk.clock)
        with uow.connection.cursor() as cursor:
            found = {}
            for table in TABLES:
                cursor.execute(f"SELECT * FROM {table}")
                found[table] = sorted(str(dict(row)) for row in cursor.fetchall())
        return found


@pytest.mark.requirement("3c")
@pytest.mark.requirement("3d")
@pytest.mark.requirement("3e")
@pytest.mark.parametrize("telling", TOLD.values(), ids=TOLD.keys())
@pytest.mark.parametrize("changes", HISTORIES.values(), ids=HISTORIES.keys())
def test_every_order_of_an_appointments_events_ends_in_the_same_rows(
    notifications: Desk, changes: list[dict[str, Any]], telling: Telling
) -> None:
    """Seen red by: `keep-appointments` without its WHERE; `keep-due` that leaves an earlier due_at."""
    history = history_of(notifications, changes)
    expected = rows_after(notifications, follow_appointments, [[fact] for fact in history], telling)
    for order in permutations(history):
        for facts in with_duplicates(order):
            one_by_one = [[fact] for fact in facts]
            assert rows_after(notifications, follow_appointments, one_by_one, telling) == expected
            assert rows_after(notifications, follow_appointments, [facts], telling) == expected


def test_every_order_of_a_patients_events_ends_in_the_same_rows(notifications: Desk) -> None:
    """Seen red by: `keep-patients` without its WHERE."""
    patient_id = new_id()
    conditions = [
        patient_with(None, None, 1, patient_id),
        patient_with("+12025550100", None, 2, patient_id),
        patient_with("+12025550100", True, 3, patient_id),
        patient_with("+12025550111", False, 4, patient_id),
    ]
    history = [told(condition, notifications.network_id) for condition in conditions]
    expected = rows_after(notifications, follow_patients, [[fact] for fact in history])
    assert len(expected["patient_numbers"]) == 1
    for order in permutations(history):
        for facts in with_duplicates(order):
            assert rows_after(notifications, follow_patients, [[fact] for fact in facts]) == expected
            assert rows_after(notifications, follow_patients, [facts]) == expected


def test_all_events_again_after_the_text_was_sent_make_nothing_due(notifications: Desk) -> None:
    history = history_of(notifications, HISTORIES["booked, moved, cancelled, reinstated"])
    notifications.hear(patient_with(patient_id=history[0].data.patient_id))
    notifications.hear(*history)
    notifications.clock.instant = history[-1].time
    notifications.send()
    for fact in [*history, *reversed(history)]:
        notifications.hear(fact)
        notifications.send()
    assert notifications.texts() == [("booked", "accepted", None)]
    assert len(notifications.bodies()) == 1
