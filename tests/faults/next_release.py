"""A release that comes after this one: a copy of the product in which a column has another name and events say more.

`texts.told_at` of scheduling becomes `settled_at`, first beside the old name (expand), then alone (contract). Events
of appointments have a field that this release does not know.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
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
# (folder, of whose files one holds these words, each once, and what is put behind them)
_CHANGES = (
    ("services/scheduling/domain", {"    cancelled_reason: str | None = None\n": '    channel = "desk"\n'}),
    ("shared/events", {"    cancelled_reason: str | None\n": '    channel: str = "desk"\n'}),
    (
        "shared/events/schemas",
        {
            "    cancelled_reason = text(allow_none=True, phi=True)\n": '    channel = Text(load_default="desk")\n',
            "from shared.events.schemas.base import ": "Text, ",
        },
    ),
)
# What the release itself holds, and the file after its own where there is one.
_MIGRATE = """
import sys
from collections.abc import Mapping
from pathlib import Path
from shared.database.migrate import Migration, migrate, migrations_of
url, *files = sys.argv[1:]
after = [Migration(f"scheduling/{Path(file).stem}", Path(file).read_text("utf-8")) for file in files]
print(*migrate(url, "scheduling", [*migrations_of("scheduling"), *after]))
"""


class NotMigrated(Exception):
    """The migration has ended without success; it may be begun again."""


class NextRelease:
    """The copy in `folder`; this release is the checkout itself."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in _FOLDERS:
            shutil.copytree(ROOT / name, folder / name)
        for where, changes in _CHANGES:
            self._change(where, changes)
        self._rename_column()
        expand = self._number()
        (folder / _MIGRATIONS / f"{expand:04}_settled_at_beside_told_at.sql").write_text(_EXPAND, "utf-8")
        # Not among this release's own, without which its processes are not ready: it comes with the release after it.
        self._contract = folder / f"{expand + 1:04}_settled_at_alone.sql"
        self._contract.write_text(_CONTRACT, "utf-8")

    def settings(self) -> dict[str, str]:
        """What makes a process run this release's code."""
        return {"PYTHONSAFEPATH": "1", "PYTHONPATH": str(self.folder)}

    def expand(self, url: str, **settings: str) -> None:
        """Migrates scheduling, as `frontdesk migrate` of this release does before its processes are started.

        Does nothing where that was done already; raises NotMigrated. `settings` are the command's own.
        """
        self._migrate(url, settings)

    def contract(self, url: str, **settings: str) -> None:
        """Migrates again, once no process of the release before runs."""
        self._migrate(url, settings, self._contract)

    def _change(self, where: str, changes: Mapping[str, str]) -> None:
        texts = {path: path.read_text("utf-8") for path in (self.folder / where).rglob("*.py")}
        found = [path for path, text in texts.items() if all(text.count(words) == 1 for words in changes)]
        assert len(found) == 1, f"{where} has changed: plant the next release anew"
        changed = texts[found[0]]
        for words, more in changes.items():
            changed = changed.replace(words, words + more)
        found[0].write_text(changed, "utf-8")

    def _rename_column(self) -> None:
        """In every statement of scheduling; what has been migrated stays as it is."""
        service = self.folder / "services/scheduling"
        statements = [path for path in service.rglob("*.sql") if path.parent.name != "migrations"]
        concerned = [path for path in statements if "told_at" in path.read_text("utf-8")]
        assert concerned, "no statement of scheduling names texts.told_at: plant the next release anew"
        for path in concerned:
            path.write_text(path.read_text("utf-8").replace("told_at", "settled_at"), "utf-8")

    def _number(self) -> int:
        """The first that no migration of scheduling has."""
        return 1 + max(int(path.name[:4]) for path in (self.folder / _MIGRATIONS).glob("[0-9]*.sql"))

    def _migrate(self, url: str, settings: Mapping[str, str], *after: Path) -> None:
        command = [sys.executable, "-c", _MIGRATE, url, *map(str, after)]
        environment = os.environ | self.settings() | settings
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise NotMigrated(done.stderr[-300:])


def this_release() -> dict[str, str]:
    """What makes a process run the checkout's code again."""
    return {"PYTHONSAFEPATH": "", "PYTHONPATH": str(ROOT)}
