"""Which code systems an X12 claim can carry, by their FHIR R4 URIs. No code is ever mapped to another system."""

from collections.abc import Iterable

from shared.events.records import Coding, Procedure

# 837P: HI names diagnoses in ICD-10-CM (ABK, ABF); SV101 names procedures in HCPCS, CPT being its first level (HC).
DIAGNOSIS_SYSTEMS = frozenset({"http://hl7.org/fhir/sid/icd-10-cm"})
PROCEDURE_SYSTEMS = frozenset(
    {
        "http://www.ama-assn.org/go/cpt",
        "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets",
        "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets",
        "urn:oid:2.16.840.1.113883.6.285",
    }
)


def are_billable(diagnoses: Iterable[Coding], procedures: Iterable[Procedure]) -> bool:
    """Whether every code is of a system that a claim can carry."""
    return all(code.system in DIAGNOSIS_SYSTEMS for code in diagnoses) and all(
        code.system in PROCEDURE_SYSTEMS for code in procedures
    )
