"""Times to propose to the visits of a list, out of the free time as it is now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from services.scheduling.domain.absences import Absence
from services.scheduling.domain.places import AppointmentType
from services.scheduling.domain.proposals import Visit, due_until, earliest, lapses_at, proposed
from services.scheduling.domain.reschedules import Reschedule
from services.scheduling.domain.resources import Need, NeedKind
from services.scheduling.domain.search import SiteOfSearch
from services.scheduling.domain.time_range import TimeRange
from services.scheduling.domain.zones import zone_of
from services.scheduling.operations.find_gaps import find_gaps
from services.scheduling.operations.near_sites import near_sites
from services.scheduling.operations.ports import Unit, ZipCodes
from shared.events.rescheduling import Proposal

PERSON: NeedKind = "practitioner"
Kinds = Mapping[UUID, AppointmentType]
# Who works at each site, and of what kind.
Staff = Mapping[UUID, Mapping[UUID, str | None]]


@dataclass(frozen=True)
class Finding:
    """What times are found by: the absence that a list is of, which says how far from a visit's site another may be."""

    absence: Absence
    uow: Unit
    now: datetime
    zips: ZipCodes


def propose(listed: Sequence[Reschedule], finding: Finding) -> None:
    """Gives each its proposals; one without any becomes one to call."""
    kinds = finding.uow.reschedules.kinds(each.appointment_type_id for each in listed)
    found = _found(listed, kinds, finding)
    for each in listed:
        proposals = found[each.appointment_id]
        each.offer(proposals, lapses_at(proposals, _notice(each, kinds)))


def fresh_proposals(listed: Reschedule, finding: Finding) -> tuple[Proposal, ...]:
    """What could be proposed to one visit now."""
    kinds = finding.uow.reschedules.kinds([listed.appointment_type_id])
    return _found([listed], kinds, finding)[listed.appointment_id]


def _found(listed: Sequence[Reschedule], kinds: Kinds, finding: Finding) -> dict[UUID, tuple[Proposal, ...]]:
    """The proposals of each visit by its appointment's id, none of them proposed to anybody else."""
    uow, now = finding.uow, finding.now
    during = TimeRange(
        min(_earliest(each, kinds, now) for each in listed), max(_due(each, kinds, now) for each in listed)
    )
    near = near_sites({each.site_id for each in listed}, finding.absence.within_miles, uow, finding.zips)
    zones = {site.site_id: site.zone for sites in near.values() for site in sites}
    zones |= {each.site_id: each.zone for each in listed}
    staff = uow.reschedules.staff(sorted(zones))
    ground = _Ground(finding, kinds, _kinds_of_theirs(listed, uow), near, staff)
    working = sorted({practitioner_id for theirs in staff.values() for practitioner_id in theirs})
    others = uow.reschedules.proposed_to_others(listed, working, now)
    return proposed(
        [ground.visit(each) for each in listed],
        lambda site_id: find_gaps(site_id, zones[site_id], during, uow),
        others,
    )


def _kinds_of_theirs(listed: Sequence[Reschedule], uow: Unit) -> dict[UUID, str | None]:
    """Of what kind the practitioners are whom the visits are booked with."""
    known = uow.reschedules.kinds_of(sorted({each.practitioner_id for each in listed}))
    return {practitioner_id: type_ for practitioner_id, (_, type_) in known.items()}


@dataclass(frozen=True)
class _Ground:
    """What the visits of a list may be offered: sites near each, and who works where."""

    finding: Finding
    kinds: Kinds
    kind_of: Mapping[UUID, str | None]
    near: Mapping[UUID, Sequence[SiteOfSearch]]
    staff: Staff

    def visit(self, listed: Reschedule) -> Visit:
        kind, now = self.kinds[listed.appointment_type_id], self.finding.now
        return Visit(
            appointment_id=listed.appointment_id,
            site_id=listed.site_id,
            practitioner_id=listed.practitioner_id,
            during=listed.during,
            zone=listed.zone,
            around=(timedelta(minutes=kind.set_up_minutes), timedelta(minutes=kind.clean_up_minutes)),
            places=self._places(listed, kind),
            not_before=_earliest(listed, self.kinds, now),
            due_until=_due(listed, self.kinds, now),
            needs=_others(kind.needs),
            unwanted=listed.refused,
            elsewhere_too=self.finding.absence.site_id is not None,
        )

    def _places(self, listed: Reschedule, kind: AppointmentType) -> dict[UUID, frozenset[UUID]]:
        """Its own site and those near it, with who may see the patient there."""
        wanted = _wanted(kind, self.kind_of.get(listed.practitioner_id))
        sites = [listed.site_id, *(site.site_id for site in self.near.get(listed.site_id, ()))]
        return {site_id: _of_kind(self.staff.get(site_id, {}), wanted) for site_id in sites}


def _wanted(kind: AppointmentType, kind_of_his: str | None) -> str | None:
    """Of which kind who may see the patient is: that which the type needs, or that of the practitioner whom he had."""
    return next((need.type for need in kind.needs if need.kind == PERSON), None) or kind_of_his


def _of_kind(staff: Mapping[UUID, str | None], wanted: str | None) -> frozenset[UUID]:
    return frozenset(practitioner_id for practitioner_id, kind in staff.items() if kind == wanted)


def _notice(listed: Reschedule, kinds: Kinds) -> timedelta:
    return timedelta(minutes=kinds[listed.appointment_type_id].notice_minutes)


def _earliest(listed: Reschedule, kinds: Kinds, now: datetime) -> datetime:
    return earliest(listed.start_at, zone_of(listed.zone), now, _notice(listed, kinds))


def _due(listed: Reschedule, kinds: Kinds, now: datetime) -> datetime:
    """The end of the window, or of the last visit that may be given out."""
    kind = kinds[listed.appointment_type_id]
    due_at = due_until(listed.start_at, zone_of(listed.zone), kind.due_window_days)
    if kind.horizon_days is None:
        return due_at
    return min(due_at, now + timedelta(days=kind.horizon_days) + listed.during.length)


def _others(needs: Sequence[Need]) -> tuple[Need, ...]:
    """What is needed beside the practitioner whom the appointment is with: the first that is needed."""
    first = next((place for place, need in enumerate(needs) if need.kind == PERSON), None)
    return tuple(need for place, need in enumerate(needs) if place != first)
