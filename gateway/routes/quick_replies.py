"""Quick replies: short texts that a network's people send often."""

from typing import Any

from gateway.endpoint import Call, route
from gateway.schemas import conversations as schemas

QUICK_REPLY = schemas.QuickReply()
_PATH = ("path.quick_reply_id",)
_EXAMPLE = {"name": "Card", "body": "Please bring your insurance card."}
_PROBLEMS = ("impossible-text", "quick-reply-exists")


@route(
    "GET",
    "/v1/quick-replies",
    scope="conversations:read",
    query=schemas.QuickReplySearch(),
    answer=QUICK_REPLY,
    listed=True,
)
def list_quick_replies(call: Call) -> Any:
    """The network's quick replies, each with the segments that it takes."""
    return call.page_of("notifications", "quick_replies", **call.query)


@route(
    "POST",
    "/v1/quick-replies",
    scope="texts:templates",
    body=schemas.SaveQuickReply(),
    answer=QUICK_REPLY,
    status=201,
    example=_EXAMPLE,
    problems=_PROBLEMS,
)
def add_quick_reply(call: Call) -> Any:
    """Adds one. It may not ask for a word that carriers read as an opt-out."""
    return call.tell("notifications", "add_quick_reply", **call.body)


@route(
    "PUT",
    "/v1/quick-replies/{quick_reply_id}",
    scope="texts:templates",
    body=schemas.SaveQuickReply(),
    answer=QUICK_REPLY,
    versioned=True,
    objects=_PATH,
    example=_EXAMPLE,
    problems=_PROBLEMS,
)
def save_quick_reply(call: Call) -> Any:
    """Changes its name and words; one that was removed is offered again."""
    return call.tell("notifications", "save_quick_reply", **call.path, **call.body)


@route(
    "DELETE",
    "/v1/quick-replies/{quick_reply_id}",
    scope="texts:templates",
    answer=QUICK_REPLY,
    objects=_PATH,
)
def remove_quick_reply(call: Call) -> Any:
    """Offers it no more. What was sent in its words stays sent."""
    return call.tell("notifications", "remove_quick_reply", **call.path)
