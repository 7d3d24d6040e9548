"""What is said with patients, both ways, by people."""

from services.notifications import operations, queries, schemas
from shared.calls.entrypoints import command, query
from shared.clock import BusinessClock


class ConversationEntrypoints:
    """Threads by number, and short texts that are sent often."""

    clock: BusinessClock

    @query(schemas.ConversationsQuestion, schemas.ConversationsAnswer, scope="conversations:read")
    def conversations(self, question, uow):
        return queries.conversations(question, uow)

    @query(schemas.ConversationQuestion, schemas.OneConversationAnswer, scope="conversations:read")
    def conversation(self, question, uow):
        return queries.conversation(question, uow)

    @query(schemas.SaidQuestion, schemas.SaidPageAnswer, scope="conversations:read")
    def said(self, question, uow):
        return queries.said(question, uow)

    @command(schemas.OpenConversationSchema, schemas.ConversationAnswer, scope="conversations:write")
    def open_conversation(self, command, uow):
        return operations.open_conversation(command, uow, self.clock)

    @command(schemas.MarkReadSchema, schemas.ConversationAnswer, scope="conversations:write")
    def mark_read(self, command, uow):
        return operations.mark_read(command, uow, self.clock)

    @command(schemas.TakeConversationSchema, schemas.ConversationAnswer, scope="conversations:write")
    def take_conversation(self, command, uow):
        return operations.take_conversation(command, uow, self.clock)

    @command(schemas.GiveBackConversationSchema, schemas.ConversationAnswer, scope="conversations:write")
    def give_back_conversation(self, command, uow):
        return operations.give_back_conversation(command, uow, self.clock)

    @query(schemas.WriteTextSchema, schemas.TextPreviewAnswer, scope="conversations:write")
    def text_preview(self, question, uow):
        return operations.preview_text(question, uow, self.clock)

    @command(schemas.WriteTextSchema, schemas.FreeTextAnswer, scope="conversations:write")
    def write_text(self, command, uow):
        return operations.write_text(command, uow, self.clock)

    @query(schemas.QuickRepliesQuestion, schemas.QuickRepliesAnswer, scope="conversations:read")
    def quick_replies(self, question, uow):
        return queries.quick_replies(question, uow)

    @command(schemas.AddQuickReplySchema, schemas.QuickReplyAnswer, scope="texts:templates")
    def add_quick_reply(self, command, uow):
        return operations.add_quick_reply(command, uow, self.clock)

    @command(schemas.SaveQuickReplySchema, schemas.QuickReplyAnswer, scope="texts:templates")
    def save_quick_reply(self, command, uow):
        return operations.save_quick_reply(command, uow, self.clock)

    @command(schemas.RemoveQuickReplySchema, schemas.QuickReplyAnswer, scope="texts:templates")
    def remove_quick_reply(self, command, uow):
        return operations.remove_quick_reply(command, uow, self.clock)
