"""Words behind what thumbs, keyboards of other letters and impatience make of them."""

import re

# Cyrillic and Greek letters that look like ours. Words of them alone are words of their own, but for a stop.
_LOOKS_LIKE = str.maketrans(
    "\u0410\u0412\u0421\u0415\u041d\u0406\u0408\u041a\u041c\u041e\u0420\u0405\u0422\u0425\u0423\u0391\u0392"
    "\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7",
    "ABCEHIJKMOPSTXYABEZHIKMNOPTYX",
)
# The Russian word itself, and the same with our P.
_RUSSIAN_STOPS = frozenset({"CTO\u041f", "CTOP"})
_LIKELY = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "ARRET", "ALTO", "QUIT", "END", "CANCEL"})
_ZEROS = re.compile(r"(?<!\w)[S5$]T[O0]P(?!\w)")
# None of these is another word. "Stoop" is one where nobody leaned on the key.
_SLIPPED = re.compile(r"(?!STOOP$)S+T+O+P+|STPO|SOTP|TSOP|STPP|STOPO|STIP|SYOP|SROP|SGOP|STOO|STOPL")
_LEANED_ON = re.compile(r"([A-Z])\1{2,}")
_SPOKEN_TO = "PLEASE|PLS|PLZ|JUST|NO|OK|YES"
_SPOKEN_OF = (
    "NOW|IT|ALL|THIS|THAT|TEXTING|TEXTS?|TXTING|TXT|MSGS?|MESSAGING|MESSAGES?|ME|SMS|SPAMMING|SPAM|SENDING|CALLING"
    "|BOTHERING|PLEASE|PLS|PLZ|THANKS|THX|ALREADY|ASAP|STOP"
)
_GLUED = re.compile(rf"(?:{_SPOKEN_TO})?STOP(?:{_SPOKEN_OF})*")
_PIECE = re.compile(rf"{_SPOKEN_OF}|{_SPOKEN_TO}")


def without_zeros(text: str) -> str:
    """`ST0P` and `5TOP` as what they stand for."""
    return _ZEROS.sub("STOP", text)


def spelled_out(letters: str) -> str:
    """Letters that stood apart, as words: "S T O P I moved" has its stop before an I."""
    return re.sub(r"(?<=\w)(?=STOP)|(?<=STOP)(?=\w)", " ", letters)


def undisguised(word: str) -> list[str]:
    """The words that a word in capitals stands for, mostly itself."""
    word = _in_our_letters(word)
    # Whoever leans on a key means the word: "YESSSS" is "YESS".
    if _SLIPPED.fullmatch(word) or _SLIPPED.fullmatch(_LEANED_ON.sub(r"\1", word)):
        return ["STOP"]
    if _GLUED.fullmatch(word):
        return _PIECE.findall(word)
    return [_LEANED_ON.sub(r"\1\1", word)]


def _in_our_letters(word: str) -> str:
    ours = word.translate(_LOOKS_LIKE)
    if ours != word and ours in _RUSSIAN_STOPS:
        return "STOP"
    return ours if ours in _LIKELY or _GLUED.fullmatch(ours) else word
