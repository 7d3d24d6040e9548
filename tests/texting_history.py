"""What may happen to a network that texts, and what becomes of its texts: the words of texting_model."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Visit:
    """An event of an appointment came: what it is since `changed_at`, if nothing newer came before."""

    appointment_id: UUID
    version: int
    patient_id: UUID
    status: str
    start_at: datetime
    changed_at: datetime
    is_confirmed: bool = False


@dataclass(frozen=True, kw_only=True)
class Patient:
    """An event of a patient came. `consented` None: nobody asked."""

    patient_id: UUID
    version: int
    number: str | None
    consented: bool | None


@dataclass(frozen=True, kw_only=True)
class Reply:
    """STOP or START, as the carrier told it, perhaps once more."""

    message_id: str
    number: str
    word: str


@dataclass(frozen=True)
class Run:
    """The job that sends ran. `dies`: its process did, "before" or "after" the carrier took the texts."""

    dies: str | None = None


class Minute:
    """So much real time went by that no claim is in anybody's hand."""


class Text(NamedTuple):
    """`lead`: P2D, PT2H or after-miss; None for one that tells what became of the visit."""

    appointment_id: UUID
    kind: str
    lead: str | None
    start_at: datetime


class Fate(NamedTuple):
    """`what`: due, accepted, lost (nobody knows), or the reason why it was not sent. `to`: where the carrier has it.
    `together`: of so many visits one text told.
    """

    text: Text
    what: str
    at: datetime
    to: str | None = None
    together: int = 1


History = Sequence[tuple[datetime, Visit | Patient | Reply | Run | Minute]]
