"""Absences and reschedule lists."""

from marshmallow import fields, validate

from gateway.schemas.appointments import PatientName
from gateway.schemas.base import Body, Instant, Number, Text, View, an_id, an_instant
from gateway.schemas.pages import Page, sorted_by

_STATES = ("offered", "moved", "declined", "to-call", "cancelled", "withdrawn")


class MarkAbsence(Body):
    """Of a practitioner at every site, or of a whole site, which then is closed."""

    practitioner_id = fields.UUID()
    site_id = fields.UUID()
    from_at = Instant(required=True)
    until_at = Instant(required=True)
    reason = Text(500, required=True, metadata={"description": "for the desk; never told to patients"})
    within_miles = Number(
        0,
        500,
        metadata={
            "description": "how far from its own site a visit may be proposed another of yours; 25 at first, 0: at none"
        },
    )

    exactly_one_of = ("practitioner_id", "site_id")


class AbsenceList(Page):
    site_id = fields.UUID()
    practitioner_id = fields.UUID()
    standing = fields.Boolean(
        truthy={"true"}, falsy={"false"}, metadata={"description": "true: neither over nor undone"}
    )
    sort = sorted_by("from_at")


class Tally(View):
    """`touched` = moved + offered + declined + to_call + cancelled; `withdrawn` are off the list: the visit stays."""

    touched = fields.Integer(metadata={"example": 24})
    offered = fields.Integer(metadata={"example": 15})
    moved = fields.Integer(metadata={"example": 5})
    declined = fields.Integer(metadata={"example": 1})
    to_call = fields.Integer(metadata={"example": 2})
    cancelled = fields.Integer(metadata={"example": 1})
    withdrawn = fields.Integer(metadata={"example": 0})


class Absence(View):
    absence_id = an_id()
    practitioner_id = fields.String(allow_none=True, metadata={"format": "uuid"})
    site_id = fields.String(allow_none=True, metadata={"format": "uuid", "description": "the site that is closed"})
    from_at = an_instant()
    until_at = an_instant()
    reason = fields.String(
        allow_none=True,
        metadata={"example": "sick", "description": "null where it concerns a site that is not yours"},
    )
    marked_at = an_instant()
    within_miles = fields.Integer(metadata={"example": 25})
    undone_at = an_instant()
    tally = fields.Nested(Tally, metadata={"description": "of the visits at your sites"})
    version = fields.Integer()


class RescheduleList(Page):
    site_id = fields.UUID()
    absence_id = fields.UUID()
    state = fields.String(validate=validate.OneOf(_STATES))
    sort = sorted_by("start_at")


class AcceptProposal(Body):
    number = Number(1, 100, metadata={"description": "which proposal; 1, the best, where it is left out"})


class DeclineProposals(Body):
    then = fields.String(
        validate=validate.OneOf(["proposals", "call"]),
        metadata={"description": "what comes next: other proposals, or a call; neither where it is left out"},
    )


class PickTime(Body):
    start_at = Instant(required=True)
    site_id = fields.UUID(metadata={"description": "another site of yours; left out: the visit's own"})
    practitioner_id = fields.UUID()


class CancelListed(Body):
    reason = Text(500, required=True)


class Proposal(View):
    """`number` is its rank among all; those at sites that are not yours are left out."""

    number = fields.Integer(metadata={"example": 1})
    start_at = an_instant()
    end_at = an_instant()
    practitioner_id = an_id()
    site_id = an_id()
    zone = fields.String()


class Reschedule(View):
    """A visit on a reschedule list, as it was booked when it was put there, and what is proposed instead."""

    reschedule_id = an_id()
    absence_id = an_id()
    appointment_id = an_id()
    site_id = an_id()
    practitioner_id = an_id()
    appointment_type_id = an_id()
    patient_id = an_id()
    start_at = an_instant()
    end_at = an_instant()
    zone = fields.String()
    state = fields.String(metadata={"example": "offered"})
    proposals = fields.List(fields.Nested(Proposal))
    expires_at = an_instant()
    listed_at = an_instant()
    version = fields.Integer()


class ListedReschedule(Reschedule):
    patient = fields.Nested(PatientName, allow_none=True)
