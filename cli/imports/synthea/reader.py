"""From the source's files to the plan of an import. Pure but for reading the files."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from cli.imports.synthea import fhir
from cli.imports.synthea.account import ENCOUNTER_LEFT_OUT, Account
from cli.imports.synthea.bundles import Resource, read_resources
from cli.imports.synthea.claims import ServicesOf, claimed_encounter
from cli.imports.synthea.encounters import Candidate, People, read_candidates, read_people
from cli.imports.synthea.hours import end_of, needed_hours
from cli.imports.synthea.plan import ImportPlan, Visit, Window
from cli.imports.synthea.window import densest, moved, weeks_before

_OF_AN_ENCOUNTER = ("Condition", "Procedure", "Immunization")


def read_plan(
    source: Path, today: date, *, window: Window | None = None, weeks: int = 52, weeks_later: int | None = None
) -> ImportPlan:
    """The plan for the days of `window`, or the densest `weeks` weeks.

    Everything is moved by whole weeks so that it ends before `today`, or by `weeks_later` where an earlier import
    has fixed that. Raises SourceUnreadable.
    """
    account = Account(read_resources(source))
    people = read_people(account)
    candidates = read_candidates(account, people)
    window = window or densest(candidates, weeks)
    chosen = _inside(candidates, window, account)
    later = weeks_before(chosen, today) if weeks_later is None else weeks_later
    visits = _settle(_visits(chosen, later, account), account)
    return _plan(account, people, visits, window, later)


def _is_ambulatory_in(window: Window, encounter: Resource, people: People) -> bool:
    if encounter.get("class", {}).get("code") != "AMB":
        return False
    start_at = fhir.instant(encounter.get("period", {}).get("start"))
    site = people.sites.get(str(fhir.reference(encounter.get("serviceProvider"))))
    day = start_at.astimezone(ZoneInfo(site.zone if site else "UTC")).date() if start_at else window.first
    return window.first <= day <= window.last


def _inside(candidates: Sequence[Candidate], window: Window, account: Account) -> list[Candidate]:
    for each in candidates:
        if not window.first <= each.day <= window.last:
            account.leave_out("Encounter", each.encounter["id"], "outside the window")
    return [each for each in candidates if window.first <= each.day <= window.last]


def _visits(chosen: Sequence[Candidate], weeks: int, account: Account) -> list[Visit]:
    services_of = ServicesOf(account)
    visits = []
    for each in chosen:
        start_at, found = moved(each.start_at, weeks, each.zone), services_of(each.encounter)
        if start_at is None:
            account.leave_out("Encounter", each.encounter["id"], "a clock change skips its time in the book")
            continue
        visits.append(
            Visit(
                source_id=each.encounter["id"],
                site=each.site.source_id,
                practitioner=each.practitioner,
                patient=each.patient,
                source_start_at=each.start_at,
                start_at=start_at,
                minutes=each.minutes,
                **vars(found),
            )
        )
    return sorted(visits, key=lambda visit: (visit.start_at, visit.source_id))


def _settle(visits: Sequence[Visit], account: Account) -> tuple[Visit, ...]:
    """Those that a practitioner can have had: nobody is at two sites at once. The earlier one stays."""
    kept: dict[str, list[Visit]] = defaultdict(list)
    for visit in visits:
        if any(end_of(other) > visit.start_at and other.site != visit.site for other in kept[visit.practitioner]):
            account.leave_out("Encounter", visit.source_id, "its practitioner is at another site at that time")
            continue
        kept[visit.practitioner].append(visit)
        account.plan("Encounter", visit.source_id)
    return tuple(visit for visit in visits if account.is_planned("Encounter", visit.source_id))


def _plan(account: Account, people: People, visits: tuple[Visit, ...], window: Window, later: int) -> ImportPlan:
    hanging = _judge_what_hangs_on_encounters(account)
    account.close()
    return ImportPlan(
        window=window,
        weeks_later=later,
        ambulatory=sum(_is_ambulatory_in(window, each, people) for each in account.all("Encounter")),
        sites=tuple(people.sites.values()),
        practitioners=tuple(people.practitioners.values()),
        patients=tuple(people.patients.values()),
        visits=visits,
        hours=needed_hours(visits, people.sites),
        minutes=tuple(sorted({visit.minutes for visit in visits})),
        records=account.records(),
        planned=account.planned(),
        hanging=hanging,
        left_out=account.left_out(),
    )


def _judge_what_hangs_on_encounters(account: Account) -> dict[str, tuple[tuple[str, str], ...]]:
    hanging: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for kind, record, encounter in _what_hangs_on_encounters(account):
        if encounter is None:
            reason = "a pharmacy's claim" if kind == "Claim" else "names no encounter"
            account.leave_out(kind, record["id"], reason)
        elif account.is_planned("Encounter", encounter):
            account.plan(kind, record["id"])
            hanging[encounter].append((kind, record["id"]))
        else:
            account.leave_out(kind, record["id"], ENCOUNTER_LEFT_OUT)
    return {encounter: tuple(records) for encounter, records in hanging.items()}


def _what_hangs_on_encounters(account: Account) -> Iterator[tuple[str, Resource, str | None]]:
    for kind in _OF_AN_ENCOUNTER:
        yield from ((kind, record, fhir.reference(record.get("encounter"))) for record in account.all(kind))
    yield from (("Claim", claim, claimed_encounter(claim)) for claim in account.all("Claim"))
