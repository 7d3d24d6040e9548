"""Every record of the source, and what became of it: planned, or left out for one reason."""

from collections import Counter
from collections.abc import Iterable, Iterator

from cli.imports.synthea.plan import LeftOut
from cli.imports.synthea.references import References
from cli.imports.synthea.shapes import Misfit, fitted
from cli.imports.synthea.sources import Found, Record, Resource, Unreadable

KINDS = frozenset(
    {
        "Organization",
        "Location",
        "Practitioner",
        "PractitionerRole",
        "Patient",
        "Coverage",
        "Encounter",
        "Condition",
        "Procedure",
        "Immunization",
        "Claim",
        "ClaimTransaction",
    }
)
# Read, since claims are told apart by it, but nothing that Frontdesk keeps.
_LOOKED_AT = frozenset({"MedicationRequest"})
UNREADABLE = "(unreadable)"
REPEATED = "the same record again"
NAMELESS = "has no id"
ENCOUNTER_LEFT_OUT = "its encounter is left out"
NO_PLACE = "Frontdesk has no place for this kind of record"

Key = tuple[str, str]


class Account:
    """The source by kind and id, with a verdict for each record. A record gets one verdict; the first one holds."""

    def __init__(self, found: Iterable[Found]) -> None:
        self.references = References()
        self._records: dict[str, dict[str, Resource]] = {}
        self._verdicts: dict[Key, str | None] = {}
        self._uncounted: list[LeftOut] = []
        for each in found:
            self._take(each)

    def _take(self, found: Found) -> None:
        if isinstance(found, Unreadable):
            self._uncounted.append(LeftOut(kind=UNREADABLE, source_id=found.place, reason=found.reason))
            return
        kind = str(found.resource["resourceType"])
        try:
            resource = fitted(found.resource)
        except Misfit as misfit:
            self._set_aside(kind, found, f"not in the shape of its kind: {misfit}")
            return
        source_id = resource.setdefault("id", _id_of(found.url))
        if not source_id:
            self._set_aside(kind, found, NAMELESS)
        elif source_id in self._records.get(kind, ()):
            self._uncounted.append(LeftOut(kind=kind, source_id=source_id, reason=REPEATED))
        else:
            self._keep(kind, resource, found.url)

    def _set_aside(self, kind: str, found: Record, reason: str) -> None:
        given = found.resource.get("id")
        named = given if isinstance(given, str) and given else found.place
        self._uncounted.append(LeftOut(kind=kind, source_id=named, reason=reason))

    def _keep(self, kind: str, resource: Resource, url: str) -> None:
        is_read = kind in KINDS or kind in _LOOKED_AT
        self._records.setdefault(kind, {})[resource["id"]] = resource if is_read else {}
        if is_read:
            self.references.add(resource, url)

    def all(self, kind: str) -> Iterator[Resource]:
        """The records of that kind, each once, by id: in whatever order they came, the plan is the same."""
        return (resource for _, resource in sorted(self._records.get(kind, {}).items()))

    def find(self, kind: str, source_id: str | None) -> Resource | None:
        """One record."""
        return self._records.get(kind, {}).get(source_id or "")

    def named(self, kind: str, reference: Resource | None) -> Resource | None:
        """The record that a reference names."""
        return self.find(kind, self.references.find(kind, reference))

    def plan(self, kind: str, source_id: str) -> None:
        """This record is imported."""
        self._verdicts.setdefault((kind, source_id), None)

    def leave_out(self, kind: str, source_id: str, reason: str) -> None:
        """This record is not imported."""
        self._verdicts.setdefault((kind, source_id), reason)

    def is_planned(self, kind: str, source_id: str) -> bool:
        """Whether it was planned."""
        return self._verdicts.get((kind, source_id), "") is None

    def reason_of(self, kind: str, source_id: str) -> str | None:
        """Why it was left out; None where it was not."""
        return self._verdicts.get((kind, source_id))

    def close(self) -> None:
        """Leaves out the kinds that Frontdesk has no place for. A record of another kind must have its verdict."""
        for kind, records in self._records.items():
            if kind not in KINDS:
                for source_id in records:
                    self.leave_out(kind, source_id, NO_PLACE)

    def records(self) -> dict[str, int]:
        """How many records of each kind the source holds, repetitions and unreadable ones counted."""
        counts = Counter({kind: len(records) for kind, records in self._records.items()})
        counts.update(each.kind for each in self._uncounted)
        return dict(sorted(counts.items()))

    def planned(self) -> dict[str, int]:
        """How many of each kind are imported."""
        return dict(Counter(kind for (kind, _), reason in self._verdicts.items() if reason is None))

    def left_out(self) -> tuple[LeftOut, ...]:
        """Every record that is not imported."""
        judged = ((key, reason) for key, reason in self._verdicts.items() if reason is not None)
        found = [LeftOut(kind=kind, source_id=name, reason=reason) for (kind, name), reason in judged]
        return tuple(sorted([*found, *self._uncounted], key=lambda each: (each.kind, each.source_id, each.reason)))


def _id_of(url: str) -> str:
    """The id in a bundle entry's address, for a resource that has none of its own."""
    return url.rpartition(":" if url.startswith("urn:") else "/")[2]
