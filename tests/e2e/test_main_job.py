"""The main job, number by number as the customer wrote it, through the gateway as a secretary of her sites."""

import json
from datetime import datetime

import pika
import pytest
from fix_desk import COUGH, ICD10, QUARTER, answer, stamp

from cli.feed_rows import row_of
from cli.seeding import CPT


@pytest.fixture
def diary(desk):
    return desk.diary()


def test_a_patient_is_registered_with_phone_consent_and_coverage_and_a_new_caller_with_name_and_phone(desk, diary):
    """Number 1."""
    patient = desk.register(desk.insured())
    seen = desk.session().get(f"/v1/patients/{patient['patient_id']}")
    assert seen["birth_on"] == "1984-05-17"
    assert seen["coverages"][0]["payer_name"] == "Blue Harbor"
    assert seen["consents"][0]["given"] is True
    number = desk.number()
    booked = desk.book(diary, 0, {"given": "Lou", "family": "Petrov", "phone": number})
    caller = desk.session().get("/v1/callers", phone=number)
    assert [one["family"] for one in caller["patients"]] == ["Petrov"]
    assert [one["appointment_id"] for one in caller["appointments"]] == [booked["appointment_id"]]


def test_free_times_come_from_working_hours_that_are_edited_by_api_and_one_is_booked(desk, diary):
    """Number 2."""
    question = {"site_id": diary.site_id, "practitioner_id": diary.practitioner_id}
    question |= {"appointment_type_id": diary.appointment_type_id, "limit": 3}
    first = desk.session().get("/v1/free-times", **question)["items"][0]["start_at"]
    patient = desk.register()
    body = diary.body(0, patient_id=patient["patient_id"]) | {"start_at": first}
    booked = desk.session().post("/v1/appointments", body)
    assert (booked["status"], booked["start_at"]) == ("booked", first)
    assert first not in [one["start_at"] for one in desk.session().get("/v1/free-times", **question)["items"]]
    assert desk.events_of("scheduling", booked["appointment_id"]) == ["appointment-booked"]
    hours = {key: question[key] for key in ("site_id", "practitioner_id")} | {"lanes": 1, "weekly": []}
    desk.session("manager").put("/v1/working-hours", hours)
    assert desk.session().get("/v1/free-times", **question)["items"] == []


def test_the_patient_gets_one_text_which_the_sandbox_lists(desk, diary):
    """Number 3."""
    person = desk.newcomer()
    booked = desk.book(diary, 1, person)
    desk.wait_until(lambda: desk.texts(booked) == [("booked", "accepted", None)])
    listed = desk.session("manager").all("/v1/sandbox/texts", limit=200)
    mine = [text for text in listed if text["to_number"] == person["phone"]]
    assert len(mine) == 1
    assert mine[0]["from_number"] == desk.elm.sender_number
    assert "Elm Street" in mine[0]["body"]


@pytest.mark.requirement("7c")
def test_moving_and_cancelling_tell_one_event_and_one_text_each_and_the_event_bears_both_times(desk, diary):
    """Number 4. Seen red by: `previous_start_at` noted after the move."""
    booked = desk.book(diary, 2)
    desk.wait_until(lambda: desk.texts(booked) == [("booked", "accepted", None)])
    moved = desk.act(booked, "move", {"start_at": diary.start(3)})
    assert moved["start_at"] == diary.start(3)
    desk.wait_until(lambda: desk.texts(booked)[1:] == [("rescheduled", "accepted", None)])
    told = desk.rows(
        "scheduling",
        "SELECT data FROM outbox WHERE aggregate_id = %(id)s AND type = 'appointment-rescheduled'",
        id=booked["appointment_id"],
    )
    times = [[row["data"][name] for name in ("previous_start_at", "start_at")] for row in told]
    assert [[stamp(datetime.fromisoformat(time)) for time in row] for row in times] == [
        [diary.start(2), diary.start(3)]
    ]
    desk.act(booked, "cancel", {"reason": "patient called"})
    desk.wait_until(lambda: desk.texts(booked)[2:] == [("cancelled", "accepted", None)])
    desk.book(diary, 3)  # the time is free at once


