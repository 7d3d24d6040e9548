"""An OpenID provider of a network, and why a token of one does not hold."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.errors import Forbidden, Unauthenticated
from shared.ids import derived_id

# A login of this form is nobody's who has a password here: those have no colon.
_PLAIN_SUBJECT = re.compile(r"^[a-z0-9._@|+-]{1,70}\Z")


class TokenRefused(Unauthenticated):
    """An outside token that does not hold. The answer is the constant 401; `why` is for the log and the operator."""

    def __init__(self, why: str) -> None:
        super().__init__()
        self.why = why


class NotMapped(Forbidden):
    """The token holds, and nothing in its claims gives a role or a site here."""

    slug = "not-mapped"


class KeysUnreadable(Exception):
    """A provider's keys could not be read; `why` is one of a few words."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, kw_only=True)
class Provider:
    """Whose tokens are accepted, and what they mean. `keys_uri` None: by discovery (OpenID Connect Discovery 1.0).

    `role_claim` and `site_claim` name claims, or paths through objects (`realm_access.roles`). `sites` of None means
    every site of the network.
    """

    network_id: UUID
    provider_id: UUID
    name: str
    issuer: str
    audience: str
    keys_uri: str | None
    algorithms: frozenset[str]
    token_types: frozenset[str]
    role_claim: str
    site_claim: str
    roles: Mapping[str, str] = field(default_factory=dict)
    sites: Mapping[str, frozenset[UUID] | None] = field(default_factory=dict)
    disabled_at: datetime | None = None

    def account_of(self, subject: str) -> UUID:
        """The account of a subject: the same however often and wherever it comes in."""
        return derived_id(self.provider_id, f"subject/{subject}")

    def login_of(self, subject: str) -> str:
        """What the console calls that account: by its subject where that can be typed, else by its id."""
        if _PLAIN_SUBJECT.match(subject):
            return f"{self.name}:{subject}"
        return f"{self.name}/{self.account_of(subject)}"


@dataclass(frozen=True)
class Vouched:
    """A token that holds. `ends_at` is real time in seconds; `fingerprint` is of what was signed."""

    provider: Provider
    subject: str
    claims: Mapping[str, Any]
    ends_at: float
    fingerprint: bytes

    @property
    def account_id(self) -> UUID:
        return self.provider.account_of(self.subject)
