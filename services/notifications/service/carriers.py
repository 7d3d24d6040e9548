"""What carriers tell, by way of the gateway: replies and receipts."""

from services.notifications import operations, queries, schemas
from services.notifications.adapters.carrier_words import told_of
from shared.calls.entrypoints import command, query
from shared.clock import BusinessClock


class CarrierEntrypoints:
    """A carrier's webhooks."""

    clock: BusinessClock

    @query(schemas.SenderQuestion, schemas.SenderAnswer, scope="texts:reply")
    def network_of_sender(self, question, uow):
        return queries.network_of_sender(question, uow)

    @command(schemas.ReceiveReplySchema, schemas.ReplyAnswer, scope="texts:reply")
    def receive_reply(self, command, uow):
        return operations.receive_reply(command, uow, self.clock)

    @command(schemas.ReceiveReceiptSchema, schemas.ReceiptAnswer, scope="texts:reply")
    def receive_receipt(self, command, uow):
        told = told_of(command.carrier_status, command.error_code)
        return operations.receive_receipt(command, told, uow, self.clock)
