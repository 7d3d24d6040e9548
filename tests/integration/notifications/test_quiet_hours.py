"""What falls into quiet hours waits for their end, or becomes a call: never nothing."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from fix_notifications import Desk, patient_with, told

from services.notifications.domain.commands import SetTextingLimits
from services.notifications.domain.quiet_hours import QuietHours
from services.notifications.operations import read_texting_limits, set_texting_limits
from shared.errors import Stale
from shared.events.scheduling import SiteChanged

# The site is in New York, and so are numbers that begin with 202; those with 628 are in Los Angeles.
NIGHT = datetime(2026, 11, 24, 3, tzinfo=UTC)
EIGHT, ELEVEN = datetime(2026, 11, 24, 13, tzinfo=UTC), datetime(2026, 11, 24, 16, tzinfo=UTC)
FAR = "+16282000001"


def limit(desk: Desk, quiet: QuietHours | None, version: int | None = None) -> None:
    command = SetTextingLimits(quiet=quiet, most_a_day=1, most_a_week=3, version=version)
    set_texting_limits(command, desk.units.for_network(desk.network_id), desk.clock)


def send_at(desk: Desk, now: datetime) -> int:
    desk.clock.instant = now
    return desk.send()


@pytest.mark.requirement("26a")
@pytest.mark.parametrize(("number", "morning"), [("+12025550100", EIGHT), (FAR, ELEVEN)])
def test_a_text_of_the_night_goes_when_it_is_morning_for_site_and_patient(
    notifications: Desk, number: str, morning: datetime
) -> None:
    """Seen red by: the number's zones left out; a text put off that stays due."""
    notifications.hear(notifications.visit(notifications.patient(number), start_at=ELEVEN + timedelta(hours=5)))
    assert [send_at(notifications, NIGHT), send_at(notifications, morning - timedelta(seconds=1))] == [0, 0]
    assert notifications.texts() == [("booked", "due", None)]
    assert notifications.rows("SELECT due_at FROM texts") == [{"due_at": morning}]
    assert send_at(notifications, morning) == 1
    assert notifications.texts() == [("booked", "accepted", None)]
    assert notifications.tasks() == []


@pytest.mark.requirement("26a")
def test_on_the_sites_holidays_nothing_goes_before_the_next_day_unless_the_network_says_so(notifications: Desk) -> None:
    """Seen red by: holidays that are not asked about."""
    site = SiteChanged(
        site_id=notifications.site_id,
        version=2,
        name="North Clinic",
        zone="America/New_York",
        phone=None,
        holidays=(date(2026, 11, 26), date(2026, 11, 27)),
    )
    notifications.hear(site)
    thanksgiving, saturday = ELEVEN + timedelta(days=2), datetime(2026, 11, 28, 13, tzinfo=UTC)
    soon = {"start_at": saturday + timedelta(hours=1)}
    first, second = (notifications.visit(notifications.patient(), **soon) for _ in range(2))
    notifications.hear(told(first, notifications.network_id, thanksgiving))
    assert send_at(notifications, thanksgiving) == 0
    assert notifications.rows("SELECT due_at FROM texts") == [{"due_at": saturday}]
    limit(notifications, QuietHours(holidays=False))
    notifications.hear(told(second, notifications.network_id, thanksgiving))
    assert [send_at(notifications, thanksgiving), send_at(notifications, saturday)] == [1, 1]


@pytest.mark.requirement("26b")
def test_what_would_come_too_late_after_the_night_is_a_call_with_its_reason(notifications: Desk) -> None:
    """Seen red by: a text that waits until after its visit; no task for `quiet-hours`."""
    notifications.hear(notifications.visit(notifications.patient(), start_at=EIGHT + timedelta(minutes=29)))
    assert send_at(notifications, NIGHT) == 0
    assert notifications.texts() == [("booked", "skipped", "quiet-hours")]
    assert notifications.tasks() == ["quiet-hours"]
    assert notifications.events() == [("text-skipped", 1)]
    assert send_at(notifications, EIGHT) == 0


def test_what_waits_for_the_morning_follows_the_visit(notifications: Desk) -> None:
    visit = notifications.visit(notifications.patient(), start_at=ELEVEN)
    notifications.hear(visit)
    send_at(notifications, NIGHT)
    notifications.hear(replace(visit, version=2, start_at=ELEVEN + timedelta(hours=1)))
    assert send_at(notifications, NIGHT + timedelta(minutes=1)) == 0
    notifications.hear(replace(visit, version=3, status="cancelled"))
    assert send_at(notifications, EIGHT) == 0
    assert notifications.texts() == []


def test_a_stop_of_the_night_ends_what_waits_for_the_morning(notifications: Desk) -> None:
    notifications.hear(notifications.visit(notifications.patient(), start_at=ELEVEN))
    send_at(notifications, NIGHT)
    notifications.reply("STOP")
    assert send_at(notifications, EIGHT) == 0
    assert notifications.texts() == [("booked", "skipped", "opted-out")]


def test_a_consent_withdrawn_by_night_is_in_force_in_the_morning(notifications: Desk) -> None:
    patient_id = notifications.patient()
    notifications.hear(notifications.visit(patient_id, start_at=ELEVEN))
    send_at(notifications, NIGHT)
    notifications.hear(patient_with(consented=False, version=2, patient_id=patient_id))
    assert send_at(notifications, EIGHT) == 0
    assert notifications.texts() == [("booked", "skipped", "no-consent")]


def test_the_hours_are_the_networks_to_set(notifications: Desk) -> None:
    """Seen red by: `keep-texting-limits` without its update."""
    limit(notifications, QuietHours(starts=time(12), ends=time(14), sundays=True, answers_wait=False), version=0)
    limit(notifications, None, version=1)
    with pytest.raises(Stale):
        limit(notifications, None, version=1)
    with notifications.units.for_network(notifications.network_id) as uow:
        assert (read_texting_limits(uow).quiet, read_texting_limits(uow).version) == (None, 2)
    notifications.hear(notifications.visit(notifications.patient(), start_at=ELEVEN))
    assert send_at(notifications, NIGHT) == 1


@pytest.mark.parametrize(("after", "status"), [(timedelta(minutes=9), "accepted"), (timedelta(minutes=11), "due")])
def test_where_the_network_says_so_what_answers_the_patients_own_act_goes_at_once(
    notifications: Desk, after: timedelta, status: str
) -> None:
    """Seen red by: `answers_wait` that nobody reads."""
    limit(notifications, QuietHours(answers_wait=False))
    notifications.clock.instant = NIGHT
    visit = notifications.visit(notifications.patient(), start_at=ELEVEN)
    notifications.hear(told(visit, notifications.network_id, NIGHT))
    send_at(notifications, NIGHT + after)
    assert notifications.texts() == [("booked", status, None)]
