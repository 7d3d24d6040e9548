"""The parts of a compact JWS, read strictly and believed by nobody yet."""

import base64
from typing import Any

from gateway.errors import Problem
from gateway.parsing import strict_json
from shared.errors import Unauthenticated

Part = dict[str, Any]


def unverified(token: str, longest: int) -> tuple[Part, Part]:
    """Header and payload of a signed token of three parts, each an object without doubled names.

    Raises Unauthenticated for every other text.
    """
    parts = token.split(".")
    if len(token) > longest or len(parts) != 3:
        raise Unauthenticated
    return _object(parts[0]), _object(parts[1])


def _object(part: str) -> Part:
    try:
        found = strict_json(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (Problem, ValueError):
        raise Unauthenticated from None
    if not isinstance(found, dict):
        raise Unauthenticated
    return found
