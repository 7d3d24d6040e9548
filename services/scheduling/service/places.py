"""The network's map: networks, sites, practitioners, appointment types."""

from services.scheduling import operations, queries, schemas
from services.scheduling.service.scopes import MAP
from shared.calls.entrypoints import command, query
from shared.clock import BusinessClock
from shared.schemas import page_of


class PlaceEntrypoints:
    """Sites, practitioners and appointment types."""

    clock: BusinessClock

    @command(schemas.OpenNetworkSchema, schemas.OpenNetworkSchema, scope="operator")
    def open_network(self, command, uow):
        return operations.open_network(command, uow, self.clock)

    @command(schemas.AddSiteSchema, schemas.SiteAnswer, scope=MAP)
    def add_site(self, command, uow):
        return operations.add_site(command, uow, self.clock)

    @command(schemas.ChangeSiteSchema, schemas.SiteAnswer, scope=MAP)
    def change_site(self, command, uow):
        return operations.change_site(command, uow, self.clock)

    @command(schemas.AddPractitionerSchema, schemas.PractitionerAnswer, scope=MAP)
    def add_practitioner(self, command, uow):
        return operations.add_practitioner(command, uow, self.clock)

    @command(schemas.ChangePractitionerSchema, schemas.PractitionerAnswer, scope=MAP)
    def change_practitioner(self, command, uow):
        return operations.change_practitioner(command, uow, self.clock)

    @command(schemas.AddAppointmentTypeSchema, schemas.AppointmentTypeAnswer, scope=MAP)
    def add_appointment_type(self, command, uow):
        return operations.add_appointment_type(command, uow, self.clock)

    @command(schemas.ChangeAppointmentTypeSchema, schemas.AppointmentTypeAnswer, scope=MAP)
    def change_appointment_type(self, command, uow):
        return operations.change_appointment_type(command, uow, self.clock)

    @query(schemas.SitesQuestion, page_of(schemas.SiteAnswer), scope="sites:read")
    def sites(self, question, uow):
        return queries.sites(question, uow)

    @query(schemas.SiteQuestion, schemas.SiteAnswer, scope="sites:read")
    def site(self, question, uow):
        return uow.places.site(question["site_id"])

    @query(schemas.PractitionersQuestion, page_of(schemas.PractitionerAnswer), scope="sites:read")
    def practitioners(self, question, uow):
        return queries.practitioners(question, uow)

    @query(schemas.AppointmentTypesQuestion, page_of(schemas.AppointmentTypeAnswer), scope="sites:read")
    def appointment_types(self, question, uow):
        return queries.appointment_types(question, uow)
