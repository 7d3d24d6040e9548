"""Templates with their versions, and how the network words its texts."""

from collections.abc import Collection
from uuid import UUID

from services.notifications.domain.errors import TemplateExists
from services.notifications.domain.segments import Length
from services.notifications.domain.sites import SiteCopy
from services.notifications.domain.templates import InForce, Template, TextingPolicy, Wording
from shared.database.errors import translated
from shared.database.repository import Repository
from shared.errors import NotFound, require_version

_OF_A_VERSION = ("body", "saved_at", "saved_by")


class TemplateRepository(Repository):
    """A template of one site is seen by whoever has it; another's is NotFound."""

    def add(self, template: Template, length: Length) -> None:
        """Raises TemplateExists."""
        with translated(text_templates_place_key=TemplateExists):
            self.run("add-template", **_row(template))
        self._keep_version(template, length)

    def save(self, template: Template, length: Length) -> None:
        """With the words that were saved last, beside all earlier ones."""
        self.change(template)
        self._keep_version(template, length)

    def change(self, template: Template) -> None:
        self.run("change-template", **_row(template))

    def take(self, template_id: UUID, version: int | None) -> Template:
        """The locked template. Raises NotFound (also for another's site), Stale for another version."""
        row = self.one("lock-template", template_id=template_id)
        if row is None:
            raise NotFound
        template = Template(**row)
        if template.site_id is not None:
            self._uow.asker.require_site(template.site_id)
        require_version(version, template.version)
        return template

    def wording(self, site_ids: Collection[UUID], occasions: Collection[str]) -> Wording:
        """What is in force at these sites on these occasions."""
        rows = self.all("templates-in-force", site_ids=list(site_ids), occasions=list(occasions))
        return Wording([InForce(**row) for row in rows], self.policy())

    def policy(self) -> TextingPolicy:
        """What was set, or what holds where nothing was."""
        row = self.one("texting-policy")
        return TextingPolicy(**row) if row else TextingPolicy()

    def keep_policy(self, policy: TextingPolicy) -> None:
        self.run("keep-texting-policy", **vars(policy))

    def sample_site(self, site_id: UUID | None) -> SiteCopy | None:
        """The site for which a template is tried: the named one, or the one with the longest name."""
        row = self.one("sample-site", site_id=site_id)
        return SiteCopy(**row) if row else None

    def network_name(self) -> str:
        row = self.one("network-name")
        return str(row["name"]) if row else ""

    def _keep_version(self, template: Template, length: Length) -> None:
        told = {name: getattr(template, name) for name in ("template_id", *_OF_A_VERSION)}
        told |= {"encoding": length.encoding, "segments": length.segments}
        self.run("keep-template-version", **told, number=template.saved)


def _row(template: Template) -> dict[str, object]:
    return {name: value for name, value in vars(template).items() if name not in _OF_A_VERSION}
