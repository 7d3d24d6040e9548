"""What scheduling can be asked and told."""

from services.scheduling import operations, queries, schemas
from services.scheduling.repository import SchedulingUnitOfWork
from shared.calls.entrypoints import command, query
from shared.calls.units import Units
from shared.clock import BusinessClock
from shared.events.notifications import TextCondition
from shared.events.records import EncounterCondition, PatientCondition
from shared.messaging.handlers import event_handler
from shared.schemas import page_of

MAP = "network:manage"
READ = "appointments:read"
WRITE = "appointments:write"


class SchedulingService:
    """Sites, practitioners and hours; appointments and the time that they take."""

    name = "scheduling"
    units = Units(SchedulingUnitOfWork)
    clock = BusinessClock()

    @event_handler(PatientCondition)
    def on_patient(self, facts, uow):
        operations.follow_patients(facts, uow, self.clock)

    @event_handler(EncounterCondition)
    def on_encounter(self, facts, uow):
        operations.follow_encounters(facts, uow, self.clock)

    @event_handler(TextCondition)
    def on_text(self, facts, uow):
        operations.follow_texts(facts, uow, self.clock)

    @command(schemas.OpenNetworkSchema, schemas.OpenNetworkSchema, scope="operator")
    def open_network(self, command, uow):
        return operations.open_network(command, uow, self.clock)

    @command(schemas.AddSiteSchema, schemas.SiteAnswer, scope=MAP)
    def add_site(self, command, uow):
        return operations.add_site(command, uow, self.clock)

    @command(schemas.ChangeSiteSchema, schemas.SiteAnswer, scope=MAP)
    def change_site(self, command, uow):
        return operations.change_site(command, uow, self.clock)

    @command(schemas.AddPractitionerSchema, schemas.PractitionerAnswer, scope=MAP)
    def add_practitioner(self, command, uow):
        return operations.add_practitioner(command, uow, self.clock)

    @command(schemas.ChangePractitionerSchema, schemas.PractitionerAnswer, scope=MAP)
    def change_practitioner(self, command, uow):
        return operations.change_practitioner(command, uow, self.clock)

    @command(schemas.AddAppointmentTypeSchema, schemas.AppointmentTypeAnswer, scope=MAP)
    def add_appointment_type(self, command, uow):
        return operations.add_appointment_type(command, uow, self.clock)

    @command(schemas.ChangeAppointmentTypeSchema, schemas.AppointmentTypeAnswer, scope=MAP)
    def change_appointment_type(self, command, uow):
        return operations.change_appointment_type(command, uow, self.clock)

    @command(schemas.SetWorkingHoursSchema, schemas.WorkingHoursAnswer, scope=MAP)
    def set_working_hours(self, command, uow):
        return operations.set_working_hours(command, uow, self.clock)

    @command(schemas.PrepareBookingSchema, schemas.PreparedAnswer, scope=WRITE, keys_of="book_appointment")
    def prepare_booking(self, command, uow):
        return operations.prepare_booking(command, uow)

    @command(schemas.BookAppointmentSchema, schemas.AppointmentAnswer, scope=WRITE, ahead=operations.take_practitioners)
    def book_appointment(self, command, uow):
        return operations.book_appointment(command, uow, self.clock)

    @command(schemas.MoveAppointmentSchema, schemas.AppointmentAnswer, scope=WRITE)
    def move_appointment(self, command, uow):
        return operations.move_appointment(command, uow, self.clock)

    @command(schemas.CancelAppointmentSchema, schemas.AppointmentAnswer, scope=WRITE)
    def cancel_appointment(self, command, uow):
        return operations.cancel_appointment(command, uow, self.clock)

    @command(schemas.OneAppointmentSchema, schemas.AppointmentAnswer, scope=WRITE)
    def reinstate_appointment(self, command, uow):
        return operations.reinstate_appointment(command, uow, self.clock)

    @command(schemas.OneAppointmentSchema, schemas.AppointmentAnswer, scope=WRITE, ahead=operations.take_appointments)
    def check_in(self, command, uow):
        return operations.check_in(command, uow, self.clock)

    @command(schemas.OneAppointmentSchema, schemas.AppointmentAnswer, scope=WRITE)
    def undo_check_in(self, command, uow):
        return operations.undo_check_in(command, uow, self.clock)

    @query(schemas.SitesQuestion, page_of(schemas.SiteAnswer), scope="sites:read")
    def sites(self, question, uow):
        return queries.sites(question, uow)

    @query(schemas.SiteQuestion, schemas.SiteAnswer, scope="sites:read")
    def site(self, question, uow):
        return uow.places.site(question["site_id"])

    @query(schemas.PractitionersQuestion, page_of(schemas.PractitionerAnswer), scope="sites:read")
    def practitioners(self, question, uow):
        return queries.practitioners(question, uow)

    @query(schemas.AppointmentTypesQuestion, page_of(schemas.AppointmentTypeAnswer), scope="sites:read")
    def appointment_types(self, question, uow):
        return queries.appointment_types(question, uow)

    @query(schemas.WorkingHoursQuestion, schemas.WorkingHoursAnswer, scope="sites:read")
    def working_hours(self, question, uow):
        return operations.read_working_hours(question["practitioner_id"], question["site_id"], uow)

    @query(schemas.FreeTimesQuestion, page_of(schemas.TimeAnswer), scope=READ)
    def free_times(self, question, uow):
        return queries.page_of_times(operations.find_free_times(question, uow, self.clock), question.limit)

    @query(schemas.AppointmentQuestion, schemas.AppointmentAnswer, scope=READ)
    def appointment(self, question, uow):
        return uow.appointments.read(question["appointment_id"])

    @query(schemas.AppointmentsQuestion, page_of(schemas.AppointmentAnswer), scope=READ)
    def appointments(self, question, uow):
        return queries.appointments(question, uow)

    @query(schemas.ComingQuestion, page_of(schemas.AppointmentAnswer), scope=READ)
    def coming_appointments(self, question, uow):
        return queries.coming_appointments(question["patient_ids"], question["limit"], self.clock.now(), uow)

    @query(schemas.EncounterQuestion, schemas.PendingAnswer, scope=READ)
    def arrived_encounter(self, question, uow):
        return queries.arrived_encounter(question["encounter_id"], uow)

    @query(schemas.DayQuestion, schemas.DayAnswer, scope=READ)
    def day(self, question, uow):
        return operations.read_day(question["site_id"], question["on"], uow, self.clock)

    @query(schemas.DayChangesQuestion, schemas.DayChangesAnswer, scope=READ)
    def day_changes(self, question, uow):
        return operations.read_day_changes(question["site_id"], question["on"], question["after"], uow, self.clock)
