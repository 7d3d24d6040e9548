"""Encounters: what happened at a visit, and its codes."""

from marshmallow import fields, validate

from gateway.schemas.base import Body, Number, Text, View, an_id, an_instant


class Code(Body):
    system = Text(200, required=True, metadata={"description": "the code system's URI"})
    code = Text(40, required=True)


class Procedure(Code):
    units = Number(1, 9999, load_default=1)
    diagnosis_pointers = fields.List(
        Number(1, 12), load_default=list, validate=validate.Length(0, 12), metadata={"description": "from 1"}
    )


class FinishEncounter(Body):
    diagnoses = fields.List(fields.Nested(Code), required=True, validate=validate.Length(0, 50))
    procedures = fields.List(fields.Nested(Procedure), required=True, validate=validate.Length(0, 50))


class CodeView(View):
    system = fields.String()
    code = fields.String()


class ProcedureView(CodeView):
    units = fields.Integer()
    diagnosis_pointers = fields.List(fields.Integer())


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
