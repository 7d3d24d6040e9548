"""A visit that moves to another site: one step, one fact, and nothing of it left behind."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fix_scheduling import all_at_once

from services.scheduling import operations
from services.scheduling.domain import commands
from services.scheduling.domain.errors import AppointmentOverlaps, OutsideWorkingHours, PatientUnseen
from services.scheduling.queries import history
from shared.errors import DomainError, NotFound
from shared.events.notifications import TextSent
from shared.ids import new_id
from tests.integration.scheduling.test_following import told

TEN = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def only(*sites: Any) -> dict[str, Any]:
    return {"sites": frozenset(site.site_id for site in sites)}


def day_of(sites: Any, site: Any) -> dict[str, Any]:
    with sites.clinic.uow(**only(site)) as uow:
        return operations.read_day(site.site_id, None, uow, sites.clinic.clock)


def changes(sites: Any, site: Any, after: str) -> dict[str, Any]:
    with sites.clinic.uow(**only(site)) as uow:
        return operations.read_day_changes(site.site_id, None, int(after), uow, sites.clinic.clock)


@pytest.mark.requirement("7c")
def test_a_visit_moves_to_another_site_in_one_step_that_is_told_once(two_sites: Any) -> None:
    """Seen red by: a row that keeps its site; one that keeps its zone; an event without where it came from."""
    visit = two_sites.clinic.book(TEN)
    moved = two_sites.move(visit)
    assert (moved.site_id, moved.zone, moved.practitioner_id) == (
        two_sites.there.site_id,
        "America/Chicago",
        two_sites.doctor,
    )
    kept = two_sites.read(visit)
    assert (kept.site_id, kept.zone, kept.previous_site_id) == (moved.site_id, moved.zone, two_sites.here.site_id)
    assert two_sites.rows("SELECT resource_id::text, site_id::text FROM bookings") == [
        (str(two_sites.doctor), str(two_sites.there.site_id))
    ]
    found = two_sites.rows("SELECT type, data FROM outbox WHERE aggregate_type = 'appointment' ORDER BY version")
    assert [kind for kind, _ in found] == ["appointment-booked", "appointment-rescheduled"]
    data = found[1][1]
    names = ("site_id", "zone", "practitioner_id", "previous_site_id", "previous_practitioner_id")
    assert [data[name] for name in names] == [
        str(two_sites.there.site_id),
        "America/Chicago",
        str(two_sites.doctor),
        str(two_sites.here.site_id),
        str(two_sites.clinic.practitioner_id),
    ]
    two_sites.free_time_is_right()


def test_the_time_that_it_leaves_is_free_at_its_old_site_and_both_sites_have_it_in_their_audit(two_sites: Any) -> None:
    """Seen red by: a move that the old site's audit knows nothing of."""
    visit = two_sites.clinic.book(TEN)
    two_sites.move(visit)
    freed = two_sites.rows(
        "SELECT resource_id::text, site_id::text, start_at FROM freed_times WHERE start_at IS NOT NULL"
    )
    assert freed == [(str(two_sites.clinic.practitioner_id), str(two_sites.here.site_id), TEN)]
    assert two_sites.clinic.book(TEN).start_at == TEN
    found = two_sites.rows(
        f"SELECT action, site_id::text FROM audit_entries WHERE object_id = '{visit.appointment_id}' ORDER BY 1"
    )
    assert found == [
        ("book_appointment", str(two_sites.here.site_id)),
        ("leave_site", str(two_sites.here.site_id)),
        ("move_appointment", str(two_sites.there.site_id)),
    ]


def test_it_takes_a_room_there_and_leaves_the_one_here(two_sites: Any) -> None:
    """Seen red by: a seat sought at the old site."""
    clinic = two_sites.clinic
    clinic.type_id = two_sites.scan_id
    visit = clinic.book(TEN)
    assert visit.resource_ids == (two_sites.room_here,)
    moved = two_sites.move(visit)
    assert moved.resource_ids == (two_sites.room_there,)
    assert clinic.book(TEN).resource_ids == (two_sites.room_here,)
    two_sites.free_time_is_right()


