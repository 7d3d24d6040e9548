"""Series: visits that are agreed together."""

from services.scheduling import operations, schemas
from services.scheduling.service.scopes import READ, WRITE
from shared.calls.entrypoints import command, query
from shared.clock import BusinessClock


class SeriesEntrypoints:
    """Checked, booked, changed, cancelled."""

    clock: BusinessClock

    @query(schemas.CheckSeriesSchema, schemas.CheckedSeriesAnswer, scope=WRITE)
    def check_series(self, question, uow):
        return operations.check_series(question, uow, self.clock)

    @command(schemas.BookSeriesSchema, schemas.ChangedSeriesAnswer, scope=WRITE)
    def book_series(self, command, uow):
        return operations.book_series(command, uow, self.clock)

    @query(schemas.SeriesQuestion, schemas.SeriesAnswer, scope=READ)
    def series(self, question, uow):
        return operations.read_series(question["series_id"], uow)

    @query(schemas.CheckSeriesChangeQuestion, schemas.CheckedSeriesAnswer, scope=WRITE)
    def check_series_change(self, question, uow):
        return {"dates": operations.check_series_change(question, uow, self.clock)}

    @command(schemas.ChangeSeriesSchema, schemas.ChangedSeriesAnswer, scope=WRITE)
    def change_series(self, command, uow):
        return operations.change_series(command, uow, self.clock)

    @command(schemas.CancelSeriesSchema, schemas.ChangedSeriesAnswer, scope=WRITE)
    def cancel_series(self, command, uow):
        return operations.cancel_series(command, uow, self.clock)
