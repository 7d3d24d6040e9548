"""Texts that something has become of, or nothing for too long: claims that were lost, copies that do not come."""

from datetime import datetime, timedelta

from services.notifications.domain.tasks import COPY_MISSING, task_about
from services.notifications.domain.texts import UNKNOWN, Outcome
from services.notifications.operations.ports import Unit
from services.notifications.operations.settle_attempts import settle_attempts
from shared.clock import Clock

COPY_MAY_TAKE = timedelta(seconds=60)
_AT_ONCE = 200


def watch_texts(uow: Unit, clock: Clock, real_now: datetime) -> None:
    """Both by real time."""
    with uow:
        _forget_lost_claims(uow, clock, real_now)
        _watch_waiting_texts(uow, clock, real_now)
        uow.commit()


def _forget_lost_claims(uow: Unit, clock: Clock, real_now: datetime) -> None:
    """Claims whose process died become `unknown`: no machine sends them again without proof that nobody has them."""
    lost = uow.texts.lost_attempts(real_now, _AT_ONCE)
    settle_attempts(dict.fromkeys(lost, Outcome(status=UNKNOWN, reason="claim-lost")), uow, clock)


def _watch_waiting_texts(uow: Unit, clock: Clock, real_now: datetime) -> None:
    """A text that has waited too long for a copy becomes a task; it goes on waiting and is never sent unchecked."""
    for text in uow.texts.waiting_too_long(clock.now(), real_now, real_now - COPY_MAY_TAKE, _AT_ONCE):
        uow.tasks.open(task_about(text, COPY_MISSING, clock.now()))
