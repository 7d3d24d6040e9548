"""When the faults of a slice begin: each at its time, and one after the other where they break the same server."""

from types import SimpleNamespace
from typing import Any

import pytest
from fault import Fault, Kind
from plan import Slice
from timeline import Timeline

FIRST, SECOND = Fault(1, Kind.KILL, ("rabbitmq-1",), 5), Fault(2, Kind.KILL, ("rabbitmq-2",), 5)
APART = Fault(3, Kind.ONE_WAY, ("rabbitmq-1>rabbitmq-3",), 5)


def test_of_faults_that_waited_for_the_same_broker_one_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seen red by: asking what may begin before the first has begun."""
    begun: list[Fault] = []
    clock, servers = SimpleNamespace(at=10.0), SimpleNamespace(up=False)
    servers.is_up = lambda _kind: servers.up
    servers.restart_the_hung = lambda **_: None
    breaking: Any = SimpleNamespace(
        servers=servers,
        may=lambda _fault: True,
        begin=begun.append,
        end=lambda _fault: None,
        look_after=lambda: None,
    )
    system: Any = SimpleNamespace(pid=lambda _name: 1)
    history: Any = SimpleNamespace(now=lambda: clock.at)
    timeline = Timeline(Slice(1, 1, 1, 3, 60, "", (FIRST, SECOND, APART)), system, breaking, history)
    monkeypatch.setattr(timeline.recoveries, "watch", lambda _one, _pids: None)
    timeline.step()
    assert begun == []
    servers.up = True
    for after in (1, 2, 3):
        timeline.step()
        assert len(begun) == after
        clock.at += 5
    assert begun == [FIRST, SECOND, APART]
