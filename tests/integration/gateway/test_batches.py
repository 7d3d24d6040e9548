"""Many of one operation in one request: each item is answered as it would be alone."""

from typing import Any

from shared.calls.outcomes import CallRefused, CallUnknown
from shared.ids import new_id
from tests.fix_gateway import Front

Json = dict[str, Any]
APPOINTMENT = {"appointment_id": str(new_id()), "version": 1, "status": "booked", "internal": "never shown"}
BOOK = "/v1/appointments/batch"


def booking(front: Front, key: str, patient_id: str, **more: Any) -> Json:
    ids = {"practitioner_id": str(new_id()), "appointment_type_id": str(new_id()), "patient_id": patient_id}
    return {"key": key, "site_id": str(front.site_id), **ids, "start_at": "2026-11-24T10:00:00-05:00", **more}


def sees(front: Front, *patients: str) -> None:
    front.answers["records.patients_seen"] = lambda _: {"patient_ids": list(patients)}


def told(items: list[Json]) -> list[tuple[str, int, str]]:
    return [(each["key"], each["status"], each.get("problem", {}).get("slug", "")) for each in items]


def test_each_item_is_booked_under_its_own_key_and_answered_like_a_booking(front: Front) -> None:
    """Seen red by: the batch's own key used for its items."""
    patients = [str(new_id()) for _ in range(3)]
    sees(front, *patients)
    front.answers["scheduling.book_appointment"] = lambda body: {**APPOINTMENT, "patient_id": body["patient_id"]}
    items = [booking(front, f"k-{place}", patient) for place, patient in enumerate(patients)]
    answer = front.post(BOOK, {"items": items}, front.token())
    assert answer.status_code == 200
    assert told(answer.json["items"]) == [("k-0", 201, ""), ("k-1", 201, ""), ("k-2", 201, "")]
    assert [each["body"]["patient_id"] for each in answer.json["items"]] == patients
    assert "internal" not in answer.json["items"][0]["body"]
    booked = [(key, body["start_at"]) for _, name, body, _, key in front.asked if name == "book_appointment"]
    assert booked == [(f"k-{place}/book", "2026-11-24T15:00:00Z") for place in range(3)]


def test_a_patient_or_a_site_that_is_not_hers_costs_no_other_item(front: Front) -> None:
    """Seen red by: booking without asking records; a site that nobody looked at."""
    hers, strangers = str(new_id()), str(new_id())
    sees(front, hers)
    front.answers["scheduling.book_appointment"] = APPOINTMENT
    items = [
        booking(front, "a", strangers),
        booking(front, "b", hers, site_id=str(front.other_site_id)),
        booking(front, "c", hers),
    ]
    answer = front.post(BOOK, {"items": items}, front.token())
    assert told(answer.json["items"]) == [("a", 404, "not-found"), ("b", 404, "not-found"), ("c", 201, "")]
    one, other = (each["problem"] for each in answer.json["items"][:2])
    assert one == other
    assert front.audit("book_appointments") == ["denied"]
    assert [key for _, name, _, _, key in front.asked if name == "book_appointment"] == ["c/book"]


def test_a_refusal_keeps_its_reason_and_its_details(front: Front) -> None:
    patient = str(new_id())
    sees(front, patient)
    front.answers["scheduling.book_appointment"] = CallRefused("appointment-overlaps", 409, {"next_free_times": []})
    (item,) = front.post(BOOK, {"items": [booking(front, "a", patient)]}, front.token()).json["items"]
    assert (item["status"], item["problem"]["slug"]) == (409, "appointment-overlaps")
    assert item["problem"]["details"] == {"next_free_times": []}
    assert "body" not in item


def test_fields_that_are_wrong_make_a_wrong_request_and_nothing_is_done(front: Front) -> None:
    patient = str(new_id())
    items = [booking(front, "a", patient), booking(front, "b", patient, start_at="soon"), booking(front, " ", patient)]
    answer = front.post(BOOK, {"items": items}, front.token())
    assert (answer.status_code, answer.json["slug"]) == (422, "invalid")
    assert [each["field"] for each in answer.json["errors"]] == ["items.1.start_at", "items.2.key"]
    assert front.asked == []


def test_two_items_of_one_key_are_no_batch(front: Front) -> None:
    patient = str(new_id())
    answer = front.post(BOOK, {"items": [booking(front, "a", patient)] * 2}, front.token())
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "items")
    assert front.asked == []


def test_a_batch_that_nobody_answered_is_to_be_sent_again_as_it_is(front: Front) -> None:
    patient = str(new_id())
    sees(front, patient)
    front.answers["scheduling.book_appointment"] = CallUnknown()
    answer = front.post(BOOK, {"items": [booking(front, "a", patient)]}, front.token())
    assert (answer.status_code, answer.json["slug"]) == (504, "outcome-unknown")


def test_an_encounter_that_is_being_opened_is_pending_in_a_batch_too(front: Front) -> None:
    """Seen red by: 404 for a check-in that records has not heard of yet."""
    pending, unknown, known = (str(new_id()) for _ in range(3))

    def finish(body: Json) -> Json:
        if body["encounter_id"] != known:
            raise CallRefused("not-found", 404, {})
        return {"encounter_id": known, "status": "finished", "version": 2}

    def arrived(body: Json) -> Json:
        if body["encounter_id"] != pending:
            raise CallRefused("not-found", 404, {})
        return {"pending": True, "appointment_id": str(new_id())}

    front.answers |= {"records.finish_encounter": finish, "scheduling.arrived_encounter": arrived}
    items = [
        {"key": each, "encounter_id": each, "diagnoses": [], "procedures": []} for each in (pending, unknown, known)
    ]
    answer = front.post("/v1/encounters/finish/batch", {"items": items}, front.token("clinician"))
    assert told(answer.json["items"]) == [
        (pending, 409, "encounter-pending"),
        (unknown, 404, "not-found"),
        (known, 200, ""),
    ]
