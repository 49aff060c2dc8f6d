"""Open what she chose, a file, a folder or a zip, and hand out its bytes within the limits of security.md 3.9.

What a file is, its first bytes say, not its name.
"""

import os
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from crisisdesk.errors import FileProblem
from crisisdesk.i18n import N_, _

MEGABYTE = 1024 * 1024
FILE_LIMIT = 25 * MEGABYTE  # one JSON or CSV file
TOTAL_LIMIT = 200 * MEGABYTE  # all of a folder or zip
ENTRY_LIMIT = 1_000  # files in a folder or zip
RATIO_LIMIT = 100  # what a zip unpacks to, over its own size
_RATIO_FROM = MEGABYTE  # small files of blanks pack well and harm nobody
_CHUNK = 256 * 1024
_DEPTH = 3  # folders below the one she chose
_ENDINGS = (".csv", ".json", ".jsonl", ".tsv", ".txt")
_LOCKED = 0x1  # a zip entry's flag bit: encrypted
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# What the zip reader raises for damaged or hostile archives, as fuzzing found.
_ZIP_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, struct.error, ValueError)

_FOREIGN = (  # first bytes, what the file is
    (b"%PDF", N_("a PDF document")),
    (b"\x89PNG", N_("a picture")),
    (b"\xff\xd8\xff", N_("a picture")),
    (b"GIF8", N_("a picture")),
    (b"RIFF", N_("a picture or sound")),
    (b"\xd0\xcf\x11\xe0", N_("a document of an old Office program")),
    (b"\x1f\x8b", N_("an archive of a kind that can’t be opened here (gz)")),
    (b"7z\xbc\xaf\x27\x1c", N_("an archive of a kind that can’t be opened here (7z)")),
    (b"Rar!", N_("an archive of a kind that can’t be opened here (rar)")),
    (b"SQLite format 3", N_("a database")),
    (b"\x7fELF", N_("a program")),
)
_PAGE_STARTS = (b"<!doctype html", b"<html", b"<head")
_OFFICE_PARTS = ("[Content_Types].xml", "mimetype")


@dataclass(frozen=True, slots=True)
class Source:
    """One file of a directory: its name for her, its size, and how to read its bytes (which raises FileProblem)."""

    name: str
    size: int
    load: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Chosen:
    """What she chose: its name and the files in it that may hold tables."""

    title: str
    sources: tuple[Source, ...]
    is_single: bool
    is_zip: bool = False
    passed_over: tuple[str, ...] = ()  # names of files that can't hold tables


def open_chosen(path: Path) -> Chosen:
    """Return the files at a place. Raises FileProblem if there is nothing that could be a directory."""
    try:
        if path.is_dir():
            return _folder(path)
        if path.name.lower() == "datapackage.json" and len(sources := _files_of(path.parent)) > 1:
            return Chosen(path.parent.name, tuple(sources), is_single=False)  # it only describes the tables beside it
        head = _head(path)
        if head.startswith(b"PK"):
            return _zip(path)
    except FileNotFoundError as error:
        raise FileProblem(_("The file is not there any more. Please choose it again.")) from error
    except PermissionError as error:
        raise FileProblem(
            _("“{file}” may not be read on this computer. Copy it to your own folder and try again.").format(
                file=path.name
            )
        ) from error
    except OSError as error:
        raise FileProblem(
            _(
                "“{file}” can’t be read. If it lies on a stick or a shared drive, copy it to this computer first."
            ).format(file=path.name)
        ) from error
    return Chosen(path.stem, (_file_source(path),), is_single=True)


def beside(path: Path) -> Chosen:
    """Return the files in the folder of a table that was chosen by itself, the table first."""
    try:
        found = [source for source in _files_of(path.parent, depth=0) if source.name != path.name]
    except (OSError, FileProblem):
        found = []
    return Chosen(path.parent.name, (_file_source(path), *found), is_single=False)


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_CHUNK)


