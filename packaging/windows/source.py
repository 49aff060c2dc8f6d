"""The WiX source of the installer: files, folders, shortcuts and registry values, as ``wixl`` compiles them.

What wixl 0.101 doesn't understand of WiX (dialogs, conditions, versions of files, the order of things) ``msi.py`` adds
to the tables afterwards, from ``authoring.py`` and ``dialogs.py``.
"""

import hashlib
import os
import uuid
import xml.etree.ElementTree as ET
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from crisisdesk import NAME, PUBLISHER, __version__

FOLDER = "INSTALLDIR"
PROGRAM = f"{NAME}.exe"
ICON = "app.ico"
PROGRAM_FEATURE, DESKTOP_FEATURE = "Program", "Desktop"
CABINET = "program.cab"
REGISTRY = rf"Software\{NAME}"
UNINSTALL = rf"Software\Microsoft\Windows\CurrentVersion\Uninstall\{NAME}"

# Windows knows by this code that two installers are for the same program. It never changes.
_UPGRADES = uuid.UUID("6f0f7cb2-0e3e-4c5b-9a41-6f7c6b1d2a90")
_STANDIN_UPGRADES = uuid.UUID("b1a7f1de-53cf-45a6-8f0d-9f6a2f6f8a11")
_OURS = uuid.UUID("0b9f4e53-7a55-4b8a-9b58-3a0a4a1f6d7e")  # the space of all names that are made into codes

# wixl writes a root of 4 for HKMU, which Windows doesn't know; the table is put right afterwards.
_HIVE = "HKMU"


@dataclass(frozen=True)
class Product:
    """Which program is installed: the one that is handed out, or the one that stands for it in tests."""

    name: str
    version: str
    upgrades: uuid.UUID
    payload: Path
    icon: Path
    digest: str = ""

    @property
    def code(self) -> str:
        """The product's own code: another for each version, and for each content of the same version."""
        return braced(uuid.uuid5(_OURS, f"product {self.name} {self.version} {self.digest}"))

    @property
    def package(self) -> str:
        """The code of this very file."""
        return braced(uuid.uuid5(_OURS, f"package {self.name} {self.version} {self.digest}"))


def product(payload: Path, icon: Path, *, standin: bool, version: str = __version__) -> Product:
    """Say what is to be installed."""
    name, upgrades = (f"{NAME} (stand-in)", _STANDIN_UPGRADES) if standin else (NAME, _UPGRADES)
    return replace(Product(name, version, upgrades, payload, icon), digest=_digest(payload))


def braced(code: uuid.UUID) -> str:
    """Return a code as Windows Installer writes it."""
    return f"{{{code}}}".upper()


def identifier(kind: str, path: str) -> str:
    """Return a name for a row that stays the same from version to version."""
    return f"{kind}_{hashlib.sha256(path.encode()).hexdigest()[:20]}"


def files(payload: Path) -> list[str]:
    """Return the files to install, as paths with slashes, always in the same order."""
    return sorted(path.relative_to(payload).as_posix() for path in payload.rglob("*") if path.is_file())


def _digest(payload: Path) -> str:
    whole = hashlib.sha256()
    # This folder's own files too: an installer that was written anew isn't the installer that it was.
    for folder, names in (
        (payload, files(payload)),
        (Path(__file__).parent, ("source.py", "authoring.py", "dialogs.py", "layout.py")),
    ):
        for name in names:
            whole.update(name.encode())
            whole.update(hashlib.sha256((folder / name).read_bytes()).digest())
    return whole.hexdigest()


def source(what: Product) -> str:
    """Write the WiX source. Its files are named from the payload's folder: wixl 0.101 finds no others."""
    icon = os.path.relpath(what.icon, what.payload)
    root = ET.Element("Wix", xmlns="http://schemas.microsoft.com/wix/2006/wi")
    tree = ET.SubElement(
        root,
        "Product",
        Id=what.code,
        Name=what.name,
        Language="1033",
        Version=what.version,
        Manufacturer=PUBLISHER,
        UpgradeCode=braced(what.upgrades),
    )
    says = {"Description": f"{what.name} {what.version}", "Keywords": "Installer", "Comments": "For 64-bit Windows."}
    ET.SubElement(tree, "Package", says, InstallerVersion="500", Compressed="yes")
    ET.SubElement(tree, "Media", Id="1", Cabinet=CABINET, EmbedCab="yes")
    ET.SubElement(tree, "Icon", Id=ICON, SourceFile=icon)
    ET.SubElement(tree, "Binary", Id="app", SourceFile=icon)
    top = ET.SubElement(tree, "Directory", Id="TARGETDIR", Name="SourceDir")
    ET.SubElement(top, "Directory", Id="ProgramMenuFolder")
    ET.SubElement(top, "Directory", Id="DesktopFolder")
    # Windows turns this into %LOCALAPPDATA%\Programs where it installs for one person alone.
    programs = ET.SubElement(top, "Directory", Id="ProgramFiles64Folder")
    folder = ET.SubElement(programs, "Directory", Id=FOLDER, Name=NAME)
    components = [*_lay_out(folder, what), *_registrations(folder, what)]
    features = {
        name: ET.SubElement(tree, "Feature", Id=name, Title=NAME, Level="1")
        for name in (PROGRAM_FEATURE, DESKTOP_FEATURE)
    }
    for each in components:
        feature = features[DESKTOP_FEATURE if each == "desktop" else PROGRAM_FEATURE]
        ET.SubElement(feature, "ComponentRef", Id=each)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True)


