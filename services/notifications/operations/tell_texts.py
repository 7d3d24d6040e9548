"""Texts have become something else: their rows, the tasks that this calls for, and the facts."""

from collections.abc import Sequence

from services.notifications.domain.tasks import COPY_MISSING, task_after
from services.notifications.domain.texts import Text, event_of
from services.notifications.domain.visits import Telling
from services.notifications.operations.ports import Unit
from shared.clock import Clock


def tell_texts(texts: Sequence[Text], uow: Unit, clock: Clock) -> None:
    """Writes and tells each text's new condition. The caller holds their locks."""
    uow.texts.change(texts)
    uow.tasks.end_of([it.appointment_id for it in texts if it.appointment_id], clock.now())
    for text in texts:
        if task := task_after(text, clock.now()):
            uow.tasks.open(task)
        if text.appointment_id:  # whoever listens shows texts beside their visits
            uow.record(event_of(text))


def skip_texts(skipped: Sequence[tuple[Text, Telling | None, str]], uow: Unit, clock: Clock) -> None:
    """These texts are not sent, each for its reason; one that asks has no telling.

    The caller holds the locks of what they are about, and of the texts.
    """
    uow.texts.keep_tellings(
        [
            telling.after_passing(text.kind, text.start_at, text.site_id)
            for text, telling, _ in skipped
            if telling and text.lead is None  # what was said of the visit is not what it was reminded of
        ]
    )
    uow.tasks.close([text.text_id for text, _, _ in skipped], [COPY_MISSING], clock.now())
    tell_texts([text.skip(reason, clock.now()) for text, _, reason in skipped], uow, clock)
