"""Records: what it can be told, asked, and hears."""

from services.records import operations, queries, schemas
from services.records.repository import RecordsUnitOfWork
from shared.calls.entrypoints import command, query
from shared.calls.units import Units
from shared.clock import BusinessClock
from shared.events.scheduling import AppointmentCondition
from shared.messaging.handlers import event_handler


class RecordsService:
    """Patients and encounters."""

    name = "records"
    units = Units(RecordsUnitOfWork)
    clock = BusinessClock()

    @event_handler(AppointmentCondition)
    def on_appointment(self, facts, uow):
        operations.follow_appointments(facts, uow, self.clock)

    @command(schemas.OpenNetworkSchema, schemas.OpenNetworkSchema, scope="operator")
    def open_network(self, command, uow):
        return operations.open_network(command, uow, self.clock)

    @command(schemas.RegisterPatientSchema, schemas.PatientAnswer, scope="patients:write")
    def register_patient(self, command, uow):
        return operations.register_patient(command, uow, self.clock)

    @command(schemas.ChangePatientSchema, schemas.PatientAnswer, scope="patients:write")
    def change_patient(self, command, uow):
        return operations.change_patient(command, uow, self.clock)

    @command(schemas.RecordConsentSchema, schemas.PatientAnswer, scope="patients:write")
    def record_consent(self, command, uow):
        return operations.record_consent(command, uow, self.clock)

    @command(schemas.SetCoveragesSchema, schemas.PatientAnswer, scope="patients:write", ahead=operations.take_patients)
    def set_coverages(self, command, uow):
        return operations.set_coverages(command, uow, self.clock)

    @command(schemas.OpenPatientSchema, schemas.PatientAnswer, scope="patients:write")
    def open_patient(self, command, uow):
        return operations.open_patient(command, uow, self.clock)

    @command(
        schemas.FinishEncounterSchema,
        schemas.EncounterAnswer,
        scope="encounters:write",
        ahead=operations.take_encounters,
    )
    def finish_encounter(self, command, uow):
        return operations.finish_encounter(command, uow, self.clock)

    @query(schemas.PatientQuestion, schemas.PatientAnswer, scope="patients:read")
    def patient(self, question, uow):
        return queries.patient(question, uow)

    @query(schemas.PatientQuestion, schemas.PatientSeenAnswer, scope="patients:read")
    def patient_seen(self, question, uow):
        return queries.patient_seen(question, uow)

    @query(schemas.PatientsSeenQuestion, schemas.PatientsSeenAnswer, scope="patients:read")
    def patients_seen(self, question, uow):
        return queries.patients_seen(question, uow)

    @query(schemas.PatientsQuestion, schemas.PatientsAnswer, scope="patients:read")
    def patients(self, question, uow):
        return queries.patients(question, uow)

    @query(schemas.EncounterQuestion, schemas.EncounterAnswer, scope="encounters:read")
    def encounter(self, question, uow):
        return queries.encounter(question, uow)

    @query(schemas.EncountersQuestion, schemas.EncountersAnswer, scope="encounters:read")
    def encounters(self, question, uow):
        return queries.encounters(question, uow)
