"""Appointment types and practitioners as rows, and back."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from psycopg2.extras import Json

from services.scheduling.domain.places import AppointmentType, PlannedChange, Practitioner
from services.scheduling.domain.resources import Need
from shared.database.session import Row


def row_of_type(kind: AppointmentType) -> dict[str, Any]:
    """What its statements take."""
    planned = [{"from_on": it.from_on.isoformat(), "changes": _plain(it.changes)} for it in kind.planned]
    return vars(kind) | {
        "needs": Json(_needs_row(kind.needs)),
        "planned": Json(planned),
        "planned_minutes": max((it.changes.get("minutes", 0) for it in kind.planned), default=0),
    }


def type_of(row: Row, **names: Any) -> AppointmentType:
    """The type of a row with all of its columns, `names` in the place of those that the row calls otherwise."""
    known = {name: row[name] for name in AppointmentType.__dataclass_fields__ if name not in names}
    rich = {"needs": _needs(row["needs"]), "planned": tuple(_planned(it) for it in row["planned"])}
    return AppointmentType(**known | names | rich)


def row_of_practitioner(practitioner: Practitioner) -> dict[str, Any]:
    """What its statements take."""
    return vars(practitioner) | {"languages": list(practitioner.languages)}


def practitioner_of(row: Row) -> Practitioner:
    return Practitioner(**row | {"languages": tuple(row["languages"])})


def _needs_row(needs: Iterable[Need]) -> list[dict[str, Any]]:
    return [vars(need) for need in needs]


def _needs(rows: Iterable[dict[str, Any]]) -> tuple[Need, ...]:
    return tuple(Need(**row) for row in rows)


def _plain(changes: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _needs_row(value) if name == "needs" else value for name, value in changes.items()}


def _planned(row: dict[str, Any]) -> PlannedChange:
    changes = {name: _needs(value) if name == "needs" else value for name, value in row["changes"].items()}
    return PlannedChange(from_on=date.fromisoformat(row["from_on"]), changes=changes)
