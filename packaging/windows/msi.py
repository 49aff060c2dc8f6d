"""Makes the installer for Windows: ``python packaging/windows/msi.py PAYLOAD OUT [--standin]``."""

import argparse
import os
import sys
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
if __name__ == "__main__":
    sys.path[:0] = [str(ROOT / "packaging"), str(ROOT)]

from windows import authoring, dialogs, layout, pe, tables  # noqa: E402  it lies where the lines above say
from windows.source import Product, files, identifier, product, source  # noqa: E402  as above
from windows.tables import Table  # noqa: E402  as above

from crisisdesk import NAME, PUBLISHER, __version__  # noqa: E402  as above

ICON = ROOT / ".build" / "icons" / "crisisdesk.ico"

_X64 = 0x100  # a component of 64-bit Windows: without it, the registry would be the 32-bit one's
_HKMU = "-1"  # HKEY_CURRENT_USER or HKEY_LOCAL_MACHINE, as it is installed for one or for all
_WIXL_HKMU = "4"
_SHORT = 8
_MADE_AND_CHANGED = ("12", "13")  # their numbers in the summary


def make(payload: Path, out: Path, *, standin: bool, version: str = __version__, icon: Path = ICON) -> Path:
    """Build the installer around a payload, and return it."""
    what = product(payload, icon, standin=standin, version=version)
    out.mkdir(parents=True, exist_ok=True)
    package = out / f"{NAME}-{version}-windows-x64{'-standin' if standin else ''}.msi"
    written = package.with_suffix(".wxs")
    written.write_text(source(what), encoding="utf-8")
    package.unlink(missing_ok=True)
    if moment := os.environ.get("SOURCE_DATE_EPOCH"):
        for name in files(payload):  # the cabinet keeps each file's time
            os.utime(payload / name, (int(moment), int(moment)))
    tables.run("wixl", "--arch", "x64", "--output", str(package.resolve()), str(written.resolve()), folder=payload)
    written.unlink()
    finish(package, what)
    return package


def finish(package: Path, what: Product) -> None:
    """Put right and add what wixl doesn't write."""
    changed = [
        _files(tables.export(package, "File"), what),
        _directories(tables.export(package, "Directory")),
        _shortcuts(tables.export(package, "Shortcut")),
        _registry(tables.export(package, "Registry")),
        _properties(tables.export(package, "Property")),
    ]
    versioned = {row["File"] for row in changed[0].records() if row["Version"]}
    hashes = tables.export(package, "MsiFileHash")
    # Windows compares a file by its version or by its hash, and takes an installer with both for a faulty one.
    hashes.replace([row for row in hashes.records() if row["File_"] not in versioned])
    tables.put(package, [*changed, hashes, *authoring.own(what), *layout.tables(dialogs.DIALOGS)])
    name = f"{what.name} {what.version}"
    tables.run("msibuild", str(package.resolve()), "-s", name, PUBLISHER, "x64;1033", what.package)
    if moment := os.environ.get("SOURCE_DATE_EPOCH"):
        tables.put(package, [_dated(tables.export(package, "_SummaryInformation"), int(moment))])


def _dated(table: Table, moment: int) -> Table:
    """Say when it was made and last changed: the same sources give the same installer."""
    when = time.strftime("%Y/%m/%d %H:%M:%S", time.gmtime(moment))
    table.rows = [(key, when if key in _MADE_AND_CHANGED else value) for key, value in table.rows]
    return table


def _files(table: Table, what: Product) -> Table:
    """Give the files short names, and their versions: without one, no old file would give way to a new one."""
    paths = {identifier("f", name): what.payload / name for name in files(what.payload)}
    records = table.records()
    for number, row in enumerate(records):
        path = paths[row["File"]]
        row["FileName"] = with_short(row["FileName"], number)
        if path.suffix.lower() in pe.SUFFIXES:
            read = pe.read(path)
            row["Version"], row["Language"] = read.version or "", (read.language or "0") if read.version else ""
    table.replace(records)
    return table


