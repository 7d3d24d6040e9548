"""SQL by name: every statement of a service stands in its `queries.sql` under `-- name: <kebab-name>`.

What several statements of a file have in common (the columns of a row) may stand once under `-- part: <kebab-name>`;
`{<kebab-name>}` in a statement is that text.
"""

import re
from pathlib import Path

from shared.database.prepared import Prepared

_HEAD = re.compile(r"^-- (name|part): ([a-z0-9-]+)\s*$", re.MULTILINE)
_EITHER_WAY = "%(backwards)s"
_PART = re.compile(r"\{([a-z0-9-]+)\}")


class Statements:
    """The named statements of one or more files."""

    def __init__(self, *paths: Path) -> None:
        self._texts: dict[str, str] = {}
        self._prepared: dict[str, Prepared | None] = {}
        for path in paths:
            self._add(path)

    @classmethod
    def beside(cls, module_file: str) -> "Statements":
        """The statements of `queries.sql` in the module's folder."""
        return cls(Path(module_file).with_name("queries.sql"))

    def __getitem__(self, name: str) -> str:
        return self._texts[name]

    def prepared(self, name: str) -> Prepared | None:
        """The statement to be planned once; None for a list that goes either way, whose plan is another each way."""
        if name not in self._prepared:
            self._prepared[name] = None if _EITHER_WAY in self._texts[name] else Prepared(name, self._texts[name])
        return self._prepared[name]

    def names(self) -> list[str]:
        return sorted(self._texts)

    def _add(self, path: Path) -> None:
        pieces = _HEAD.split(path.read_text(encoding="utf-8"))[1:]
        parts: dict[str, str] = {}
        for kind, name, text in zip(pieces[::3], pieces[1::3], pieces[2::3], strict=True):
            known = parts if kind == "part" else self._texts
            if name in known:
                raise ValueError(f"two {kind}s are called {name}")
            known[name] = _PART.sub(lambda found: parts[found[1]], text.strip())
