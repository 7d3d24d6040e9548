"""Why notifications does not do something."""

from shared.errors import NotFound, Refused


class SenderTaken(Refused):
    """Another network texts from this number."""

    slug = "sender-number-taken"


class TextNotUnknown(Refused):
    """What became of the text is known: there is nothing for a person to settle."""

    slug = "text-not-unknown"


class TaskEndsOtherwise(Refused):
    """The task asks what became of a text, or what has not come yet: it ends with its cause."""

    slug = "task-ends-with-its-cause"


class NotOurNumber(NotFound):
    """The reply went to a number that is not this network's; it looks as if there were none."""
