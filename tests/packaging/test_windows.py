"""Windows' installer as far as it can be looked at without Windows: ``dev.py build`` installs it under Wine."""

import importlib
import os
import re
import struct
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path
from typing import Any

import pytest
from windows import authoring, dialogs, layout, msi, payload, pe, portable, signed, source, tables, version_info

from crisisdesk import NAME, __version__

WIX = {"w": "http://schemas.microsoft.com/wix/2006/wi"}


@pytest.fixture
def program(tmp_path: Path) -> Path:
    folder = tmp_path / NAME
    (folder / "_internal" / "sub").mkdir(parents=True)
    (folder / f"{NAME}.exe").write_bytes(_program())
    (folder / "crisisdesk-cli.exe").write_bytes(_program())
    (folder / "_internal" / "sub" / "one.txt").write_text("one", encoding="ascii")
    return folder


def _program(*, machine: int = 0x8664, needs: str = "KERNEL32.dll") -> bytes:
    """Make a PE file that starts nowhere and links one library."""
    code, at = 0x200, 0x1000
    library = needs.encode() + b"\0"
    imports = struct.pack("<5I", at + 60, 0, 0, at + 100, at + 60) + bytes(20)
    section = imports.ljust(60, b"\0") + struct.pack("<QQ", 1 << 63 | 1, 0).ljust(40, b"\0") + library.ljust(100, b"\0")
    coff = struct.pack("<HHIIIHH", machine, 1, 0, 0, 0, 240, 0x22)
    head = struct.pack("<HBBIIIII", 0x20B, 14, 0, len(section), 0, 0, at, at)
    head += struct.pack("<QIIHHHHHHIIIIHH", 0x140000000, 0x1000, 0x200, 6, 0, 0, 0, 6, 0, 0, 0x3000, code, 0, 2, 0)
    head += struct.pack("<QQQQII", 0x100000, 0x1000, 0x100000, 0x1000, 0, 16)
    head += bytes(8) + struct.pack("<II", at, 40) + bytes(8 * 14)
    part = struct.pack("<8sIIIIIIHHI", b".rdata", 0x400, at, 0x400, code, 0, 0, 0, 0, 0x40000040)
    dos = b"MZ".ljust(60, b"\0") + struct.pack("<I", 64)
    return (dos + b"PE\0\0" + coff + head + part).ljust(code, b"\0") + section.ljust(0x400, b"\0")


def _product(folder: Path, version: str = __version__) -> source.Product:
    return source.product(folder, folder / f"{NAME}.exe", standin=False, version=version)


def _source(folder: Path, version: str) -> ET.Element:
    return ET.fromstring(source.source(_product(folder, version)))  # noqa: S314  written a moment ago


# --- what Windows shows of a file -------------------------------------------------------------------------------------


def test_the_programs_properties_say_name_version_and_maker():
    kinds = (
        "VSVersionInfo",
        "FixedFileInfo",
        "StringFileInfo",
        "StringTable",
        "StringStruct",
        "VarFileInfo",
        "VarStruct",
    )
    heard: dict[str, Any] = {}
    names = {kind: lambda *_words, **_given: None for kind in kinds}
    names["StringStruct"] = heard.__setitem__
    names["FixedFileInfo"] = lambda **given: heard.update(numbers=given["filevers"])
    eval(version_info.text("CrisisDesk", console=False), names)  # noqa: S307  as PyInstaller reads it
    assert heard["ProductVersion"] == __version__
    assert heard["OriginalFilename"] == "CrisisDesk.exe"
    assert ".".join(map(str, heard["numbers"])) == f"{__version__}.0"


def test_the_manifest_survives_what_pyinstaller_does_to_it():
    winmanifest = importlib.import_module("PyInstaller.utils.win32.winmanifest")  # has no types
    made = winmanifest.create_application_manifest(Path(version_info.MANIFEST).read_bytes()).decode()
    for once in ("<trustInfo", "<requestedExecutionLevel", "Microsoft.Windows.Common-Controls"):
        assert made.count(once) == 1, "Windows doesn't start a program whose manifest says this twice"
    for said in ('level="asInvoker"', ">PerMonitorV2, PerMonitor<", ">true</longPathAware>", ">UTF-8</activeCodePage>"):
        assert said in made


