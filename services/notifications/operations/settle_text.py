"""A person decides what nobody knew: the text went out, it did not, or it is to be sent once more."""

from dataclasses import replace

from services.notifications.domain.asks import Ask
from services.notifications.domain.commands import SettleText
from services.notifications.domain.errors import TextNotUnknown
from services.notifications.domain.tasks import ABOUT_ITS_FATE
from services.notifications.domain.texts import ACCEPTED, REFUSED, UNKNOWN, Outcome, Text
from services.notifications.domain.visits import Visit
from services.notifications.operations.about import lock_what_it_is_about
from services.notifications.operations.ports import Unit
from services.notifications.operations.put_back import make_due
from services.notifications.operations.settle_attempts import keep_outcomes
from shared.clock import Clock
from shared.errors import NotFound

_SAID = {
    "sent": Outcome(status=ACCEPTED, reason="settled-by-hand"),
    "not-sent": Outcome(status=REFUSED, reason="settled-by-hand"),
}


def settle_text(command: SettleText, uow: Unit, clock: Clock) -> Text:
    """Ends the text's task. Raises NotFound for another site's text, TextNotUnknown.

    `send-again` is claimed like any due text: consent, opt-out and the visit's present state are looked at anew.
    Locks: what it is about, text.
    """
    with uow:
        seen = uow.texts.of(command.text_id)
        if seen is None:
            raise NotFound
        uow.asker.require_site(seen.site_id)
        about = lock_what_it_is_about(seen, uow)
        text = uow.texts.lock(command.text_id)
        if text is None or about is None or text.status != UNKNOWN:
            raise TextNotUnknown
        settled = _settled(text, about, command.outcome, uow, clock)
        uow.tasks.close([text.text_id], ABOUT_ITS_FATE, clock.now(), uow.asker.actor_id)
        ids = {"site_id": text.site_id, "patient_id": text.patient_id}
        uow.audit("settle_text", "text", text.text_id, detail={"outcome": command.outcome}, **ids)
        return uow.commit(settled)


def _settled(text: Text, about: Visit | Ask, outcome: str, uow: Unit, clock: Clock) -> Text:
    if outcome in _SAID:
        [settled] = keep_outcomes([(text, _SAID[outcome])], uow, clock)  # from unknown either is news
        return settled
    # A person's word begins anew: the four hours of tries are not what the first attempt has left of them.
    return make_due(replace(text, tries=0, first_tried_at=None), about, None, uow, clock)
