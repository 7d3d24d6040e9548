"""How far a visit came."""

from dataclasses import dataclass

from cli.imports.synthea.directory import Json
from cli.imports.synthea.plan import Visit


@dataclass(kw_only=True)
class Trail:
    """One visit on its way. `status` is its appointment's; `stopped` is the reason why it went no further."""

    visit: Visit
    appointment_id: str = ""
    encounter_id: str = ""
    status: str = ""
    stopped: str = ""

    def note(self, appointment: Json) -> None:
        """What the API says of its appointment."""
        self.appointment_id, self.status = appointment["appointment_id"], appointment["status"]
        self.encounter_id = appointment.get("encounter_id") or ""
