"""What she is told about the computer that her vault lies on, in words; and the one warning that she gets of it.

The facts come from ``crisisdesk.computer``; whether the system tells of its own lock, and whether its keyring can be
used, are told by the window and by a job, and are untold until then.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from crisisdesk import computer
from crisisdesk.computer import Computer, Told
from crisisdesk.i18n import N_, _
from crisisdesk.records.practice import Setting
from crisisdesk.vault.store import Store

_WARNED = "security_account_said"


@dataclass(frozen=True, kw_only=True)
class Line:
    """One fact in words. ``is_well``: None where the computer doesn't say; ``advice``: what to do, if anything."""

    id: str
    words: str
    reason: str
    advice: str
    is_well: bool | None


@dataclass(frozen=True)
class Sentences:
    """How a fact is told: why it matters, three heads, and what to do unless all is well."""

    reason: str
    yes: str
    no: str
    untold: str
    advice: str
    is_good: bool = True  # whether yes is the good answer
    unsure: str = ""  # what to do where it is untold, if that is something else

    def line(self, name: str, told: Told) -> Line:
        """Return the line for what the computer says."""
        is_well = None if told is Told.UNTOLD else (told is Told.YES) is self.is_good
        head = {Told.YES: self.yes, Told.NO: self.no, Told.UNTOLD: self.untold}[told]
        advice = "" if is_well else _((told is Told.UNTOLD and self.unsure) or self.advice)
        return Line(id=name, words=_(head), reason=_(self.reason), advice=advice, is_well=is_well)


_DISK = Sentences(
    N_(
        "Your vault and its backups are encrypted in any case. This is about what the computer itself writes down: "
        "print jobs, memory, files that you saved."
    ),
    N_("The disk is encrypted"),
    N_("The disk is not encrypted"),
    N_("Is the disk encrypted? It does not say"),
    N_("Ask IT to turn on the encryption of the whole disk: BitLocker on Windows, FileVault on a Mac, LUKS on Linux."),
)
_SWAP = Sentences(
    N_("When memory is short, or the computer hibernates, it writes down what was on your screen."),
    N_("Memory is not written down in the clear"),
    N_("Memory is written down in the clear"),
    N_("Is memory written down in the clear? It does not say"),
    N_("An encrypted disk covers this too. Without one, shut the computer down instead of letting it hibernate."),
)
_ACCOUNT = Sentences(
    N_("Whatever runs under an administrator’s account, a harmful attachment too, may change every program here."),
    N_("You work as an administrator"),
    N_("You work under an ordinary account"),
    N_("Is your account an administrator’s? It does not say"),
    N_("Ask IT for an ordinary account for daily work, and keep the other one for installing things."),
    is_good=False,
)
_OWN = Sentences(
    N_(
        "CrisisDesk asks for its own passphrase. But somebody who signs in as you could leave a program behind that "
        "listens to your keys."
    ),
    "",
    "",
    N_("Is the account yours alone? Only you can tell"),
    N_("If others sign in to this computer under the same name, ask IT for an account of your own."),
)
_PROGRAM = Sentences(
    N_("What runs under your account could put something else in CrisisDesk’s place."),
    N_("Your account may change CrisisDesk itself"),
    N_("Your account can’t change CrisisDesk itself"),
    N_("May your account change CrisisDesk itself? It does not say"),
    N_("Ask IT to install it for the whole computer. Then only an administrator can change it."),
    is_good=False,
)
_WHOLE = Sentences(
    N_(
        "A broken disk or half an update shows here. It is no proof against deceit: whoever replaces the program can "
        "replace the list that it is compared with, too."
    ),
    N_("CrisisDesk’s own files are as they were made"),
    N_("CrisisDesk’s own files are not as they were made"),
    N_("Are CrisisDesk’s own files as they were made? It does not say"),
    N_("Make a backup, lock CrisisDesk, and ask IT to install it again from your agency’s copy."),
    unsure=N_("It runs without its list of files. Ask IT to install it from your agency’s copy."),
)
_FOLDER = Sentences(
    N_("Without the passphrase a copy can’t be read, but it can be guessed at for years."),
    N_("Only your account may enter the vault’s folder"),
    N_("Other accounts may enter the vault’s folder"),
    N_("Who else may enter the vault’s folder? It does not say"),
    N_("Ask IT to leave CrisisDesk’s folder to you and the system alone."),
)
_MEMORY = Sentences(
    N_("So that no other program of yours reads along, and a crash writes nothing of your records to the disk."),
    N_("CrisisDesk’s memory is closed to other programs"),
    N_("CrisisDesk’s memory is open to other programs"),
    N_("Is CrisisDesk’s memory closed to others? It does not say"),
    N_("Close CrisisDesk and start it again. If this stays, tell whoever looks after it."),
)
_HEARD = Sentences(
    N_("CrisisDesk locks at once when the computer is locked, its lid is closed, or it goes to sleep."),
    N_("The computer’s own lock is heard"),
    N_("The computer’s own lock is not heard"),
    N_("Is the computer’s own lock heard? It does not say"),
    N_("Press Ctrl+L when you leave. Without a key or a move of the mouse CrisisDesk locks after two minutes at most."),
    unsure=N_("Press Ctrl+L when you leave."),
)
_KEYRING = N_("Only quick unlock with a PIN needs it. The passphrase works without.")
_KEYRINGS = {
    Told.YES: N_("The keyring for quick unlock can be used"),
    Told.NO: N_("Quick unlock can’t be used here"),
    Told.UNTOLD: N_("Can quick unlock be used? That is being asked"),
}


