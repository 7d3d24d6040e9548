"""Templates as they stand, and all that was ever saved of each."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.notifications.domain.occasions import OCCASIONS
from services.notifications.queries.paging import page
from services.notifications.repository import NotificationsUnitOfWork
from shared.cursors import Listed
from shared.database.session import Row
from shared.errors import NotFound


def text_template(question: Mapping[str, Any], uow: NotificationsUnitOfWork) -> Row:
    """One template with the words that were saved last. Raises NotFound."""
    return _with_purpose(_template(question["template_id"], uow))


def text_templates(question: Mapping[str, Any], uow: NotificationsUnitOfWork) -> Row:
    """Those of the asker's sites and those for all sites. Raises NotFound for another's site."""
    if site_id := question["site_id"]:
        uow.asker.require_site(site_id)
    narrowed = {name: question[name] for name in ("site_id", "occasion", "language")}
    found = page(question, uow, "templates", "created_at", "template_id", site_ids=uow.asker.ordered_sites, **narrowed)
    return {**found, "items": [_with_purpose(row) for row in found["items"]]}


def text_template_versions(question: Mapping[str, Any], uow: NotificationsUnitOfWork) -> Row:
    """All that was ever saved of a template. Raises NotFound."""
    template_id = _template(question["template_id"], uow)["template_id"]
    listed = Listed(question, number="template_version")
    rows = uow.sql.all("template-versions", network_id=uow.network_id, template_id=template_id, **listed.params)
    return listed.page(rows)


def _template(template_id: UUID, uow: NotificationsUnitOfWork) -> Row:
    row = uow.sql.one("template", network_id=uow.network_id, template_id=template_id)
    if row is None:
        raise NotFound
    if row["site_id"] is not None:
        uow.asker.require_site(row["site_id"])
    return row


def _with_purpose(row: Row) -> Row:
    return {**row, "purpose": OCCASIONS[row["occasion"]]}
