"""What this service asks of a carrier."""

from dataclasses import dataclass
from typing import Literal, Protocol
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """One text on its way to the carrier. `attempt_id` is unique and never used twice."""

    network_id: UUID
    attempt_id: UUID
    from_number: str
    to_number: str
    body: str


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a carrier said: accepted under its id, or refused with a reason (a slug)."""

    status: Literal["accepted", "refused"]
    sid: str | None = None
    reason: str | None = None


class TextGateway(Protocol):
    """A carrier. Called outside any transaction, and once for each attempt."""

    def send(self, outgoing: Outgoing) -> Answer:
        """Answers within 20 s. Whatever it raises means that nobody knows whether the text went out."""
        ...
