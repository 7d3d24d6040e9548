"""The clinic day at the public API: walk-ins of newcomers, papers, and what is asked of records first."""

from typing import Any

import pytest

from shared.calls.outcomes import CallRefused
from shared.ids import new_id
from tests.fix_gateway import Front
from tests.integration.gateway.test_routes import APPOINTMENT, commands

PRACTITIONER, TYPE = str(new_id()), str(new_id())


def walk_in(front: Front, **more: Any) -> dict[str, Any]:
    return {"site_id": str(front.site_id), "practitioner_id": PRACTITIONER, "appointment_type_id": TYPE, **more}


@pytest.mark.parametrize(("path", "command"), [("walk-in", "book_walk_in"), ("propose", "propose_appointment")])
def test_of_whom_scheduling_does_not_know_records_is_asked_before_the_time_is_taken(
    front: Front, path: str, command: str
) -> None:
    """The question is the access check (ADR 21). Seen red by: told without the patient being looked at."""
    patient_id = str(new_id())

    def book(_body: dict[str, Any]) -> dict[str, Any]:
        if not front.asked[-1][3].patients_seen:
            raise CallRefused("patient-unseen", 409, {})
        return APPOINTMENT

    front.answers |= {"records.patient_seen": {"patient_id": patient_id}, f"scheduling.{command}": book}
    body = walk_in(front, patient_id=patient_id, start_at="2026-11-24T15:00:00Z")
    answer = front.post(f"/v1/appointments/{path}", body, front.token())
    assert answer.status_code == 201
    asked = [name for name, _ in commands(front)]
    assert asked == [f"scheduling.{command}", "records.patient_seen", f"scheduling.{command}"]


def test_a_newcomer_walks_in_registered_under_a_derived_key_after_the_look_at_what_is_there(front: Front) -> None:
    patient_id, times = str(new_id()), [{"start_at": "2026-11-24T16:00:00Z", "end_at": "2026-11-24T16:30:00Z"}]
    front.answers |= {
        "scheduling.prepare_walk_in": {},
        "records.register_patient": {"patient_id": patient_id},
        "scheduling.book_walk_in": CallRefused("appointment-overlaps", 409, {"next_free_times": times}),
    }
    body = walk_in(front, new_patient={"given": "Maria", "family": "Lindqvist"})
    answer = front.post("/v1/appointments/walk-in", body, front.token(), headers={"Idempotency-Key": "w"})
    assert (answer.status_code, answer.json["details"]["patient_id"]) == (409, patient_id)
    assert commands(front) == [
        ("scheduling.prepare_walk_in", "w/book"),
        ("records.register_patient", "w/register"),
        ("scheduling.book_walk_in", "w/book-newcomer"),
    ]


@pytest.mark.parametrize("verb", ["undo-check-in", "enter-in-error"])
def test_what_records_knows_to_be_finished_is_neither_undone_nor_a_mistake(front: Front, verb: str) -> None:
    """Scheduling may not have heard of it yet. Seen red by: records not asked."""
    encounter_id = str(new_id())
    front.answers |= {
        "scheduling.appointment": {**APPOINTMENT, "encounter_id": encounter_id},
        "records.encounter": {"status": "finished"},
    }
    body = {"reason": "wrong patient"} if verb == "enter-in-error" else None
    answer = front.post(f"/v1/appointments/{new_id()}/{verb}", body, front.token())
    assert (answer.status_code, answer.json["slug"]) == (409, "visit-already-finished")
    assert not any(name.startswith(("scheduling.undo", "scheduling.enter")) for name, _ in commands(front))


def test_a_step_that_does_not_fit_says_what_does(front: Front) -> None:
    details = {"status": "cancelled", "stage": "cancelled", "can": ["reinstate", "enter-in-error"]}
    front.answers["scheduling.mark_noshow"] = CallRefused("appointment-not-booked", 409, details)
    answer = front.post(f"/v1/appointments/{new_id()}/no-show", None, front.token())
    assert (answer.status_code, answer.json["details"]) == (409, details)


def test_papers_are_pages_under_the_policy_of_all_our_pages(front: Front) -> None:
    """Seen red by: a paper without a policy."""
    front.answers["scheduling.day"] = {
        "site": {"name": "<b>Elm</b>"},
        "on": "2026-11-23",
        "zone": "America/New_York",
        "items": [],
    }
    answer = front.get(f"/v1/day/print?site_id={front.site_id}", front.token())
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "&lt;b&gt;Elm&lt;/b&gt;" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_history_names_the_login_of_who_changed_something(front: Front) -> None:
    """Accounts are the gateway's own. Seen red by: logins not asked for."""
    me = front.get("/v1/me", front.token()).json
    changes = [
        {"version": 1, "step": "book", "actor_kind": "user", "actor_id": me["account_id"]},
        {"version": 2, "step": "check-in", "actor_kind": "user", "actor_id": str(new_id())},
        {"version": 3, "step": "fulfil", "actor_kind": "service", "actor_id": "scheduling"},
    ]
    front.answers["scheduling.appointment_history"] = {"changes": changes}
    answer = front.get(f"/v1/appointments/{new_id()}/history", front.token())
    assert [it["actor_login"] for it in answer.json["changes"]] == [me["login"], None, None]
