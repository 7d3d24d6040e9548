"""What the broker does to us: restarts, returns, nacks, alarms, and what it must refuse."""

import os
import subprocess
import sys
from urllib.parse import urlsplit

import pika
import pytest
from fix_messaging import CONSUMER, ROOT, Line, appointment, until
from fix_servers import PASSWORD, BrokerUrls

from shared.events.scheduling import PractitionerChanged
from shared.ids import new_id
from shared.messaging import topology
from shared.messaging.broker_api import ApiRequest, BrokerApi, quoted
from shared.messaging.claim_feed import feed_queue, open_feed
from shared.messaging.topology import TopologyDiffers

SIZE = 40


@pytest.fixture
def own_line(make_line, own_broker) -> Line:
    """A Line on a broker of its own, which the test may break."""
    port = urlsplit(own_broker.amqp_url).port
    return make_line(lambda user: f"amqp://{user}:{PASSWORD}@127.0.0.1:{port}/", own_broker.api_url)


def test_a_broker_restart_loses_nothing_and_the_desk_commits_meanwhile(own_line: Line, own_broker) -> None:
    """Seen red by: a relay that gives up when the connection is lost."""
    own_line.relay()
    own_line.serve()
    own_line.tell(*(appointment() for _ in range(SIZE)))
    until(lambda: len(own_line.effects()) == SIZE)
    own_broker.stop()
    own_line.tell(*(appointment() for _ in range(SIZE)))
    assert len(own_line.unpublished()) == SIZE
    own_broker.start()
    own_broker.wait_ready()
    until(lambda: len(own_line.effects()) == 2 * SIZE, within=90)
    assert len({row["event_id"] for row in own_line.effects()}) == 2 * SIZE
    until(lambda: not own_line.unpublished())


def test_during_a_memory_alarm_commits_go_on_and_everything_arrives_later(own_line: Line, own_broker) -> None:
    """Seen red by: not taking up again when the broker unblocks."""
    own_line.relay()
    own_line.serve()
    own_line.tell(appointment())
    until(lambda: len(own_line.effects()) == 1)
    rabbitmqctl(own_broker, "set_vm_memory_high_watermark", "0.0000001")
    own_line.tell(appointment())
    until(lambda: "broker-blocks" in own_line.log("relay"))
    own_line.tell(*(appointment() for _ in range(SIZE)))
    rabbitmqctl(own_broker, "set_vm_memory_high_watermark", "0.4")
    until(lambda: len(own_line.effects()) == 2 + SIZE)
    until(lambda: not own_line.unpublished())
    assert own_line.rows(own_line.told, "SELECT max(attempts) AS most FROM outbox")[0]["most"] == 0


def test_a_lost_binding_is_alarmed_holds_back_only_its_rows_and_replay_mends_it(line: Line) -> None:
    """Seen red by: publishing without `mandatory` (the events are gone and stamped)."""
    for queue in (CONSUMER, "records.on_appointment"):
        unbind(line, queue, "appointment-booked")
    line.relay()
    line.serve()
    line.tell(appointment())
    [held] = until(lambda: [row for row in line.unpublished() if row["attempts"]])
    assert held["last_error"] == "unroutable"
    line.tell(practitioner())
    until(lambda: [row["type"] for row in line.unpublished()] == ["appointment-booked"])
    until(lambda: "binding-missing" in line.log("relay"))
    assert "mended: scheduling.events -> notifications.on_appointment" in replay(line, "--source", "scheduling")
    until(lambda: len(line.effects()) == 1)
    until(lambda: not line.unpublished())


def test_replay_gives_a_consumer_what_it_missed_and_nothing_twice(line: Line) -> None:
    """One of two bindings was lost: nothing is returned. Seen red by: handing on what was taken before."""
    line.relay()
    line.serve()
    line.tell(*(appointment() for _ in range(5)))
    until(lambda: len(line.effects()) == 5)
    unbind(line, CONSUMER, "appointment-booked")
    line.tell(*(appointment() for _ in range(5)))
    until(lambda: not line.unpublished())
    said = replay(line, "--consumer", CONSUMER)
    assert "10 events published again" in said
    until(lambda: len(line.effects()) == 10)
    assert len({row["event_id"] for row in line.effects()}) == 10


def test_a_nack_holds_back_that_row_until_the_broker_takes_it(line: Line) -> None:
    """Seen red by: counting every confirm, nacks too, as published."""
    full = {"pattern": "^records\\.on_appointment$", "apply-to": "queues", "definition": {"max-length": 1}}
    line.api().send(ApiRequest("PUT", f"/api/operator-policies/{quoted(line.api().vhost)}/full", full))
    line.relay()

    def one_more_is_nacked() -> bool:  # the queue says no some messages after it is full
        line.tell(appointment())
        return any(row["last_error"] == "nacked" for row in line.unpublished())

    until(one_more_is_nacked)
    line.tell(practitioner())
    until(lambda: {row["type"] for row in line.unpublished()} == {"appointment-booked"})
    purge = ApiRequest("DELETE", f"/api/queues/{quoted(line.api().vhost)}/records.on_appointment/contents")

    def all_are_taken() -> bool:  # somebody reads the queue at last
        line.api().send(purge)
        return not line.unpublished()

    until(all_are_taken)


