"""What a network says: which words are chosen, and which may not be saved."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from services.notifications.domain.builtin_words import BUILT_IN
from services.notifications.domain.errors import ImpossibleTemplate, NoSuchVersion, NothingInForce
from services.notifications.domain.previews import Preview, preview
from services.notifications.domain.sites import SiteCopy
from services.notifications.domain.templates import InForce, Template, TextingPolicy, Wording
from services.notifications.domain.wording import Facts, Words
from shared.ids import new_id

SITE, OTHER = new_id(), new_id()
NORTH = SiteCopy(name="North Clinic", zone="America/New_York", phone="+12025550100")
START = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
OPT_OUT = "Reply STOP to opt out."
POLICY = TextingPolicy(first_names=True)


def in_force(site_id: UUID | None, language: str, body: str = "") -> InForce:
    return InForce(
        template_id=new_id(),
        template_version=3,
        site_id=site_id,
        occasion="booked",
        language=language,
        body=body or f"{'site' if site_id else 'network'} {language}",
    )


OF_SITE, OF_SITE_ES = in_force(SITE, "en"), in_force(SITE, "es")
OF_NETWORK, OF_NETWORK_ES = in_force(None, "en"), in_force(None, "es")
ALL = [OF_SITE, OF_SITE_ES, OF_NETWORK, OF_NETWORK_ES]


@pytest.mark.requirement("26c")
@pytest.mark.parametrize(
    ("known", "language", "chosen"),
    [
        (ALL, "es", OF_SITE_ES),
        (ALL, "es-MX", OF_SITE_ES),
        (ALL, "fr", OF_SITE),
        (ALL, None, OF_SITE),
        ([OF_SITE, OF_NETWORK, OF_NETWORK_ES], "es", OF_NETWORK_ES),
        ([OF_SITE, OF_NETWORK, OF_NETWORK_ES], "fr", OF_SITE),
        ([OF_NETWORK, OF_NETWORK_ES], "es", OF_NETWORK_ES),
        ([OF_NETWORK], "es", OF_NETWORK),
        ([in_force(OTHER, "es")], "es", None),
    ],
)
def test_words_fall_back_from_the_site_to_the_network_and_to_ours(
    known: list[InForce], language: str | None, chosen: InForce | None
) -> None:
    """Seen red by: the network's own language before the patient's; another site's words among the choices; the site's
    words in a language that is not the patient's before the network's in hers."""
    first = next(Wording(known, POLICY).choices(SITE, "booked", language))
    assert first.template_id == (chosen.template_id if chosen else None)
    assert first.body == (chosen.body if chosen else BUILT_IN["booked", "es"])


ONE, ONE_ES = replace(OF_NETWORK, occasion="reminder"), replace(OF_NETWORK_ES, occasion="reminder")
SEVERAL = replace(OF_NETWORK, occasion="reminder-of-several")


@pytest.mark.parametrize(
    ("known", "language", "told_together"),
    [
        ([], "es", True),
        ([ONE], "en", False),
        ([ONE, SEVERAL], "en", True),
        ([ONE, ONE_ES, SEVERAL], "es", False),
        ([SEVERAL], "es", False),
    ],
    ids=["ours", "one-alone", "both", "several-in-no-language-of-hers", "hers-are-ours"],
)
def test_several_visits_are_told_together_in_the_language_and_by_the_author_of_a_single_one(
    known: list[InForce], language: str, told_together: bool
) -> None:
    """Seen red by: ours instead of the network's; the language not looked at."""
    assert (Wording(known, POLICY).for_several(SITE, language) is not None) == told_together


@pytest.mark.requirement("26c")
@pytest.mark.parametrize(
    ("language", "network", "chosen"),
    [("es", "fr", "es"), ("es-MX", "fr", "es"), ("vi", "fr", "fr"), (None, "fr", "fr"), ("vi", "zu", "en")],
)
def test_our_own_words_are_in_the_patients_language_or_in_the_networks_or_in_english(
    language: str | None, network: str, chosen: str
) -> None:
    """Seen red by: the patient's language left out of those that are spoken."""
    words = next(Wording([], TextingPolicy(default_language=network)).choices(SITE, "booked", language))
    assert (words.language, words.body) == (chosen, BUILT_IN["booked", chosen])


