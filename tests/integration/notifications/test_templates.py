"""Texts in a network's own words, on a real database: which are sent, what each text keeps, who may see them."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from fix_notifications import Desk

from services.notifications.domain import commands
from services.notifications.domain.errors import ImpossibleTemplate, TemplateExists
from services.notifications.domain.templates import Template
from services.notifications.operations import (
    activate_text_template,
    add_text_template,
    save_text_template,
    set_texting_policy,
    withdraw_text_template,
)
from services.notifications.queries import text_template, text_template_versions, text_templates
from services.notifications.repository import NotificationsUnitOfWork
from shared.errors import NotFound, Stale
from shared.events.scheduling import SiteChanged
from shared.ids import new_id

OPT_OUT = "Reply STOP to opt out."
OURS = f"North Clinic: you have an appointment on Tue, Nov 24, 2026 at 10:00 AM. {OPT_OUT}"
ALL = {"site_id": None, "occasion": None, "language": None}


def uow(desk: Desk, *site_ids: Any) -> NotificationsUnitOfWork:
    """Somebody of these sites; of all where none is named."""
    return desk.at(*site_ids)


def added(desk: Desk, body: str, **more: Any) -> Template:
    told = {"occasion": "booked", "language": "en", "site_id": desk.site_id, "body": f"{body} {OPT_OUT}", **more}
    return add_text_template(commands.AddTextTemplate(**told), uow(desk), desk.clock)


def in_force(desk: Desk, body: str, **more: Any) -> Template:
    template = added(desk, body, **more)
    return activate_text_template(
        commands.ActivateTextTemplate(template_id=template.template_id), uow(desk), desk.clock
    )


def saved(desk: Desk, template: Template, body: str, version: int | None = None) -> Template:
    command = commands.SaveTextTemplate(template_id=template.template_id, body=f"{body} {OPT_OUT}", version=version)
    return save_text_template(command, uow(desk), desk.clock)


def texted(desk: Desk, patient_id: UUID | None = None) -> tuple[str, dict[str, Any]]:
    """What a new booking is told (of a new patient, if of nobody), and whose words the text says it was told in."""
    booked = desk.visit(patient_id or desk.patient())
    desk.hear(booked)
    assert desk.send() == 1
    [told] = desk.rows(
        "SELECT body, template_id, template_version AS version, language"
        " FROM sandbox_texts JOIN texts USING (attempt_id) WHERE appointment_id = %s",
        booked.appointment_id,
    )
    return str(told.pop("body")), told


def test_a_text_is_sent_in_the_words_in_force_and_keeps_whose_they_were(notifications: Desk) -> None:
    """Seen red by: the words that were saved last sent before they are activated; the attempt without its words."""
    assert texted(notifications) == (OURS, {"template_id": None, "version": None, "language": "en"})
    template = added(notifications, "{{ site_name }} of {{ network_name }}: {{ date }}, {{ time }}.")
    assert texted(notifications)[0] == OURS
    activate_text_template(
        commands.ActivateTextTemplate(template_id=template.template_id), uow(notifications), notifications.clock
    )
    saved(notifications, template, "Never sent.")
    ours = {"template_id": template.template_id, "version": 1, "language": "en"}
    assert texted(notifications) == (f"North Clinic of North: Tue, Nov 24, 2026, 10:00 AM. {OPT_OUT}", ours)
    withdraw_text_template(
        commands.WithdrawTextTemplate(template_id=template.template_id), uow(notifications), notifications.clock
    )
    assert texted(notifications)[0] == OURS


def test_a_site_says_it_in_its_own_words_and_the_others_in_the_networks(notifications: Desk) -> None:
    """Seen red by: `templates-in-force` without its sites' own."""
    south = SiteChanged(site_id=new_id(), version=1, name="South Clinic", zone="America/New_York", phone=None)
    notifications.hear(south)
    in_force(notifications, "All of us.", site_id=None)
    in_force(notifications, "South.", site_id=south.site_id)
    assert texted(notifications)[0] == f"All of us. {OPT_OUT}"
    notifications.site_id = south.site_id
    assert texted(notifications)[0] == f"South. {OPT_OUT}"


