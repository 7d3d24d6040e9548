"""What billing can be told to do; the schemas load into these."""

from dataclasses import dataclass
from uuid import UUID

from services.billing.domain.fees import Fee


@dataclass(frozen=True, kw_only=True)
class OpenNetwork:
    """A network is a customer; opening it again changes nothing."""

    network_id: UUID
    name: str


@dataclass(frozen=True, kw_only=True)
class SetFees:
    """The fees of these codes; other codes keep theirs. What was charged before stays as it was charged."""

    fees: tuple[Fee, ...]
