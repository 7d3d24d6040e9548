"""Replies as patients write them, against what they mean: replies.csv was written by hand, context beside the words."""

import csv
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.notifications.domain.replies import (
    CANCEL,
    CONFIRM,
    DOUBT,
    MEANINGS,
    OTHER,
    START,
    STOP,
    understand,
)
from tests.naughty import BUILT_IN, big_list

with (Path(__file__).parent / "replies.csv").open(encoding="utf-8", newline="") as table:
    REPLIES = list(csv.DictReader(table))
READ = [(row, understand(row["text"]).meaning) for row in REPLIES]

# How many of the replies may be read as something else than was meant. Of the first two errors none.
ALLOWED_TO_A_PERSON = 0.02


def _wrong(expected: set[str], read_as: set[str]) -> list[str]:
    return [row["text"] for row, read in READ if row["expected"] in expected and read in read_as]


def test_the_table_is_large_and_has_all_languages_and_meanings() -> None:
    assert len({row["text"] for row in REPLIES}) >= 300
    assert min(Counter(row["language"] for row in REPLIES).values()) >= 60
    assert {row["expected"] for row in REPLIES} == set(MEANINGS)


@pytest.mark.requirement("8a")
def test_no_stop_is_missed() -> None:
    """Seen red by: letters compared without NFKD; only whole replies taken for a STOP; a "not" or an "if" anywhere
    before it that takes it back; START anywhere that does; each of these left out: a stop word among others, a
    quotation that is not ours, words that look alike, glued and slipped ones, what a signature or a tap leaves over.
    """
    assert _wrong({STOP}, set(MEANINGS) - {STOP}) == []
    assert _wrong({CANCEL}, set(MEANINGS) - {CANCEL, STOP}) == []


def test_nothing_is_confirmed_that_was_not() -> None:
    """Seen red by: a yes anywhere in the reply taken for one; a question mark that does not matter; phrases over the
    end of a clause; the sign of "1%" passed over; any line that begins with "Sent from" taken for a signature.
    """
    assert _wrong(set(MEANINGS) - {CONFIRM}, {CONFIRM}) == []


def test_nobody_is_opted_out_or_in_against_her_words() -> None:
    """Seen red by: a bare "stop" whatever stands before or after it; a request that nothing takes back."""
    assert _wrong(set(MEANINGS) - {STOP}, {STOP}) == []
    assert _wrong(set(MEANINGS) - {START}, {START}) == []


def test_the_rest_goes_to_a_person_too_often_rather_than_to_a_machine() -> None:
    """Prints the table: meant by rows, read as by columns (`pytest -rP`)."""
    counts = Counter((row["expected"], read) for row, read in READ)
    print(f"{'':14}" + "".join(f"{read[:9]:>10}" for read in MEANINGS))
    for meant in MEANINGS:
        print(f"{meant:14}" + "".join(f"{counts[meant, read] or '.':>10}" for read in MEANINGS))
    wrong = [(row["text"], read) for row, read in READ if row["expected"] != read]
    assert len(wrong) <= ALLOWED_TO_A_PERSON * len(READ), wrong
    assert {read for _, read in wrong} <= {OTHER, DOUBT}


def test_a_string_that_breaks_software_neither_stops_nor_confirms() -> None:
    """But for the digit that is a yes. Seen red by: the signs before a number passed over ("-1" read as "1")."""
    acted = [text for text in (*BUILT_IN, *big_list()) if understand(text).meaning in {STOP, CANCEL, START, CONFIRM}]
    assert set(acted) <= {"1"}


@pytest.mark.requirement("8a")
@pytest.mark.parametrize("stop", ["{}. Stop texting me", "{} please stop texting me", "Stop texting me. {}"])
def test_what_else_is_said_takes_no_plain_stop_back(stop: str) -> None:
    """As people dictate, without a mark too. Seen red by: START or SUBSCRIBE anywhere that takes it back."""
    rows = [it["text"] for it in REPLIES if it["expected"] != START and not {"\n", "START"} & _signs(it["text"])]
    assert [it for it in rows if understand(stop.format(it)).meaning != STOP] == []


def _signs(text: str) -> set[str]:
    """Lines, and the word that opts in: START and STOP in one reply are a person's."""
    words = {it.strip("?.,!").upper() for it in text.split()}
    return ({"\n"} if "\n" in text else set()) | ({"START"} if words & {"START", "UNSTOP"} else set())


@pytest.mark.parametrize("yes", ["yes. {}", "{} yes", "1, {}"])
def test_a_yes_beside_anything_else_confirms_nothing(yes: str) -> None:
    """Seen red by: a clause with a yes in it enough."""
    rows = [
        row["text"] for row, read in READ if read not in {CONFIRM, DOUBT} and not understand(row["text"]).adds_nothing
    ]
    confirmed = {it for it in rows if understand(yes.format(it)).meaning == CONFIRM}
    assert confirmed == set()


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "body",
    [
        'Liked "a' + "\n" * 790 + '"' * 790,
        'Liked "STOP' + '"a' * 790,
        "a." + "\n" * 1500,
        "a.\n" * 530,
        "word: " * 260 + "STOP",
        "> a\n" * 400,
        'ABC<div style="x:\\x20expression(javascript:alert(1)">DEF',
    ],
)
def test_nobody_keeps_the_others_waiting_by_an_odd_reply(body: str) -> None:
    """It is read under the number's lock, between others' replies; a search that splits it in every way takes minutes.

    Seen red by: marks and newlines that may be split anywhere between two parts of a pattern.
    """
    assert understand(body).meaning in MEANINGS


