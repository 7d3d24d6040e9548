"""Read copies can be made anew from the outboxes, and come out as they were."""

import pytest
from fix_desk import answer
from rebuilding import unlike_when_rebuilt

# What is found, and what plants and undoes it.
PLANTED = {
    "patients of scheduling": ("UPDATE patients SET version = version + {} WHERE patient_id = %(patient_id)s"),
    "appointments of records": ("UPDATE appointments SET version = version + {} WHERE arrival_id = %(arrival_id)s"),
    "encounters of billing": ("UPDATE encounters SET version = version + {} WHERE arrival_id = %(arrival_id)s"),
    "patient_numbers of notifications": (
        "UPDATE patient_numbers SET place = place + {} WHERE patient_id = %(patient_id)s"
    ),
}


@pytest.fixture
def visits(desk):
    """One finished of a patient whose name was mended twice, one moved, one whose check-in was undone."""
    diary = desk.diary(lanes=2)
    arrived = desk.act(desk.book(diary, 0, desk.insured()), "check-in")
    desk.finish(arrived["encounter_id"])
    for given in ("Vanda", "Vaniya"):
        assert answer(desk.session(), "PATCH", f"/v1/patients/{arrived['patient_id']}", {"given": given}).status == 200
    desk.act(desk.book(diary, 1), "move", {"start_at": diary.start(2)})
    undone = desk.book(diary, 3)
    desk.act(undone, "check-in")
    desk.act(undone, "undo-check-in")
    desk.settle()
    return arrived


def test_read_copies_made_anew_from_the_outboxes_are_as_they_were(desk, visits):
    """In any order, some events twice. Seen red by: scheduling keeps a patient's condition that is older, too."""
    assert unlike_when_rebuilt(desk, seed=4) == []


def test_a_read_copy_that_is_not_what_its_events_say_is_found(desk, visits):
    ids = {name: visits[name] for name in ("patient_id", "arrival_id")}
    for what, change in PLANTED.items():
        desk.rows(what.rpartition(" ")[2], change.format(1), **ids)
    try:
        found = unlike_when_rebuilt(desk, seed=5)
    finally:
        for what, change in PLANTED.items():
            desk.rows(what.rpartition(" ")[2], change.format(-1), **ids)
    assert [fault.partition(" rebuilt")[0] for fault in found] == list(PLANTED)
