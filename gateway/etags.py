"""ETag and If-Match carry an aggregate's `version`."""

import re
from typing import Any

from gateway.errors import Problem

_STRONG = re.compile(r'^"([0-9]{1,18})"$')


def etag_of(answer: Any) -> str | None:
    """The strong tag of an answer that has a version."""
    version = answer.get("version") if isinstance(answer, dict) else None
    return f'"{version}"' if isinstance(version, int) else None


def version_of(if_match: str | None) -> int | None:
    """The version that the caller expects; None where any will do.

    A tag that none of ours can equal (weak, or another form) is stale by RFC 9110, 13.1.1.
    """
    if if_match is None or if_match.strip() == "*":
        return None
    found = _STRONG.match(if_match.strip())
    if not found:
        raise Problem("stale-version")
    return int(found.group(1))