def test_where_the_time_there_is_taken_or_nobody_works_it_stays_here_untold(two_sites: Any) -> None:
    visit = two_sites.clinic.book(TEN)
    two_sites.move(two_sites.clinic.book(TEN + HOUR), TEN)
    with pytest.raises(AppointmentOverlaps) as refused:
        two_sites.move(visit)
    assert refused.value.details["next_free_times"]
    with pytest.raises(OutsideWorkingHours):
        two_sites.move(visit, to=(two_sites.there.site_id, two_sites.clinic.practitioner_id))
    kept = two_sites.read(visit)
    assert (kept.site_id, kept.start_at, kept.version) == (two_sites.here.site_id, TEN, 1)
    assert two_sites.rows(f"SELECT type FROM outbox WHERE aggregate_id = '{visit.appointment_id}'") == [
        ("appointment-booked",)
    ]


@pytest.mark.requirement("4b")
def test_who_has_not_both_sites_moves_nothing_between_them(two_sites: Any) -> None:
    """Seen red by: a move that asks for the site of the appointment alone; one that asks for the new one alone."""
    visit = two_sites.clinic.book(TEN)
    for mine in (two_sites.here, two_sites.there):
        with pytest.raises(NotFound):
            two_sites.move(visit, **only(mine))
    with pytest.raises(NotFound):
        two_sites.move(visit, to=(new_id(), two_sites.doctor))
    assert two_sites.move(visit, **only(two_sites.here, two_sites.there)).version == 2


def test_the_day_page_of_the_old_site_drops_it_and_that_of_the_new_one_shows_it(two_sites: Any) -> None:
    """Seen red by: a page that hears only of what is at its site still."""
    visit = two_sites.clinic.book(TEN)
    here, there = day_of(two_sites, two_sites.here), day_of(two_sites, two_sites.there)
    assert [item["appointment_id"] for item in here["items"]] == [visit.appointment_id]
    two_sites.move(visit)
    left, came = (
        changes(two_sites, site, day["after"]) for site, day in ((two_sites.here, here), (two_sites.there, there))
    )
    assert (left["items"], left["gone"]) == ([], [visit.appointment_id])
    assert ([item["appointment_id"] for item in came["items"]], came["gone"]) == ([visit.appointment_id], [])
    two_sites.back(visit)
    both = [changes(two_sites, site, day["after"]) for site, day in ((two_sites.here, here), (two_sites.there, there))]
    assert [(len(each["items"]), each["gone"]) for each in both] == [(1, []), (0, [visit.appointment_id])]


@pytest.mark.requirement("4a")
def test_the_history_shows_each_site_what_was_done_while_it_was_there(two_sites: Any) -> None:
    """Seen red by: lines of another site; `before` at another site; a line without its site that is none's."""
    clinic, visit = two_sites.clinic, two_sites.clinic.book(TEN)
    two_sites.write("UPDATE appointment_changes SET to_site_id = NULL")  # as before visits could move
    clinic.move(visit.appointment_id, TEN + HOUR)
    two_sites.move(visit)

    def lines(**asker: Any) -> Any:
        with clinic.uow(**asker) as uow:
            return history.appointment_history(visit.appointment_id, uow)

    whole, theirs = lines(), lines(**only(two_sites.there))
    sites = [change["after"]["site_id"] for change in whole["changes"]]
    assert sites == [two_sites.here.site_id, two_sites.here.site_id, two_sites.there.site_id]
    assert whole["complete"] is True
    (line,) = theirs["changes"]
    assert (line["step"], line["before"], theirs["complete"]) == ("move", None, False)
    with pytest.raises(NotFound):
        lines(**only(two_sites.here))


def test_the_patient_is_known_where_the_visit_is_and_the_old_site_asks_records(two_sites: Any) -> None:
    """ADR 21: who has an appointment at a site is known there; records knows the old one's for good."""
    patient_id = new_id()
    two_sites.move(two_sites.clinic.book(TEN, patient_id))
    with pytest.raises(PatientUnseen):
        two_sites.clinic.book(TEN + HOUR, patient_id, **only(two_sites.here), patients_seen=False)
    two_sites.clinic.site, two_sites.clinic.practitioner_id = two_sites.there, two_sites.doctor
    assert two_sites.clinic.book(TEN + HOUR, patient_id, **only(two_sites.there), patients_seen=False).version == 1


def test_a_text_of_the_old_site_is_none_of_the_new_ones_day_sheet(two_sites: Any) -> None:
    """Seen red by: the newest text of the visit, wherever it was told."""
    visit = two_sites.clinic.book(TEN)
    text = TextSent(
        text_id=new_id(),
        version=1,
        appointment_id=visit.appointment_id,
        patient_id=visit.patient_id,
        site_id=two_sites.here.site_id,
        kind="booked",
        status="accepted",
        reason=None,
        changed_at=TEN,
    )
    told(two_sites.clinic, operations.follow_texts, [text])
    assert [item["text"]["status"] for item in day_of(two_sites, two_sites.here)["items"]] == ["accepted"]
    two_sites.move(visit)
    assert [item["text"] for item in day_of(two_sites, two_sites.there)["items"]] == [None]


