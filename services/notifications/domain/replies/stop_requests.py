"""A wish for no more texts in plain words, and what takes it back."""

import re

_TEXTS = {
    "en": r"(?:TE?XTS?|TE?XTING|TE?XT MESSAGES|MESSAGES?|MESSAGING|MSGS?|SMS|REMINDERS?|NOTIFICATIONS|ALERTS|SPAM)\b",
    "es": r"(?:MENSAJ(?:ES?|ITOS?)|MSJS?|TEXTOS?|SMS|RECORDATORIOS?|NOTIFICACIONES|AVISOS)\b",
    "fr": r"(?:MESSAGES?|SMS|TEXTOS?|RAPPELS?|NOTIFICATIONS?)\b",
}
# "Don't send the bill to my work" is about the bill. Any doubt is one about texts: these things alone, and no text.
_OF_OTHER_THINGS = {
    language: rf"(?!(?!.*\b{_TEXTS[language]}).*\b(?:{things})\b)"
    for language, things in {
        "en": "BILLS?|INVOICES?|STATEMENTS?|RECEIPTS?|RESULTS?|LABS?|PAPERS|PAPERWORK|DOCUMENTS?|FORMS?|RECORDS?"
        "|LETTERS?|PRESCRIPTIONS?|RX|REFILLS?|MEDICATIONS?|MEDICINES?|MEDS|MAIL|EMAILS?|PACKAGES?|CHECKS?|REFERRALS?|CLAIMS?"
        "|CARDS?|COPY|COPIES|MONEY|TAXI|CAB|RIDE|AMBULANCE|NURSE|ANYBODY|ANYONE|SOMEBODY|SOMEONE",
        "es": "FACTURAS?|CUENTAS?|RECIBOS?|RESULTADOS?|PAPELES|DOCUMENTOS?|FORMULARIOS?|CARTAS?|RECETAS?|MEDICINAS?"
        "|CORREOS?|PAQUETES?|CHEQUES?|TARJETAS?|COPIAS?|DINERO|TAXI|AMBULANCIA|ENFERMERA|NADIE",
        "fr": "FACTURES?|RELEVES?|RECUS?|RESULTATS?|PAPIERS|DOCUMENTS?|FORMULAIRES?|LETTRES?|ORDONNANCES?|MEDICAMENTS?"
        "|COURRIERS?|COLIS|CHEQUES?|CARTES?|COPIES?|ARGENT|TAXI|AMBULANCE|INFIRMIERE|PERSONNE",
    }.items()
}
# "Take me off the waitlist" is about the waitlist.
_OFF_OTHER_THINGS = (
    r"(?!(?:\w+ ){0,3}(?:WAIT|WAITLIST|WAITING|SCHEDULE|CALENDAR|APPOINTMENT|APPT|MEDS?|MEDICATIONS?|MEDICINES?|PILLS?"
    r"|INSURANCE|PLAN|POLICY|ACCOUNT|CHART)\b)"
)
_EN, _ES, _FR = _TEXTS["en"], _TEXTS["es"], _TEXTS["fr"]
_ANY = "(?:ANY ?MORE |ANY |YOUR |UR |THESE |THOSE |THE |THIS |MORE |ALL |OF |TO )*"
_TO_SEND = (
    r"(?:SEND(?:ING?)?|TE?XT(?:ING?)?|MESSAGE|MESSAGING|SPAM(?:MING)?|BOTHER(?:ING)?|HARASS(?:ING)?|MSG|CONTACT(?:ING)?"
    r"|REMIND(?:ING)?|BUG(?:GING)?|PESTER(?:ING)?|HASSL(?:E|ING)|ANNOY(?:ING)?|NOTIFY(?:ING)?|BLOW(?:ING)? UP)\b"
)
_MY_NUMBER = r"(?:MY|THIS|OUR) (?:CELL |PHONE |CONTACT )?(?:NUMBER|NUM|INFO|INFORMATION|CONTACT|DIGITS|PHONE)\b"
_SUS = "(?:TODOS |CON |DE |LOS |SUS |ESTOS |ESOS |TUS |MIS |EL )*"
_ENVIAR = "(?:MANDAR|ENVIAR|ESCRIBIR|MOLESTAR|TEXTEAR|LLAMAR|CONTACTAR|CHINGAR|JODER|FREGAR|FASTIDIAR|ACOSAR|INSISTIR)"
_VOS = "(?:AVEC |TOUS |DE |D |DES |CES |VOS |LES |TES |MES |LE |CE )*"
# Patterns of a clause, wherever in it they stand, unless something before takes them back.
_REQUESTS = {
    "en": (
        (
            r"(?:DONT|DO NOT|DONOT|NEVER|PLEASE NO|QUIT|CEASE|STOP) (?:EVER |YOU EVER |YOU DARE |YOU DARE TO )?(?:(?:CALL|CALLING|EMAIL) (?:OR|AND) )?"
            rf"{_TO_SEND}{_OF_OTHER_THINGS['en']}"
        ),
        rf"(?:REFRAIN FROM|ABSTAIN FROM|NO LONGER) {_TO_SEND}{_OF_OTHER_THINGS['en']}",
        (
            r"(?:TOLD|TELL|ASKED|ASK|WANT|NEED)(?: \w+){1,3} NOT TO "
            r"(?:TE?XT|MESSAGE|CONTACT|BOTHER)\b|(?:RATHER|PREFER|WISH|LIKE|WANT|ASK)(?: IT)?(?: IF| THAT)? "
            r"(?:YOU|YALL|U)(?: WOULD| DID| DO)? ?(?:NOT|DIDNT|WOULDNT|DONT) (?:TE?XT|MESSAGE|CONTACT|BOTHER)\b"
        ),
        (
            r"(?:CANCEL|DISCONTINUE|END|DISABLE|DEACTIVATE|CUT|KILL|HALT|CEASE) (?:THE |THESE |THIS |YOUR |ALL |ANY |MY )*"
            r"(?:TE?XT |SMS )?(?:TE?XTS|TE?XTING|MESSAGES|MSGS|SMS|REMINDERS|ALERTS|NOTIFICATIONS|SUBSCRIPTION)\b"
        ),
        rf"(?:TURN|SHUT|SWITCH) OFF {_ANY}{_EN}|(?:TURN|SHUT|SWITCH) {_ANY}{_EN} OFF\b|^{_EN} OFF$",
        r"(?:DONT|DO NOT|NEVER|DIDNT|DID NOT) (?:GAVE |GIVE |HAVE )?(?:YOU )?(?:MY )?(?:CONSENT|PERMISSION)\b",
        r"WITHOUT MY (?:CONSENT|PERMISSION)|DO NOT CALL LIST",
        rf"NO MORE {_EN}|NO MORE$|NO MORE OF (?:THESE|THIS)$",
        rf"^(?:PLEASE |PLS |PLZ |HI |HELLO |SORRY |OK |YES |AND |BUT |STOPSIGN )*(?:NO|THUMBSDOWN|STOPSIGN) {_EN}"
        r"(?: MESSAGES)?(?: PLEASE| THANKS| THANK YOU)?$",
        r"LEAVE (?:ME|US|HER|HIM|THEM|MY \w+|OUR \w+|THIS \w+) ALONE",
        r"NO NEED TO (?:KEEP )?(?:TE?XT|MESSAG)(?:ING|E)?\b(?! BACK)",
        (
            r"(?:TAKE|REMOVE|GET|DELETE) (?:ME|(?:MY|THIS) (?:NUMBER|NAME|PHONE|CELL)|US)(?: NUMBER)? (?:OFF|FROM|OUT OF) "
            rf"{_OFF_OTHER_THINGS}"
        ),
        r"(?:ASKED|REQUESTED|REQUEST)(?: \w+){0,2} TO BE (?:REMOVED|TAKEN OFF)$",
        rf"BE (?:REMOVED|TAKEN|DELETED) (?:OFF|FROM) {_OFF_OTHER_THINGS}|WANT OFF (?:OF )?{_OFF_OTHER_THINGS}(?:THIS|YOUR|THE) ",
        r"(?:TEXT|CALL|CLICK|PRESS|SEND|REPLY|TYPE)(?: I)? TO STOP (?:THIS|THESE|IT|THEM)$|NOT (?:BY|VIA) (?:TE?XT|SMS)\b",
        rf"TAKE (?:MY|THIS) NUMBER OFF|(?:LOSE|DELETE|REMOVE|ERASE|FORGET|SCRUB|WIPE|DROP) {_MY_NUMBER}",
        r"(?:REVOKE|WITHDRAW)(?:ING)? (?:MY )?CONSENT|I REVOKE\b",
        (
            r"(?:(?:DONT|DO NOT|NO LONGER) (?:WANT|WISH|NEED|LIKE)|(?:NO LONGER|NOT) INTERESTED IN)(?: TO)? "
            rf"(?:GET |RECEIVE |GETTING |RECEIVING |BE GETTING )?{_ANY}{_EN}(?! TO (?:STOP|END)\b)"
        ),
        (
            r"(?:DONT|DO NOT|NO LONGER) (?:WANT|WISH)(?: YOU)?(?: TO)? (?:BE (?:TE?XTED|CONTACTED|MESSAGED|BOTHERED)|"
            r"(?:TE?XT|MESSAGE|CONTACT)(?:ING)? (?:ME|US)|HEAR FROM (?:YOU|U|THIS|THEM)|"
            r"(?:GET|RECEIVE) (?:ANY ?MORE |ANY |MORE |OF )*(?:THESE|THEM|THIS)\b)"
        ),
        r"(?:DONT|DO NOT|NO LONGER) (?:WANT|NEED) (?:ANY ?MORE |ANY |MORE |OF )*(?:THESE|THOSE)$",
        (
            rf"(?:RATHER|PREFER|LIKE TO|LIKE|WANT TO|WANT|WISH TO|WISH) NOT (?:TO )?(?:(?:GET|RECEIVE) {_ANY}{_EN}"
            r"|BE (?:TE?XTED|CONTACTED|MESSAGED))"
        ),
        (
            r"(?:DIDNT|DID NOT|NEVER) (?:SIGN(?:ED)? UP|SUBSCRIBED?|AGREED?|OPT(?:ED)? IN|ASK(?:ED)?) (?:TO |FOR )"
            rf"{_ANY}{_EN}"
        ),
        r"(?:DIDNT|DID NOT|NEVER) (?:SIGN(?:ED)? UP FOR|SUBSCRIBED? TO) (?:THIS|THESE)$",
        rf"(?:DONT|DO NOT|NO LONGER) (?:WANT|WISH)(?: TO)? BE ON {_OFF_OTHER_THINGS}(?:THIS|YOUR|THE|ANY)(?: \w+)? LIST",
        rf"NO FURTHER (?:{_EN}|CONTACT|COMMUNICATIONS?)|CEASE (?:ALL )?(?:CONTACT|COMMUNICATIONS?)",
        rf"(?:DONT|DO NOT) (?:NEED|HAVE) TO KEEP {_TO_SEND}",
        r"NOT ALLOWED TO (?:TE?XT|MESSAGE|CONTACT)",
        rf"{_EN}(?: ME| US)? (?:NEED|NEEDS|HAVE|HAS|MUST|SHOULD|GOT|HAVE GOT) ?(?:TO )?(?:STOP|END|CEASE)\b",
        r"(?:TE?XTS|MESSAGES|MSGS|REMINDERS|NOTIFICATIONS|ALERTS) (?:JUST )?(?:WONT|DONT|NEVER|DO NOT|WILL NOT) STOP\b",
        rf"ENOUGH (?:WITH|OF) {_ANY}{_EN}",
        r"(?<!DONT )(?<!NOT )(?<!NEVER )(?:WANT|WISH|LIKE|NEED) TO (?:OPT OUT|UNSUBSCRIBE|STOP (?:GETTING|RECEIVING) )|UNSUBSCRIBE (?:ME|FROM|ALL)",
        r"(?:AM|IM) OPTING OUT|OPT(?: ME)? OUT OF (?:TE?XT|ALL|THESE)",
        rf"STOP (?:W |WITH )?(?:ALL )?(?:ANY )?(?:FURTHER |MORE |THE |THESE |THIS |YOUR |UR |MY |ALL )?(?:{_EN}|COMMUNICATIONS?\b)",
        r"STOP (?:GETTING|RECEIVING) (?:THESE|THIS|THEM|YOUR|ANY)\b",
        r"\bI (?:ALREADY |HAVE |JUST )*(?:TEXT(?:ED)?|SAID|SENT|SEND|REPLIED|REPLY|TYPED?|WROTE) STOP\b(?! BY)",
    ),
    "es": (
        rf"NO (?:ME )?VUELVAN? A {_ENVIAR}",
        (
            r"NO (?:(?:QUIERO|DESEO) QUE )?(?:ME )?(?:LLAMEN NI )?(?:ME )?(?:MANDEN?|ENVIEN?|ESCRIBAN?|TEXTEEN?|MANDES"
            rf"|ENVIES|ESCRIBAS|CONTACTEN?)\b(?! ESO){_OF_OTHER_THINGS['es']}"
        ),
        r"NO (?:ME )?(?:MOLESTEN?|FASTIDIEN?|ACOSEN?|JODAN?|CHINGUEN?)\b|NI ME ESCRIBAN?",
        rf"NO (?:QUIERO QUE |DESEO QUE )?(?:ME )?(?:ESTEN?|SIGAN?) (?:MANDANDO|ENVIANDO|ESCRIBIENDO|MOLESTANDO)\w*{_OF_OTHER_THINGS['es']}",
        (
            r"NO (?:QUIERO|DESEO|NECESITO|ACEPTO|AUTORIZO|ME INTERESA[N]?) (?:RECIBIR )?"
            rf"(?:MAS |SUS |ESTOS |TUS |LOS |DE )*{_ES}"
        ),
        r"NO (?:QUIERO|DESEO) RECIBIR(?: NADA| MAS| ESTO| ESTOS)?$",
        rf"NO MAS {_ES}|^NO {_ES}(?: POR FAVOR| GRACIAS)?$|ALTO (?:A|CON|DE) (?:LOS |SUS |ESTOS )?{_ES}|BASTA (?:YA )?{_SUS}{_ES}",
        rf"(?:DEJEN?|DEJA|PAREN?|DEJAR) (?:YA |POR FAVOR )?DE {_ENVIAR}\w*"
        r"|(?:DEJEN?|DEJA|PAREN?) (?:YA )?DE ESTAR (?:MANDANDO|ENVIANDO|ESCRIBIENDO|MOLESTANDO)\w*|DEJENME EN PAZ|DEJAR DE RECIBIR",
        (
            r"(?:CANCELEN?|CANCELAR|CANCELA|CANSELEN?|SUSPENDAN?|SUSPENDER|DETENGAN?|DETENER|PAREN?|PARAR|DESACTIVEN?|DESACTIVAR"
            rf"|APAGUEN?|QUITEN?|QUITAR|ELIMINEN?|TERMINEN?) {_SUS}{_ES}"
        ),
        (
            r"(?:QUITEN?|SAQUEN?|BORREN?|ELIMINEN?|REMUEVAN?|RETIREN?|QUITA|SACA|BORRA|ELIMINA)(?: ?ME|MI|ME MI)? ?"
            r"(?:MI NUMERO )?DE (?:LAS?|SUS?|ESTA|TUS?) (?:LISTAS?|CONTACTOS|SISTEMA|REGISTROS?)(?! DE ESPERA)"
        ),
        (
            r"(?:QUITEN?|SAQUEN?|BORREN?|ELIMINEN?|REMUEVAN?|RETIREN?|QUITA|SACA|BORRA|ELIMINA|QUITAR|BORRAR|ELIMINAR|REMOVER"
            r"|SACAR|OLVIDEN)(?: POR FAVOR)? (?:MI|ESTE) (?:NUMERO|TELEFONO|CELULAR)\b(?! DE LA LISTA DE ESPERA)"
        ),
        r"DESUSCR[IÍ]\w+|ME DOY DE BAJA|D[AE]N?ME DE BAJA|DARME DE BAJA",
        r"(?:QUIERO|DESEO|QUISIERA) CANCELAR (?:LOS |ESTOS )?(?:MENSAJES|TEXTOS)",
    ),
    "fr": (
        rf"NE PLUS (?:M |ME )?(?:ENVOYER|ECRIRE|CONTACTER|TEXTER)|STOP (?:AUX?|LES|DE|DES) {_FR}",
        (
            r"PLUS RIEN ENVOYER|\bNE? (?:M |ME )?(?:ENVOYEZ|ECRIVEZ|CONTACTEZ|ENVOYER|ENVOIE|TEXTEZ|EMBETEZ|DERANGEZ"
            rf"|HARCELEZ)\w* (?:PLUS|PAS|RIEN)\b{_OF_OTHER_THINGS['fr']}"
        ),
        rf"(?<!VOUS )\b(?:M|ME) (?:ENVOYEZ|ECRIVEZ|CONTACTEZ|TEXTEZ) (?:PLUS|PAS|RIEN)\b{_OF_OTHER_THINGS['fr']}",
        r"(?:VEUX|SOUHAITE|DESIRE) PLUS (?:(?:DE |RECEVOIR |DE VOS |VOS |CES |LES )+|RIEN RECEVOIR|QUE VOUS M )",
        r"(?:VEUX|SOUHAITE|DESIRE) PLUS ETRE (?:CONTACT|DERANG|SOLLICIT|HARCEL)",
        rf"(?:VEUX|SOUHAITE|DESIRE|VOUDRAIS) PAS (?:RECEVOIR )?(?:DE |D |VOS |CES |LES |AUCUN )*{_FR}",
        rf"(?:^|\bMAIS |\bET |SVP )(?:PLUS|PAS) (?:DE|AUCUN) {_FR}",
        r"(?:RETIREZ|ENLEVEZ|SUPPRIMEZ|OTEZ|EFFACEZ|RAYEZ|RETIRER|ENLEVER|EFFACER|SUPPRIMER) (?:MOI|(?:MON|CE) NUMERO)"
        r"(?!.*LISTE D ATTENTE)|(?:RETIRE[RZ]|ENLEVE[RZ]|SUPPRIME[RZ]|EFFACE[RZ]) (?:MON NOM |NOUS )?DE (?:LA|VOTRE|VOS) LISTES?"
        r"(?! D ATTENTE)",
        r"(?:DEMANDE|PRIE|SUPPLIE|ALLEZ|BIEN VOULOIR)(?: D| DE)? (?:ARRETER|CESSER)$|(?:ALLEZ|ALLEZ VOUS) ARRETER\b(?! (?:D|DE|LE|LA|L|MON|MA)\b)",
        r"CESSE[RZ] (?:TOUTE?S? |VOS |LES |CES |L )*(?:ENVOIS?|COMMUNICATIONS?|CONTACTS?)\b",
        r"LAISSEZ (?:MOI|NOUS) TRANQUILLES?|(?:FOUTEZ|FICHEZ) (?:MOI|NOUS) LA PAIX|LACHEZ MOI",
        r"(?<!PAS )(?<!PAS ME )(?<!PAS VOUS )(?:DESABONN|DESINSCRI)\w*",
        rf"(?:MARRE|ASSEZ|RAS LE BOL) DE (?:TOUS )?(?:VOS |CES |RECEVOIR )+{_FR}|FINI LES {_FR}",
        rf"REFUSE (?:DE RECEVOIR )?(?:LES|VOS|CES|DES) {_FR}",
        (
            r"(?<!\bN )(?<!PAS )(?<!PAS D )(?:ARRETEZ?|ARRETER?|CESSEZ|CESSER|STOPPEZ|STOPPER|STOP) (?:DE |D )?(?:M |ME |NOUS )?"
            r"(?:ENVOYER|ECRIRE|TEXTER|CONTACTER|HARCELER|EMBETER|EMMERDER|DERANGER|SOLLICITER|SPAMMER|APPELER)\b"
        ),
        (
            r"(?<!\bN )(?<!PAS )(?<!PAS D )(?:ARRET|ARRETEZ?|ARRETER|CESSEZ|CESSER|STOPPEZ|STOPPER|ANNULEZ|ANNULER|SUSPENDEZ"
            rf"|DESACTIVEZ|SUPPRIMEZ) {_VOS}{_FR}"
        ),
    ),
}
_COMPILED = tuple(
    (language, re.compile(rf"(?<!\w)(?:{pattern})")) for language, patterns in _REQUESTS.items() for pattern in patterns
)
_WHO = r"(?:YOU|U|YALL|THEY|IT|HE|SHE|WE|I|GUYS|PEOPLE|ALL|THEM|THE (?:CLINIC|OFFICE))"
_THESE_TEXTS = rf"(?:THE|MY|YOUR|OUR|ALL|THESE|THOSE|{_EN})"
# What stands right before a request and takes it back, or makes it a tale; with a word between that binds it to the
# request: "I don't want you to stop texting me", "why did you stop sending". What stands further off says something
# else: "not my appointment stop texting me", "I don't know who this is stop texting me".
_TAKES_BACK = {
    "en": re.compile(
        r"(?:"
        # "You don't stop texting me" is a complaint, "I don't. Stop texting me" dictated.
        r"(?<!\bI )(?<!\bYOU )(?<!\bU )(?<!THEY )(?<!GUYS )(?<!PEOPLE )(?<!WHY )(?:DONT|DO NOT|NEVER|NOT TO)"
        r"(?: EVER| YOU| JUST)*"
        r"|(?:DONT|DO NOT|DOESNT|DIDNT|DID NOT|WOULDNT|WOULD NOT|NEVER|NOT)(?: REALLY| EVEN| EVER)?"
        rf" (?:WANT|WANTED|WISH|NEED|LIKE|HAVE|MEAN|MEANT|TRY|TRYING|GOING|SUPPOSED|ASKING)(?: {_WHO}| {_THESE_TEXTS})*"
        r" (?:TO|FOR)"
        rf"|\bI (?:DIDNT|DID NOT|NEVER|HAVENT|HAVE NOT) (?:SAY|SAID|ASK|ASKED|TELL|TOLD|REQUEST|REQUESTED)(?: {_WHO})*(?: TO)?"
        rf"|NO NEED(?: FOR {_WHO})? TO|(?:HOPE|HOPING|MAKE SURE)(?: {_THESE_TEXTS})*"
        rf"|(?:WHY|HOW COME|WHEN)(?: DID| HAVE| HAD| DO)?(?: {_WHO}| {_THESE_TEXTS})+(?: JUST| EVER| ALREADY)*"
        rf"|(?:DID|HAVE)(?: {_WHO}| {_THESE_TEXTS})+"
        rf"|(?<!APPRECIATE )(?<!GREAT )(?<!NICE )(?<!IT )(?:IF|BEFORE|AFTER|ONCE|IN CASE|SO)(?: {_WHO})+(?: EVER| JUST)*"
        r")$"
    ),
    "es": re.compile(
        r"(?:(?:NO|NUNCA)(?<!SI NO)(?: ME| QUIERO| DESEO| QUE| LOS| LES| SE| PEDI| DIJE| VAYAN A)*|CUANDO(?: NO)?|HASTA QUE)$"
    ),
    "fr": re.compile(r"(?:SI VOUS|SI TU|QUAND(?: VOUS)?|POURQUOI(?: VOUS)?)$"),
}


def request_in(clause: str) -> tuple[str, str] | None:
    """The language of a request that nothing takes back, and what else the clause says; None where there is none."""
    for language, request in _COMPILED:
        for found in request.finditer(clause):
            before = clause[: found.start()].strip()
            if not is_taken_back(before, language):
                return language, f"{before} {clause[found.end() :]}"
    return None


def is_taken_back(before: str, language: str) -> bool:
    """Whether the words right before a request take it back."""
    return _TAKES_BACK[language].search(before) is not None
