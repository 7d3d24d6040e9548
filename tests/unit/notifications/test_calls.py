"""By when somebody should have called, what an outcome makes of a task, and whose it is."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.notifications.domain import tasks
from services.notifications.domain.calls import NO_ANSWER, OUTCOMES, give_back, take, with_outcome
from services.notifications.domain.errors import TaskDone, TaskEndsOtherwise, TaskTaken
from services.notifications.domain.tasks import CALLS, COPY_MISSING, REASONS, REPLY, REPLY_DECLINE, Task, due_by
from services.notifications.domain.texts import NO_PHONE, REASONS_FOR_A_TASK
from shared.ids import new_id

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)


def task(reason: str = NO_PHONE, start_at: datetime | None = None) -> Task:
    return Task(task_id=new_id(), site_id=new_id(), reason=reason, opened_at=NOW, start_at=start_at)


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


@pytest.mark.parametrize(
    ("begins", "due"),
    [
        (None, 24),  # as its reason says
        (hours(24 * 7), 24),
        (hours(30), 7.5),  # a quarter of the time: a day before would be at 6
        (hours(36), 12),  # a day before
        (hours(4), 1),
        (hours(-1), 24),
    ],
)
def test_a_call_is_due_as_its_reason_says_and_early_enough_before_the_visit(
    begins: timedelta | None, due: float
) -> None:
    """Seen red by: the visit's start not looked at; a day before the visit though that is past."""
    assert due_by(NO_PHONE, NOW, NOW + begins if begins else None) == NOW + hours(due)


def test_every_reason_stands_in_the_one_table() -> None:
    """Seen red by: a reason that only the code knew."""
    named = {value for name, value in vars(tasks).items() if name.startswith(("TEXT_", "REPLY", "COPY_"))}
    assert named | REASONS_FOR_A_TASK <= REASONS.keys()
    assert {COPY_MISSING, REPLY} & set(CALLS) == set()


@pytest.mark.parametrize("outcome", [None, *(it for it in OUTCOMES if it != NO_ANSWER)])
def test_an_outcome_ends_a_task(outcome: str | None) -> None:
    done = with_outcome(task(), outcome, NOW)
    assert (done.outcome, done.done_at, done.tries) == (outcome, NOW, 0)
    assert with_outcome(done, "reached", NOW + hours(1)) == done


def test_nobody_who_answers_leaves_it_open_and_due_later_each_time() -> None:
    """Seen red by: a first pause each time; the task done."""
    known, pauses = task(), []
    for _ in range(4):
        known = with_outcome(known, NO_ANSWER, NOW)
        pauses.append(known.due_by - NOW)
    assert pauses == [hours(2), hours(4), hours(24), hours(24)]
    assert (known.tries, known.outcome, known.done_at) == (4, NO_ANSWER, None)
    assert with_outcome(task(start_at=NOW + hours(1)), NO_ANSWER, NOW).due_by == NOW + hours(0.5)


def test_what_ends_with_its_cause_takes_no_outcome() -> None:
    with pytest.raises(TaskEndsOtherwise):
        with_outcome(task(COPY_MISSING), NO_ANSWER, NOW)


def test_a_task_is_taken_by_one_and_given_back() -> None:
    """Seen red by: whoever takes last has it."""
    hers = take(task(REPLY_DECLINE), "ann", NOW)
    assert take(hers, "ann", NOW + hours(1)) == hers
    with pytest.raises(TaskTaken) as told:
        take(hers, "bob", NOW)
    assert told.value.details == {"taken_by": "ann"}
    assert take(give_back(hers), "bob", NOW).taken_by == "bob"
    for do in (lambda it: take(it, "bob", NOW), give_back):
        with pytest.raises(TaskDone):
            do(replace(hers, done_at=NOW))
