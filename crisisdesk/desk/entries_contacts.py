"""A timeline's encounters, tries and notes, in words."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session, aliased

from crisisdesk.desk.entries import EXCERPT, Entry, EntryKind, Reading, joined
from crisisdesk.desk.phones import show_phone
from crisisdesk.desk.words import lower_start, note_badge, try_title, upper_first
from crisisdesk.i18n import _
from crisisdesk.records.choices import (
    Channel,
    ContactType,
    Ending,
    NoteKind,
    RequestedBy,
    TryResult,
)
from crisisdesk.records.encounters import Disposition, Encounter
from crisisdesk.records.followups import Attempt
from crisisdesk.records.notes import Note

# Encounters -------------------------------------------------------------------------------------------------------


def read_encounters(s: Session, reading: Reading) -> Sequence[Entry]:
    """Return encounters with who asked, how long it took and how it ended."""
    rows = s.execute(
        select(
            Encounter.id,
            Encounter.number,
            Encounter.contact_type,
            Encounter.began_at,
            Encounter.requested_by,
            Encounter.requested_by_name,
            func.coalesce(Encounter.paged_at, Encounter.en_route_at).label("called_at"),
            Encounter.on_scene_at,
            Encounter.clear_at,
            func.substr(Encounter.narrative, 1, EXCERPT).label("narrative"),
        ).where(Encounter.id.in_(reading.ids))
    ).all()
    endings = _endings(s, [row.id for row in rows])
    return [
        Entry(
            kind=EntryKind.ENCOUNTER,
            id=row.id,
            record_id=row.id,
            code=row.contact_type.value,
            at=row.began_at,
            heading=reading.heading(row.began_at),
            time=reading.time(row.began_at),
            title=row.contact_type.label,
            detail=_asked(row.number, row.requested_by, row.requested_by_name),
            body=joined(
                _minutes(row.called_at, row.on_scene_at, row.clear_at), _ended(endings.get(row.id, ())), row.narrative
            ),
            badge=None,
            short=_short_encounter(row.contact_type, endings.get(row.id, ())),
        )
        for row in rows
    ]


def _endings(s: Session, encounter_ids: Iterable[str]) -> Mapping[str, Sequence[Ending]]:
    found: dict[str, list[Ending]] = {}
    rows = s.execute(
        select(Disposition.encounter_id, Disposition.ending)
        .where(Disposition.encounter_id.in_(encounter_ids))
        .order_by(Disposition.position)
    )
    for encounter_id, ending in rows:
        found.setdefault(encounter_id, []).append(ending)
    return found


def _asked(number: str, by: RequestedBy | None, name: str) -> str:
    """Return "2026-0388, Ofc. Brandt asked"."""
    who = name.strip() or (by.label if by else "")
    return _("{number}, {who} asked").format(number=number, who=who) if who else number


def _minutes(called_at: datetime | None, on_scene_at: datetime | None, clear_at: datetime | None) -> str:
    """Return "12 min to scene, 51 min there."; a span with an end that nobody stamped is not said."""
    there = _span(called_at, on_scene_at)
    stay = _span(on_scene_at, clear_at)
    if there is None:
        return "" if stay is None else _("{stay} min there.").format(stay=stay)
    if stay is None:
        return _("{minutes} min to scene.").format(minutes=there)
    return _("{minutes} min to scene, {stay} min there.").format(minutes=there, stay=stay)


def _span(start: datetime | None, end: datetime | None) -> int | None:
    """Return the minutes from one stamp to the other, or None where one is missing."""
    if start is None or end is None:
        return None
    return max(0, round((end - start).total_seconds() / 60))


def _ended(endings: Sequence[Ending]) -> str:
    """Return "Left with family, safety plan, referred."."""
    if not endings:
        return ""
    words = upper_first(", ".join(lower_start(ending.label) for ending in endings))
    return _("{endings}.").format(endings=words)


def _short_encounter(kind: ContactType, endings: Sequence[Ending]) -> str:
    if not endings:
        return kind.label
    return _("{kind}, {ending}").format(kind=kind.label, ending=lower_start(endings[0].label))


# Tries ------------------------------------------------------------------------------------------------------------


_EARLIER = aliased(Attempt)
_NUMBER = (
    select(func.count(_EARLIER.id))
    .where(
        _EARLIER.followup_id == Attempt.followup_id,
        _EARLIER.set_aside_at.is_(None),
        tuple_(_EARLIER.made_at, _EARLIER.id) <= tuple_(Attempt.made_at, Attempt.id),
    )
    .scalar_subquery()
)


def read_tries(s: Session, reading: Reading) -> Sequence[Entry]:
    """Return tries, each with its number among those for the same next step."""
    rows = s.execute(
        select(
            Attempt.id,
            Attempt.followup_id,
            Attempt.made_at,
            Attempt.channel,
            Attempt.number_used,
            Attempt.result,
            Attempt.minutes,
            func.substr(Attempt.note, 1, EXCERPT).label("note"),
            _NUMBER.label("number"),
        ).where(Attempt.id.in_(reading.ids))
    )
    return [
        Entry(
            kind=EntryKind.TRY,
            id=row.id,
            record_id=row.id,
            code=row.channel.value,
            at=row.made_at,
            heading=reading.heading(row.made_at),
            time=reading.time(row.made_at),
            title=_try(row.number if row.followup_id else None, row.channel, row.result),
            detail=_by_what(row.channel, row.number_used, row.minutes),
            body=row.note,
            badge=None,
            short=row.result.label,
        )
        for row in rows
    ]


def _try(number: int | None, channel: Channel, result: TryResult) -> str:
    if number is not None:
        return try_title(number, result)
    return _("{channel}: {result}").format(channel=channel.label, result=lower_start(result.label))


def _by_what(channel: Channel, number: str, minutes: int | None) -> str:
    """Return "on 555-0142, 1 min"; what is no call says its channel."""
    said = "" if channel is Channel.CALL else lower_start(channel.label)
    on = _("on {number}").format(number=show_phone(number)) if number.strip() else ""
    long = _("{count} min").format(count=minutes) if minutes else ""
    return ", ".join(part for part in (said, on, long) if part)


# Notes ------------------------------------------------------------------------------------------------------------


def read_notes(s: Session, reading: Reading) -> Sequence[Entry]:
    """Return notes with their beginning, and what they are about or add to."""
    amended = aliased(Note)
    rows = s.execute(
        select(
            Note.id,
            Note.kind,
            Note.status,
            Note.written_at,
            func.substr(Note.body, 1, EXCERPT).label("body"),
            Encounter.contact_type,
            Encounter.began_at,
            amended.written_at.label("amended_at"),
        )
        .outerjoin(Encounter, Encounter.id == Note.encounter_id)
        .outerjoin(amended, amended.id == Note.amends_id)
        .where(Note.id.in_(reading.ids))
    )
    return [
        Entry(
            kind=EntryKind.NOTE,
            id=row.id,
            record_id=row.id,
            code=row.kind.value,
            at=row.written_at,
            heading=reading.heading(row.written_at),
            time=reading.time(row.written_at),
            title=row.kind.label,
            detail=_about(reading, row.amended_at, row.contact_type, row.began_at),
            body=row.body,
            badge=note_badge(row.status),
            short=row.kind.label
            if row.kind is not NoteKind.NOTE
            else _("Note, {status}").format(status=lower_start(row.status.label)),
        )
        for row in rows
    ]


def _about(
    reading: Reading, amended_at: datetime | None, contact: ContactType | None, began_at: datetime | None
) -> str:
    """Return "about the crisis call-out of Nov 18", or which note it adds to."""
    if amended_at:
        return _("to the note of {day}").format(day=reading.day(amended_at))
    if contact and began_at:
        return _("about the {contact} of {day}").format(contact=lower_start(contact.label), day=reading.day(began_at))
    return ""
