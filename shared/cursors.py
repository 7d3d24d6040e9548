"""Opaque cursors of lists: where a page ended. They stand in addresses and so in logs: ids, codes and times only."""

import base64
import json
from typing import Any

from shared.errors import Invalid


def to_cursor(*position: Any) -> str:
    """A position of strings and numbers as one opaque word."""
    return base64.urlsafe_b64encode(json.dumps([str(part) for part in position]).encode()).decode().rstrip("=")


def from_cursor(cursor: str | None, length: int) -> list[str | None]:
    """The position's parts as text, all None without a cursor. Raises Invalid for a word that is no cursor."""
    if cursor is None:
        return [None] * length
    try:
        parts = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError:
        parts = None
    if not isinstance(parts, list) or len(parts) != length or not all(isinstance(part, str) for part in parts):
        raise Invalid(errors=[{"field": "cursor", "message": "Take the cursor from the answer before."}])
    return list(parts)


def page(items: list[dict[str, Any]], limit: int, *keys: str) -> dict[str, Any]:
    """`{"items", "next"}` of one item more than `limit` that were asked for; `keys` are the order of the list."""
    kept = items[:limit]
    following = to_cursor(*(kept[-1][key] for key in keys)) if len(items) > limit else None
    return {"items": kept, "next": following}
