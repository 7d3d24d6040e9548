"""Wishes for no more texts in English: patterns of a clause, wherever in it they stand."""

TEXTS = r"(?:TE?XTS?|TE?XTING|TE?XT MESSAGES|MESSAGES?|MESSAGING|MSGS?|SMS|REMINDERS?|NOTIFICATIONS|ALERTS|SPAM)\b"
# "Don't send the bill to my work" is about the bill. Any doubt is one about texts: these things alone, and no text.
_NOT_OF_OTHER_THINGS = (
    rf"(?!(?!.*\b{TEXTS}).*\b(?:BILLS?|INVOICES?|STATEMENTS?|RECEIPTS?|RESULTS?|LABS?|PAPERS|PAPERWORK|DOCUMENTS?|FORMS?"
    r"|RECORDS?|LETTERS?|PRESCRIPTIONS?|RX|REFILLS?|MEDICATIONS?|MEDICINES?|MEDS|MAIL|EMAILS?|PACKAGES?|CHECKS?"
    r"|REFERRALS?|CLAIMS?|CARDS?|COPY|COPIES|MONEY|TAXI|CAB|RIDE|AMBULANCE|NURSE|ANYBODY|ANYONE|SOMEBODY|SOMEONE)\b)"
)
# "Take me off the waitlist" is about the waitlist.
_NOT_OFF_OTHER_THINGS = (
    r"(?!(?:\w+ ){0,3}(?:WAIT|WAITLIST|WAITING|SCHEDULE|CALENDAR|APPOINTMENT|APPT|MEDS?|MEDICATIONS?|MEDICINES?|PILLS?"
    r"|INSURANCE|PLAN|POLICY|ACCOUNT|CHART)\b)"
)
_ANY = "(?:ANY ?MORE |ANY |YOUR |UR |THESE |THOSE |THE |THIS |MORE |ALL |OF |TO )*"
_SEND = (
    r"(?:SEND(?:ING?)?|TE?XT(?:ING?)?|MESSAGE|MESSAGING|SPAM(?:MING)?|BOTHER(?:ING)?|HARASS(?:ING)?|MSG|CONTACT(?:ING)?"
    r"|REMIND(?:ING)?|BUG(?:GING)?|PESTER(?:ING)?|HASSL(?:E|ING)|ANNOY(?:ING)?|NOTIFY(?:ING)?|BLOW(?:ING)? UP)\b"
    rf"{_NOT_OF_OTHER_THINGS}"
)
_TEXT_ME = r"(?:TE?XT|MESSAGE|CONTACT|BOTHER)\b"
_TEXTED = r"(?:TE?XTED|CONTACTED|MESSAGED|BOTHERED)"
_DO_NOT = r"(?:DONT|DO NOT|NO LONGER)"
_DID_NOT = r"(?:DIDNT|DID NOT|NEVER)"

