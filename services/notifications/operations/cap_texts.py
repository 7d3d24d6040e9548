"""Which of the texts that are about to go would be one too many for their patients."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.notifications.domain.caps import COUNTED_FOR, is_one_too_many
from services.notifications.domain.limits import TextingLimits
from services.notifications.domain.occasions import OCCASIONS
from services.notifications.domain.texts import Text
from services.notifications.operations.ports import Unit


def one_too_many(asked: Sequence[tuple[Text, str]], limits: TextingLimits, uow: Unit, now: datetime) -> set[UUID]:
    """The ids of those; `asked`: texts that count, each with its site's IANA zone, the most urgent first.

    The caller holds the locks of the numbers: two texts of one purpose to one patient take turns.
    """
    if not asked:
        return set()
    patients = {text.patient_id for text, _ in asked}
    earlier = defaultdict[tuple[UUID, str], list[datetime]](list)
    for patient_id, kind, claimed_at in uow.texts.counted(patients, now - COUNTED_FOR):
        earlier[patient_id, OCCASIONS[kind]].append(claimed_at)
    found = set[UUID]()
    for text, zone in asked:
        times = earlier[text.patient_id, OCCASIONS[text.kind]]
        if is_one_too_many(times, now, zone, limits):
            found.add(text.text_id)
        else:
            times.append(now)
    return found
