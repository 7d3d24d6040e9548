"""What numbers say, what is said back, and what people write, as protocols."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from services.notifications.domain.conversations import Conversation
from services.notifications.domain.free_texts import FreeText
from services.notifications.domain.number_failures import NumberFailure
from services.notifications.domain.opt_outs import OptOut
from services.notifications.domain.questions import Message
from services.notifications.domain.quick_replies import QuickReply
from services.notifications.domain.responses import Response
from services.notifications.domain.wrong_numbers import WrongNumber


class OptOuts(Protocol):
    """Opt-outs by number."""

    def of(self, number: str) -> OptOut | None: ...
    def opted_out(self, numbers: Collection[str]) -> set[str]: ...
    def keep(self, opt_out: OptOut) -> None: ...


class Numbers(Protocol):
    """What is known of patients' numbers beside the copies."""

    def wrong(self, patient_id: UUID, number: str) -> WrongNumber | None: ...
    def keep_wrong(self, said: WrongNumber) -> None: ...
    def keep_failures(self, failures: Sequence[NumberFailure]) -> None: ...
    def forget_failures(self, numbers: Collection[str]) -> None: ...
    def site_of(self, patient_id: UUID) -> UUID | None: ...


class Replies(Protocol):
    """Replies as they came."""

    def keep(
        self,
        *,
        message_id: str,
        from_number: str,
        body: str,
        meaning: str,
        text_id: UUID | None,
        site_id: UUID | None,
        received_at: datetime,
    ) -> bool:
        """False where the reply is known already."""
        ...

    def keep_told(self, message_id: str, text_ids: Sequence[UUID]) -> None:
        """And the texts to which it was said besides."""
        ...

    def site_of(self, message_id: str) -> UUID | None:
        """Whose reply it was when it came."""
        ...

    def answerable(self, number: str, since: datetime, now: datetime) -> list[Message]:
        """What was texted to the number since then, the newest first."""
        ...


class Responses(Protocol):
    """What is said back to replies."""

    def add(self, response: Response) -> None: ...
    def change(self, response: Response) -> None: ...
    def next_due(
        self, real_now: datetime, passed_by: Collection[UUID] = (), only: Collection[UUID] | None = None
    ) -> Response | None:
        """One that is due, but for those (ids), and of `only` alone where there is; not locked."""
        ...

    def lost(self, real_now: datetime) -> Response | None:
        """One whose claim ended without an outcome, locked."""
        ...

    def lock(self, response_id: UUID) -> Response | None: ...
    def of(self, response_id: UUID) -> Response | None: ...
    def has_asked(self, text_id: UUID) -> bool: ...
    def said_since(self, number: str, kind: str, since: datetime) -> bool: ...


class Conversations(Protocol):
    """Threads by number, and each site's part in them."""

    def open(self, number: str, site_id: UUID | None, at: datetime, heard: int = 0) -> UUID:
        """The number's thread, with that site's part in it; `heard`: how many replies are new there."""
        ...

    def number_of(self, conversation_id: UUID, site_ids: Sequence[UUID] | None) -> str | None:
        """The thread's number, where one of these sites (None: any) has a part in it."""
        ...

    def lock(self, conversation_id: UUID, site_id: UUID | None) -> Conversation | None: ...
    def change(self, conversation: Conversation) -> None: ...
    def site_of(self, number: str) -> UUID | None: ...


class FreeTexts(Protocol):
    """What people at a site write to patients."""

    def add(self, text: FreeText) -> None: ...
    def change(self, text: FreeText) -> None: ...
    def next_due(
        self, now: datetime, real_now: datetime, passed_by: Collection[UUID], only: Collection[UUID] | None = None
    ) -> FreeText | None:
        """The same of free texts."""
        ...

    def lost(self, real_now: datetime) -> FreeText | None:
        """One whose claim ended without an outcome, locked."""
        ...

    def lock(self, free_text_id: UUID) -> FreeText | None: ...
    def of(self, free_text_id: UUID) -> FreeText | None: ...
    def wrote_last(self, number: str, since: datetime) -> bool:
        """Whether somebody's own words are the last that went to the number since then."""
        ...


class QuickReplies(Protocol):
    """Short texts that are sent often."""

    def add(self, reply: QuickReply) -> None: ...
    def save(self, reply: QuickReply) -> None: ...
    def take(self, quick_reply_id: UUID, version: int | None) -> QuickReply: ...
