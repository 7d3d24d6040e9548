"""What the services hold of each visit, asked site by site through the API after the import."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from cli.imports.synthea.directory import Json, ReadingApi
from cli.imports.synthea.trails import Trail
from cli.imports.synthea.waiting import Patience

_ON_THEIR_WAY = frozenset({"due", "claimed"})
_LONGEST_PAGE = 200


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """A visit as each service shows it; empty where it was never booked."""

    trail: Trail
    encounter: Json
    claims: list[Json]
    charges: list[Json]
    texts: list[Json]

    @property
    def is_settled(self) -> bool:
        """Finished, with a claim (held or not) or a patient's charge where the source has what to bill."""
        visit = self.trail.visit
        billed = bool(self.claims) if visit.is_claimed else bool(self.charges) or not visit.is_charged
        return self.encounter.get("status") == "finished" and billed

    @property
    def is_at_rest(self) -> bool:
        """Whether nothing more is on its way."""
        on_their_way = any(text["status"] in _ON_THEIR_WAY for text in self.texts)
        return bool(self.trail.stopped) or (self.is_settled and not on_their_way)

    @property
    def cents(self) -> int:
        """What billing asks for it, from whomever."""
        return sum(each["total_cents"] for each in self.claims) or sum(each["amount_cents"] for each in self.charges)

    @property
    def lines(self) -> list[tuple[str, str, int, int]]:
        """System, code, units and cents of each line that is asked for, in their order."""
        claimed = [line for claim in self.claims for line in claim["lines"]]
        lines = claimed or self.charges
        ordered = sorted(lines, key=lambda each: each["line"])
        return [(each["system"], each["code"], each["units"], each["amount_cents"]) for each in ordered]


@dataclass
class _Shown:
    """What a site's lists show, by the visit that it belongs to."""

    encounters: dict[str, Json] = field(default_factory=dict)
    claims: dict[str, list[Json]] = field(default_factory=dict)
    charges: dict[str, list[Json]] = field(default_factory=dict)
    texts: dict[str, list[Json]] = field(default_factory=dict)


def outcomes_of(trails: Sequence[Trail], sites: dict[str, str], api: ReadingApi, patience: Patience) -> list[Outcome]:
    """Each visit as it stands once all are settled, or when nothing has moved for the patience's time."""
    found: dict[str, Outcome] = {}
    by_site: dict[str, list[Trail]] = {}
    for trail in trails:
        by_site.setdefault(sites.get(trail.visit.site, ""), []).append(trail)
    last, moved_at = -1, time.monotonic()
    while by_site:
        for site_id, there in list(by_site.items()):
            outcomes = _look(there, site_id, api)
            found |= {each.trail.visit.source_id: each for each in outcomes}
            if all(each.is_at_rest for each in outcomes):
                del by_site[site_id]
        settled = sum(each.is_at_rest for each in found.values())
        if settled != last:
            last, moved_at = settled, time.monotonic()
        if time.monotonic() - moved_at > patience.deadline_s:
            break
        time.sleep(patience.interval_s if by_site else 0)
    return [found[trail.visit.source_id] for trail in trails]


def _look(trails: Iterable[Trail], site_id: str, api: ReadingApi) -> list[Outcome]:
    shown = _shown(site_id, api) if site_id else _Shown()
    return [
        Outcome(
            trail=trail,
            encounter=shown.encounters.get(trail.encounter_id, {}),
            claims=shown.claims.get(trail.encounter_id, []),
            charges=shown.charges.get(trail.encounter_id, []),
            texts=shown.texts.get(trail.appointment_id, []),
        )
        for trail in trails
    ]


def _shown(site_id: str, api: ReadingApi) -> _Shown:
    def listed(path: str) -> list[Json]:
        return api.all(path, site_id=site_id, limit=_LONGEST_PAGE)

    return _Shown(
        encounters={each["encounter_id"]: each for each in listed("/v1/encounters")},
        claims=_by(listed("/v1/claims"), lambda each: each["encounter_id"]),
        charges=_by(listed("/v1/charges"), lambda each: each["encounter_id"]),
        texts=_by(listed("/v1/texts"), lambda each: each["appointment_id"]),
    )


def _by(items: Iterable[Json], key: Callable[[Json], str]) -> dict[str, list[Json]]:
    found: dict[str, list[Json]] = {}
    for item in items:
        found.setdefault(key(item), []).append(item)
    return found