def _directories(table: Table) -> Table:
    records = table.records()
    for number, row in enumerate(records):
        if row["DefaultDir"] not in {".", "SourceDir"}:
            row["DefaultDir"] = with_short(row["DefaultDir"], number)
    table.replace(records)
    return table


def _shortcuts(table: Table) -> Table:
    records = table.records()
    for number, row in enumerate(records):
        row["Name"] = with_short(row["Name"], number)
    table.replace(records)
    return table


def with_short(name: str, number: int) -> str:
    """Return a name as the tables want it: with a short one before it, where it isn't short itself."""
    stem, _, suffix = name.rpartition(".") if "." in name else (name, "", "")
    plain = stem.replace("_", "").replace("-", "").isalnum() and len(stem) <= _SHORT and len(suffix) <= 3  # noqa: PLR2004
    if plain and "." not in stem:
        return name
    extension = "".join(letter for letter in suffix if letter.isalnum())[:3]
    return f"f{number:07x}{'.' if extension else ''}{extension}|{name}"


def _registry(table: Table) -> Table:
    records = table.records()
    for row in records:
        row["Root"] = row["Root"].replace(_WIXL_HKMU, _HKMU)
    table.replace(records)
    return table


def _properties(table: Table) -> Table:
    ours = authoring.properties()
    table.rows = [*(row for row in table.rows if row[0] not in ours), *ours.items()]
    return table


def faults(package: Path) -> list[str]:
    """Say what is wrong with the tables of an installer: what points at nothing, and what Windows would refuse."""
    have = {name: tables.export(package, name) for name in tables.names(package) if not name.startswith("_")}
    rows = {name: table.records() for name, table in have.items()}
    wrong: list[str] = []
    keys = {name: {row[table.keys[0]] for row in rows[name]} for name, table in have.items() if table.rows}
    keys["Control"] = {f"{row['Dialog_']}/{row['Control']}" for row in rows["Control"]}
    for table, column, target in _REFERENCES:
        absent = {row[column] for row in rows[table]} - keys[target] - {""}
        wrong += [f"{table}.{column} names {name}, which {target} doesn't have" for name in sorted(absent)]
    for row in (*rows["ControlEvent"], *rows["ControlCondition"], *rows["EventMapping"]):
        if f"{row['Dialog_']}/{row['Control_']}" not in keys["Control"]:
            wrong.append(f"something happens at {row['Dialog_']}/{row['Control_']}, which isn't there")
    for row in rows["ControlEvent"]:
        if row["Event"] in {"NewDialog", "SpawnDialog"} and row["Argument"] not in keys["Dialog"]:
            wrong.append(f"{row['Dialog_']}/{row['Control_']} opens {row['Argument']}, which isn't there")
    wrong += [
        f"{row['Component']} isn't marked as 64-bit" for row in rows["Component"] if not int(row["Attributes"]) & _X64
    ]
    wrong += [f"{row['Key']} has a root that Windows doesn't know" for row in rows["Registry"] if row["Root"] != _HKMU]
    if Counter(row["Sequence"] for row in rows["File"]).most_common(1)[0][1] > 1:
        wrong.append("two files have the same place in the cabinet")
    return wrong


_REFERENCES = (
    ("File", "Component_", "Component"),
    ("Component", "Directory_", "Directory"),
    ("Directory", "Directory_Parent", "Directory"),
    ("FeatureComponents", "Component_", "Component"),
    ("Shortcut", "Component_", "Component"),
    ("Shortcut", "Directory_", "Directory"),
    ("Shortcut", "Icon_", "Icon"),
    ("MsiShortcutProperty", "Shortcut_", "Shortcut"),
    ("Registry", "Component_", "Component"),
    ("AppSearch", "Signature_", "RegLocator"),
    ("Control", "Dialog_", "Dialog"),
)


def main() -> int:
    """Make an installer around a payload, and check its tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("payload", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--standin", action="store_true", help="the payload only stands for the program")
    given = parser.parse_args()
    package = make(given.payload, given.out, standin=given.standin)
    wrong = faults(package)
    sys.stdout.write("".join(f"{line}\n" for line in [*wrong, f"{package} {package.stat().st_size:,} bytes"]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
