"""What every event class says of itself."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Condition:
    """The whole condition of one aggregate, as far as any consumer needs it.

    Every type of one aggregate carries the same fields, so that effects are computed
    from the condition and never from the type, and the newest `version` always wins.
    """

    type: ClassVar[str]
    source: ClassVar[str]
    aggregate: ClassVar[str]
    subject_field: ClassVar[str]

    version: int

    @property
    def subject(self) -> UUID:
        """The aggregate's id."""
        subject: UUID = getattr(self, self.subject_field)
        return subject
