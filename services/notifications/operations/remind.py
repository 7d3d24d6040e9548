"""What visits are to be reminded of, by their newest condition and the network's rules."""

from collections.abc import Mapping
from uuid import UUID

from services.notifications.domain.reminders import ReminderRules, reminders_due
from services.notifications.domain.visits import Visit
from services.notifications.operations.begin_runs import in_runs_of_reminders
from services.notifications.operations.ports import Unit


def replace_reminders(visits: Mapping[UUID, Visit], rules: ReminderRules, uow: Unit) -> list[UUID]:
    """Exactly what these visits, by their ids, call for is due; gives the ids of the reminders that died.

    The caller holds the locks of the visits.
    """
    waiting = uow.texts.reminders_waiting(list(visits))
    due = [text for visit in visits.values() for text in reminders_due(visit, rules, waiting)]
    return uow.texts.replace_reminders(list(visits.values()), in_runs_of_reminders(due, visits, uow))
