"""Whether a number wants texts at all: network-wide, and stronger than any consent."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from shared.events.notifications import PatientOptedOut


@dataclass(frozen=True, kw_only=True)
class OptOut:
    """What a number said last. `evidence` names the reply (its message id) that it was said in."""

    opt_out_id: UUID
    number: str
    opted_out: bool
    version: int
    changed_at: datetime
    evidence: str

    def say(self, *, opted_out: bool, evidence: str, now: datetime) -> "OptOut":
        """With STOP or START said again."""
        return replace(self, opted_out=opted_out, evidence=evidence, version=self.version + 1, changed_at=now)

    def event(self) -> PatientOptedOut:
        """The fact that this is."""
        return PatientOptedOut(
            opt_out_id=self.opt_out_id,
            version=self.version,
            number=self.number,
            opted_out=self.opted_out,
            changed_at=self.changed_at,
        )
