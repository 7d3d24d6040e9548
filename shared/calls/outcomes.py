"""How a call to a service can end other than with its answer."""

from collections.abc import Mapping, Sequence
from typing import Any


class CallFailed(Exception):
    """A call that brought no answer; one of the three below."""


class CallRefused(CallFailed):
    """The service said no, and nothing was done: its slug, HTTP status, safe details and errors by field."""

    def __init__(
        self, slug: str, status: int, details: Mapping[str, Any], errors: Sequence[Mapping[str, str]] = ()
    ) -> None:
        super().__init__(slug)
        self.slug = slug
        self.status = status
        self.details = dict(details)
        self.errors = [dict(error) for error in errors]


class CallUnknown(CallFailed):
    """The command may have been carried out. It is not a failure: ask again with the same key."""


class CallUnavailable(CallFailed):
    """Nobody answered, and nothing was done; try again after `retry_after` seconds."""

    def __init__(self, retry_after: int = 1) -> None:
        super().__init__()
        self.retry_after = retry_after


class Answer(dict[str, Any]):
    """A service's answer. `replayed`: it was given before, under the same key."""

    replayed: bool = False
