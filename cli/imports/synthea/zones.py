"""The time zone of an address in the United States, by its state.

Only states that lie in one zone are here (tz database, `zone1970.tab` and 49 CFR part 71); an address in a
state that two zones share is ambiguous without a survey of ZIP codes, and gives no zone.
"""

_STATES = {
    "America/New_York": (
        "CT Connecticut, DC District of Columbia, DE Delaware, GA Georgia, MA Massachusetts, MD Maryland, ME Maine, "
        "NC North Carolina, NH New Hampshire, NJ New Jersey, NY New York, OH Ohio, PA Pennsylvania, "
        "RI Rhode Island, SC South Carolina, VA Virginia, VT Vermont, WV West Virginia"
    ),
    "America/Chicago": (
        "AL Alabama, AR Arkansas, IA Iowa, IL Illinois, LA Louisiana, MN Minnesota, MO Missouri, MS Mississippi, "
        "OK Oklahoma, WI Wisconsin"
    ),
    "America/Denver": "CO Colorado, MT Montana, NM New Mexico, UT Utah, WY Wyoming",
    "America/Los_Angeles": "CA California, WA Washington",
    "Pacific/Honolulu": "HI Hawaii",
    "America/Puerto_Rico": "PR Puerto Rico",
}

_ZONES = {
    word.casefold(): zone
    for zone, states in _STATES.items()
    for state in states.split(", ")
    for word in state.split(" ", 1)
}


def zone_of_state(state: str | None) -> str | None:
    """The IANA zone of a state, given as postal code or by its name; None where that does not decide it."""
    return _ZONES.get((state or "").strip().casefold())
