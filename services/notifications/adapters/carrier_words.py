"""A carrier's words and numbers, and what we say for them. Slugs only: its sentences may quote a patient's number."""

from collections.abc import Mapping

from services.notifications.operations.gateway import Told

OPTED_OUT = "opted-out-at-carrier"

# Twilio's error dictionary; carriers of the same style keep its numbers.
_REASONS: Mapping[int, str] = {
    21211: "invalid-number",
    21214: "invalid-number",
    21217: "invalid-number",
    21614: "not-a-mobile-number",
    21408: "region-not-allowed",
    21610: OPTED_OUT,
    21612: "sender-cannot-reach-number",
    21606: "sender-not-usable",
    21603: "sender-not-usable",
    21659: "sender-not-usable",
    21617: "text-too-long",
    30003: "handset-unreachable",
    30004: "blocked-by-carrier",
    30005: "unknown-number",
    30006: "not-a-mobile-number",
    30007: "filtered-by-carrier",
    30008: "not-delivered",
}

# Twilio's message states. What it only means to do says no more than that it has the text.
_ACCEPTED = frozenset({"accepted", "scheduled", "queued", "sending", "sent"})
_DELIVERED = frozenset({"delivered", "read"})
_FAILED = frozenset({"undelivered", "failed", "canceled"})


def told_of(status: str, error_code: object) -> Told | None:
    """What the carrier's word for a message means; None for a word that we do not know."""
    word = status.lower()
    if word in _ACCEPTED:
        return Told(status="accepted")
    if word in _DELIVERED:
        return Told(status="delivered")
    if word in _FAILED:
        reason = reason_of(error_code, "not-delivered")
        return Told(status="failed", reason=reason, opted_out=reason == OPTED_OUT)
    return None


def reason_of(code: object, otherwise: str) -> str:
    """The slug for a carrier's error number; `otherwise` for one that we do not know, or none."""
    try:
        return _REASONS.get(int(str(code)), otherwise)
    except ValueError:
        return otherwise
