"""A small real service for the tests of the calls layer: counters of a site, in the base's own tables.

python tests/integration/calls/small_service.py      (settings as of `shared.run serve scheduling`)
"""

from shared.run import make_green

if __name__ == "__main__":
    make_green()

import sys
import time
from dataclasses import dataclass
from uuid import UUID

from marshmallow import Schema, fields, post_load

from shared.calls.entrypoints import command, query
from shared.calls.units import Units
from shared.database.statements import Statements
from shared.database.unit_of_work import UnitOfWork
from shared.errors import NotFound, Refused

MUCH = 12_000_000


class TooMany(Refused):
    """A rule that depends on what is stored."""

    slug = "too-many"


@dataclass(frozen=True)
class AddThing:
    site_id: UUID
    name: str
    seconds: float


class AddThingSchema(Schema):
    site_id = fields.UUID(required=True)
    name = fields.String(required=True, metadata={"phi": True})
    seconds = fields.Float(load_default=0.0)

    @post_load
    def make(self, loaded, **_):
        return AddThing(**loaded)


class ThingSchema(Schema):
    thing_id = fields.Integer()
    site_id = fields.UUID()
    name = fields.String()


class CountQuestion(Schema):
    site_id = fields.UUID(required=True)


class CountAnswer(Schema):
    things = fields.Integer()


class SmallUnitOfWork(UnitOfWork):
    statements = Statements.beside(__file__)


class SmallService:
    name = "scheduling"
    units = Units(SmallUnitOfWork)

    @command(AddThingSchema, ThingSchema, scope="things:write")
    def add_thing(self, command, uow):
        with uow:
            uow.asker.require_site(command.site_id)
            if uow.sql.one("count-things", site_id=command.site_id)["things"] >= 100:
                raise TooMany({"most": 100})
            thing = uow.sql.one("add-thing", network_id=uow.network_id, site_id=command.site_id, name=command.name)
            time.sleep(command.seconds)
            return uow.commit(thing)

    @command(AddThingSchema, ThingSchema, scope="things:write")
    def refuse_thing(self, command, uow):
        with uow:
            uow.sql.one("add-thing", network_id=uow.network_id, site_id=command.site_id, name=command.name)
            raise TooMany({"most": 0})

    @command(AddThingSchema, ThingSchema, scope="things:write")
    def fail_with_its_text(self, command, uow):
        with uow:
            uow.sql.one("add-wrongly", name=command.name)
            return uow.commit(None)

    @command(AddThingSchema, ThingSchema, scope="things:write")
    def add_some_wrongly(self, command, uow):
        with uow:
            thing = uow.sql.one("add-thing", network_id=uow.network_id, site_id=command.site_id, name=command.name)
            if command.name == "wrong":
                uow.sql.one("add-wrongly", name=command.name)
            return uow.commit(thing)

    @command(AddThingSchema, ThingSchema, scope="things:write")
    def contend(self, command, uow):
        with uow:
            thing = uow.sql.one("lock-two", seconds=command.seconds, name=command.name, network_id=uow.network_id)
            return uow.commit(thing)

    @query(CountQuestion, CountAnswer, scope="things:read")
    def count(self, question, uow):
        if not uow.asker.may_see(question["site_id"]):
            raise NotFound
        return uow.sql.one("count-things", site_id=question["site_id"])

    @query(CountQuestion, ThingSchema, scope="things:read")
    def much(self, question, uow):
        return {"name": "x" * MUCH}

    @query(CountQuestion, CountAnswer, scope="things:read")
    def sleep_in_the_database(self, question, uow):
        return uow.sql.one("sleep", seconds=6)


if __name__ == "__main__":
    from shared.logs import configure_logs
    from shared.processes.serve import serve

    configure_logs("small-serve")
    sys.exit(serve(SmallService))
