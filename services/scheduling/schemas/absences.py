"""Absences and their reschedule lists on the wire."""

from marshmallow import Schema, fields, validate

from services.scheduling.domain import commands
from services.scheduling.domain.reschedules import STATES
from services.scheduling.schemas.days import PatientName
from services.scheduling.schemas.shapes import a_name, an_id
from shared.schemas import PHI, CommandSchema, PageQuestion, instant, sorted_by, version

LONGEST_REASON = 500
FARTHEST_MILES = 500


def near_miles() -> fields.Integer:
    """How far from its own site a visit may be proposed another."""
    return fields.Integer(strict=True, load_default=None, allow_none=True, validate=validate.Range(0, FARTHEST_MILES))


class MarkAbsentSchema(CommandSchema):
    """`mark_absent`."""

    makes = commands.MarkAbsent
    practitioner_id = an_id()
    from_at = instant(required=True)
    until_at = instant(required=True)
    reason = a_name(LONGEST_REASON, required=True, metadata=PHI)
    within_miles = near_miles()


class CloseSiteSchema(CommandSchema):
    """`close_site`."""

    makes = commands.CloseSite
    site_id = an_id()
    from_at = instant(required=True)
    until_at = instant(required=True)
    reason = a_name(LONGEST_REASON, required=True, metadata=PHI)
    within_miles = near_miles()


class UndoAbsenceSchema(CommandSchema):
    """`undo_absence`."""

    makes = commands.UndoAbsence
    absence_id = an_id()
    version = version()


class TallyAnswer(Schema):
    """A list's visits by state, at the asker's sites."""

    touched = fields.Integer()
    offered = fields.Integer()
    moved = fields.Integer()
    declined = fields.Integer()
    to_call = fields.Integer()
    cancelled = fields.Integer()
    withdrawn = fields.Integer()


class AbsenceAnswer(Schema):
    """An absence and its tally. `reason` is null where it concerns a site that the asker does not see."""

    absence_id = fields.UUID()
    practitioner_id = fields.UUID(allow_none=True)
    site_id = fields.UUID(allow_none=True)
    from_at = instant()
    until_at = instant()
    reason = fields.String(allow_none=True, metadata=PHI)
    marked_at = instant()
    within_miles = fields.Integer()
    undone_at = instant(allow_none=True)
    tally = fields.Nested(TallyAnswer)
    version = fields.Integer()


class AbsencesQuestion(PageQuestion):
    """`absences`: of a site or a practitioner, and those that are not over, where that is said."""

    site_id = fields.UUID(load_default=None)
    practitioner_id = fields.UUID(load_default=None)
    standing = fields.Boolean(load_default=None, allow_none=True)
    sort = sorted_by("from_at")


class AbsenceQuestion(Schema):
    """`absence`."""

    absence_id = an_id()


class OneRescheduleSchema(CommandSchema):
    """What names a visit on a list."""

    reschedule_id = an_id()
    version = version()


class AcceptProposalSchema(OneRescheduleSchema):
    """`accept_proposal`."""

    makes = commands.AcceptProposal
    number = fields.Integer(strict=True, load_default=1, validate=validate.Range(1, 100))


class DeclineProposalsSchema(OneRescheduleSchema):
    """`decline_proposals`."""

    makes = commands.DeclineProposals
    then = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(["proposals", "call"]))


class PickTimeSchema(OneRescheduleSchema):
    """`pick_time`."""

    makes = commands.PickTime
    start_at = instant(required=True)
    site_id = fields.UUID(load_default=None)
    practitioner_id = fields.UUID(load_default=None)


class CancelListedSchema(OneRescheduleSchema):
    """`cancel_listed`."""

    makes = commands.CancelListed
    reason = a_name(LONGEST_REASON, required=True, metadata=PHI)


class MarkToCallSchema(OneRescheduleSchema):
    """`mark_to_call`."""

    makes = commands.MarkToCall


class ProposalAnswer(Schema):
    """A time that is proposed; `number` is its rank, by which it is accepted."""

    number = fields.Integer()
    start_at = instant()
    end_at = instant()
    practitioner_id = fields.UUID()
    site_id = fields.UUID()
    zone = fields.String()


class RescheduleAnswer(Schema):
    """A visit on a list, as it was booked when it was put there, and what is proposed instead."""

    reschedule_id = fields.UUID()
    absence_id = fields.UUID()
    appointment_id = fields.UUID()
    site_id = fields.UUID()
    practitioner_id = fields.UUID()
    appointment_type_id = fields.UUID()
    patient_id = fields.UUID()
    start_at = instant()
    end_at = instant()
    zone = fields.String()
    state = fields.String()
    proposals = fields.List(fields.Nested(ProposalAnswer), attribute="numbered")
    expires_at = instant(allow_none=True)
    listed_at = instant()
    version = fields.Integer()


class ListedReschedule(RescheduleAnswer):
    """The same in a list, with the patient's name."""

    patient = fields.Nested(PatientName, allow_none=True)


class ReschedulesQuestion(PageQuestion):
    """`reschedules`: of a site, of an absence, in one state, where that is said."""

    site_id = fields.UUID(load_default=None)
    absence_id = fields.UUID(load_default=None)
    state = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(STATES))
    sort = sorted_by("start_at")
