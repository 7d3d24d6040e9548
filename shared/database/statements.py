"""SQL by name: every statement of a service stands in its `queries.sql` under `-- name: <kebab-name>`.

A crowded `queries.sql` is a folder `queries/` of files by the domain's words. What several statements have in common
(the columns of a row) may stand once under `-- part: <kebab-name>`; `{<kebab-name>}` in a statement is that text. A
part may name parts before it, in the order of the files' names.
"""

import re
from pathlib import Path

from shared.database.prepared import Prepared

_HEAD = re.compile(r"^-- (name|part): ([a-z0-9-]+)\s*$", re.MULTILINE)
_EITHER_WAY = "%(backwards)s"
_PART = re.compile(r"\{([a-z0-9-]+)\}")


class Statements:
    """The named statements of one or more files, or of the files of a folder."""

    def __init__(self, *paths: Path) -> None:
        self._texts = _texts([file for path in paths for file in _files(path)])
        self._prepared: dict[str, Prepared | None] = {}

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


def _files(path: Path) -> list[Path]:
    return sorted(path.glob("*.sql")) if path.is_dir() else [path]


def _texts(files: list[Path]) -> dict[str, str]:
    texts: dict[str, str] = {}
    parts: dict[str, str] = {}
    for kind, name, text in (piece for file in files for piece in _pieces(file)):
        known = parts if kind == "part" else texts
        if name in known:
            raise ValueError(f"two {kind}s are called {name}")
        known[name] = _filled(text, parts) if kind == "part" else text
    return {name: _filled(text, parts) for name, text in texts.items()}


def _pieces(file: Path) -> list[tuple[str, str, str]]:
    pieces = _HEAD.split(file.read_text(encoding="utf-8"))[1:]
    return [(kind, name, text.strip()) for kind, name, text in zip(*[iter(pieces)] * 3, strict=True)]


def _filled(text: str, parts: dict[str, str]) -> str:
    return _PART.sub(lambda found: parts[found[1]], text)
