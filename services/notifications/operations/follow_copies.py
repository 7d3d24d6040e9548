"""Copies of patients and sites: the newest condition of each. What waits for one is found by the job."""

from collections.abc import Sequence

from services.notifications.operations.ports import Unit
from shared.clock import Clock
from shared.events.envelope import Event
from shared.events.records import PatientCondition
from shared.events.scheduling import SiteChanged
from shared.messaging.facts import newest


def follow_patients(facts: Sequence[Event[PatientCondition]], uow: Unit, clock: Clock) -> None:
    """Numbers and consents, as they are now."""
    uow.copies.keep_patients([fact.data for fact in newest(facts)])


def follow_sites(facts: Sequence[Event[SiteChanged]], uow: Unit, clock: Clock) -> None:
    """Names and zones, as they are now."""
    uow.copies.keep_sites([fact.data for fact in newest(facts)])