def _file_source(path: Path, name: str = "") -> Source:
    shown = name or path.name

    def load() -> bytes:
        try:
            with path.open("rb") as file:
                data = file.read(FILE_LIMIT + 1)
        except OSError as error:
            raise FileProblem(
                _("“{file}” can’t be read. Copy it to this computer and try again.").format(file=shown)
            ) from error
        if len(data) > FILE_LIMIT:
            raise FileProblem(_too_big(shown, path.stat().st_size))
        return data

    return Source(shown, path.stat().st_size, load)


def _too_big(name: str, size: int) -> str:
    return _(
        "“{file}” is {size} MB; CrisisDesk reads files up to {limit} MB. Ask the publisher for a smaller area."
    ).format(file=name, size=round(size / MEGABYTE), limit=FILE_LIMIT // MEGABYTE)


def checked(data: bytes, name: str) -> bytes:
    """Return the bytes, unless they are plainly something else than a table or a list. Raises FileProblem."""
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:64].lower()
    if not start:
        raise FileProblem(_("“{file}” is empty. Please download or copy it again.").format(file=name))
    for mark, what in _FOREIGN:
        if data.startswith(mark):
            raise FileProblem(_not_a_directory(name, _(what)))
    if start.startswith(_PAGE_STARTS):
        raise FileProblem(
            _(
                "“{file}” is a web page, not the list itself. "
                "Open the link in a browser, sign in if it asks, and save the file."
            ).format(file=name)
        )
    if start.startswith(b"<"):
        raise FileProblem(_not_a_directory(name, _("an XML file")))
    if _is_binary(data):
        raise FileProblem(_not_a_directory(name, _("a file of another program")))
    return data


def _not_a_directory(name: str, what: str) -> str:
    return _(
        "“{file}” is {what}, not a directory. CrisisDesk reads HSDS (Open Referral) directories as JSON or CSV."
    ).format(file=name, what=what)


