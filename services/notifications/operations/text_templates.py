"""What a network says in its texts: tried, saved, put in force, withdrawn."""

from collections.abc import Callable
from uuid import UUID

from services.notifications.domain.commands import (
    ActivateTextTemplate,
    AddTextTemplate,
    SaveTextTemplate,
    WithdrawTextTemplate,
)
from services.notifications.domain.previews import Preview, preview
from services.notifications.domain.sites import SiteCopy
from services.notifications.domain.templates import Template
from services.notifications.domain.wording import Words
from services.notifications.operations.ports import Unit
from shared.clock import Clock
from shared.errors import NotFound
from shared.ids import new_id


def preview_text_template(command: AddTextTemplate, uow: Unit) -> Preview:
    """What it would say, with sample data, and how long. Raises NotFound (site), ImpossibleTemplate."""
    return _tried(command.body, command.occasion, command.language, command.site_id, uow)


def add_text_template(command: AddTextTemplate, uow: Unit, clock: Clock) -> Template:
    """Nothing is sent in its words yet. Raises NotFound (site), ImpossibleTemplate, TemplateExists."""
    with uow:
        tried = _tried(command.body, command.occasion, command.language, command.site_id, uow)
        now, by = clock.now(), uow.asker.principal
        template = Template(template_id=new_id(), saved_at=now, saved_by=by, created_at=now, **vars(command))
        uow.templates.add(template, tried.longest.length)
        return _done(template, uow)


def save_text_template(command: SaveTextTemplate, uow: Unit, clock: Clock) -> Template:
    """The next version; what is in force stays so. Raises NotFound, Stale, ImpossibleTemplate."""
    with uow:
        known = uow.templates.take(command.template_id, command.version)
        tried = _tried(command.body, known.occasion, known.language, known.site_id, uow)
        template = known.save(command.body, uow.asker.principal, clock.now())
        uow.templates.save(template, tried.longest.length)
        return _done(template, uow)


def activate_text_template(command: ActivateTextTemplate, uow: Unit, clock: Clock) -> Template:
    """From now on texts are sent in these words. Raises NotFound, Stale, NoSuchVersion."""
    return _changed(command.template_id, command.version, lambda known: known.activate(command.template_version), uow)


def withdraw_text_template(command: WithdrawTextTemplate, uow: Unit, clock: Clock) -> Template:
    """From now on what it stood in front of is sent again. Raises NotFound, Stale, NothingInForce."""
    return _changed(command.template_id, command.version, Template.withdraw, uow)


def _tried(body: str, occasion: str, language: str, site_id: UUID | None, uow: Unit) -> Preview:
    if site_id is not None:
        uow.asker.require_site(site_id)
    site, network_name = uow.templates.sample_site(site_id), uow.templates.network_name()
    if site is None and site_id is not None:
        raise NotFound
    sample = site or SiteCopy(name=network_name, zone="UTC")
    return preview(Words(body=body, language=language), sample, network_name, uow.templates.policy(), occasion)


def _changed(template_id: UUID, version: int | None, change: Callable[[Template], Template], uow: Unit) -> Template:
    with uow:
        template = change(uow.templates.take(template_id, version))
        uow.templates.change(template)
        return _done(template, uow)


def _done(template: Template, uow: Unit) -> Template:
    uow.audit(uow.action, "text_template", template.template_id, site_id=template.site_id)
    return uow.commit(template)
