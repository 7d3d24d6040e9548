"""When practitioners work, and which times can be offered."""

from services.scheduling import operations, queries, schemas
from services.scheduling.service.scopes import MAP, READ
from shared.calls.entrypoints import command, query
from shared.clock import BusinessClock
from shared.schemas import page_of


class HourEntrypoints:
    """Working hours, what deviates from them, what that strands; free times."""

    clock: BusinessClock

    @command(schemas.SetWorkingHoursSchema, schemas.ChangedHoursAnswer, scope=MAP)
    def set_working_hours(self, command, uow):
        return operations.set_working_hours(command, uow, self.clock)

    @command(schemas.SetStaysSchema, schemas.ChangedHoursAnswer, scope=MAP)
    def set_stays(self, command, uow):
        return operations.set_stays(command, uow, self.clock)

    @command(schemas.AddWorkingExceptionSchema, schemas.ChangedExceptionAnswer, scope=MAP)
    def add_working_exception(self, command, uow):
        return operations.add_working_exception(command, uow, self.clock)

    @command(schemas.RemoveExceptionSchema, schemas.ChangedExceptionAnswer, scope=MAP)
    def remove_working_exception(self, command, uow):
        return operations.remove_working_exception(command, uow, self.clock)

    @query(schemas.WorkingHoursQuestion, schemas.WorkingHoursAnswer, scope="sites:read")
    def working_hours(self, question, uow):
        return operations.read_working_hours(
            question["practitioner_id"], question["site_id"], question["on"], uow, self.clock
        )

    @query(schemas.WorkingExceptionsQuestion, page_of(schemas.ExceptionAnswer), scope="sites:read")
    def working_exceptions(self, question, uow):
        return queries.working_exceptions(question, self.clock.now(), uow)

    @query(schemas.StrandedQuestion, page_of(schemas.StrandedAnswer), scope=READ)
    def stranded_appointments(self, question, uow):
        return queries.page_of_stranded(operations.find_stranded(question["site_id"], uow, self.clock), question)

    @query(schemas.FreeTimesQuestion, page_of(schemas.TimeAnswer), scope=READ)
    def free_times(self, question, uow):
        return queries.page_of_times(operations.find_free_times(question, uow, self.clock), question.limit)
