"""What a reply means."""

import pytest

from services.notifications.domain.replies import CANCEL, OTHER, START, STOP, meaning_of

MEANINGS = {
    STOP: [
        "STOP", "stop", " stop. Thank you", "Stop!!!", "STOP ALL", "stopall", "STOP STOP", "S.T.O.P.", "UNSUBSCRIBE",
        "unsubscribe me please", "End", "QUIT", "revoke", "ARRET", "Arrêt", "arre\u0302t svp", "OPTOUT", "opt-out",
        "Opt out", "please stop texting me", "\u200bSTOP\u200b", "\uff33\uff34\uff2f\uff30",
        "\nstop\r\n", "'STOP'", "**STOP**",
    ],
    START: ["START", " start ", "Unstop", "start please"],
    CANCEL: ["CANCEL", "cancel.", "Cancel please", "C A N C E L"],
    OTHER: [
        "", "   ", "?", "YES", "1", "stop by at 3?", "don't stop", "the end of the week works", "cancel my appointment",
        "I want to quit smoking", "stop cancel", "start stop", "restart", "stopping", "weekend", "👍", "thank you",
    ],
}  # fmt: skip


@pytest.mark.parametrize(("body", "meaning"), [(body, meaning) for meaning in MEANINGS for body in MEANINGS[meaning]])
@pytest.mark.requirement("8a")
def test_a_reply_means_what_its_writer_meant(body: str, meaning: str) -> None:
    """Seen red by: letters compared without NFKD."""
    assert meaning_of(body) == meaning
