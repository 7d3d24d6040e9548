"""Why notifications does not do something."""

from shared.errors import NotFound, Refused


class SenderTaken(Refused):
    """Another network texts from this number."""

    slug = "sender-number-taken"


class NotOurNumber(NotFound):
    """The reply went to a number that is not this network's; it looks as if there were none."""
