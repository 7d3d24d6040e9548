"""What a patient's reply means, read conservatively: nothing is done on a guess.

What each error costs decides how wide each door is:

1. A missed STOP is the worst: a person is texted against her will, and the law counts each text. So a clause of stop
   words is a STOP whatever else was said, listed slips of the thumb are one, and a plain request in other words too
   (47 CFR 64.1200(a)(10): any reasonable means). Whoever did not mean it is told, and undoes it by START.
2. A wrongly confirmed visit is the next: a patient who does not come and whom nobody calls. So only a reply that holds
   nothing but a yes and politeness confirms: "yes but later", "yes?" and "yes, cancel" do not.
3. A person reads in vain: a minute. So everything else is a person's, and a decline or a wish for another time, which
   only put a call on the list, are found in whole sentences too.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from services.notifications.domain.replies import stop_words
from services.notifications.domain.replies import vocabulary as words_of
from services.notifications.domain.replies.bare_stops import bare_stop_in
from services.notifications.domain.replies.meanings import (
    CANCEL,
    CONFIRM,
    DECLINE,
    DOUBT,
    HELP,
    OTHER,
    RESCHEDULE,
    START,
    STOP,
    WRONG_NUMBER,
    Understood,
)
from services.notifications.domain.replies.plain import Clause, Plain, plain
from services.notifications.domain.replies.spelling import Saying
from services.notifications.domain.replies.stop_requests import request_in
from services.notifications.domain.replies.vocabulary import POLITE

_DIGIT = re.compile(r"[1-9]")
_SHORT = 4

_STOPS = Saying([stop_words.STOP], [stop_words.STOP_BESIDE, POLITE])
_STOPS_ALONE = Saying([stop_words.STOP, stop_words.STOP_ALONE], [stop_words.STOP_BESIDE, POLITE])
_STOPS_BY_ITSELF = Saying([stop_words.STOP_BY_ITSELF], [POLITE])
_CANCELS = Saying([words_of.CANCEL], [stop_words.STOP, POLITE])
# SUBSCRIBE is two slips from its contrary.
_STARTS = Saying([words_of.START], [POLITE], slips=False)
_STARTS_AND_STOPS = Saying([words_of.START], [stop_words.STOP, POLITE], slips=False)
# "Unconfirmed" is two slips from its contrary. French "si c'est bon" is no "sí" with a "c'est bon".
_CONFIRMS = Saying(
    [words_of.CONFIRM], [words_of.CONFIRM_BESIDE, POLITE], slips=False, mixes=(("en", "es"), ("en", "fr"))
)
_CONFIRMS_BY_SIGN = Saying([words_of.CONFIRM_SIGNS, words_of.CONFIRM], [POLITE], slips=False, mixes=())
_DOUBTS = Saying([words_of.DOUBT, words_of.CONFIRM, words_of.CONFIRM_SIGNS, words_of.DECLINE], [POLITE], slips=False)
_ADDS_NOTHING = Saying([POLITE, stop_words.STOP_BESIDE], [])
# "Great, thanks", "see you then", a heart: said once more after all is settled.
_CLOSES = Saying([POLITE, words_of.CONFIRM_BESIDE], [], slips=False)
# Nothing but these is the whole reply.
_WHOLE = (
    (HELP, Saying([words_of.HELP], [POLITE])),
    (RESCHEDULE, Saying([words_of.RESCHEDULE], [POLITE])),
    (DECLINE, Saying([words_of.DECLINE], [words_of.DECLINE_BESIDE, POLITE])),
)
# One of these stands somewhere in the reply.
_SAYS = tuple(
    (meaning, language, re.compile("|".join(rf"(?<!\w)(?:{it})" for it in patterns)))
    for meaning, by_language in (
        (WRONG_NUMBER, words_of.WRONG_NUMBER_SAYS),
        (RESCHEDULE, words_of.RESCHEDULE_SAYS),
        (DECLINE, words_of.DECLINE_SAYS),
    )
    for language, patterns in by_language.items()
)


def understand(body: str) -> Understood:
    """What the reply means; whatever the string, it raises nothing."""
    read = plain(body)
    found = _stop(read) or _whole(read) or _said(read) or _doubt(read)
    number = int(read.words[0]) if len(read.words) == 1 and _DIGIT.fullmatch(read.words[0]) else None
    return replace(found, number=number, adds_nothing=_is_a_closing_word(read), quote=read.quote)


def _stop(read: Plain) -> Understood | None:
    if language := _STARTS.language(read.words):
        return Understood(meaning=START, language=language)
    if language := _STOPS_ALONE.language(read.words) or _STOPS_BY_ITSELF.language(read.words):
        return Understood(meaning=STOP, language=language)
    if language := _CANCELS.language(read.words):
        return Understood(meaning=CANCEL, language=language)
    if _takes_itself_back(read):
        return None
    clauses = (*read.clauses, *read.aside)
    for clause in clauses:
        if language := _stops_in(clause):
            more = not all(_adds_nothing(it) for it in clauses)
            return Understood(meaning=STOP, language=language, more=more)
    return None


def _takes_itself_back(read: Plain) -> bool:
    """START and STOP in one reply: a person reads it. "Please stop. I start chemo Monday" is a STOP."""
    return any(_STARTS_AND_STOPS.language(it.words) for it in read.clauses)


def _stops_in(clause: Clause) -> str | None:
    if language := _STOPS.language(clause.words):
        return language
    request = request_in(clause.text)
    return request[0] if request else bare_stop_in(clause.text, asks=clause.asks)


def _adds_nothing(clause: Clause) -> bool:
    """Whether it is polite, or a STOP and no more."""
    if not clause.words or _STOPS.language(clause.words) or _ADDS_NOTHING.language(clause.words):
        return True
    request = request_in(clause.text)
    return request is not None and (not request[1].strip() or _ADDS_NOTHING.language(request[1].split()) is not None)


def _whole(read: Plain) -> Understood | None:
    if not read.asks and (language := _confirms(read)):
        return Understood(meaning=CONFIRM, language=language)
    for meaning, saying in _WHOLE:
        if language := saying.language(read.words):
            return Understood(meaning=DOUBT if read.asks and meaning == DECLINE else meaning, language=language)
    return None


def _confirms(read: Plain) -> str | None:
    return _CONFIRMS.language(read.marked_words) or _CONFIRMS_BY_SIGN.language(read.marked_words)


def _said(read: Plain) -> Understood | None:
    text = " ".join(read.words)
    return next((Understood(meaning=it, language=language) for it, language, says in _SAYS if _found(says, text)), None)


def _found(pattern: re.Pattern[str], text: str) -> bool:
    """Whether it is said, and not taken back before: "do not cancel my appointment"."""
    found = pattern.search(text)
    return found is not None and not words_of.TAKEN_BACK & set(text[: found.start()].split())


def _doubt(read: Plain) -> Understood:
    """A few short answers of different kinds, a digit that nobody asked for, a sign: worth asking once."""
    if not read.words or _are_digits(read.words):
        return Understood(meaning=DOUBT)
    language = _DOUBTS.language(read.words) if len(read.words) <= _SHORT else None
    return Understood(meaning=DOUBT, language=language) if language else Understood(meaning=OTHER)


def _is_a_closing_word(read: Plain) -> bool:
    return not read.asks and (not read.words or _CLOSES.language(read.words) is not None)


def _are_digits(words: Sequence[str]) -> bool:
    return len(words) == 1 and _DIGIT.fullmatch(words[0]) is not None