# --- the source and the tables ----------------------------------------------------------------------------------------


def test_files_keep_their_codes_from_version_to_version(program: Path):
    old, new = (_source(program, version) for version in ("0.1.0", "0.2.0"))
    codes = [[each.attrib["Guid"] for each in tree.iterfind(".//w:Component", WIX)] for tree in (old, new)]
    assert codes[0] == codes[1]
    assert len(set(codes[0])) == len(codes[0]) == 3 + 3


def test_another_content_of_the_same_version_is_another_product_for_the_same_place(program: Path):
    before = _product(program)
    (program / "_internal" / "sub" / "one.txt").write_text("two", encoding="ascii")
    after = _product(program)
    assert before.code != after.code
    assert before.package != after.package
    assert before.upgrades == after.upgrades


def test_windows_knows_the_program_by_a_code_that_never_changes(program: Path):
    assert source.braced(_product(program).upgrades) == "{6F0F7CB2-0E3E-4C5B-9A41-6F7C6B1D2A90}"
    standin = source.product(program, program, standin=True)
    assert standin.upgrades != _product(program).upgrades
    assert "stand-in" in standin.name


def test_nobody_is_asked_for_an_administrator():
    says = authoring.properties()
    assert (says["ALLUSERS"], says["MSIINSTALLPERUSER"]) == ("2", "1")


def test_what_was_found_reaches_the_part_of_windows_that_installs(program: Path):
    found = {"DESKTOPICON"}
    for table in authoring.own(_product(program)):
        column = {"AppSearch": "Property", "Upgrade": "ActionProperty"}.get(table.name)
        found |= {row[column] for row in table.records() if column}
    assert set(authoring.properties()["SecureCustomProperties"].split(";")) == found


def test_an_older_version_is_refused_before_anything_is_done():
    order = {step.action: step.order for step in authoring.INSTALL}
    assert order["FindRelatedProducts"] < order["RefuseOlder"] < order["CostInitialize"]
    assert order["InstallInitialize"] < order["RemoveExistingProducts"] < order["InstallFiles"], (
        "so that it can be undone"
    )


def test_a_table_refuses_what_windows_would_show_as_other_letters():
    table = tables.Table("UIText", ("Key", "Text"), ("s72", "L255"), ("Key",), [("a", "b")])
    assert tables.parse(table.text()) == table
    for wrong in ("it’s", "two\nlines", "a\ttab"):
        table.rows = [("a", wrong)]
        with pytest.raises(ValueError, match="UIText"):
            table.text()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("one.txt", "one.txt"),
        ("_internal", "f0000007|_internal"),
        ("CrisisDesk.exe", "f0000007.exe|CrisisDesk.exe"),
        ("a.cp311-win_amd64.pyd", "f0000007.pyd|a.cp311-win_amd64.pyd"),
    ],
)
def test_a_long_name_has_a_short_one_before_it(name: str, expected: str):
    assert msi.with_short(name, 7) == expected


# --- the windows ------------------------------------------------------------------------------------------------------


def _rows(name: str) -> list[dict[str, str]]:
    return next(table for table in layout.tables(dialogs.DIALOGS) if table.name == name).records()


def test_every_window_that_comes_up_exists_and_can_be_left():
    keys = {each.key for each in dialogs.DIALOGS}
    shown = {step.action for step in authoring.WINDOW if step.action in keys}
    opened = {row["Argument"] for row in _rows("ControlEvent") if row["Event"] in {"NewDialog", "SpawnDialog"}}
    windows_own = {"MsiRMFilesInUse", "FilesInUse", "Error"}
    assert shown | opened | windows_own == keys
    leaves = {row["Dialog_"] for row in _rows("ControlEvent") if row["Event"] == "EndDialog"}
    assert keys - leaves == {"Progress"}, "which asks first"


def test_escape_never_goes_on_with_an_installation():
    does = {(row["Dialog_"], row["Control_"]): row["Argument"] for row in _rows("ControlEvent")}
    for dialog in dialogs.DIALOGS:
        if dialog.key not in {"Done", "NoRoom", "Sure", "Error"}:
            assert does[dialog.key, dialog.cancel] in {"Exit", "Sure"}