def test_duplicates_and_old_versions_are_known_when_they_come(line: Line) -> None:
    """Seen red by: an inbox insert without the comparison of versions."""
    line.relay()
    line.serve()
    one = new_id()
    for version in (3, 1, 2):
        line.tell(appointment(version, appointment_id=one))
        until(lambda: not line.unpublished())
    for _ in range(2):
        line.rows(line.told, "UPDATE outbox SET published_at = NULL")
        until(lambda: not line.unpublished())
    until(lambda: len(line.inbox()) == 3)
    assert {row["version"]: row["outcome"] for row in line.inbox()} == {3: "applied", 1: "stale", 2: "stale"}
    assert len(line.effects()) == 3


def test_a_queue_of_other_arguments_is_refused(broker: BrokerUrls) -> None:
    """Seen red by: declaring over it (RabbitMQ answers 400) or consuming from it as it is."""
    api = BrokerApi(broker.api)
    api.send(ApiRequest("PUT", f"/api/queues/{broker.vhost}/{quoted(CONSUMER)}", {"durable": True}))
    with pytest.raises(TopologyDiffers, match=r"notifications\.on_appointment"):
        topology.declare(api, dict.fromkeys(topology.broker_users(), PASSWORD))


def test_migrating_twice_changes_nothing(line: Line) -> None:
    topology.declare(line.api(), dict.fromkeys(topology.broker_users(), PASSWORD))
    assert topology.missing_bindings(line.api()) == []


@pytest.mark.parametrize(
    ("user", "queue"), [("billing", CONSUMER), ("relay", CONSUMER), ("notifications", "frontdesk.dead-letter")]
)
def test_a_broker_user_reads_no_queue_but_its_own(line: Line, user: str, queue: str) -> None:
    """Seen red by: a read permission of `.*`."""
    with connected(line.amqp(user)) as channel, pytest.raises(pika.exceptions.ChannelClosedByBroker, match="REFUSED"):
        channel.basic_get(queue)


@pytest.mark.parametrize("user", ["billing", "notifications"])
def test_a_service_cannot_publish(line: Line, user: str) -> None:
    channel = connected(line.amqp(user))
    channel.confirm_delivery()
    with pytest.raises(pika.exceptions.ChannelClosedByBroker, match="REFUSED"):
        channel.basic_publish("scheduling.events", "appointment-booked", b"{}")


def test_the_feed_user_of_a_network_reads_only_its_own_feed(line: Line) -> None:
    """Seen red by: one pattern for all feeds (`^claim-feed`)."""
    mine, other = new_id(), new_id()
    for network_id in (mine, other):
        open_feed(line.api(), network_id, PASSWORD)
    try:
        with connected(line.amqp(feed_queue(mine))) as channel:
            assert channel.basic_get(feed_queue(mine)) == (None, None, None)
            with pytest.raises(pika.exceptions.ChannelClosedByBroker, match="REFUSED"):
                channel.basic_get(feed_queue(other))
    finally:
        for network_id in (mine, other):
            line.api().send(ApiRequest("DELETE", f"/api/users/{feed_queue(network_id)}"))


def practitioner() -> PractitionerChanged:
    """A fact that nobody listens to: it needs no queue."""
    return PractitionerChanged(practitioner_id=new_id(), version=1, given="Ada", family="Quillon")


def unbind(line: Line, queue: str, key: str) -> None:
    path = f"/api/bindings/{quoted(line.api().vhost)}/e/scheduling.events/q/{quoted(queue)}/{key}"
    line.api().send(ApiRequest("DELETE", path))


def replay(line: Line, *options: str) -> str:
    env = line.environment("relay") | {"FRONTDESK_RELAY_AMQP_URL": line.amqp("relay")}
    command = [sys.executable, "-m", "cli", "replay", *options]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def connected(url: str):
    connection = pika.BlockingConnection(pika.URLParameters(url))
    return connection.channel()


def rabbitmqctl(server, *arguments: str) -> None:
    environment = {**os.environ, **server._environment()}
    node = environment["RABBITMQ_NODENAME"]
    command = ["/usr/lib/rabbitmq/bin/rabbitmqctl", "-n", node, *arguments]
    subprocess.run(command, env=environment, check=True, capture_output=True, timeout=60)
