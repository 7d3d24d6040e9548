"""Reading what a carrier answered."""

import json
from typing import Any


def json_of(body: bytes) -> dict[str, Any]:
    """The JSON object; empty where it is none."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
