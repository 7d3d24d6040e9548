"""On which occasions a patient is texted, and for which of the four purposes of consent each is."""

from collections.abc import Mapping

from services.notifications.domain.asks import (
    RESCHEDULE_CALL,
    RESCHEDULE_PROPOSAL,
    RESCHEDULE_WITHDRAWN,
    WAITLIST_LOST,
    WAITLIST_OFFER,
)
from services.notifications.domain.visits import BOOKED, CANCELLED, RESCHEDULED

CARE = "care"
REMINDERS = "reminders"
BILLING = "billing"
OUTREACH = "outreach"
PURPOSES = (CARE, REMINDERS, BILLING, OUTREACH)

REMINDER = "reminder"
# The words of reminders of several visits in one text; each of them is a REMINDER.
REMINDER_OF_SEVERAL = "reminder-of-several"
MISSED = "missed"

# A new occasion is a line here and its words in builtin_words.py.
OCCASIONS: Mapping[str, str] = {
    BOOKED: REMINDERS,
    RESCHEDULED: REMINDERS,
    CANCELLED: REMINDERS,
    REMINDER: REMINDERS,
    REMINDER_OF_SEVERAL: REMINDERS,
    MISSED: REMINDERS,
    RESCHEDULE_PROPOSAL: REMINDERS,
    RESCHEDULE_CALL: REMINDERS,
    RESCHEDULE_WITHDRAWN: REMINDERS,
    # An earlier time is the patient's own wish, and no news of a visit: who agreed to reminders alone is called.
    WAITLIST_OFFER: CARE,
    WAITLIST_LOST: CARE,
}

# What says that a visit is to be; the others say that it is off, or something else.
OF_A_BOOKED = (BOOKED, RESCHEDULED, REMINDER)
# These are sent although the visit cannot take place at its time.
TELLS_THAT_IT_IS_OFF = (CANCELLED, MISSED)
