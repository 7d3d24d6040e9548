"""Texts, receipts and replies through a carrier over HTTP, on the whole system."""

import json
import threading
from collections import Counter

import pytest
from fix_webhooks import Carried

FATES = frozenset({"accepted", "unknown"})


def test_a_text_goes_out_over_http_and_its_receipt_is_on_the_day_sheet(carried: Carried) -> None:
    """Receipts doubled, reversed and forged."""
    desk, person = carried.desk, carried.desk.newcomer()
    booked = desk.book(desk.diary(), 0, person)
    desk.wait_until(lambda: desk.texts(booked) == [("booked", "accepted", None)])
    [held] = [it for it in carried.carrier.held if it.to_number == person["phone"]]
    assert carried.webhooks.receipt(held, "delivered", signature="forged") == 403
    for status in ("delivered", "sent", "delivered", "undelivered"):
        assert carried.webhooks.receipt(held, status) == 204
    assert desk.texts(booked) == [("booked", "delivered", None)]

    def on_the_sheet() -> list[str]:
        sheet = desk.session().get("/v1/day", site_id=booked["site_id"])
        return [one["text"]["status"] for one in sheet["items"] if one["appointment_id"] == booked["appointment_id"]]

    desk.wait_until(lambda: on_the_sheet() == ["delivered"])


def test_a_replayed_start_does_not_undo_a_later_stop_and_a_forged_one_does_nothing(carried: Carried) -> None:
    """The key of the command is forgotten, as after seven days."""
    desk, person, sender = carried.desk, carried.desk.newcomer(), carried.desk.elm.sender_number
    diary = desk.diary()
    booked = desk.book(diary, 0, person)
    desk.wait_until(lambda: desk.texts(booked) == [("booked", "accepted", None)])

    def say(words: str, sid: str, signature: str | None = None) -> int:
        return carried.webhooks.message(person["phone"], sender, words, f"{sid}-{person['phone']}", signature)

    assert [say("STOP", "m1"), say("START", "m2"), say("Stop.", "m3")] == [200, 200, 200]
    desk.rows("notifications", "DELETE FROM idempotency_keys")
    assert [say("START", "m2"), say("START", "m4", "forged"), say("START", "m4", "")] == [200, 403, 403]
    desk.act(booked, "move", {"start_at": diary.start(1)})
    desk.settle()
    assert desk.texts(booked)[1:] == [("rescheduled", "skipped", "opted-out")]
    bodies = [it.body for it in carried.carrier.held if it.to_number == person["phone"]]
    assert len([body for body in bodies if "appointment" in body]) == 1


def test_a_person_settles_at_the_console_or_at_the_desk_what_nobody_knows(carried: Carried) -> None:
    """One text is said to have gone out, the other is sent again; both tasks end."""
    desk, carrier = carried.desk, carried.carrier
    carrier.behave, carrier.lists = (lambda _: "500-before"), False
    people, diary = [desk.newcomer() for _ in range(2)], desk.diary()
    first, second = [desk.book(diary, place, person) for place, person in enumerate(people)]
    desk.wait_until(
        lambda: [one[1:] for it in (first, second) for one in desk.texts(it)] == [("unknown", "carrier-error")] * 2
    )
    carrier.behave, carrier.lists = (lambda _: "ok"), True

    def console(*words: str) -> str:
        done = desk.command("texts", "unknown", *words, "--network", desk.elm.network_id)
        assert done.returncode == 0, done.stderr
        return done.stdout

    listed = [json.loads(line) for line in console("list", "--json").splitlines()]
    ids = {row["appointment_id"]: row["text_id"] for row in listed}
    assert set(ids) == {first["appointment_id"], second["appointment_id"]}
    assert people[0]["phone"] not in json.dumps(listed)
    assert people[0]["phone"] in console("show", ids[first["appointment_id"]])
    assert "accepted" in console("settle", ids[first["appointment_id"]], "--as", "sent")
    path = f"/v1/texts/{ids[second['appointment_id']]}/settle"
    assert desk.session().post(path, {"outcome": "send-again"})["status"] == "due"
    desk.wait_until(lambda: desk.texts(second) == [("booked", "accepted", None)])
    assert desk.texts(first) == [("booked", "accepted", "settled-by-hand")]
    assert [it.to_number for it in carrier.held if it.to_number in {one["phone"] for one in people}] == [
        people[1]["phone"]
    ]
    tasks = desk.session().all("/v1/tasks", site_id=first["site_id"])
    assert not [task for task in tasks if task["text_id"] in ids.values()]


