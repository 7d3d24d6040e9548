"""Every record of the source, and what became of it: planned, or left out for one reason."""

from collections import Counter
from collections.abc import Iterable, Iterator

from cli.imports.synthea.bundles import Resource
from cli.imports.synthea.plan import LeftOut

KINDS = frozenset(
    {"Organization", "Practitioner", "Patient", "Encounter", "Condition", "Procedure", "Immunization", "Claim"}
)
REPEATED = "the same record again"
NAMELESS = "has no id"
ENCOUNTER_LEFT_OUT = "its encounter is left out"
NO_PLACE = "Frontdesk has no place for this kind of record"


class Account:
    """The source by kind and id, with a verdict for each record. A record gets one verdict; the first one holds."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        self._records: dict[tuple[str, str], Resource] = {}
        self._verdicts: dict[tuple[str, str], str | None] = {}
        self._unnamed: list[LeftOut] = []
        for resource in resources:
            self._take(resource)

    def _take(self, resource: Resource) -> None:
        key = (str(resource.get("resourceType")), str(resource.get("id")))
        if not resource.get("id"):
            self._unnamed.append(LeftOut(kind=key[0], source_id="", reason=NAMELESS))
        elif key in self._records:
            self._unnamed.append(LeftOut(kind=key[0], source_id=key[1], reason=REPEATED))
        else:
            self._records[key] = resource

    def all(self, kind: str) -> Iterator[Resource]:
        """The records of that kind, each once."""
        return (resource for (found, _), resource in self._records.items() if found == kind)

    def find(self, kind: str, source_id: str | None) -> Resource | None:
        """One record."""
        return self._records.get((kind, source_id or ""))

    def plan(self, kind: str, source_id: str) -> None:
        """This record is imported."""
        self._verdicts.setdefault((kind, source_id), None)

    def leave_out(self, kind: str, source_id: str, reason: str) -> None:
        """This record is not imported."""
        self._verdicts.setdefault((kind, source_id), reason)

    def is_planned(self, kind: str, source_id: str) -> bool:
        """Whether it was planned."""
        return self._verdicts.get((kind, source_id), "") is None

    def close(self) -> None:
        """Leaves out the kinds that Frontdesk has no place for. A record of another kind must have its verdict."""
        for kind, source_id in self._records:
            if kind not in KINDS:
                self.leave_out(kind, source_id, NO_PLACE)

    def records(self) -> dict[str, int]:
        """How many records of each kind the source holds, repetitions counted."""
        again = [each.kind for each in self._unnamed]
        return dict(sorted(Counter([kind for kind, _ in self._records] + again).items()))

    def planned(self) -> dict[str, int]:
        """How many of each kind are imported."""
        return dict(Counter(kind for (kind, _), reason in self._verdicts.items() if reason is None))

    def left_out(self) -> tuple[LeftOut, ...]:
        """Every record that is not imported."""
        judged = ((key, reason) for key, reason in self._verdicts.items() if reason is not None)
        return (
            *(LeftOut(kind=kind, source_id=found, reason=reason) for (kind, found), reason in judged),
            *self._unnamed,
        )
