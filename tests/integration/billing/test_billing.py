"""Billing on a real database: from what records tells to charges, claims and the feed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from threading import Thread

import pytest
from fix_billing import SNOMED, VISIT, BillingDesk, opened, patient
from fix_told import NOW, as_event, orders_with_duplicates

from services.billing import operations, queries
from services.billing.domain.commands import SetFees
from services.billing.domain.fees import Fee
from services.billing.schemas import ChargesAnswer, ClaimAnswer, ClaimFeedAnswer, TasksAnswer
from shared.errors import NotFound
from shared.events.base import Condition
from shared.events.billing import ClaimCreated, ClaimHeld
from shared.events.records import Coverage, CoverageUpdated, EncounterVoided, PatientCondition
from shared.ids import new_id


def with_coverages(before: PatientCondition, *coverages: Coverage) -> PatientCondition:
    return CoverageUpdated(**{**vars(before), "version": before.version + 1, "coverages": coverages})


def test_a_finished_encounter_is_charged_and_claimed_to_the_cent(billing: BillingDesk) -> None:
    who = patient()
    billing.hear(who)
    billing.hear(billing.finished(who))
    assert billing.charges() == [(1, "coverage", 12_550), (2, "coverage", 5_997)]
    assert billing.claims() == [("active", None, 18_547)]
    assert [event.type for event in billing.told("charge")] == ["charge-captured", "charge-captured"]
    (claim,) = billing.told("claim")
    assert isinstance(claim.data, ClaimCreated)
    assert (claim.data.total_cents, claim.data.created_at, claim.data.payer_id) == (18_547, NOW, "60054")
    assert [line.amount_cents for line in claim.data.lines] == [12_550, 5_997]


def test_codes_travel_sealed(billing: BillingDesk) -> None:
    who = patient()
    billing.hear(who)
    billing.hear(billing.finished(who))
    assert "J06.9" not in str(billing.rows("SELECT headers, data FROM outbox"))


def test_an_uncovered_patient_is_asked_for_the_charge(billing: BillingDesk) -> None:
    who = patient(insured=False)
    billing.hear(who)
    billing.hear(billing.finished(who))
    assert billing.charges() == [(1, "patient", 12_550), (2, "patient", 5_997)]
    assert billing.claims() == []


def test_codes_that_no_claim_can_carry_hold_it_and_open_a_task(billing: BillingDesk) -> None:
    who = patient(member_id=None)
    billing.hear(who)
    visit = replace(VISIT, system=SNOMED, code="185349003")
    billing.hear(billing.finished(who, procedures=(visit,)))
    assert billing.claims() == [("held", "code-not-billable", 8_555)]
    assert isinstance(billing.told("claim")[0].data, ClaimHeld)
    assert billing.causes() == ["code-not-billable", "member-id-missing"]


def test_a_voided_encounter_is_not_billed(billing: BillingDesk) -> None:
    who = patient()
    billing.hear(who)
    before = opened(who, billing.site_id)
    billing.hear(EncounterVoided(**{**vars(before), "version": 2, "status": "entered-in-error"}))
    billing.hear(before)
    assert (billing.charges(), billing.claims()) == ([], [])


def test_an_encounter_waits_for_its_patient_and_after_a_minute_a_task_says_so(billing: BillingDesk) -> None:
    """Seen red by: an unknown patient read as one without coverage; the task left open by the bill."""
    who = patient()
    billing.hear(billing.finished(who))
    assert (billing.charges(), billing.watch(), billing.causes()) == ([], 0, [])
    billing.change("UPDATE encounters SET received_at = received_at - interval '61 seconds'")
    assert (billing.watch(), billing.watch(), billing.causes()) == (1, 0, ["patient-missing"])
    billing.hear(who)
    assert billing.claims() == [("active", None, 18_547)]
    assert billing.causes() == []


def test_a_coverage_that_changes_after_the_visit_changes_no_bill(billing: BillingDesk) -> None:
    """Seen red by: the newest copy in place of the version that the encounter names."""
    who = patient(insured=False)
    later = with_coverages(who, patient().coverages[0])
    billing.hear(later)
    billing.hear(billing.finished(who))
    assert billing.charges() == []
    billing.hear(who)
    assert {payer for _, payer, _ in billing.charges()} == {"patient"}
    assert billing.claims() == []


@pytest.mark.requirement("3b")
def test_every_order_of_a_patient_and_an_encounter_with_duplicates_ends_in_the_same_rows(billing: BillingDesk) -> None:
    """Seen red by: the newest copy in place of the named version; ids from new_id(); no wake-up by on_patient."""
    who = patient(insured=False)
    covered = with_coverages(who, patient().coverages[0])
    moved = with_coverages(covered, patient().coverages[0])
    done = billing.finished(covered)
    before = opened(who, billing.site_id, **{name: getattr(done, name) for name in ("encounter_id", "arrival_id")})
    before = replace(before, appointment_id=done.appointment_id, practitioner_id=done.practitioner_id)
    ends = []
    for order in orders_with_duplicates([who, covered, moved, before, done]):
        for fact in order:
            billing.hear(fact)
        ends.append(state(billing))
        forget(billing)
    assert len(ends) == 120
    assert all(end == ends[0] for end in ends)
    (claim,) = ends[0]["claims"]
    assert (claim["total_cents"], str(claim["coverage_id"])) == (18_547, str(covered.coverages[0].coverage_id))


def test_patient_and_encounter_that_come_at_the_same_moment_make_one_bill(billing: BillingDesk) -> None:
    """Seen red by: follow_encounters without the patient's lock (some bills are never made)."""
    pairs = [(who, billing.finished(who)) for who in (patient() for _ in range(15))]
    for pair in pairs:
        at_once(billing, pair)
    assert len(billing.claims()) == 15
    assert billing.rows("SELECT 1 FROM encounters WHERE awaits_bill") == []


