"""The statements that run all the time stay on an index, seen as the application's role under row-level security."""

import json
from datetime import timedelta
from itertools import product
from typing import Any

import psycopg2
from fix_notifications import NOW, Desk

from services.notifications.repository import NotificationsUnitOfWork
from shared.ids import new_id
from tests.integration.notifications.test_reminder_run import many

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
INSERT INTO appointments (network_id, appointment_id, version, site_id, patient_id, status, start_at, changed_at)
SELECT network_id, appointment_id, 1, site_id, patient_id, 'booked', %(at)s + row_number() OVER () * interval '1 min',
       %(at)s
FROM texts;
INSERT INTO tasks
    (network_id, task_id, site_id, reason, text_id, appointment_id, patient_id, opened_at, due_at, done_at)
SELECT network_id, gen_random_uuid(), CASE WHEN random() < 0.9 THEN site_id END, 'no-consent', text_id, appointment_id,
       patient_id, %(at)s, %(at)s + random() * interval '300 days',
       CASE WHEN random() < 0.5 THEN %(at)s::timestamptz END
FROM texts;
INSERT INTO task_outcomes (network_id, outcome_id, task_id, outcome, said_at, said_by)
SELECT network_id, gen_random_uuid(), task_id, 'reached', %(at)s, 'ann' FROM tasks;
INSERT INTO conversations (network_id, conversation_id, number)
SELECT network_id, gen_random_uuid(), number FROM patient_numbers;
INSERT INTO conversation_sites (network_id, conversation_id, site_id, heard, read, last_at)
SELECT network_id, conversation_id, CASE WHEN random() < 0.9 THEN %(site_id)s::uuid END, 2,
       1 + (random() < 0.5)::integer, %(at)s + random() * interval '300 days'
FROM conversations;
INSERT INTO replies (network_id, message_id, from_number, body, meaning, received_at, site_id)
SELECT network_id, 'm' || number, number, 'Hello', 'other', %(at)s, %(site_id)s FROM conversations;
INSERT INTO reply_texts (network_id, text_id, message_id)
SELECT network_id, gen_random_uuid(), message_id FROM replies;
INSERT INTO responses (network_id, response_id, number, kind, language, message_id, due_at, status, tries)
SELECT network_id, gen_random_uuid(), from_number, 'help', 'en', message_id, %(at)s, 'accepted', 1 FROM replies;
INSERT INTO free_texts (network_id, free_text_id, conversation_id, number, site_id, patient_id, body, written_by,
                        written_at, due_at, claimed_at, status, tries)
SELECT c.network_id, gen_random_uuid(), c.conversation_id, c.number, %(site_id)s, n.patient_id, 'Hello', 'ann',
       %(at)s, %(at)s, %(at)s, 'accepted', 1
FROM conversations AS c JOIN patient_numbers AS n ON n.number = c.number;
INSERT INTO quick_replies
    (network_id, quick_reply_id, name, body, encoding, segments, version, created_at, saved_at, saved_by)
