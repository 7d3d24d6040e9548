"""What this service asks of a carrier."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol
from uuid import UUID

from services.notifications.domain.look_ups import Listing, Message
from services.notifications.domain.wording import digest

__all__ = ["Answer", "Listing", "Message", "Outgoing", "Sought", "TextGateway", "Told", "digest"]


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """One text on its way to the carrier. `attempt_id` is unique and never used twice.

    `with_texts`: the ids of others that it tells as well, under the id of this one.
    """

    network_id: UUID
    text_id: UUID
    attempt_id: UUID
    from_number: str
    to_number: str
    body: str
    with_texts: tuple[UUID, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a carrier said, with a reason (a slug) for all but the first.

    `accepted` under its `sid`; `refused` for good; `not-taken`: certainly not with the carrier, to be tried again
    (`retry_after_s`: not before so many seconds); `unknown`: it may have the text. `opted_out` goes with `refused`:
    the carrier knows of an opt-out.
    """

    status: Literal["accepted", "refused", "not-taken", "unknown"]
    sid: str | None = None
    reason: str | None = None
    retry_after_s: float | None = None
    opted_out: bool = False


@dataclass(frozen=True, kw_only=True)
class Sought:
    """A text whose fate nobody knows."""

    network_id: UUID
    attempt_id: UUID
    from_number: str
    to_number: str


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a carrier tells of a text that it took: it has it, it delivered it, or it could not (with a reason)."""

    status: Literal["accepted", "delivered", "failed"]
    reason: str | None = None
    opted_out: bool = False


class TextGateway(Protocol):
    """A carrier. Called outside any transaction, and once for each attempt.

    `name` tells it from every other: what one carrier has not heard of, another may have sent.
    """

    @property
    def name(self) -> str: ...

    @property
    def at_once(self) -> int:
        """How many texts it takes in one `send`: so many are claimed together, and are unknown together after a crash.

        One, but for a carrier that takes many as quickly as one.
        """
        ...

    @property
    def per_second(self) -> float | None:
        """How many texts a second it takes from one number of ours; None: as many as come."""
        ...

    def send(self, outgoing: Sequence[Outgoing]) -> Sequence[Answer]:
        """An answer for each, in their order, all within 20 s; the texts are of one network.

        Whatever it raises means that nobody knows whether any of them went out.
        """
        ...

    def messages(self, sought: Sought) -> Listing:
        """The messages that it has from the one number to the other. What it raises means that it does not say now."""
        ...
