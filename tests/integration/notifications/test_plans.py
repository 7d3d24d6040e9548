"""The statements that run all the time stay on an index, seen as the application's role under row-level security."""

import json
from datetime import timedelta
from typing import Any

import psycopg2
from fix_notifications import NOW, Desk

from services.notifications.repository import NotificationsUnitOfWork
from shared.ids import new_id

ROWS = 20_000
FILL = """
INSERT INTO patients SELECT %(network_id)s, gen_random_uuid(), 1 FROM generate_series(1, %(rows)s);
INSERT INTO patient_numbers (network_id, patient_id, place, number, use, consented)
SELECT network_id, patient_id, 0, '+1' || row_number() OVER (), 'mobile', true FROM patients;
INSERT INTO texts (network_id, text_id, appointment_id, patient_id, site_id, kind, start_at, status, due_at, attempt_id,
                   number, claimed_at, changed_at)
SELECT network_id, gen_random_uuid(), gen_random_uuid(), patient_id, %(site_id)s, 'booked', %(at)s, 'accepted',
       %(at)s, gen_random_uuid(), '+1', %(at)s, %(at)s
FROM patients;
ANALYZE;
"""
PARAMS: dict[str, Any] = {
    "now": NOW,
    "real_now": NOW,
    "since": NOW,
    "limit": 200,
    "text_ids": [new_id()],
    "attempt_ids": [new_id()],
    "passed_by": [new_id()],
    "only": None,
    "appointment_id": new_id(),
    "appointment_ids": [new_id()],
    "patient_ids": [new_id()],
    "site_ids": [new_id()],
    "still_due": [new_id()],
    "asked_ids": [new_id()],
    "questions": ["waitlist-offer"],
    "number": "+12025550100",
    "after_at": NOW,
    "after_id": new_id(),
    "backwards": False,
    "status": None,
    "with_its_status": ["no-consent"],
    "with_the_visit": ["no-consent"],
    "untold": ["no-consent"],
    "of_a_booked": ["booked"],
    "from_at": NOW - timedelta(days=27),
    "until_at": NOW - timedelta(days=20),
}
HOT = [
    "ready-texts",
    "ready-texts-of-runs",
    "mark-waiting",
    "waiting-too-long",
    "lost-attempts",
    "lock-due-texts",
    "lock-attempts",
    "hold-patients",
    "drop-due",
    "reminders-waiting",
    "due-of-patients",
    "numbers-of",
    "patients-with-number",
    "end-tasks-of",
    "site-of-number",
    "wrote-last",
    "texts-of-appointment",
    "answerable",
    "questions-about",
    "drop-due-asks",
    "lock-due-asks",
    "due-asks-of-patients",
    "figures",
]


def nodes_of(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for child in plan.get("Plans", []) for node in nodes_of(child))]


def test_hot_statements_scan_no_large_table(notifications: Desk) -> None:
    """Seen red by: the index texts_claimed_idx left out."""
    with psycopg2.connect(notifications.admin_url) as connection, connection.cursor() as cursor:
        ids = {"network_id": notifications.network_id, "site_id": notifications.site_id}
        cursor.execute(FILL, {**ids, "rows": ROWS, "at": NOW})
    for name in HOT:
        with notifications.units.for_network(notifications.network_id) as uow, uow.connection.cursor() as cursor:
            statement = NotificationsUnitOfWork.statements[name]
            cursor.execute(f"EXPLAIN (FORMAT json) {statement}", {**PARAMS, **ids})
            [row] = cursor.fetchall()
        [plan] = row["QUERY PLAN"] if isinstance(row["QUERY PLAN"], list) else json.loads(row["QUERY PLAN"])
        scanned = {node.get("Relation Name") for node in nodes_of(plan["Plan"]) if node["Node Type"] == "Seq Scan"}
        assert not scanned & {"texts", "patients", "patient_numbers"}, name
