"""`frontdesk claim-feed` on a real broker: acknowledged when written, resumed, closed to other networks."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from uuid import UUID

import pika
import pytest
from fix_billing import KEYRING
from fix_servers import PASSWORD, BrokerUrls
from fix_told import NOW, as_event
from pika.exceptions import AMQPError, ChannelClosedByBroker
from typer.testing import CliRunner

from cli import feed_queue
from cli.feed_rows import FeedOrder, Row, plain
from cli.main import app
from shared.events.billing import ClaimFeedRow
from shared.events.envelope import encode
from shared.events.registry import FEED_EXCHANGE
from shared.ids import new_id
from shared.messaging import topology
from shared.messaging.broker_api import ApiRequest, BrokerApi
from shared.messaging.claim_feed import feed_queue as queue_of
from shared.messaging.claim_feed import open_feed


@dataclass
class Feed:
    """One network's queue, with a publisher and its reader's URL."""

    broker: BrokerUrls
    network_id: UUID = field(default_factory=new_id)

    def open(self) -> None:
        open_feed(BrokerApi(self.broker.api), self.network_id, PASSWORD)

    @property
    def queue(self) -> str:
        return queue_of(self.network_id)

    @property
    def url(self) -> str:
        return self.broker.amqp_as(self.queue)

    def publish(self, *sequences: int) -> None:
        """Rows with these numbers, as the relay publishes them."""
        connection = pika.BlockingConnection(pika.URLParameters(self.broker.amqp))
        channel = connection.channel()
        channel.confirm_delivery()
        for sequence in sequences:
            body = encode(as_event(self.row(sequence), self.network_id), KEYRING)
            channel.basic_publish(FEED_EXCHANGE, str(self.network_id), json.dumps(body).encode(), mandatory=True)
        connection.close()

    def row(self, sequence: int) -> ClaimFeedRow:
        """The row of that number."""
        return ClaimFeedRow(
            network_id=self.network_id,
            version=sequence,
            event_type="claim-created",
            claim_id=UUID(int=sequence),
            claim_version=1,
            encounter_id=new_id(),
            site_id=new_id(),
            status="active",
            held_reason=None,
            payer_id="60054",
            total_cents=100 * sequence,
            currency="USD",
            occurred_at=NOW,
        )

    def read(self, order: FeedOrder | None = None) -> list[int]:
        """What a reader gets now."""
        found: list[int] = []
        feed_queue.drain(self.url, self.queue, order or FeedOrder(nothing), lambda row: found.append(row["sequence"]))
        return found


def nothing(_after: int) -> list[Row]:
    raise AssertionError("nothing is missing")


@pytest.fixture
def feed(broker: BrokerUrls) -> Iterator[Feed]:
    """A network with its feed; its broker user goes with the test."""
    api = BrokerApi(broker.api)
    for request in topology.requests(api.vhost):
        api.send(request)
    made = Feed(broker)
    made.open()
    yield made
    forget_user(api, made.network_id)


def forget_user(api: BrokerApi, network_id: UUID) -> None:
    api.send(ApiRequest("DELETE", f"/api/users/{queue_of(network_id)}"))


def test_a_row_is_read_once_and_reading_goes_on_where_it_stopped(feed: Feed) -> None:
    """Seen red by: no basic_ack."""
    feed.publish(1, 2)
    assert feed.read() == [1, 2]
    feed.publish(3)
    assert feed.read() == [3]
    assert feed.read() == []


def test_a_row_that_could_not_be_written_stays_in_the_queue(feed: Feed) -> None:
    """Seen red by: basic_ack before the row is handed on."""
    feed.publish(1, 2)

    def full_disk(_row: Row) -> None:
        raise OSError

    with pytest.raises(OSError):
        feed_queue.drain(feed.url, feed.queue, FeedOrder(nothing), full_disk)
    assert feed.read() == [1, 2]


def test_a_follower_gets_what_comes_and_fills_gaps(feed: Feed) -> None:
    feed.publish(1, 4)
    found: list[int] = []

    def hand(row: Row) -> None:
        found.append(row["sequence"])
        if row["sequence"] == 4:
            feed.publish(5)

    dropped: Callable[[int], list[Row]] = lambda after: [plain({"sequence": n}) for n in range(after + 1, 4)]  # noqa: E731
    feed_queue.follow(feed.url, feed.queue, FeedOrder(dropped, 0), hand, lambda: 5 in found)
    assert found == [1, 2, 3, 4, 5]


def test_another_networks_user_cannot_see_the_queue(feed: Feed) -> None:
    """Seen red by: read permission `.*`."""
    other = Feed(feed.broker)
    other.open()
    feed.publish(1)
    with pytest.raises(ChannelClosedByBroker) as refused:
        feed_queue.drain(other.url, feed.queue, FeedOrder(nothing), lambda _: None)
    assert refused.value.reply_code == 403
    with pytest.raises(AMQPError):
        feed_queue.follow(other.url, feed.queue, FeedOrder(nothing), lambda _: None)
    assert feed.read() == [1]
    forget_user(BrokerApi(feed.broker.api), other.network_id)


@pytest.mark.parametrize("noted_as", ["FRONTDESK_AMQP_URL", "FRONTDESK_RELAY_AMQP_URL"])
def test_the_command_writes_csv_and_says_when_it_may_not_read(
    feed: Feed, monkeypatch: pytest.MonkeyPatch, noted_as: str
) -> None:
    """Beside `frontdesk run` the broker is noted under the relay's name alone. Seen red by: reading only the first."""
    feed.publish(1, 2)
    monkeypatch.delenv("FRONTDESK_AMQP_URL", raising=False)
    monkeypatch.setenv(noted_as, feed.broker.amqp)
    monkeypatch.setenv("FRONTDESK_CLAIM_FEED_PASSWORD", PASSWORD)
    arguments = ["claim-feed", "--network", str(feed.network_id), "--format", "csv"]
    shown = CliRunner().invoke(app, arguments)
    assert shown.exit_code == 0
    assert [line.split(",")[0] for line in shown.output.splitlines()] == ["sequence", "1", "2"]
    monkeypatch.setenv("FRONTDESK_CLAIM_FEED_PASSWORD", "wrong")
    refused = CliRunner().invoke(app, arguments)
    assert refused.exit_code == 1
    assert "does not take that password" in refused.output