def at_once(billing: BillingDesk, facts: Sequence[Condition]) -> None:
    threads = [Thread(target=billing.hear, args=(fact,)) for fact in facts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_a_claim_has_one_feed_row_a_version_with_gapless_numbers(billing: BillingDesk) -> None:
    """Seen red by: the known versions not looked at."""
    for _ in range(3):
        who = patient()
        billing.hear(who)
        billing.hear(billing.finished(who))
    claims = billing.told("claim")
    billing.hear(claims[1])
    billing.hear(*claims, *claims)
    billing.hear(as_event(claims[0].data, billing.network_id))
    rows = billing.rows("SELECT sequence, claim_id, claim_version FROM claim_feed_rows ORDER BY sequence")
    assert [row["sequence"] for row in rows] == [1, 2, 3]
    assert len({row["claim_id"] for row in rows}) == 3
    assert [event.version for event in billing.told("claim-feed")] == [1, 2, 3]
    assert {event.data.network_id for event in billing.told("claim-feed")} == {billing.network_id}


def test_feeds_that_are_written_at_once_have_neither_gaps_nor_doubles(billing: BillingDesk) -> None:
    """Seen red by: lock-feed as a plain SELECT."""
    for _ in range(12):
        who = patient()
        billing.hear(who)
        billing.hear(billing.finished(who))
    claims = billing.told("claim")
    at_once(billing, [*claims, *claims])
    rows = billing.rows("SELECT sequence FROM claim_feed_rows ORDER BY sequence")
    assert [row["sequence"] for row in rows] == list(range(1, 13))


def test_the_feed_holds_no_codes_and_no_names(billing: BillingDesk) -> None:
    fed(billing)
    text = str(billing.rows("SELECT headers, data FROM outbox WHERE aggregate_type = 'claim-feed'"))
    assert not any(word in text for word in ("J06.9", "99213", "Acme", "Zephyrine", "M-1"))


def fed(billing: BillingDesk) -> None:
    who = patient()
    billing.hear(who)
    billing.hear(billing.finished(who))
    billing.hear(*billing.told("claim"))


def test_the_feed_is_read_on_from_a_number(billing: BillingDesk) -> None:
    for _ in range(3):
        fed(billing)
    page = ClaimFeedAnswer().dump(billing.ask("claim_feed", {"after": 1, "limit": 1}))
    assert ([row["sequence"] for row in page["items"]], page["next"]) == ([2], "2")
    assert page["items"][0]["type"] == "claim-created"
    assert billing.ask("claim_feed", {"after": 2, "limit": 1})["next"] is None


@pytest.mark.requirement("4a")
def test_another_sites_bills_are_not_there(billing: BillingDesk) -> None:
    """Seen red by: the pages without their sites."""
    who = patient()
    billing.hear(who)
    done = billing.finished(who, procedures=(replace(VISIT, diagnosis_pointers=()),))
    billing.hear(done)
    billing.hear(*billing.told("claim"))
    other = billing.other_site_id
    claim_id = billing.told("claim")[0].data.claim_id
    assert billing.ask("claims", {}, other)["items"] == []
    assert billing.ask("charges", {"encounter_id": done.encounter_id}, other)["items"] == []
    assert billing.ask("claim_feed", {"after": 0}, other)["items"] == []
    for name, question in (("claim", {"claim_id": claim_id}), ("tasks", {"site_id": billing.site_id})):
        assert billing.ask(name, question)
        with pytest.raises(NotFound):
            billing.ask(name, question, other)


def test_what_is_asked_comes_as_the_contract_says(billing: BillingDesk) -> None:
    who = patient(member_id=None)
    billing.hear(who)
    done = billing.finished(who)
    billing.hear(done)
    claim_id = billing.told("claim")[0].data.claim_id
    claim = ClaimAnswer().dump(billing.ask("claim", {"claim_id": claim_id}))
    assert (claim["status"], claim["held_reason"], claim["total_cents"]) == ("held", "member-id-missing", 18_547)
    assert [line["diagnosis_pointers"] for line in claim["lines"]] == [[1], [1]]
    charges = ChargesAnswer().dump(billing.ask("charges", {"encounter_id": done.encounter_id}))["items"]
    assert {(charge["responsible"], charge["claim_id"]) for charge in charges} == {("coverage", str(claim_id))}
    (task,) = TasksAnswer().dump(billing.ask("tasks", {"site_id": billing.site_id}))["items"]
    assert (task["reason"], task["encounter_id"]) == ("member-id-missing", str(done.encounter_id))


def test_lists_are_paged_without_loss_while_rows_share_a_time(billing: BillingDesk) -> None:
    for hour in (0, 0, 1):
        who = patient()
        billing.hear(who)
        billing.hear(billing.finished(who, finished_at=NOW + timedelta(hours=hour)))
    assert len(paged(billing, "claims", {}, "claim_id")) == 3
    assert len(paged(billing, "charges", {"site_id": billing.site_id}, "charge_id")) == 6
    assert paged(billing, "fees", {}, "code") == ["185349003", "85025", "99213"]


def paged(billing: BillingDesk, name: str, question: dict[str, object], key: str) -> list[object]:
    found, cursor = [], None
    while True:
        page = billing.ask(name, {**question, "limit": 1, "cursor": cursor})
        found += [item[key] for item in page["items"]]
        cursor = page["next"]
        if cursor is None:
            return sorted(set(found), key=str)


def test_a_new_fee_changes_nothing_that_was_charged(billing: BillingDesk) -> None:
    who = patient()
    billing.hear(who)
    billing.hear(billing.finished(who))
    fee = Fee(system=VISIT.system, code=VISIT.code, amount_cents=1, currency="USD")
    billing.do(SetFees(fees=(fee, replace(fee, amount_cents=2))), operations.set_fees)
    assert billing.claims() == [("active", None, 18_547)]
    billing.hear(billing.finished(who, procedures=(VISIT,)))
    assert sorted(total for _, _, total in billing.claims()) == [2, 18_547]


def test_another_networks_rows_are_not_there(billing: BillingDesk) -> None:
    """Seen red by: the policy of claims dropped."""
    fed(billing)
    with billing.units.for_network(new_id()) as uow:
        assert uow.sql.all("feed-page", after=0, sites=None, limit=5) == []
        assert queries.claims({}, uow)["items"] == []


def state(billing: BillingDesk) -> dict[str, list[dict[str, object]]]:
    tables = ("patient_versions", "encounters", "charges", "claims", "claim_lines", "tasks")
    found = {table: billing.rows(f"SELECT * FROM {table} ORDER BY 2, 3") for table in tables}
    for row in found["encounters"]:
        del row["received_at"]
    found["told"] = billing.rows("SELECT type, aggregate_id, version FROM outbox ORDER BY aggregate_id, version")
    return found


def forget(billing: BillingDesk) -> None:
    billing.change("TRUNCATE patient_versions, encounters, charges, claims, claim_lines, tasks, outbox")
