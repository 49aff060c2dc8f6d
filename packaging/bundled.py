"""What goes into the program: every distribution that CrisisDesk needs to run, and every work inside them.

The distributions come from pyproject.toml, as installed; what no metadata tells stands in licences.toml.
"""

import importlib.metadata as installed
import json
import platform
import re
import ssl
import sys
import tomllib
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from xml.parsers import expat

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import crisisdesk

ROOT = Path(__file__).parent.parent
LOCK = ROOT / "requirements.lock"
OURS = "crisisdesk"  # as the owner of a part: this program itself
PYTHON = "python"


class IncompleteError(Exception):
    """What nobody could vouch for, in a sentence for whoever builds."""


@dataclass(frozen=True, kw_only=True)
class Locked:
    """What requirements.lock says about one distribution."""

    version: str
    marker: str
    hashes: tuple[str, ...]
    via: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Inside:
    """A work inside the program that is no distribution of its own."""

    name: str
    within: str
    version: str
    licence: str
    texts: tuple[str, ...]
    home: str
    files: tuple[str, ...] = ()


@cache
def facts() -> dict[str, Any]:
    """Return what licences.toml says."""
    return tomllib.loads((ROOT / "packaging" / "licences.toml").read_text(encoding="utf-8"))


# --- distributions ---------------------------------------------------------------------------------------------------

_ENTRY = re.compile(r"(?m)^(?P<name>[a-z0-9][a-z0-9.-]*)==(?P<version>[^\s;]+)(?: ; (?P<marker>[^\\\n]+?))?(?: \\)?$")


def locked(text: str) -> dict[str, Locked]:
    """Return the entries of a lock file, by name."""
    found = list(_ENTRY.finditer(text))
    ends = [*(entry.start() for entry in found[1:]), len(text)]
    entries = {}
    for entry, end in zip(found, ends, strict=True):
        body = text[entry.end() : end]
        entries[entry["name"]] = Locked(
            version=entry["version"],
            marker=(entry["marker"] or "").strip(),
            hashes=tuple(re.findall(r"--hash=sha256:([0-9a-f]{64})", body)),
            via=tuple(re.findall(r"(?m)^    # (?:via |  )([a-z0-9.-]+)", body)),
        )
    return entries


def needs(distribution: str) -> list[str]:
    """Return the names of what a distribution needs on this system; ``crisisdesk`` is this program."""
    if distribution == OURS:
        project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        lines: list[str] = project["dependencies"]
    else:
        lines = installed.distribution(distribution).requires or []
    wanted = [Requirement(line) for line in lines]
    here = [each for each in wanted if each.marker is None or each.marker.evaluate({"extra": ""})]
    return sorted({canonicalize_name(each.name) for each in here} - set(facts()["left_out"]))


@cache
def distributions() -> dict[str, installed.Distribution]:
    """Return every distribution that goes into the program on this system, by name."""
    found: dict[str, installed.Distribution] = {}
    waiting = needs(OURS)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = installed.distribution(name)
            waiting += needs(name)
    return dict(sorted(found.items()))


def licence_of(name: str) -> str:
    """Return a distribution's licence in SPDX's words."""
    spoken: dict[str, str] = facts()["spoken"]
    metadata = distributions()[name].metadata
    said = metadata["License-Expression"] if "License-Expression" in metadata else spoken.get(name)
    if not said:
        raise IncompleteError(f"{name} names no licence in SPDX's words: read its text, then add it to licences.toml.")
    return said


# --- works inside them -----------------------------------------------------------------------------------------------


def _openssl_of_sqlcipher() -> str:
    # Only a keyed file tells by a pragma. The library carries the sentence that OpenSSL_version() returns.
    package = installed.distribution("sqlcipher3")
    native = [file for file in package.files or () if file.suffix in {".so", ".pyd"}]
    read = Path(str(package.locate_file(native[0]))).read_bytes()
    said = re.search(rb"OpenSSL (\d+\.\d+\.\d+[a-z-]*\d*) +\d+ [A-Z][a-z]{2} \d{4}", read)
    if said is None:
        raise IncompleteError("The version of OpenSSL inside sqlcipher3 can't be read any more.")
    return said[1].decode()


def _openssl_of_cryptography() -> str:
    from cryptography.hazmat.backends.openssl import backend  # noqa: PLC0415  slow, and for this question alone

    return backend.openssl_version_text().split()[1]


