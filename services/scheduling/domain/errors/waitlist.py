"""Why a waitlist's entry or offer cannot be what was asked for."""

from shared.errors import Invalid, Refused


class NotWaiting(Refused):
    """The patient waits no more. `details.state`: booked, withdrawn or expired."""

    slug = "not-waiting"


class OfferClosed(Refused):
    """The offer was answered already, or its time has gone to another. `details.state` says what became of it."""

    slug = "offer-closed"


class OfferExpired(Refused):
    """Nobody answered the offer in time; the next in line is asked."""

    slug = "offer-expired"


class OtherVisit(Refused):
    """The visit to come before (`appointment_id`) is another patient's, or of another type."""

    slug = "other-visit"


class ImpossibleWish(Invalid):
    """Days or hours that end before they start."""

    slug = "impossible-wish"

    def __init__(self, field: str, message: str) -> None:
        super().__init__(errors=[{"field": field, "message": message}])
