"""`work`: what time or a wake-up starts. Jobs run every so many seconds, some also when their database was written."""

import importlib
import select
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import psycopg2

from shared import config
from shared.clock import BusinessClock, Clock
from shared.config import database_url
from shared.database.idempotency import forget_keys
from shared.database.pool import connect
from shared.database.units import UnitFactory
from shared.health import health
from shared.logs import log
from shared.messaging.at_work import parked_retries, worker_units
from shared.messaging.backoff import full_jitter
from shared.messaging.door import is_away
from shared.messaging.wake import Wake, heard, listening
from shared.metrics import counter, gauge, histogram

RUNS = counter("job_runs_total", "Runs of jobs", "service", "job", "outcome")
SECONDS = histogram("job_seconds", "How long runs of jobs take", "service", "job")
LAST_SUCCESS = gauge(
    "job_last_success_seconds", "Unix time of a job's last good run: an alert when old", "service", "job"
)
RETRY_EVERY_S = 5.0
FORGET_EVERY_S = 120.0  # well under the five minutes after which a job that is silent is an alert
_DRAIN_S = 30.0
# After a run a job rests for as long as it ran, at most so long: the first of a burst is served at once, the others
# together, and the longer runs become the more each has to serve.
_LONGEST_REST_S = 0.05


@dataclass(frozen=True)
class JobContext:
    """What a job works with; one `units.for_network(network_id)` for each of `networks()`."""

    service: str
    units: UnitFactory[Any]
    clock: Clock
    stopping: threading.Event
    settings: Callable[[str], str] = config.setting

    def networks(self) -> Iterator[UUID]:
        """The networks, until the process is asked to stop."""
        for network_id in self.units.networks():
            if self.stopping.is_set():
                return
            yield network_id


@dataclass(frozen=True)
class Job:
    """`run` every `every` seconds, whenever somebody wakes `work` by hand, and where it is `woken` after commits too.

    `woken` is for what commits of other processes leave to be done at once; of its own a job knows. `alone`: in one
    `work` process at a time (advisory lock). `prepare` runs once before anything starts, and ends the process with a
    sentence where a setting is missing.
    """

    name: str
    every: float
    run: Callable[[JobContext], None]
    alone: bool = False
    woken: bool = False
    prepare: Callable[[JobContext], object] = lambda _context: None


@dataclass
class _Turn:
    """When a job is to run next."""

    woken: bool
    due: threading.Event = field(default_factory=threading.Event)
    healthy: bool = True


class Worker:
    """The jobs of one service in one process: a thread each, and one that hears wake-ups."""

    def __init__(self, context: JobContext, jobs: Sequence[Job], database: str) -> None:
        self._context = context
        self._database = database
        self._turns = {job.name: _Turn(job.woken) for job in jobs}
        self._threads = [threading.Thread(target=self._keep, args=(job,), name=job.name, daemon=True) for job in jobs]
        self._listener = threading.Thread(target=self._listen, name="wake", daemon=True)

    def start(self) -> None:
        """Starts every job once at once."""
        health.register("jobs", lambda: all(turn.healthy for turn in self._turns.values()))
        for thread in [*self._threads, self._listener]:
            thread.start()

    def wake(self, why: Wake) -> None:
        """Lets every job that this concerns run now."""
        for turn in self._turns.values():
            if turn.woken or why is Wake.BY_HAND:
                turn.due.set()

    def drain(self) -> bool:
        """No new runs; running ones are waited for. False where one did not end in time."""
        self._context.stopping.set()
        for turn in self._turns.values():
            turn.due.set()
        deadline = time.monotonic() + _DRAIN_S
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def _keep(self, job: Job) -> None:
        turn = self._turns[job.name]
        failures = 0
        while not self._context.stopping.is_set():
            began = time.monotonic()
            turn.healthy = self._run(job)
            self._context.stopping.wait(min(time.monotonic() - began, _LONGEST_REST_S))
            failures = 0 if turn.healthy else failures + 1
            again = job.every if turn.healthy else min(job.every, full_jitter(failures, base_s=0.5, cap_s=30.0))
            turn.due.wait(again)
            turn.due.clear()

    def _run(self, job: Job) -> bool:
        began = time.monotonic()
        labels = (self._context.service, job.name)
        try:
            with self._turn_of(job) as mine:
                if mine:
                    job.run(self._context)
        except (Exception, SystemExit) as error:  # what would end this thread alone, and say nothing
            RUNS.labels(*labels, "away" if is_away(error) else "failed").inc()
            log.exception("job-failed", job=job.name)
            return False
        RUNS.labels(*labels, "done" if mine else "elsewhere").inc()
        SECONDS.labels(*labels).observe(time.monotonic() - began)
        LAST_SUCCESS.labels(*labels).set(time.time())
        return True

    @contextmanager
    def _turn_of(self, job: Job) -> Iterator[bool]:
        """Whether this process may run the job now; the lock lives on a connection of its own while the job runs."""
        if not job.alone:
            yield True
            return
        with closing(connect(self._database)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_try_advisory_lock(hashtext('frontdesk-job'), hashtext(%s)) AS mine", (job.name,)
                )
                row: Any = cursor.fetchone()
            yield bool(row["mine"])

    def _listen(self) -> None:
        failures = 0
        while not self._context.stopping.is_set():
            try:
                with closing(listening(self._database)) as connection:
                    failures = 0
                    self._hear(connection)
            except (psycopg2.Error, OSError):
                failures += 1
                self._context.stopping.wait(full_jitter(failures, base_s=0.2, cap_s=10.0))

    def _hear(self, connection: Any) -> None:
        while not self._context.stopping.is_set():
            readable, _, _ = select.select([connection], [], [], 0.5)
            for why in heard(connection) if readable else ():
                self.wake(why)


def run_worker(service: str, stopping: threading.Event) -> bool:
    """Runs the jobs of `services.<service>.jobs` and those of every service until `stopping`, then drains.

    True if every running job ended in time.
    """
    jobs: list[Job] = [*importlib.import_module(f"services.{service}.jobs").JOBS]
    units = worker_units(service, size=len(jobs) + 3)
    retries = parked_retries(service, units)
    jobs.append(Job("retry-parked-events", RETRY_EVERY_S, lambda _context: _retry(retries)))
    jobs.append(Job("forget-command-keys", FORGET_EVERY_S, forget_command_keys, alone=True))
    context = JobContext(service, units, BusinessClock(), stopping)
    for job in jobs:
        job.prepare(context)
    worker = Worker(context, jobs, database_url(service, "worker"))
    worker.start()
    log.info("worker-started", service=service, jobs=[job.name for job in jobs])
    stopping.wait()
    return worker.drain()


def forget_command_keys(context: JobContext) -> None:
    """Deletes the command keys that are past their seven days, a transaction for each network."""
    for network_id in context.networks():
        with context.units.for_network(network_id) as uow:
            forget_keys(uow.connection)
            uow.commit()


def _retry(retries: Any) -> None:
    retries.run()
