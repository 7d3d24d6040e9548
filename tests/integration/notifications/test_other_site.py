"""A visit moves to another site: the patient is told of it, also where the hour stays."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from fix_notifications import Desk

from services.notifications import queries
from services.notifications.operations.gateway import Answer, Outgoing
from shared.events.scheduling import SiteChanged
from shared.ids import new_id

HERE = "North Clinic: you have an appointment on Tue, Nov 24, 2026 at 10:00 AM. Reply STOP to opt out."
MOVED = "Oak Clinic: your appointment is now on Tue, Nov 24, 2026 at 9:00 AM. Reply STOP to opt out."
THERE = "Oak Clinic: you have an appointment on Tue, Nov 24, 2026 at 9:00 AM. Reply STOP to opt out."


@pytest.fixture
def oak(notifications: Desk) -> UUID:
    """A site whose clocks show an hour less."""
    site_id = new_id()
    notifications.hear(SiteChanged(site_id=site_id, version=1, name="Oak Clinic", zone="America/Chicago", phone=None))
    return site_id


class AwayGateway:
    """Says that it did not take the text, after something has happened meanwhile."""

    name = "away"
    at_once = 50
    per_second = None

    def __init__(self, meanwhile: Any) -> None:
        self._meanwhile = meanwhile

    def send(self, outgoing: Sequence[Outgoing]) -> list[Answer]:
        self._meanwhile()
        return [Answer(status="not-taken", sid=None, reason=None) for _ in outgoing]


def test_who_was_told_of_the_old_site_is_told_of_the_new_one_at_its_own_clock(notifications: Desk, oak: UUID) -> None:
    """Seen red by: a start that stays taken as nothing new; words of the site that it has left."""
    visit = notifications.visit(notifications.patient())
    notifications.hear(visit)
    notifications.send()
    notifications.hear(replace(visit, version=2, site_id=oak))
    assert [notifications.send(), notifications.send()] == [1, 0]
    assert notifications.bodies() == [HERE, MOVED]


def test_who_was_not_told_yet_is_told_of_the_new_site_alone(notifications: Desk, oak: UUID) -> None:
    """Seen red by: a due text that keeps its site."""
    visit = notifications.visit(notifications.patient())
    notifications.hear(visit)
    notifications.hear(replace(visit, version=2, site_id=oak))
    assert [notifications.send(), notifications.send()] == [1, 0]
    assert notifications.bodies() == [THERE]


def test_a_text_that_the_carrier_did_not_take_gives_way_to_that_of_the_new_site(notifications: Desk, oak: UUID) -> None:
    """Seen red by: the old site's text due again, since its hour is the visit's."""
    visit = notifications.visit(notifications.patient())
    notifications.hear(visit)
    notifications.send(AwayGateway(lambda: notifications.hear(replace(visit, version=2, site_id=oak))))
    assert [notifications.send(), notifications.send()] == [1, 0]
    assert notifications.bodies() == [THERE]


def test_a_text_that_was_put_back_and_follows_to_the_new_site_forgets_the_attempt_of_the_old_one(
    notifications: Desk, oak: UUID
) -> None:
    """A receipt for that attempt says nothing of the new site. Seen red by: a due text that keeps its attempt."""
    visit = notifications.visit(notifications.patient())
    notifications.hear(visit)
    notifications.send(AwayGateway(lambda: None))
    (row,) = notifications.rows("SELECT status, attempt_id FROM texts")
    assert row["status"] == "due"
    assert row["attempt_id"] is not None
    notifications.hear(replace(visit, version=2, site_id=oak))
    assert notifications.rows("SELECT status, attempt_id, site_id::text FROM texts") == [
        {"status": "due", "attempt_id": None, "site_id": str(oak)}
    ]


def test_who_could_not_be_told_is_a_task_of_the_new_site_and_no_longer_of_the_old_one(
    notifications: Desk, oak: UUID
) -> None:
    """Seen red by: what was passed over at one site taken as passed over at every one."""
    visit = notifications.visit(notifications.patient(consented=False))
    for version, site_id in enumerate((notifications.site_id, oak), start=1):
        notifications.hear(replace(visit, version=version, site_id=site_id))
        notifications.send()
        [task] = notifications.rows("SELECT site_id FROM tasks WHERE done_at IS NULL")
        assert task["site_id"] == site_id


@pytest.mark.requirement("4a")
def test_what_was_told_at_the_old_site_is_not_listed_at_the_new_one(notifications: Desk, oak: UUID) -> None:
    """Seen red by: texts of an appointment wherever they were told."""
    visit = notifications.visit(notifications.patient())
    for version, site_id in enumerate((notifications.site_id, oak), start=1):
        notifications.hear(replace(visit, version=version, site_id=site_id))
        notifications.send()

    def listed(*sites: UUID) -> list[UUID]:
        question = {"appointment_id": visit.appointment_id, "limit": 50, "cursor": None, "sort": "due_at"}
        with notifications.at(*sites) as uow:
            return [row["site_id"] for row in queries.texts(question, uow)["items"]]

    assert sorted(listed()) == sorted([notifications.site_id, oak])
    assert listed(oak) == [oak]
