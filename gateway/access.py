"""Roles and the scopes that they bring: the one table of who may do what."""

from collections.abc import Mapping

SECRETARY = frozenset(
    {
        "sites:read",
        "patients:read",
        "patients:write",
        "appointments:read",
        "appointments:write",
        "encounters:read",
        "texts:read",
        "conversations:read",
        "conversations:write",
        "tasks:read",
        "tasks:write",
    }
)
CLINICIAN = frozenset(
    {
        "sites:read",
        "patients:read",
        "appointments:read",
        "appointments:write",
        "encounters:read",
        "encounters:write",
    }
)
BILLER = frozenset(
    {"sites:read", "patients:read", "encounters:read", "fees:read", "fees:write", "claims:read", "tasks:read"}
)
MANAGER = (
    SECRETARY
    | CLINICIAN
    | BILLER
    | {
        "network:manage",
        "appointments:backdate",
        "appointments:overbook",
        "appointments:override-rules",
        "figures:read",
        "texts:templates",
    }
)
INTEGRATION = MANAGER | {"texts:reply"}

SCOPES: Mapping[str, frozenset[str]] = {
    "secretary": SECRETARY,
    "clinician": CLINICIAN,
    "biller": BILLER,
    "manager": MANAGER,
    "integration": INTEGRATION,
}

# HL7 PurposeOfUse, as audit entries must name it.
PURPOSES: Mapping[str, str] = {
    "secretary": "HOPERAT",
    "clinician": "TREAT",
    "biller": "HPAYMT",
    "manager": "HOPERAT",
    "integration": "HOPERAT",
}

ALL_SCOPES = frozenset[str]().union(*SCOPES.values())


def scopes_of(role: str) -> frozenset[str]:
    """The scopes of a role; none for a word that is no role."""
    return SCOPES.get(role, frozenset())
