"""What is texted where a network has no template of its own: of GSM's signs alone, so that each is one segment."""

from collections.abc import Mapping

from services.notifications.domain.asks import (
    RESCHEDULE_CALL,
    RESCHEDULE_PROPOSAL,
    RESCHEDULE_WITHDRAWN,
    WAITLIST_LOST,
    WAITLIST_OFFER,
)
from services.notifications.domain.occasions import MISSED, REMINDER, REMINDER_OF_SEVERAL
from services.notifications.domain.visits import BOOKED, CANCELLED, RESCHEDULED
from shared.languages import DEFAULT_LANGUAGE

_OPT_OUT = {
    "en": "Reply STOP to opt out.",
    "es": "Responda STOP para darse de baja.",
    "fr": "Répondez STOP pour ne plus recevoir de messages.",
}
_SENTENCES = {
    "en": {
        BOOKED: "you have an appointment on {{ date }} at {{ time }}.",
        RESCHEDULED: "your appointment is now on {{ date }} at {{ time }}.",
        CANCELLED: "your appointment on {{ date }} at {{ time }} will not take place.",
        REMINDER: "a reminder of your appointment on {{ date }} at {{ time }}.",
        REMINDER_OF_SEVERAL: "a reminder of your appointments on {{ date }}: {{ times }}.",
        MISSED: "we missed you on {{ date }} at {{ time }}. Please call us for a new time.",
        WAITLIST_OFFER: "a time is open: {{ date }} at {{ time }}. Reply YES to take it, or NO, by {{ until_time }},"
        " {{ until_date }}.",
        WAITLIST_LOST: "the time on {{ date }} at {{ time }} is no longer open.",
        RESCHEDULE_PROPOSAL: "your appointment on {{ old_date }} at {{ old_time }} cannot take place. We can see you on"
        " {{ date }} at {{ time }}{% if place_name %} at {{ place_name }}{% endif %}. Reply YES to take it, or NO and"
        " we will call you.",
        RESCHEDULE_CALL: "that time is taken. We will call you about your appointment on {{ date }} at {{ time }}.",
        RESCHEDULE_WITHDRAWN: "your appointment on {{ date }} at {{ time }} will take place after all.",
    },
    "es": {
        BOOKED: "tiene una cita el {{ date }}, {{ time }}.",
        RESCHEDULED: "su cita es ahora el {{ date }}, {{ time }}.",
        CANCELLED: "su cita del {{ date }}, {{ time }} no va a realizarse.",
        REMINDER: "le recordamos su cita del {{ date }}, {{ time }}.",
        REMINDER_OF_SEVERAL: "le recordamos sus citas del {{ date }}: {{ times }}.",
        MISSED: "no pudo venir el {{ date }}, {{ time }}. Llame para otra cita.",
        WAITLIST_OFFER: "hora libre: {{ date }}, {{ time }}. Responda SI o NO antes de {{ until_date }},"
        " {{ until_time }}.",
        WAITLIST_LOST: "la hora del {{ date }}, {{ time }} ya no se ofrece.",
        RESCHEDULE_PROPOSAL: "su cita del {{ old_date }}, {{ old_time }} no puede realizarse. Podemos verle el"
        " {{ date }}, {{ time }}{% if place_name %}, en {{ place_name }}{% endif %}. Responda SI para aceptar, o NO y"
        " le llamaremos.",
        RESCHEDULE_CALL: "esa hora ya se dio. Le llamaremos sobre su cita del {{ date }}, {{ time }}.",
        RESCHEDULE_WITHDRAWN: "su cita del {{ date }}, {{ time }} se realiza como estaba previsto.",
    },
    "fr": {
        BOOKED: "vous avez rendez-vous le {{ date }} à {{ time }}.",
        RESCHEDULED: "votre rendez-vous est maintenant le {{ date }} à {{ time }}.",
        CANCELLED: "votre rendez-vous du {{ date }} à {{ time }} n'aura pas lieu.",
        REMINDER: "rappel de votre rendez-vous du {{ date }} à {{ time }}.",
        REMINDER_OF_SEVERAL: "rappel de vos rendez-vous du {{ date }} à {{ times }}.",
        MISSED: "vous avez manqué le rendez-vous du {{ date }} à {{ time }}. Appelez-nous.",
        WAITLIST_OFFER: "{{ date }} à {{ time }} est libre. Répondez OUI ou NON avant {{ until_date }},"
        " {{ until_time }}.",
        WAITLIST_LOST: "l'heure du {{ date }} à {{ time }} n'est plus libre.",
        RESCHEDULE_PROPOSAL: "votre rendez-vous du {{ old_date }} à {{ old_time }} ne peut avoir lieu. Nous proposons"
        " le {{ date }} à {{ time }}{% if place_name %}, à {{ place_name }}{% endif %}. Répondez OUI pour accepter, ou"
        " NON et nous appellerons.",
        RESCHEDULE_CALL: "cette heure est prise. Nous appellerons pour votre rendez-vous du {{ date }} à {{ time }}.",
        RESCHEDULE_WITHDRAWN: "votre rendez-vous du {{ date }} à {{ time }} aura bien lieu.",
    },
}

BUILT_IN: Mapping[tuple[str, str], str] = {
    (occasion, language): f"{{{{ site_name }}}}: {sentence} {_OPT_OUT[language]}"
    for language, sentences in _SENTENCES.items()
    for occasion, sentence in sentences.items()
}


def built_in(occasion: str, *languages: str) -> tuple[str, str]:
    """(words, their language) in the first of these languages that we have words in, or else in English."""
    language = next((tag for tag in languages if (occasion, tag) in BUILT_IN), DEFAULT_LANGUAGE)
    return BUILT_IN[occasion, language], language
