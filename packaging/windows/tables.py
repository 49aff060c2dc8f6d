"""The tables of an installer: taken out, changed and put back with the tools of ``msitools``."""

import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

Row = tuple[str, ...]

_HEADER = 3  # lines: names, kinds, and the table with its keys


@dataclass
class Table:
    """One table as the text format of Windows Installer has it."""

    name: str
    columns: tuple[str, ...]
    kinds: tuple[str, ...]
    keys: tuple[str, ...]
    rows: list[Row] = field(default_factory=list)

    def records(self) -> list[dict[str, str]]:
        """Return the rows with their columns' names."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]

    def replace(self, records: list[dict[str, str]]) -> None:
        """Put these rows in place of those that were there."""
        self.rows = [tuple(record[column] for column in self.columns) for record in records]

    def text(self) -> str:
        """Write it as text for Windows Installer; refuse what that can't hold, and letters that need a code page."""
        lines = [self.columns, self.kinds, (self.name, *self.keys), *self.rows]
        for cell in (cell for line in lines for cell in line):
            if not cell.isascii() or any(sign in cell for sign in "\t\r\n"):
                raise ValueError(f"{self.name}: {cell!r} can't stand in an installer's table")
        return "".join("\t".join(line) + "\r\n" for line in lines)


def parse(text: str) -> Table:
    """Read a table from the text format."""
    lines = [tuple(line.split("\t")) for line in re.split(r"[\r\n]+", text) if line]
    columns, kinds, (name, *keys) = lines[:_HEADER]
    return Table(name, columns, kinds, tuple(keys), [*lines[_HEADER:]])


def export(package: Path, name: str) -> Table:
    """Take one table out of an installer."""
    with tempfile.TemporaryDirectory() as folder:  # pictures in a table are written as files, wherever one is
        return parse(run("msiinfo", "export", str(package.resolve()), name, folder=Path(folder)))


def names(package: Path) -> set[str]:
    """Return the names of the tables that an installer has."""
    return set(run("msiinfo", "tables", str(package)).split())


def put(package: Path, tables: list[Table]) -> None:
    """Put tables into an installer, in place of those of the same name."""
    with tempfile.TemporaryDirectory() as folder:
        for table in tables:
            (Path(folder) / f"{table.name}.idt").write_bytes(table.text().encode("ascii"))
        for table in tables:  # one at a time: msibuild looks for a table's file in the folder it is started in
            run("msibuild", str(package.resolve()), "-i", f"{table.name}.idt", folder=Path(folder))


def run(tool: str, *words: str, folder: Path | None = None) -> str:
    """Run one of the tools, and say what it said if it failed."""
    done = subprocess.run(  # noqa: S603  a tool that the build installed
        [_found(tool), *words], capture_output=True, encoding="utf-8", errors="replace", cwd=folder, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{tool} failed ({done.returncode}): {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


def _found(tool: str) -> str:
    """Return where a tool lies: on the path, or in the folder that CRISISDESK_MSITOOLS names.

    On Windows they come with MSYS2. Its folder must not be on the path: PyInstaller would take libraries from it.
    """
    found = shutil.which(tool, path=os.environ.get("CRISISDESK_MSITOOLS")) or shutil.which(tool)
    if not found:
        raise RuntimeError(f"{tool} isn't here. On Debian: apt-get install wixl msitools")
    return found
