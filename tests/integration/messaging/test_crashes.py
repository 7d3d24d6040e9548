"""A process ends at the worst moment, and nothing is lost and nothing happens twice."""

import signal

import pytest
from fix_messaging import Line, appointment, until

RELAY_POINTS = ("relay.after-select", "relay.after-publish", "relay.after-confirm", "relay.after-stamp")
HANDLER_POINTS = (
    "handler.after-deliver",
    "handler.after-inbox",
    "handler.before-commit",
    "handler.after-commit",
    "handler.after-ack",
)
SIZE = 30


def finished(line: Line, service, ready_in_queue) -> list:
    """The effects once the service has settled everything and has ended."""
    until(lambda: ready_in_queue() == 0)
    service.send_signal(signal.SIGTERM)
    assert service.wait(30) == 0
    assert ready_in_queue() == 0
    return [row["event_id"] for row in line.effects()]


def has_an_owner(line: Line) -> bool:
    """Whether a relay owns scheduling's outbox."""
    held = "SELECT 1 FROM pg_locks JOIN pg_database d ON d.oid = database WHERE locktype = 'advisory' AND granted"
    return bool(line.rows(line.told, f"{held} AND d.datname = current_database()"))


def effects_of_each_once(line: Line, count: int) -> bool:
    found = [row["event_id"] for row in line.effects()]
    assert len(set(found)) == len(found)
    return len(found) == count


@pytest.mark.parametrize("point", RELAY_POINTS)
def test_a_relay_killed_between_commit_and_stamp_loses_nothing(line: Line, point: str) -> None:
    """Seen red by: stamping rows as published when they are sent (after-publish loses what was in flight)."""
    line.tell(*(appointment() for _ in range(SIZE)))
    first = line.relay(failpoint=f"{point}:1:kill")
    assert first.wait(30) == -signal.SIGKILL
    line.relay()
    line.serve()
    until(lambda: effects_of_each_once(line, SIZE))
    until(lambda: not line.unpublished())


@pytest.mark.parametrize("point", HANDLER_POINTS)
def test_a_handler_killed_around_its_commit_neither_loses_nor_repeats(line: Line, point: str, ready_in_queue) -> None:
    """Seen red by: acknowledging before the commit (before-commit loses them); no inbox (after-commit repeats them)."""
    line.relay()
    line.tell(*(appointment() for _ in range(SIZE)))
    first = line.serve(failpoint=f"{point}:1:kill")
    assert first.wait(30) == -signal.SIGKILL
    second = line.serve()
    until(lambda: "consumers-attached" in line.log_of(second))  # after an acknowledged batch nothing may be left
    effects = finished(line, second, ready_in_queue)
    assert len(effects) == len(set(effects)) == SIZE


def test_a_second_relay_takes_over_from_one_that_is_killed(line: Line) -> None:
    """Seen red by: a relay that tries for ownership once and then gives up."""
    first = line.relay()
    until(lambda: has_an_owner(line))
    line.relay()
    line.serve()
    line.tell(appointment())
    until(lambda: effects_of_each_once(line, 1))
    first.kill()
    first.wait()
    line.tell(*(appointment() for _ in range(SIZE)))
    until(lambda: effects_of_each_once(line, 1 + SIZE))


def test_a_handler_asked_to_stop_in_mid_batch_settles_and_acknowledges_all_it_holds(line: Line, ready_in_queue) -> None:
    """Seen red by: closing the connection when asked to stop, as nameko does (the batch is delivered again)."""
    line.relay()
    line.tell(appointment(zone="slow2"), *(appointment() for _ in range(SIZE)))
    service = line.serve()
    until(lambda: not line.unpublished())
    effects = finished(line, service, ready_in_queue)
    assert len(effects) == len(set(effects)) == 1 + SIZE
