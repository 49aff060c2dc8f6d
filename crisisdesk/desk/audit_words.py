"""The audit log's codes in words."""

from crisisdesk.i18n import N_, _, ngettext
from crisisdesk.records.audit_kinds import AuditKind, kind_of
from crisisdesk.records.choices import Audience, Basis

_K = AuditKind

# What a line is about, by the table that its record lies in.
_RECORDS = {
    "client": N_("Chart"),
    "note": N_("Note"),
    "encounter": N_("Encounter"),
    "disposition": N_("Encounter"),
    "referral": N_("Referral"),
    "referral_event": N_("Referral"),
    "packet": N_("Packet"),
    "attachment": N_("Filed paper"),
    "disclosure": N_("What left the office"),
    "release": N_("Release"),
    "followup": N_("Next step"),
    "attempt": N_("Try to reach them"),
    "safety_flag": N_("Safety flag"),
    "response_plan": N_("What worked last time"),
    "related_person": N_("Person around them"),
    "client_phone": N_("Phone number"),
    "client_address": N_("Address"),
    "client_name": N_("Other name"),
    "client_line": N_("Chart"),
    "organization": N_("Organization"),
    "service": N_("Service"),
    "service_check": N_("Service"),
    "private_notes": N_("Service"),
    "data_set": N_("List from elsewhere"),
    "setting": N_("Settings"),
    "legal_hold": N_("Legal hold"),
    "tombstone": N_("Purged record"),
    "medium": N_("Drive"),
    "audit": N_("Audit log"),
    "backup": N_("Backup"),
    "slot": N_("Way to unlock"),
}
_OUTCOMES = {
    "ok": N_("Done"),
    "denied": N_("Refused"),
    "failed": N_("Failed"),
    "broken": N_("Does not fit"),
    "wait": N_("Had to wait"),
}
# Where she searched.
_SEARCHED = {
    "anything": N_("Searched everything"),
    "clients": N_("Searched the clients"),
    "services": N_("Searched the resources"),
    "referrals": N_("Searched the referrals"),
}
_REASONS = {
    "asked": N_("it was asked for"),
    "idle": N_("nobody touched keys or mouse"),
    "covered": N_("it had been covered for a while"),
    "long": N_("half a day since the passphrase"),
    "left": N_("nobody came back"),
    "jump": N_("the computer slept, or its clock was set"),
    "session": N_("the computer was locked, or shows another user"),
    "sleep": N_("the computer goes to sleep"),
    "shutdown": N_("the computer shuts down"),
    "quit": N_("the program was closed"),
}
_SLOTS = {
    "passphrase": N_("with the passphrase"),
    "recovery": N_("with the recovery sheet"),
    "handover": N_("with the hand-over envelope"),
    "device": N_("with this computer and its PIN"),
}
_WRITES = frozenset({_K.WRITE, _K.UNDO, _K.REDO, _K.LOAD})


def what_words(code: str, object_id: str, detail: str) -> tuple[str, str]:
    """Return what a line tells, and a second line for it; a code that is not known stands as it is."""
    kind = kind_of(code)
    if kind is None:
        return code, detail
    if kind in _WRITES:
        return _act_words(kind, detail)
    if kind is _K.SEARCH:
        return _search_words(detail)
    if kind in {_K.PRINT, _K.SAVE} and detail.count(":") == 2:  # noqa: PLR2004  audience, basis, pages
        return kind.label, _pages_words(detail)
    words = {_K.LOCK: _REASONS, _K.UNLOCK: _SLOTS, _K.UNLOCK_FAILED: _SLOTS, _K.LOCKED_OUT: _SLOTS}.get(kind, {})
    known = object_id if kind is not _K.LOCK else detail
    return kind.label, _(words[known]) if known in words else detail


def about_words(object_type: str) -> str:
    """Return what kind of record a line is about; "" if it is about none."""
    return _(_RECORDS[object_type]) if object_type in _RECORDS else object_type


def outcome_words(outcome: str) -> str:
    """Return how it ended."""
    return _(_OUTCOMES[outcome]) if outcome in _OUTCOMES else outcome


def _act_words(kind: AuditKind, detail: str) -> tuple[str, str]:
    """Return the act's own words ("Open referral"), and how many records it touched where it is more than one."""
    slug, _colon, count = detail.rpartition(":")
    act = _(slug.replace("-", " ").capitalize()) if slug else ""
    told = act or kind.label
    if act and kind in {_K.UNDO, _K.REDO}:
        told = _("{kind}: {act}").format(kind=kind.label, act=act)
    number = int(count) if count.isdecimal() else 1
    more = ngettext("{count} record", "{count} records", number).format(count=f"{number:,}") if number > 1 else ""
    return told, more


def _search_words(detail: str) -> tuple[str, str]:
    where, _colon, count = detail.rpartition(":")
    told = _(_SEARCHED[where]) if where in _SEARCHED else _K.SEARCH.label
    number = int(count) if count.isdecimal() else 0
    return told, ngettext("{count} found", "{count} found", number).format(count=f"{number:,}")


def _pages_words(detail: str) -> str:
    audience, basis, pages = detail.split(":")
    number = int(pages) if pages.isdecimal() else 0
    parts = [
        Audience(audience).label if audience in set(Audience) else "",
        Basis(basis).label if basis in set(Basis) else "",
        ngettext("{count} page", "{count} pages", number).format(count=number),
    ]
    return ", ".join(filter(None, parts))
