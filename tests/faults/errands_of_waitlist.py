"""Somebody has a visit and wants an earlier one; what is free is offered to him by the process `work`."""

from at_work import AtWork, Errand
from fix_desk import Json


def waited(at: AtWork) -> Errand:
    """With the same practitioner, so that the visit is moved; or at the other site, where it is booked anew."""
    is_abroad = at.chance(0.5)
    role = "manager" if is_abroad else "secretary"
    diary, whose = at.diary("own"), at.diary("abroad" if is_abroad else "own").practitioner_id
    visit = at.writing.write("book", "/v1/appointments", diary.body(at.a_day(), **at.patient()))
    if not visit.is_ok:
        return
    named = {name: visit.answer[name] for name in ("patient_id", "appointment_type_id", "appointment_id")}
    entry = at.writing.write("wait", "/v1/waitlist", {**named, "practitioner_ids": [whose]}, role)
    path, answers = f"/v1/waitlist/offers?entry_id={entry.answer['entry_id']}&state=offered", _answers(at)
    for answer in answers:
        offers = yield from at.items(path, role, some=True)
        if not offers or not _answered(at, answer, offers[-1], entry.answer["entry_id"], visit.answer, role):
            return


def _answers(at: AtWork) -> list[str]:
    """What the patient says to the first offer, and after a decline to the next."""
    first = at.dice.choices(("accept", "decline", "withdraw", "nothing"), (55, 20, 15, 10))
    return first + ["accept"] * (first == ["decline"])


def _answered(at: AtWork, answer: str, offer: Json, entry_id: str, visit: Json, role: str) -> bool:
    """Whether there will be another offer."""
    path = f"/v1/waitlist/offers/{offer['offer_id']}"
    if answer == "accept":
        about = {"appointment_id": visit["appointment_id"]}
        taken = at.writing.write("accept-offer", f"{path}/accept", {}, role, about)
        if taken.is_ok and at.chance(0.3):
            booked = {"appointment_id": taken.answer["booked_id"]}
            at.writing.act("cancel", booked, {"reason": "patient called"}, role=role)
    elif answer == "decline":
        return at.writing.write("decline-offer", f"{path}/decline", {}, role).is_ok
    elif answer == "withdraw":
        at.writing.write("withdraw", f"/v1/waitlist/{entry_id}", {}, role)
    return False
