"""Where the records come from: FHIR bundles, bulk NDJSON, CSV exports; folders, archives, compressed or not."""

from collections.abc import Iterator
from pathlib import Path

from cli.imports.synthea.sources.csv_files import read_csv
from cli.imports.synthea.sources.fhir_files import read_json, read_ndjson
from cli.imports.synthea.sources.files import File, files_of
from cli.imports.synthea.sources.record import Found, Record, Resource, SourceUnreadable, Unreadable

__all__ = ["Found", "Record", "Resource", "SourceUnreadable", "Unreadable", "read_source"]

_READERS = {".json": read_json, ".ndjson": read_ndjson, ".jsonl": read_ndjson, ".csv": read_csv}


def read_source(source: Path) -> Iterator[Found]:
    """Everything that the source holds, readable or not. Raises SourceUnreadable where it holds no file of a kind."""
    found = False
    for file in files_of(source):
        if reader := _READERS.get(file.kind):
            found = True
            yield from _all_of(file, reader(file))
    if not found:
        raise SourceUnreadable(f"{source.name}: no .json, .ndjson or .csv file in it")


def _all_of(file: File, records: Iterator[Found]) -> Iterator[Found]:
    """A file that breaks off (a truncated archive, say) keeps what came before and is told of once."""
    try:
        yield from records
    except (OSError, EOFError, ValueError) as broken:
        yield Unreadable(place=file.name, reason=f"the file breaks off ({type(broken).__name__})")
