"""What a line of the audit log can tell of: every kind, in its group, with the words that she reads."""

from crisisdesk.i18n import N_
from crisisdesk.records.choice import Choice


class AuditGroup(Choice):
    """What the audit log is filtered by."""

    LOOKED = "looked", N_("Who looked at it")
    OUT = "out", N_("What left the office")
    DOOR = "door", N_("Sign-ins and locks")
    CHANGES = "changes", N_("Changes")
    KEEPING = "keeping", N_("Safe-keeping")


class AuditKind(Choice):
    """What a line tells of. The code is at most 20 letters."""

    UNLOCK = "unlock", N_("Unlocked")
    UNLOCK_FAILED = "unlock-failed", N_("A wrong try to unlock")
    LOCKED_OUT = "locked-out", N_("Too many wrong tries: unlocking had to wait")
    LOCK = "lock", N_("Locked")

    VIEW = "view", N_("Looked at")
    PREVIEW = "preview", N_("Looked at the pages of a packet")
    SEARCH = "search", N_("Searched")

    WRITE = "write", N_("Changed")
    UNDO = "undo", N_("Undid")
    REDO = "redo", N_("Did again")
    LOAD = "load", N_("Brought in or took out a list")
    IMPORT = "import", N_("Brought in a list")

    PRINT = "print", N_("Printed")
    SAVE = "save", N_("Saved as a file")
    EXPORT = "export", N_("Saved data as a file")
    SENT_TO = "sent-to", N_("It went to")
    CONSENT = "consent", N_("With this release")
    DOCUMENT = "document", N_("These very pages")

    PASSPHRASE = "passphrase", N_("The passphrase was changed")
    SLOT = "slot", N_("A way to unlock was changed")
    SLOT_ADDED = "slot-added", N_("A way to unlock was added")
    SLOT_REVOKED = "slot-revoked", N_("A way to unlock was taken away")
    RECOVERY = "recovery", N_("A new recovery code was made")
    REKEY = "rekey", N_("The vault got a new key")
    POLICY = "policy", N_("A safety setting was changed")
    CAPTURE = "capture", N_("Screen pictures were allowed or forbidden")

    BACKUP = "backup", N_("Made a backup")
    BACKUP_CHECK = "backup-check", N_("Checked a backup")
    BACKUP_COPY = "backup-copy", N_("Copied a backup to a drive")
    BACKUP_GONE = "backup-gone", N_("An old backup was cleared away")
    RESTORE = "restore", N_("Restored a backup")
    DRILL = "drill", N_("Tried out a backup")
    VERIFY = "verify", N_("Checked the vault")
    MEDIUM = "medium", N_("The register of drives was changed")
    UPGRADE = "upgrade", N_("The vault was brought up to date")

    HOLD = "hold", N_("Set a legal hold")
    HOLD_LIFTED = "hold-lifted", N_("Lifted a legal hold")
    PURGE = "purge", N_("Purged a record")
    RETENTION = "retention", N_("Reviewed what may be deleted")

    CLOCK = "clock", N_("The computer’s clock had gone back")
    INTEGRITY = "integrity", N_("Something in the vault was damaged")
    AUDIT_VIEW = "audit-view", N_("Looked at the audit log")
    AUDIT_CHECK = "audit-check", N_("Checked the audit log")
    AUDIT_PRINT = "audit-print", N_("Printed the audit log")
    AUDIT_EXPORT = "audit-export", N_("Saved the audit log as a file")


_K = AuditKind
GROUPS: dict[AuditGroup, tuple[AuditKind, ...]] = {
    AuditGroup.LOOKED: (_K.VIEW, _K.PREVIEW),
    AuditGroup.OUT: (_K.PRINT, _K.SAVE, _K.EXPORT, _K.SENT_TO, _K.CONSENT, _K.DOCUMENT),
    AuditGroup.DOOR: (_K.UNLOCK, _K.UNLOCK_FAILED, _K.LOCKED_OUT, _K.LOCK),
    AuditGroup.CHANGES: (_K.WRITE, _K.UNDO, _K.REDO, _K.LOAD, _K.IMPORT, _K.PURGE),
    AuditGroup.KEEPING: tuple(list(_K)[list(_K).index(_K.PASSPHRASE) :]),
}


def kind_of(code: str) -> AuditKind | None:
    """Return the kind that a line's code stands for; None for one that a newer program wrote."""
    try:
        return AuditKind(code)
    except ValueError:
        return None
