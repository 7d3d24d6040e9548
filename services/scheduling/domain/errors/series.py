"""Why a series cannot be what was asked for."""

from shared.errors import Invalid, Refused


class ImpossibleSeries(Invalid):
    """The dates that were asked for are none that a series can have."""

    slug = "impossible-series"

    def __init__(self, field: str, message: str) -> None:
        super().__init__(errors=[{"field": field, "message": message}])


class SeriesClashes(Refused):
    """Some dates cannot be had, and nobody has said what is to become of them; nothing was changed.

    `details.clashes`: each with its day, the time wanted, the slug of the reason, `needs` that cannot be had
    then, and `next_free_times` near it.
    """

    slug = "series-clashes"


class NotOfSeries(Refused):
    """The appointment is none of that series."""

    slug = "appointment-not-of-series"


class SeriesEmpty(Refused):
    """Every date was left out, or none of those named can be changed any more."""

    slug = "series-empty"
