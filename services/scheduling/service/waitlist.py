"""The waitlist: who waits, what was offered, and how."""

from services.scheduling import operations, queries, schemas
from services.scheduling.service.scopes import MAP, READ, WRITE
from shared.calls.entrypoints import command, query
from shared.clock import BusinessClock
from shared.schemas import page_of


class WaitlistEntrypoints:
    """From waiting to the answer to an offer."""

    clock: BusinessClock

    @command(schemas.AddWaitlistEntrySchema, schemas.WaitlistEntryAnswer, scope=WRITE)
    def add_waitlist_entry(self, command, uow):
        return operations.add_waitlist_entry(command, uow, self.clock)

    @command(schemas.ChangeWaitlistEntrySchema, schemas.WaitlistEntryAnswer, scope=WRITE)
    def change_waitlist_entry(self, command, uow):
        return operations.change_waitlist_entry(command, uow, self.clock)

    @command(schemas.OneWaitlistEntrySchema, schemas.WaitlistEntryAnswer, scope=WRITE)
    def withdraw_waitlist_entry(self, command, uow):
        return operations.withdraw_waitlist_entry(command, uow, self.clock)

    @command(schemas.OneWaitlistOfferSchema, schemas.WaitlistOfferAnswer, scope=WRITE)
    def accept_waitlist_offer(self, command, uow):
        return operations.accept_waitlist_offer(command, uow, self.clock)

    @command(schemas.OneWaitlistOfferSchema, schemas.WaitlistOfferAnswer, scope=WRITE)
    def decline_waitlist_offer(self, command, uow):
        return operations.decline_waitlist_offer(command, uow, self.clock)

    @command(schemas.SetWaitlistPolicySchema, schemas.WaitlistPolicyAnswer, scope=MAP)
    def set_waitlist_policy(self, command, uow):
        return operations.set_waitlist_policy(command, uow, self.clock)

    @query(schemas.WaitlistEntryQuestion, schemas.WaitlistEntryAnswer, scope=READ)
    def waitlist_entry(self, question, uow):
        return queries.waitlist_entry(question["entry_id"], uow)

    @query(schemas.WaitlistQuestion, page_of(schemas.WaitlistEntryAnswer), scope=READ)
    def waitlist(self, question, uow):
        return queries.waitlist(question, uow)

    @query(schemas.WaitlistOffersQuestion, page_of(schemas.WaitlistOfferAnswer), scope=READ)
    def waitlist_offers(self, question, uow):
        return queries.waitlist_offers(question, uow)

    @query(schemas.WaitlistPolicyQuestion, schemas.WaitlistPolicyAnswer, scope="sites:read")
    def waitlist_policy(self, question, uow):
        return operations.read_waitlist_policy(question["appointment_type_id"], uow)
