"""What the installer says to her: its windows, in the words and in the order in which she meets them."""

from windows.authoring import EVERYONES_IS_HERE, NEWER_IS_HERE, REMOVED, REPAIRED
from windows.layout import (
    ERROR,
    ERROR_TEXT,
    LIST_OF_PROGRAMS,
    MODAL,
    MODELESS,
    PROGRESS_BAR,
    TRACK_ROOM,
    WHAT_IT_DOES,
    Box,
    Button,
    Dialog,
    Event,
    Words,
)
from windows.source import DESKTOP_FEATURE

from crisisdesk import NAME

RECORDS = f"[LocalAppDataFolder]{NAME}"

_LEAVE = Event("EndDialog", "Exit")
_GO_ON = Event("EndDialog", "Return")
_CLOSE = (Button("Close", "&Close", (_LEAVE,)),)

_REMOVAL = f'(DOING = "{REMOVED}")'

DIALOGS = (
    Dialog(
        "Welcome",
        f"Install {NAME}",
        (
            Words(
                f"This puts {NAME} on this computer, for you. It needs no administrator and no internet.",
                y=44,
                when="NOT OLDFOUND AND ALLUSERS <> 1",
            ),
            Words(
                f"This puts {NAME} on this computer, for everyone who uses it.",
                y=44,
                when="NOT OLDFOUND AND ALLUSERS = 1",
            ),
            Words(
                f"This puts version [ProductVersion] in place of the {NAME} that is here. Your records stay.",
                y=44,
                when="OLDFOUND",
            ),
            Words(
                f"{NAME} is free software under the Apache License 2.0. The licences of everything inside come along "
                "(Help, About).",
                y=74,
            ),
            Box("Desktop", "Put an icon on the &desktop too", "DESKTOPICON", y=108),
        ),
        (
            Button(
                "Install",
                "&Install",
                (
                    Event("AddLocal", DESKTOP_FEATURE, "DESKTOPICON = 1"),
                    Event("Remove", DESKTOP_FEATURE, "NOT DESKTOPICON"),
                    Event("SpawnDialog", "NoRoom", "OutOfDiskSpace = 1"),
                    Event("EndDialog", "Return", "OutOfDiskSpace <> 1"),
                ),
            ),
            Button("Cancel", "Cancel", (_LEAVE,)),
        ),
        cancel="Cancel",
        kind=MODAL | TRACK_ROOM,
    ),
    Dialog(
        "Maintain",
        f"{NAME} is installed",
        (
            Words(f"This version of {NAME} is on this computer already. You find it in the Start menu.", y=44),
            Words(
                "Repair writes all of its files anew, if it doesn't start or Windows says that one is damaged.", y=74
            ),
            Words("Remove takes the program away and leaves your records.", y=104),
        ),
        (
            Button(
                "Repair",
                "&Repair",
                (
                    Event("[DOING]", REPAIRED),
                    Event("ReinstallMode", "amus"),
                    Event("Reinstall", "ALL"),
                    _GO_ON,
                ),
            ),
            Button("Remove", "Re&move...", (Event("NewDialog", "Remove"),)),
            Button("Cancel", "Cancel", (_LEAVE,)),
        ),
        cancel="Cancel",
    ),
    Dialog(
        "Remove",
        f"Remove {NAME}?",
        (
            Words(
                "This takes the program away. Your records stay on this computer, encrypted as they are, in the folder",
                y=44,
            ),
            Words(RECORDS, y=70, height=12),
            Words(
                f"Install {NAME} again and they open as before, with your passphrase or the printed recovery code.",
                y=90,
            ),
        ),
        (
            Button("Remove", "&Remove", (Event("[DOING]", REMOVED), Event("Remove", "ALL"), _GO_ON)),
            Button("Cancel", "Cancel", (_LEAVE,)),
        ),
        cancel="Cancel",
    ),
    Dialog(
        "Progress",
        f"{NAME} is being [DOING]",
        (Words("This takes a minute. Your records are not touched.", y=44, height=12),),
        (Button("Cancel", "Cancel", (Event("SpawnDialog", "Sure"),)),),
        cancel="Cancel",
        kind=MODELESS,
        others=(PROGRESS_BAR, WHAT_IT_DOES),
    ),
    Dialog(
        "Done",
        f"{NAME} is [DOING]",
        (
            Words(
                f"You find it in the Start menu: press the Windows key and type {NAME}.", y=44, when=f"NOT {_REMOVAL}"
            ),
            Box("Start", f"&Start {NAME} now", "STARTNOW", y=78, when=f"NOT {_REMOVAL}"),
            Words(
                "Your records are still on this computer, encrypted as they were, in the folder", y=44, when=_REMOVAL
            ),
            Words(RECORDS, y=70, height=12, when=_REMOVAL),
            Words(
                f"Install {NAME} again and they open as before. For another computer, take a backup there.",
                y=90,
                when=_REMOVAL,
            ),
        ),
        (
            Button(
                "Finish",
                "&Finish",
                (Event("DoAction", "StartProgram", f"STARTNOW = 1 AND NOT {_REMOVAL}"), _GO_ON),
            ),
        ),
        cancel="Finish",
    ),
    Dialog(
        "Cancelled",
        "Cancelled",
        (
            Words(
                "You cancelled it. What was installed before still is. Your records were not touched.",
                y=44,
            ),
            Words("To try again, open the installer again.", y=74),
        ),
        _CLOSE,
        cancel="Close",
    ),
    Dialog(
        "Failed",
        "That did not work",
        (
            Words("Windows could not finish, and put all back as it was. Your records were not touched.", y=44),
            Words(
                "Restart the computer and try again. If the installer is on a stick, copy it to the computer first.",
                y=74,
            ),
            Words(
                "If it fails again, show this file, which holds no records, to whoever looks after the computer:",
                y=104,
                when="MsiLogFileLocation",
            ),
            Words("[MsiLogFileLocation]", y=130, height=24, when="MsiLogFileLocation"),
        ),
        _CLOSE,
        cancel="Close",
    ),
    Dialog(
        "Newer",
        "Nothing to do",
        (Words(NEWER_IS_HERE, y=44), Words("You find it in the Start menu.", y=74)),
        _CLOSE,
        cancel="Close",
    ),
    Dialog(
        "Everyones",
        "Nothing to do",
        (Words(EVERYONES_IS_HERE, y=44), Words("You find it in the Start menu.", y=74)),
        _CLOSE,
        cancel="Close",
    ),
    Dialog(
        "NoRoom",
        "Not enough room",
        (
            Words(
                "There is not enough room on this computer's disk. Empty the recycle bin, for example, and try again.",
                y=44,
                height=36,
            ),
        ),
        (Button("Back", "&Back", (_GO_ON,)),),
        cancel="Back",
    ),
    Dialog(
        "Sure",
        "Stop?",
        (
            Words(
                "If you stop now, the computer will be as it was before. Your records are not touched either way.", y=44
            ),
        ),
        (
            Button("No", "&Go on", (_GO_ON,)),
            Button("Yes", "&Stop", (_LEAVE,)),
        ),
        cancel="No",
    ),
    # The names of the next three are Windows Installer's.
    Dialog(
        "MsiRMFilesInUse",
        f"{NAME} is open",
        (
            Words("These programs are open and have to be closed first:", y=44, height=12),
            Words(
                "What you saved is safe. If you are still writing something, choose Cancel, save it, then try again.",
                y=112,
            ),
        ),
        (
            Button("CloseIt", "&Close it and go on", (Event("RMShutdownAndRestart", "0"), _GO_ON), width=90),
            Button("Cancel", "Cancel", (_LEAVE,)),
        ),
        cancel="Cancel",
        others=(LIST_OF_PROGRAMS,),
    ),
    Dialog(
        "FilesInUse",
        f"{NAME} is still open",
        (
            Words("These programs are open. Close them, then choose Try again:", y=44, height=12),
            Words("What you saved is safe. Nothing has been changed yet.", y=112),
        ),
        (
            Button("Retry", "&Try again", (Event("EndDialog", "Retry"),)),
            Button("Cancel", "Cancel", (_LEAVE,)),
        ),
        cancel="Cancel",
        others=(LIST_OF_PROGRAMS,),
    ),
    Dialog(
        "Error",
        NAME,
        (),
        tuple(
            Button(key, text, (Event("EndDialog", answer),))
            for key, text, answer in (
                ("O", "OK", "ErrorOk"),
                ("R", "&Try again", "ErrorRetry"),
                ("I", "Go &on", "ErrorIgnore"),
                ("A", "&Stop", "ErrorAbort"),
                ("C", "Cancel", "ErrorCancel"),
                ("Y", "&Yes", "ErrorYes"),
                ("N", "&No", "ErrorNo"),
            )
        ),
        kind=ERROR,
        others=(ERROR_TEXT,),
    ),
)
