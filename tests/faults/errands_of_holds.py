"""A time is held while the patient makes up his mind; the other desk of the pair wants it meanwhile."""

from at_work import AtWork, Errand
from fix_desk import Diary

BOOKED, RELEASED = 0.6, 0.2
# A hold that is left to itself.
_SHORT, _LONG = 1, 5


def held(at: AtWork, diary: Diary, place: int) -> Errand:
    """Held for a while, then booked, given up, or forgotten."""
    chance = at.dice.random()
    body = diary.body(place)
    minutes = _LONG if chance < BOOKED + RELEASED else _SHORT
    hold = at.writing.write("hold", "/v1/holds", {**body, "minutes": minutes})
    for _ in range(at.dice.randrange(1, 4)):
        yield
    if not hold.is_ok:
        return
    hold_id = hold.answer["hold_id"]
    if chance < BOOKED:
        booked = at.writing.write("book-held", "/v1/appointments", {**body, **at.patient(), "hold_id": hold_id})
        if booked.is_ok:
            at.keep(booked.answer, diary)
    elif chance < BOOKED + RELEASED:
        at.writing.write("release", f"/v1/holds/{hold_id}", {})