def _lay_out(folder: ET.Element, what: Product) -> list[str]:
    """Give every file a component of its own, with a code that follows from its path: Windows counts by these codes."""
    folders = {PurePosixPath(): folder}
    components = []
    for name in files(what.payload):
        path = PurePosixPath(name)
        for parent in [*reversed(path.parents)][1:]:
            if parent not in folders:
                above = folders[parent.parent]
                key = identifier("d", str(parent))
                folders[parent] = ET.SubElement(above, "Directory", Id=key, Name=parent.name)
        component = _component(folders[path.parent], identifier("c", name), f"file {name.lower()}")
        places = {"Name": path.name, "Source": name}
        ET.SubElement(component, "File", places, Id=identifier("f", name), KeyPath="yes")
        components.append(component.attrib["Id"])
    return components


def _component(folder: ET.Element, key: str, says: str) -> ET.Element:
    return ET.SubElement(folder, "Component", Id=key, Guid=str(uuid.uuid5(_OURS, says)).upper(), Win64="yes")


def _registrations(folder: ET.Element, what: Product) -> list[str]:
    """Write what is no file: the start menu, the desktop's icon, and the entry in Windows' list of programs."""
    made = []
    for key, where, value in (
        ("start_menu", "ProgramMenuFolder", "StartMenu"),
        ("desktop", "DesktopFolder", "DesktopIcon"),
    ):
        component = _component(folder, key, key)
        _value(component, REGISTRY, value, "1", is_key=True)
        # No icon of its own: it shows the program's, which is still there when an upgrade has changed the code.
        ET.SubElement(
            component,
            "Shortcut",
            Id=f"{key}_shortcut",
            Directory=where,
            Name=NAME,
            Target=f"[#{identifier('f', PROGRAM)}]",
            WorkingDirectory=FOLDER,
            Description="Clients, referrals and follow-ups",
        )
        made.append(key)
    entry = _component(folder, "entry", "entry in the list of programs")
    _value(entry, REGISTRY, "Folder", f"[{FOLDER}]", is_key=True)
    _value(entry, REGISTRY, "Version", what.version)
    for name, says in _entry(what).items():
        _value(entry, UNINSTALL, name, says)
    return [*made, "entry"]


def _entry(what: Product) -> dict[str, str | int]:
    """Return the entry in Windows' list of programs.

    It is ours and not Windows Installer's own (ARPSYSTEMCOMPONENT hides that one): Windows removes a program of that
    kind without a word, and she must be told where her records are.
    """
    size = sum((what.payload / name).stat().st_size for name in files(what.payload))
    return {
        "DisplayName": what.name,
        "DisplayVersion": what.version,
        "DisplayIcon": f"[{FOLDER}]{PROGRAM}",
        "Publisher": PUBLISHER,
        "InstallLocation": f"[{FOLDER}]",
        "Comments": rf"Removing the program leaves your records in [LocalAppDataFolder]{NAME}",
        "UninstallString": "MsiExec.exe /i[ProductCode] REMOVE=ALL",
        "QuietUninstallString": "MsiExec.exe /x[ProductCode] /qn",
        "EstimatedSize": size // 1024,
        "NoModify": 1,
        "NoRepair": 1,
    }


def _value(component: ET.Element, key: str, name: str, value: str | int, *, is_key: bool = False) -> None:
    kind = "integer" if isinstance(value, int) else "string"
    says = {"Root": _HIVE, "Key": key, "Name": name, "Value": str(value), "Type": kind}
    ET.SubElement(component, "RegistryValue", says, KeyPath="yes" if is_key else "no")