def _is_binary(data: bytes) -> bool:
    """Tell bytes that are no text in any encoding: many controls, and not the zeros of UTF-16."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return False
    sample = (
        data[:_CHUNK].replace(b"\x00", b"") if data.count(0, 0, 4096) > min(len(data), 4096) // 4 else data[:_CHUNK]
    )
    controls = len(sample) - len(sample.translate(None, bytes(set(range(32)) - {9, 10, 12, 13})))
    return controls * 20 > len(sample)


# Folders ----------------------------------------------------------------------------------------------------------


def _folder(path: Path) -> Chosen:
    sources = _files_of(path)
    if not sources:
        raise FileProblem(
            _("The folder “{file}” holds no CSV or JSON files. Choose the folder in which the tables lie.").format(
                file=path.name
            )
        )
    return Chosen(path.name, tuple(sources), is_single=False)


def _files_of(folder: Path, depth: int = _DEPTH) -> list[Source]:
    found: list[Source] = []
    total = 0
    for count, path in enumerate(_walk(folder, depth), start=1):
        if count > ENTRY_LIMIT:
            raise FileProblem(
                _(
                    "The folder “{file}” holds more than {limit} files. "
                    "Choose the folder in which only the directory lies."
                ).format(file=folder.name, limit=ENTRY_LIMIT)
            )
        if path.suffix.lower() not in _ENDINGS:
            continue
        source = _file_source(path, path.relative_to(folder).as_posix())
        total += source.size
        if total > TOTAL_LIMIT:
            raise FileProblem(_too_much(folder.name))
        found.append(source)
    return found


def _walk(folder: Path, depth: int) -> Iterator[Path]:
    with os.scandir(folder) as entries:
        listed = sorted(entries, key=lambda entry: entry.name)
    for entry in listed:
        if entry.name.startswith((".", "__MACOSX")) or entry.is_symlink():
            continue
        if entry.is_file():
            yield Path(entry.path)
        elif depth and entry.is_dir():
            yield from _walk(Path(entry.path), depth - 1)


def _too_much(name: str) -> str:
    return _(
        "“{file}” unpacks to more than {limit} MB or a hundred times its size, far more than a directory needs. "
        "It was not opened; ask where it came from."
    ).format(file=name, limit=TOTAL_LIMIT // MEGABYTE)


# Zips -------------------------------------------------------------------------------------------------------------


def _zip(path: Path) -> Chosen:
    size = path.stat().st_size
    if size > TOTAL_LIMIT:
        raise FileProblem(_too_big(path.name, size))
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except _ZIP_ERRORS as error:
        raise FileProblem(_damaged(path.name)) from error
    names = [entry.filename for entry in entries]
    if any(part in names for part in _OFFICE_PARTS):
        raise FileProblem(
            _(
                "“{file}” is a workbook or document. Open it in your spreadsheet program and save each sheet as CSV."
            ).format(file=path.name)
        )
    if len(entries) > ENTRY_LIMIT:
        raise FileProblem(
            _("“{file}” holds more than {limit} files, far more than a directory needs. It was not opened.").format(
                file=path.name, limit=ENTRY_LIMIT
            )
        )
    budget = _Budget(path.name, size)
    wanted = [entry for entry in entries if _is_wanted(entry)]
    if not wanted:
        raise FileProblem(_("The zip “{file}” holds no CSV or JSON files.").format(file=path.name))
    passed_over = tuple(
        entry.filename for entry in entries if not entry.filename.endswith("/") and not _is_wanted(entry)
    )
    sources = tuple(_entry_source(path, entry, budget) for entry in wanted)
    return Chosen(path.stem, sources, is_single=False, is_zip=True, passed_over=passed_over)


def _damaged(name: str) -> str:
    return _("The zip “{file}” is damaged or was not downloaded to its end. Please download it again.").format(
        file=name
    )


def _is_wanted(entry: zipfile.ZipInfo) -> bool:
    """Take tables only; a name that climbs out of the archive is never followed, and not even read."""
    parts = PurePosixPath(entry.filename.replace("\\", "/")).parts
    outside = entry.filename.startswith(("/", "\\")) or ".." in parts or any(":" in part for part in parts)
    hidden = any(part.startswith((".", "__MACOSX")) for part in parts)
    return not outside and not hidden and entry.filename.lower().endswith(_ENDINGS)


@dataclass(slots=True)
class _Budget:
    """What a zip may still unpack to, counted while it unpacks: declared sizes can lie."""

    name: str
    packed: int
    used: int = 0

    def spend(self, count: int) -> None:
        """Take from the budget. Raises FileProblem when it is used up."""
        self.used += count
        if self.used > TOTAL_LIMIT or (self.used > _RATIO_FROM and self.used > self.packed * RATIO_LIMIT):
            raise FileProblem(_too_much(self.name))


def _entry_source(path: Path, entry: zipfile.ZipInfo, budget: _Budget) -> Source:
    name = entry.filename.replace("\\", "/")

    def load() -> bytes:
        if entry.flag_bits & _LOCKED:
            raise FileProblem(
                _("The zip “{file}” is locked with a password. Unpack it first and choose the folder.").format(
                    file=path.name
                )
            )
        try:
            return _unpacked(path, entry, budget)
        except (*_ZIP_ERRORS, OSError) as error:
            raise FileProblem(_damaged(path.name)) from error

    return Source(name, min(entry.file_size, FILE_LIMIT), load)


def _unpacked(path: Path, entry: zipfile.ZipInfo, budget: _Budget) -> bytes:
    if entry.compress_type not in _METHODS:
        raise NotImplementedError
    parts: list[bytes] = []
    size = 0
    with zipfile.ZipFile(path) as archive, archive.open(entry) as file:
        while part := file.read(_CHUNK):
            size += len(part)
            budget.spend(len(part))
            if size > FILE_LIMIT:
                raise FileProblem(_too_big(entry.filename, size))
            parts.append(part)
    return b"".join(parts)
