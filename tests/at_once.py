"""What two do at the same moment to notifications: the first stands before its commit while the second comes."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fix_notifications import Desk

from shared.errors import Refused


def until(condition: Callable[[], bool], seconds: float = 15) -> None:
    """Polls until the condition holds; fails after `seconds`."""
    ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends
        time.sleep(0.02)


def paused_before_commit(uow: Any) -> tuple[threading.Event, threading.Event]:
    """The unit of work stops before it commits: (it has come there, let it go on)."""
    there, go_on, commit = threading.Event(), threading.Event(), uow.commit

    def wait_and_commit(answer: Any = None) -> Any:
        there.set()
        assert go_on.wait(20)
        return commit(answer)

    uow.commit = wait_and_commit
    return there, go_on


def waits_for_a_lock(desk: Desk) -> bool:
    return bool(
        desk.rows("SELECT 1 FROM pg_stat_activity WHERE wait_event = 'advisory' AND datname = current_database()")
    )


def waits_for_a_row(desk: Desk) -> bool:
    waiting = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    return bool(desk.rows(waiting))


def first_has_it(desk: Desk, take: Callable[..., Any], command: Any, taken: type[Refused]) -> None:
    """Ann takes it, and Bob before she has committed: she has it, and he is told whose it is."""
    hers, his = (desk.at(desk.site_id, who=who) for who in ("ann", "bob"))
    there, go_on = paused_before_commit(hers)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(take, command, hers, desk.clock)
        assert there.wait(20)
        second = pool.submit(take, command, his, desk.clock)
        until(lambda: waits_for_a_row(desk) or second.done())
        go_on.set()
        assert first.result().taken_by == "ann"
        with pytest.raises(taken) as told:
            second.result()
    assert told.value.details == {"taken_by": "ann"}
