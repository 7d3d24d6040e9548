"""Talking with a patient by the public API: a question is answered once, and whoever cannot be texted is called."""

import pytest

from cli.api import ApiRefused


def _refused(ask):
    with pytest.raises(ApiRefused) as refusal:
        ask()
    return refusal.value


def test_a_question_is_answered_once_and_by_one_person(desk):
    person, other = desk.newcomer(), desk.person()[1]
    booked = desk.book(desk.diary(), 0, person)
    desk.wait_until(lambda: desk.texts(booked) == [("booked", "accepted", None)])
    agreed = {"number": person["phone"], "purpose": "care", "given": True, "evidence": "asked at the desk"}
    desk.session().post(f"/v1/patients/{booked['patient_id']}/consents", agreed)
    assert desk.reply(person["phone"], "Can my dog come with me?") == 200
    desk.settle()
    site = {"site_id": booked["site_id"]}
    unread = desk.session().all("/v1/conversations", state="unread", **site)
    (heard,) = [it for it in unread if booked["patient_id"] in it["patient_ids"]]
    path = f"/v1/conversations/{heard['conversation_id']}"
    desk.session().post(f"{path}/take", site)
    assert _refused(lambda: other.post(f"{path}/take", site)).slug == "conversation-taken"
    shown = desk.session().get(path)
    assert (shown["number"], [it["why_not"] for it in shown["patients"]]) == (person["phone"], [None])
    words = {**site, "patient_id": booked["patient_id"], "body": "Yes, on a leash 🐕"}
    tried = desk.session().post(f"{path}/texts/preview", words)
    assert (tried["encoding"], tried["segments"], tried["why_not"]) == ("UCS-2", 1, None)
    sent = [desk.session().post(f"{path}/texts", words, key="once-" + heard["conversation_id"]) for _ in range(2)]
    assert sent[0]["free_text_id"] == sent[1]["free_text_id"]
    desk.session().post(f"{path}/read", {**site, "heard": heard["heard"]})

    def said():
        return [(it["kind"], it["body"], it["status"]) for it in desk.session().all(f"{path}/said")]

    answer = ("free-text", words["body"], "accepted")
    desk.wait_until(lambda: said()[-1] == answer)
    assert said() == [("text", None, "accepted"), ("reply", "Can my dog come with me?", None), answer]
    elsewhere = desk.person(site=1)[1]
    assert _refused(lambda: elsewhere.get(path)).status == 404


def test_whoever_cannot_be_texted_is_on_the_call_list_until_somebody_reached_her(desk):
    person = desk.newcomer()
    del person["texting_consent"]
    booked = desk.book(desk.diary(), 0, person)

    def call(**state):
        calls = desk.session().all("/v1/calls", site_id=booked["site_id"], **state)
        return next((it for it in calls if it["appointment_id"] == booked["appointment_id"]), None)

    desk.wait_until(call)
    assert (call()["reason"], call()["due_at"] <= booked["start_at"]) == ("no-consent", True)
    path, other = f"/v1/calls/{call()['task_id']}", desk.person()[1]
    desk.session().post(f"/v1/tasks/{call()['task_id']}/take")
    assert _refused(lambda: other.post(f"/v1/tasks/{call()['task_id']}/take")).slug == "task-taken"
    desk.session().post(f"{path}/outcomes", {"outcome": "no-answer", "note": "rings on"})
    assert call()["tries"] == 1
    desk.session().post(f"{path}/outcomes", {"outcome": "reached"})
    assert call() is None
    assert call(state="done")["outcome"] == "reached"
    shown = desk.session().get(path)
    assert [it["number"] for it in shown["numbers"]] == [person["phone"]]
    assert [(it["outcome"], it["note"]) for it in shown["outcomes"]] == [("no-answer", "rings on"), ("reached", None)]
