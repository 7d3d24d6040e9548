"""Lists in pages: opaque cursors say where a page ended. They stand in addresses and so in logs: ids, codes and times
only."""

import base64
import json
from collections.abc import Mapping
from typing import Any

from shared.errors import Invalid

DEFAULT_LIMIT = 50
# The longest position is a fee's system and code of 264 signs, which JSON writes in up to six bytes each.
LONGEST = 2500


class Listed:
    """One page as a question asks for it: `limit`, `cursor` and `sort` (`-` in front: backwards).

    `order` names the columns of the list's order by what its statement calls them: `Listed(question, at="due_at",
    id="text_id")` binds `after_at` and `after_id` (None on the first page), `backwards`, and `limit` one more than
    asked for, which tells whether there is another page. Raises Invalid for a word that is no cursor.
    """

    def __init__(self, question: Mapping[str, Any], **order: str) -> None:
        self._limit = int(question.get("limit") or DEFAULT_LIMIT)
        self._keys = tuple(order.values())
        after = from_cursor(question.get("cursor"), len(order))
        self.params: dict[str, Any] = {
            **{f"after_{name}": value for name, value in zip(order, after, strict=True)},
            "backwards": str(question.get("sort") or "").startswith("-"),
            "limit": self._limit + 1,
        }

    def page(self, rows: list[dict[str, Any]]) -> dict[str, Any]:
        """`{"items", "next"}`."""
        return page(rows, self._limit, *self._keys)


def to_cursor(*position: Any) -> str:
    """A position of strings and numbers as one opaque word."""
    written = json.dumps([str(part) for part in position], ensure_ascii=False)
    return base64.urlsafe_b64encode(written.encode()).decode().rstrip("=")


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
