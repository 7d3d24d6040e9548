"""Encounters: what happened at a visit, and its codes."""

from marshmallow import fields, validate

from gateway.schemas.base import IF_MATCH, BatchItem, Body, Number, Text, View, an_id, an_instant
from gateway.schemas.pages import Page, sorted_by


class Code(Body):
    system = Text(200, required=True, metadata={"description": "the code system's URI"})
    code = Text(40, required=True)


class Procedure(Code):
    units = Number(1, 9999, load_default=1)
    diagnosis_pointers = fields.List(
        Number(1, 12), load_default=list, validate=validate.Length(0, 12), metadata={"description": "from 1"}
    )
    amount_cents = Number(
        0,
        10**10,
        metadata={
            "description": "what the whole line costs, where it is stated (needs `fees:write`); else by the fees"
        },
    )


class FinishEncounter(Body):
    diagnoses = fields.List(fields.Nested(Code), required=True, validate=validate.Length(0, 50))
    procedures = fields.List(fields.Nested(Procedure), required=True, validate=validate.Length(0, 50))


class FinishItem(BatchItem, FinishEncounter):
    encounter_id = fields.UUID(required=True)
    version = Number(1, metadata=IF_MATCH)


class EncounterSearch(Page):
    site_id = fields.UUID(required=True)
    status = fields.String(validate=validate.OneOf(["in-progress", "finished", "entered-in-error"]))
    sort = sorted_by("started_at")


class CodeView(View):
    system = fields.String()
    code = fields.String()


class ProcedureView(CodeView):
    units = fields.Integer()
    diagnosis_pointers = fields.List(fields.Integer())
    amount_cents = fields.Integer(allow_none=True)


class Encounter(View):
    encounter_id = an_id()
    version = fields.Integer()
    appointment_id = an_id()
    arrival_id = an_id()
    patient_id = an_id()
    site_id = an_id()
    practitioner_id = an_id()
    status = fields.String()
    started_at = an_instant()
    finished_at = an_instant()
    diagnoses = fields.List(fields.Nested(CodeView))
    procedures = fields.List(fields.Nested(ProcedureView))
