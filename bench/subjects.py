"""What is measured booking: the product or a baseline, each behind the same few questions."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import uuid4

from bench.baseline_venv import baseline_python
from bench.book import Book
from bench.children import running, until
from bench.loading import Target
from bench.servers import Servers, rows, run_sql
from bench.whole_system import PATIENTS, PRACTITIONERS, WholeSystem
from cli.instance import ROOT
from cli.servers.ports import free_ports

PIPELINE = ROOT / "bench" / "baselines" / "pipeline"
DRAINED_S = 240.0
Instants = Mapping[str, datetime]
Lags = dict[str, list[float]]


class Subject(Protocol):
    """Takes bookings by HTTP and has their effects some time later. A `mark` is the end of what was there before."""

    @property
    def book(self) -> Book: ...

    @property
    def pids(self) -> Mapping[str, int]: ...

    def target(self) -> Target: ...

    def mark(self) -> Any: ...

    def drain(self, mark: Any, count: int) -> None:
        """Returns once every effect of `count` bookings since the mark is there."""
        ...

    def lags(self, mark: Any) -> Lags:
        """Milliseconds from each booking's commit to its effects, by effect, from the databases' own times."""
        ...


@dataclass(frozen=True)
class Product:
    """Frontdesk through its gateway."""

    whole: WholeSystem

    @property
    def book(self) -> Book:
        return self.whole.book

    @property
    def pids(self) -> Mapping[str, int]:
        return self.whole.pids

    def target(self) -> Target:
        headers = {"Authorization": f"Bearer {self.whole.secretary().token}"}
        return Target(self.whole.gateway_url, "/v1/appointments", headers)

    def mark(self) -> dict[str, int]:
        last = "SELECT coalesce(max(id), 0) FROM outbox"
        return {service: self.whole.rows(service, last)[0][0] for service in ("scheduling", "notifications")}

    def drain(self, mark: dict[str, int], count: int) -> None:
        until(lambda: self._sent(mark) >= count, DRAINED_S, "texts to all who were booked")
        texts = self.texts(mark)
        until(lambda: len(self._seen("scheduling.on_text", texts)) >= count, DRAINED_S, "day sheets")

    def lags(self, mark: dict[str, int]) -> Lags:
        booked, texts = self.booked(mark), self.texts(mark)
        sent = dict(texts.values())
        on_sheet = {texts[text][0]: at for text, at in self._seen("scheduling.on_text", texts).items()}
        return {
            "commit_to_text_ms": between(booked, sent),
            "commit_to_records_copy_ms": between(booked, self._seen("records.on_appointment", booked)),
            "commit_to_notifications_copy_ms": between(booked, self._seen("notifications.on_appointment", booked)),
            "commit_to_day_sheet_ms": between(booked, on_sheet),
        }

    def booked(self, mark: dict[str, int]) -> dict[str, datetime]:
        """When each booking since the mark was committed."""
        asked = (
            "SELECT aggregate_id::text, recorded_at FROM outbox WHERE id > %(after)s AND type = 'appointment-booked'"
        )
        return dict(self.whole.rows("scheduling", asked, after=mark["scheduling"]))

    def _sent(self, mark: dict[str, int]) -> int:
        asked = "SELECT count(*) FROM outbox WHERE id > %(after)s AND type = 'text-sent'"
        return int(self.whole.rows("notifications", asked, after=mark["notifications"])[0][0])

    def texts(self, mark: dict[str, int]) -> dict[str, tuple[str, datetime]]:
        """Texts that were accepted: appointment and time of each."""
        asked = (
            "SELECT aggregate_id::text, data->>'appointment_id', recorded_at FROM outbox"
            " WHERE id > %(after)s AND type = 'text-sent'"
        )
        found = self.whole.rows("notifications", asked, after=mark["notifications"])
        return {text: (appointment, at) for text, appointment, at in found}

    def _seen(self, consumer: str, aggregates: Mapping[str, Any]) -> dict[str, datetime]:
        """When a handler took in the facts about these."""
        asked = (
            "SELECT aggregate_id::text, received_at FROM inbox"
            " WHERE consumer = %(consumer)s AND aggregate_id = ANY (%(ids)s::uuid[])"
        )
        ids = list(aggregates)
        return dict(self.whole.rows(consumer.partition(".")[0], asked, consumer=consumer, ids=ids))


@dataclass(frozen=True)
class Pipeline:
    """The minimal modern pipeline of bench/baselines/pipeline."""

    servers: Servers
    processes: Mapping[str, int]
    port: int
    book: Book

    @property
    def pids(self) -> Mapping[str, int]:
        return {**self.processes, **self.servers.pids}

    def target(self) -> Target:
        return Target(f"http://127.0.0.1:{self.port}", "/appointments", {})

    def mark(self) -> int:
        return self._count()

    def drain(self, mark: int, count: int) -> None:
        until(lambda: self._count() - mark >= count, DRAINED_S, "texts of the baseline")

    def lags(self, mark: int) -> Lags:
        asked = (
            "SELECT extract(epoch FROM t.written_at - a.booked_at)::float * 1000 FROM texts t"
            " JOIN appointments a USING (appointment_id) ORDER BY t.written_at OFFSET %(mark)s"
        )
        return {"commit_to_text_ms": [lag for (lag,) in rows(self.servers.database_url, asked, mark=mark)]}

    def _count(self) -> int:
        return int(rows(self.servers.database_url, "SELECT count(*) FROM texts")[0][0])


@contextmanager
def pipeline(servers: Servers) -> Iterator[Pipeline]:
    """The baseline, ready, one process of each kind."""
    run_sql(servers.database_url, (PIPELINE / "schema.sql").read_text("utf-8"))
    python, port = str(baseline_python()), free_ports(1)[0]
    modules = {"http service": "api", "relay": "relay", "consumer": "consumer"}
    commands = {name: [python, "-m", f"bench.baselines.pipeline.{module}"] for name, module in modules.items()}
    environment = {
        "BENCH_DATABASE_URL": servers.database_url,
        "BENCH_BROKER_URL": servers.broker_url,
        "BENCH_PORT": str(port),
    }
    with running(commands, environment) as processes:
        yield Pipeline(servers, processes, port, _invented_book())


def between(begins: Instants, ends: Instants) -> list[float]:
    """Milliseconds from each begin to its end, where both are known."""
    return [(ends[it] - begins[it]).total_seconds() * 1000 for it in begins if it in ends]


def _invented_book() -> Book:
    def ids(number: int) -> Sequence[str]:
        return [str(uuid4()) for _ in range(number)]

    return Book(str(uuid4()), str(uuid4()), ids(PRACTITIONERS), ids(PATIENTS))
