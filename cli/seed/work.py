"""The processes that write a network's sites side by side, politely (`nice`), and tell how far they are."""

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.process import BaseProcess
from queue import Empty
from typing import Any

from cli.seed.copying import Writer
from cli.seed.ids import Ids
from cli.seed.names import Names
from cli.seed.people import People
from cli.seed.places import appointment_types, clinics
from cli.seed.site import Progress, SiteSeed
from cli.seed.size import Size

_NICE = 10
_LOOK_EVERY_S = 1.0


class WorkerFailed(Exception):
    """A process ended with an error, which it has printed."""


def write_sites(size: Size, sender: str, workers: int, heard: Callable[[Progress], None]) -> None:
    """All patients of all sites, then all books. Raises WorkerFailed; what was committed until then stays."""
    for step in ("write_people", "write_book"):
        for progress in _run(size, sender, step, min(workers, size.sites)):
            heard(progress)


def _run(size: Size, sender: str, step: str, workers: int) -> Iterator[Progress]:
    context = multiprocessing.get_context("spawn")
    told: Any = context.Queue()
    processes = [
        context.Process(target=_work, args=(size, sender, step, range(first, size.sites, workers), told), daemon=True)
        for first in range(workers)
    ]
    for process in processes:
        process.start()
    try:
        yield from _listen(told, processes)
    finally:
        for process in processes:
            process.terminate()
            process.join()


def _listen(told: Any, processes: Sequence[BaseProcess]) -> Iterator[Progress]:
    working = len(processes)
    while working:
        # Asked each time: the others may go on telling for long.
        if any(process.exitcode not in (None, 0) for process in processes):
            raise WorkerFailed
        try:
            progress = told.get(timeout=_LOOK_EVERY_S)
        except Empty:
            continue
        if progress is None:
            working -= 1
        else:
            yield progress


def _work(size: Size, sender: str, step: str, sites: range, told: Any) -> None:
    os.nice(_NICE)
    ids, names = Ids(size.seed, size.network_id), Names(size.seed)
    found = clinics(size, ids, names)
    with Writer() as writer:
        seed = SiteSeed(
            size=size,
            ids=ids,
            people=People(size, ids, names),
            types=appointment_types(ids),
            sender=sender,
            write=writer.write,
            report=told.put,
        )
        for site in sites:
            getattr(seed, step)(found[site])
    told.put(None)
