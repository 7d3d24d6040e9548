"""Who is out, and what a secretary of one site sees of another and of another network."""

import secrets
import uuid

import pytest
from fix_desk import answer


@pytest.mark.requirement("36e")
def test_a_disabled_user_is_out_within_sixty_seconds_with_every_session(desk):
    """The sixty seconds are the promise itself. Seen red by: standings that are kept for as long as a token lives."""
    login, api = desk.person()
    assert answer(api, "GET", "/v1/sites").status == 200
    done = desk.command("user", "disable", login, "--network", desk.elm.network_id)
    assert done.returncode == 0, done.stderr
    desk.wait_until(lambda: answer(api, "GET", "/v1/sites").status == 401, within=60)
    assert answer(api, "POST", "/v1/appointments", {}).status == 401


@pytest.mark.requirement("4a")
def test_lists_of_a_secretary_hold_nothing_of_another_site_or_network(desk):
    """Seen red by: visible-patient-ids without the asker's sites."""
    secret = f"Zyx{secrets.token_hex(4)}"
    theirs = desk.diary(site=1)
    person = desk.newcomer(family=secret)
    manager = desk.session("manager")
    manager.post("/v1/appointments", theirs.body(0, new_patient=person))
    desk.settle()
    secretary, mine = desk.session(), {"site_id": desk.elm.sites[0]["site_id"]}
    lists = [
        secretary.get("/v1/sites"),
        secretary.get("/v1/patients", family=secret),
        secretary.get("/v1/callers", phone=person["phone"]),
        secretary.get("/v1/day", **mine),
        secretary.get("/v1/texts", **mine),
        secretary.get("/v1/tasks", **mine),
        secretary.get("/v1/practitioners"),
        desk.session("biller").get("/v1/claims"),
        desk.session("manager", "harbor").get("/v1/sites"),
        desk.session("manager", "harbor").get("/v1/patients", family=secret),
    ]
    for seen in lists:
        assert secret not in str(seen)
        assert theirs.site_id not in str(seen)
        assert person["phone"] not in str(seen)
    assert [one["site_id"] for one in lists[0]["items"]] == [mine["site_id"]]


@pytest.mark.requirement("4b")
@pytest.mark.requirement("4c")
@pytest.mark.requirement("4d")
def test_what_is_not_hers_answers_exactly_like_what_does_not_exist_and_each_try_is_audited(desk):
    """Seen red by: an appointment read without its site; a denial that leaves no entry."""
    theirs, harbors = desk.diary(site=1), desk.diary(network="harbor")
    other = desk.session("manager").post("/v1/appointments", theirs.body(0, new_patient=desk.newcomer()))
    far = desk.session("manager", "harbor").post("/v1/appointments", harbors.body(0, new_patient=desk.newcomer()))
    login, secretary = desk.person()
    nothing = {"appointment_id": str(uuid.uuid4()), "patient_id": str(uuid.uuid4())}
    for path in ("/v1/appointments/{appointment_id}", "/v1/patients/{patient_id}"):
        said = [answer(secretary, "GET", path.format(**one)) for one in (other, far, nothing)]
        plain = [{k: v for k, v in one.body.items() if k not in ("correlation_id", "instance")} for one in said]
        assert [one.status for one in said] == [404, 404, 404]
        assert plain[0] == plain[1] == plain[2]
    made = desk.rows("gateway", "SELECT account_id::text AS id FROM accounts WHERE login = %(login)s", login=login)
    for service, kind in (("scheduling", "appointment_id"), ("records", "patient_id")):
        denied = desk.rows(
            service,
            "SELECT object_id FROM audit_entries WHERE decision = 'denied' AND actor_id = %(actor)s",
            actor=made[0]["id"],
        )
        assert {other[kind], far[kind], nothing[kind]} <= {row["object_id"] for row in denied}
