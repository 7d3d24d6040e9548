"""A release that comes after this one: a copy of the product in which a column has another name and events say more.

`texts.told_at` of scheduling becomes `settled_at`, first beside the old name (expand), then alone (contract). Events
of appointments have a field that this release does not know.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from cli.instance import ROOT

_FOLDERS = ("services", "shared", "gateway")
_MIGRATIONS = Path("services/scheduling/migrations")

# While both releases run each writes and reads its own column; the trigger keeps them the same.
_EXPAND = """
ALTER TABLE texts ADD COLUMN settled_at timestamptz;
UPDATE texts SET settled_at = told_at;
CREATE FUNCTION settled_is_told() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.told_at := coalesce(NEW.told_at, NEW.settled_at);
        NEW.settled_at := NEW.told_at;
    ELSIF NEW.settled_at IS DISTINCT FROM OLD.settled_at THEN
        NEW.told_at := NEW.settled_at;
    ELSE
        NEW.settled_at := NEW.told_at;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER texts_settled_is_told BEFORE INSERT OR UPDATE ON texts
    FOR EACH ROW EXECUTE FUNCTION settled_is_told();
"""
_CONTRACT = """
DROP TRIGGER texts_settled_is_told ON texts;
DROP FUNCTION settled_is_told();
ALTER TABLE texts ALTER COLUMN settled_at SET NOT NULL, DROP COLUMN told_at;
CREATE INDEX texts_appointment_idx ON texts (network_id, appointment_id, settled_at);
"""
# (file, what stands there once, what takes its place)
_CHANGES = (
    (
        "services/scheduling/domain/appointment.py",
        "    cancelled_reason: str | None = None\n",
        '    cancelled_reason: str | None = None\n    channel = "desk"\n',
    ),
    (
        "shared/events/scheduling.py",
        "    cancelled_reason: str | None\n",
        '    cancelled_reason: str | None\n    channel: str = "desk"\n',
    ),
    (
        "shared/events/schemas/scheduling.py",
        "    cancelled_reason = text(allow_none=True, phi=True)\n",
        '    cancelled_reason = text(allow_none=True, phi=True)\n    channel = Text(load_default="desk")\n',
    ),
    (
        "shared/events/schemas/scheduling.py",
        "from shared.events.schemas.base import ConditionSchema,",
        "from shared.events.schemas.base import ConditionSchema, Text,",
    ),
)
_MIGRATE = "import sys; from shared.database.migrate import migrate; print(migrate(*sys.argv[1:]))"


class NextRelease:
    """The copy in `folder`; this release is the checkout itself."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in _FOLDERS:
            shutil.copytree(ROOT / name, folder / name)
        for file, old, new in _CHANGES:
            self._change(file, old, new)
        statements = folder / "services/scheduling/queries.sql"
        statements.write_text(statements.read_text("utf-8").replace("told_at", "settled_at"), "utf-8")
        self._expand = self._add_migration("settled_at_beside_told_at", _EXPAND)

    def settings(self) -> dict[str, str]:
        """What makes a process run this release's code."""
        return {"PYTHONSAFEPATH": "1", "PYTHONPATH": str(self.folder)}

    def expand(self, url: str) -> None:
        """Migrates scheduling, as `frontdesk migrate` of this release does before its processes are started."""
        self._migrate(url, self._expand)

    def contract(self, url: str) -> None:
        """Migrates again, once no process of the release before runs."""
        self._migrate(url, self._add_migration("settled_at_alone", _CONTRACT))

    def _change(self, file: str, old: str, new: str) -> None:
        path = self.folder / file
        text = path.read_text("utf-8")
        assert text.count(old) == 1, f"{file} has changed: plant the next release anew"
        path.write_text(text.replace(old, new), "utf-8")

    def _add_migration(self, title: str, text: str) -> str:
        folder = self.folder / _MIGRATIONS
        name = f"{len(list(folder.glob('*.sql'))) + 1:04}_{title}"
        (folder / f"{name}.sql").write_text(text, "utf-8")
        return name

    def _migrate(self, url: str, name: str) -> None:
        command = [sys.executable, "-c", _MIGRATE, url, "scheduling"]
        done = subprocess.run(command, env=os.environ | self.settings(), capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert done.stdout.strip() == f"['scheduling/{name}']"


def this_release() -> dict[str, str]:
    """What makes a process run the checkout's code again."""
    return {"PYTHONSAFEPATH": "", "PYTHONPATH": str(ROOT)}
