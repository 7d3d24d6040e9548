"""What is said back to replies."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from services.notifications.domain.responses import Response
from shared.database.repository import Repository


class ResponseRepository(Repository):
    """Locks are taken in the order number, response."""

    def add(self, response: Response) -> None:
        self.run("add-response", **vars(response))

    def change(self, response: Response) -> None:
        self.run("change-response", **vars(response))

    def next_due(
        self, real_now: datetime, passed_by: Collection[UUID] = (), only: Collection[UUID] | None = None
    ) -> Response | None:
        """One that is due (its pause is over in real time), but for those (ids), and of `only` alone where there is;
        not locked."""
        of = {"passed_by": list(passed_by), "only": None if only is None else list(only)}
        return _response(self.one("next-response", real_now=real_now, **of))

    def lost(self, real_now: datetime) -> Response | None:
        """One whose claim ended (real time) without an outcome, locked."""
        return _response(self.one("lost-response", real_now=real_now))

    def lock(self, response_id: UUID) -> Response | None:
        """The response, locked; None where somebody else has it in hand."""
        return _response(self.one("lock-response", response_id=response_id))

    def of(self, response_id: UUID) -> Response | None:
        """The response as it stands."""
        return _response(self.one("response", response_id=response_id))

    def has_asked(self, text_id: UUID) -> bool:
        """Whether was asked about that text once more."""
        return self.one("asked-about", text_id=text_id) is not None

    def said_since(self, number: str, kind: str, since: datetime) -> bool:
        """Whether that was said to the number since then."""
        return self.one("said-since", number=number, kind=kind, since=since) is not None


def _response(row: dict[str, Any] | None) -> Response | None:
    return Response(**row) if row else None
