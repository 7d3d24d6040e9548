"""Who is asking: the one description of a caller that travels with every call and stands in every audit entry."""

from dataclasses import dataclass
from typing import Literal, get_args
from uuid import UUID

from shared.errors import Forbidden, NotFound

ActorKind = Literal["user", "client", "service", "operator"]
ACTOR_KINDS: frozenset[str] = frozenset(get_args(ActorKind))


@dataclass(frozen=True, kw_only=True)
class Asker:
    """A signed-in person, a program, a service at work for itself, or an operator at the console.

    `actor_id` is an account's id (or a service's or operator's name) and never a person's name.
    `sites` of None means every site of the network. `purpose` is what the access is for (HL7
    PurposeOfUse: TREAT, HPAYMT, HOPERAT, ETREAT), as the audit has to say. The correlation id and the
    W3C `traceparent` are passed on into events, so that one request can be followed through every service.
    `patients_seen`: records has said that the asker may see whom this call names; a service that is told so
    need not find it out by what it knows itself.
    """

    actor_id: str
    actor_kind: ActorKind
    network_id: UUID
    sites: frozenset[UUID] | None
    scopes: frozenset[str]
    purpose: str = "HOPERAT"
    correlation_id: str = ""
    causation_id: str | None = None
    traceparent: str | None = None
    patients_seen: bool = False

    @property
    def principal(self) -> str:
        """Whose idempotency keys these are: a key of one principal says nothing to another."""
        return f"{self.actor_kind}:{self.actor_id}"

    @property
    def ordered_sites(self) -> list[UUID] | None:
        """`sites` as statements take them; None still means every site."""
        return None if self.sites is None else sorted(self.sites)

    def may_see(self, site_id: UUID) -> bool:
        """Whether this site is one of the asker's."""
        return self.sites is None or site_id in self.sites

    def require_site(self, site_id: UUID) -> None:
        """Raises NotFound for another's site: it looks as if there were none."""
        if not self.may_see(site_id):
            raise NotFound

    def require_patients_seen(self) -> None:
        """Raises NotFound for somebody of some sites, unless records has said that he may see whom the call names."""
        if self.sites is not None and not self.patients_seen:
            raise NotFound

    def require(self, scope: str) -> None:
        """Raises Forbidden where the asker's role lacks the scope."""
        if scope not in self.scopes:
            raise Forbidden
