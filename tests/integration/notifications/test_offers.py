"""Waitlist offers by text: asked once while they can be had, answered by the patient, told when they are gone."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest
from fix_notifications import NOW, TOMORROW, Desk, told

from services.notifications.operations import follow_waitlist_offers
from services.notifications.operations.gateway import Answer
from shared.events.scheduling import (
    WaitlistAccepted,
    WaitlistDeclined,
    WaitlistExpired,
    WaitlistLost,
    WaitlistOfferCondition,
)
from shared.ids import new_id

NUMBER = "+12025550100"
CARE = ("reminders", "care")
QUARTER = timedelta(minutes=15)
NIGHT, EIGHT = datetime(2026, 11, 24, 3, tzinfo=UTC), datetime(2026, 11, 24, 13, tzinfo=UTC)  # 22:00 and 08:00 there
Closing = Callable[[WaitlistOfferCondition], WaitlistOfferCondition]


def closed(offer: WaitlistOfferCondition, kind: type[WaitlistOfferCondition], status: str) -> WaitlistOfferCondition:
    return kind(**{**vars(offer), "version": 2, "status": status})


def accepted(offer: WaitlistOfferCondition) -> WaitlistOfferCondition:
    return closed(replace(offer, booked_id=new_id()), WaitlistAccepted, "accepted")


def declined(offer: WaitlistOfferCondition) -> WaitlistOfferCondition:
    return closed(offer, WaitlistDeclined, "declined")


def expired(offer: WaitlistOfferCondition) -> WaitlistOfferCondition:
    return closed(offer, WaitlistExpired, "expired")


def lost(offer: WaitlistOfferCondition) -> WaitlistOfferCondition:
    return closed(offer, WaitlistLost, "lost")


def offered(desk: Desk, number: str = NUMBER, **more: Any) -> WaitlistOfferCondition:
    """Somebody with that number was texted that she can have the time."""
    offer = desk.offer(desk.patient(number, purposes=CARE), **more)
    desk.hear(offer)
    assert desk.send() == 1
    pass_a_minute(desk)
    return offer


def pass_a_minute(desk: Desk) -> None:
    desk.clock.instant = desk.clock.now() + timedelta(minutes=1)


def told_replies(desk: Desk) -> list[tuple[str, str, str | None]]:
    """(meaning, what it answers, its id) of each reply that was told."""
    rows = desk.rows("SELECT data FROM outbox WHERE type = 'reply-received' ORDER BY id")
    return [(row["data"]["meaning"], row["data"]["answers"], row["data"]["asked_id"]) for row in rows]


def test_an_offer_is_texted_once_with_its_time_and_until_when_it_can_be_had(notifications: Desk) -> None:
    """Seen red by: a text's id that is made anew with each event."""
    offer = offered(notifications)
    notifications.hear(offer)
    notifications.send()
    [body] = notifications.bodies()
    assert body == (
        "North Clinic: a time is open: Tue, Nov 24, 2026 at 10:00 AM. Reply YES to take it, or NO, by 10:15 AM,"
        " Mon, Nov 23, 2026. Reply STOP to opt out."
    )
    assert notifications.texts() == [("waitlist-offer", "accepted", None)]
    assert notifications.events() == []  # no visit that it could be shown beside


@pytest.mark.parametrize("end", [accepted, declined, expired, lost])
def test_an_offer_that_ends_before_it_is_claimed_is_not_texted(notifications: Desk, end: Closing) -> None:
    """Nor is its end told to who never heard of it. Seen red by: no `drop-due-asks`."""
    offer = notifications.offer(notifications.patient(purposes=CARE))
    notifications.hear(offer)
    notifications.hear(end(offer))
    assert notifications.send() == 0
    assert notifications.texts() == []


def test_an_offer_whose_time_to_answer_is_over_is_skipped(notifications: Desk) -> None:
    """Seen red by: `of_use_until` not looked at in the claim."""
    notifications.hear(notifications.offer(notifications.patient(purposes=CARE)))
    notifications.clock.instant = NOW + QUARTER
    assert notifications.send() == 0
    assert notifications.texts() == [("waitlist-offer", "skipped", "too-late")]


@pytest.mark.requirement("28d")
@pytest.mark.parametrize(("end", "says"), [(lost, 2), (expired, 1), (accepted, 1), (declined, 1)])
def test_who_was_asked_and_lost_it_to_another_is_told_once(notifications: Desk, end: Closing, says: int) -> None:
    """Seen red by: an end that is told to nobody but who said yes."""
    offer = offered(notifications)
    notifications.hear(end(offer), end(offer))
    notifications.send()
    notifications.hear(end(offer))
    notifications.send()
    assert len(notifications.bodies()) == says
    if end is lost:
        assert "the time on Tue, Nov 24, 2026 at 10:00 AM is no longer open" in notifications.bodies()[1]