@pytest.mark.requirement("27c")
def test_a_number_that_the_carrier_knows_for_none_is_flagged_and_somebody_calls(carried: Carried) -> None:
    """Seen red by: nothing kept of the carrier's word."""
    desk, person, diary = carried.desk, carried.desk.newcomer(), carried.desk.diary()

    def called_for() -> list[str]:
        tasks = desk.session().all("/v1/tasks", site_id=diary.site_id)
        return [it["reason"] for it in tasks if it["patient_id"] == booked["patient_id"]]

    carried.carrier.behave = lambda _: "bad-number"
    booked = desk.book(diary, 0, person)
    desk.wait_until(lambda: desk.texts(booked) == [("booked", "refused", "invalid-number")])
    assert called_for() == ["text-refused"]
    carried.carrier.behave = lambda _: "ok"
    desk.act(booked, "move", {"start_at": diary.start(1)})
    desk.wait_until(lambda: desk.texts(booked)[1:] == [("rescheduled", "skipped", "number-invalid")])
    [number] = desk.session().get(f"/v1/patients/{booked['patient_id']}/texting")["numbers"]
    assert (number["failure"], number["texted"]) == ("number-invalid", False)
    assert "number-invalid" in called_for()


def test_of_a_run_that_is_stopped_in_mid_way_nothing_more_goes_out(carried: Carried) -> None:
    """The carrier has one in hand meanwhile: that one went."""
    desk, carrier, manager = carried.desk, carried.carrier, carried.desk.session("manager")
    carrier.behave = lambda _: "ok"
    diary, people = desk.diary(), [desk.newcomer() for _ in range(5)]
    visits = [desk.book(diary, place, person) for place, person in enumerate(people)]
    desk.wait_until(lambda: all(desk.texts(it) == [("booked", "accepted", None)] for it in visits))
    before, second, stopped = len(carrier.posted), threading.Event(), threading.Event()
    held = len(carrier.held)

    def behave(number: int) -> str:
        if number == before + 1:
            second.set()
            stopped.wait(8)
        return "ok"

    carrier.behave = behave
    times = {"from_at": diary.start(0), "until_at": diary.start(5)}
    desk.session().post("/v1/absences", {"practitioner_id": diary.practitioner_id, **times, "reason": "sick"})
    assert second.wait(60)
    runs = manager.all("/v1/text-runs", site_id=diary.site_id)
    [run_id] = [it["run_id"] for it in runs if (it["kind"], it["state"]) == ("reschedule-proposal", "running")]
    manager.post(f"/v1/text-runs/{run_id}/stop")
    stopped.set()

    def texts() -> dict[str, int]:
        return manager.get(f"/v1/text-runs/{run_id}")["texts"]

    desk.wait_until(lambda: texts().keys() <= {"accepted", "skipped"})
    assert texts() == {"accepted": 2, "skipped": 3}
    asked = Counter(it.to_number for it in carrier.held[held:]) & Counter(it["phone"] for it in people)
    assert sorted(asked.values()) == [1, 1]
    reasons = [text[2] for it in visits for text in desk.texts(it) if text[1] == "skipped"]
    assert reasons == ["run-stopped"] * 3


def test_what_the_first_carrier_does_not_take_the_second_sends_and_nobody_gets_two(carried: Carried) -> None:
    """What the first took without saying so is nobody's to send."""
    desk, carrier, spare = carried.desk, carried.carrier, carried.spare
    diary, people, before = desk.diary(), [desk.newcomer() for _ in range(5)], len(carrier.posted)
    carrier.behave = lambda number: "500-after" if number == before else "503"
    visits = [desk.book(diary, place, person) for place, person in enumerate(people)]
    desk.wait_until(lambda: all(desk.texts(it)[:1] and desk.texts(it)[0][1] in FATES for it in visits))
    numbers = {it["phone"] for it in people}
    by = [[it.to_number for it in one.held if it.to_number in numbers] for one in (carrier, spare)]
    assert [len(it) for it in by] == [1, 4]
    assert {number for it in by for number in it} == numbers
    assert Counter(status for it in visits for _, status, _ in desk.texts(it)) == {"unknown": 1, "accepted": 4}
