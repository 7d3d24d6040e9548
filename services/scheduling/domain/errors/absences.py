"""Why an absence, or a place on its reschedule list, cannot be what was asked for."""

from shared.errors import Invalid, Refused


class ImpossibleAbsence(Invalid):
    """An absence that ends before it starts, or lasts longer than a year."""

    slug = "impossible-absence"

    def __init__(self) -> None:
        super().__init__(errors=[{"field": "until_at", "message": "must be after from_at, at most 366 days"}])


class AbsenceOver(Refused):
    """The time of the absence has passed."""

    slug = "absence-over"


class AbsenceUndone(Refused):
    """The absence was undone already."""

    slug = "absence-undone"


class PractitionerElsewhere(Refused):
    """The practitioner works at none of the asker's sites, so that another has to mark the absence."""

    slug = "practitioner-elsewhere"


class RescheduleSettled(Refused):
    """The visit is off the list. `details.state` says how: moved, cancelled or withdrawn."""

    slug = "reschedule-settled"


class NoSuchProposal(Refused):
    """There are not so many proposals. `details.proposals` are those that there are."""

    slug = "no-such-proposal"


class ProposalTaken(Refused):
    """Somebody has that time meanwhile; the visit stays. `details.proposals` are times that are free now."""

    slug = "proposal-taken"
