"""Sick days and closures, and the visits that they touch."""

from services.scheduling import operations, schemas
from services.scheduling.adapters.zip_codes import UsZipCodes
from services.scheduling.queries import absences as queries
from services.scheduling.service.scopes import READ, WRITE
from shared.calls.entrypoints import command, query
from shared.clock import BusinessClock
from shared.schemas import page_of


class AbsenceEntrypoints:
    """From the call at 07:40 to the last visit that has another time."""

    clock: BusinessClock
    zips = UsZipCodes()

    @command(schemas.MarkAbsentSchema, schemas.AbsenceAnswer, scope=WRITE)
    def mark_absent(self, command, uow):
        return operations.mark_absent(command, uow, self.clock, self.zips)

    @command(schemas.CloseSiteSchema, schemas.AbsenceAnswer, scope=WRITE)
    def close_site(self, command, uow):
        return operations.close_site(command, uow, self.clock, self.zips)

    @command(schemas.UndoAbsenceSchema, schemas.AbsenceAnswer, scope=WRITE)
    def undo_absence(self, command, uow):
        return operations.undo_absence(command, uow, self.clock, self.zips)

    @command(schemas.AcceptProposalSchema, schemas.RescheduleAnswer, scope=WRITE)
    def accept_proposal(self, command, uow):
        return operations.accept_proposal(command, uow, self.clock, self.zips)

    @command(schemas.DeclineProposalsSchema, schemas.RescheduleAnswer, scope=WRITE)
    def decline_proposals(self, command, uow):
        return operations.decline_proposals(command, uow, self.clock, self.zips)

    @command(schemas.PickTimeSchema, schemas.RescheduleAnswer, scope=WRITE)
    def pick_time(self, command, uow):
        return operations.pick_time(command, uow, self.clock)

    @command(schemas.CancelListedSchema, schemas.RescheduleAnswer, scope=WRITE)
    def cancel_listed(self, command, uow):
        return operations.cancel_listed(command, uow, self.clock)

    @command(schemas.MarkToCallSchema, schemas.RescheduleAnswer, scope=WRITE)
    def mark_to_call(self, command, uow):
        return operations.mark_to_call(command, uow, self.clock)

    @query(schemas.AbsencesQuestion, page_of(schemas.AbsenceAnswer), scope=READ)
    def absences(self, question, uow):
        return queries.absences(question, uow, self.clock.now())

    @query(schemas.AbsenceQuestion, schemas.AbsenceAnswer, scope=READ)
    def absence(self, question, uow):
        return uow.absences.tallied(uow.absences.get(question["absence_id"]))

    @query(schemas.ReschedulesQuestion, page_of(schemas.ListedReschedule), scope=READ)
    def reschedules(self, question, uow):
        return queries.reschedules(question, uow)
