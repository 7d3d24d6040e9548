"""What is due about what a patient is asked. The caller holds the locks of what is asked."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from services.notifications.domain.asks import RESCHEDULE_CALL, Ask, Asked, DueAsk, Offer
from services.notifications.domain.tasks import COPY_MISSING, TO_ASK_OTHERWISE, TO_CALL_ABOUT_A_TIME, task_to_call
from services.notifications.operations.begin_runs import in_runs_of_proposals
from services.notifications.operations.ports import Unit
from shared.clock import Clock


def tell_what_is_due(asks: Sequence[Ask], uow: Unit, clock: Clock) -> None:
    """Computed from their condition and what was asked and answered; it replaces whatever was due and unclaimed.

    Who had to ask in another way, or to call, need not any more where nothing is open now.
    """
    if not asks:
        return
    asked = uow.asks.asked([it.asked_id for it in asks])
    due = [text for it in asks if (text := it.due(asked[it.asked_id]))]
    dead = uow.asks.replace_due([it.asked_id for it in asks], _in_runs(due, asks, asked, uow))
    uow.tasks.close(dead, [COPY_MISSING], clock.now())
    for text in due:
        if text.kind == RESCHEDULE_CALL:
            uow.tasks.open(task_to_call(text, clock.now()))
    over = [it for it in asks if not it.is_open]
    offers = [it.asked_id for it in over if isinstance(it, Offer)]
    uow.asks.close_tasks(offers, TO_ASK_OTHERWISE, clock.now())
    visits = [it.asked_id for it in over if not isinstance(it, Offer)]
    uow.asks.close_tasks(visits, TO_CALL_ABOUT_A_TIME, clock.now())


def _in_runs(due: Sequence[DueAsk], asks: Sequence[Ask], asked: Mapping[UUID, Asked], uow: Unit) -> list[DueAsk]:
    """Who was asked before waits for an answer: what is asked next goes as a text that stands alone."""
    alone = [it for it in due if asked[it.asked_id].was_asked]
    return alone + in_runs_of_proposals([it for it in due if not asked[it.asked_id].was_asked], asks, uow)


def tell_what_came_of(asked_id: UUID, uow: Unit, clock: Clock) -> None:
    """The same for one that a reply has just answered."""
    tell_what_is_due(list(uow.asks.lock([asked_id]).values()), uow, clock)
