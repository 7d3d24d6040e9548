"""What the services hold of each visit, asked through the API after the import."""

from collections.abc import Iterable
from dataclasses import dataclass

from cli.imports.synthea.directory import Json, ReadingApi
from cli.imports.synthea.visits import Trail
from cli.imports.synthea.waiting import Patience

_ON_THEIR_WAY = frozenset({"due", "claimed"})


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """A visit as each service shows it; empty where it was never booked."""

    trail: Trail
    appointment: Json
    encounter: Json
    claims: list[Json]
    charges: list[Json]
    texts: list[Json]

    @property
    def is_billed(self) -> bool:
        """Finished, with a claim (held or not) or a patient's charge."""
        return self.encounter.get("status") == "finished" and bool(self.claims or self.charges)

    @property
    def cents(self) -> int:
        """What billing asks for it, from whomever."""
        return sum(each["total_cents"] for each in self.claims) or sum(each["amount_cents"] for each in self.charges)

    @property
    def is_settled(self) -> bool:
        """Whether nothing more is on its way."""
        return self.appointment.get("status") == "fulfilled" and not any(
            text["status"] in _ON_THEIR_WAY for text in self.texts
        )


def outcomes_of(trails: Iterable[Trail], api: ReadingApi, patience: Patience) -> list[Outcome]:
    """Each visit as it stands once it is settled, or when the deadline has passed."""
    return [_settled(trail, api, patience) for trail in trails]


def _settled(trail: Trail, api: ReadingApi, patience: Patience) -> Outcome:
    found = _look(trail, api)

    def settled() -> bool:
        nonlocal found
        found = _look(trail, api)
        return found.is_settled

    if not trail.stopped and not found.is_settled:
        patience.until(settled)
    return found


def _look(trail: Trail, api: ReadingApi) -> Outcome:
    encounter = trail.encounter_id
    return Outcome(
        trail=trail,
        appointment=api.get(f"/v1/appointments/{trail.appointment_id}") if trail.appointment_id else {},
        encounter=api.get(f"/v1/encounters/{encounter}") if encounter else {},
        claims=api.all("/v1/claims", encounter_id=encounter) if encounter else [],
        charges=api.all("/v1/charges", encounter_id=encounter) if encounter else [],
        texts=api.all("/v1/texts", appointment_id=trail.appointment_id) if trail.appointment_id else [],
    )
