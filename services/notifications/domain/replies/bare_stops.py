"""A stop word among other words without a mark between them, as people dictate: "not interested stop".

It is one unless what stands beside it makes it another word: "the bus stop", "won't stop", "stop by at 3".
"""

import re

from services.notifications.domain.replies.stop_requests import is_taken_back

_TEXT = r"(?:TE?XT\w*|MESSAG\w*|MSGS?|SMS|REMIND\w*|NOTIFICATIONS?|ALERTS?|SPAM\w*|CONTACT\w*)"
_OF_BODY = (
    "PAIN|PAINS|BLEEDING|BLOOD|COUGH|COUGHING|FEVER|SWELLING|ITCHING|VOMITING|HEADACHES?|CONTRACTIONS|CRYING|PERIODS?"
    "|HEART|BREATHING|CRAMPS?|SYMPTOMS?|NOSE|DIARRHEA|HICCUPS|RASH"
)
_MEDICINE = (
    "MEDS?|MEDICATIONS?|MEDICINES?|PILLS?|ASPIRINA?|INSULINA?|BLOOD|THINNERS?|DOSE|TREATMENT|THERAPY|CHEMO|ALCOHOL"
    "|COFFEE|FOOD|REFILLS?|PRESCRIPTIONS?|RX|AUTOPAY|VITAMINS?|SUPPLEMENTS?|ANTIBIOTICS?|STEROIDS?|BIRTH|ELIQUIS"
    "|XARELTO|PLAVIX|COUMADIN|OZEMPIC|LIPITOR|TYLENOL"
    r"|\w{2,}(?:PRIL|STATIN|SARTAN|ZEPAM|ZOLAM|AZOLE|XABAN|CILLIN|MYCIN|FORMIN|PROFEN|OLOL|ARIN|OXIN|THYROXINE|DIPINE"
    "|THIAZIDE|SEMIDE|TYLINE|XETINE|TRALINE|GABALIN|PENTIN|MAB|GLUTIDE|CODONE|PHEN|PREDNISONE)"
)
_IT = r"(?:IT|(?:THE|MY|HIS|HER|OUR|THIS|THAT|THESE) \w+(?: \w+)?)"
_NOT_OR_MAY = (
    "(?:NOT|DONT|NEVER|WONT|CANT|CANNOT|DIDNT|DOESNT|WOULDNT|COULDNT|SHOULDNT|SHOULD|WOULD|COULD|WILL|MUST|CAN|MAY"
    "|MIGHT|DOES|DID|HAS|HAD|LET)"
)
_PLACE = (
    "BUS|TRAIN|METRO|SUBWAY|TRAM|TROLLEY|SHUTTLE|TAXI|TRUCK|PIT|REST|DOOR|STREET|ST|AVE|AVENUE|ROAD|RD|BLVD|STATION"
    "|LINE|SQUARE|(?:AT|FROM|NEAR|OF|OFF|ON|BY|WHICH|WHAT) (?:THIS|THAT)|WHICH|WHAT"
)
_ANOTHER_WORD_BEFORE = re.compile(
    rf"\b(?:{_PLACE}|A|THE|MY|EACH|EVERY|ANOTHER|NEXT|LAST|FIRST|ONE MORE|FULL|SHORT|QUICK|HARD|NON|HACE"
    rf"|START AND|GO AND|{_NOT_OR_MAY}(?: EVER| EVEN| JUST)?|TO|I|ILL|WE|HE|SHE|WHO|THEY"
    r"|(?:(?<!CAN )(?<!CANT )(?<!CANNOT )(?<!ABLE TO )MAKE|MAKES|MADE|MAKING|WILL|DOES|DID|CAN|COULD|WOULD|SHOULD|IF"
    r"|WHEN|UNTIL|BEFORE|HELP|LET|WATCH|THAT) "
    rf"(?:DOES |DID )?{_IT}|(?:DO|DID|DONT|IF|WHEN|WHERE) (?:YOU|U)"
    r"|(?:DOCTOR|DR|DR \w+|NURSE|SURGEON|MD|SHE|HE|LABEL|SIGN) (?:HAS |HAD )?(?:SAID|SAYS|SAY|TOLD ME)"
    rf"|(?:{_OF_BODY})(?: \w+|\b.* MAKE IT)?)$"
)
# Who texts is implored, whatever verb helps: "you need to stop", "can you stop", "I told you to stop".
_IMPLORED = re.compile(
    r"\b(?:(?:YOU|U|YALL|GUYS|PEOPLE|FOLKS|THIS|THESE|CLINIC|OFFICE)(?: ALL| JUST| REALLY)* "
    r"(?:MUST|SHOULD|BETTER|WONT|DONT|NEVER|(?:NEED|NEEDS|HAVE|HAS|GOT|OUGHT|HAVE GOT) TO)"
    r"|(?:ASK|ASKED|ASKING|TOLD|TELL|TELLING|BEG|BEGGING|WARNED|WANT|NEED|LIKE|WISH)"
    r" (?:YOU|U|YALL|THEM|THIS|THESE|ALL THIS)(?: ALL| GUYS| PEOPLE)* TO"
    r"|(?:DONT|CANT|WONT|CAN|COULD|WILL|WOULD) (?:YOU|U|YALL)(?: ALL| GUYS| PEOPLE)*"
    r"|^(?:I )?(?:JUST )?WANT (?:IT|THAT) TO"
    rf"|{_TEXT})$"
)
_TRAVELS_OR_ASKS_WHAT_IT_MEANS = re.compile(
    r"\b(?:BUS|TRAIN|METRO|SUBWAY|TRAM|SHUTTLE|ROUTE)\b|\bWHAT .*\bMEANS?\b|\bMEANS?$"
)
# What stood before such a word was another thought.
_ANEW = re.compile(r".*\b(?:PLEASE|PLS|PLZ|SO|BUT|OMG|WTF|STOP)\b")
_FOR_GOOD = r"(?:AT ONCE|FOR (?:GOOD|EVER|GODS?|THE LOVE|CHRIST|REAL|ME|US)|ON (?:MY|THIS)|IN THE NAME)\b"
_IN_ANGER = (
    r"(?:SPAM|HARASSMENT|NONSENSE|CRAP|BS|BULLSHIT|SHIT|MADNESS|GARBAGE|FUCKING|FREAKING|DAMN|STUPID|ANNOYING|CALLS?"
    r"|COMMUNICATIONS?|CONTACT)\b"
)
_IS_SO = (
    r"(?:\w+ ){0,2}(?:IS|ISNT|AINT|WAS|WASNT|ARE|ARENT|HAS|DIED|PASSED|DOESNT|MOVED|CHANGED|BELONGS)\b"
    r"(?! (?:IT|THAT|THIS)\b)"
)
_DOING_SO = (
    rf"(?:{_TEXT}|CALLING|CONTACTING|BOTHERING|HARASSING|ASKING|BUGGING|PESTERING|HASSLING|STALKING|ANNOYING|FUCKING"
    r"|FREAKING|SENDING|BLOWING|DOING (?:THIS|THAT|IT)|PLAYING|TRYING|PINGING|EMAILING|WRITING)\b"
)
_ANOTHER_WORD_AFTER = re.compile(
    rf"(?!{_FOR_GOOD})(?:"
    r"(?:BY|IN|AT|OFF|OVER|ON|UP|INTO|FOR|UNDER|NEAR|AROUND|ALONG|AWAY|WORK|IS(?! (?:THIS|IT|THERE|MY))|WAS|MEANS?)\b"
    r"|(?:PAYMENT|SIGNS?|LIGHTS?|WATCH|LOSS|GAP|SHOP|\d+ OF)\b"
    r"|(?:AND|N) (?:GO|SHOP|SEE|START|GET|PICK|CHECK|VISIT|TALK|SAY|DROP|ASK)\b|(?:BEFORE|AFTER)\b(?! (?:I|YOU)\b)"
    r"|CALLING (?:ME |US )?(?:AND |JUST )*TE?XT\b"
    r"|TO (?!ALL|THIS|\d|MY (?:PHONE|NUMBER))"
    # "Stop the pills", but "stop the spam" and "stop this is not Maria".
    rf"|(?:THE|MY|HIS|HER|OUR|AN?|ANY|ALL|THIS|THAT|THESE|THOSE|YOUR|BOTH|TAKING)\b(?! {_IS_SO})"
    rf"(?! (?:OF |THE |THIS |THAT |THESE |YOUR |MY )*(?:{_TEXT}|{_IN_ANGER}))(?= (?!PLEASE|NOW|ALREADY|I\b|OR\b)\w)"
    rf"|(?!{_DOING_SO})\w{{2,}}ING\b(?<!NOTHING)|(?:{_MEDICINE})\b)"
)
_A_SENTENCE = re.compile(
    r"(?:I|IM|IVE|ID|U|YOU|YOURE|THIS|THESE|WRONG|WHO|WTF|WHY|NOT|NO|WE|HE|SHE|MY|ITS|IT|PLEASE|PLS|NOW|OK|OMG|STOP"
    r"|WHAT|WHERE|HOW|IS|ARE|DO|DOES|DID|CAN|COULD|WILL|QUE|QUIEN|DONDE|COMO|QUI|OU|QUEL|QUELLE|COMMENT|POURQUOI)\b|$"
)
_STOP = re.compile(r"(?<!\w)STOP(?!\w)")
_OUT = re.compile(r"(?<!\w)(?:UN ?SUBSCRIB(?:E|ING)|UNSUB|UNSU\w{0,3}C\w?R?I?BE?|OPT(?: ME)? OUT|OPTOUT)(?!\w)")
_NOT_OUT = re.compile(
    r"\b(?:(?<!\bI )(?:DONT|DO NOT|NEVER)|DIDNT|DID NOT|DID I|DID YOU|WHY|IF I|IF YOU|WHEN I|WHAT IS|HOW DO I NOT)$"
)
# Spanish and French words of other talk as well, so only where what stands beside them leaves no other sense.
_OF_OTHER_LANGUAGES = {
    "PAREN": re.compile(
        r"(?<!\w)(?<!\bNO )(?<!CUANDO )(?<!\bSE )(?<!\bLE )(?<!\bLES )PAREN(?!\w)"
        r"(?! (?:EN|A|DE|EL|LA|LOS|LAS|MIS?|UNA?|AQUI|ENFRENTE|CERCA)\b)"
    ),
    "ALTO": re.compile(
        r"(?:^|(?:FAVOR|GRACIAS|PERO|YA|INTERESA|EQUIVOCAD[OA]|NUMERO|PACIENTE) )ALTO"
        r"(?: (?:NO|YO|YA|ESTE|ESTO|POR|FAVOR|QUIEN|NUMERO|PERSONA|SE|USTEDES|ME|GRACIAS)\b|$)"
    ),
    "ARRETEZ": re.compile(
        r"(?<!\w)(?<!\bN )(?<!\bNE )(?<!VOUS )(?<!NOUS )(?<!QUI )ARRETEZ(?!\w)"
        r"(?! (?:PAS|A|AU|AUX|DE|D|DEVANT|LES?|LA|L|MON|MA|MES|VOTRE|UNE?|VOUS (?:LES?|LA|L|A|DE))\b)"
    ),
    "ARRET": re.compile(
        r"^(?:SVP |MERCI |BONJOUR |NON )?ARRET"
        r"(?: (?:JE|J|C|CE|ON|VOUS|TU|MAUVAIS|FAUX|QUI|PAS|NON|SVP|MERCI|S IL)\b|$)"
    ),
}
_LANGUAGE = {"PAREN": "es", "ALTO": "es", "ARRETEZ": "fr", "ARRET": "fr"}


