"""What a template may ask patients to answer. A carrier blocks the number of whoever sends it one of its stop words.

So STOP (or ARRET) is named for opting out alone, and the others never: "Reply CANCEL to cancel your visit" would
silence the patient and leave the visit booked.
"""

import re
import unicodedata

# Each template says how to opt out, by one of these.
_OPTS_OUT = ("STOP", "ARRET")
# 47 CFR 64.1200(a)(10) and what carriers add. `OPT OUT` is an answer too where it is asked for as one.
_NEVER = (
    *("STOPALL", "STOP ALL", "UNSUBSCRIBE", "END", "QUIT", "REVOKE", "CANCEL", "OPTOUT", "OPT OUT", "OPT-OUT"),
    *("CANCELAR", "BAJA", "ALTO", "PARAR", "ANNULER"),
)
_WORD = "|".join(sorted((re.escape(word) for word in (*_OPTS_OUT, *_NEVER)), key=len, reverse=True))

# What asks for an answer, in the languages of our patients; accents are gone by then.
_ASKS = (
    "REPLY|REPLYING|RESPOND|RESPONDING|ANSWER|ANSWERING|TEXT|TEXTING|SEND|SENDING|TYPE|WRITE|SAY|MESSAGE"
    "|RESPONDA|RESPONDE|RESPONDER|CONTESTE|CONTESTA|CONTESTAR|ENVIE|ENVIA|ENVIAR|ESCRIBA|ESCRIBE|MANDE|MANDA|TEXTEE"
    "|REPONDEZ|REPONDRE|REPONDS|ENVOYEZ|ENVOYER|ECRIVEZ|TAPEZ|TEXTEZ"
)
# Up to three words may stand between ("reply with the word"), but for those that begin what the answer is for.
_ASKED = re.compile(rf"\b(?:{_ASKS})\b(?:\W+(?!(?:TO|IF|PARA|SI|POUR)\b)\w+){{0,3}}?\W+(?P<word>{_WORD})\b")
_OPENS, _CLOSES = "\"'\u00ab\u201c\u2018", "\"'\u00bb\u201d\u2019"
# By itself in capitals or in quotation marks a word is an answer, whoever asks for it.
_SHOUTED = re.compile(rf"\b(?P<word>{_WORD})\b")
_QUOTED = re.compile(rf"[{_OPENS}]\s*(?P<word>{_WORD})\s*[{_CLOSES}]")

# What STOP is named for, in capitals without accents.
PURPOSE = (
    r"\s*(?:"
    r"(?:TO|=)\s*(?:OPT[ -]?OUT|UNSUBSCRIBE|STOP|END|QUIT)(?: (?:GETTING|RECEIVING))?"
    r"(?: (?:OF|FROM|THESE|ALL|OUR|MORE|ANY|FURTHER|TEXT))*(?: (?:TEXTS?|MESSAGES?|REMINDERS?|ALERTS?|SMS))?"
    r"|PARA (?:DARSE DE BAJA|DARTE DE BAJA|SALIR|(?:NO|DEJAR DE) RECIBIR(?: MAS)?(?: (?:LOS|ESTOS|NUESTROS))?"
    r"(?: (?:MENSAJES|TEXTOS|RECORDATORIOS|SMS))?)"
    r"|POUR (?:VOUS DESABONNER|VOUS DESINSCRIRE|(?:NE PLUS RECEVOIR|ARRETER)(?: (?:DE|CES|NOS|LES))?"
    r"(?: (?:MESSAGES|TEXTOS|RAPPELS|SMS))?)"
    r")"
)
_PURPOSE = re.compile(rf"{PURPOSE}\s*")
_CLAUSE_ENDS = re.compile(r"[.,;:!?()\n]|$")

NO_OPT_OUT = 'Say how to opt out: "Reply STOP to opt out."'
STOP_FOR_SOMETHING_ELSE = 'STOP is for opting out alone, said so: "Reply STOP to opt out."'
ASKS_FOR_A_STOP_WORD = (
    "It asks for a word that carriers read as an opt-out, such as CANCEL or END: the patient's number would be blocked."
    " Ask for a number or another word; write it in small letters where it is no answer."
)


def why_not_to_be_asked(text: str) -> str | None:
    """What is wrong with the answers that the text asks for, or None."""
    plain = _without_accents(text)
    upper = "".join(map(_in_capitals, plain))
    asked = {it.start("word"): it for it in (*_ASKED.finditer(upper), *_QUOTED.finditer(upper))}
    shouted = {it.start("word"): it for it in _SHOUTED.finditer(plain)}
    found = {**asked, **shouted}
    if any(it["word"].upper() in _NEVER for it in found.values()):
        return ASKS_FOR_A_STOP_WORD
    if not all(_opts_out(upper, it.end("word")) for it in found.values()):
        return STOP_FOR_SOMETHING_ELSE
    return None if found else NO_OPT_OUT


def _opts_out(upper: str, after: int) -> bool:
    """Whether the words after STOP, up to the end of their clause, are about opting out and nothing else."""
    rest = upper[after:].lstrip(_CLOSES)
    ends = _CLAUSE_ENDS.search(rest)
    return _PURPOSE.fullmatch(rest[: ends.start()] if ends else rest) is not None


def _in_capitals(sign: str) -> str:
    """One sign for one, so that what is found in the one text is at the same place in the other: no SS for \u00df."""
    return capital if len(capital := sign.upper()) == 1 else sign


def _without_accents(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text)
    return " ".join("".join(sign for sign in parts if not unicodedata.combining(sign)).split(" "))
