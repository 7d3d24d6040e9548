"""Why a calendar link cannot be what was asked for."""

from shared.errors import Refused


class CalendarLinkRevoked(Refused):
    """The link is revoked; that is final."""

    slug = "calendar-link-revoked"


class CalendarSecretSpent(Refused):
    """The idempotency key made a link long ago: its secret follows from the key, and no two links have one secret."""

    slug = "calendar-secret-spent"
