"""A visit that cannot take place: the best of the other times is asked by text, and a call follows where it is not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from fix_notifications import TOMORROW, Desk, proposal, told

from services.notifications.operations import follow_reschedules
from services.notifications.operations.claim_texts import claim_texts
from shared.events.rescheduling import (
    RescheduleCancelled,
    RescheduleCondition,
    RescheduleMoved,
    RescheduleOffered,
    RescheduleToCall,
    RescheduleWithdrawn,
)
from shared.events.scheduling import AppointmentCondition, AppointmentRescheduled, SiteChanged
from shared.ids import new_id

NUMBER = "+12025550100"
NIGHT, EIGHT = datetime(2026, 11, 24, 3, tzinfo=UTC), datetime(2026, 11, 24, 13, tzinfo=UTC)  # 22:00 and 08:00 there
DAY = timedelta(days=1)


def texted(desk: Desk, number: str | None = NUMBER, **more: Any) -> AppointmentCondition:
    """A visit that its patient was told of, as far as she can be."""
    visit = desk.visit(desk.patient(number), **more)
    desk.hear(visit)
    desk.send()
    pass_a_minute(desk)
    return visit


def proposed(desk: Desk, visit: AppointmentCondition, **more: Any) -> RescheduleCondition:
    listed = desk.listed(visit, **more)
    desk.hear(listed)
    desk.send()
    pass_a_minute(desk)
    return listed


def became(listed: RescheduleCondition, kind: type[RescheduleCondition], state: str, **more: Any) -> Any:
    changed = {"version": listed.version + 1, "state": state, "proposals": (), "expires_at": None}
    return kind(**{**vars(listed), **changed, **more})


def moved(visit: AppointmentCondition, to: Any) -> AppointmentCondition:
    times = {"start_at": to, "end_at": to + timedelta(minutes=30), "previous_start_at": visit.start_at}
    return AppointmentRescheduled(**{**vars(visit), **times, "version": visit.version + 1})


def pass_a_minute(desk: Desk) -> None:
    desk.clock.instant = desk.clock.now() + timedelta(minutes=1)


def replies(desk: Desk) -> list[tuple[str, str, str, str]]:
    """(meaning, what it answers, its id, the time) of each reply that was told."""
    rows = desk.rows("SELECT data FROM outbox WHERE type = 'reply-received' ORDER BY id")
    return [tuple(row["data"][name] for name in ("meaning", "answers", "asked_id", "start_at")) for row in rows]


def kinds(desk: Desk) -> list[str]:
    return [row["kind"] for row in desk.rows("SELECT kind FROM texts ORDER BY claimed_at NULLS LAST, text_id")]


@pytest.mark.requirement("5c")
def test_the_best_time_is_asked_once_without_a_reason_and_told_of_the_visit(notifications: Desk) -> None:
    """Seen red by: a text's id that is made anew with each event."""
    visit = texted(notifications)
    listed = proposed(notifications, visit)
    notifications.hear(listed)
    assert notifications.send() == 0
    assert notifications.bodies()[1] == (
        "North Clinic: your appointment on Tue, Nov 24, 2026 at 10:00 AM cannot take place. We can see you on Wed, Nov"
        " 25, 2026 at 10:00 AM. Reply YES to take it, or NO and we will call you. Reply STOP to opt out."
    )
    [row] = notifications.rows("SELECT data FROM outbox WHERE type = 'text-sent' ORDER BY id OFFSET 1")
    told_of = ("kind", "appointment_id", "asked_id", "asked_site_id", "start_at")
    assert [row["data"][name] for name in told_of] == [
        "reschedule-proposal",
        str(visit.appointment_id),
        str(listed.reschedule_id),
        str(visit.site_id),
        (visit.start_at + DAY).isoformat(),
    ]


def test_while_a_visit_cannot_take_place_nobody_is_told_that_it_does(notifications: Desk) -> None:
    """It was booked a moment before. Moved, it is told as booked. Seen red by: the lists looked at neither by what
    is ready nor in the claim."""
    visit = notifications.visit(notifications.patient(NUMBER))
    notifications.hear(visit)
    listed = proposed(notifications, visit)
    assert sorted(notifications.texts()) == [
        ("booked", "due", None),
        ("reschedule-proposal", "accepted", None),
    ]
    notifications.hear(became(listed, RescheduleMoved, "moved"))
    notifications.hear(moved(visit, visit.start_at + DAY))
    notifications.send()
    assert "you have an appointment on Wed, Nov 25, 2026" in notifications.bodies()[1]


