"""The life of an appointment through all services: what notifications, records and billing make of new statuses."""

from typing import Any

import pytest
from fix_desk import COUGH, Desk

from cli.api import ApiRefused


def test_a_proposal_is_texted_of_when_it_is_accepted_and_not_before(desk: Desk) -> None:
    """Seen red by: a proposal counted as booked."""
    diary, patient = desk.diary(), desk.register()
    offered = propose(desk, diary.body(0, patient_id=patient["patient_id"]))
    moved = desk.session().post(f"/v1/appointments/{offered['appointment_id']}/move", {"start_at": diary.start(3)})
    assert moved["status"] == "proposed"
    desk.act(offered, "accept")
    desk.wait_until(lambda: desk.texts(offered) == [("booked", "accepted", None)])


def test_an_arrival_that_was_entered_in_error_closes_its_encounter_and_is_billed_nowhere(desk: Desk) -> None:
    """Seen red by: records that keep the encounter of a mistake open."""
    mistaken = desk.book(desk.diary(), 0)
    arrived = desk.act(mistaken, "check-in")
    encounter = f"/v1/encounters/{arrived['encounter_id']}"
    manager = desk.session("manager")
    desk.wait_until(lambda: encounter_status(desk, encounter) == "in-progress")
    manager.post(f"/v1/appointments/{mistaken['appointment_id']}/enter-in-error", {"reason": "wrong patient"})
    desk.wait_until(lambda: encounter_status(desk, encounter) == "entered-in-error")
    with pytest.raises(ApiRefused) as refused:
        manager.post(f"{encounter}/finish", COUGH)
    assert refused.value.slug == "encounter-voided"
    shown = [it["appointment_id"] for it in manager.get("/v1/day", site_id=mistaken["site_id"])["items"]]
    assert mistaken["appointment_id"] not in shown
    assert manager.get("/v1/claims", encounter_id=arrived["encounter_id"])["items"] == []


def test_a_visit_that_records_knows_to_be_finished_is_no_mistake_any_more(desk: Desk) -> None:
    seen = desk.book(desk.diary(), 0)
    arrived = desk.act(seen, "check-in")
    encounter = f"/v1/encounters/{arrived['encounter_id']}"
    desk.wait_until(lambda: encounter_status(desk, encounter) == "in-progress")
    desk.session("clinician").post(f"{encounter}/finish", COUGH)
    with pytest.raises(ApiRefused) as refused:
        desk.session().post(f"/v1/appointments/{seen['appointment_id']}/enter-in-error", {"reason": "no"})
    assert refused.value.slug == "visit-already-finished"


def test_a_step_that_does_not_fit_says_what_the_appointment_is_and_what_can_be_done(desk: Desk) -> None:
    booked = desk.book(desk.diary(), 0)
    with pytest.raises(ApiRefused) as refused:
        desk.act(booked, "undo-no-show")
    assert refused.value.slug == "appointment-not-noshow"
    details = refused.value.problem["details"]
    assert (details["status"], details["stage"]) == ("booked", "booked")
    assert "check-in" in details["can"]


def propose(desk: Desk, body: dict[str, Any]) -> dict[str, Any]:
    return desk.session().post("/v1/appointments/propose", body)


def encounter_status(desk: Desk, path: str) -> str:
    try:
        return str(desk.session("manager").get(path).get("status"))
    except ApiRefused:
        return "none"
