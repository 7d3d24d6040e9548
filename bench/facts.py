"""Facts for the event benchmark: texts that were sent, of which scheduling alone keeps a row each."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from uuid import UUID

import psycopg2

from shared.config import setting
from shared.events.encryption import Keyring
from shared.events.envelope import Event
from shared.events.notifications import TextCondition, TextSent
from shared.ids import new_id
from shared.messaging.outbox import append
from shared.messaging.wake import CHANNEL

_AT_ONCE = 1000


def texts_sent(network_id: UUID, number: int) -> list[Event[TextCondition]]:
    """That many facts, each about a text of its own."""
    return [_text_sent(network_id) for _ in range(number)]


@contextmanager
def about_to_be_told(database_url: str, facts: Sequence[Event[TextCondition]]) -> Iterator[None]:
    """Outbox rows that are committed at the end of the block, all at once; then the relay is woken."""
    keyring = Keyring.parse(setting("FRONTDESK_EVENT_KEYS"))
    with closing(psycopg2.connect(database_url)) as connection:
        with connection.cursor() as cursor:
            for first in range(0, len(facts), _AT_ONCE):
                append(cursor, facts[first : first + _AT_ONCE], keyring)
        yield
        connection.commit()
        with connection.cursor() as cursor:
            cursor.execute(f"NOTIFY {CHANNEL}")
        connection.commit()


def _text_sent(network_id: UUID) -> Event[TextCondition]:
    now = datetime.now(UTC)
    text = TextSent(
        version=1,
        text_id=new_id(),
        appointment_id=new_id(),
        patient_id=new_id(),
        site_id=new_id(),
        kind="booked",
        status="accepted",
        reason=None,
        changed_at=now,
    )
    return Event(
        id=new_id(),
        source=text.source,
        type=text.type,
        subject=text.subject,
        time=now,
        networkid=network_id,
        version=text.version,
        correlationid=str(new_id()),
        causationid=None,
        traceparent=None,
        data=text,
    )
