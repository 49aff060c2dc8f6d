"""Which icon stands for what happened: a contact's kind, a try's way, a paper."""

from crisisdesk.desk.entries import Entry, EntryKind
from crisisdesk.records.choices import Channel, ContactType

_ICONS = {
    EntryKind.ENCOUNTER: "call-out",
    EntryKind.TRY: "phone",
    EntryKind.NOTE: "note",
    EntryKind.REFERRAL: "referrals",
    EntryKind.PAPER: "print",
}
_BY_CODE = {
    ContactType.VISIT: "visit",
    ContactType.OUTREACH: "visit",
    ContactType.PHONE: "phone",
    ContactType.OFFICER_PHONE: "phone",
    ContactType.CONSULT: "phone",
    ContactType.WALK_IN: "people",
    ContactType.HOSPITAL: "heart",
    Channel.TEXT: "message",
    Channel.LETTER: "mail",
    Channel.EMAIL: "mail",
}


def entry_icon(entry: Entry) -> str:
    """Return the name of an entry's icon."""
    by_code = {str(code): icon for code, icon in _BY_CODE.items()}
    if entry.kind in {EntryKind.ENCOUNTER, EntryKind.TRY} and entry.code in by_code:
        return by_code[entry.code]
    return _ICONS[entry.kind]
