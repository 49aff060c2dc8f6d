"""What can go wrong, in the clinician's words.

DeskError                     she can put it right; the message is a whole sentence for her
├── Invalid                   what she typed can't be kept yet: {field: sentence}
├── NotFound                  the record is gone (set aside elsewhere, or purged)
├── Stale                     changed since; an undo or a save would overwrite newer work
├── CannotUndo                an act that can't be taken back (a signed note, a printed packet)
├── StateConflict             not possible in the record's present state (edit a signed note)
│   └── OnHold                a legal hold keeps the record
├── FileProblem               a file of somebody else's that can't be read as what it should be
├── PrintProblem              paper that could not be made or sent
└── VaultError                the encrypted file
    ├── VaultMissing          no vault at that place
    ├── VaultExists           a vault is already there; it will not be overwritten
    ├── VaultInUse            another CrisisDesk has it open
    ├── WrongPassphrase       wrong passphrase or damaged key file
    ├── TooManyAttempts       too many wrong ones: entry is closed for a while, or until the recovery sheet comes
    ├── QuickUnlockClosed     the PIN can't be used now; the passphrase can
    ├── OldKeyFile            the key file is older than the one that the vault remembers
    ├── UnsafePlace           a folder from which the vault would travel, or which may vanish
    ├── VaultDamaged          the key is right, the file is not
    ├── VaultForeign          not a vault, or not one of ours
    ├── VaultTooNew           written by a newer CrisisDesk
    ├── BackupRefused         a backup that can't be trusted, or is no backup; nothing was changed
    ├── VaultReadOnly         the folder or file can't be written
    └── DiskFull              no space; nothing of the act was kept or lost

Everything that is not a DeskError is a bug and flies to the crash handler.
"""

from collections.abc import Mapping
from datetime import datetime


class DeskError(Exception):
    """What the clinician can put right; ``str(error)`` is a whole sentence for her."""


class Invalid(DeskError):
    """What was typed can't be kept yet. ``problems`` maps a field's name to a sentence."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = dict(problems)


class NotFound(DeskError):
    """The record is gone."""


class Stale(DeskError):
    """A row has changed since; going on would overwrite newer work."""


class CannotUndo(DeskError):
    """The act can't be taken back."""


class StateConflict(DeskError):
    """The record's present state does not allow the act."""


class OnHold(StateConflict):
    """A legal hold keeps the record: nothing of it is deleted, by whatever way."""


class FileProblem(DeskError):
    """A file from elsewhere that can't be read as what it should be."""


class PrintProblem(DeskError):
    """Paper that could not be made or sent."""


class VaultError(DeskError):
    """The encrypted file can't be used as asked."""


class VaultMissing(VaultError):
    """No vault at that place."""


class VaultExists(VaultError):
    """A vault is already there."""


class VaultInUse(VaultError):
    """Another process holds the vault."""


class WrongPassphrase(VaultError):
    """Wrong passphrase or damaged key file; the two can't be told apart."""


class TooManyAttempts(VaultError):
    """Entry is closed. ``until`` says when it opens (aware, UTC), None: only a recovery or hand-over code opens it."""

    def __init__(self, sentence: str, until: datetime | None) -> None:
        super().__init__(sentence)
        self.until = until


class QuickUnlockClosed(VaultError):
    """The PIN can't be used now, and why; the passphrase can."""


class OldKeyFile(VaultError):
    """Somebody put an older key file back."""


class UnsafePlace(VaultError):
    """The folder is on a network, a stick or in a cloud."""


class VaultDamaged(VaultError):
    """The key is proven right, the file is damaged."""


class SaveUnsure(VaultDamaged):
    """The disk failed at the very end of saving: what was saved stands, unless the power fails just now."""


class VaultForeign(VaultError):
    """Not a vault, or a file of another program."""


class VaultTooNew(VaultError):
    """Written by a newer CrisisDesk."""


class BackupRefused(VaultError):
    """A file that is no backup, or not one to trust. Nothing was changed."""


class VaultReadOnly(VaultError):
    """The folder or file can't be written."""


class DiskFull(VaultError):
    """No space left; the act was rolled back whole."""