def test_what_waited_while_a_visit_could_not_take_place_is_told_when_it_does(notifications: Desk) -> None:
    """Its patient was not told of it yet. Seen red by: what says when it is skipped while it is on a list."""
    visit = notifications.visit(notifications.patient(NUMBER))
    notifications.hear(visit)
    called = notifications.listed(visit, proposals=(), state="to-call")
    notifications.hear(called)
    assert notifications.send() == 0
    notifications.hear(became(called, RescheduleWithdrawn, "withdrawn"))
    notifications.send()
    assert notifications.texts() == [("booked", "accepted", None)]


def test_a_visit_that_is_listed_while_its_text_is_chosen_is_left_for_later(notifications: Desk) -> None:
    """Seen red by: the lists not looked at in the claim."""
    visit = notifications.visit(notifications.patient(NUMBER))
    notifications.hear(visit)
    with notifications.worker_units.for_network(notifications.network_id) as uow:
        chosen = uow.texts.ready(notifications.clock.now(), notifications.real_time.now(), 9)
    notifications.hear(notifications.listed(visit))
    with notifications.worker_units.for_network(notifications.network_id) as uow:
        claim = claim_texts(chosen, uow, notifications.clock, notifications.real_time.now(), "sandbox")
        uow.commit()
    assert (len(chosen), claim.outgoing, claim.passed_by) == (1, [], {chosen[0].text_id})
    assert ("booked", "due", None) in notifications.texts()


def test_a_visit_that_was_never_taken_off_its_list_is_told_no_more_once_it_is_past(notifications: Desk) -> None:
    """Seen red by: a text that waits whatever the time."""
    visit = notifications.visit(notifications.patient(NUMBER))
    notifications.hear(visit)
    notifications.hear(notifications.listed(visit, proposals=(), state="to-call"))
    notifications.clock.instant = visit.start_at
    assert notifications.send() == 0
    assert notifications.texts() == [("booked", "skipped", "too-late")]


@pytest.mark.parametrize("is_elsewhere", [False, True])
def test_a_visit_that_was_moved_from_where_it_was_listed_is_told_of(notifications: Desk, is_elsewhere: bool) -> None:
    """Although its place is still on the list: that it is off may be told later, or never. Also at another site at the
    same hour. Seen red by: a place on a list taken for the visit's, wherever the visit is.
    """
    visit = texted(notifications)
    notifications.hear(notifications.listed(visit, proposals=(), state="to-call"))
    elsewhere = new_id() if is_elsewhere else visit.site_id
    notifications.hear(SiteChanged(site_id=elsewhere, version=2, name="There", zone="America/New_York", phone=None))
    notifications.hear(replace(moved(visit, visit.start_at + (not is_elsewhere) * DAY), site_id=elsewhere))
    assert notifications.send() == 1
    assert kinds(notifications) == ["booked", "rescheduled"]


@pytest.mark.requirement("10a")
def test_a_yes_is_to_the_time_and_not_to_the_visit_that_cannot_take_place(notifications: Desk) -> None:
    """Seen red by: a proposal that asks nothing."""
    visit = texted(notifications)
    listed = proposed(notifications, visit)
    notifications.reply("Yes!")
    assert replies(notifications) == [
        ("confirm", "reschedule", str(listed.reschedule_id), (visit.start_at + DAY).isoformat())
    ]
    notifications.hear(became(listed, RescheduleMoved, "moved"))
    notifications.hear(moved(visit, visit.start_at + DAY))
    notifications.send()
    assert kinds(notifications) == ["booked", "reschedule-proposal", "rescheduled"]
    assert notifications.tasks() == []


def test_before_the_question_is_texted_a_yes_to_the_old_time_confirms_nothing(notifications: Desk) -> None:
    """Seen red by: `holds` of a visit without a look at the lists."""
    visit = texted(notifications)
    notifications.hear(notifications.listed(visit))
    notifications.reply("YES")
    assert replies(notifications) == []
    assert notifications.tasks() == ["reply-unmatched"]


def test_a_no_is_told_and_a_call_until_the_visit_has_a_time(notifications: Desk) -> None:
    """Seen red by: the tasks of a list that are left when the visit is off it."""
    listed = proposed(notifications, texted(notifications))
    notifications.reply("no")
    assert [each[:2] for each in replies(notifications)] == [("decline", "reschedule")]
    assert notifications.tasks() == ["reply-decline"]
    called = became(listed, RescheduleToCall, "to-call")
    notifications.hear(called)
    assert notifications.send() == 0
    assert notifications.tasks() == ["reply-decline"]
    notifications.hear(became(called, RescheduleMoved, "moved"))
    assert notifications.tasks() == []