@settings(deadline=None)
@given(st.text(max_size=1600))
def test_whatever_the_string_it_is_read(text: str) -> None:
    assert understand(text).meaning in MEANINGS


@settings(deadline=None)
@given(st.sampled_from(["stop", "STOP ALL", "arrêt", "alto", "unsubscribe"]), st.text("!.😡🙏 \n…", max_size=9))
def test_decoration_changes_nothing_about_a_stop(words: str, around: str) -> None:
    assert understand(around + words + around).meaning == STOP


def test_case_does_not_matter() -> None:
    """Seen red by: no `upper`."""
    texts = [row["text"] for row in REPLIES if row["expected"] in {STOP, CONFIRM}]
    assert [it for it in texts if understand(it.upper()).meaning != understand(it.lower()).meaning] == []


@pytest.mark.parametrize(
    ("text", "language"),
    [("STOP", "en"), ("ARRET svp", "fr"), ("alto por favor", "es"), ("oui merci", "fr"), ("sí", "es")],
)
def test_the_language_of_the_words_is_known(text: str, language: str) -> None:
    assert understand(text).language == language


def test_what_else_was_said_with_a_stop_is_for_a_person() -> None:
    """Seen red by: `more` never set; what stands in the clause of a request passed over."""
    assert [understand(it).more for it in ("STOP", "Stop. Thank you", "Please stop texting me")] == [False] * 3
    more = ("Stop. I moved to Texas", "I cant come anymore stop texting me", "not interested stop", "stop entresto")
    assert [understand(it).more for it in more] == [True] * 4


def test_a_message_that_comes_back_with_the_reply_is_kept_apart() -> None:
    """It holds our own "Reply STOP". Seen red by: the quotation read as the patient's words."""
    ours = "North Clinic: you have an appointment on Tue, Nov 24, 2026 at 10:00 AM. Reply STOP to opt out."
    for reply in (f"Liked “{ours}”", f"Yes\n> {ours}", f'Yes "{ours}"'):
        found = understand(reply)
        assert (found.meaning, found.quote) == (CONFIRM, ours)


@pytest.mark.requirement("8a")
@pytest.mark.parametrize(
    "reply",
    [
        "Liked {} STOP",
        "Liked {}\nplease “STOP”",
        "> {}\nSTOP",
        "On Mon, Nov 23, 2026 at 9:02 AM North Clinic wrote:\n{}\nSTOP",
        "-----Original Message-----\n{}\nSTOP",
        "{}\nSent from my iPhone\nSTOP",
    ],
)
def test_what_stands_after_a_message_that_came_back_is_the_patients(reply: str) -> None:
    """Seen red by: everything after the first mark, header or signature taken for what was written before."""
    ours = "North Clinic: you have an appointment on Tue, Nov 24, 2026 at 10:00 AM. Reply STOP to opt out."
    bare = reply.format(f"“{ours}”" if "Liked" in reply else ours)
    assert understand(bare).meaning == STOP


@pytest.mark.requirement("8a")
@pytest.mark.parametrize(
    "words", ["STOP", "Please stop texting me", "Por favor no me manden mensajes", "Arrêtez de m'envoyer des messages"]
)
@pytest.mark.parametrize("marks", ['""', "''", "“”", "\u2018\u2019", "«»", "„“"])
def test_what_a_patient_puts_in_quotation_marks_is_said_all_the_same(words: str, marks: str) -> None:
    """Seen red by: each long quotation taken for ours."""
    assert understand(f"{marks[0]}{words}{marks[1]}").meaning == STOP


def test_an_apostrophe_opens_no_quotation() -> None:
    """Seen red by: one within a word taken for a quotation mark."""
    assert understand("I can't do it. Text me STOP? Stop texting me, it's enough").meaning == STOP


@pytest.mark.parametrize(
    "ours",
    [
        "North Clinic: we see you on Tuesday. Reply STOP to opt out.",
        "Clinica Norte: su cita es el martes. Responda STOP para no recibir mensajes.",
        "Clinique du Nord : rendez-vous mardi. Répondez ARRET pour ne plus recevoir de messages.",
    ],
)
@pytest.mark.parametrize("tap", ["{}", "Whatever {}", "Le encantó {}", "A adoré {}", "❤️ a {}", "Loved {}"])
def test_our_own_text_that_comes_back_stops_nobody(ours: str, tap: str) -> None:
    """Seen red by: no long quotation taken for ours."""
    found = understand(tap.format(f"“{ours}”"))
    assert (found.meaning not in {STOP, CONFIRM}, found.quote) == (True, ours)


def test_a_reply_that_is_one_digit_says_which() -> None:
    assert [understand(it).number for it in ("1", " 2.", "3️⃣", "1 yes", "12")] == [1, 2, 3, None, None]


def test_what_adds_nothing_is_known() -> None:
    """Seen red by: a question taken for thanks; signs without words left out."""
    closing = ("thanks", "gracias", "Merci beaucoup", "🙏", "ok thank you", "Great, see you then", "❤️")
    assert [understand(it).adds_nothing for it in closing] == [True] * len(closing)
    more = ("thanks but I can't", "thanks?", "no", "maybe", "gracias, a que hora es", "👎", "2", "?")
    assert [understand(it).adds_nothing for it in more] == [False] * len(more)
