"""A network's own words, from the preview to the telephone."""

import pytest
from fix_desk import answer

OPT_OUT_IN_SPANISH = "Responda STOP para darse de baja."
BODY = "{{ site_name }}: see you on {{ date }}, {{ time }}. Reply STOP to opt out."


@pytest.fixture
def manager(desk):
    return desk.session("manager")


def test_words_are_tried_saved_sent_and_withdrawn(desk, manager):
    """Seen red by: a route that tells the service of another body; texts listed without their template."""
    diary = desk.diary()
    words = {"site_id": diary.site_id, "occasion": "booked", "language": "en"}
    preview = manager.post("/v1/text-templates/preview", {**words, "body": BODY})
    assert (preview["samples"][0]["encoding"], preview["samples"][0]["segments"]) == ("GSM-7", 1)
    refused = answer(manager, "POST", "/v1/text-templates", {**words, "body": BODY + " Reply CANCEL to cancel."})
    assert (refused.status, refused.slug) == (422, "impossible-template")
    assert [error["field"] for error in refused.body["errors"]] == ["body"]
    template = manager.post("/v1/text-templates", {**words, "body": BODY})
    path = f"/v1/text-templates/{template['template_id']}"
    manager.post(f"{path}/activate", {})
    try:
        person = desk.newcomer()
        booked = desk.book(diary, 0, person)
        desk.wait_until(lambda: desk.texts(booked) == [("booked", "accepted", None)])
    finally:
        assert manager.post(f"{path}/withdraw")["in_force"] is None
    [sent] = desk.sent_to(person["phone"])
    assert ": see you on " in sent["body"]
    [text] = desk.session().get("/v1/texts", appointment_id=booked["appointment_id"])["items"]
    assert (text["template_id"], text["template_version"]) == (template["template_id"], 1)


@pytest.mark.requirement("26c")
def test_a_patient_is_texted_in_the_language_that_she_was_registered_with(desk, manager):
    """And after it was changed in that one. Seen red by: said to nobody's language."""
    diary = desk.diary()
    words = {"site_id": diary.site_id, "occasion": "booked", "language": "es"}
    template = manager.post("/v1/text-templates", {**words, "body": f"{{{{ date }}}}: hola. {OPT_OUT_IN_SPANISH}"})
    path = f"/v1/text-templates/{template['template_id']}"
    manager.post(f"{path}/activate", {})
    try:
        person = desk.newcomer(language="es-MX")
        booked = desk.book(diary, 0, person)
        desk.wait_until(lambda: desk.texts(booked) == [("booked", "accepted", None)])
        patient = f"/v1/patients/{booked['patient_id']}"
        assert answer(desk.session(), "PATCH", patient, {"language": "fr"}).body["language"] == "fr"
        desk.settle()
        desk.act(booked, "cancel", {"reason": "patient"})
        desk.wait_until(lambda: len(desk.sent_to(person["phone"])) == 2)
    finally:
        manager.post(f"{path}/withdraw")
    first, second = sorted(desk.sent_to(person["phone"]), key=lambda sent: sent["accepted_at"])
    assert first["body"].endswith(f": hola. {OPT_OUT_IN_SPANISH}")
    assert "STOP pour ne plus recevoir" in second["body"]
    texts = desk.session().get("/v1/texts", appointment_id=booked["appointment_id"])["items"]
    assert {text["kind"]: text["language"] for text in texts} == {"booked": "es", "cancelled": "fr"}


def test_a_secretary_does_not_write_what_the_network_says(desk):
    refused = answer(desk.session(), "GET", "/v1/text-templates")
    assert (refused.status, refused.slug) == (403, "forbidden")


def test_a_manager_says_when_texts_go_and_a_secretary_does_not(desk):
    """At the network where no other test counts texts; it is left as it was found."""
    manager = desk.session("manager", "harbor")
    quiet = {"starts": "20:30", "ends": "09:00", "sundays": True, "holidays": False, "answers_wait": True}
    limits = {"quiet": quiet, "most_a_day": 2, "most_a_week": None}
    rule = {"site_id": None, "appointment_type_id": None, "before": ["P7D", "PT2H"], "after_miss": True}
    for path, body in (("/v1/texting-limits", limits), ("/v1/reminder-rules", {"rules": [rule]})):
        before = manager.get(path)
        told = manager.put(path, body)
        assert told == manager.get(path) == {**body, "version": before.pop("version") + 1}
        manager.put(path, before)
        assert answer(desk.session("secretary", "harbor"), "PUT", path, body).status == 403
    refused = answer(manager, "PUT", "/v1/reminder-rules", {"rules": [{**rule, "before": ["P31D"]}]})
    assert (refused.status, refused.slug) == (422, "invalid")
