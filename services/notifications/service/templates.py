"""What a network says in its texts."""

from services.notifications import operations, queries, schemas
from shared.calls.entrypoints import command, query
from shared.clock import BusinessClock


class TemplateEntrypoints:
    """Templates with their versions, and how texts are worded."""

    clock: BusinessClock

    @query(schemas.AddTextTemplateSchema, schemas.PreviewAnswer, scope="texts:templates")
    def text_template_preview(self, question, uow):
        return operations.preview_text_template(question, uow)

    @command(schemas.AddTextTemplateSchema, schemas.TextTemplateAnswer, scope="texts:templates")
    def add_text_template(self, command, uow):
        return operations.add_text_template(command, uow, self.clock)

    @command(schemas.SaveTextTemplateSchema, schemas.TextTemplateAnswer, scope="texts:templates")
    def save_text_template(self, command, uow):
        return operations.save_text_template(command, uow, self.clock)

    @command(schemas.ActivateTextTemplateSchema, schemas.TextTemplateAnswer, scope="texts:templates")
    def activate_text_template(self, command, uow):
        return operations.activate_text_template(command, uow, self.clock)

    @command(schemas.WithdrawTextTemplateSchema, schemas.TextTemplateAnswer, scope="texts:templates")
    def withdraw_text_template(self, command, uow):
        return operations.withdraw_text_template(command, uow, self.clock)

    @query(schemas.TextTemplateQuestion, schemas.TextTemplateAnswer, scope="texts:templates")
    def text_template(self, question, uow):
        return queries.text_template(question, uow)

    @query(schemas.TextTemplatesQuestion, schemas.TextTemplatesAnswer, scope="texts:templates")
    def text_templates(self, question, uow):
        return queries.text_templates(question, uow)

    @query(schemas.TextTemplateVersionsQuestion, schemas.TextTemplateVersionsAnswer, scope="texts:templates")
    def text_template_versions(self, question, uow):
        return queries.text_template_versions(question, uow)

    @command(schemas.SetTextingPolicySchema, schemas.TextingPolicyAnswer, scope="texts:templates")
    def set_texting_policy(self, command, uow):
        return operations.set_texting_policy(command, uow, self.clock)

    @query(schemas.TextingPolicyQuestion, schemas.TextingPolicyAnswer, scope="texts:templates")
    def texting_policy(self, question, uow):
        return operations.read_texting_policy(uow)
