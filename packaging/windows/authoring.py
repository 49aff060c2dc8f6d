r"""What Windows Installer does, when, and on what condition: rows for tables that wixl leaves out or writes wrong.

For whom it installs. The package is one of Windows' "dual-purpose" packages: ALLUSERS=2 with MSIINSTALLPERUSER=1 in
the property table. Windows Installer 5 then installs for the person who opens it, asks for no administrator, turns
ProgramFiles64Folder into %LOCALAPPDATA%\Programs, and sets ALLUSERS to nothing. ALLUSERS=1 on the command line makes
it an installation for everyone, for which Windows asks an administrator. Bit 3 of the word count ("needs no rights")
stays unset: it would keep Windows from asking, and an installation for everyone would fail instead. Wine 8 knows
nothing of MSIINSTALLPERUSER and takes ALLUSERS=2 for 1, so ``machine.py`` tries a copy with ALLUSERS as Windows sets
it. SetFolder names the folder that Windows would choose anyway, so that both go the same way.

An upgrade. The old program is removed inside the new one's transaction (after InstallInitialize): if anything fails,
Windows puts the old one back. REINSTALLMODE=amus writes every file whatever its version says: all of them are ours,
and a library that goes back to an older version must go back here too.
"""

from dataclasses import dataclass

from windows.source import DESKTOP_FEATURE, FOLDER, ICON, PROGRAM, REGISTRY, Product, braced, identifier
from windows.tables import Row, Table

from crisisdesk import APP_ID, NAME

OLDEST_WINDOWS = 17763  # Windows 10, version 1809: Qt 6.12 doesn't start on an older one

# Sentences that also a log or an administrator sees.
NEWER_IS_HERE = f"A newer {NAME} is installed on this computer. It stays as it is."
EVERYONES_IS_HERE = (
    f"{NAME} is installed on this computer for everyone. Whoever looks after the computer keeps it up to date."
)
WINDOWS_IS_OLD = f"{NAME} needs 64-bit Windows 10 (version 1809) or later. Nothing was changed."

# Windows Installer's own WindowsBuild says 9600, which was Windows 8.1, on each Windows since.
_WINDOWS_ITSELF = r"SOFTWARE\Microsoft\Windows NT\CurrentVersion"

# What is said to be done, at the end and meanwhile: "CrisisDesk is being removed".
INSTALLED, REPAIRED, REMOVED = "installed", "repaired", "removed"

# Kinds of custom actions, from Windows Installer's own numbers.
_FROM_FILE, _REFUSE, _SET_PROPERTY = 18, 19, 51
_DON_T_WAIT = 0xC0  # and don't ask how it ended

_ONLY_WHEN_ASKED = 1000  # above the level that is installed by itself

# Upgrade: which versions are meant, and whether they are only looked for.
_ONLY_LOOK, _FROM_INCLUDED, _TO_INCLUDED = 0x2, 0x100, 0x200

_HKCU, _HKLM, _RAW = "1", "2", "18"  # 18: the raw value, seen as a 64-bit program sees it

_QUIET = "UILevel < 5"
_FOR_ONE = "ALLUSERS <> 1"


@dataclass(frozen=True)
class Step:
    """One row of a sequence."""

    action: str
    order: int
    condition: str = ""