REQUESTS = (
    rf"(?:DONT|DO NOT|DONOT|NEVER|PLEASE NO|QUIT|CEASE|STOP) (?:EVER |YOU EVER |YOU DARE |YOU DARE TO )?{_SEND}",
    rf"(?:DONT|DO NOT|DONOT|NEVER|QUIT|CEASE|STOP) (?:CALL|CALLING|EMAIL) (?:OR|AND) {_SEND}",
    rf"(?:REFRAIN FROM|ABSTAIN FROM|NO LONGER) {_SEND}|(?:DONT|DO NOT) (?:NEED|HAVE) TO KEEP {_SEND}",
    # "I asked you not to text me", "I'd rather you didn't text me".
    rf"(?:TOLD|TELL|ASKED|ASK|WANT|NEED)(?: \w+){{1,3}} NOT TO {_TEXT_ME}|NOT ALLOWED TO {_TEXT_ME}",
    (
        r"(?:RATHER|PREFER|WISH|LIKE|WANT|ASK)(?: IT)?(?: IF| THAT)? (?:YOU|YALL|U)(?: WOULD| DID| DO)? "
        rf"?(?:NOT|DIDNT|WOULDNT|DONT) {_TEXT_ME}"
    ),
    (
        r"(?:CANCEL|DISCONTINUE|END|DISABLE|DEACTIVATE|CUT|KILL|HALT|CEASE) (?:THE |THESE |THIS |YOUR |ALL |ANY |MY )*"
        r"(?:TE?XT |SMS )?(?:TE?XTS|TE?XTING|MESSAGES|MSGS|SMS|REMINDERS|ALERTS|NOTIFICATIONS|SUBSCRIPTION)\b"
    ),
    rf"(?:TURN|SHUT|SWITCH) OFF {_ANY}{TEXTS}|(?:TURN|SHUT|SWITCH) {_ANY}{TEXTS} OFF\b|^{TEXTS} OFF$",
    r"(?:DONT|DO NOT|NEVER|DIDNT|DID NOT) (?:GAVE |GIVE |HAVE )?(?:YOU )?(?:MY )?(?:CONSENT|PERMISSION)\b",
    r"WITHOUT MY (?:CONSENT|PERMISSION)|DO NOT CALL LIST",
    r"(?:REVOKE|WITHDRAW)(?:ING)? (?:MY )?CONSENT|I REVOKE\b",
    rf"NO MORE {TEXTS}|NO MORE$|NO MORE OF (?:THESE|THIS)$|ENOUGH (?:WITH|OF) {_ANY}{TEXTS}",
    rf"NO FURTHER (?:{TEXTS}|CONTACT|COMMUNICATIONS?)|CEASE (?:ALL )?(?:CONTACT|COMMUNICATIONS?)",
    (
        rf"^(?:PLEASE |PLS |PLZ |HI |HELLO |SORRY |OK |YES |AND |BUT |STOPSIGN )*(?:NO|THUMBSDOWN|STOPSIGN) {TEXTS}"
        r"(?: MESSAGES)?(?: PLEASE| THANKS| THANK YOU)?$"
    ),
    r"NOT (?:BY|VIA) (?:TE?XT|SMS)\b|LEAVE (?:ME|US|HER|HIM|THEM|MY \w+|OUR \w+|THIS \w+) ALONE",
    r"NO NEED TO (?:KEEP )?(?:TE?XT|MESSAG)(?:ING|E)?\b(?! BACK)",
    (
        r"(?:TAKE|REMOVE|GET|DELETE) (?:ME|US|(?:MY|THIS) (?:NUMBER|NAME|PHONE|CELL))(?: NUMBER)? "
        rf"(?:OFF|FROM|OUT OF) {_NOT_OFF_OTHER_THINGS}"
    ),
    rf"(?:GET|BE) OFF (?:OF )?{_NOT_OFF_OTHER_THINGS}(?:THIS|YOUR|THE) (?:TE?XT |TE?XTING )?LIST\b",
    r"WISH (?:YOU|YALL|U)(?: WOULD|D) (?:JUST )?STOP$",
    rf"(?:MIND|APPRECIATE)(?: IT)?(?: IF)?(?: YOU| U)? NOT {_SEND}",
    rf"BE (?:REMOVED|TAKEN|DELETED) (?:OFF|FROM) {_NOT_OFF_OTHER_THINGS}",
    r"(?:ASKED|REQUESTED|REQUEST)(?: \w+){0,2} TO BE (?:REMOVED|TAKEN OFF)$",
    rf"WANT OFF (?:OF )?{_NOT_OFF_OTHER_THINGS}(?:THIS|YOUR|THE) ",
    rf"{_DO_NOT} (?:WANT|WISH)(?: TO)? BE ON {_NOT_OFF_OTHER_THINGS}(?:THIS|YOUR|THE|ANY)(?: \w+)? LIST",
    (
        r"TAKE (?:MY|THIS) NUMBER OFF|(?:LOSE|DELETE|REMOVE|ERASE|FORGET|SCRUB|WIPE|DROP) (?:MY|THIS|OUR) "
        r"(?:CELL |PHONE |CONTACT )?(?:NUMBER|NUM|INFO|INFORMATION|CONTACT|DIGITS|PHONE)\b"
    ),
    (
        rf"(?:{_DO_NOT} (?:WANT|WISH|NEED|LIKE)|(?:NO LONGER|NOT) INTERESTED IN)(?: TO)? "
        rf"(?:GET |RECEIVE |GETTING |RECEIVING |BE GETTING )?{_ANY}{TEXTS}(?! TO (?:STOP|END)\b)"
    ),
    (
        rf"{_DO_NOT} (?:WANT|WISH)(?: YOU)?(?: TO)? (?:BE {_TEXTED}|HEAR FROM (?:YOU|U|THIS|THEM)"
        r"|(?:TE?XT|MESSAGE|CONTACT)(?:ING)? (?:ME|US)"
        r"|(?:GET|RECEIVE) (?:ANY ?MORE |ANY |MORE |OF )*(?:THESE|THEM|THIS)\b)"
    ),
    rf"{_DO_NOT} (?:WANT|NEED) (?:ANY ?MORE |ANY |MORE |OF )*(?:THESE|THOSE)$",
    (
        r"(?:RATHER|PREFER|LIKE TO|LIKE|WANT TO|WANT|WISH TO|WISH) NOT (?:TO )?"
        rf"(?:(?:GET|RECEIVE) {_ANY}{TEXTS}|BE {_TEXTED})"
    ),
    rf"{_DID_NOT} (?:SIGN(?:ED)? UP|SUBSCRIBED?|AGREED?|OPT(?:ED)? IN|ASK(?:ED)?) (?:TO |FOR ){_ANY}{TEXTS}",
    rf"{_DID_NOT} (?:SIGN(?:ED)? UP FOR|SUBSCRIBED? TO) (?:THIS|THESE)$",
    rf"{TEXTS}(?: ME| US)? (?:NEED|NEEDS|HAVE|HAS|MUST|SHOULD|GOT|HAVE GOT) ?(?:TO )?(?:STOP|END|CEASE)\b",
    (
        r"(?<!HOPE )(?<!HOPE THE )(?<!HOPE MY )(?<!SURE )(?<!SURE THE )(?<!SURE MY )"
        r"(?:TE?XTS|MESSAGES|MSGS|REMINDERS|NOTIFICATIONS|ALERTS) (?:JUST )?(?:WONT|DONT|NEVER|DO NOT|WILL NOT) STOP\b"
    ),
    r"(?<!DONT )(?<!NOT )(?<!NEVER )(?:WANT|WISH|LIKE|NEED) TO (?:OPT OUT|UNSUBSCRIBE|STOP (?:GETTING|RECEIVING) )",
    r"UNSUBSCRIBE (?:ME|FROM|ALL)|(?:AM|IM) OPTING OUT|OPT(?: ME)? OUT OF (?:TE?XT|ALL|THESE)",
    (
        r"STOP (?:W |WITH )?(?:ALL )?(?:ANY )?(?:FURTHER |MORE |THE |THESE |THIS |YOUR |UR |MY |ALL )?"
        rf"(?:{TEXTS}|COMMUNICATIONS?\b)"
    ),
    r"STOP (?:GETTING|RECEIVING) (?:THESE|THIS|THEM|YOUR|ANY)\b",
    r"HOW (?:TO|DO I|CAN I|DO YOU|DO WE|CAN WE) STOP(?: (?:IT|THIS|THESE|THEM|ALL OF THIS|ALL THIS))?$",
    r"(?:TEXT|CALL|CLICK|PRESS|SEND|REPLY|TYPE)(?: I)? TO STOP (?:THIS|THESE|IT|THEM)$",
    r"\bI (?:ALREADY |HAVE |JUST )*(?:TEXT(?:ED)?|SAID|SENT|SEND|REPLIED|REPLY|TYPED?|WROTE) STOP\b(?! BY)",
)

