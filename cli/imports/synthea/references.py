"""What a reference names: by id, by a bundle entry's address, or by an identifier (a conditional reference).

FHIR R4 writes them as `urn:uuid:<id>`, `<Type>/<id>`, `<base>/<Type>/<id>/_history/<version>`,
`<Type>?identifier=<system>|<value>` (http.html#transaction, conditional references) and as a logical reference with
an `identifier` (references.html#logical).
"""

from urllib.parse import parse_qs, urlsplit

from cli.imports.synthea.sources import Resource

_URN = "urn:"


class References:
    """The index of a source. An identifier that two records bear names neither."""

    def __init__(self) -> None:
        self._ids: dict[str, set[str]] = {}
        self._urls: dict[str, tuple[str, str]] = {}
        self._identifiers: dict[tuple[str, str], set[tuple[str | None, str]]] = {}

    def add(self, resource: Resource, url: str) -> None:
        """One record that has its id."""
        kind, source_id = resource["resourceType"], resource["id"]
        self._ids.setdefault(kind, set()).add(source_id)
        if url:
            self._urls.setdefault(url, (kind, source_id))
        for each in resource.get("identifier", []):
            if value := each.get("value"):
                self._identifiers.setdefault((kind, value), set()).add((each.get("system"), source_id))

    def find(self, kind: str, reference: Resource | None) -> str | None:
        """The id of the record of that kind; None where the source has none, or more than one."""
        if reference is None:
            return None
        if text := reference.get("reference"):
            return self._literal(kind, text)
        named = reference.get("identifier", {})
        return self._identified(kind, named.get("system"), named.get("value"))

    def _literal(self, kind: str, text: str) -> str | None:
        if text in self._urls:
            found, source_id = self._urls[text]
            return source_id if found == kind else None
        if "?" in text:
            return self._conditional(kind, text)
        if text.startswith(_URN):
            return self._known(kind, text.rpartition(":")[2])
        parts = text.partition("/_history/")[0].split("/")
        if len(parts) > 1 and parts[-2] != kind:
            return None
        return self._known(kind, parts[-1])

    def _known(self, kind: str, source_id: str) -> str | None:
        return source_id if source_id in self._ids.get(kind, ()) else None

    def _conditional(self, kind: str, text: str) -> str | None:
        address = urlsplit(text)
        if address.path.rstrip("/").rpartition("/")[2] != kind:
            return None
        asked = parse_qs(address.query)
        if "_id" in asked:
            return self._known(kind, asked["_id"][0])
        if "identifier" not in asked:
            return None
        system, bar, value = asked["identifier"][0].partition("|")
        return self._identified(kind, system if bar else None, value if bar else system)

    def _identified(self, kind: str, system: str | None, value: str | None) -> str | None:
        """Without a system any will do (search.html#token)."""
        bearers = self._identifiers.get((kind, value or ""), set())
        ids = {source_id for found, source_id in bearers if not system or found == system}
        return ids.pop() if len(ids) == 1 else None