def test_who_waits_for_an_earlier_time_waits_for_one_before_where_the_visit_is_now(
    two_sites: Any, waitlist: Any
) -> None:
    """Seen red by: an entry that keeps the site that the visit has left."""
    visit = two_sites.clinic.book(TEN + timedelta(days=3))
    entry = waitlist.add(visit=visit)
    two_sites.move(visit)
    (found,) = two_sites.rows("SELECT appointment_site_id::text, state, version FROM waitlist_entries")
    assert found == (str(two_sites.there.site_id), "waiting", entry.version + 1)


def test_a_series_of_which_a_date_has_moved_changes_each_date_at_its_own_site(two_sites: Any) -> None:
    """Seen red by: every date checked, and put, at the site of the date that is named; wall clocks of another zone."""
    clinic = two_sites.clinic
    series = booked_series(clinic)
    first, second, third = series["appointments"]
    moved = two_sites.move(second)
    named = {"series_id": series["series_id"], "appointment_id": first.appointment_id, "reach": "all"}
    change = commands.ChangeSeries(**named, start_at=TEN + HOUR)
    answer = operations.change_series(change, clinic.uow(), clinic.clock)
    assert [(each.site_id, each.start_at) for each in answer["appointments"]] == [
        (two_sites.here.site_id, TEN + HOUR),
        (two_sites.there.site_id, TEN + DAY + 2 * HOUR),  # eleven by Chicago's clock
        (two_sites.here.site_id, TEN + 2 * DAY + HOUR),
    ]
    assert (moved.zone, third.zone) == ("America/Chicago", "America/New_York")
    two_sites.free_time_is_right()


@pytest.mark.requirement("4a")
def test_who_has_the_series_site_alone_sees_changes_and_cancels_what_is_there(two_sites: Any) -> None:
    """Seen red by: dates of every site; a cancellation that reaches what has left."""
    clinic = two_sites.clinic
    series = booked_series(clinic)
    moved = two_sites.move(series["appointments"][1])
    mine = only(two_sites.here)
    with clinic.uow(**mine) as uow:
        assert len(operations.read_series(series["series_id"], uow)["appointments"]) == 2
    named = {"series_id": series["series_id"], "appointment_id": series["appointments"][0].appointment_id}
    cancel = commands.CancelSeries(**named, reach="all", reason="asked")
    answer = operations.cancel_series(cancel, clinic.uow(**mine), clinic.clock)
    assert [len(answer[name]) for name in ("appointments", "dates")] == [2, 2]
    assert two_sites.read(moved).status == "booked"
    elsewhere = commands.CancelSeries(**{**named, "appointment_id": moved.appointment_id}, reach="one", reason="asked")
    with pytest.raises(NotFound):
        operations.cancel_series(elsewhere, clinic.uow(**mine), clinic.clock)


def booked_series(clinic: Any) -> dict[str, Any]:
    """Ten on three days."""
    command = commands.BookSeries(
        site_id=clinic.site.site_id,
        practitioner_id=clinic.practitioner_id,
        appointment_type_id=clinic.type_id,
        patient_id=new_id(),
        start_at=TEN,
        rrule="FREQ=DAILY;COUNT=3",
    )
    return operations.book_series(command, clinic.uow(), clinic.clock)


def test_many_who_move_between_sites_at_once_never_deadlock_and_never_overlap(two_sites: Any) -> None:
    """As it comes, in a crowd; what the locks let through the database would refuse."""
    visits = [two_sites.clinic.book(TEN + place * HOUR) for place in range(6)]

    def act(turn: int) -> str:
        try:
            if turn % 2:
                two_sites.back(visits[turn % 6])
            else:
                two_sites.move(visits[turn % 6], TEN + turn % 4 * HOUR)
        except DomainError as no:
            return no.slug
        return "moved"

    found = all_at_once(act, 60, together=20)
    assert set(found) <= {"moved", "appointment-overlaps"}
    assert "moved" in found
    where = "SELECT count(*) FROM bookings b JOIN appointments a USING (appointment_id) WHERE"
    assert two_sites.rows(
        f"{where} (a.site_id, a.start_at, practitioner_id) = (b.site_id, b.start_at, resource_id)"
    ) == [(6,)]
    two_sites.free_time_is_right()
