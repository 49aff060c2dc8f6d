"""With which secrets a backup opens: those of its day, which need not be the ones that are in force now."""

from crisisdesk.errors import VaultError
from crisisdesk.i18n import _
from crisisdesk.vault.backup import Backup
from crisisdesk.vault.header import Header
from crisisdesk.vault.slots import SlotKind

_CARRIED = (SlotKind.PASSPHRASE, SlotKind.RECOVERY, SlotKind.HANDOVER)  # a PIN opens nothing but this computer's vault


def opens_as_now(backup: Backup, now: Header) -> bool:
    """Whether the passphrase, the sheet and the envelope that open the vault now open the backup, and no others do."""
    return not _changed(backup, now)


def former_words(backup: Backup, now: Header) -> str | None:
    """Return what opens the backup where it is not what opens the vault now; None if it is."""
    changed = _changed(backup, now)
    if {SlotKind.PASSPHRASE, SlotKind.RECOVERY} <= changed:
        return _("Your last backup opens only with your former passphrase and recovery sheet")
    if SlotKind.PASSPHRASE in changed:
        return _("Your last backup opens only with your former passphrase")
    if SlotKind.RECOVERY in changed:
        return _("Your last backup does not open with your new recovery sheet")
    if not changed:
        return None
    if not _slots(now, SlotKind.HANDOVER):
        return _("The envelope that was taken back still opens your last backup")
    return _("Your last backup does not open with the new envelope")


def _changed(backup: Backup, now: Header) -> set[SlotKind]:
    try:
        then = backup.manifest.header(floor=0).header
    except VaultError:
        return set(_CARRIED)
    return {kind for kind in _CARRIED if _slots(then, kind) != _slots(now, kind)}


def _slots(header: Header, kind: SlotKind) -> set[bytes]:
    return {slot.box for slot in header.slots if slot.kind is kind}
