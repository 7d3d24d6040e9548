"""What is due as one of many is so from the start: its run is known before anything of it can go."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar
from uuid import UUID

from services.notifications.domain.asks import Ask, DueAsk
from services.notifications.domain.runs import TextRun, run_of_proposal, run_of_reminder
from services.notifications.domain.visits import DueText, Visit
from services.notifications.operations.ports import Unit

_Due = TypeVar("_Due", DueText, DueAsk)


def in_runs_of_reminders(due: Sequence[DueText], visits: Mapping[UUID, Visit], uow: Unit) -> list[DueText]:
    """The reminders, each with its run. `visits`: by their ids."""
    return _in_runs(due, lambda it: run_of_reminder(it, visits[it.appointment_id]), uow)


def in_runs_of_proposals(due: Sequence[DueAsk], asks: Sequence[Ask], uow: Unit) -> list[DueAsk]:
    """The texts about these asks, each proposal with its run."""
    about = {ask.asked_id: ask for ask in asks}
    return _in_runs(due, lambda it: run_of_proposal(it, about[it.asked_id]), uow)


def _in_runs(due: Sequence[_Due], run_of: Callable[[_Due], TextRun | None], uow: Unit) -> list[_Due]:
    each = [(it, run_of(it)) for it in due]
    uow.runs.begin(list({run.run_id: run for _, run in each if run}.values()))
    return [replace(it, run_id=run.run_id) if run else it for it, run in each]
