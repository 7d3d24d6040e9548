"""What whoever sends texts must not do; and claims that are given up early, so that a run need not wait a minute."""

from datetime import timedelta

from planting import plant


@plant("short-claims", "services.notifications.operations.hand_over")
def _given_up_after_three_seconds(module):
    module.CLAIM_LASTS = timedelta(seconds=3)
    module._MAY_BE_SENT_FOR = timedelta(seconds=2)


@plant("text-before-its-claim", "services.notifications.operations.send_texts")
def _sent_inside_the_claim(module):
    """The carrier is asked in the claim's own transaction, and its answer kept for afterwards."""
    ask, answers = module.HandOver._ask, {}

    def claim(self, network_id, choose, claimed_at):
        with self._units.for_network(network_id) as uow:
            claim = module.claim_texts(choose(uow), uow, self._clock, claimed_at, self._carrier.gateway.name)
            if claim.outgoing:
                told = zip(claim.outgoing, ask(self._carrier, claim.outgoing), strict=True)
                answers.update((one.attempt_id, answer) for one, answer in told)
            return uow.commit(claim)

    def kept(self, outgoing):
        known = [answers.pop(one.attempt_id, None) for one in outgoing]
        return known if all(known) else ask(self, outgoing)  # what is said back to a reply was claimed before

    module.SendRun._claim = claim
    module.HandOver._ask = kept


@plant("opt-out-when-queued-only", "services.notifications.operations.decide_texts")
def _not_asked_again(module):
    """The claim takes what is queued for allowed."""
    reachable = module.why_not_reachable
    module.why_not_reachable = lambda number, purpose, *, opted_out: reachable(number, purpose, opted_out=False)


@plant("opt-out-when-queued-only", "services.notifications.operations.opt_out")
def _what_is_queued_stays(module):
    module._skip_queued = lambda number, uow, clock: None
