"""The process that reads a stranger's file: ``crisisdesk read-list MEMORY SECONDS``, started by exchange.apart.

Which file, it is told on its standard input, where no other program sees it. What it sends is in exchange.wire. It says
nothing on stderr: what goes wrong in here may quote the file.
"""

import gc
import os
import sys
from importlib import import_module
from importlib.util import find_spec, module_from_spec
from pathlib import Path
from typing import BinaryIO

from crisisdesk.errors import FileProblem
from crisisdesk.exchange.confined import confine

FAULT, NO_MEMORY = 70, 71  # how it ends; what it could still say is sent with 0
_PATH_LIMIT = 65_536  # bytes


def main(arguments: list[str]) -> int:
    """Read the file that standard input names, within these limits (bytes, seconds), and send what came of it."""
    gc.disable()  # it would walk a growing heap again and again, and this process ends soon
    try:
        _leave_out_tables()
        import_module("crisisdesk.exchange.hsds")  # before the limits, and before it is known what to read
        memory, seconds = (int(each) for each in arguments)
        confine(memory, seconds)
        with os.fdopen(0, "rb", closefd=False) as given, os.fdopen(1, "wb", closefd=False) as out:
            _read(Path(os.fsdecode(given.read(_PATH_LIMIT))), out)
    except MemoryError:
        return NO_MEMORY
    except Exception:  # noqa: BLE001  the parent says that the reader failed; a packaged program would open a dialog
        return FAULT
    return 0


def _leave_out_tables() -> None:
    """Let ``records.incoming`` load without the vault's tables beside it.

    They bring the database library: half of the time that this process takes to start, and nothing that it needs.
    """
    spec = find_spec("crisisdesk.records")
    if spec and spec.name not in sys.modules:
        sys.modules[spec.name] = module_from_spec(spec)  # the package with its place, its own lines not run


def _read(path: Path, out: BinaryIO) -> None:
    from crisisdesk.exchange import hsds, wire  # noqa: PLC0415  not before the tables are left out

    told = -1

    def progress(done: int, total: int) -> None:
        nonlocal told
        if done != told:
            told = done
            out.write(wire.step_line(done, total))
            out.flush()

    try:
        directory = hsds.read(path, progress=progress)
    except FileProblem as problem:
        out.write(wire.refused_line(str(problem)))
        return
    if directory is None:
        raise AssertionError("nobody cancels in here; the parent ends this process")
    out.writelines(wire.directory_lines(directory))
