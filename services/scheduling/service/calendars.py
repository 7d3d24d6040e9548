"""Calendars out: links, settings, and the calendar itself."""

from services.scheduling import operations, schemas
from services.scheduling.queries import calendars
from services.scheduling.service.scopes import CALENDARS, MAP
from shared.calls.entrypoints import command, query
from shared.clock import BusinessClock


class CalendarEntrypoints:
    """Whoever manages the network makes links; whoever has a link's secret reads by it."""

    clock: BusinessClock

    @command(schemas.MakeCalendarLinkSchema, schemas.CalendarLinkAnswer, scope=MAP)
    def make_calendar_link(self, command, uow):
        return operations.make_calendar_link(command, uow, self.clock)

    @command(schemas.RenewCalendarLinkSchema, schemas.CalendarLinkAnswer, scope=MAP)
    def renew_calendar_link(self, command, uow):
        return operations.renew_calendar_link(command, uow, self.clock)

    @command(schemas.RevokeCalendarLinkSchema, schemas.CalendarLinkAnswer, scope=MAP)
    def revoke_calendar_link(self, command, uow):
        return operations.revoke_calendar_link(command, uow, self.clock)

    @query(schemas.CalendarLinksQuestion, schemas.CalendarLinksAnswer, scope=MAP)
    def calendar_links(self, question, uow):
        return calendars.calendar_links(question, uow)

    @command(schemas.SetCalendarSettingsSchema, schemas.CalendarSettingsAnswer, scope=MAP)
    def set_calendar_settings(self, command, uow):
        return operations.set_calendar_settings(command, uow, self.clock)

    @query(schemas.CalendarSettingsQuestion, schemas.CalendarSettingsAnswer, scope=MAP)
    def calendar_settings(self, question, uow):
        return uow.calendars.settings()

    @query(schemas.CalendarQuestion, schemas.CalendarAnswer, scope=CALENDARS)
    def calendar(self, question, uow):
        return calendars.calendar(question["secret_hash"], self.clock.now(), uow)
