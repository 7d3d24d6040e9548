"""Why records refuses: one class per reason."""

from shared.errors import Invalid, Refused


class NumberNotOfPatient(Refused):
    """A consent names a number that the patient does not have."""

    slug = "number-not-of-patient"


class MoreIdentifiersNeeded(Refused):
    """Several patients match what was given; the answer says neither how many nor where."""

    slug = "more-identifiers-needed"


class TwoIdentifiersNeeded(Invalid):
    """Another site's patient is opened by two identifiers, never by one."""

    slug = "two-identifiers-needed"


class ConsentWithoutNumber(Invalid):
    """Texting was agreed to, but no number was given."""

    slug = "consent-without-number"


class EncounterAlreadyFinished(Refused):
    """A finished encounter is final."""

    slug = "encounter-already-finished"


class EncounterVoided(Refused):
    """The check-in was undone: there is nothing to finish."""

    slug = "encounter-voided"


class PointerWithoutDiagnosis(Invalid):
    """A procedure points at a diagnosis that is not in the list."""

    slug = "pointer-without-diagnosis"