def test_a_yes_is_told_of_the_offer_and_a_no_too_and_neither_needs_a_person(notifications: Desk) -> None:
    """Seen red by: a decline of an offer that opens a task."""
    first = offered(notifications)
    second = offered(notifications, "+12025550177")
    assert notifications.reply("Yes please").meaning == "confirm"
    assert notifications.reply("no", "+12025550177").meaning == "decline"
    assert told_replies(notifications) == [
        ("confirm", "waitlist-offer", str(first.offer_id)),
        ("decline", "waitlist-offer", str(second.offer_id)),
    ]
    assert notifications.tasks() == []


@pytest.mark.parametrize("end", [expired, lost])
def test_a_yes_that_comes_too_late_is_answered_once_that_the_time_is_gone(notifications: Desk, end: Closing) -> None:
    """Seen red by: the reply to an offer that is over not matched; `said_yes` never looked at."""
    offer = offered(notifications)
    notifications.hear(end(offer))
    notifications.reply("YES")
    notifications.send()
    pass_a_minute(notifications)
    assert sorted(kind for kind, *_ in notifications.texts()) == ["waitlist-lost", "waitlist-offer"]
    assert notifications.tasks() == []
    notifications.reply("YES")
    notifications.send()
    assert len(notifications.bodies()) == 2
    assert notifications.tasks() == ["reply-unmatched"]


def test_nobody_is_asked_again_about_an_offer_that_is_over(notifications: Desk) -> None:
    """Seen red by: `holds` of what is answered not looked at before asking."""
    offer = offered(notifications)
    notifications.hear(expired(offer))
    assert notifications.reply("yes?").meaning == "doubt"
    assert notifications.rows("SELECT kind FROM responses") == []
    assert notifications.tasks() == ["reply"]


def test_a_yes_while_scheduling_has_ended_the_offer_is_told_when_its_end_is_heard_of(notifications: Desk) -> None:
    """Seen red by: `said_yes` never looked at."""
    offer = offered(notifications)
    notifications.reply("YES")
    notifications.hear(expired(offer))
    notifications.send()
    assert sorted(kind for kind, *_ in notifications.texts()) == ["waitlist-lost", "waitlist-offer"]


@pytest.mark.requirement("10b")
@pytest.mark.requirement("10c")
def test_on_a_family_phone_a_yes_is_an_offers_only_where_nothing_else_waits(notifications: Desk) -> None:
    """A child's visit was told to the same phone. Seen red by: the last message taken whatever else is open."""
    notifications.hear(notifications.visit(notifications.patient(NUMBER)))
    notifications.send()
    pass_a_minute(notifications)
    offer = offered(notifications)
    notifications.reply("YES")
    assert told_replies(notifications) == []
    assert notifications.tasks() == ["reply-unmatched"]
    notifications.reply(f"Liked “{notifications.bodies()[1]}”")
    assert told_replies(notifications) == [("confirm", "waitlist-offer", str(offer.offer_id))]


@pytest.mark.requirement("10a")
def test_a_yes_to_an_earlier_time_is_no_yes_to_the_later_visit(notifications: Desk) -> None:
    """Both are about one visit, so that the last of them is meant. Seen red by: the later visit counted as open."""
    visit = notifications.visit(notifications.patient(purposes=CARE), start_at=TOMORROW + timedelta(days=9))
    notifications.hear(visit)
    notifications.send()
    pass_a_minute(notifications)
    earlier = {"appointment_id": visit.appointment_id, "earlier_than": visit.start_at}
    offer = notifications.offer(visit.patient_id, **earlier)
    notifications.hear(offer)
    notifications.send()
    notifications.reply("YES")
    assert told_replies(notifications) == [("confirm", "waitlist-offer", str(offer.offer_id))]


@pytest.mark.requirement("10c")
@pytest.mark.parametrize("status", ["claimed", "unknown"])
def test_a_yes_after_an_offer_that_may_never_have_come_answers_nothing(notifications: Desk, status: str) -> None:
    """She may have said it to the later visit, which it would move. Seen red by: `went` always true."""
    visit = notifications.visit(notifications.patient(purposes=CARE), start_at=TOMORROW + timedelta(days=9))
    notifications.hear(visit)
    notifications.send()
    pass_a_minute(notifications)
    earlier = {"appointment_id": visit.appointment_id, "earlier_than": visit.start_at}
    notifications.hear(notifications.offer(visit.patient_id, **earlier))
    notifications.send()
    notifications.rows("UPDATE texts SET status = %s WHERE kind = 'waitlist-offer'", status)
    notifications.reply("YES")
    assert told_replies(notifications) == []
    assert notifications.tasks() == ["reply-unmatched"]
    notifications.rows("UPDATE texts SET status = 'delivered' WHERE kind = 'waitlist-offer'")
    notifications.reply("YES")
    assert len(told_replies(notifications)) == 1


