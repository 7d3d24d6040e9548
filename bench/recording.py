"""The SQL of one booking as the product sends it: the operation itself is run once, and what it said is kept."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import psycopg2

from services.scheduling.domain.appointment import Appointment
from services.scheduling.domain.commands import BookAppointment
from services.scheduling.operations import book_appointment
from services.scheduling.repository import SchedulingUnitOfWork
from services.scheduling.schemas import AppointmentAnswer
from shared.asker import Asker
from shared.clock import BusinessClock
from shared.config import database_url, setting
from shared.database.connection import Connection, Cursor
from shared.database.idempotency import CommandKey
from shared.database.unit_of_work import Resources
from shared.events.encryption import Keyring

SERVICE = "scheduling"


@dataclass(frozen=True)
class Recorded:
    """Every message from BEGIN to COMMIT with its values, and what was prepared for them; `key` is the command's."""

    messages: list[str]
    preparations: list[str]
    appointment: Appointment
    key: str


def recorded_booking(network_id: UUID, body: dict[str, Any]) -> Recorded:
    """Books what `body` (a request's) asks for, as the service's own login, and tells with what messages."""
    clock, key, said = BusinessClock(), str(uuid4()), list[str]()
    command = BookAppointment(
        site_id=UUID(body["site_id"]),
        practitioner_id=UUID(body["practitioner_id"]),
        appointment_type_id=UUID(body["appointment_type_id"]),
        patient_id=UUID(body["patient_id"]),
        start_at=datetime.fromisoformat(body["start_at"]),
    )
    with _recording(said) as pool:
        resources = Resources(pool=pool, clock=clock, keyring=Keyring.parse(setting("FRONTDESK_EVENT_KEYS")))
        asker = Asker(
            actor_id=str(uuid4()),
            actor_kind="user",
            network_id=network_id,
            sites=frozenset({command.site_id}),
            scopes=frozenset({"appointments:write"}),
            correlation_id=str(uuid4()),
            patients_seen=True,
        )
        taken = CommandKey(asker.principal, "book_appointment", key, bytes(32))
        uow = SchedulingUnitOfWork(resources, asker, key=taken, action="book_appointment")
        uow.dump_answer_with(AppointmentAnswer().dump)
        appointment = book_appointment(command, uow, clock)
        preparations = _prepared_on(pool.take())
    return Recorded(said, preparations, appointment, key)


def _prepared_on(connection: Connection) -> list[str]:
    with connection.cursor(cursor_factory=Cursor) as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements ORDER BY prepare_time")
        rows: list[Any] = cursor.fetchall()
        return [row["statement"] for row in rows]


class _OneConnection:
    """A pool of one, for one transaction."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def take(self) -> Any:
        return self._connection

    def give_back(self, connection: Any) -> None:
        """It is closed by whoever made it."""

    discard = give_back


@contextmanager
def _recording(said: list[str]) -> Iterator[Any]:
    class Recording(Cursor):
        def execute(self, query: Any, vars: Any = None) -> None:  # noqa: A002 - psycopg2's own name
            super().execute(query, vars)
            said.append((self.query or b"").decode())

    url = database_url(SERVICE)
    with closing(psycopg2.connect(url, connection_factory=Connection, cursor_factory=Recording)) as connection:
        connection.autocommit = True
        yield _OneConnection(connection)