_LOOK = (
    Step("FindRelatedProducts", 25, "NOT Installed"),
    Step("AppSearch", 50),
)
_COST = (
    Step("ValidateProductID", 700),
    Step("CostInitialize", 800),
    Step("FileCost", 900),
    Step("SetFolder", 950, _FOR_ONE),
    Step("CostFinalize", 1000),
    Step("MigrateFeatureStates", 1200),
)
INSTALL = (
    *_LOOK,
    Step("KeepDesktopIcon", 55, f"HADDESKTOPICON AND NOT DESKTOPICON AND {_QUIET}"),
    Step("RefuseOlder", 60, "NEWERFOUND AND NOT Installed"),
    Step("RefuseSecond", 61, f"EVERYONESCOPY AND NOT Installed AND {_FOR_ONE}"),
    Step("LaunchConditions", 100),
    *_COST,
    Step("InstallValidate", 1400),
    Step("InstallInitialize", 1500),
    Step("RemoveExistingProducts", 1510),
    Step("ProcessComponents", 1600),
    Step("UnpublishFeatures", 1800),
    Step("RemoveRegistryValues", 2600),
    Step("RemoveShortcuts", 3200),
    Step("RemoveFiles", 3500),
    Step("InstallFiles", 4000),
    Step("CreateShortcuts", 4500),
    Step("WriteRegistryValues", 5000),
    Step("RegisterUser", 6000),
    Step("RegisterProduct", 6100),
    Step("PublishFeatures", 6300),
    Step("PublishProduct", 6400),
    Step("InstallFinalize", 6600),
)
# A negative number is how it ended: -1 well, -2 cancelled, -3 failed.
WINDOW = (
    Step("Failed", -3),
    Step("Cancelled", -2, f"Installed OR NOT (NEWERFOUND OR (EVERYONESCOPY AND {_FOR_ONE}))"),
    Step("Done", -1),
    *_LOOK,
    Step("ShowDesktopIcon", 55, "HADDESKTOPICON AND NOT DESKTOPICON"),
    Step("Newer", 60, "NEWERFOUND AND NOT Installed"),
    Step("Everyones", 61, f"EVERYONESCOPY AND NOT Installed AND {_FOR_ONE}"),
    Step("LaunchConditions", 100),
    *_COST,
    Step("Welcome", 1230, "NOT Installed"),
    Step("Remove", 1240, 'Installed AND REMOVE = "ALL"'),
    Step("Maintain", 1250, "Installed AND NOT REMOVE AND NOT REINSTALL"),
    Step("Progress", 1280),
    Step("ExecuteAction", 1300),
)

# What the progress window says; Windows Installer's own words are for those who make installers.
ACTIONS = {
    "CostFinalize": "Looking what is there",
    "InstallValidate": "Looking whether there is room, and whether a file is in use",
    "RemoveExistingProducts": "Taking the version before away",
    "ProcessComponents": "Preparing",
    "RemoveFiles": "Taking the program's files away",
    "RemoveShortcuts": "Taking the program out of the Start menu",
    "InstallFiles": "Putting the program's files in their place",
    "CreateShortcuts": "Putting the program into the Start menu",
    "WriteRegistryValues": "Writing the program into Windows' list",
    "RegisterProduct": "Writing the program into Windows' list",
    "PublishProduct": "Finishing",
    "Rollback": "Putting everything back as it was",
}


def properties() -> dict[str, str]:
    """Return what the property table must say beside what wixl wrote."""
    return {
        "ALLUSERS": "2",
        "MSIINSTALLPERUSER": "1",
        "REINSTALLMODE": "amus",
        "ARPSYSTEMCOMPONENT": "1",
        "ARPPRODUCTICON": ICON,
        "ARPCOMMENTS": f"Removing {NAME} leaves your records where they are.",
        "MsiLogging": "voicewarmup",  # Windows keeps a log in the temporary folder; Failed says where
        "DefaultUIFont": "Body",
        "ErrorDialog": "Error",
        "DOING": INSTALLED,
        "STARTNOW": "1",
        # What the searches find with the windows open, Windows doesn't search again when it installs as administrator:
        # it takes over what is named here, and nothing else.
        "SecureCustomProperties": "DESKTOPICON;EVERYONESCOPY;HADDESKTOPICON;NEWERFOUND;OLDFOUND;WINDOWSIS",
    }


