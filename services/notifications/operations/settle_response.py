"""What became of a response: recorded where it is news, and a person reads the reply where its answer may not come."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.notifications.domain.responses import Response
from services.notifications.domain.tasks import REPLY, task_to_read
from services.notifications.domain.texts import UNKNOWN, Outcome
from services.notifications.operations.gateway import Outgoing
from services.notifications.operations.opt_out import lock_of, opt_out
from services.notifications.operations.ports import Unit
from shared.clock import Clock
from shared.ids import derived_id


def settle_response(
    sent: Outgoing, outcome: Outcome, uow: Unit, clock: Clock, real_now: datetime, *, for_another: bool = False
) -> None:
    """With what the carrier said of that attempt; `for_another`: another one is asked next.

    Locks: number, response.
    """
    if outcome.opted_out:
        uow.lock(lock_of(sent.to_number))
        opt_out(sent.to_number, f"carrier-refusal/{sent.attempt_id}", uow, clock)
    response = uow.responses.lock(sent.text_id)
    if response is not None and response.attempt_id == sent.attempt_id:
        keep_response(response, response.settle(outcome, real_now, for_another=for_another), uow, clock)


def give_up_lost_responses(uow: Unit, clock: Clock, real_now: datetime) -> None:
    """The process that claimed it is gone: nobody knows, and it is not sent again."""
    while lost := uow.responses.lost(real_now):
        keep_response(lost, lost.hear(Outcome(status=UNKNOWN, reason="no-answer")), uow, clock)


def keep_response(before: Response, response: Response, uow: Unit, clock: Clock) -> Response:
    """Writes what the locked response has become; gives it."""
    if response == before:
        return response
    uow.responses.change(response)
    if response.is_missed and not before.is_missed:
        site_id = uow.replies.site_of(response.message_id)
        to_read = task_to_read(response.message_id, REPLY, site_id, None, clock.now())
        uow.tasks.open(replace(to_read, task_id=_task_of(response)))
    if before.is_missed and not response.is_missed:
        _end_task(response, uow, clock)
    return response


def _end_task(response: Response, uow: Unit, clock: Clock) -> None:
    """It has come after all: nobody has to read the reply for want of it."""
    task = uow.tasks.lock(_task_of(response))
    if task and task.done_at is None:
        uow.tasks.change(replace(task, done_at=clock.now()))


def _task_of(response: Response) -> UUID:
    return derived_id(response.response_id, "task/missed")
