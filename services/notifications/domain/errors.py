"""Why notifications does not do something."""

from shared.errors import Invalid, NotFound, Refused


class SenderTaken(Refused):
    """Another network texts from this number."""

    slug = "sender-number-taken"


class TextNotUnknown(Refused):
    """What became of the text is known: there is nothing for a person to settle."""

    slug = "text-not-unknown"


class TaskEndsOtherwise(Refused):
    """The task asks what became of a text, or what has not come yet: it ends with its cause."""

    slug = "task-ends-with-its-cause"


class TaskDone(Refused):
    """The task was done, or ended by itself."""

    slug = "task-done"


class TaskTaken(Refused):
    """Somebody else has taken it (`taken_by`, an account's id)."""

    slug = "task-taken"


class NotOurNumber(NotFound):
    """The reply went to a number that is not this network's; it looks as if there were none."""


class ImpossibleTemplate(Invalid):
    """The words cannot be a template; `errors` says why."""

    slug = "impossible-template"


class TemplateExists(Refused):
    """The network, or that site, has a template for that occasion and language already."""

    slug = "template-exists"


class NoSuchVersion(Refused):
    """The template was not saved so often."""

    slug = "no-such-template-version"


class NothingInForce(Refused):
    """None of the template's words are in force."""

    slug = "template-not-in-force"


class NumberNotOfPatient(Refused):
    """The patient has no such telephone number, as far as notifications has heard."""

    slug = "number-not-of-patient"


class ConversationTaken(Refused):
    """Somebody else at the site has taken it (`taken_by`, an account's id)."""

    slug = "conversation-taken"


class ImpossibleText(Invalid):
    """The words cannot be texted; `errors` says why."""

    slug = "impossible-text"


class NotToBeTexted(Refused):
    """No text may go to that number for that patient; `why_not` says why."""

    slug = "not-to-be-texted"


class QuickReplyExists(Refused):
    """The network has a quick reply of that name already."""

    slug = "quick-reply-exists"
