"""The carrier's list of messages from one number to another, page by page."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from services.notifications.adapters.carrier_words import told_of
from services.notifications.adapters.exchange import Exchange, NoAnswer, NotSent, Reply
from services.notifications.adapters.replies import json_of
from services.notifications.operations.gateway import Listing, Message, digest

_PAGE = "100"
_MOST_PAGES = 20


def read_list(exchange: Exchange, path: str, from_number: str, to_number: str) -> Listing:
    """Complete only where every page was read and understood.

    The list is not narrowed by day: what waits to be sent has no DateSent yet and would be missing.
    """
    pages = _pages(exchange, path, {"From": from_number, "To": to_number, "PageSize": _PAGE})
    messages: list[Message] = []
    for page in pages:
        if page is None:
            return Listing(messages=messages, complete=False)
        messages += [_message(it) for it in page]
    return Listing(messages=messages, complete=True)


def _pages(exchange: Exchange, path: str, query: Mapping[str, str]) -> Iterator[list[dict[str, Any]] | None]:
    """Each page's messages; None, and then no more, where a page cannot be had or read."""
    for _ in range(_MOST_PAGES):
        said = _asked(exchange, path, query)
        listed = said.get("messages")
        if not isinstance(listed, list) or not all(isinstance(it, dict) and _text(it, "sid") for it in listed):
            break
        yield listed
        if said.get("next_page_uri") is None:
            return
        following = exchange.path_of(said["next_page_uri"])
        if following is None:
            break
        path, query = following, {}
    yield None


def _asked(exchange: Exchange, path: str, query: Mapping[str, str]) -> dict[str, Any]:
    try:
        reply: Reply = exchange.get(path, query)
    except (NotSent, NoAnswer):
        return {}
    return json_of(reply.body) if reply.status == 200 else {}


def _message(listed: Mapping[str, Any]) -> Message:
    told = told_of(_text(listed, "status"), listed.get("error_code"))
    return Message(
        sid=_text(listed, "sid"),
        body_hash=digest(_text(listed, "body")),
        created_at=_instant(_text(listed, "date_created")),
        status=told.status if told else None,
        reason=told.reason if told else None,
    )


def _text(listed: Mapping[str, Any], name: str) -> str:
    value = listed.get(name)
    return value if isinstance(value, str) else ""


def _instant(text: str) -> datetime | None:
    """Of RFC 2822, as in mail."""
    try:
        found = parsedate_to_datetime(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
