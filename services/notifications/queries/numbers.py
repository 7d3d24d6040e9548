"""Whether a patient can be texted, number by number, and why not."""

from collections.abc import Mapping
from typing import Any

from services.notifications.domain.occasions import REMINDERS
from services.notifications.domain.reach import Number, number_for, why_not_reachable
from services.notifications.repository import NotificationsUnitOfWork
from shared.database.session import Row
from shared.phones import type_of

_OF_A_NUMBER = ("number", "use", "consented", "wrong", "failure")


def texting(question: Mapping[str, Any], uow: NotificationsUnitOfWork) -> Row:
    """Each of a patient's numbers with its kind, who else has it, and what speaks against texting it.

    Of one who is unknown here there are no numbers. Raises NotFound where nobody has said that the asker may see her.
    """
    uow.asker.require_patients_seen()
    rows = uow.sql.all("texting-of-patient", network_id=uow.network_id, patient_id=question["patient_id"])
    numbers = [_number(row) for row in rows]
    texted = number_for(numbers, REMINDERS)
    told = [_told(row, number, number is texted) for row, number in zip(rows, numbers, strict=True)]
    return {"patient_id": question["patient_id"], "numbers": told}


def _number(row: Row) -> Number:
    return Number(**{name: row[name] for name in _OF_A_NUMBER}, purposes=frozenset(row["purposes"]))


def _told(row: Row, number: Number, is_texted: bool) -> Row:  # noqa: FBT001
    why_not = why_not_reachable(number, REMINDERS, opted_out=row["opted_out"])
    return {**row, "kind": type_of(number.number), "texted": is_texted and why_not is None, "why_not": why_not}
