"""Figures of a site's texts: what each kind and window comes to, so defined that raw rows give the same.

Texts by when they were due, after any quiet hours; all of them, so that sent, refused, unknown, skipped and waiting add
up. In whose words a text is said is decided when it is claimed: what was not sent has no template and no language.

- sent: with the carrier; delivered, or failed after the carrier took it, or neither told yet
- refused: certainly not taken by the carrier
- unknown: nobody knows whether the carrier has it
- waiting: due, or claimed at this moment

Of the texts that were sent and say that a visit is to be (the visit counts with each of its texts):

- confirmed: a reply said yes to this very text; what was confirmed at the desk or by telephone is not counted
- cancelled in time: the visit is cancelled, by whomever, after the text was claimed and before its start. Our copy
  of it knows when its newest condition came about, and that of a cancelled one is its cancellation
- missed: the patient did not come

The last two only where the visit still has the start and the site that the text named: what was moved since is neither.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from services.notifications.domain.occasions import OF_A_BOOKED
from services.notifications.domain.texts import (
    ACCEPTED,
    CLAIMED,
    DELIVERED,
    DUE,
    FAILED,
    REFUSED,
    SKIPPED,
    UNKNOWN,
)

# What a row is of.
KEYS = ("kind", "lead", "template_id", "template_version", "language")
OUTCOMES = ("confirmed", "cancelled_in_time", "missed")
_SENT = (ACCEPTED, DELIVERED, FAILED)
_COUNTED: Mapping[str, tuple[str, ...]] = {
    "sent": _SENT,
    "delivered": (DELIVERED,),
    "failed": (FAILED,),
    "refused": (REFUSED,),
    "unknown": (UNKNOWN,),
    "waiting": (DUE, CLAIMED),
}


def figures_of(counted: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows of `KEYS` from counts of texts (and outcomes) by `KEYS`, status and reason; None: no outcome."""
    rows: dict[tuple[Any, ...], list[Mapping[str, Any]]] = {}
    for each in counted:
        rows.setdefault(tuple(each[name] for name in KEYS), []).append(each)
    return [_row(key, rows[key]) for key in sorted(rows, key=_place)]


def _row(key: tuple[Any, ...], counted: list[Mapping[str, Any]]) -> dict[str, Any]:
    row = dict(zip(KEYS, key, strict=True))
    row |= {name: _sum(counted, "texts", statuses) for name, statuses in _COUNTED.items()}
    row["skipped"] = {each["reason"]: each["texts"] for each in counted if each["status"] == SKIPPED}
    is_of_a_visit = row["kind"] in OF_A_BOOKED
    return row | {name: _sum(counted, name, _SENT) if is_of_a_visit else None for name in OUTCOMES}


def _sum(counted: list[Mapping[str, Any]], name: str, statuses: tuple[str, ...]) -> int:
    return sum(each[name] for each in counted if each["status"] in statuses)


def _place(key: tuple[Any, ...]) -> list[str]:
    return ["" if part is None else f"{part:010}" if isinstance(part, int) else str(part) for part in key]
