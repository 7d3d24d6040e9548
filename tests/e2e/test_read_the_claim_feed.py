"""The worked example of docs/how-to/read-the-claim-feed.md, run as it stands there, beside claims that come."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import pika
import pytest
from fix_desk import Desk, Diary, Json

from cli.instance import ROOT

PAGE = ROOT / "docs" / "how-to" / "read-the-claim-feed.md"
pytestmark = pytest.mark.timeout(240)


class Reader:
    """The page's program with a file of its own."""

    def __init__(self, desk: Desk, folder: Path) -> None:
        (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
        self._program = folder / "reader.py"
        self._program.write_text(code, "utf-8")
        self.file = folder / "rows.jsonl"
        self.queue = f"claim-feed.{desk.elm.network_id}"
        self._desk = desk

    @contextmanager
    def running(self) -> Iterator[None]:
        """Until the end of the block, where it is killed."""
        process = subprocess.Popen(
            [sys.executable, str(self._program)], env=self._environment(), stderr=subprocess.PIPE
        )
        try:
            yield
            assert process.poll() is None, process.stderr and process.stderr.read().decode()
        finally:
            process.send_signal(signal.SIGKILL)
            process.communicate()

    def rows(self) -> list[Json]:
        return [json.loads(line) for line in self.file.read_text("utf-8").splitlines()] if self.file.exists() else []

    @property
    def url(self) -> str:
        parts = urlsplit(self._desk.system.rabbitmq.amqp_url)
        user, password = quote(self.queue), quote(self._desk.elm.feed_password, safe="")
        return urlunsplit(parts._replace(netloc=f"{user}:{password}@{parts.hostname}:{parts.port}"))

    def _environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "FEED_URL": self.url,
            "FEED_QUEUE": self.queue,
            "FRONTDESK_URL": self._desk.system.gateway_url,
            "FEED_TOKEN": self._desk.session("manager").token,
            "FEED_FILE": str(self.file),
        }


@pytest.fixture
def reader(desk: Desk, tmp_path: Path) -> Reader:
    return Reader(desk, tmp_path)


@pytest.fixture
def diary(desk: Desk) -> Diary:
    return desk.diary()


def claim(desk: Desk, diary: Diary, place: int) -> None:
    """One whole visit whose claim reaches the feed."""
    before = feed_of(desk)
    arrived = desk.act(desk.book(diary, place, desk.insured()), "check-in")
    desk.finish(arrived["encounter_id"])
    desk.wait_until(lambda: len(feed_of(desk)) > len(before))


def feed_of(desk: Desk) -> list[Json]:
    rows, after = [], 0
    while page := desk.session("manager").get("/v1/claim-feed", after=after, limit=200)["items"]:
        rows += page
        after = page[-1]["sequence"]
    return rows


def caught_up(desk: Desk, reader: Reader) -> bool:
    return len(reader.rows()) >= len(feed_of(desk))


def in_queue(desk: Desk, reader: Reader) -> int:
    with pika.BlockingConnection(pika.URLParameters(desk.system.rabbitmq.amqp_url)) as connection:
        return int(connection.channel().queue_declare(reader.queue, passive=True).method.message_count)


def same_instants(row: Json) -> Json:
    """The queue and the API write one instant in two forms."""
    return {**row, "occurred_at": row["occurred_at"].replace("+00:00", "Z").partition(".")[0].removesuffix("Z")}


def assert_all_kept_once(desk: Desk, reader: Reader) -> None:
    assert [*map(same_instants, reader.rows())] == [*map(same_instants, feed_of(desk))]


def test_the_example_keeps_every_row_once_over_kills_and_gaps(desk: Desk, diary: Diary, reader: Reader) -> None:
    """A row that comes while it reads, one while it is dead, and one that left the queue unread.

    Seen red by: the page's `catch_up` before `read` and in the gap left out.
    """
    claim(desk, diary, 0)
    with reader.running():
        claim(desk, diary, 1)
        desk.wait_until(lambda: caught_up(desk, reader))
    assert_all_kept_once(desk, reader)
    claim(desk, diary, 2)
    claim(desk, diary, 3)
    desk.wait_until(lambda: in_queue(desk, reader) >= 2)
    with pika.BlockingConnection(pika.URLParameters(reader.url)) as connection:
        connection.channel().basic_get(reader.queue, auto_ack=True)
    with reader.running():
        desk.wait_until(lambda: caught_up(desk, reader))
    assert_all_kept_once(desk, reader)


def test_the_example_fills_a_gap_that_opens_while_it_reads(desk: Desk, diary: Diary, reader: Reader) -> None:
    """Seen red by: a reader that keeps whatever number comes."""
    claim(desk, diary, 4)
    with reader.running():
        desk.wait_until(lambda: caught_up(desk, reader))
        unbind_and_bind(desk, reader, lambda: claim(desk, diary, 5))
        claim(desk, diary, 6)
        desk.wait_until(lambda: caught_up(desk, reader))
    assert_all_kept_once(desk, reader)


def unbind_and_bind(desk: Desk, reader: Reader, meanwhile) -> None:
    """Rows that are told meanwhile miss the queue, as they would in one that overflowed."""
    aside = f"aside.{desk.elm.network_id}"
    with pika.BlockingConnection(pika.URLParameters(desk.system.rabbitmq.amqp_url)) as connection:
        channel, key = connection.channel(), desk.elm.network_id
        channel.queue_declare(aside)
        channel.queue_bind(aside, "claim-feed", key)  # or the relay would find no queue and try again
        channel.queue_unbind(reader.queue, "claim-feed", key)
        try:
            meanwhile()
            desk.wait_until(lambda: channel.queue_declare(aside, passive=True).method.message_count)
        finally:
            channel.queue_bind(reader.queue, "claim-feed", key)
            channel.queue_delete(aside)


def test_the_example_does_nothing_with_rows_that_come_again(desk: Desk, diary: Diary, reader: Reader) -> None:
    """Seen red by: the page's comparison with the last number left out."""
    claim(desk, diary, 7)
    with reader.running():
        desk.wait_until(lambda: caught_up(desk, reader))
        done = desk.command("replay", "--aggregate", "claim-feed", "--source", "billing")
        assert done.returncode == 0, done.stderr
        claim(desk, diary, 8)
        desk.wait_until(lambda: caught_up(desk, reader) and in_queue(desk, reader) == 0)
    assert_all_kept_once(desk, reader)
