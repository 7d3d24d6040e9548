"""Conversations: what was said with patients by text, both ways, and what people at a site write themselves."""

from typing import Any

from gateway.endpoint import Call, route
from gateway.schemas import conversations as schemas

CONVERSATION = schemas.Conversation()
_PATH = ("path.conversation_id",)
_OF_A_SITE = (*_PATH, "body.site_id")
_A_SITE = {"site_id": "0193a1f0-0000-7000-8000-000000000002"}
_WITH = {**_A_SITE, "patient_id": "0193a1f0-0000-7000-8000-000000000005"}
_WORDS = {**_WITH, "body": "Please bring your insurance card."}


@route(
    "GET",
    "/v1/conversations",
    scope="conversations:read",
    query=schemas.ConversationSearch(),
    answer=schemas.ListedConversation(),
    listed=True,
    objects=("query.site_id",),
)
def list_conversations(call: Call) -> Any:
    """The conversations of a site with what is unread and whose each is; no numbers and no words."""
    return call.page_of("notifications", "conversations", **call.query)


@route(
    "POST",
    "/v1/conversations",
    scope="conversations:write",
    body=schemas.OpenConversation(),
    answer=CONVERSATION,
    objects=("body.site_id", "body.patient_id"),
    example=_WITH,
    problems=("number-not-of-patient",),
)
def open_conversation(call: Call) -> Any:
    """Begins a conversation with a patient, or gives the one that there is. Sends nothing."""
    call.require_patient(call.body["patient_id"])
    return call.tell("notifications", "open_conversation", **call.body)


@route(
    "GET",
    "/v1/conversations/{conversation_id}",
    scope="conversations:read",
    answer=schemas.OneConversation(),
    objects=_PATH,
)
def get_conversation(call: Call) -> Any:
    """One with its number, those of its patients whom your sites know, and the quick replies that may be sent."""
    return call.ask("notifications", "conversation", **call.path)


@route(
    "GET",
    "/v1/conversations/{conversation_id}/said",
    scope="conversations:read",
    query=schemas.SaidSearch(),
    answer=schemas.Said(),
    listed=True,
    objects=_PATH,
)
def list_said(call: Call) -> Any:
    """All that was said at your sites, in order: replies as they came, texts and answers by kind, time and state, and
    what people wrote, with who."""
    return call.page_of("notifications", "said", **call.path, **call.query)


@route(
    "POST",
    "/v1/conversations/{conversation_id}/read",
    scope="conversations:write",
    body=schemas.ReadConversation(),
    answer=CONVERSATION,
    objects=_OF_A_SITE,
    example={**_A_SITE, "heard": 3},
)
def read_conversation(call: Call) -> Any:
    """Says that the first `heard` replies were read at the site."""
    return call.tell("notifications", "mark_read", **call.path, **call.body)


@route(
    "POST",
    "/v1/conversations/{conversation_id}/take",
    scope="conversations:write",
    body=schemas.OfASite(),
    answer=CONVERSATION,
    objects=_OF_A_SITE,
    example=_A_SITE,
    problems=("conversation-taken",),
)
def take_conversation(call: Call) -> Any:
    """Takes it for the site: it is yours. Of two who take it at once the second gets 409 `conversation-taken` with
    whose it is (`taken_by`)."""
    return call.tell("notifications", "take_conversation", **call.path, **call.body)


@route(
    "POST",
    "/v1/conversations/{conversation_id}/give-back",
    scope="conversations:write",
    body=schemas.OfASite(),
    answer=CONVERSATION,
    objects=_OF_A_SITE,
    example=_A_SITE,
)
def give_back_conversation(call: Call) -> Any:
    """Makes it nobody's again, also where somebody else took it and left."""
    return call.tell("notifications", "give_back_conversation", **call.path, **call.body)


@route(
    "POST",
    "/v1/conversations/{conversation_id}/texts/preview",
    scope="conversations:write",
    body=schemas.WriteText(),
    answer=schemas.TextPreview(),
    objects=(*_OF_A_SITE, "body.patient_id"),
    example=_WORDS,
    problems=("impossible-text", "number-not-of-patient"),
)
def preview_text(call: Call) -> Any:
    """How many segments your words would take, and why they may not be sent. Sends nothing."""
    call.require_patient(call.body["patient_id"])
    return call.ask("notifications", "text_preview", **call.path, **call.body)


@route(
    "POST",
    "/v1/conversations/{conversation_id}/texts",
    scope="conversations:write",
    body=schemas.WriteText(),
    answer=schemas.FreeText(),
    status=201,
    objects=(*_OF_A_SITE, "body.patient_id"),
    example=_WORDS,
    problems=("impossible-text", "not-to-be-texted", "number-not-of-patient"),
)
def write_text(call: Call) -> Any:
    """Texts the patient in your own words, at most once. Consent to texts about care, STOP and wrong numbers are
    looked at now and again when it goes; what does not go out is a call."""
    call.require_patient(call.body["patient_id"])
    return call.tell("notifications", "write_text", **call.path, **call.body)
