"""One seed from beginning to end: the network is opened, its map and its sites are written, its feed is made."""

from collections.abc import Callable
from contextlib import closing

from cli.accounts import open_network, text_around_the_clock
from cli.free_time import rebuild_network, units_of_scheduling
from cli.operator import directory
from cli.seed import postponed
from cli.seed.copying import Batch, Writer, administrators
from cli.seed.feed import write_feed
from cli.seed.ids import Ids
from cli.seed.marks import mark
from cli.seed.names import Names
from cli.seed.places import appointment_types, clinics, write_map
from cli.seed.site import Progress
from cli.seed.size import Size
from cli.seed.tables import tables_of
from cli.seed.work import write_sites
from shared.database.migrate import SERVICES

Say = Callable[[str], None]


class NetworkExists(Exception):
    """A seed makes a network and never adds to one."""


def seed(size: Size, workers: int, say: Say, heard: Callable[[Progress], None], *, alone: bool = False) -> str | None:
    """Makes the network and gives its feed's password. Raises NetworkExists, DomainError, WorkerFailed.

    `alone`: nobody works in this installation meanwhile, so indexes and constraints are made after the rows. What a
    seed has written until it fails stays; `remove` takes it away.
    """
    if directory().knows(size.network_id):
        raise NetworkExists
    postponed.mend(say)
    opened = open_network(size.name)
    mark(size)
    text_around_the_clock(opened.network_id)
    with postponed.indexes(say, wanted=alone):
        _write_map(size)
        write_sites(size, opened.text_number, workers, heard)
        say("the claim feed is made from the claims")
        write_feed(size.network_id)
    say("free time is made from hours and bookings")
    rebuild_network(units_of_scheduling(), size.network_id)
    _analyze()
    return opened.feed_password


def _write_map(size: Size) -> None:
    ids, batch = Ids(size.seed, size.network_id), Batch(size.network_id)
    write_map(batch, clinics(size, ids, Names(size.seed)), appointment_types(ids))
    with Writer() as writer:
        writer.write(batch)


def _analyze() -> None:
    """So that the next question is planned for these many rows."""
    for service in SERVICES:
        with closing(administrators(service)) as connection, connection, connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {', '.join(tables_of(service))}")
