"""What the service declares."""

import pytest

from services.notifications import jobs, schemas
from services.notifications.domain.commands import OpenNetwork, ReceiveReply
from services.notifications.service import NotificationsService
from shared.messaging.handlers import handlers_of

SCOPES = {
    "open_network": "operator",
    "receive_reply": "texts:reply",
    "receive_receipt": "texts:reply",
    "settle_text": "tasks:write",
    "close_task": "tasks:write",
    "unknown_texts": "texts:read",
    "unknown_text": "tasks:write",
    "network_of_sender": "texts:reply",
    "texts": "texts:read",
    "sandbox_texts": "texts:read",
    "tasks": "tasks:read",
    "take_task": "tasks:write",
    "calls": "tasks:read",
    "call": "tasks:write",
    "conversations": "conversations:read",
    "said": "conversations:read",
    "write_text": "conversations:write",
    "text_preview": "conversations:write",
    "add_quick_reply": "texts:templates",
}


def test_every_consumer_of_notifications_has_its_handler() -> None:
    assert set(handlers_of(NotificationsService)) == {
        "notifications.on_appointment",
        "notifications.on_patient",
        "notifications.on_reschedule",
        "notifications.on_site",
        "notifications.on_waitlist_offer",
    }


@pytest.mark.parametrize(("name", "scope"), SCOPES.items())
def test_every_call_names_the_scope_that_it_needs(name: str, scope: str) -> None:
    assert getattr(NotificationsService, name).declared.scope == scope


def test_an_unknown_text_gateway_ends_the_process_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRONTDESK_TEXT_GATEWAY", "pigeon")
    with pytest.raises(SystemExit, match="pigeon"):
        jobs.text_gateways(None)


def test_commands_load_into_what_operations_take() -> None:
    network = {"network_id": "0190f6a0-0000-7000-8000-000000000001", "name": "N", "sender_number": "+12025550999"}
    reply = {"from_number": "+12025550100", "to_number": "+12025550999", "body": "", "message_id": "m"}
    assert isinstance(schemas.OpenNetworkSchema().load(network), OpenNetwork)
    assert isinstance(schemas.ReceiveReplySchema().load(reply), ReceiveReply)


@pytest.mark.parametrize("number", ["12025550100", "2025550100", "+1 202 555 0100", "+02025550100", "", "+1202"])
def test_a_reply_from_a_number_that_could_be_no_patients_is_refused_and_not_kept_in_vain(number: str) -> None:
    """Seen red by: a plus that may be left out, under which a STOP was answered 200 and stopped nothing."""
    reply = {"from_number": number, "to_number": "+12025550999", "body": "STOP", "message_id": "m"}
    assert set(schemas.ReceiveReplySchema().validate(reply)) == {"from_number"}


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"site_id": "0190f6a0-0000-7000-8000-000000000001", "appointment_id": "0190f6a0-0000-7000-8000-000000000001"},
        {"site_id": "0190f6a0-0000-7000-8000-000000000001", "more": 1},
        {"site_id": "0190f6a0-0000-7000-8000-000000000001", "limit": 0},
    ],
)
def test_a_question_for_texts_names_a_site_or_an_appointment_and_nothing_unknown(body: dict[str, object]) -> None:
    assert schemas.TextsQuestion().validate(body)
