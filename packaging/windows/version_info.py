"""What Windows shows of a program's file: its properties, and what the program declares to Windows in its manifest."""

from pathlib import Path

from crisisdesk import APP_ID, NAME, PUBLISHER, SUMMARY, __version__

_WORK = Path(__file__).resolve().parents[2] / ".build" / "windows"

MANIFEST = str(Path(__file__).with_name("crisisdesk.manifest"))
LICENCE = "Apache License 2.0"
_ENGLISH, _UTF_16 = 0x0409, 1200  # the language and code page of the strings below

# PyInstaller reads such a text with its own eval: names of its own, and nothing but literals.
_TEMPLATE = """\
VSVersionInfo(
  ffi=FixedFileInfo(
    filevers={numbers}, prodvers={numbers}, mask=0x3F, flags=0x0, OS=0x40004, fileType=0x1, subtype=0x0, date=(0, 0)
  ),
  kids=[
    StringFileInfo([StringTable({table!r}, [
{strings}
    ])]),
    VarFileInfo([VarStruct('Translation', [{language}, {page}])]),
  ],
)
"""


def numbers(version: str) -> tuple[int, int, int, int]:
    """Return a version as Windows counts: four numbers."""
    major, minor, patch = (int(part) for part in version.split("."))
    return major, minor, patch, 0


def text(name: str, *, console: bool) -> str:
    """Return the version resource of one of the programs, in the form that PyInstaller reads."""
    says = {
        "CompanyName": PUBLISHER,
        "FileDescription": f"{NAME} for terminals" if console else NAME,  # what the task manager and UAC show
        "FileVersion": __version__,
        "InternalName": APP_ID,
        "LegalCopyright": f"{PUBLISHER}. {LICENCE}",
        "OriginalFilename": f"{name}.exe",
        "ProductName": NAME,
        "ProductVersion": __version__,
        "Comments": SUMMARY,
    }
    strings = "\n".join(f"      StringStruct({key!r}, {value!r})," for key, value in says.items())
    table = f"{_ENGLISH:04x}{_UTF_16:04x}"
    return _TEMPLATE.format(numbers=numbers(__version__), table=table, strings=strings, language=_ENGLISH, page=_UTF_16)


def version_resource(name: str, *, console: bool) -> str:
    """Write the version resource of one of the programs for PyInstaller, and return the path of that text."""
    _WORK.mkdir(parents=True, exist_ok=True)
    path = _WORK / f"version-{name}.txt"
    path.write_text(text(name, console=console), encoding="utf-8")
    return str(path)
