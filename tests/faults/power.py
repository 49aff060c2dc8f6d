"""A disk that loses its power: plays a record of operations back and says what may be found afterwards.

What was not flushed may be there, in part or not at all, in any order, torn at sectors of 512 bytes. A name that was
made, changed or removed lasts only once its folder was flushed; until then some first part of the changes holds.
"""

import os
import random
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path, PurePath

from tests.faults.shim import Kind, Operation

SECTOR = 512  # bytes that a disk writes whole


class Loss(StrEnum):
    """What happens to what was not flushed."""

    DROPPED = "dropped"
    KEPT = "kept"
    SHUFFLED = "shuffled"  # each write by chance, out of order
    TORN = "torn"  # each sector by chance


@dataclass
class _Content:
    """One file's bytes, whatever its name is now."""

    flushed: bytearray = field(default_factory=bytearray)
    waiting: list[tuple[int, bytes | None]] = field(default_factory=list)  # offset and bytes, or a length and None

    def flush(self) -> None:
        for at, data in self.waiting:
            _apply(self.flushed, at, data)
        self.waiting.clear()

    def after(self, loss: Loss, chance: random.Random) -> bytearray:
        found = bytearray(self.flushed)
        for at, data in self.waiting:
            if loss is Loss.DROPPED or (loss is Loss.SHUFFLED and chance.random() < 1 / 2):
                continue
            if loss is Loss.TORN and data is not None:
                for start in range(0, len(data), SECTOR):
                    if chance.random() < 1 / 2:
                        _apply(found, at + start, data[start : start + SECTOR])
            elif loss is not Loss.TORN or chance.random() < 1 / 2:
                _apply(found, at, data)
        return found


@dataclass(frozen=True)
class _Naming:
    """A change of names that its folder has not flushed yet."""

    made: str = ""
    content: _Content | None = None
    gone: str = ""

    def apply(self, names: dict[str, _Content]) -> None:
        if self.gone:
            names.pop(self.gone, None)
        if self.made and self.content is not None:
            names[self.made] = self.content


class Disk:
    """A folder's disk, fed with one operation after the other; ``lay_out`` shows it after a power cut here."""

    def __init__(self, folder: Path, start: Mapping[str, Path]) -> None:
        """Begin with folders below ``folder`` that hold, flushed, what the folders in ``start`` hold."""
        self._folder = folder
        self._handles: dict[int, _Content | str] = {}  # a str: a folder
        self._folders = {str(folder), *(str(folder / name) for name in start)}
        self._flushed = {
            str(folder / name / path.name): _Content(bytearray(path.read_bytes()))
            for name, pattern in start.items()
            for path in pattern.iterdir()
        }
        self._names = dict(self._flushed)
        self._waiting: list[_Naming] = []
        self._opened: dict[int, str] = {}

    def do(self, operation: Operation) -> None:
        """Let an operation happen, as the program saw it."""
        match operation.kind:
            case Kind.OPEN:
                self._open(operation)
            case Kind.WRITE:
                self._content(operation.handle).waiting.append((operation.number, operation.data))
            case Kind.TRUNCATE:
                self._content(operation.handle).waiting.append((operation.number, None))
            case Kind.FSYNC:
                self._flush(self._handles[operation.handle])
            case Kind.UNLINK:
                self._rename(_Naming(gone=os.fsdecode(operation.data)))
            case Kind.RENAME:
                gone, made = os.fsdecode(operation.data).split("\0")
                self._rename(_Naming(gone=gone, made=made, content=self._names[gone]))
            case Kind.MKDIR:
                self._folders.add(os.fsdecode(operation.data))
            case Kind.MARK:
                pass

    def name_of(self, handle: int) -> str:
        """Return the name under which a file was opened, or ""."""
        return self._opened.get(handle, "")

    def lay_out(self, place: Path, loss: Loss, chance: random.Random) -> None:
        """Write the folder as it may be found after a power cut at this moment into an empty or missing ``place``."""
        shutil.rmtree(place, ignore_errors=True)
        for path in sorted(self._folders):
            (place / PurePath(path).relative_to(self._folder)).mkdir(mode=0o700, parents=True, exist_ok=True)
        names = dict(self._flushed)
        lasting = {
            Loss.DROPPED: 0,
            Loss.KEPT: len(self._waiting),
        }.get(loss, chance.randint(0, len(self._waiting)))
        for naming in self._waiting[:lasting]:
            naming.apply(names)
        for name, content in names.items():
            (place / PurePath(name).relative_to(self._folder)).write_bytes(content.after(loss, chance))

    def _open(self, operation: Operation) -> None:
        path = os.fsdecode(operation.data)
        self._opened[operation.handle] = PurePath(path).name
        if path in self._folders:
            self._handles[operation.handle] = path
            return
        if path not in self._names:
            self._rename(_Naming(made=path, content=_Content()))
        content = self._names[path]
        if operation.number & os.O_TRUNC:
            content.waiting.append((0, None))
        self._handles[operation.handle] = content

    def _content(self, handle: int) -> _Content:
        content = self._handles[handle]
        assert isinstance(content, _Content), "a folder was written to"
        return content

    def _rename(self, naming: _Naming) -> None:
        naming.apply(self._names)
        self._waiting.append(naming)

    def _flush(self, what: _Content | str) -> None:
        if isinstance(what, _Content):
            what.flush()
            return
        still = []
        for naming in self._waiting:
            if str(PurePath(naming.made or naming.gone).parent) == what:
                naming.apply(self._flushed)
            else:
                still.append(naming)
        self._waiting = still


def cut_points(operations: Iterable[Operation], wanted: int, chance: random.Random) -> list[int]:
    """Choose after how many operations the power fails: every flush and its neighbours, evenly thinned out."""
    tempting: set[int] = set()
    total = 0
    for number, operation in enumerate(operations, 1):
        total = number
        if operation.kind in {Kind.FSYNC, Kind.MARK, Kind.RENAME, Kind.UNLINK}:
            tempting.update((number - 1, number))
    if total <= wanted:
        return list(range(1, total + 1))
    if len(tempting) >= wanted:
        return sorted(chance.sample(sorted(tempting), wanted))
    others = sorted(set(range(1, total + 1)) - tempting)
    return sorted(tempting | set(chance.sample(others, wanted - len(tempting))))


def _apply(content: bytearray, at: int, data: bytes | None) -> None:
    if data is None:
        del content[at:]
        content.extend(bytes(at - len(content)))
        return
    if at > len(content):
        content.extend(bytes(at - len(content)))
    content[at : at + len(data)] = data
