"""Races at the desk: all ask at one moment, every other at a second gateway that has a scheduling of its own."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Barrier, Event
from typing import Any
from uuid import UUID

import pytest
from fix_desk import Answer, Desk, Diary, Json, answer, stamp

from cli.api import Api
from cli.free_time import differing, units_of_scheduling
from services.scheduling.domain.free_days import Place
from services.scheduling.domain.time_range import TimeRange
from shared.ids import new_id

Ask = tuple[str, Json | None]

UNDECIDED, TRIES = (503, 504), 10
_TAKEN = """
    SELECT appointment_id::text, hold_id::text, start_at, end_at FROM bookings
    WHERE resource_id = %(id)s ORDER BY start_at
"""


@dataclass(frozen=True)
class Race:
    """The desk with its two doors."""

    desk: Desk
    second: str

    def run(self, asks: Sequence[Ask], role: str = "secretary", then: Sequence[Ask] = ()) -> list[Answer]:
        """Posts each (path, body) by a client of its own, those of `then` once somebody has an answer; the answers
        stand in the order of what was asked."""
        api, everything = self.desk.session(role), [*asks, *then]
        doors, gun, begun = (api, Api(self.second, api.token)), Barrier(len(everything)), Event()

        def act(turn: int) -> Answer:
            gun.wait(30)
            if turn >= len(asks):
                begun.wait(30)
            try:
                return _decided(doors[turn % 2], *everything[turn])
            finally:
                begun.set()

        with ThreadPoolExecutor(len(everything)) as clients:
            return list(clients.map(act, range(len(everything))))

    def taken(self, diary: Diary) -> list[Json]:
        """What is taken of the diary, once nothing is on its way, no two rows contradict each other anywhere in the
        system, and the diary's free time is what `frontdesk free-time check` makes of hours and bookings."""
        self.desk.settle()
        assert self.desk.checker.faults() == []
        place = Place(resource_id=UUID(diary.practitioner_id), site_id=UUID(diary.site_id))
        with self.desk.system.as_environment():
            units = units_of_scheduling()
            with closing(units.resources.pool):
                assert differing(units, self.desk.network_id("elm"), place) == []
        return self.desk.rows("scheduling", _TAKEN, id=diary.practitioner_id)


def overlapping(diary: Diary, place: int, turn: int) -> str:
    """The start of that quarter hour or, every other pair of turns, five minutes later."""
    return stamp(datetime.fromisoformat(diary.start(place)) + timedelta(minutes=turn % 4 // 2 * 5))


def only_winner(answers: Sequence[Answer]) -> Answer:
    """The one that was not refused."""
    (won,) = [each for each in answers if each.status < 300]
    return won


def refused_with_times_beside(lost: Answer, taken: Json) -> bool:
    """Whether a refusal says what to do: the next times that are free, none of them over what was taken."""
    free = [during(each) for each in lost.body["details"]["next_free_times"]]
    beside = not any(each.overlaps(during(taken)) for each in free)
    return (lost.status, lost.slug) == (409, "appointment-overlaps") and bool(free) and beside


def during(told: Json) -> TimeRange:
    """The time of an answer or of a row, whatever its zone."""
    start_at, end_at = told["start_at"], told["end_at"]
    if isinstance(start_at, str):
        start_at, end_at = datetime.fromisoformat(start_at), datetime.fromisoformat(end_at)
    return TimeRange(start_at, end_at)


def _decided(api: Api, path: str, body: Json | None) -> Answer:
    """The answer of who asks again under one key as long as nothing is known (a machine that has much to do)."""
    key = str(new_id())
    for _ in range(TRIES):
        told = answer(api, "POST", path, body, Idempotency_Key=key)
        if told.status not in UNDECIDED:
            break
    return told


@pytest.fixture
def race(desk: Desk, second_gateway: Api) -> Any:
    """Races at the session's desk."""
    return Race(desk, second_gateway.base_url)
