"""What is said back to a reply, and nothing about anybody."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from services.notifications.domain.opt_outs import OptOut
from services.notifications.domain.single_texts import SingleText
from services.notifications.domain.texts import ACCEPTED, CLAIMED, DELIVERED, DUE, OPTED_OUT, TOO_LATE
from services.notifications.domain.wording import name_shown

YOU_ARE_OUT = "opted-out"
YOU_ARE_IN = "opted-in"
HELP = "help"
ASK = "ask"
RECEIVED = "received"

# Spanish without accents: they are not in a text's short alphabet, and would halve what fits into one segment.
_WORDS = {
    YOU_ARE_OUT: {
        "en": "{network}: you will get no more texts from us. Reply START to get them again.",
        "es": "{network}: ya no recibira mensajes nuestros. Responda START para volver a recibirlos.",
        "fr": "{network} : vous ne recevrez plus nos messages. Répondez START pour les recevoir de nouveau.",
    },
    YOU_ARE_IN: {
        "en": "{network}: you will get our texts again. Reply STOP to opt out.",
        "es": "{network}: volvera a recibir nuestros mensajes. Responda STOP para no recibirlos.",
        "fr": "{network} : vous recevrez de nouveau nos messages. Répondez STOP pour ne plus les recevoir.",
    },
    HELP: {
        "en": "{network}: we text about your appointments. For anything else please call us. Reply STOP to opt out.",
        "es": "{network}: le escribimos sobre sus citas. Para lo demas, llame. Responda STOP para no recibir mas.",
        "fr": "{network} : nous écrivons au sujet de vos rendez-vous. Sinon, appelez. Répondez STOP pour ne plus "
        "recevoir de messages.",
    },
    ASK: {
        "en": "{network}: sorry, we did not understand. Please answer our last text with YES or NO, or call us.",
        "es": "{network}: disculpe, no entendimos. Responda SI o NO a nuestro ultimo mensaje, o llame.",
        "fr": "{network} : pardon, nous n'avons pas compris. Répondez OUI ou NON à notre dernier message, ou appelez.",
    },
    RECEIVED: {
        "en": "{network}: thank you. Somebody will read your message.",
        "es": "{network}: gracias. Alguien va a leer su mensaje.",
        "fr": "{network} : merci. Quelqu'un lira votre message.",
    },
}
_LONGEST_NAME = 40

# Why one is not sent any more, beside opted-out and too-late.
OPTED_IN = "opted-in"
SUPERSEDED = "superseded"

# Nobody sits over the phone any more after that. A STOP's confirmation is taken for agreed to within five minutes, and
# later needs a reason that can be shown (47 CFR 64.1200(a)(12)): our tries end before that, so that what goes out later
# was kept by an outage, and after an hour that is no reason either.
_OF_USE_FOR = timedelta(hours=1)

# The patient waits for these: where they do not arrive, a person has to read the reply.
_NEEDED = frozenset({ASK, HELP})
_MAY_HAVE_COME = frozenset({DUE, CLAIMED, ACCEPTED, DELIVERED})


@dataclass(frozen=True, kw_only=True)
class Response(SingleText):
    """One answer to one reply (`message_id`); `text_id`: the text that it asks about once more."""

    response_id: UUID
    number: str
    kind: str
    language: str
    message_id: str
    text_id: UUID | None
    due_at: datetime

    def body(self, network: str) -> str:
        """Its words."""
        return _WORDS[self.kind][self.language].format(network=name_shown(network, _LONGEST_NAME))

    def why_not(self, said: OptOut | None, now: datetime) -> str | None:
        """Why it is not to be sent any more, or None. `said`: what the number said last, read under its lock.

        To a number that has opted out goes nothing but the word that it has; and that to no other. A change is
        confirmed once, and only while it is in force: after STOP, START, STOP the last of them alone is, however many
        were still due.
        """
        opted_out = said is not None and said.opted_out
        if opted_out and self.kind != YOU_ARE_OUT:
            return OPTED_OUT
        if self.kind == YOU_ARE_OUT and not opted_out:
            return OPTED_IN
        if self.kind in {YOU_ARE_OUT, YOU_ARE_IN} and said is not None and said.evidence != self.message_id:
            return SUPERSEDED
        return TOO_LATE if now - self.due_at > _OF_USE_FOR else None

    @property
    def is_missed(self) -> bool:
        """Whether the patient waits for it, and it may not have come."""
        return self.kind in _NEEDED and self.status not in _MAY_HAVE_COME
