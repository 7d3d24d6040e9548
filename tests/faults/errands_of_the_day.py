"""What a clinic day has besides: proposals and confirmations, who does not come, who walks in and is seen."""

from at_work import AtWork, Errand
from fix_desk import QUARTER, stamp

# So long before the opening that the hour has come even where business time is set back by an hour.
_EARLIER = 5


def proposed(at: AtWork) -> Errand:
    """A time is kept for a patient, who takes it, and says that he will come, or does not."""
    diary = at.diary("own")
    offered = at.writing.write("propose", "/v1/appointments/propose", diary.body(at.a_day(), **at.patient()))
    yield
    if not offered.is_ok:
        return
    if at.chance(0.3):
        at.writing.act("decline", offered.answer, {"reason": "too early in the day"})
        return
    at.writing.act("accept", offered.answer)
    yield
    at.writing.act("confirm", offered.answer, {"by": "patient"})
    if at.chance(0.3):
        at.writing.act("unconfirm", offered.answer)
    if at.chance(0.5):
        at.writing.act("cancel", offered.answer, {"reason": "patient called"})


def missed(at: AtWork) -> Errand:
    """Nobody has come; or somebody has, and it was said too soon."""
    diary = at.diary("wide")
    begun = {"start_at": stamp(diary.opens_at - QUARTER * (_EARLIER + at.dice.randrange(2)))}
    booked = at.writing.write("book", "/v1/appointments", diary.body(0, **at.patient()) | begun)
    yield
    if not (booked.is_ok and at.writing.act("no-show", booked.answer).is_ok):
        return
    yield
    if at.chance(0.5) and at.writing.act("undo-no-show", booked.answer).is_ok and at.chance(0.5):
        at.writing.act("no-show", booked.answer)


def walked_in(at: AtWork) -> Errand:
    """Is here, goes in and out of the room (now and then a step is undone), and is seen; or it was a mistake."""
    diary = at.diary("wide")
    body = diary.body(0, **at.patient())
    del body["start_at"]
    here = at.writing.write("walk-in", "/v1/appointments/walk-in", body)
    yield
    if not here.is_ok:
        return
    if at.chance(0.2):
        at.writing.act("enter-in-error", here.answer, {"reason": "wrong patient"}, role="manager")
        return
    at.writing.act("start", here.answer)
    yield
    if at.chance(0.4):
        at.writing.act("undo-start", here.answer)
        at.writing.act("start", here.answer)
    at.writing.act("done", here.answer)
    if at.chance(0.4):
        at.writing.act("undo-done", here.answer)
        at.writing.act("done", here.answer)
    yield
    at.finish(here.answer["encounter_id"])
