"""SQL <-> domain. The service's unit of work opens one repository an aggregate."""

from pathlib import Path

from services.notifications.repository.copies import CopyRepository
from services.notifications.repository.network import NetworkRepository
from services.notifications.repository.opt_outs import OptOutRepository
from services.notifications.repository.tasks import TaskRepository
from services.notifications.repository.texts import TextRepository
from shared.database.statements import Statements
from shared.database.unit_of_work import UnitOfWork


class NotificationsUnitOfWork(UnitOfWork):
    """One transaction of notifications."""

    statements = Statements(Path(__file__).parent.with_name("queries.sql"))

    def open_repositories(self) -> None:
        self.copies = CopyRepository(self)
        self.texts = TextRepository(self)
        self.opt_outs = OptOutRepository(self)
        self.tasks = TaskRepository(self)
        self.network = NetworkRepository(self)