def test_a_networks_language_and_first_names_are_its_policy(notifications: Desk) -> None:
    """Seen red by: `texting-policy` that nobody reads."""
    policy = commands.SetTextingPolicy(default_language="es", most_segments=1, first_names=True)
    set_texting_policy(policy, uow(notifications), notifications.clock)
    body, told = texted(notifications)
    assert (body, told["language"]) == (
        "North Clinic: tiene una cita el mar, 24 de nov de 2026, 10:00 a.m. Responda STOP para darse de baja.",
        "es",
    )
    in_force(notifications, "{% if first_name %}{{ first_name }}, {% endif %}hola.", language="es")
    assert texted(notifications)[0] == f"Quillon, hola. {OPT_OUT}"
    with pytest.raises(Stale):
        set_texting_policy(
            commands.SetTextingPolicy(default_language="en", most_segments=1, first_names=False, version=0),
            uow(notifications),
            notifications.clock,
        )


def test_every_version_is_kept_and_none_is_ever_changed(notifications: Desk) -> None:
    """Seen red by: a right to update what was saved."""
    template = in_force(notifications, "One.")
    saved(notifications, template, "Two.", version=2)
    with pytest.raises(Stale):
        saved(notifications, template, "Three.", version=2)
    with notifications.units.for_network(notifications.network_id) as unit:
        asked = {"template_id": template.template_id}
        versions = text_template_versions({**asked, "limit": 50, "sort": "-template_version"}, unit)["items"]
        assert text_template(asked, unit)["body"] == f"Two. {OPT_OUT}"
    told = [(it["template_version"], it["body"], it["in_force"], it["segments"], it["saved_by"]) for it in versions]
    assert told == [(2, f"Two. {OPT_OUT}", False, 1, "user:ann"), (1, f"One. {OPT_OUT}", True, 1, "user:ann")]
    rights = notifications.rows(
        "SELECT privilege_type FROM information_schema.role_table_grants"
        " WHERE table_name = 'text_template_versions' AND privilege_type IN ('UPDATE', 'DELETE')"
        " AND grantee <> (SELECT tableowner FROM pg_tables WHERE tablename = 'text_template_versions')"
    )
    assert rights == []


def test_of_two_who_add_the_same_template_at_once_one_does(notifications: Desk) -> None:
    """Seen red by: `text_templates_place_key` without NULLS NOT DISTINCT."""

    def add(number: int) -> bool:
        try:
            added(notifications, f"{number}.", site_id=None)
        except TemplateExists:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(add, range(4))) == [False, False, False, True]


def test_another_sites_template_is_not_there(notifications: Desk) -> None:
    """Seen red by: `take` without the asker's sites; a list without them."""
    template, elsewhere = added(notifications, "North."), new_id()
    for_all = added(notifications, "All.", site_id=None)
    asked = {"template_id": template.template_id}
    hers = uow(notifications, elsewhere)
    with hers:
        assert [it["template_id"] for it in text_templates({**ALL, "limit": 50}, hers)["items"]] == [
            for_all.template_id
        ]
        for question in (text_template, text_template_versions):
            with pytest.raises(NotFound):
                question(asked, hers)
    for site_id, body in ((notifications.site_id, "a"), (elsewhere, "a")):
        command = commands.AddTextTemplate(occasion="booked", language="fr", body=f"{body} {OPT_OUT}", site_id=site_id)
        with pytest.raises(NotFound):
            add_text_template(command, uow(notifications, elsewhere), notifications.clock)
    with pytest.raises(NotFound):
        activate_text_template(
            commands.ActivateTextTemplate(**asked), uow(notifications, elsewhere), notifications.clock
        )
    with pytest.raises(NotFound):
        save_text_template(
            commands.SaveTextTemplate(**asked, body=OPT_OUT), uow(notifications, elsewhere), notifications.clock
        )


def test_what_would_be_too_long_at_the_site_with_the_longest_name_is_not_saved(notifications: Desk) -> None:
    """Seen red by: a template for all tried with the first site that comes."""
    body = "{{ site_name }} " + "x" * 250 + "."
    notifications.hear(SiteChanged(site_id=new_id(), version=1, name="South" * 10, zone="America/New_York", phone=None))
    added(notifications, body)
    with pytest.raises(ImpossibleTemplate):
        added(notifications, body, site_id=None)
