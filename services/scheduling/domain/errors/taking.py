"""Why a time cannot be taken or held."""

from shared.errors import Refused


class PractitionerDoesNotFit(Refused):
    """The appointment type needs a practitioner of another kind. `details.kinds` names which."""

    slug = "practitioner-does-not-fit"


class ResourceDoesNotFit(Refused):
    """A room, device or practitioner that was named is none that the appointment type needs (there)."""

    slug = "resource-does-not-fit"


class ResourceTaken(Refused):
    """The practitioner is free, but not what else is needed: `details.needs`. `details.next_free_times` as ever."""

    slug = "resource-taken"


class NoticeTooShort(Refused):
    """The start is nearer than the appointment type's notice. `details.earliest_at`."""

    slug = "notice-too-short"


class BeyondHorizon(Refused):
    """The start is farther than the appointment type is given out. `details.latest_at`."""

    slug = "beyond-horizon"


class HoldOver(Refused):
    """The hold holds no more. `details.status`: booked, released or expired."""

    slug = "hold-over"


class HoldDoesNotFit(Refused):
    """The hold is of another site, practitioner, type or start than the booking."""

    slug = "hold-does-not-fit"
