"""The files of a source: in a folder, in a tar archive, or one alone; .xz, .gz and .bz2 are taken off."""

import bz2
import gzip
import io
import lzma
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import IO, cast

from cli.imports.synthea.sources.record import SourceUnreadable

Opener = Callable[[IO[bytes]], IO[bytes]]

_COMPRESSED: dict[str, Opener] = {
    ".xz": lambda raw: cast("IO[bytes]", lzma.LZMAFile(raw)),  # noqa: SIM115 (ends with the file below it)
    ".gz": lambda raw: cast("IO[bytes]", gzip.GzipFile(fileobj=raw)),
    ".bz2": lambda raw: cast("IO[bytes]", bz2.BZ2File(raw)),
}


@dataclass(frozen=True, kw_only=True)
class File:
    """One file. `kind` is its suffix without the compression's, in lower case; `stem` its name without either."""

    name: str
    content: IO[bytes]

    @property
    def kind(self) -> str:
        return _plain(self.name).suffix.lower()

    @property
    def stem(self) -> str:
        return _plain(self.name).stem

    def lines(self) -> Iterator[bytes]:
        """Line by line, however long the file is."""
        return iter(self.content)

    def text(self) -> IO[str]:
        """As UTF-8, with or without a byte order mark; what is not UTF-8 becomes U+FFFD."""
        return io.TextIOWrapper(self.content, "utf-8-sig", errors="replace", newline="")


def files_of(source: Path) -> Iterator[File]:
    """All files, each to be read before the next is asked for. Raises SourceUnreadable."""
    if source.is_dir():
        for path in sorted(path for path in source.rglob("*") if path.is_file()):
            yield from _one(path, str(path.relative_to(source)))
    elif not source.is_file():
        raise SourceUnreadable(f"{source.name}: no such file or folder")
    elif tarfile.is_tarfile(source):
        yield from _members(source)
    else:
        yield from _one(source, source.name)


def _one(path: Path, name: str) -> Iterator[File]:
    with path.open("rb") as raw:
        yield File(name=name, content=_uncompressed(name, raw))


def _members(archive: Path) -> Iterator[File]:
    """In the archive's own order: it is read once, from its beginning to its end."""
    try:
        with tarfile.open(archive) as tar:
            for member in tar:
                if member.isfile() and (raw := tar.extractfile(member)):
                    yield File(name=member.name, content=_uncompressed(member.name, raw))
    except (tarfile.TarError, EOFError, lzma.LZMAError) as broken:
        raise SourceUnreadable(f"{archive.name}: a broken archive ({type(broken).__name__})") from broken


def _uncompressed(name: str, raw: IO[bytes]) -> IO[bytes]:
    opener = _COMPRESSED.get(PurePath(name).suffix.lower())
    return opener(raw) if opener else raw


def _plain(name: str) -> PurePath:
    path = PurePath(name)
    return path.with_suffix("") if path.suffix.lower() in _COMPRESSED else path
