"""Visits booked many at a time, before anything is measured."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from cli.api import Api

AT_ONCE = 100  # items of a batch


def book_all(api: Api, name: str, bodies: Sequence[Mapping[str, Any]]) -> None:
    """Books each of them; their keys are made of `name`. ValueError with the first answer that is a refusal."""
    items = [{**body, "key": f"{name}-{place}"} for place, body in enumerate(bodies)]
    for first in range(0, len(items), AT_ONCE):
        answers = api.post("/v1/appointments/batch", {"items": items[first : first + AT_ONCE]})["items"]
        if refused := [answer for answer in answers if answer["status"] != 201]:
            raise ValueError(f"not booked: {refused[0]}")


def stamp(instant: datetime) -> str:
    """As requests want it (UTC)."""
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")