def test_a_wrong_check_in_and_a_cancellation_are_undone_with_events_of_their_own(desk, diary):
    """Number 4, undo."""
    booked = desk.book(diary, 4)
    desk.act(booked, "cancel", {"reason": "wrong patient"})
    assert desk.act(booked, "reinstate")["status"] == "booked"
    arrived = desk.act(booked, "check-in")
    path = f"/v1/encounters/{arrived['encounter_id']}"
    desk.wait_until(lambda: desk.session("clinician").get(path)["status"] == "in-progress")
    assert desk.act(booked, "undo-check-in")["status"] == "booked"
    desk.wait_until(lambda: desk.session("clinician").get(path)["status"] == "entered-in-error")
    assert desk.events_of("scheduling", booked["appointment_id"]) == [
        "appointment-booked",
        "appointment-cancelled",
        "appointment-reinstated",
        "appointment-arrived",
        "appointment-arrival-undone",
    ]
    again = desk.act(booked, "check-in")
    assert again["encounter_id"] != arrived["encounter_id"]


def test_what_is_final_is_not_undone_and_what_is_taken_is_not_reinstated(desk, diary):
    """Number 4, its limits."""
    secretary = desk.session()
    arrived = desk.act(desk.book(diary, 5), "check-in")
    desk.finish(arrived["encounter_id"])
    path = f"/v1/appointments/{arrived['appointment_id']}"
    refused = answer(secretary, "POST", f"{path}/undo-check-in")
    assert (refused.status, refused.slug) == (409, "visit-already-finished")
    cancelled = desk.book(diary, 6)
    desk.act(cancelled, "cancel", {"reason": "patient called"})
    desk.book(diary, 6)
    refused = answer(secretary, "POST", f"/v1/appointments/{cancelled['appointment_id']}/reinstate")
    assert (refused.status, refused.slug) == (409, "appointment-overlaps")
    tomorrow = diary.body(0, new_patient=desk.newcomer()) | {"start_at": stamp(diary.opens_at + 96 * QUARTER)}
    early = secretary.post("/v1/appointments", tomorrow)
    refused = answer(secretary, "POST", f"/v1/appointments/{early['appointment_id']}/check-in")
    assert (refused.status, refused.slug) == (409, "not-yet")


def test_a_finished_visit_is_charged_to_the_cent_claimed_and_read_from_the_feed(desk, diary):
    """Numbers 5, 6 and 7: lines, pointers, total, one row by address, queue and command."""
    prices = [("99213", 12800), ("36415", 1200)]  # other tests of this network set fees too
    fees = [{"system": CPT, "code": code, "amount_cents": cents} for code, cents in prices]
    desk.session("manager").put("/v1/fees", {"fees": fees})
    arrived = desk.act(desk.book(diary, 7, desk.insured()), "check-in")
    encounter = {"encounter_id": arrived["encounter_id"]}
    assert desk.finish(arrived["encounter_id"])["status"] == "finished"
    biller = desk.session("biller")
    desk.wait_until(lambda: biller.get("/v1/claims", **encounter)["items"])
    charges = biller.get("/v1/charges", **encounter)["items"]
    assert sorted((one["code"], one["amount_cents"]) for one in charges) == [("36415", 3 * 1200), ("99213", 12800)]
    (claim,) = biller.get("/v1/claims", **encounter)["items"]
    assert (claim["status"], claim["payer_id"], claim["total_cents"]) == ("active", "60054", 16400)
    assert claim["currency"] == "USD"
    assert [
        (line["code"], line["units"], line["amount_cents"], line["diagnosis_pointers"]) for line in claim["lines"]
    ] == [
        ("99213", 1, 12800, [1, 2]),
        ("36415", 3, 3600, [2]),
    ]
    assert [one["code"] for one in claim["diagnoses"]] == ["J06.9", "R05.9"]
    desk.wait_until(lambda: _on_feed(desk, claim))
    (row,) = _on_feed(desk, claim)
    assert (row["total_cents"], row["payer_id"], row["status"]) == (16400, "60054", "active")
    assert not {"diagnoses", "lines", "patient_id"} & row.keys()
    desk.wait_until(lambda: biller.get("/v1/claim-feed", after=0, limit=1000)["items"])