_WHO = r"(?:YOU(?: ALL)?|U|YALL|THEY|IT|HE|SHE|WE|I|GUYS|PEOPLE|THEM|THE (?:CLINIC|OFFICE))"
_THESE_TEXTS = rf"(?:THE|MY|YOUR|OUR|ALL|THESE|THOSE|{TEXTS})"
# Of what stands right before a request this takes it back, or makes it a tale.
TAKES_BACK = "|".join(
    (
        # "Don't stop texting me"; "you don't stop texting me" complains, "I don't. Stop texting me" is dictated.
        (
            r"(?<!\bI )(?<!\bYOU )(?<!\bU )(?<!THEY )(?<!GUYS )(?<!PEOPLE )(?<!WHY )(?:DONT|DO NOT|NEVER|NOT TO)"
            r"(?: EVER| YOU)*"
        ),
        # "I don't want you to stop texting me", "you don't have to stop".
        (
            r"(?:DONT|DO NOT|DOESNT|DIDNT|DID NOT|WOULDNT|WOULD NOT|NEVER|NOT)(?: REALLY| EVEN| EVER)? "
            r"(?:WANT|WANTED|WISH|NEED|LIKE|HAVE|MEAN|MEANT|TRY|TRYING|GOING|SUPPOSED|ASKING)"
            rf"(?: {_WHO}| {_THESE_TEXTS})* TO"
        ),
        # "I never said stop texting me", "I never asked you to stop".
        rf"\bI (?:DIDNT|DID NOT|NEVER|HAVENT|HAVE NOT) (?:SAY|SAID|TELL|TOLD)(?: {_WHO})*(?: TO)?",
        r"(?:DIDNT|DID NOT) MEAN(?: TO SAY)?",
        rf"\bI (?:DIDNT|DID NOT|NEVER|HAVENT|HAVE NOT) (?:ASK|ASKED|REQUEST|REQUESTED)(?: {_WHO})* TO",
        rf"NO NEED(?: FOR {_WHO})? TO",
        # "Why did you stop texting me", "did my reminders stop"; but "why don't you stop texting me" asks for it.
        rf"(?:WHY|HOW COME|WHEN)(?: DID| HAVE| HAD| DO)?(?: {_WHO}| {_THESE_TEXTS})+(?: JUST| EVER| ALREADY)*",
        rf"DID(?: {_WHO}| {_THESE_TEXTS})+|HAVE(?: {_WHO})+",
        # "If you stop texting me I forget"; but "I'd appreciate it if you stop texting me" asks for it.
        rf"(?<!APPRECIATE )(?<!GREAT )(?<!NICE )(?<!IT )(?:IF|BEFORE|AFTER|ONCE|IN CASE)(?: {_WHO})+(?: EVER)?",
    )
)
