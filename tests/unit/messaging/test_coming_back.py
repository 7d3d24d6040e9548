"""A broker that was away for long is found again soon: no wait grows beyond a few seconds."""

from types import SimpleNamespace

import pytest
from kombu import Connection
from kombu.exceptions import OperationalError

from shared.messaging.consuming import FactConsumer
from shared.messaging.link import BrokerAway
from shared.messaging.relay import DatabaseRelay

MANY, SOON_S = 40, 3.0


def test_a_relay_looks_for_the_broker_every_few_seconds_however_long_it_was_away(monkeypatch):
    """Seen red by: a longest pause of 30 s."""
    relay, waited = DatabaseRelay("records", "nowhere", "nowhere"), []

    def wait(seconds):
        waited.append(seconds)
        if len(waited) == MANY:
            relay.drain()

    monkeypatch.setattr(relay._stopping, "wait", wait)
    monkeypatch.setattr(relay, "_own_and_publish", lambda: (_ for _ in ()).throw(BrokerAway))
    relay.run()
    assert len(waited) == MANY
    assert max(waited) <= SOON_S


def test_a_service_looks_for_the_broker_every_few_seconds_too(monkeypatch):
    """Seen red by: kombu's own waits."""
    consumer, waited = FactConsumer(), []
    consumer.container = SimpleNamespace(config={"AMQP_URI": "amqp://nobody@127.0.0.1:1//"})
    consumer.connect_max_retries = MANY
    monkeypatch.setattr(consumer, "on_connection_error", lambda _error, seconds: waited.append(seconds))
    monkeypatch.setattr("kombu.utils.functional.sleep", lambda _seconds: None)
    monkeypatch.setattr(Connection, "_connection_factory", lambda _self: (_ for _ in ()).throw(ConnectionRefusedError))
    with pytest.raises(OperationalError), consumer.establish_connection():
        pass
    assert len(waited) > MANY / 2
    assert max(waited) <= SOON_S
