"""What one handler keeps, made anew in an empty database from the facts that it has taken, and compared.

Copies and inbox are read in one snapshot: as each fact and its effect were committed together, a sound copy never
differs, however busy the system is. The outbox is read after that, so that it holds every fact that was taken.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from enum import StrEnum
from itertools import chain
from uuid import UUID

from psycopg2.extensions import connection as Connection  # noqa: N812

from cli.rebuilding.copies import Copies
from cli.rebuilding.databases import Scratch
from cli.rebuilding.facts import CannotRebuild, Inbox, Outbox, Told
from cli.rebuilding.rows import About, Difference, differences, every_row
from shared.events.encryption import Keyring
from shared.messaging.intake import BATCH
from shared.messaging.slugs import slug_of


class Left(StrEnum):
    """Why a row that differs is left as it is."""

    ON_ITS_WAY = "a fact about it is on its way or parked"
    UNTOLD = "a fact about it was taken that no outbox holds"
    CHANGES = "it changes at this moment"
    REFERRED_TO = "other rows refer to it"


class Rebuild:
    """One handler's copies: `scratch` and `made` are of the empty database, `outbox` of the source."""

    def __init__(self, copies: Copies, outbox: Outbox, scratch: Scratch, made: Connection, keyring: Keyring) -> None:
        self.copies = copies
        self.made = made
        self._outbox = outbox
        self._door = scratch.doors[copies.consumer]
        self._made_of = Inbox(made, copies.consumer)
        self._keyring = keyring

    def fill(self, snapshot: Connection, heard: Callable[[int], None]) -> None:
        """Makes all that the snapshot's facts make, through the product's handler; `heard` counts them."""
        taken = Inbox(snapshot, self.copies.consumer)
        for page in self._outbox.pages():
            facts = taken.taken(page)
            self._admit(facts)
            heard(len(facts))

    def top_up(self, in_use: Connection, about: Collection[About]) -> None:
        """Makes what was taken about these since."""
        told = Inbox(in_use, self.copies.consumer).taken(self._outbox.about(about))
        there = {event_id for ids in self._made_of.about(about).values() for event_id in ids}
        self._admit([one for one in told if one.event_id not in there])

    def differences(self, snapshot: Connection) -> Iterator[Difference]:
        """Every row of the snapshot that is not as its facts make it."""
        pairs = ((table, every_row(snapshot, table), every_row(self.made, table)) for table in self.copies.tables)
        return chain.from_iterable(differences(*pair) for pair in pairs)

    def left(self, in_use: Connection, about: Collection[About]) -> dict[About, Left]:
        """Those whose rows nobody can vouch for now. `in_use` is the snapshot, or holds the rows' locks."""
        told = self._outbox.about(about)
        inbox = Inbox(in_use, self.copies.consumer)
        taken, made = inbox.about(about), self._made_of.about(about)
        open_ones = _by_aggregate(told, but=inbox.discarded(told))
        found = {one: _reason(open_ones.get(one, set()), taken[one], made[one]) for one in about}
        return {one: reason for one, reason in found.items() if reason}

    def _admit(self, told: Sequence[Told]) -> None:
        for start in range(0, len(told), BATCH):
            facts = [one.fact(self._keyring) for one in told[start : start + BATCH]]
            try:
                self._door.admit(facts)
            except Exception as error:
                raise CannotRebuild(
                    f"{self.copies.consumer} took these facts once and fails at them now ({slug_of(error)}):"
                    f" one of events {facts[0].id} to {facts[-1].id}"
                ) from None


def _by_aggregate(told: Sequence[Told], but: Collection[UUID]) -> dict[About, set[UUID]]:
    found: dict[About, set[UUID]] = {}
    for one in told:
        if one.event_id not in but:
            found.setdefault(one.about, set()).add(one.event_id)
    return found


def _reason(told: set[UUID], taken: set[UUID], made: set[UUID]) -> Left | None:
    if taken - told:
        return Left.UNTOLD
    if told - taken:
        return Left.ON_ITS_WAY
    return Left.CHANGES if taken != made else None
