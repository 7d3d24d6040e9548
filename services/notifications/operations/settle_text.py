"""A person decides what nobody knew: the text went out, it did not, or it is to be sent once more."""

from dataclasses import replace

from services.notifications.domain.asks import Ask
from services.notifications.domain.commands import SettleText
from services.notifications.domain.errors import TextNotUnknown
from services.notifications.domain.tasks import ABOUT_ITS_FATE
from services.notifications.domain.texts import ACCEPTED, REFUSED, UNKNOWN, Outcome, Text
from services.notifications.domain.visits import Visit
from services.notifications.operations.about import lock_what_these_are_about
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
    """Ends the text's task, and those of whatever it told as well. Raises NotFound for another site's text,
    TextNotUnknown.

    `send-again` is claimed like any due text: consent, opt-out and the visit's present state are looked at anew.
    Locks: what they are about, texts.
    """
    with uow:
        seen = uow.texts.of(command.text_id)
        if seen is None:
            raise NotFound
        uow.asker.require_site(seen.site_id)
        unknown = _lock_unknown(seen, uow)
        if command.text_id not in {text.text_id for text, _ in unknown}:
            raise TextNotUnknown
        settled = [_settle(text, about, command.outcome, uow, clock) for text, about in unknown]
        return uow.commit(next(it for it in settled if it.text_id == command.text_id))


def _lock_unknown(seen: Text, uow: Unit) -> list[tuple[Text, Visit | Ask]]:
    """The texts of its attempt of which nobody knows, each with what it is about."""
    if seen.attempt_id is None:
        return []
    about = lock_what_these_are_about(uow.texts.of_attempt(seen.attempt_id), uow)
    locked = uow.texts.lock_attempts([seen.attempt_id])
    return [(it, about[it.text_id]) for it in locked if it.status == UNKNOWN and it.text_id in about]


def _settle(text: Text, about: Visit | Ask, outcome: str, uow: Unit, clock: Clock) -> Text:
    settled = _settled(text, about, outcome, uow, clock)
    uow.tasks.close([text.text_id], ABOUT_ITS_FATE, clock.now(), uow.asker.actor_id)
    ids = {"site_id": text.site_id, "patient_id": text.patient_id}
    uow.audit("settle_text", "text", text.text_id, detail={"outcome": outcome}, **ids)
    return settled


def _settled(text: Text, about: Visit | Ask, outcome: str, uow: Unit, clock: Clock) -> Text:
    if outcome in _SAID:
        [settled] = keep_outcomes([(text, _SAID[outcome])], uow, clock)  # from unknown either is news
        return settled
    # A person's word begins anew: the four hours of tries are not what the first attempt has left of them.
    return make_due(replace(text, tries=0, first_tried_at=None), about, None, uow, clock)