def test_words_that_do_not_fit_give_way_to_the_next() -> None:
    """Seen red by: `said` takes the first choice whatever its length."""
    wording = Wording([in_force(SITE, "en", "x" * 307), in_force(None, "en", f"{{{{ site_name }}}} {OPT_OUT}")], POLICY)
    facts = Facts(site=NORTH, network_name="North", start_at=START)
    said = wording.said(SITE, "booked", "en", facts)
    assert said.text == f"North Clinic {OPT_OUT}"
    assert said.words.template_version == 3


def test_a_first_name_is_told_where_the_network_allows_it() -> None:
    """Seen red by: the name told whatever the policy says."""
    words = "{% if first_name %}{{ first_name }}, {% endif %}come to {{ site_name }}."
    facts = Facts(site=NORTH, network_name="North", start_at=START, first_name="Quillon")
    texts = [
        Wording([in_force(None, "en", words)], replace(POLICY, first_names=allowed))
        .said(SITE, "booked", "en", facts)
        .text
        for allowed in (True, False)
    ]
    assert texts == ["Quillon, come to North Clinic.", "come to North Clinic."]


def tried(body: str, policy: TextingPolicy = POLICY, language: str = "en", occasion: str = "booked") -> Preview:
    return preview(Words(body=body, language=language), NORTH, "North Network", policy, occasion)


def refused(body: str, policy: TextingPolicy = POLICY) -> str:
    with pytest.raises(ImpossibleTemplate) as error:
        tried(body, policy)
    [told] = error.value.errors
    assert told["field"] == "body"
    return told["message"]


@pytest.mark.requirement("26e")
def test_a_preview_shows_each_way_a_template_can_fall_out_with_its_segments() -> None:
    """Seen red by: one sample alone, with every optional name given."""
    body = (
        "{% if first_name %}Hello {{ first_name }}! {% endif %}{{ network_name }}, {{ date }}, {{ time }}. " + OPT_OUT
    )
    samples = tried(body, language="es").samples
    assert [(it.given[:1], it.length.encoding, it.length.segments) for it in samples] == [
        (("first_name",), "GSM-7", 1),
        (("site_phone",), "GSM-7", 1),
    ]
    assert samples[0].text == f"Hello Maximiliana! North Network, mié, 23 de sep de 2026, 6:30 p.m. {OPT_OUT}"


@pytest.mark.parametrize("name", ["reason", "specialty", "diagnosis", "practitioner", "appointment_type", "patient_id"])
@pytest.mark.requirement("26d")
def test_there_are_no_names_for_what_no_text_may_hold(name: str) -> None:
    """Seen red by: names that are not known rendered as nothing."""
    assert "does not exist" in refused(f"{{{{ {name} }}}} {OPT_OUT}")


@pytest.mark.parametrize(
    ("body", "policy", "says"),
    [
        ("{{ site_name.__class__ }} " + OPT_OUT, POLICY, "no filters, calls"),
        ("{{ site_name|upper }} " + OPT_OUT, POLICY, "no filters, calls"),
        ("{{ date() }} " + OPT_OUT, POLICY, "no filters, calls"),
        ("{{ 'x' * 9999999999 }} " + OPT_OUT, POLICY, "no filters, calls"),
        ("{% for each in site_name %}x{% endfor %} " + OPT_OUT, POLICY, "no filters, calls"),
        ("{{ site_name " + OPT_OUT, POLICY, "cannot be read"),
        ("{{ " + "(" * 400 + "site_name", POLICY, "cannot be read"),
        ("{% if site_phone %}{% if date %}x{% endif %}{% endif %} " + OPT_OUT, POLICY, "within another"),
        ("Call {{ site_phone }}. " + OPT_OUT, POLICY, "not always known"),
        ("{% if site_phone %}{{ first_name }}{% endif %} " + OPT_OUT, POLICY, "not always known"),
        ("{% if first_name %}{{ first_name }}{% endif %} " + OPT_OUT, TextingPolicy(), "does not exist"),
        ("{{ site_name }} " + "x" * 300 + OPT_OUT, POLICY, "3 segments of GSM-7"),
        ("{{ site_name }} \u2713 " + OPT_OUT * 3, replace(POLICY, most_segments=1), "2 segments of UCS-2"),
        ("  ", POLICY, "says nothing"),
    ],
)
def test_what_is_no_template_is_refused_by_its_field(body: str, policy: TextingPolicy, says: str) -> None:
    """Seen red by: the template compiled before it is looked through; a name that may be missing shown anywhere."""
    assert says in refused(body, policy)


