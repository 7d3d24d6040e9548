"""Who is woken by what: commits of other processes, and commands by hand."""

import select
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest
from psycopg2.extensions import connection as Connection  # noqa: N812

from shared.clock import BusinessClock
from shared.jobs import RUNS, Job, JobContext, Worker
from shared.messaging import wake
from shared.messaging.wake import CHANNEL, Wake, Waker, heard, listening

PATIENCE_S = 15.0


@pytest.fixture
def url(database: Callable[[str], Any]) -> str:
    return str(database("notifications").worker)


@pytest.fixture
def ears(url: str) -> Iterator[Connection]:
    with closing(listening(url)) as connection:
        yield connection


def notify(url: str, payload: str = "") -> None:
    with closing(listening(url)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", (CHANNEL, payload))


def wait_for(ears: Connection) -> None:
    assert select.select([ears], [], [], PATIENCE_S)[0], "nobody said anything"


def next_heard(ears: Connection) -> set[Wake]:
    wait_for(ears)
    return heard(ears)


def test_a_command_wakes_by_hand_and_another_process_by_its_commit(url: str, ears: Connection) -> None:
    Waker.once(url)
    assert next_heard(ears) == {Wake.BY_HAND}
    notify(url, "another")
    assert next_heard(ears) == {Wake.BY_COMMIT}


def test_a_process_is_not_woken_by_its_own_commit_and_every_other_one_is(
    url: str, ears: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen red by: NOTIFY without the process."""
    Waker(url)()
    assert next_heard(ears) == set()
    Waker(url)()
    wait_for(ears)
    monkeypatch.setattr(wake, "_THIS_PROCESS", "another")
    assert heard(ears) == {Wake.BY_COMMIT}


class Runs:
    """A job that counts its runs; while `held`, a run does not end."""

    def __init__(self) -> None:
        self.count = 0
        self.free = threading.Event()
        self.free.set()
        self._changed = threading.Condition()

    def __call__(self, _context: JobContext) -> None:
        with self._changed:
            self.count += 1
            self._changed.notify_all()
        assert self.free.wait(PATIENCE_S)

    def wait_for(self, count: int) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: self.count >= count, PATIENCE_S), self.count


@pytest.fixture
def worker(url: str) -> Iterator[tuple[Worker, Runs, Runs]]:
    """Two jobs whose time never comes; only the first is woken by commits."""
    eager, patient = Runs(), Runs()
    context = JobContext("notifications", None, BusinessClock(), threading.Event())  # type: ignore[arg-type]
    jobs = [Job("eager", 1e6, eager, woken=True), Job("patient", 1e6, patient)]
    made = Worker(context, jobs, url)
    made.start()
    for runs in (eager, patient):
        runs.wait_for(1)
    yield made, eager, patient
    assert made.drain()


def test_a_commit_wakes_only_the_jobs_that_it_left_work_for(worker: tuple[Worker, Runs, Runs]) -> None:
    """Seen red by: every job woken by every commit."""
    made, eager, patient = worker
    for count in (2, 3, 4):
        made.wake(Wake.BY_COMMIT)
        eager.wait_for(count)
    assert patient.count == 1
    made.wake(Wake.BY_HAND)
    patient.wait_for(2)
    eager.wait_for(5)


def test_a_job_that_would_end_its_thread_has_failed_and_runs_again(url: str) -> None:
    """A setting that is missing raises SystemExit. Seen red by: `except Exception`: the thread ends unheard."""
    runs = Runs()

    def ends(context: JobContext) -> None:
        runs(context)
        raise SystemExit("a setting is missing")

    context = JobContext("notifications", None, BusinessClock(), threading.Event())  # type: ignore[arg-type]
    made = Worker(context, [Job("ends", 0.0, ends)], url)
    failed = RUNS.labels("notifications", "ends", "failed")
    made.start()
    runs.wait_for(2)
    assert made.drain()
    assert failed._value.get() >= 1


def test_what_comes_while_a_job_runs_is_served_by_one_more_run(worker: tuple[Worker, Runs, Runs]) -> None:
    """Seen red by: the turn cleared after the run and not before it."""
    made, eager, _ = worker
    eager.free.clear()
    made.wake(Wake.BY_COMMIT)
    eager.wait_for(2)
    for _ in range(5):
        made.wake(Wake.BY_COMMIT)
    eager.free.set()
    eager.wait_for(3)
    made.wake(Wake.BY_COMMIT)
    eager.wait_for(4)
    assert eager.count == 4


def test_a_listener_hears_of_a_commit_through_the_database(url: str, worker: tuple[Worker, Runs, Runs]) -> None:
    """Again and again, since nothing tells when it has begun to listen."""
    _, eager, patient = worker
    deadline = threading.Event()
    for _ in range(100):
        notify(url, "another")
        if eager.count > 1 or deadline.wait(0.1):
            break
    assert (eager.count > 1, patient.count) == (True, 1)
