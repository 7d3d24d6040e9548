"""Processes that write, and how far they are."""

from dataclasses import dataclass
from io import StringIO
from queue import Empty

import pytest
from fix_seed import size_of
from rich.console import Console

from cli.seed import progress, work
from cli.seed.progress import Told
from cli.seed.site import Progress


@dataclass
class Process:
    exitcode: int | None


class Queue:
    """Gives what it holds, then is empty for good."""

    def __init__(self, *told):
        self._told = list(told)

    def get(self, timeout):
        if not self._told:
            raise Empty
        return self._told.pop(0)


def test_a_process_that_fails_ends_the_seed_while_others_go_on_telling():
    """Seen red by: looking for failed processes only while nobody tells anything."""
    heard = work._listen(Queue(*[Progress(visits=1)] * 100, None, None), [Process(1), Process(None)])
    with pytest.raises(work.WorkerFailed):
        list(heard)


def test_the_seed_goes_on_until_every_process_has_said_that_it_is_done():
    """Seen red by: ending with the first."""
    told = Queue(Progress(visits=1), None, Progress(visits=2), None)
    assert [it.visits for it in work._listen(told, [Process(0), Process(0)])] == [1, 2]


def test_without_a_terminal_there_is_a_line_now_and_then(monkeypatch):
    monkeypatch.setattr(progress, "_LINE_EVERY_S", 0.0)
    out = StringIO()
    with Told(size_of(), Console(file=out)) as told:
        told.hear(Progress(patients=1200, rows=9000))
        told.hear(Progress(days=3, visits=40, rows=500))
    assert [line.split(" s  ")[1] for line in out.getvalue().splitlines()] == [
        "1,200 patients, 0 appointments, 9,000 rows",
        "1,200 patients, 40 appointments, 9,500 rows",
    ]