def bare_stop_in(clause: str, *, asks: bool) -> str | None:
    """The language of a stop word that stands in it for itself; None where there is none."""
    if any(_is_itself(clause, found, asks=asks) for found in _STOP.finditer(clause)):
        return "en"
    if any(_is_a_wish(clause, found) for found in _OUT.finditer(clause)):
        return "en"
    return next((_LANGUAGE[word] for word, stands in _OF_OTHER_LANGUAGES.items() if stands.search(clause)), None)


def _is_itself(clause: str, found: re.Match[str], *, asks: bool) -> bool:
    before, after = _ANEW.sub("", clause[: found.start()]).strip(), clause[found.end() :].strip()
    thought = f"{before} STOP {after}"
    if (
        _ANOTHER_WORD_AFTER.match(after)
        or _TRAVELS_OR_ASKS_WHAT_IT_MEANS.search(thought)
        or is_taken_back(before, "en")
    ):
        return False
    if _ANOTHER_WORD_BEFORE.search(before) and not _IMPLORED.search(before):
        return False
    # "Stop metoprolol?" may name what we do not know: a person answers.
    return not asks or _A_SENTENCE.match(after) is not None


def _is_a_wish(clause: str, found: re.Match[str]) -> bool:
    """Whether "unsubscribe" is wished for, as in "I can't unsubscribe"; "don't unsubscribe me" is no wish."""
    before = clause[: found.start()].strip()
    return not (_NOT_OUT.search(before) or _TRAVELS_OR_ASKS_WHAT_IT_MEANS.search(clause) or is_taken_back(before, "en"))
