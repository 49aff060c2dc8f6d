"""Write, sign and add to notes."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from crisisdesk.clock import Clock
from crisisdesk.desk.drafts import Problems
from crisisdesk.desk.practice import PracticeDesk
from crisisdesk.errors import NotFound, StateConflict
from crisisdesk.i18n import _
from crisisdesk.records.choices import NoteKind, NoteStatus
from crisisdesk.records.clients import Client
from crisisdesk.records.encounters import Encounter
from crisisdesk.records.notes import Note
from crisisdesk.vault.store import Store


@dataclass(kw_only=True)
class NoteDraft:
    """What the note form holds."""

    body: str = ""
    encounter_id: str | None = None
    written_at: datetime | None = None

    def check(self) -> None:
        """Raise Invalid where it can't be kept yet."""
        problems = Problems()
        problems.require("body", self.body, _("There is nothing written yet."))
        problems.raise_any()


@dataclass(frozen=True, kw_only=True)
class NoteText:
    """A note as it is read, with what was added to it."""

    id: str
    client_id: str
    encounter_id: str | None
    encounter_number: str
    amends_id: str | None
    kind: NoteKind
    status: NoteStatus
    body: str
    written_at: datetime
    signed_at: datetime | None
    signed_by: str
    additions: tuple["NoteText", ...] = ()


class Notes:
    """What she does with notes."""

    def __init__(self, store: Store, clock: Clock, practice: PracticeDesk) -> None:
        self._store = store
        self._clock = clock
        self._practice = practice

    def read(self, note_id: str) -> NoteText:
        """Return a note and what was added to it. Raises NotFound."""
        with self._store.read() as s:
            rows = s.execute(
                select(Note, Encounter.number)
                .outerjoin(Encounter, Note.encounter_id == Encounter.id)
                .where((Note.id == note_id) | (Note.amends_id == note_id))
                .order_by(Note.created_at)
            )
            texts = {note.id: _text(note, number or "") for note, number in rows}
        if note_id not in texts:
            raise NotFound(_("This note is no longer in the file."))
        main = texts.pop(note_id)
        return NoteText(
            **{name: getattr(main, name) for name in main.__dataclass_fields__ if name != "additions"},
            additions=tuple(texts.values()),
        )

    def write(self, client_id: str, draft: NoteDraft) -> str:
        """Keep a new draft note and return its id. Raises Invalid, NotFound."""
        draft.check()
        with self._store.write("Add note") as s:
            s.get_one(Client, client_id)
            note = Note(
                client_id=client_id,
                encounter_id=draft.encounter_id,
                body=draft.body,
                written_at=draft.written_at or self._clock.now(),
            )
            s.add(note)
        return note.id

    def edit(self, note_id: str, draft: NoteDraft) -> None:
        """Change a draft note. Raises Invalid, NotFound, and StateConflict once it is signed."""
        draft.check()
        with self._store.write("Edit note") as s:
            note = s.get_one(Note, note_id)
            _refuse_signed(note)
            note.body = draft.body
            note.encounter_id = draft.encounter_id
            if draft.written_at:
                note.written_at = draft.written_at

    def sign(self, note_id: str) -> None:
        """Sign a note. It can't be undone, nor edited afterwards."""
        signature = self._practice.get().signature  # before: once it is signed, the file itself refuses any change
        with self._store.write("Sign note", undoable=False) as s:
            note = s.get_one(Note, note_id)
            _refuse_signed(note)
            note.status = NoteStatus.SIGNED
            note.signed_at = self._clock.now()
            note.signed_by = signature

    def add_to(self, note_id: str, kind: NoteKind, draft: NoteDraft) -> str:
        """Add an addendum, a correction or a late entry to a signed note; it is signed at once.

        Raises Invalid, NotFound, and StateConflict while the note is a draft.
        """
        draft.check()
        signature = self._practice.get().signature
        with self._store.write("Add to note", undoable=False) as s:
            note = s.get_one(Note, note_id)
            if note.status is NoteStatus.DRAFT:
                raise StateConflict(_("This note is still a draft. Edit it, or sign it first."))
            added = Note(
                client_id=note.client_id,
                encounter_id=note.encounter_id,
                amends_id=note.amends_id or note.id,
                kind=kind,
                status=NoteStatus.SIGNED,
                body=draft.body,
                written_at=draft.written_at or self._clock.now(),
                signed_at=self._clock.now(),
                signed_by=signature,
            )
            s.add(added)
        return added.id

    def set_aside(self, note_id: str, reason: str) -> None:
        """Take a note out of view, with a reason; nothing is deleted."""
        problems = Problems()
        problems.require("reason", reason, _("Say why, in a few words."))
        problems.raise_any()
        with self._store.write("Set note aside") as s:
            note = s.get_one(Note, note_id)
            note.set_aside_at = self._clock.now()
            note.set_aside_reason = reason


def _refuse_signed(note: Note) -> None:
    if note.status is NoteStatus.SIGNED:
        raise StateConflict(_("This note is signed. You can add to it, but not change it."))


def _text(note: Note, encounter_number: str) -> NoteText:
    return NoteText(
        id=note.id,
        client_id=note.client_id,
        encounter_id=note.encounter_id,
        encounter_number=encounter_number,
        amends_id=note.amends_id,
        kind=note.kind,
        status=note.status,
        body=note.body,
        written_at=note.written_at,
        signed_at=note.signed_at,
        signed_by=note.signed_by,
    )
