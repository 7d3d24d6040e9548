"""What a network says in its texts: templates, tried before they are saved, and how texts are worded."""

from typing import Any

from gateway.endpoint import Call, route
from gateway.schemas import text_templates as schemas

TEMPLATE = schemas.TextTemplate()
POLICY = schemas.TextingPolicy()
_PATH = ("path.template_id",)
_EXAMPLE = {
    "occasion": "booked",
    "language": "en",
    "body": "{{ site_name }}: your visit is on {{ date }} at {{ time }}. Reply STOP to opt out.",
}


@route(
    "POST",
    "/v1/text-templates/preview",
    scope="texts:templates",
    body=schemas.AddTextTemplate(),
    answer=schemas.Preview(),
    objects=("body.site_id",),
    example=_EXAMPLE,
    problems=("impossible-template",),
)
def preview_text_template(call: Call) -> Any:
    """What a template would say, with sample data, and how many segments it takes. Saves nothing."""
    return call.ask("notifications", "text_template_preview", **call.body)


@route(
    "POST",
    "/v1/text-templates",
    scope="texts:templates",
    body=schemas.AddTextTemplate(),
    answer=TEMPLATE,
    status=201,
    objects=("body.site_id",),
    example=_EXAMPLE,
    problems=("impossible-template", "template-exists"),
)
def add_text_template(call: Call) -> Any:
    """Saves the first version of a template, for one site or for all. It is sent when it is activated."""
    return call.tell("notifications", "add_text_template", **call.body)


@route(
    "GET",
    "/v1/text-templates",
    scope="texts:templates",
    query=schemas.TextTemplateSearch(),
    answer=TEMPLATE,
    listed=True,
    objects=("query.site_id",),
)
def list_text_templates(call: Call) -> Any:
    """The network's templates: those for all sites and those of yours, or those of one site."""
    return call.page_of("notifications", "text_templates", **call.query)


@route(
    "GET",
    "/v1/text-templates/{template_id}",
    scope="texts:templates",
    answer=TEMPLATE,
    objects=_PATH,
)
def get_text_template(call: Call) -> Any:
    """A template with the words that were saved last, and the number of those in force."""
    return call.ask("notifications", "text_template", **call.path)


@route(
    "PUT",
    "/v1/text-templates/{template_id}",
    scope="texts:templates",
    body=schemas.SaveTextTemplate(),
    answer=TEMPLATE,
    versioned=True,
    objects=_PATH,
    example={"body": _EXAMPLE["body"]},
    problems=("impossible-template",),
)
def save_text_template(call: Call) -> Any:
    """Saves new words beside all earlier ones; what is in force stays so until they are activated."""
    return call.tell("notifications", "save_text_template", **call.path, **call.body)


@route(
    "GET",
    "/v1/text-templates/{template_id}/versions",
    scope="texts:templates",
    query=schemas.VersionSearch(),
    answer=schemas.TextTemplateVersion(),
    listed=True,
    objects=_PATH,
)
def list_text_template_versions(call: Call) -> Any:
    """All words that were ever saved of a template. A text names the one that it was sent in."""
    return call.page_of("notifications", "text_template_versions", **call.path, **call.query)


@route(
    "POST",
    "/v1/text-templates/{template_id}/activate",
    scope="texts:templates",
    body=schemas.ActivateTextTemplate(),
    answer=TEMPLATE,
    versioned=True,
    objects=_PATH,
    example={"template_version": 1},
    problems=("no-such-template-version",),
)
def activate_text_template(call: Call) -> Any:
    """From now on texts are sent in these words: those of `template_version`, or the last ones."""
    return call.tell("notifications", "activate_text_template", **call.path, **call.body)


@route(
    "POST",
    "/v1/text-templates/{template_id}/withdraw",
    scope="texts:templates",
    answer=TEMPLATE,
    versioned=True,
    objects=_PATH,
    problems=("template-not-in-force",),
)
def withdraw_text_template(call: Call) -> Any:
    """Sends none of its words any more; what it stood in front of is sent again."""
    return call.tell("notifications", "withdraw_text_template", **call.path)


@route("GET", "/v1/texting-policy", scope="texts:templates", answer=POLICY)
def get_texting_policy(call: Call) -> Any:
    """In which language the network texts, how many segments at most, and whether first names are told."""
    return call.ask("notifications", "texting_policy")


@route(
    "PUT",
    "/v1/texting-policy",
    scope="texts:templates",
    body=schemas.SetTextingPolicy(),
    answer=POLICY,
    versioned=True,
    example={"default_language": "en", "most_segments": 2, "first_names": False},
)
def set_texting_policy(call: Call) -> Any:
    """Sets it for what is sent from now on."""
    return call.tell("notifications", "set_texting_policy", **call.body)
