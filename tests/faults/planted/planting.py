"""Changing a module of the product right after it was imported, from outside: the product has no hook for it.

`@plant("mark-before-confirm", "shared.messaging.publishing")` is put on a function that gets that module.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType

Change = Callable[[ModuleType], None]
_PLANTS: dict[str, list[tuple[str, Change]]] = defaultdict(list)


def plant(name: str, module: str) -> Callable[[Change], Change]:
    """Keeps a change under a name; one name may change several modules."""

    def kept(change: Change) -> Change:
        _PLANTS[name].append((module, change))
        return change

    return kept


class AfterImport(MetaPathFinder):
    """Lets the usual finder find, and has the changes made once the module has run."""

    def __init__(self, names: Iterable[str]) -> None:
        self._changes: dict[str, list[Change]] = defaultdict(list)
        for name in names:
            for module, change in _PLANTS[name]:
                self._changes[module].append(change)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname not in self._changes:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader.exec_module = self._with_changes(fullname, spec.loader.exec_module)  # type: ignore[method-assign]
        return spec

    def _with_changes(self, name: str, run: Change) -> Change:
        def run_and_change(module: ModuleType) -> None:
            run(module)
            for change in self._changes[name]:
                change(module)

        return run_and_change
