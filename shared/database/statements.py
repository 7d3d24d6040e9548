"""SQL by name: every statement of a service stands in its `queries.sql` under `-- name: <kebab-name>`."""

import re
from pathlib import Path

_NAME = re.compile(r"^-- name: ([a-z0-9-]+)\s*$", re.MULTILINE)


class Statements:
    """The named statements of one or more files."""

    def __init__(self, *paths: Path) -> None:
        self._texts: dict[str, str] = {}
        for path in paths:
            self._add(path)

    @classmethod
    def beside(cls, module_file: str) -> "Statements":
        """The statements of `queries.sql` in the module's folder."""
        return cls(Path(module_file).with_name("queries.sql"))

    def __getitem__(self, name: str) -> str:
        return self._texts[name]

    def names(self) -> list[str]:
        return sorted(self._texts)

    def _add(self, path: Path) -> None:
        pieces = _NAME.split(path.read_text(encoding="utf-8"))[1:]
        for name, text in zip(pieces[::2], pieces[1::2], strict=True):
            if name in self._texts:
                raise ValueError(f"two statements are named {name}")
            self._texts[name] = text.strip()