@dataclass(frozen=True, kw_only=True)
class Look:
    """A look at the computer that waits to be taken. ``run`` belongs in a job."""

    folder: Path
    take: Callable[[Path], Computer] = field(repr=False)

    def run(self) -> Computer:
        """Return the facts."""
        return self.take(self.folder)


class ThisComputer:
    """What can be said about this computer. Only tests and pictures set ``take``."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.take: Callable[[Path], Computer] = computer.look
        self.account = Told.UNTOLD  # whether it is an administrator's, as the program was told when it opened

    def look(self) -> Look:
        """Return the look at the computer under her vault."""
        return Look(folder=self._store.paths.folder, take=self.take)

    def should_warn(self) -> bool:
        """Whether she works as an administrator and has not been told yet."""
        if self.account is not Told.YES:
            return False
        with self._store.read() as s:
            return s.get(Setting, _WARNED) is None

    def warned(self) -> None:
        """Remember that she has read it."""
        with self._store.write("Remember a warning", undoable=False) as s:
            if s.get(Setting, _WARNED) is None:
                s.add(Setting(key=_WARNED, value=json.dumps(obj=True)))


def lines(found: Computer, *, is_heard: Told, keyring: str | None) -> tuple[Line, ...]:
    """Return the facts in words, what she should look at first. ``keyring``: why it can't be used; None: not known."""
    told = (
        ("disk", _DISK, found.is_disk_encrypted),
        ("swap", _SWAP, found.is_swap_encrypted),
        ("account", _ACCOUNT, found.is_administrator),
        ("program", _PROGRAM, found.is_program_writable),
        ("whole", _WHOLE, found.is_program_whole),
        ("folder", _FOLDER, found.is_folder_private),
        ("memory", _MEMORY, found.is_memory_closed),
        ("heard", _HEARD, is_heard),
        ("own", _OWN, Told.UNTOLD),
    )
    said = [sentences.line(name, what) for name, sentences, what in told]
    return (*sorted(said, key=_urgency), _keyring(keyring))


def _urgency(line: Line) -> int:
    return (False, None, True).index(line.is_well)


def _keyring(why_not: str | None) -> Line:
    """Return the line on quick unlock. It is a comfort: that it can't be had is nothing to put right."""
    told = Told.UNTOLD if why_not is None else Told.NO if why_not else Told.YES
    is_well = True if told is Told.YES else None
    return Line(id="keyring", words=_(_KEYRINGS[told]), reason=_(_KEYRING), advice=why_not or "", is_well=is_well)
