"""When a network reminds its patients, and its rules carried out for all visits to come."""

from datetime import timedelta
from uuid import UUID

from services.notifications.domain.commands import SetReminderRules
from services.notifications.domain.reminders import Place, ReminderRules
from services.notifications.operations.ports import Unit
from services.notifications.operations.remind import replace_reminders
from services.notifications.operations.sites import require_known_site
from shared.clock import Clock
from shared.errors import require_version

_AT_ONCE = 500
# An event that was being handled when the rules changed has planned its visit by the former ones; it is over by then.
_EVENTS_MAY_TAKE = timedelta(seconds=30)
_FIRST_ID = UUID(int=0)


def set_reminder_rules(command: SetReminderRules, uow: Unit, clock: Clock) -> ReminderRules:
    """For visits that change from now on; those that are known follow in batches. Raises NotFound (site), Stale.

    What the former rules made due before now and did not send yet is dropped.
    """
    with uow:
        uow.lock("reminder-rules")
        known = uow.reminders.rules()
        require_version(command.version, known.version)
        for site_id in {rule.site_id for rule in command.rules if rule.site_id}:
            require_known_site(site_id, uow)
        rules = ReminderRules(rules=tuple(command.rules), since=clock.now(), version=known.version + 1)
        uow.reminders.keep(rules)
        uow.audit("set_reminder_rules", "network", uow.network_id)
        return uow.commit(rules)


def read_reminder_rules(uow: Unit) -> ReminderRules:
    """What was set; version 0 where nothing was."""
    return uow.reminders.rules()


def plan_reminders(uow: Unit, clock: Clock) -> bool:
    """One batch of the visits for which the network's present rules are not carried out yet; whether there are more.

    Locks: rules, appointments, texts.
    """
    with uow:
        uow.reminders.begin(clock.now())
        plan = uow.reminders.take_plan()
        if plan is None or plan.rules.since is None or clock.now() < plan.rules.since + _EVENTS_MAY_TAKE:
            return uow.commit(False)  # noqa: FBT003
        after = plan.to or Place(start_at=clock.now(), appointment_id=_FIRST_ID)
        places = uow.reminders.to_plan(after, _AT_ONCE)
        visits = uow.copies.lock_visits([it.appointment_id for it in places])
        replace_reminders(visits, plan.rules, uow)
        is_done = len(places) < _AT_ONCE
        uow.reminders.keep_plan(None if is_done else places[-1])
        return uow.commit(not is_done)
