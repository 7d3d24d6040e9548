"""Templates of texts on the wire."""

from typing import Any

from marshmallow import Schema, fields, validate

from services.notifications.domain import commands
from services.notifications.domain.occasions import OCCASIONS
from services.notifications.domain.templates import LONGEST_BODY, MOST_SEGMENTS
from shared.language_field import a_language
from shared.languages import LONGEST_TAG
from shared.schemas import CommandSchema, PageQuestion, instant, page_of, sorted_by, version, words


def _occasion(**options: Any) -> fields.String:
    return fields.String(validate=validate.OneOf(list(OCCASIONS)), **options)


def _template_version(**options: Any) -> fields.Integer:
    return fields.Integer(strict=True, validate=validate.Range(1), **options)


class AddTextTemplateSchema(CommandSchema):
    """`add_text_template`, and the question `text_template_preview`."""

    makes = commands.AddTextTemplate
    occasion = _occasion(required=True)
    language = a_language(required=True)
    body = words(LONGEST_BODY, required=True)
    site_id = fields.UUID(load_default=None, allow_none=True)


class SaveTextTemplateSchema(CommandSchema):
    """`save_text_template`."""

    makes = commands.SaveTextTemplate
    template_id = fields.UUID(required=True)
    body = words(LONGEST_BODY, required=True)
    version = version()


class ActivateTextTemplateSchema(CommandSchema):
    """`activate_text_template`."""

    makes = commands.ActivateTextTemplate
    template_id = fields.UUID(required=True)
    template_version = _template_version(load_default=None, allow_none=True)
    version = version()


class WithdrawTextTemplateSchema(CommandSchema):
    """`withdraw_text_template`."""

    makes = commands.WithdrawTextTemplate
    template_id = fields.UUID(required=True)
    version = version()


class TextTemplateAnswer(Schema):
    """A template with the words that were saved last."""

    template_id = fields.UUID()
    site_id = fields.UUID(allow_none=True)
    occasion = fields.String()
    purpose = fields.String()
    language = fields.String()
    body = fields.String()
    saved = fields.Integer()
    in_force = fields.Integer(allow_none=True)
    saved_at = instant()
    saved_by = fields.String()
    created_at = instant()
    version = fields.Integer()


class SampleAnswer(Schema):
    """One text that a template would make."""

    text = fields.String()
    given = fields.List(fields.String())
    encoding = fields.String(attribute="length.encoding")
    segments = fields.Integer(attribute="length.segments")
    units = fields.Integer(attribute="length.units")


class PreviewAnswer(Schema):
    """All of them, the longest first."""

    samples = fields.List(fields.Nested(SampleAnswer))
    most_segments = fields.Integer()


class TextTemplateQuestion(Schema):
    """`text_template`."""

    template_id = fields.UUID(required=True)


class TextTemplatesQuestion(PageQuestion):
    """`text_templates`: of one site, of one occasion, in one language, or all."""

    site_id = fields.UUID(load_default=None)
    occasion = _occasion(load_default=None)
    language = fields.String(load_default=None, validate=validate.Length(1, LONGEST_TAG))
    sort = sorted_by("created_at")


class TextTemplateVersionsQuestion(PageQuestion):
    """`text_template_versions`: all that was ever saved."""

    template_id = fields.UUID(required=True)
    sort = sorted_by("template_version")


class TextTemplateVersionAnswer(Schema):
    """Words that were saved once."""

    template_version = fields.Integer()
    body = fields.String()
    encoding = fields.String()
    segments = fields.Integer()
    in_force = fields.Boolean()
    saved_at = instant()
    saved_by = fields.String()


class SetTextingPolicySchema(CommandSchema):
    """`set_texting_policy`."""

    makes = commands.SetTextingPolicy
    default_language = a_language(required=True)
    most_segments = fields.Integer(required=True, strict=True, validate=validate.Range(1, MOST_SEGMENTS))
    first_names = fields.Boolean(required=True)
    version = version()


class TextingPolicyQuestion(Schema):
    """`texting_policy` of the network."""


class TextingPolicyAnswer(Schema):
    """How the network words its texts."""

    default_language = fields.String()
    most_segments = fields.Integer()
    first_names = fields.Boolean()
    version = fields.Integer()


TextTemplatesAnswer = page_of(TextTemplateAnswer)
TextTemplateVersionsAnswer = page_of(TextTemplateVersionAnswer)
