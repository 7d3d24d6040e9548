"""SQL <-> domain. The service's unit of work opens its repositories."""

from pathlib import Path

from services.billing.repository.bills import BillRepository
from services.billing.repository.copies import CopyRepository
from services.billing.repository.feed import FeedRepository
from services.billing.repository.fees import FeeRepository
from services.billing.repository.tasks import TaskRepository
from shared.database.statements import Statements
from shared.database.unit_of_work import UnitOfWork


class BillingUnitOfWork(UnitOfWork):
    """One transaction of billing."""

    statements = Statements(Path(__file__).parents[1] / "queries.sql")
    fees: FeeRepository
    copies: CopyRepository
    bills: BillRepository
    tasks: TaskRepository
    feed: FeedRepository

    def open_repositories(self) -> None:
        self.fees = FeeRepository(self)
        self.copies = CopyRepository(self)
        self.bills = BillRepository(self)
        self.tasks = TaskRepository(self)
        self.feed = FeedRepository(self)
