"""Why something was not done: one class per reason, each with a stable slug.

Only `slug`, `status`, `details` and `errors` ever leave a process. They hold no
patient data, so an error may be logged, stored and answered as it is.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar


class DomainError(Exception):
    """A reason that a caller can act on. `status` is the HTTP status of its category."""

    slug: ClassVar[str] = "internal"
    status: ClassVar[int] = 500

    def __init__(self, details: Mapping[str, Any] | None = None, *, errors: Sequence[Mapping[str, str]] = ()) -> None:
        super().__init__(self.slug)
        self.details: dict[str, Any] = dict(details or {})
        self.errors: list[dict[str, str]] = [dict(error) for error in errors]


class Refused(DomainError):
    """A rule that depends on stored state says no (409). Stored under the command's key."""

    slug = "refused"
    status = 409


class NotFound(DomainError):
    """There is no such thing, or none that the asker may know of (404): the two look alike."""

    slug = "not-found"
    status = 404


class Forbidden(DomainError):
    """The asker's role lacks the scope of this call (403)."""

    slug = "forbidden"
    status = 403


class Unauthenticated(DomainError):
    """Nobody is signed in, or the token does not hold (401)."""

    slug = "unauthenticated"
    status = 401


class Stale(DomainError):
    """The caller's version is not the stored one (412)."""

    slug = "stale-version"
    status = 412


class Invalid(DomainError):
    """The input breaks a rule that needs no stored state (422); `errors` names the fields."""

    slug = "invalid"
    status = 422


class KeyReused(DomainError):
    """The same idempotency key came with another body (422)."""

    slug = "idempotency-key-reused"
    status = 422


class Unavailable(DomainError):
    """A part that is needed does not answer now (503); nothing was decided."""

    slug = "unavailable"
    status = 503


class DeadlineExceeded(DomainError):
    """The caller's deadline passed; the outcome is unknown to the caller (504)."""

    slug = "deadline-exceeded"
    status = 504


def require_version(seen: int | None, stored: int) -> None:
    """Raises Stale where the caller has seen another version than the stored one; None: she does not mind."""
    if seen is not None and seen != stored:
        raise Stale({"version": stored})