def test_no_letter_stands_for_two_things_in_a_window():
    for dialog in dialogs.DIALOGS:
        texts = [each.text for each in dialog.buttons] + [p.text for p in dialog.parts if isinstance(p, layout.Box)]
        letters = [found[1].lower() for text in texts if (found := re.search("&(.)", text))]
        assert len(letters) == len(set(letters)), dialog.key


def test_tab_goes_through_each_window_and_round():
    following = {(row["Dialog_"], row["Control"]): row["Control_Next"] for row in _rows("Control")}
    for dialog in dialogs.DIALOGS:
        first = dialog.buttons[0].key
        seen, at = {first}, following[dialog.key, first]
        while at != first:
            seen.add(at)
            at = following[dialog.key, at]
        assert {button.key for button in dialog.buttons} <= seen


def test_who_removes_the_program_is_told_where_her_records_are():
    for key in ("Remove", "Done"):
        (dialog,) = (each for each in dialogs.DIALOGS if each.key == key)
        assert any(isinstance(part, layout.Words) and part.text == dialogs.RECORDS for part in dialog.parts)


# --- what is installed ------------------------------------------------------------------------------------------------


def test_windows_gets_what_the_program_needs_and_nothing_of_the_developers():
    needed = payload.runtime()
    assert {"pyside6-essentials", "tzdata", "pywin32-ctypes", "sqlcipher3", "colorama"} - set(needed) == {"colorama"}
    assert not {"pytest", "pyinstaller", "jeepney", "secretstorage", "pefile"} & set(needed)
    assert all(each.hashes for each in needed.values())


def test_a_program_is_looked_through_for_what_it_lacks(program: Path):
    assert payload.check(program) == []
    (program / "_internal" / "old.dll").write_bytes(_program(machine=0x14C))
    (program / "_internal" / "poor.pyd").write_bytes(_program(needs="Qt6Quick.dll"))
    (program / "_internal" / "libssl-3.txt").touch()
    (program / "_internal" / ("deep" * 50)).touch()
    (program / "crisisdesk-cli.exe").unlink()
    said = "\n".join(payload.check(program))
    for sentence in (
        "crisisdesk-cli.exe is not in",
        "old.dll is not for 64-bit",
        "poor.pyd needs qt6quick.dll",
        "libssl-3.txt must not",
        "is too long a path",
    ):
        assert sentence in said


def test_windows_own_libraries_are_known_by_name():
    assert all(pe.is_brought(name) for name in ("kernel32.dll", "python311.dll", "api-ms-win-crt-heap-l1-1-0.dll"))
    assert not any(pe.is_brought(name) for name in ("qt6core.dll", "libssl-3-x64.dll", "python3x.dll"))


def test_the_zip_is_the_same_each_time_and_says_where_the_records_are(program: Path, tmp_path: Path):
    first = portable.make(program, tmp_path / "a", standin=False).read_bytes()
    os.utime(program / f"{NAME}.exe", (0, 1_700_000_000))
    assert portable.make(program, tmp_path / "b", standin=False).read_bytes() == first
    with zipfile.ZipFile(tmp_path / "a" / f"{NAME}-{__version__}-windows-x64.zip") as archive:
        assert archive.read(f"{NAME}-{__version__}/_internal/sub/one.txt") == b"one"
        says = archive.read(f"{NAME}-{__version__}/README.txt").decode()
    assert rf"%LOCALAPPDATA%\{NAME}" in says
    assert says.count("\n") == says.count("\r\n")


def test_what_is_not_signed_is_said_loudly(tmp_path: Path, monkeypatch, capsys):
    file = tmp_path / "a b.exe"
    file.touch()
    monkeypatch.delenv(signed.SIGNER, raising=False)
    signed.sign([file])
    assert "a b.exe IS NOT SIGNED" in capsys.readouterr().out
    monkeypatch.setenv(signed.SIGNER, "rm")  # it gets the file's path, whole
    signed.sign([file])
    assert not file.exists()
    assert capsys.readouterr().out == ""
