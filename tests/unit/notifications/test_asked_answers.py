"""What a text may ask patients to answer: STOP to opt out, and no other word that carriers read as an opt-out."""

import pytest

from services.notifications.domain.asked_answers import (
    ASKS_FOR_A_STOP_WORD,
    NO_OPT_OUT,
    STOP_FOR_SOMETHING_ELSE,
    why_not_to_be_asked,
)


@pytest.mark.parametrize(
    "text",
    [
        "Your visit is tomorrow. Reply STOP to opt out.",
        "Reply with the word STOP to stop receiving our texts",
        "Text “stop” to unsubscribe.",
        "STOP = end",
        "Responda STOP para no recibir más mensajes.",
        "Envíe STOP para darse de baja",
        "Répondez ARRET pour ne plus recevoir nos messages.",
        "Répondez ARRÊT pour vous désabonner.",
    ],
)
def test_stop_may_be_asked_for_to_opt_out_in_every_language(text: str) -> None:
    """Seen red by: accents kept."""
    assert why_not_to_be_asked(text) is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Your visit is tomorrow.", NO_OPT_OUT),
        ("We never stop caring.", NO_OPT_OUT),
        ("Reply STOP to cancel your visit.", STOP_FOR_SOMETHING_ELSE),
        ("Reply STOP to opt out, or STOP to cancel.", STOP_FOR_SOMETHING_ELSE),
        ("Responda STOP para cancelar su cita.", STOP_FOR_SOMETHING_ELSE),
        ("Reply END or STOP to opt out.", ASKS_FOR_A_STOP_WORD),
        ("Responda BAJA. Responda STOP para darse de baja.", ASKS_FOR_A_STOP_WORD),
        ("Tapez « annuler » ; STOP pour vous désabonner", ASKS_FOR_A_STOP_WORD),
        ("stop all: reply stop all. Reply STOP to opt out.", ASKS_FOR_A_STOP_WORD),
    ],
)
def test_why_a_text_may_not_ask_for_it(text: str, why: str) -> None:
    """Seen red by: only the first word that is asked for looked at."""
    assert why_not_to_be_asked(text) == why
