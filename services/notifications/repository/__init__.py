"""SQL <-> domain. The service's unit of work opens one repository an aggregate."""

from pathlib import Path

from services.notifications.repository.asks import AskRepository
from services.notifications.repository.conversations import ConversationRepository
from services.notifications.repository.copies import CopyRepository
from services.notifications.repository.free_texts import FreeTextRepository
from services.notifications.repository.limits import LimitRepository
from services.notifications.repository.network import NetworkRepository
from services.notifications.repository.numbers import NumberRepository
from services.notifications.repository.opt_outs import OptOutRepository
from services.notifications.repository.quick_replies import QuickReplyRepository
from services.notifications.repository.reminders import ReminderRepository
from services.notifications.repository.replies import ReplyRepository
from services.notifications.repository.responses import ResponseRepository
from services.notifications.repository.runs import RunRepository
from services.notifications.repository.tasks import TaskRepository
from services.notifications.repository.templates import TemplateRepository
from services.notifications.repository.texts import TextRepository
from shared.database.statements import Statements
from shared.database.unit_of_work import UnitOfWork


class NotificationsUnitOfWork(UnitOfWork):
    """One transaction of notifications."""

    statements = Statements(Path(__file__).parent.with_name("queries"))

    def open_repositories(self) -> None:
        self.copies = CopyRepository(self)
        self.texts = TextRepository(self)
        self.asks = AskRepository(self)
        self.opt_outs = OptOutRepository(self)
        self.replies = ReplyRepository(self)
        self.responses = ResponseRepository(self)
        self.runs = RunRepository(self)
        self.tasks = TaskRepository(self)
        self.reminders = ReminderRepository(self)
        self.limits = LimitRepository(self)
        self.network = NetworkRepository(self)
        self.numbers = NumberRepository(self)
        self.templates = TemplateRepository(self)
        self.conversations = ConversationRepository(self)
        self.free_texts = FreeTextRepository(self)
        self.quick_replies = QuickReplyRepository(self)
