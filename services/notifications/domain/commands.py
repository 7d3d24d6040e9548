"""What notifications is told to do, and what it answers."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class OpenNetwork:
    """`sender_number` in E.164; no two networks share one, since a reply names nothing else."""

    network_id: UUID
    name: str
    sender_number: str


@dataclass(frozen=True, kw_only=True)
class ReceiveReply:
    """As the carrier told it; numbers in E.164 (or a short code). `message_id` is the carrier's own and unique."""

    from_number: str
    to_number: str
    body: str
    message_id: str


@dataclass(frozen=True, kw_only=True)
class ReplyReceived:
    """What was understood, and whether the number is opted out now."""

    message_id: str
    meaning: str
    opted_out: bool
    duplicate: bool
