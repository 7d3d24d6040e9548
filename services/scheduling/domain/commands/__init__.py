"""What scheduling can be told to do, by the words of its domain."""

from services.scheduling.domain.commands.absences import (
    AcceptProposal,
    CancelListed,
    CloseSite,
    DeclineProposals,
    MarkAbsent,
    MarkToCall,
    PickTime,
    UndoAbsence,
)
from services.scheduling.domain.commands.appointments import (
    BookAppointment,
    CancelAppointment,
    MoveAppointment,
    OneAppointment,
    PrepareBooking,
)
from services.scheduling.domain.commands.calendars import (
    MakeCalendarLink,
    RenewCalendarLink,
    RevokeCalendarLink,
    SetCalendarSettings,
)
from services.scheduling.domain.commands.clinic_day import (
    BookWalkIn,
    PrepareWalkIn,
    RunLate,
    StartAppointment,
)
from services.scheduling.domain.commands.holds import HoldTime, ReleaseHold
from services.scheduling.domain.commands.hours import (
    AddClosure,
    AddWorkingException,
    FindFreeTimes,
    RemoveException,
    SetOpeningHours,
    SetStays,
    SetWorkingHours,
)
from services.scheduling.domain.commands.life import (
    ConfirmAppointment,
    DeclineAppointment,
    EnterInError,
)
from services.scheduling.domain.commands.places import (
    AddAppointmentType,
    AddPractitioner,
    AddSite,
    ChangeAppointmentType,
    ChangePractitioner,
    ChangeSite,
    OpenNetwork,
)
from services.scheduling.domain.commands.resources import AddResource, ChangeResource
from services.scheduling.domain.commands.search import SearchFreeTimes
from services.scheduling.domain.commands.series import (
    AppointmentChoice,
    BookSeries,
    CancelSeries,
    ChangeSeries,
    CheckSeries,
    DateChoice,
)
from services.scheduling.domain.commands.waitlist import (
    AddWaitlistEntry,
    ChangeWaitlistEntry,
    OneWaitlistEntry,
    OneWaitlistOffer,
    SetWaitlistPolicy,
)

__all__ = [
    "AcceptProposal",
    "AddAppointmentType",
    "AddClosure",
    "AddPractitioner",
    "AddResource",
    "AddSite",
    "AddWaitlistEntry",
    "AddWorkingException",
    "AppointmentChoice",
    "BookAppointment",
    "BookSeries",
    "BookWalkIn",
    "CancelAppointment",
    "CancelListed",
    "CancelSeries",
    "ChangeAppointmentType",
    "ChangePractitioner",
    "ChangeResource",
    "ChangeSeries",
    "ChangeSite",
    "ChangeWaitlistEntry",
    "CheckSeries",
    "CloseSite",
    "ConfirmAppointment",
    "DateChoice",
    "DeclineAppointment",
    "DeclineProposals",
    "EnterInError",
    "FindFreeTimes",
    "HoldTime",
    "MakeCalendarLink",
    "MarkAbsent",
    "MarkToCall",
    "MoveAppointment",
    "OneAppointment",
    "OneWaitlistEntry",
    "OneWaitlistOffer",
    "OpenNetwork",
    "PickTime",
    "PrepareBooking",
    "PrepareWalkIn",
    "ReleaseHold",
    "RemoveException",
    "RenewCalendarLink",
    "RevokeCalendarLink",
    "RunLate",
    "SearchFreeTimes",
    "SetCalendarSettings",
    "SetOpeningHours",
    "SetStays",
    "SetWaitlistPolicy",
    "SetWorkingHours",
    "StartAppointment",
    "UndoAbsence",
]
