"""Gather the licence of everything that goes into the program, and stop where one is missing or doesn't fit."""

import re
import shutil
import sys
import textwrap
from fnmatch import fnmatch
from importlib import metadata
from pathlib import Path

import bundled
from bundled import IncompleteError
from license_expression import AND, OR, LicenseSymbol, get_spdx_licensing  # type: ignore[import-untyped]  # has no types

import crisisdesk

TEXTS = bundled.ROOT / "packaging" / "texts"
_SPDX = get_spdx_licensing()
_IS_TEXT = re.compile(r"(?i)(^|/)(licen[cs]e|copying|notice|authors)[^/]*$|/licenses/|third-party-licenses/")
_IS_NATIVE = re.compile(r"(?i)\.(so(\.[0-9.]+)?|pyd|dll|dylib)$")


# --- may it go along? ------------------------------------------------------------------------------------------------


def accepted(expression: str) -> bool:
    """Say whether a licence, in SPDX's words, is one that may go along; of several to choose from, one is enough."""
    if expression in bundled.facts()["accepted"]:
        return True
    return _fits(_SPDX.parse(expression))


def _fits(parsed: object) -> bool:
    if isinstance(parsed, OR):
        return any(_fits(each) for each in parsed.args)
    if isinstance(parsed, AND):
        return all(_fits(each) for each in parsed.args)
    return isinstance(parsed, LicenseSymbol) and str(parsed) in bundled.facts()["accepted"]


def refused() -> list[str]:
    """Return a sentence for each part whose licence isn't accepted."""
    named = [(name, bundled.licence_of(name)) for name in bundled.distributions()]
    named += [(f"{part.name} inside {part.within}", part.licence) for part in (*bundled.inside(), *bundled.crates())]
    return [
        f"{name} is under {said}, and licences.toml doesn't accept that." for name, said in named if not accepted(said)
    ]


# --- the texts -------------------------------------------------------------------------------------------------------


def texts_in(package: metadata.Distribution) -> list[Path]:
    """Return the licence texts that a distribution carries."""
    found = [file for file in package.files or () if ".dist-info/" in file.as_posix()]
    marked = sorted(file for file in found if _IS_TEXT.search(file.as_posix()))
    return [Path(str(package.locate_file(file))) for file in marked]


def _shared(name: str) -> Path:
    """Return where a text that licences.toml names lies in the checkout."""
    if name == "Apache-2.0.txt":
        return bundled.ROOT / "LICENSE"
    return bundled.ROOT / name if name.startswith("resources/") else TEXTS / name


def _copy(source: Path, target: Path) -> None:
    if not source.is_file() or not source.read_bytes().strip():
        raise IncompleteError(f"The licence text {source.name} is missing or empty.")
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _gather_distribution(name: str, folder: Path, only: str = "") -> list[str]:
    """Copy what a distribution carries, or what stands in for it; return the names below ``folder``."""
    found = texts_in(bundled.distributions().get(name) or metadata.distribution(name))
    if only:
        found = [source for source in found if source.name == only]
    if found:
        for source in found:
            _copy(source, folder / name / source.name)
        return [f"{name}/{source.name}" for source in found]
    shared: list[str] = bundled.facts()["texts"].get(name, [])
    if only or not shared:
        raise IncompleteError(f"{name} carries no licence text {only}: add one to packaging/texts and licences.toml.")
    return [_gather_shared(each, folder) for each in shared]


def _gather_shared(name: str, folder: Path) -> str:
    target = folder / Path(name).name if not name.endswith("README.md") else folder / "eff-large-README.md"
    _copy(_shared(name), target)
    return target.name


def gather(folder: Path) -> dict[str, list[str]]:
    """Copy every text into a folder; return which lie there for each distribution, and for each ``owner/part``."""
    lying: dict[str, list[str]] = {}
    for name in bundled.distributions():
        lying[name] = _gather_distribution(name, folder)
    for part in bundled.inside():
        lying[f"{part.within}/{part.name}"] = [found for text in part.texts for found in _gather(text, folder)]
    for text in ("Apache-2.0.txt", "Rust.txt"):
        _gather_shared(text, folder)
    return lying


