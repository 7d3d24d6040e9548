"""A desk's writes: each settled, now and then asked for once more, and refused for no reason but a known one."""

import random
from collections.abc import Mapping

from asking import Asking
from fix_desk import Json
from history import TAKEN, Operation

from shared.ids import new_id

# How often something that was answered is asked for again with its key.
REPEATED = 0.1
PENDING, HOLD_OVER, NOT_BEGUN, STALE = "encounter-pending", "hold-over", "appointment-not-begun", "stale-version"
CLASHES, OFFER_OVER = "series-clashes", {"offer-closed", "offer-expired"}
# How a desk may be refused, by operation; any other refusal is a fault. Holds, offers and proposals may run out, and
# sooner where business time is set forth; a job may have put on the call list what a desk has just read.
REFUSALS: Mapping[str, set[str]] = {
    "book": {TAKEN},
    "move": {TAKEN},
    "finish": {PENDING},
    "hold": {TAKEN},
    "book-held": {HOLD_OVER},
    "release": {HOLD_OVER},
    "propose": {TAKEN},
    "walk-in": {TAKEN},
    "no-show": {NOT_BEGUN},
    "undo-no-show": {TAKEN},
    "book-series": {CLASHES},
    "change-series": {CLASHES},
    "accept-proposal": {"proposal-taken", STALE},
    "pick": {TAKEN, STALE},
    "cancel-listed": {STALE},
    "accept-offer": {*OFFER_OVER, "not-waiting"},
    "decline-offer": OFFER_OVER,
    "withdraw": {"not-waiting"},
}


class Writing:
    """`faults` are refusals without a reason, and other answers to the same key."""

    def __init__(self, asking: Asking, dice: random.Random, faults: list[str]) -> None:
        self.asking = asking
        self.faults = faults
        self._dice = dice

    def write(self, name: str, path: str, body: Json, role: str = "secretary", about: Json | None = None) -> Operation:
        """Asked for until it is settled, and now and then once more: the same key has the same answer."""
        key = str(new_id())
        done = self.asking.write(name, path, body, role=role, key=key, about=about)
        if not done.is_ok and done.slug not in REFUSALS.get(name, set()):
            self.faults.append(f"{name} {path} was refused: {done.status} {done.slug}")
        elif done.slug != PENDING and self._dice.random() < REPEATED:
            self._again(done, path, body, role, key)
        return done

    def act(self, name: str, appointment: Json, body: Json | None = None, *, role: str = "secretary") -> Operation:
        """A step of an appointment."""
        verb = _VERBS.get(name, name)
        return self.write(name, f"/v1/appointments/{appointment['appointment_id']}/{verb}", body or {}, role)

    def _again(self, done: Operation, path: str, body: Json, role: str, key: str) -> None:
        method = self.asking.method_of(done.name)
        again = self.asking.write("repeat", path, body, role=role, key=key, method=method)
        if (again.status, _said(again)) != (done.status, _said(done)):
            self.faults.append(f"{done.name} {path} had another answer for the same key: {again.status} {again.slug}")


# What the history calls otherwise than the API's address does: `finish` is there the end of an encounter.
_VERBS = {"done": "finish", "undo-done": "undo-finish"}


def _said(operation: Operation) -> Json:
    """The answer; of a problem not the number of the request that it came with."""
    return {name: value for name, value in operation.answer.items() if name != "correlation_id"}
