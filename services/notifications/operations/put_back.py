"""A text that the carrier certainly did not take: as if it had never been claimed, but for a pause."""

import random
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.notifications.domain.asks import Ask
from services.notifications.domain.reminders import reminders_due
from services.notifications.domain.tasks import ABOUT_ITS_FATE
from services.notifications.domain.texts import (
    CLAIMED,
    NO_LONGER_ASKED,
    REFUSED,
    UNKNOWN,
    VISIT_CHANGED,
    Outcome,
    Text,
)
from services.notifications.domain.tries import next_try
from services.notifications.domain.visits import DueText, Telling, Visit, due_text
from services.notifications.operations.about import lock_what_these_are_about
from services.notifications.operations.ask import tell_what_is_due
from services.notifications.operations.ports import Unit
from services.notifications.operations.remind import replace_reminders
from services.notifications.operations.tell_texts import tell_texts
from shared.clock import Clock


def put_back(
    attempt_id: UUID, outcome: Outcome, uow: Unit, clock: Clock, real_now: datetime, *, for_another: bool = False
) -> None:
    """Each of its texts is due again, or the visit's newer text in its place; refused where it was tried long enough.

    `for_another`: another carrier is asked next, at once. Locks: what they are about, then the texts.
    """
    about = lock_what_these_are_about(uow.texts.of_attempt(attempt_id), uow)
    spread = random.random()  # noqa: S311  # no secret; the same for all, so that they go together again
    for text in uow.texts.lock_attempts([attempt_id]):
        if text.text_id not in about or text.status not in {CLAIMED, UNKNOWN}:
            continue
        uow.tasks.close([text.text_id], ABOUT_ITS_FATE, clock.now())
        next_try_at = None if for_another else next_try(text, real_now, outcome.retry_after_s, spread)
        if next_try_at is None and not for_another:
            _give_up(text, about[text.text_id], outcome, uow, clock)
        else:
            make_due(text, about[text.text_id], next_try_at, uow, clock)


def _give_up(text: Text, about: Visit | Ask, outcome: Outcome, uow: Unit, clock: Clock) -> None:
    """It was tried long enough; what went along before its time begins anew at that."""
    if text.due_at > clock.now():
        make_due(replace(text, tries=0, first_tried_at=None), about, None, uow, clock)
    else:
        tell_texts([text.settle(replace(outcome, status=REFUSED), clock.now())], uow, clock)


def make_due(text: Text, about: Visit | Ask, next_try_at: datetime | None, uow: Unit, clock: Clock) -> Text:
    """The text as it is then: due at that real time (None: now), or skipped where what it is about has changed.

    The caller holds the locks of that and of the text.
    """
    if isinstance(about, Visit) and text.lead is not None:
        return _remind_again(text, about, next_try_at, uow, clock)
    if isinstance(about, Visit):
        return _tell_again(text, about, next_try_at, uow, clock)
    return _ask_again(text, about, next_try_at, uow, clock)


def _ask_again(text: Text, ask: Ask, next_try_at: datetime | None, uow: Unit, clock: Clock) -> Text:
    due = ask.due(uow.asks.asked([ask.asked_id])[ask.asked_id])
    if due and due.text_id == text.text_id:
        again = text.put_back(next_try_at, clock.now())
        uow.texts.change([again])
        return again
    skipped = text.skip(NO_LONGER_ASKED, clock.now())
    tell_texts([skipped], uow, clock)
    tell_what_is_due([ask], uow, clock)  # who was never asked need not hear that it is over
    return skipped


def _tell_again(text: Text, visit: Visit, next_try_at: datetime | None, uow: Unit, clock: Clock) -> Text:
    telling = uow.texts.tellings([visit.appointment_id])[visit.appointment_id].without(text.text_id)
    same = _due_as_before(text, visit, telling)
    if same is None:
        return _give_way(text, visit, telling, uow, clock)
    uow.texts.keep_tellings([replace(telling, decided=telling.decided - 1)])
    uow.texts.replace_due([visit], [same])
    again = text.put_back(next_try_at, clock.now())
    uow.texts.change([again])
    return again


def _remind_again(text: Text, visit: Visit, next_try_at: datetime | None, uow: Unit, clock: Clock) -> Text:
    """A reminder says nothing of the visit that anything else follows from."""
    rules, is_there = uow.reminders.rules(), visit.site_id == text.site_id
    due = reminders_due(visit, rules, [text.text_id] if is_there else [])
    if text.text_id not in {it.text_id for it in due}:
        skipped = text.skip(VISIT_CHANGED, clock.now())
        tell_texts([skipped], uow, clock)
        return skipped
    again = text.put_back(next_try_at, clock.now())
    uow.texts.change([again])
    replace_reminders({visit.appointment_id: visit}, rules, uow)
    return again


def _due_as_before(text: Text, visit: Visit, telling: Telling) -> DueText | None:
    """The text itself, where it is still what the visit calls for and nothing else was decided since its claim."""
    due = due_text(visit, replace(telling, decided=telling.decided - 1))
    is_the_same = due is not None and due.text_id == text.text_id and visit.site_id == text.site_id
    return due if is_the_same else None


def _give_way(text: Text, visit: Visit, telling: Telling, uow: Unit, clock: Clock) -> Text:
    """The visit has changed while the carrier was asked: what it calls for now is due, and this text is not."""
    due = due_text(visit, telling)
    uow.texts.keep_tellings([telling])
    uow.texts.replace_due([visit], [due] if due else [])
    skipped = text.skip(VISIT_CHANGED, clock.now())
    tell_texts([skipped], uow, clock)
    return skipped
