"""What whoever takes events in must not do."""

from planting import plant


@plant("inbox-in-another-transaction", "shared.messaging.door")
def _inbox_first(module):
    """The inbox rows are committed, then the effect is."""

    def transaction(self, facts, settle):
        with self.units.for_events() as uow:
            new = module.take_in(uow.connection, self.consumer, facts)
            uow.commit()
        module.failpoint("handler.after-inbox")
        with self.units.for_events() as uow:
            for group in module.by_network(new):
                uow.enter_network(group[0].networkid, group[0].correlationid)
                self._effect(group, uow)
            if settle is not None:
                settle(uow.connection)
            module.failpoint("handler.before-commit")
            uow.commit()

    module.Door._transaction = transaction


@plant("stock-error-handling", "shared.messaging.intake")
def _acknowledged_whatever_happens(module):
    """As nameko does by itself: what a handler raises is logged, and the message is gone."""

    def acknowledge(self, delivery, parked, deliveries):
        self._done(delivery, deliveries, "handled")

    module.Intake._park = acknowledge
