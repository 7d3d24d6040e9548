"""Billing: what it can be told, asked, and hears."""

from services.billing import operations, queries, schemas
from services.billing.repository import BillingUnitOfWork
from shared.calls.entrypoints import command, query
from shared.calls.units import Units
from shared.clock import BusinessClock
from shared.events.billing import ClaimCondition
from shared.events.records import EncounterCondition, PatientCondition
from shared.messaging.handlers import event_handler


class BillingService:
    """Fees, charges, claims and their feed."""

    name = "billing"
    units = Units(BillingUnitOfWork)
    clock = BusinessClock()

    @event_handler(PatientCondition)
    def on_patient(self, facts, uow):
        operations.follow_patients(facts, uow, self.clock)

    @event_handler(EncounterCondition)
    def on_encounter(self, facts, uow):
        operations.follow_encounters(facts, uow, self.clock)

    @event_handler(ClaimCondition)
    def on_claim(self, facts, uow):
        operations.follow_claims(facts, uow, self.clock)

    @command(schemas.OpenNetworkSchema, schemas.OpenNetworkSchema, scope="operator")
    def open_network(self, command, uow):
        return operations.open_network(command, uow, self.clock)

    @command(schemas.SetFeesSchema, schemas.SetFeesAnswer, scope="fees:write")
    def set_fees(self, command, uow):
        return operations.set_fees(command, uow, self.clock)

    @query(schemas.FeesQuestion, schemas.FeesAnswer, scope="fees:read")
    def fees(self, question, uow):
        return queries.fees(question, uow)

    @query(schemas.ChargesQuestion, schemas.ChargesAnswer, scope="claims:read")
    def charges(self, question, uow):
        return queries.charges(question, uow)

    @query(schemas.ClaimsQuestion, schemas.ClaimsAnswer, scope="claims:read")
    def claims(self, question, uow):
        return queries.claims(question, uow)

    @query(schemas.ClaimQuestion, schemas.ClaimAnswer, scope="claims:read")
    def claim(self, question, uow):
        return queries.claim(question, uow)

    @query(schemas.ClaimFeedQuestion, schemas.ClaimFeedAnswer, scope="claims:read")
    def claim_feed(self, question, uow):
        return queries.claim_feed(question, uow)

    @query(schemas.TasksQuestion, schemas.TasksAnswer, scope="tasks:read")
    def tasks(self, question, uow):
        return queries.tasks(question, uow)
