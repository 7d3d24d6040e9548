"""What notifications is told to do, and what it answers."""

from dataclasses import dataclass
from uuid import UUID

from services.notifications.domain.quiet_hours import QuietHours
from services.notifications.domain.reminders import ReminderRule


@dataclass(frozen=True, kw_only=True)
class OpenNetwork:
    """`sender_number` in E.164; no two networks share one, since a reply names nothing else."""

    network_id: UUID
    name: str
    sender_number: str


@dataclass(frozen=True, kw_only=True)
class ReceiveReply:
    """As the carrier told it; numbers in E.164 (or a short code). `message_id` is the carrier's own and unique."""

    from_number: str
    to_number: str
    body: str
    message_id: str


@dataclass(frozen=True, kw_only=True)
class ReceiveReceipt:
    """What the carrier told of a text, in its own words; `error_code` is its number where it went wrong."""

    text_id: UUID
    sid: str
    carrier_status: str
    error_code: str = ""


@dataclass(frozen=True, kw_only=True)
class ReceiptReceived:
    """What the text is now."""

    text_id: UUID
    status: str


@dataclass(frozen=True, kw_only=True)
class SettleText:
    """What a person found out about a text whose fate nobody knew: `sent`, `not-sent`, or `send-again`."""

    text_id: UUID
    outcome: str


@dataclass(frozen=True, kw_only=True)
class StopTextRun:
    """Nothing more of that run goes out."""

    run_id: UUID


@dataclass(frozen=True, kw_only=True)
class CloseTask:
    """A person has done it, or has tried to; `outcome` is one of domain/calls.py, `note` the person's own words."""

    task_id: UUID
    outcome: str | None = None
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class TakeTask:
    """Somebody will do it."""

    task_id: UUID


@dataclass(frozen=True, kw_only=True)
class GiveBackTask:
    """Somebody else may do it."""

    task_id: UUID


@dataclass(frozen=True, kw_only=True)
class ReplyTaken:
    """What was understood, and whether the number is opted out now."""

    message_id: str
    meaning: str
    opted_out: bool
    duplicate: bool


@dataclass(frozen=True, kw_only=True)
class AddTextTemplate:
    """The words for an occasion in a language, at one site or (None) at all."""

    occasion: str
    language: str
    body: str
    site_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class SaveTextTemplate:
    """New words for a template."""

    template_id: UUID
    body: str
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class ActivateTextTemplate:
    """`template_version`: the saved words to send from now on, None for the last ones."""

    template_id: UUID
    template_version: int | None = None
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class WithdrawTextTemplate:
    """None of its words are sent any more."""

    template_id: UUID
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class SetTextingPolicy:
    """In which language, how long, and whether first names are told."""

    default_language: str
    most_segments: int
    first_names: bool
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class SetTextingLimits:
    """`quiet` None: texts go at all hours; `most_a_day`, `most_a_week` None: any number of them."""

    quiet: QuietHours | None
    most_a_day: int | None
    most_a_week: int | None
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class SetReminderRules:
    """All of them; none: no reminders."""

    rules: list[ReminderRule]
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class ReportWrongNumber:
    """A number is not the patient's, or (`wrong` false) is after all; `evidence` says how it is known."""

    patient_id: UUID
    number: str
    wrong: bool
    evidence: str


@dataclass(frozen=True, kw_only=True)
class OpenConversation:
    """Somebody at the site wants to write to the patient; `number` None: the one that she is texted on."""

    site_id: UUID
    patient_id: UUID
    number: str | None = None


@dataclass(frozen=True, kw_only=True)
class MarkRead:
    """Somebody at the site has read the first `heard` replies."""

    conversation_id: UUID
    site_id: UUID | None
    heard: int


@dataclass(frozen=True, kw_only=True)
class TakeConversation:
    """Somebody at the site will answer."""

    conversation_id: UUID
    site_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class GiveBackConversation:
    """Somebody else may answer."""

    conversation_id: UUID
    site_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class WriteText:
    """In somebody's own words, to that patient, for that site."""

    conversation_id: UUID
    site_id: UUID
    patient_id: UUID
    body: str


@dataclass(frozen=True, kw_only=True)
class AddQuickReply:
    """A short text that is sent often."""

    name: str
    body: str


@dataclass(frozen=True, kw_only=True)
class SaveQuickReply:
    """Its name and words from now on."""

    quick_reply_id: UUID
    name: str
    body: str
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class RemoveQuickReply:
    """Nobody needs it any more."""

    quick_reply_id: UUID
