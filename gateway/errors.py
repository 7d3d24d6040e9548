"""Problems (RFC 9457): every answer that is not a success, from one table of slugs."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from shared.errors import DomainError

MEDIA_TYPE = "application/problem+json"

# slug -> (status, title). A slug of a service that is not here keeps the status of its category (see `problem_of`).
TABLE: Mapping[str, tuple[int, str]] = {
    "malformed-body": (400, "The body cannot be read as JSON"),
    "malformed-request": (400, "The request cannot be read as HTTP"),
    "malformed-key": (400, "The idempotency key is not 1 to 200 visible ASCII characters"),
    "unauthenticated": (401, "Sign in first: there is no login or token, or it does not hold"),
    "invalid-client": (401, "The client's credentials do not hold"),
    "forbidden": (403, "Your role does not include this"),
    "not-mapped": (403, "Your identity provider's account has no role or no site here"),
    "bad-signature": (403, "The signature does not hold"),
    "not-found": (404, "There is no such thing"),
    "method-not-allowed": (405, "This address does not take that method"),
    "not-acceptable": (406, "This address cannot answer in that form"),
    "refused": (409, "A rule says no"),
    "patient-unseen": (409, "Nobody has said that you may see that patient"),
    "appointment-overlaps": (409, "That time is taken"),
    "resource-taken": (409, "Something that the visit needs is taken then"),
    "resource-does-not-fit": (409, "What was named is nothing that the visit needs there"),
    "practitioner-does-not-fit": (409, "The appointment type needs another kind of practitioner"),
    "notice-too-short": (409, "That appointment type needs more notice"),
    "beyond-horizon": (409, "That appointment type is not given out so far ahead"),
    "hold-over": (409, "The hold has ended"),
    "hold-does-not-fit": (409, "The hold is of another time, practitioner, site or appointment type"),
    "start-in-the-past": (409, "That time has passed"),
    "outside-working-hours": (409, "The practitioner does not work then"),
    "appointment-not-booked": (409, "The appointment is not one that is expected: somebody is here, it is over or off"),
    "appointment-not-arrived": (409, "Nobody is checked in for that appointment"),
    "appointment-not-cancelled": (409, "The appointment is not cancelled"),
    "appointment-not-proposed": (409, "The appointment is no proposal any more"),
    "appointment-not-confirmed": (409, "The appointment is not confirmed"),
    "appointment-not-in-room": (409, "The patient is not in the room: not here yet, still waiting or gone"),
    "appointment-not-done": (409, "The patient has not gone"),
    "appointment-not-noshow": (409, "Nobody was marked as not having come"),
    "appointment-not-begun": (409, "The appointment has not begun: the patient may still come"),
    "room-elsewhere": (409, "That is no room of the appointment's site"),
    "appointment-entered-in-error": (409, "The appointment was a mistake, and that is final"),
    "not-waiting": (409, "The patient waits no more: booked, withdrawn or run out"),
    "other-visit": (409, "The visit to come before is another patient's, or of another type"),
    "offer-closed": (409, "The offer is answered already, or its time has gone to another"),
    "offer-expired": (409, "The offer was not answered in time; the next in line is asked"),
    "appointment-type-inactive": (409, "That appointment type is not offered any more"),
    "calendar-link-revoked": (409, "The calendar link is revoked"),
    "calendar-secret-spent": (409, "That idempotency key made a calendar link long ago: send another"),
    "series-clashes": (409, "Some dates cannot be had: say what is to become of each"),
    "series-empty": (409, "No date is left"),
    "appointment-not-of-series": (409, "The appointment is none of that series"),
    "absence-over": (409, "The time of that absence has passed"),
    "absence-undone": (409, "That absence was undone already"),
    "practitioner-elsewhere": (409, "The practitioner works at none of your sites"),
    "reschedule-settled": (409, "That visit is off the reschedule list: moved, cancelled, or left as it was"),
    "no-such-proposal": (409, "There are not so many proposals"),
    "proposal-taken": (409, "Somebody took that time meanwhile; the visit stays where it is"),
    "more-identifiers-needed": (409, "Several patients match: give one more identifier"),
    "number-not-of-patient": (409, "The patient has no such telephone number"),
    "encounter-already-finished": (409, "The visit's record is finished"),
    "encounter-voided": (409, "The visit's record was voided with its check-in"),
    "sender-number-taken": (409, "Another network sends from that number"),
    "not-yet": (409, "The day of the appointment has not come"),
    "visit-already-finished": (409, "The visit is finished"),
    "encounter-pending": (409, "The patient has just arrived; the encounter is being opened"),
    "provider-taken": (409, "A provider of that name, or of that issuer and audience, stands already"),
    "text-not-unknown": (409, "What became of that text is known"),
    "template-exists": (409, "There is a template for that occasion and language already"),
    "no-such-template-version": (409, "The template was not saved so often"),
    "template-not-in-force": (409, "None of the template's words are in force"),
    "task-taken": (409, "Somebody else has taken that task"),
    "task-done": (409, "That task is done"),
    "conversation-taken": (409, "Somebody else has taken that conversation"),
    "not-to-be-texted": (409, "That patient may not be texted at that number"),
    "quick-reply-exists": (409, "There is a quick reply of that name already"),
    "task-ends-with-its-cause": (409, "That task ends with its cause"),
    "login-taken": (409, "That login is in use"),
    "length-required": (411, "Say the body's length"),
    "stale-version": (412, "Somebody changed it since you read it"),
    "too-large": (413, "The body is too large"),
    "uri-too-long": (414, "The address is too long"),
    "unsupported-media-type": (415, "Send application/json"),
    "invalid": (422, "Some fields are not right"),
    "unknown-zone": (422, "That is no IANA time zone"),
    "impossible-series": (422, "Those dates cannot be a series"),
    "impossible-wish": (422, "Those days or hours cannot be"),
    "unknown-zip": (422, "That is no US ZIP code"),
    "impossible-hours": (422, "Those hours cannot be"),
    "impossible-absence": (422, "That absence cannot be"),
    "impossible-template": (422, "Those words cannot be a template"),
    "impossible-text": (422, "Those words cannot be texted"),
    "two-identifiers-needed": (422, "Give two identifiers that match"),
    "consent-without-number": (422, "A consent needs the number that it is for"),
    "pointer-without-diagnosis": (422, "A procedure points at a diagnosis that is not there"),
    "idempotency-key-reused": (422, "The same idempotency key came with another body"),
    "too-many-tries": (429, "Too many failed tries; wait a little"),
    "too-many-pages": (429, "Too many open pages"),
    "headers-too-large": (431, "The headers are too large"),
    "internal": (500, "Something broke on our side"),
    "unavailable": (503, "A part of the system does not answer now"),
    "deadline-exceeded": (504, "It took too long; whether it was done is not known"),
    "outcome-unknown": (504, "Whether it was done is not known"),
}

# What a caller may do about an outcome that nobody knows.
_ADVICE = {
    "outcome-unknown": "Repeat the request with the same Idempotency-Key.",
    "deadline-exceeded": "Repeat the request with the same Idempotency-Key.",
    "not-mapped": "Whoever runs this installation maps claims to roles and sites: frontdesk identity map.",
    "stale-version": "Read it again and repeat the change with its new ETag.",
    "unavailable": "Repeat the request with the same Idempotency-Key after Retry-After seconds.",
}

# Statuses that a service may give its refusals; anything else of a service is our own failure.
_CATEGORIES = frozenset({403, 404, 409, 412, 422, 503, 504})
_RETRY_AFTER_S = {503: 2, 504: 1}


class Problem(DomainError):
    """A problem of the gateway's own or a service's, with its status from TABLE."""

    slug: ClassVar[str] = "internal"

    def __init__(
        self,
        slug: str,
        details: Mapping[str, Any] | None = None,
        *,
        errors: Sequence[Mapping[str, str]] = (),
        status: int | None = None,
    ) -> None:
        super().__init__(details, errors=errors)
        self.slug = slug  # type: ignore[misc]  # one class for the slugs of all services
        self.status = status or TABLE[slug][0]  # type: ignore[misc]


def problem_of(slug: str, status: int, details: Mapping[str, Any], errors: Sequence[Mapping[str, str]]) -> Problem:
    """What a service's refusal becomes. An odd status, or our own claims refused (401), is our failure."""
    if slug in TABLE:
        status = TABLE[slug][0]
    if status not in _CATEGORIES:
        return Problem("internal")
    if status == 404:
        # One body for what is not there, what is another's and what is forbidden.
        return Problem("not-found")
    return Problem(slug, details, errors=errors, status=status)


def title_of(slug: str) -> str:
    """The table's title, or the slug in words."""
    return TABLE[slug][1] if slug in TABLE else slug.replace("-", " ").capitalize()


def body_of(error: DomainError, correlation_id: str) -> dict[str, Any]:
    """The problem document. Nothing of an exception's text is in it."""
    body: dict[str, Any] = {
        "type": f"urn:frontdesk:problem:{error.slug}",
        "title": title_of(error.slug),
        "status": error.status,
        "slug": error.slug,
        "correlation_id": correlation_id,
    }
    if error.slug in _ADVICE:
        body["detail"] = _ADVICE[error.slug]
    if error.details and error.status not in (401, 404):
        body["details"] = error.details
    if error.errors:
        body["errors"] = error.errors
    return body


def retry_after(error: DomainError) -> int | None:
    """Seconds for Retry-After where asking again may help."""
    told = error.details.get("retry_after")
    if isinstance(told, int | float):
        return max(1, int(told))
    return _RETRY_AFTER_S.get(error.status)


def dumped(body: Any) -> bytes:
    """JSON as this gateway writes it: in UTF-8, without white space."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
