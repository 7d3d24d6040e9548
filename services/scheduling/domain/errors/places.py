"""What is wrong with a place or its hours."""

from shared.errors import Invalid


class UnknownZone(Invalid):
    """No such IANA time zone."""

    slug = "unknown-zone"

    def __init__(self) -> None:
        super().__init__(errors=[{"field": "zone", "message": "is no IANA time zone"}])


class ImpossibleHours(Invalid):
    """Working hours that end before they start, or overlap one another."""

    slug = "impossible-hours"

    def __init__(self, message: str, field: str = "weekly") -> None:
        super().__init__(errors=[{"field": field, "message": message}])


class UnknownZip(Invalid):
    """No such US ZIP code."""

    slug = "unknown-zip"

    def __init__(self, field: str) -> None:
        super().__init__(errors=[{"field": field, "message": "is no US ZIP code that is known here"}])
