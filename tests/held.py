"""Time that is held is nobody else's: judged by when clients asked and were answered, whatever is in the database."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from history import Json, Operation

Window = tuple[float, float]
# Until then after the first try a hold holds: its minutes count from its commit, which comes later.
_SURE_S = 2.0
_TAKES = {"proposed", "booked", "arrived"}


@dataclass(frozen=True)
class Held:
    """Whose time is held, as seconds of the load in which it certainly is."""

    operation: Operation
    since: float
    until: float

    def is_taken_by(self, other: Operation) -> bool:
        """Whether the other was asked for and answered wholly in between, and took time of it."""
        return (
            other is not self.operation
            and self.since < other.began
            and (other.settled or 0) < self.until
            and other.body.get("hold_id") != self.operation.answer["hold_id"]
            and _overlap(self.operation.answer, other.answer)
        )


def taken_while_held(operations: Sequence[Operation], clock_was_set: Sequence[Window] = ()) -> Iterator[str]:
    """A sentence for each hold whose time another got. While business time is set a hold may end early."""
    takers = [one for one in operations if one.is_ok and _takes_time(one)]
    for held in _holds(operations):
        if any(begin < held.until and held.since < end for begin, end in clock_was_set):
            continue
        for other in takers:
            if held.is_taken_by(other):
                hold_id = held.operation.answer["hold_id"]
                yield f"what {held.operation.desk} held ({hold_id}) was given to {other.desk} by {other.name}"


def _holds(operations: Iterable[Operation]) -> Iterator[Held]:
    """Each from its answer until its client asks for something else with it, or until it may run out."""
    ends = {hold_id: one.began for one in operations if (hold_id := _gives_up(one))}
    for one in operations:
        if one.name == "hold" and one.is_ok and one.settled is not None:
            runs_out = one.began + 60 * one.body["minutes"] - _SURE_S
            yield Held(one, one.settled, min(ends.get(one.answer["hold_id"], runs_out), runs_out))


def _gives_up(one: Operation) -> str:
    if one.name == "release":
        return one.subject.rpartition("/")[2]
    return str(one.body.get("hold_id", "")) if one.name == "book-held" else ""


def _takes_time(one: Operation) -> bool:
    return "practitioner_id" in one.answer and (one.name == "hold" or one.answer.get("status") in _TAKES)


def _overlap(one: Json, other: Json) -> bool:
    if one["practitioner_id"] != other["practitioner_id"] or "end_at" not in other:
        return False
    (begin, end), (since, until) = _time(one), _time(other)
    return begin < until and since < end


def _time(said: Json) -> tuple[datetime, datetime]:
    return datetime.fromisoformat(said["start_at"]), datetime.fromisoformat(said["end_at"])