def own(what: Product) -> list[Table]:
    """Return the tables that are ours alone."""
    pinned = ("start_menu", "desktop")
    return [
        _sequence("InstallExecuteSequence", INSTALL),
        _sequence("InstallUISequence", WINDOW),
        _actions(),
        _upgrade(what),
        Table(
            "Condition",
            ("Feature_", "Level", "Condition"),
            ("s38", "i2", "S255"),
            ("Feature_", "Level"),
            [(DESKTOP_FEATURE, str(_ONLY_WHEN_ASKED), "NOT (DESKTOPICON = 1)")],
        ),
        Table(
            "LaunchCondition",
            ("Condition", "Description"),
            ("s255", "l255"),
            ("Condition",),
            [(f"Installed OR (VersionNT64 AND WINDOWSIS >= {OLDEST_WINDOWS})", WINDOWS_IS_OLD)],
        ),
        Table(
            "ActionText",
            ("Action", "Description", "Template"),
            ("s72", "L0", "L0"),
            ("Action",),
            [(action, says, "") for action, says in ACTIONS.items()],
        ),
        *_searches(),
        Table(
            "MsiShortcutProperty",
            ("MsiShortcutProperty", "Shortcut_", "PropertyKey", "PropVariantValue"),
            ("s72", "s72", "s255", "s0"),
            ("MsiShortcutProperty",),
            # Windows puts the window under the button that was pinned from the Start menu, and not beside it.
            [(f"{each}_id", f"{each}_shortcut", "System.AppUserModel.ID", APP_ID) for each in pinned],
        ),
    ]


def _actions() -> Table:
    sets, refuses = str(_SET_PROPERTY), str(_REFUSE)
    return Table(
        "CustomAction",
        ("Action", "Type", "Source", "Target", "ExtendedType"),
        ("s72", "i2", "S72", "S255", "I4"),
        ("Action",),
        [
            ("SetFolder", sets, FOLDER, rf"[LocalAppDataFolder]Programs\{NAME}" + "\\", ""),
            ("KeepDesktopIcon", sets, "DESKTOPICON", "1", ""),
            ("ShowDesktopIcon", sets, "DESKTOPICON", "1", ""),
            ("RefuseOlder", refuses, "", NEWER_IS_HERE, ""),
            ("RefuseSecond", refuses, "", EVERYONES_IS_HERE, ""),
            ("StartProgram", str(_FROM_FILE | _DON_T_WAIT), identifier("f", PROGRAM), "", ""),
        ],
    )


def _upgrade(what: Product) -> Table:
    code, this = braced(what.upgrades), what.version
    return Table(
        "Upgrade",
        ("UpgradeCode", "VersionMin", "VersionMax", "Language", "Attributes", "Remove", "ActionProperty"),
        ("s38", "S20", "S20", "S255", "i4", "S255", "s72"),
        ("UpgradeCode", "VersionMin", "VersionMax", "Language", "Attributes"),
        [
            # The same version too: another build of it has another product code, and there is only one program.
            (code, "0.0.0", this, "", str(_FROM_INCLUDED | _TO_INCLUDED), "", "OLDFOUND"),
            (code, this, "", "", str(_ONLY_LOOK), "", "NEWERFOUND"),
        ],
    )


def _searches() -> list[Table]:
    """Look what an installation before this one left in the registry."""
    looked = (
        ("had_desktop_icon", "HADDESKTOPICON", _HKCU, "DesktopIcon"),
        ("everyones_desktop_icon", "HADDESKTOPICON", _HKLM, "DesktopIcon"),
        ("everyones_copy", "EVERYONESCOPY", _HKLM, "Folder"),
    )
    rows = [(key, root, REGISTRY, name, _RAW) for key, _into, root, name in looked]
    return [
        Table(
            "AppSearch",
            ("Property", "Signature_"),
            ("s72", "s72"),
            ("Property", "Signature_"),
            [*((into, key) for key, into, _root, _name in looked), ("WINDOWSIS", "windows_is")],
        ),
        Table(
            "RegLocator",
            ("Signature_", "Root", "Key", "Name", "Type"),
            ("s72", "i2", "s255", "S255", "I2"),
            ("Signature_",),
            [*rows, ("windows_is", _HKLM, _WINDOWS_ITSELF, "CurrentBuild", _RAW)],
        ),
    ]


def _sequence(name: str, steps: tuple[Step, ...]) -> Table:
    rows: list[Row] = [(step.action, step.condition, str(step.order)) for step in steps]
    return Table(name, ("Action", "Condition", "Sequence"), ("s72", "S255", "I2"), ("Action",), rows)
