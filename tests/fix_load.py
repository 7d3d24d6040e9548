"""Desks at work while something else happens: whole visits, one after the other, on several threads.

Each write has its key before the first try and is asked again with it until somebody answers (cli/api.py), as a
client must that hears nothing. What is refused for good, or never answered, is a fault that the test sees at the end.
All is recorded (recorded.py), so that what was acknowledged can be compared with what is there.
"""

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from accounted import Accounts
from fix_desk import COUGH, Desk, Diary, Json
from history import History
from recorded import RecordingApi

from cli.api import Api, ApiRefused

# An encounter opens late where the service that opens it is ended again and again (faults/crash_points.py).
PATIENCE_S = 240.0


class Load:
    """`done` counts the visits that went through whole; `faults` holds what went wrong instead."""

    def __init__(self, desk: Desk, diary: Diary) -> None:
        self.done = 0
        self.faults: list[str] = []
        self._desk = desk
        self._diary = diary
        self.history = History()
        self._accounts = Accounts(desk.rows)
        self._places = itertools.count()
        self._stopping = threading.Event()

    @contextmanager
    def running(self, desks: int = 3) -> Iterator["Load"]:
        """Works meanwhile; at the end of the block every visit that was begun is finished."""
        threads = [threading.Thread(target=self._work, daemon=True) for _ in range(desks)]
        for thread in threads:
            thread.start()
        try:
            yield self
        finally:
            self._stopping.set()
            for thread in threads:
                thread.join(PATIENCE_S)
            self.faults += [f"{thread.name} did not end" for thread in threads if thread.is_alive()]

    def more(self, visits: int) -> Callable[[], bool]:
        """True once that many more visits have gone through."""
        goal = self.done + visits
        return lambda: self.done >= goal or bool(self.faults)

    def unaccounted(self) -> list[str]:
        """What was acknowledged and is missing, or is there and was never asked for; once all is quiet."""
        lost, repeated = self._accounts.differences(self.history.operations)
        return [*lost, *repeated]

    def _work(self) -> None:
        while not self._stopping.is_set():
            place = next(self._places)
            try:
                self._visit(place)
                self.done += 1
            except Exception as error:  # told to the test as it is
                self.faults.append(f"visit {place}: {type(error).__name__}: {error}")
                return

    def _visit(self, place: int) -> None:
        """Booked, moved or cancelled now and then, checked in, finished."""
        desk, secretary, clinician = self._desk, self._api("secretary"), self._api("clinician")
        person = desk.insured() if place % 3 else desk.newcomer()
        body = self._diary.body(2 * place % 40, new_patient=person)
        path = f"/v1/appointments/{secretary.post('/v1/appointments', body)['appointment_id']}"
        if place % 4 == 1:
            secretary.post(f"{path}/move", {"start_at": self._diary.start(2 * place % 40 + 1)})
        if place % 5 == 2:
            secretary.post(f"{path}/cancel", {"reason": "patient called"})
            return
        arrived = secretary.post(f"{path}/check-in")
        if place % 7 == 3:
            secretary.post(f"{path}/undo-check-in")
            return
        finish_when_open(clinician, arrived["encounter_id"])

    def _api(self, role: str) -> Api:
        """A caller of this thread alone, more patient than a person."""
        return RecordingApi(self.history, self._desk.session(role), PATIENCE_S)


def finish_when_open(clinician: Api, encounter_id: str) -> Json:
    """Finishes as soon as it may be: until then the answer is `encounter-pending` and no other."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            return clinician.post(f"/v1/encounters/{encounter_id}/finish", COUGH)
        except ApiRefused as refused:
            if refused.slug != "encounter-pending" or time.monotonic() > deadline:
                raise
        time.sleep(0.1)


@pytest.fixture
def load(desk: Desk) -> Load:
    """A load on a diary of its own, wide enough for hundreds of visits."""
    return Load(desk, desk.diary(lanes=100))
