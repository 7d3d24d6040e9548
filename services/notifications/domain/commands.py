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
class ReceiveReceipt:
    """What the carrier told of a text, in its own words; `error_code` is its number where it went wrong."""

    text_id: UUID
    sid: str
    carrier_status: str
    error_code: str = ""


@dataclass(frozen=True, kw_only=True)
class ReceiptReceived:
    """What the text is now."""

    text_id: UUID
    status: str


@dataclass(frozen=True, kw_only=True)
class SettleText:
    """What a person found out about a text whose fate nobody knew: `sent`, `not-sent`, or `send-again`."""

    text_id: UUID
    outcome: str


@dataclass(frozen=True, kw_only=True)
class CloseTask:
    """A person has done it."""

    task_id: UUID


@dataclass(frozen=True, kw_only=True)
class ReplyReceived:
    """What was understood, and whether the number is opted out now."""

    message_id: str
    meaning: str
    opted_out: bool
    duplicate: bool
