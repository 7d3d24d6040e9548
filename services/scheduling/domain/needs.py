"""What a visit needs beside its practitioner, and who or what serves it."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from services.scheduling.domain.errors import PractitionerDoesNotFit
from services.scheduling.domain.resources import Need

Of = tuple[str, str | None]  # what somebody or something is: its kind and type


def practitioners_kind(needs: Sequence[Need]) -> str | None:
    """Of which kind the practitioner must be whom a search looks for: the first that is needed; None: any."""
    return next((need.type for need in needs if need.kind == "practitioner"), None)


def needs_beside(needs: Sequence[Need], practitioner_kind: str | None) -> list[Need]:
    """What is needed beside a practitioner of that kind. Raises PractitionerDoesNotFit where none such is needed."""
    own = [need for need in needs if need.kind == "practitioner"]
    if not own:
        return list(needs)
    mine = next((need for need in own if need.type in (None, practitioner_kind)), None)
    if mine is None:
        raise PractitionerDoesNotFit({"kinds": sorted({need.type for need in own if need.type})})
    left = list(needs)
    left.remove(mine)
    return left


def fits(what: Of, need: Need) -> bool:
    """Whether it serves the need."""
    return what[0] == need.kind and need.type in (None, what[1])


def assigned(needs: Sequence[Need], free: Mapping[UUID, Of], wished: Collection[UUID] = ()) -> tuple[UUID, ...] | None:
    """A free one for each need, in the order of the needs and each for one alone; None where there are not enough.

    Those that are wished for come first, then by id, so that everybody chooses alike.
    """
    if not needs:
        return ()
    fitting = [one for one, what in free.items() if fits(what, needs[0])]
    for one in sorted(fitting, key=lambda it: (it not in wished, it)):
        rest = assigned(needs[1:], {other: what for other, what in free.items() if other != one}, wished)
        if rest is not None:
            return (one, *rest)
    return None
