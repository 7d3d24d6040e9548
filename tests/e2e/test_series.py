"""Series through two gateways: one is booked whole, the other is told every date that clashes."""

from concurrent.futures import ThreadPoolExecutor

from fix_desk import Desk, answer

from cli.api import Api
from shared.ids import new_id


def test_of_two_series_at_one_time_one_is_booked_and_the_other_is_told_every_clash(
    desk: Desk, second_gateway: Api
) -> None:
    """Then it is booked at what was proposed, and one date of it is cancelled.

    Seen red by: a date that is dropped.
    """
    diary, patient = desk.diary(), desk.register()
    body = diary.body(3, patient_id=patient["patient_id"]) | {"rrule": "FREQ=WEEKLY;COUNT=6"}
    doors = [desk.session(), second_gateway]
    with ThreadPoolExecutor(2) as both:
        answers = list(both.map(lambda door: answer(door, "POST", "/v1/series", body), doors))
    assert sorted(each.status for each in answers) == [201, 409]
    (refused,) = [each for each in answers if each.status == 409]
    assert refused.slug == "series-clashes"
    clashes = refused.body["details"]["clashes"]
    assert [clash["reason"] for clash in clashes] == ["appointment-overlaps"] * 6
    choices = [{"on": clash["on"], "instead_at": clash["next_free_times"][-1]["start_at"]} for clash in clashes]
    second = desk.session().post("/v1/series", {**body, "choices": choices}, str(new_id()))
    assert [date["outcome"] for date in second["dates"]] == ["free"] * 6
    third = second["appointments"][2]["appointment_id"]
    named = {"appointment_id": third, "reach": "one"}
    path = f"/v1/series/{second['series_id']}"
    assert [date["outcome"] for date in desk.session().post(f"{path}/check", named)["dates"]] == ["free"]
    desk.session().post(f"{path}/cancel", {**named, "reason": "away", "by": "patient"})
    statuses = [each["status"] for each in desk.session().get(path)["appointments"]]
    assert statuses == ["booked", "booked", "cancelled", "booked", "booked", "booked"]