@pytest.mark.parametrize(
    "words",
    [
        "Reply CANCEL to cancel.",
        "reply cancel if you cannot come.",
        "Text 'cancel' to us.",
        "Answer with the word quit.",
        "Send us END when you are done.",
        "Reply yes or cancel.",
        "Reply UNSUBSCRIBE to opt out.",
        "Envíe la palabra cancelar.",
        "Répondez ANNULER si vous ne venez pas.",
        "CAN{% if first_name %}CEL{% else %}CEL{% endif %}",
        "Reply \uff23\uff21\uff2e\uff23\uff25\uff2c.",
    ],
)
@pytest.mark.requirement("9d")
def test_a_template_that_asks_for_a_word_that_carriers_block_is_refused(words: str) -> None:
    """Seen red by: capitals alone looked for; the template's source looked at in place of what it says."""
    assert "carriers read as an opt-out" in refused(f"{words} {OPT_OUT}")


@pytest.mark.parametrize(
    "words",
    [
        "Reply STOP to cancel your visit.",
        "Text STOP to opt out of your visit.",
        "Reply 1 to come, STOP if you do not come.",
        "Répondez ARRET pour annuler.",
        "Reply STOP.",
    ],
)
def test_stop_is_asked_for_to_opt_out_and_for_nothing_else(words: str) -> None:
    """Seen red by: STOP let through wherever it stands."""
    assert "opting out alone" in refused(words)


def test_a_template_says_how_to_opt_out() -> None:
    """Seen red by: no STOP taken for no mistake."""
    assert "Say how to opt out" in refused("{{ site_name }} sees you on {{ date }}.")


@pytest.mark.parametrize(
    "words",
    [
        "Reply 1 to confirm, 2 to cancel.",
        "To cancel, call us.",
        "Your visit will end by noon.",
        "Responda 2 si desea cancelar.",
        "We never stop caring.",
        "Reply C to confirm or call us to cancel.",
        "Große Straße 5.",
    ],
)
def test_what_asks_for_no_such_word_may_be_said(words: str) -> None:
    """Seen red by: any of the words refused wherever it stands; capitals that take more room than their letters."""
    assert tried(f"{words} {OPT_OUT}").samples


@pytest.mark.parametrize(("occasion", "language"), BUILT_IN)
def test_our_own_words_pass_the_rules_of_templates_in_one_segment(occasion: str, language: str) -> None:
    """Two days, or six people with their hours, do not go into one."""
    words, most = BUILT_IN[occasion, language], 2 if occasion in ("reschedule-proposal", "reminder-of-several") else 1
    assert tried(words, replace(POLICY, most_segments=most), language, occasion).longest.length.encoding == "GSM-7"


def test_until_when_is_a_name_of_offers_alone() -> None:
    """Seen red by: one list of names for all occasions."""
    words = f"Until {{{{ until_date }}}}, {{{{ until_time }}}}. {OPT_OUT}"
    assert tried(words, occasion="waitlist-offer").samples
    assert "does not exist" in refused(words)


def template() -> Template:
    return Template(
        template_id=new_id(),
        site_id=None,
        occasion="booked",
        language="en",
        body="a",
        saved_at=START,
        saved_by="user:1",
        created_at=START,
    )


def test_what_is_in_force_stays_so_until_another_version_is_activated() -> None:
    """Seen red by: `save` that puts its words in force."""
    first = template().activate(None)
    second = first.save("b", "user:2", START)
    assert (second.saved, second.in_force, second.version) == (2, 1, 3)
    assert (second.activate(None).in_force, second.activate(1)) == (2, second)
    assert second.withdraw().in_force is None
    with pytest.raises(NoSuchVersion):
        second.activate(3)
    with pytest.raises(NothingInForce):
        template().withdraw()
