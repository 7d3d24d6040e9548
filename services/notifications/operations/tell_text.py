"""A text has become something else: its row, the task that this calls for, and the fact."""

from services.notifications.domain.tasks import COPY_MISSING, task_after
from services.notifications.domain.texts import Text, event_of
from services.notifications.operations.ports import Unit
from shared.clock import Clock


def tell_text(text: Text, uow: Unit, clock: Clock) -> None:
    """Writes and tells the text's new condition. The caller holds the text's lock."""
    uow.texts.change(text)
    if task := task_after(text, clock.now()):
        uow.tasks.open(task)
    uow.record(event_of(text))


def skip_text(text: Text, reason: str, uow: Unit, clock: Clock) -> None:
    """The text is not sent. The caller holds the locks of appointment and text."""
    telling = uow.texts.tellings([text.appointment_id])[text.appointment_id]
    uow.texts.keep_telling(telling.after_passing(text.kind, text.start_at))
    uow.tasks.close([text.text_id], [COPY_MISSING], clock.now())
    tell_text(text.skip(reason, clock.now()), uow, clock)