def test_a_visit_without_coverage_is_the_patients_and_makes_no_claim(desk, diary):
    """Number 6, uncovered; and a code that is not billable is held, never mapped."""
    arrived = desk.act(desk.book(diary, 8), "check-in")
    desk.finish(arrived["encounter_id"])
    biller = desk.session("biller")
    desk.wait_until(lambda: biller.get("/v1/charges", encounter_id=arrived["encounter_id"])["items"])
    charges = biller.get("/v1/charges", encounter_id=arrived["encounter_id"])["items"]
    assert {one["responsible"] for one in charges} == {"patient"}
    assert biller.get("/v1/claims", encounter_id=arrived["encounter_id"])["items"] == []
    arrived = desk.act(desk.book(diary, 9, desk.insured()), "check-in")
    snomed = {"system": "http://snomed.info/sct", "code": "10509002"}
    desk.finish(arrived["encounter_id"], COUGH | {"diagnoses": [snomed, {"system": ICD10, "code": "R05.9"}]})
    desk.wait_until(lambda: biller.get("/v1/claims", encounter_id=arrived["encounter_id"])["items"])
    (held,) = biller.get("/v1/claims", encounter_id=arrived["encounter_id"])["items"]
    assert (held["status"], held["held_reason"]) == ("held", "code-not-billable")


def test_the_feed_is_a_queue_with_one_user_a_network_and_another_networks_user_is_refused(desk, diary):
    """Number 7: seen red by: permissions `read: .*` for the feed's users."""
    arrived = desk.act(desk.book(diary, 10, desk.insured()), "check-in")
    desk.finish(arrived["encounter_id"])
    queue = f"claim-feed.{desk.elm.network_id}"
    with _broker(desk, "elm") as connection:
        channel = connection.channel()
        rows = []
        desk.wait_until(lambda: _take(channel, queue, rows) == arrived["encounter_id"])
        assert [row["sequence"] for row in rows] == sorted({row["sequence"] for row in rows})
        assert CPT not in json.dumps(rows)
    with _broker(desk, "harbor") as connection:
        with pytest.raises(pika.exceptions.ChannelClosedByBroker, match="ACCESS_REFUSED"):
            connection.channel().basic_get(queue)


def test_the_command_claim_feed_writes_every_row_once_from_the_start(desk, diary):
    """Number 7, the command."""
    arrived = desk.act(desk.book(diary, 11, desk.insured()), "check-in")
    desk.finish(arrived["encounter_id"])
    biller = desk.session("biller")
    desk.wait_until(lambda: biller.get("/v1/claims", encounter_id=arrived["encounter_id"])["items"])
    desk.settle()
    settings = {
        "FRONTDESK_CLAIM_FEED_PASSWORD": desk.elm.feed_password,
        "FRONTDESK_AMQP_URL": desk.system.rabbitmq.amqp_url,
    }
    done = desk.command("claim-feed", "--network", desk.elm.network_id, "--since", "0", **settings)
    assert done.returncode == 0, done.stderr
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["sequence"] for row in rows] == list(range(1, len(rows) + 1))
    assert rows[-1]["encounter_id"] == arrived["encounter_id"]


def test_another_networks_biller_sees_nothing_of_the_feed(desk):
    rows = desk.session("biller", "harbor").get("/v1/claim-feed", after=0, limit=1000)["items"]
    assert rows == []


def test_a_callers_number_finds_her_and_all_her_coming_visits_at_the_secretarys_sites(desk, diary):
    """Number 8."""
    person = desk.newcomer()
    first = desk.book(diary, 12, person)
    second = desk.session().post("/v1/appointments", diary.body(13, patient_id=first["patient_id"]))
    elsewhere = desk.diary(site=1)
    desk.session("manager").post("/v1/appointments", elsewhere.body(0, patient_id=first["patient_id"]))
    caller = desk.session().get("/v1/callers", phone=person["phone"])
    assert [one["patient_id"] for one in caller["patients"]] == [first["patient_id"]]
    assert [one["appointment_id"] for one in caller["appointments"]] == [
        first["appointment_id"],
        second["appointment_id"],
    ]


def _on_feed(desk, claim):
    rows = desk.session("biller").all("/v1/claim-feed", after=0, limit=1000)
    return [row for row in rows if row["claim_id"] == claim["claim_id"]]


def _broker(desk, network):
    seeded, server = desk.networks[network], pika.URLParameters(desk.system.rabbitmq.amqp_url)
    server.credentials = pika.PlainCredentials(f"claim-feed.{seeded.network_id}", seeded.feed_password)
    return pika.BlockingConnection(server)


def _take(channel, queue, rows):
    """Takes the next row, if any; gives the last row's encounter."""
    method, _, body = channel.basic_get(queue)
    if method is not None:
        rows.append(row_of(json.loads(body)))
        channel.basic_ack(method.delivery_tag)
    return rows[-1]["encounter_id"] if rows else None
