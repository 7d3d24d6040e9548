"""A text that the carrier certainly did not take: as if it had never been claimed, but for a pause."""

import random
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.notifications.domain.tasks import ABOUT_ITS_FATE
from services.notifications.domain.texts import CLAIMED, REFUSED, UNKNOWN, VISIT_CHANGED, Outcome, Text
from services.notifications.domain.tries import next_try
from services.notifications.domain.visits import DueText, Telling, Visit, due_text
from services.notifications.operations.ports import Unit
from services.notifications.operations.tell_texts import tell_texts
from shared.clock import Clock


def put_back(attempt_id: UUID, outcome: Outcome, uow: Unit, clock: Clock, real_now: datetime) -> None:
    """The text is due again, or the visit's newer text in its place; refused where it was tried long enough.

    Locks: appointment, then text.
    """
    seen = uow.texts.of_attempt(attempt_id)
    visits = uow.copies.lock_visits([seen.appointment_id]) if seen else {}
    locked = uow.texts.lock_attempts([attempt_id])
    if not locked or locked[0].status not in {CLAIMED, UNKNOWN}:
        return
    [text] = locked
    uow.tasks.close([text.text_id], ABOUT_ITS_FATE, clock.now())
    next_try_at = next_try(text, real_now, outcome.retry_after_s, random.random())  # noqa: S311  # no secret
    if next_try_at is None:
        given_up = replace(outcome, status=REFUSED)
        tell_texts([text.settle(given_up, clock.now())], uow, clock)
        return
    make_due(text, visits[text.appointment_id], next_try_at, uow, clock)


def make_due(text: Text, visit: Visit, next_try_at: datetime | None, uow: Unit, clock: Clock) -> Text:
    """The text as it is then: due at that real time (None: now), or skipped where the visit has changed.

    The caller holds the locks of appointment and text.
    """
    telling = uow.texts.tellings([visit.appointment_id])[visit.appointment_id].without(text.text_id)
    same = _due_as_before(text, visit, telling)
    if same is None:
        return _give_way(text, visit, telling, uow, clock)
    uow.texts.keep_tellings([replace(telling, decided=telling.decided - 1)])
    uow.texts.replace_due([visit], [same])
    again = text.put_back(next_try_at, clock.now())
    uow.texts.change([again])
    return again


def _due_as_before(text: Text, visit: Visit, telling: Telling) -> DueText | None:
    """The text itself, where it is still what the visit calls for and nothing else was decided since its claim."""
    due = due_text(visit, replace(telling, decided=telling.decided - 1))
    return due if due and due.text_id == text.text_id else None


def _give_way(text: Text, visit: Visit, telling: Telling, uow: Unit, clock: Clock) -> Text:
    """The visit has changed while the carrier was asked: what it calls for now is due, and this text is not."""
    due = due_text(visit, telling)
    uow.texts.keep_tellings([telling])
    uow.texts.replace_due([visit], [due] if due else [])
    skipped = text.skip(VISIT_CHANGED, clock.now())
    tell_texts([skipped], uow, clock)
    return skipped
