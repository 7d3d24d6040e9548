"""One desk that does errands alone, on any system: beside the load of the crash points, or in peace."""

import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle

from asking import Asking, Sessions
from at_work import PATIENCE_S, AtWork, Errand
from diaries import Diaries
from errands import KINDS
from errands_of_holds import held
from fix_desk import COUGH, Desk, Diary, Json
from history import History
from writing import PENDING, Writing

_KNOWN_PATIENTS = 4
_PAUSE_S = 0.05


class ErrandLoad:
    """Every kind of errand by turns, one after the other. `faults` as a desk's of the random run; `at` is its desk."""

    def __init__(self, desk: Desk, history: History) -> None:
        self.faults: list[str] = []
        dice = random.Random(1)
        asking = Asking("errands", [desk.system.gateway_url], Sessions(desk.elm.accounts), history)
        known = [desk.register()["patient_id"] for _ in range(_KNOWN_PATIENTS)]
        self._writing = Writing(asking, dice, self.faults)
        self.at = AtWork(self._writing, desk, dice, known, Diaries(desk, "errands"), self._keep, self._finish)
        self._stopping = threading.Event()

    @contextmanager
    def running(self) -> Iterator[None]:
        """Works meanwhile; what was begun is finished at the end of the block."""
        thread = threading.Thread(target=self._work, name="errands", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._stopping.set()
            thread.join(PATIENCE_S)
            self.faults += [f"{thread.name} did not end"] if thread.is_alive() else []

    def do_each(self, times: int) -> None:
        """Every kind so often."""
        for errand in (*KINDS, _held) * times:
            self._do(errand(self.at))

    def _work(self) -> None:
        try:
            for errand in cycle((*KINDS, _held)):
                if self._stopping.is_set():
                    return
                self._do(errand(self.at))
        except Exception as error:  # told to the test as it is
            self.faults.append(f"errands: {type(error).__name__}: {error}")

    @staticmethod
    def _do(errand: Errand) -> None:
        for _ in errand:
            time.sleep(_PAUSE_S)

    def _keep(self, booked: Json, _diary: Diary) -> None:
        self._writing.act("cancel", booked, {"reason": "patient called"})

    def _finish(self, encounter_id: str) -> None:
        """As soon as it is open."""
        ends = time.monotonic() + PATIENCE_S
        while time.monotonic() < ends:
            done = self._writing.write("finish", f"/v1/encounters/{encounter_id}/finish", COUGH, "clinician")
            if done.slug != PENDING:
                return
            time.sleep(_PAUSE_S)
        self.faults.append(f"encounter {encounter_id} was never opened")


def _held(at: AtWork) -> Errand:
    return held(at, at.diary("own"), at.a_day())