@pytest.mark.requirement("5f")
def test_who_said_yes_to_a_time_that_was_gone_is_asked_about_the_next(notifications: Desk) -> None:
    """Seen red by: one proposal a visit, whatever it is."""
    visit = texted(notifications)
    listed = proposed(notifications, visit)
    notifications.reply("yes")
    later = proposal(TOMORROW + 3 * DAY, visit.site_id)
    notifications.hear(became(listed, RescheduleOffered, "offered", proposals=(later,), expires_at=later.start_at))
    notifications.send()
    pass_a_minute(notifications)
    assert "Fri, Nov 27, 2026" in notifications.bodies()[2]
    notifications.reply("yes")
    assert [each[3] for each in replies(notifications)] == [
        (visit.start_at + DAY).isoformat(),
        later.start_at.isoformat(),
    ]


@pytest.mark.requirement("5f")
def test_where_there_is_no_next_she_hears_that_somebody_calls_and_a_task_says_so(notifications: Desk) -> None:
    """Seen red by: nothing due where it is to call after a yes."""
    listed = proposed(notifications, texted(notifications))
    notifications.reply("yes")
    called = became(listed, RescheduleToCall, "to-call")
    notifications.hear(called, called)
    notifications.send()
    notifications.hear(called)
    notifications.send()
    assert kinds(notifications) == ["booked", "reschedule-proposal", "reschedule-call"]
    assert notifications.tasks() == ["proposal-gone"]
    notifications.hear(became(called, RescheduleCancelled, "cancelled"))
    assert notifications.tasks() == []


def test_a_yes_of_before_says_nothing_of_a_visit_that_is_on_a_list_again(notifications: Desk) -> None:
    """It was moved by that yes. Now somebody calls of herself, and she was asked nothing. Seen red by: what was asked
    before `listed_at` counted."""
    listed = proposed(notifications, texted(notifications))
    notifications.reply("yes")
    pass_a_minute(notifications)
    now = notifications.clock.now()
    moved_once = became(listed, RescheduleMoved, "moved")
    again = became(moved_once, RescheduleToCall, "to-call", listed_at=now)
    for each in (moved_once, again, became(again, RescheduleWithdrawn, "withdrawn")):
        notifications.hear(told(each, notifications.network_id, now))
        assert notifications.send() == 0
    assert kinds(notifications) == ["booked", "reschedule-proposal"]
    assert notifications.tasks() == []


def test_the_first_proposals_are_one_run_and_what_follows_a_yes_is_none_of_it(notifications: Desk) -> None:
    """She waits for it. Seen red by: whoever was asked already in the run."""
    visit = texted(notifications)
    listed = proposed(notifications, visit)
    notifications.reply("yes")
    later = proposal(TOMORROW + 3 * DAY, visit.site_id)
    notifications.hear(became(listed, RescheduleOffered, "offered", proposals=(later,), expires_at=later.start_at))
    runs = notifications.rows("SELECT run_id FROM texts WHERE asked_id IS NOT NULL ORDER BY start_at")
    assert [row["run_id"] is not None for row in runs] == [True, False]


@pytest.mark.requirement("5d")
@pytest.mark.parametrize(("number", "stops", "reason"), [(None, False, "no-phone"), (NUMBER, True, "opted-out")])
def test_who_cannot_be_asked_is_called(notifications: Desk, number: str | None, stops: bool, reason: str) -> None:
    """The reason is told, so that scheduling counts her among those to call. Seen red by: no task for an opt-out."""
    visit = texted(notifications, number)
    if stops:
        notifications.reply("STOP")
    before = notifications.tasks()
    listed = proposed(notifications, visit)
    assert ("reschedule-proposal", "skipped", reason) in notifications.texts()
    assert sorted(notifications.tasks()) == sorted([*before, reason])
    [row] = notifications.rows("SELECT data FROM outbox WHERE type = 'text-skipped' ORDER BY id DESC LIMIT 1")
    assert (row["data"]["kind"], row["data"]["reason"]) == ("reschedule-proposal", reason)
    notifications.hear(became(listed, RescheduleMoved, "moved"))
    assert notifications.tasks() == before


@pytest.mark.requirement("5d")
def test_who_cannot_be_asked_in_the_night_before_her_visit_is_called(notifications: Desk) -> None:
    """Who has time is asked in the morning. Seen red by: what asks is of use until the time that it asks about."""
    notifications.clock.instant = NIGHT
    early = notifications.visit(notifications.patient(NUMBER), start_at=EIGHT + timedelta(minutes=29))
    late = notifications.visit(notifications.patient("+12025550177"), start_at=EIGHT + timedelta(hours=3))
    notifications.hear(early, late)
    places = [notifications.listed(visit, listed_at=NIGHT) for visit in (early, late)]
    notifications.hear(*(told(place, notifications.network_id, NIGHT) for place in places))
    assert notifications.send() == 0
    asked = [each for each in notifications.texts() if each[0] == "reschedule-proposal"]
    assert sorted(asked) == [("reschedule-proposal", "due", None), ("reschedule-proposal", "skipped", "quiet-hours")]
    assert notifications.tasks() == ["quiet-hours"]
    notifications.clock.instant = EIGHT
    assert notifications.send() == 1
    notifications.hear(became(places[0], RescheduleMoved, "moved"))
    assert notifications.tasks() == []


