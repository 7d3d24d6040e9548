"""What a text is about: a visit, or what it asks; locked before the text is."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.notifications.domain.asks import QUESTIONS, RESCHEDULE_PROPOSAL, Ask, Asked, Offer
from services.notifications.domain.caps import NEAR, is_outside_caps
from services.notifications.domain.occasions import TELLS_THAT_IT_IS_OFF
from services.notifications.domain.reminders import STILL_OF_USE, ReminderRules, of_use_until, why_not_to_remind
from services.notifications.domain.sites import SiteCopy
from services.notifications.domain.texts import Candidate, Text, why_not_about_the_ask, why_not_about_the_visit
from services.notifications.domain.visits import Telling, Visit
from services.notifications.operations.ports import Unit


@dataclass(frozen=True, kw_only=True)
class Told:
    """The text is about a visit."""

    visit: Visit
    telling: Telling

    def why_not(self, text: Text, rules: ReminderRules, now: datetime) -> str | None:
        if text.lead:
            return why_not_to_remind(text, self.visit, rules, now)
        return why_not_about_the_visit(text, self.visit, self.telling, now)

    def news_since(self, text: Text) -> datetime | None:
        """When what it answers came about; None: it answers nothing."""
        return None if text.lead else self.visit.changed_at

    def of_use_until(self, text: Text) -> datetime:
        return of_use_until(text, self.visit)

    def is_outside_caps(self, text: Text, now: datetime) -> bool:
        return is_outside_caps(text, self.visit, self.telling, now)


@dataclass(frozen=True, kw_only=True)
class Asking:
    """The text asks, or tells what came of that."""

    ask: Ask
    asked: Asked
    place: SiteCopy | None

    def why_not(self, text: Text, _rules: ReminderRules, now: datetime) -> str | None:
        return why_not_about_the_ask(text, self.ask, self.asked, now)

    def news_since(self, text: Text) -> datetime | None:
        """When what it answers came about; None: it asks."""
        return None if text.kind in QUESTIONS else self.ask.changed_at

    def of_use_until(self, text: Text) -> datetime:
        """Where a visit cannot take place the patient has to know it before she comes."""
        due = self.ask.due(self.asked)
        ends_at = due.of_use_until if due else text.start_at
        is_off = text.kind == RESCHEDULE_PROPOSAL
        return min(ends_at, self.ask.start_at - STILL_OF_USE) if is_off else ends_at

    def is_outside_caps(self, text: Text, now: datetime) -> bool:
        """All but a visit that cannot take place in days to come: who waits for a time asked to hear of it, and who was
        asked or has answered hears what came of that."""
        return text.kind != RESCHEDULE_PROPOSAL or min(self.ask.start_at, text.start_at) <= now + NEAR


def lock_what_these_are_about(texts: Sequence[Text], uow: Unit) -> dict[UUID, Visit | Ask]:
    """The newest condition of that by the texts' ids; none where our copy is lost."""
    visits = uow.copies.lock_visits([it.appointment_id for it in texts if it.appointment_id and not it.asked_id])
    asks = uow.asks.lock([it.asked_id for it in texts if it.asked_id])
    about = {it.text_id: asks.get(it.asked_id) if it.asked_id else _visit_of(it, visits) for it in texts}
    return {text_id: known for text_id, known in about.items() if known}


def _visit_of(text: Text, visits: Mapping[UUID, Visit]) -> Visit | None:
    assert text.appointment_id is not None  # noqa: S101  # texts_about_check
    return visits.get(text.appointment_id)


def lock_what_they_are_about(candidates: Sequence[Candidate], uow: Unit, now: datetime) -> dict[UUID, Told | Asking]:
    """By the texts' ids; what somebody else has in hand is left out.

    Nothing that says when a visit is to take place is sent while it cannot: that is asked by a text of its own. It
    waits until the visit has another time, or takes place after all.
    """
    visits = uow.copies.try_visits([it.appointment_id for it in candidates if it.appointment_id and not it.asked_id])
    asks = uow.asks.try_lock([it.asked_id for it in candidates if it.asked_id])
    tellings, asked = uow.texts.tellings(list(visits)), uow.asks.asked(list(asks))
    listed = uow.asks.listed(list(visits), now)
    places = uow.asks.places([place_id for place_id in map(_place_of, asks.values()) if place_id])
    about: dict[UUID, Told | Asking] = {}
    for it in candidates:
        if it.asked_id in asks:
            ask = asks[it.asked_id]
            if (place_id := _place_of(ask)) is None or place_id in places:  # where we do not know it yet, it waits
                place = places[place_id] if place_id else None
                about[it.text_id] = Asking(ask=ask, asked=asked[it.asked_id], place=place)
        elif it.asked_id is None and it.appointment_id in visits and not _waits(it, listed):
            visit, telling = visits[it.appointment_id], tellings[it.appointment_id]
            about[it.text_id] = Told(visit=visit, telling=telling)
    return about


def _waits(candidate: Candidate, listed: Collection[UUID]) -> bool:
    return candidate.appointment_id in listed and candidate.kind not in TELLS_THAT_IT_IS_OFF


def _place_of(ask: Ask) -> UUID | None:
    """The site of what is asked, where it is another."""
    return None if isinstance(ask, Offer) or ask.proposed_site_id == ask.site_id else ask.proposed_site_id