SELECT network_id, gen_random_uuid(), number, 'Hello', 'GSM-7', 1, 1, %(at)s, %(at)s, 'ann' FROM conversations;
ANALYZE;
"""
LARGE = {
    "texts",
    "patients",
    "patient_numbers",
    "appointments",
    "tasks",
    "task_outcomes",
    "conversations",
    "conversation_sites",
    "replies",
    "reply_texts",
    "responses",
    "free_texts",
    "quick_replies",
}
PARAMS: dict[str, Any] = {
    "now": NOW,
    "real_now": NOW,
    "since": NOW,
    "limit": 50,
    "text_ids": [new_id()],
    "attempt_ids": [new_id()],
    "attempt_id": new_id(),
    "numbers": ["+12025550100"],
    "kind": "reminder",
    "passed_by": [new_id()],
    "only": None,
    "appointment_id": new_id(),
    "appointment_ids": [new_id()],
    "patient_ids": [new_id()],
    "site_ids": [new_id()],
    "still_due": [new_id()],
    "asked_ids": [new_id()],
    "questions": ["waitlist-offer"],
    "tell_that_it_is_off": ["cancelled", "missed"],
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
    "reasons": ["no-consent"],
    "closed_by": None,
    "task_id": new_id(),
    "conversation_id": new_id(),
    "unread": False,
    "after_place": 0,
}
LISTED = [
    "texts-of-site",
    "open-calls",
    "done-calls",
    "conversations-of-site",
    "said-in-conversation",
    "quick-replies",
]
HOT = [
    "ready-texts",
    "ready-texts-of-runs",
    "mark-waiting",
    "waiting-too-long",
    "lost-attempts",
    "lock-due-texts",
    "lock-attempts",
    "attempt",
    "reminders-of-numbers",
    "ready-companions",
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
    "close-tasks",
    "call",
    "outcomes-of-task",
    "number-of-conversation",
    "parts-of-conversation",
    "patients-of-number",
    "next-free-text",
    "lost-free-text",
    "open-tasks",
    *LISTED,
]


def nodes_of(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for child in plan.get("Plans", []) for node in nodes_of(child))]


def plan_of(desk: Desk, name: str, params: dict[str, Any], how: str = "FORMAT json") -> list[dict[str, Any]]:
    """The nodes of the statement's plan, as the application's role."""
    with desk.units.for_network(desk.network_id) as uow, uow.connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN ({how}) {NotificationsUnitOfWork.statements[name]}", params)
        [row] = cursor.fetchall()
    [plan] = row["QUERY PLAN"] if isinstance(row["QUERY PLAN"], list) else json.loads(row["QUERY PLAN"])
    return nodes_of(plan["Plan"])


def test_statements_scan_no_large_table_and_lists_sort_no_more_than_their_page(notifications: Desk) -> None:
    """Seen red by: the indexes texts_claimed_idx, tasks_text_idx, conversation_sites_last_at_idx left out; one scan for
    a site's calls and those of no site."""
    ids = {"network_id": notifications.network_id, "site_id": notifications.site_id}
    with psycopg2.connect(notifications.admin_url) as connection, connection.cursor() as cursor:
        cursor.execute(FILL, {**ids, "rows": ROWS, "at": NOW})
        cursor.execute("SELECT conversation_id, number FROM conversations LIMIT 1")
        [conversation_id, number] = cursor.fetchone() or []
    known = {**PARAMS, **ids, "conversation_id": conversation_id, "number": number}
    for name in HOT:
        nodes = plan_of(notifications, name, known)
        scanned = {node.get("Relation Name") for node in nodes if node["Node Type"] == "Seq Scan"}
        assert not scanned & LARGE, name
    ways = [{"after_at": at, "backwards": way, "unread": way} for at in (None, NOW) for way in (True, False)]
    for name, way in product(LISTED, ways):
        sorted_rows = [
            node["Plan Rows"]
            for node in plan_of(notifications, name, {**known, **way})
            if node["Node Type"] in ("Sort", "Incremental Sort")
        ]
        assert max(sorted_rows, default=0) <= 2 * PARAMS["limit"], (name, way)


def test_what_goes_along_is_looked_for_number_by_number_while_nobody_knows_how_much_is_due(notifications: Desk) -> None:
    """A bulk was just made, and no statistics tell of it. Seen red by: one join of numbers, patients and texts, which
    read all that was due for each number (two seconds for fifty of a thousand)."""
    many(notifications)
    numbers = [row["number"] for row in notifications.rows("SELECT number FROM patient_numbers LIMIT 50")]
    asked = {"numbers": numbers, "kind": "reminder", "from_at": NOW, "until_at": NOW + timedelta(days=9)}
    known = {"network_id": notifications.network_id, **asked}
    nodes = plan_of(notifications, "reminders-of-numbers", known, "ANALYZE, FORMAT json")
    read = [(it["Actual Rows"] + it.get("Rows Removed by Filter", 0)) * it["Actual Loops"] for it in nodes]
    assert len(numbers) == 50
    assert max(read) <= 2 * len(numbers)