def _sqlcipher() -> str:
    from sqlcipher3 import dbapi2  # noqa: PLC0415  as above

    connection = dbapi2.connect(":memory:")
    try:
        return str(connection.execute("PRAGMA cipher_version").fetchone()[0]).split()[0]
    finally:
        connection.close()


def _sqlite() -> str:
    from sqlcipher3 import dbapi2  # noqa: PLC0415  as above

    connection = dbapi2.connect(":memory:")
    try:
        return str(connection.execute("SELECT sqlite_version()").fetchone()[0])
    finally:
        connection.close()


def _qpdf() -> str:
    import pikepdf  # noqa: PLC0415  as above

    return pikepdf.__libqpdf_version__


def _icu() -> str:
    names = (file.name for file in distributions()["pyside6-essentials"].files or ())
    said = next((match for name in names if (match := re.match(r"libicuuc\.so\.(\d+)$", name))), None)
    if said is None:
        raise IncompleteError("Qt no longer carries ICU as a library of its own: take it out of licences.toml.")
    return said[1]


def _mpdecimal() -> str:
    import _decimal  # noqa: PLC0415  a private module, the only one that knows

    return str(_decimal.__libmpdec_version__)


_ASK: dict[str, Callable[[], str]] = {
    "python": platform.python_version,
    "openssl_of_sqlcipher": _openssl_of_sqlcipher,
    "openssl_of_cryptography": _openssl_of_cryptography,
    "openssl_of_python": lambda: ssl.OPENSSL_VERSION.split()[1],
    "sqlcipher": _sqlcipher,
    "sqlite": _sqlite,
    "qpdf": _qpdf,
    "icu": _icu,
    "mpdecimal": _mpdecimal,
    "expat": lambda: expat.EXPAT_VERSION.removeprefix("expat_"),
    "zlib": lambda: zlib.ZLIB_RUNTIME_VERSION,
}


def lists_of(name: str) -> list[dict[str, Any]]:
    """Return the lists of parts (CycloneDX) that a distribution carries, as PEP 770 has it."""
    package = distributions()[name]
    files = [file for file in package.files or () if "sboms" in file.parts and file.suffix == ".json"]
    return [json.loads(Path(str(package.locate_file(file))).read_text(encoding="utf-8")) for file in sorted(files)]


def _version(source: str) -> str:
    kind, _, rest = source.partition(":")
    if kind == "of":
        return installed.version(rest)
    if kind == "ask":
        return _ASK[rest]()
    if kind == "sbom":
        name, _, part = rest.partition(":")
        listed = (each for parts in lists_of(name) for each in parts.get("components", ()) if each["name"] == part)
        said = next((each["version"] for each in listed if each.get("version")), None)
        if said is None:
            raise IncompleteError(f"The list of parts in {name} no longer names {part}: see licences.toml.")
        return str(said)
    return source


@cache
def inside() -> tuple[Inside, ...]:
    """Return the works inside the program on this system that are no distribution of their own."""
    here = [entry for entry in facts()["inside"] if sys.platform in entry.get("systems", (sys.platform,))]
    return tuple(
        Inside(
            name=entry["name"],
            within=entry["within"],
            version=_version(entry["version"]),
            licence=entry["licence"],
            texts=tuple(entry["texts"]),
            home=entry["home"],
            files=tuple(entry.get("files", ())),
        )
        for entry in here
    )


@cache
def crates() -> tuple[Inside, ...]:
    """Return the Rust libraries that compiled distributions list as their own parts."""
    listed = [
        (name, part) for name in distributions() for each in lists_of(name) for part in each.get("components", ())
    ]
    rust = [(name, part) for name, part in listed if str(part.get("purl", "")).startswith("pkg:cargo/")]
    return tuple(sorted((_crate(name, part) for name, part in rust), key=lambda part: (part.within, part.name)))


def _crate(name: str, part: dict[str, Any]) -> Inside:
    spoken = [each.get("expression") for each in part.get("licenses", ())]
    if not spoken or not spoken[0]:
        raise IncompleteError(f"{part['name']} inside {name} names no licence.")
    texts = ("Apache-2.0.txt", "Rust.txt")
    return Inside(name=part["name"], within=name, version=part["version"], licence=spoken[0], texts=texts, home="")


def version() -> str:
    """Return CrisisDesk's own version, asked at one place so that a test can set another."""
    return crisisdesk.__version__