@pytest.mark.requirement("24a")
@pytest.mark.requirement("24c")
def test_who_agreed_to_reminders_alone_is_called_while_the_offer_lasts(notifications: Desk) -> None:
    """Seen red by: an offer texted for reminders; tasks that outlive their offer."""
    offer = notifications.offer(notifications.patient())
    notifications.hear(offer)
    notifications.send()
    assert notifications.texts() == [("waitlist-offer", "skipped", "no-consent")]
    assert notifications.tasks() == ["no-consent"]
    notifications.hear(expired(offer))
    assert notifications.tasks() == []


@pytest.mark.requirement("28f")
def test_an_offer_of_the_night_is_texted_in_the_morning_or_not_at_all(notifications: Desk) -> None:
    """Who cannot answer in time is called. Seen red by: what asks is texted at all hours."""
    notifications.clock.instant = NIGHT
    short = notifications.offer(notifications.patient(purposes=CARE), expires_at=EIGHT - QUARTER)
    long = notifications.offer(notifications.patient("+12025550177", purposes=CARE), expires_at=EIGHT + QUARTER)
    notifications.hear(*(told(each, notifications.network_id, NIGHT) for each in (short, long)))
    assert notifications.send() == 0
    assert sorted(notifications.texts()) == [
        ("waitlist-offer", "due", None),
        ("waitlist-offer", "skipped", "quiet-hours"),
    ]
    assert notifications.tasks() == ["quiet-hours"]
    notifications.clock.instant = EIGHT
    assert notifications.send() == 1


@pytest.mark.requirement("8c")
def test_a_stop_kills_the_offer_that_is_due_and_somebody_calls(notifications: Desk) -> None:
    """Seen red by: only what is due about visits skipped by an opt-out."""
    notifications.hear(notifications.offer(notifications.patient(purposes=CARE)))
    notifications.reply("STOP")
    assert notifications.texts() == [("waitlist-offer", "skipped", "opted-out")]
    assert notifications.tasks() == ["opted-out"]
    assert notifications.send() == 0


@pytest.mark.parametrize("history", [[lost], [accepted], [expired]])
def test_every_order_of_an_offers_history_ends_alike(notifications: Desk, history: list[Closing]) -> None:
    """Seen red by: keep-offers without its version."""
    seen = set()
    patient_id = notifications.patient(purposes=CARE)
    for order in permutations(range(2)):
        offer = notifications.offer(patient_id)
        facts = [offer, *(end(offer) for end in history)]
        for place in [*order, order[0]]:
            with notifications.units.for_network(notifications.network_id) as uow:
                follow_waitlist_offers([told(facts[place], notifications.network_id)], uow, notifications.clock)
                uow.commit()
        rows = notifications.rows("SELECT version, status FROM waitlist_offers WHERE offer_id = %s", offer.offer_id)
        due = notifications.rows("SELECT kind FROM texts WHERE asked_id = %s", offer.offer_id)
        seen.add(str((rows, due)))
    assert len(seen) == 1


def test_a_text_that_never_left_is_not_followed_by_the_news_that_it_is_over(notifications: Desk) -> None:
    """The carrier was away while the offer was lost. Seen red by: what is due not computed anew when put back."""
    away = _Away()
    offer = notifications.offer(notifications.patient(purposes=CARE))
    notifications.hear(offer)
    away.then = lambda: notifications.hear(lost(offer))
    notifications.send(away)
    assert notifications.texts() == [("waitlist-offer", "skipped", "no-longer-asked")]


class _Away:
    """A carrier that takes nothing; meanwhile something happens."""

    name, at_once, per_second = "sandbox", 1, None
    then: Callable[[], None]

    def send(self, outgoing: Any) -> list[Any]:
        self.then()
        return [Answer(status="not-taken", reason="away")] * len(outgoing)


def test_the_id_of_a_text_follows_from_the_offer(notifications: Desk) -> None:
    """Seen red by: random ids."""
    offer = notifications.offer(notifications.patient(purposes=CARE), offer_id=UUID(int=7))
    notifications.hear(offer)
    [row] = notifications.rows("SELECT text_id FROM texts")
    notifications.rows("DELETE FROM texts")
    notifications.rows("DELETE FROM waitlist_offers")
    notifications.hear(offer)
    assert notifications.rows("SELECT text_id FROM texts") == [row]
