"""Statements that PostgreSQL plans once a connection, not once an execution: planning cost more than the work.

psycopg2 puts values into the text and PostgreSQL reads and plans each text anew. Here the text is prepared when a
connection first runs it, with `$1, $2 ...` for the values, and then executed by its name. Each place of a parameter is
a parameter of its own, as it was with values in the text: its type follows from where it stands. A cast is made where
the value is too, since texts become ids only when they are asked to.
"""

import hashlib
import re
from collections.abc import Mapping
from typing import Any
from weakref import WeakKeyDictionary

from psycopg2.extensions import connection as Connection  # noqa: N812

_COMMENT = re.compile(r"^\s*--.*$\n?", re.MULTILINE)
_PARAMETER = re.compile(r"(%\(\w+\)s)(::\w+(?:\[\])?)?")
_known: WeakKeyDictionary[Connection, set[str]] = WeakKeyDictionary()


class Prepared:
    """One statement, `text` with psycopg2's named parameters; `execution` runs it where `preparation` has run.

    `label`: what pg_stat_activity shows of it.
    """

    def __init__(self, label: str, text: str) -> None:
        self.text = text
        bare = _COMMENT.sub("", text)
        values = [found[0] for found in _PARAMETER.finditer(bare)]
        places = iter(range(1, len(values) + 1))
        numbered = _PARAMETER.sub(lambda found: f"${next(places)}{found[2] or ''}", bare)
        self.name = f'"{label[:50]} {hashlib.sha256(text.encode()).hexdigest()[:8]}"'
        self.preparation = f"PREPARE {self.name} AS {numbered.replace('%%', '%')}"
        self.execution = f"EXECUTE {self.name} ({', '.join(values)})" if values else f"EXECUTE {self.name}"

    def execute_on(self, cursor: Any, params: Mapping[str, Any]) -> None:
        """Runs it; rows, row count and status are the cursor's, as if its text had been run."""
        known = _known.setdefault(cursor.connection, set())
        if self.name not in known:
            cursor.prepare(self.preparation)
            known.add(self.name)
        cursor.execute(self.execution, params)