@pytest.mark.requirement("10b")
@pytest.mark.requirement("10c")
def test_on_a_family_phone_two_proposals_are_two_questions(notifications: Desk) -> None:
    """Seen red by: the last message taken whatever else is open."""
    first, second = texted(notifications), texted(notifications, start_at=TOMORROW + timedelta(hours=2))
    one, _ = proposed(notifications, first), proposed(notifications, second)
    notifications.reply("YES")
    assert replies(notifications) == []
    assert notifications.tasks() == ["reply-unmatched"]
    notifications.reply(f"Liked “{notifications.bodies()[2]}”")
    assert [each[:3] for each in replies(notifications)] == [("confirm", "reschedule", str(one.reschedule_id))]


def test_a_time_at_another_site_is_named_by_it_and_told_in_its_zone(notifications: Desk) -> None:
    """It waits until the site is known. Seen red by: the text's own site named."""
    oak, visit = new_id(), texted(notifications)
    listed = notifications.listed(visit, proposals=(proposal(TOMORROW + DAY, oak),))
    notifications.hear(listed)
    assert notifications.send() == 0
    notifications.hear(SiteChanged(site_id=oak, version=1, name="Oak Hill", zone="America/Chicago", phone=None))
    assert notifications.send() == 1
    assert "We can see you on Wed, Nov 25, 2026 at 9:00 AM at Oak Hill. Reply YES" in notifications.bodies()[1]
    pass_a_minute(notifications)
    notifications.reply("yes")
    [row] = notifications.rows("SELECT data FROM outbox WHERE type = 'reply-received'")
    assert (row["data"]["asked_site_id"], row["data"]["site_id"]) == (str(oak), str(visit.site_id))


def test_where_the_site_of_a_time_stays_unknown_a_task_says_so_until_it_comes(notifications: Desk) -> None:
    """Like every copy. Seen red by: `place_id` not looked at by what waits too long."""
    oak, visit = new_id(), texted(notifications)
    notifications.hear(notifications.listed(visit, proposals=(proposal(TOMORROW + DAY, oak),)))
    assert notifications.send() == 0
    notifications.real_time.instant += timedelta(seconds=61)
    assert notifications.send() == 0
    assert notifications.tasks() == ["copy-missing"]
    notifications.hear(SiteChanged(site_id=oak, version=1, name="Oak Hill", zone="America/Chicago", phone=None))
    assert notifications.send() == 1
    assert notifications.tasks() == []


def test_who_was_asked_hears_that_the_visit_takes_place_after_all(notifications: Desk) -> None:
    """Seen red by: nothing due when the absence is undone."""
    listed = proposed(notifications, texted(notifications))
    unasked = notifications.listed(texted(notifications, "+12025550177"))
    notifications.hear(unasked)
    for each in (listed, unasked):
        notifications.hear(became(each, RescheduleWithdrawn, "withdrawn"))
    notifications.send()
    assert kinds(notifications).count("reschedule-withdrawn") == 1
    assert "will take place after all" in notifications.bodies()[-1]


def test_every_order_of_a_lists_history_ends_alike(notifications: Desk) -> None:
    """Seen red by: keep-reschedules without its version."""
    seen, visit = set(), texted(notifications)
    for order in permutations(range(3)):
        listed = replace(notifications.listed(visit), reschedule_id=new_id())
        again = became(listed, RescheduleOffered, "offered", proposals=(proposal(TOMORROW + 3 * DAY, visit.site_id),))
        facts = [listed, again, became(again, RescheduleToCall, "to-call")]
        for place in [*order, order[0]]:
            with notifications.units.for_network(notifications.network_id) as uow:
                follow_reschedules([told(facts[place], notifications.network_id)], uow, notifications.clock)
                uow.commit()
        about = "WHERE reschedule_id = %s"
        rows = notifications.rows(f"SELECT version, state, proposed_at FROM reschedules {about}", listed.reschedule_id)
        due = notifications.rows("SELECT kind FROM texts WHERE asked_id = %s", listed.reschedule_id)
        seen.add(str((rows, due)))
    assert len(seen) == 1