def _gather(text: str, folder: Path) -> list[str]:
    """Copy what a part names: ``of:<distribution>``, ``of:<distribution>/<file>``, or a file of the checkout."""
    if not text.startswith("of:"):
        return [_gather_shared(text, folder)]
    name, _, only = text.removeprefix("of:").partition("/")
    return _gather_distribution(name, folder, only)


# --- THIRD-PARTY.txt -------------------------------------------------------------------------------------------------


def third_party(lying: dict[str, list[str]]) -> str:
    """Return the list for people: who wrote what, under which licence, and where its text lies."""
    lines = [(TEXTS / "about.txt").read_text(encoding="utf-8").format(name=crisisdesk.NAME, version=bundled.version())]
    for name, package in bundled.distributions().items():
        lines += _entry(package.metadata["Name"], package.version, bundled.licence_of(name), lying[name])
        for part in (each for each in bundled.inside() if each.within == name):
            lines += _entry(f"  {part.name}", part.version, part.licence, lying[f"{name}/{part.name}"], part.home)
        rust = [f"{part.name} {part.version}" for part in bundled.crates() if part.within == name]
        if rust:
            said = f"Rust libraries inside it (licences/Rust.txt): {', '.join(rust)}"
            lines += [
                textwrap.fill(said, width=110, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False),
                "",
            ]
    for part in (each for each in bundled.inside() if each.within in {bundled.OURS, bundled.PYTHON}):
        lines += _entry(part.name, part.version, part.licence, lying[f"{part.within}/{part.name}"], part.home)
    return "\n".join([*lines, (TEXTS / "qt-notice.txt").read_text(encoding="utf-8")])


def _entry(name: str, version: str, licence: str, texts: list[str], home: str = "") -> list[str]:
    indent = " " * (len(name) - len(name.lstrip()))
    where = f" ({home})" if home else ""
    return [
        f"{name} {version}{where}" if version[0].isdigit() else f"{name}, {version}{where}",
        f"{indent}  {licence}",
        *(f"{indent}  licences/{text}" for text in dict.fromkeys(texts)),
        "",
    ]


# --- the program as built --------------------------------------------------------------------------------------------

# What is started, below a built program's folder: it holds the modules that are pure Python.
_STARTED = ("crisisdesk", "CrisisDesk.exe", "CrisisDesk.app/Contents/MacOS/CrisisDesk")
_OWN = re.compile(
    r"crisisdesk$|_?pyi|_sysconfigdata_"
)  # ours, PyInstaller's few, and one of Python's with a system's name


def check(program: Path) -> list[str]:
    """Compare a built program with the list: each module and each native library must belong to a part in it."""
    files = [file for package in bundled.distributions().values() for file in package.files or ()]
    known = {Path(str(file)).name for file in files}
    patterns = [pattern.lower() for part in bundled.inside() for pattern in part.files]
    strangers = []
    for path in sorted(path for path in program.rglob("*") if path.is_file() and _IS_NATIVE.search(path.name)):
        is_pythons = "lib-dynload" in path.parts or (path.suffix == ".pyd" and path.parent.name == "_internal")
        if not (path.name in known or is_pythons or any(fnmatch(path.name.lower(), each) for each in patterns)):
            strangers.append(str(path.relative_to(program)))
    modules = {Path(str(file)).parts[0].partition(".")[0] for file in files} | sys.stdlib_module_names
    strangers += sorted(name for name in archived(program) if name not in modules and not _OWN.match(name))
    return [f"{each} is in the program, and THIRD-PARTY.txt doesn't account for it." for each in strangers]


def archived(program: Path) -> set[str]:
    """Return the top names of the modules that are packed into a built program."""
    # It has no types, and it is slow to load.
    from PyInstaller.archive.readers import CArchiveReader  # type: ignore[import-untyped]  # noqa: PLC0415

    started = next((program / each for each in _STARTED if (program / each).is_file()), None)
    if started is None:
        raise IncompleteError(f"There is no program in {program}.")
    whole = CArchiveReader(str(started))
    packed = [whole.open_embedded_archive(name) for name in whole.toc if name.lower().endswith(".pyz")]
    return {name.partition(".")[0] for each in packed for name in each.toc}
