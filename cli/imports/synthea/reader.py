"""From the source's files to the plan of an import. Pure but for reading the files."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from cli.imports.synthea import fhir
from cli.imports.synthea.account import ENCOUNTER_LEFT_OUT, Account, Key
from cli.imports.synthea.claims import ServicesOf
from cli.imports.synthea.encounters import AMBULATORY, Candidate, class_of, read_candidates, read_people, site_of
from cli.imports.synthea.hours import end_of, needed_hours
from cli.imports.synthea.lines import NoMoney
from cli.imports.synthea.plan import ImportPlan, Visit, Window
from cli.imports.synthea.roles import Role, read_roles
from cli.imports.synthea.sources import Resource, read_source
from cli.imports.synthea.window import densest, moved, weeks_before, whole

_OF_AN_ENCOUNTER = ("Condition", "Procedure", "Immunization")


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What of a source is wanted, and where it goes in the book.

    The days of `window`, or the densest `weeks` weeks, or (both None) all. `shifted`: by whole weeks, so that all of it
    ends before today, or by `weeks_later` where that is fixed; else every visit stays where it was. `zone` is for sites
    whose address does not decide it; `classes` are FHIR's codes of encounters that are visits.
    """

    window: Window | None = None
    weeks: int | None = None
    shifted: bool = False
    weeks_later: int | None = None
    zone: str | None = None
    classes: Collection[str] = AMBULATORY


def read_plan(source: Path, today: date, choice: Choice | None = None) -> ImportPlan:
    """The plan. Raises SourceUnreadable."""
    return _Reading(Account(read_source(source)), choice or Choice()).plan(today)


class _Reading:
    """One source being read."""

    def __init__(self, account: Account, choice: Choice) -> None:
        self._account, self._choice = account, choice
        self._people = read_people(account, choice.zone)
        self._services_of = ServicesOf(account)
        self._hanging: dict[Key, list[str]] = defaultdict(list)

    def plan(self, today: date) -> ImportPlan:
        account, people = self._account, self._people
        candidates = read_candidates(account, people, self._choice.classes)
        window = self._window(candidates)
        chosen = self._inside(candidates, window)
        later = self._weeks_later(chosen, today)
        visits = self._settle(list(self._visits(chosen, later)))
        roles = read_roles(account, people)
        self._judge_what_hangs_on_encounters()
        account.close()
        sites = people.places.sites
        return ImportPlan(
            window=window,
            weeks_later=later,
            ambulatory=sum(self._is_wanted_in(window, each) for each in account.all("Encounter")),
            sites=tuple(sites.values()),
            practitioners=tuple(people.practitioners.values()),
            patients=tuple(people.patients.values()),
            visits=visits,
            hours=needed_hours(visits, sites, (role.hours for role in roles)),
            roles=tuple(map(_key_of, roles)),
            minutes=tuple(sorted({visit.minutes for visit in visits})),
            records=account.records(),
            planned=account.planned(),
            hanging={record: tuple(encounters) for record, encounters in self._hanging.items()},
            left_out=account.left_out(),
        )

    def _window(self, candidates: Sequence[Candidate]) -> Window:
        if self._choice.window:
            return self._choice.window
        return densest(candidates, self._choice.weeks) if self._choice.weeks else whole(candidates)

    def _weeks_later(self, chosen: Sequence[Candidate], today: date) -> int:
        if self._choice.weeks_later is not None:
            return self._choice.weeks_later
        return weeks_before(chosen, today) if self._choice.shifted else 0

    def _is_wanted_in(self, window: Window, encounter: Resource) -> bool:
        if class_of(encounter) not in self._choice.classes:
            return False
        start_at = fhir.instant(encounter.get("period", {}).get("start"))
        site = self._people.places.sites.get(site_of(self._account, encounter, self._people.places) or "")
        day = start_at.astimezone(ZoneInfo(site.zone if site else "UTC")).date() if start_at else window.first
        return window.first <= day <= window.last

    def _inside(self, candidates: Sequence[Candidate], window: Window) -> list[Candidate]:
        for each in candidates:
            if not window.first <= each.day <= window.last:
                self._account.leave_out("Encounter", each.encounter["id"], "outside the window")
        return [each for each in candidates if window.first <= each.day <= window.last]

    def _visits(self, chosen: Sequence[Candidate], weeks: int) -> Iterator[Visit]:
        for each in chosen:
            found = each.encounter["id"]
            try:
                services = self._services_of(each.encounter)
            except NoMoney as reason:
                self._account.leave_out("Encounter", found, str(reason))
                continue
            if (start_at := moved(each.start_at, weeks, each.zone)) is None:
                self._account.leave_out("Encounter", found, "a clock change skips its time in the book")
                continue
            for record in services.records:
                self._hanging[record].append(found)
            yield Visit(
                source_id=found,
                site=each.site.source_id,
                practitioner=each.practitioner,
                patient=each.patient,
                source_start_at=each.start_at,
                start_at=start_at,
                minutes=each.minutes,
                payer=services.payer.name if services.payer else None,
                member_id=services.payer.member_id if services.payer else None,
                diagnoses=services.diagnoses,
                lines=services.lines,
            )

    def _settle(self, visits: Sequence[Visit]) -> tuple[Visit, ...]:
        """Those that a practitioner can have had: nobody is at two sites at once. The earlier one stays."""
        running: dict[str, list[Visit]] = defaultdict(list)
        kept: list[Visit] = []
        for visit in sorted(visits, key=_in_order):
            others = [other for other in running[visit.practitioner] if end_of(other) > visit.start_at]
            if any(other.site != visit.site for other in others):
                self._account.leave_out(
                    "Encounter", visit.source_id, "its practitioner is at another site at that time"
                )
                continue
            running[visit.practitioner] = [*others, visit]
            kept.append(visit)
            self._account.plan("Encounter", visit.source_id)
        return tuple(kept)

    def _judge_what_hangs_on_encounters(self) -> None:
        account = self._account
        for kind in _OF_AN_ENCOUNTER:
            for record in account.all(kind):
                encounter = account.references.find("Encounter", record.get("encounter"))
                self._judge(kind, record["id"], [encounter] if encounter else [], "names no encounter")
        for claim in account.all("Claim"):
            encounter = self._services_of.claimed_encounter(claim)
            self._judge("Claim", claim["id"], [encounter] if encounter else [], "names no encounter")
        for row in account.all("ClaimTransaction"):
            self._judge("ClaimTransaction", row["id"], self._hanging.get(("ClaimTransaction", row["id"]), []), "")
        for coverage in account.all("Coverage"):
            named = self._hanging.get(("Coverage", coverage["id"]), [])
            self._judge("Coverage", coverage["id"], named, "no visit that is imported is billed to it")

    def _judge(self, kind: str, source_id: str, encounters: Sequence[str], otherwise: str) -> None:
        """Imported with the first visit that is; a verdict that was given before holds."""
        planned = [each for each in encounters if self._account.is_planned("Encounter", each)]
        if planned:
            self._account.plan(kind, source_id)
            self._hanging[kind, source_id] = planned
        else:
            otherwise = ENCOUNTER_LEFT_OUT if encounters else otherwise or "its claim is left out"
            self._account.leave_out(kind, source_id, otherwise)
        if not self._account.is_planned(kind, source_id):
            self._hanging.pop((kind, source_id), None)


def _in_order(visit: Visit) -> tuple[object, ...]:
    return visit.start_at, visit.source_id


def _key_of(role: Role) -> tuple[str, str, str]:
    return role.source_id, role.hours.practitioner, role.hours.site
