"""Notes: write and sign one, or read a signed one and add to it."""

from datetime import date, datetime, time
from typing import cast

from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QWidget

from crisisdesk.desk.moments import at_local, wall_time
from crisisdesk.desk.notes import NoteDraft, NoteText
from crisisdesk.desk.when import clock_time, day_heading, short_day
from crisisdesk.errors import DeskError, Invalid
from crisisdesk.i18n import _
from crisisdesk.records.choices import NoteKind, NoteStatus
from crisisdesk.ui import ask
from crisisdesk.ui.forms.card import FormCard, shown_client
from crisisdesk.ui.forms.editors import ChoiceEditor, DateEditor, SegmentsEditor, TextEditor, TimeEditor
from crisisdesk.ui.forms.kept import unread
from crisisdesk.ui.page import Context, stack
from crisisdesk.ui.theme import px
from crisisdesk.ui.tokens import Role, State
from crisisdesk.ui.widgets.buttons import button, link
from crisisdesk.ui.widgets.labels import label, line, paragraph
from crisisdesk.ui.widgets.marks import StateMark

_ADDITIONS = (NoteKind.ADDENDUM, NoteKind.CORRECTION, NoteKind.LATE_ENTRY)


class NoteCard(FormCard):
    """A note that isn't signed yet. Leaving it keeps it as a draft on the chart, where Today asks for the signature."""

    def __init__(self, context: Context, client_id: str, note: NoteText | None = None, encounter_id: str = "") -> None:
        ref = note.id if note else f"new {client_id}"
        super().__init__(
            context,
            title=_("Note"),
            icon="note",
            kept=("note", ref),
            about=shown_client(context, client_id),
        )
        self._client_id = client_id
        self._note = note
        body = TextEditor(lines=11)
        self.form.add("body", _("&What happened, in your own words"), body, wide=True)
        self.form.add("encounter_id", _("&About"), ChoiceEditor(self._encounters(), blank=_("No encounter")))
        self.form.section(_("When"), folded=True)
        self.form.add("on", _("&Day"), DateEditor(context.clock, is_past=True))
        self.form.add("at", _("&Time"), TimeEditor())
        written = note.written_at if note else context.clock.now()
        self._written = written
        self.form.set_values(
            {
                "body": note.body if note else "",
                "encounter_id": (note.encounter_id if note else encounter_id) or "",
                "on": context.clock.local(written).date(),
                "at": wall_time(context.clock, written),
            }
        )
        self.begin()
        body.moveCursor(QTextCursor.MoveOperation.End)
        if note is not None:
            self._foot.insertWidget(0, link(_("Set aside…"), self._set_aside))
        self.sign_button = button(_("Sign…"), look="primary", run=self.sign)
        self.set_acts(button(_("Save as draft"), key="Ctrl+Enter", run=self.finish), self.sign_button)

    def _encounters(self) -> list[tuple[str, str]]:
        clock = self.context.clock
        today = clock.today()
        return [
            (
                each.id,
                _("{kind} of {day}, {number}").format(
                    kind=each.contact_type.label,
                    day=short_day(clock.local(each.began_at).date(), today),
                    number=each.number,
                ),
            )
            for each in self.context.desk.encounters.lines(self._client_id)
        ]

    def _draft(self) -> NoteDraft:
        values = self.form.values()
        clock = self.context.clock
        on = cast("date | None", values["on"])
        at = cast("time | None", values["at"])
        written: datetime = self._written
        is_moved = (on, at) != (clock.local(written).date(), wall_time(clock, written))
        if on and is_moved:
            written = at_local(clock, on, at or time(12))
        if written > clock.now():
            raise Invalid({"on": _("That time is still to come.")})
        return NoteDraft(
            body=str(values["body"]), encounter_id=str(values["encounter_id"] or "") or None, written_at=written
        )

    def _keep(self) -> str:
        """Write the note as a draft, or change the draft; return its id."""
        notes = self.context.desk.notes
        draft = self._draft()
        if self._note is None:
            return notes.write(self._client_id, draft)
        notes.edit(self._note.id, draft)
        return self._note.id

    def save(self) -> str:
        """Keep the draft. Raises Invalid, StateConflict."""
        self._keep()
        return _("The note was kept as a draft. Sign it when it is ready.")

    def leave(self) -> None:
        """Keep what was written on the chart as a draft; what can't be kept there stays in the form."""
        is_typed = self.kept.is_there or self.form.is_changed
        if is_typed and not unread(self.form):
            try:
                said = self.save()
            except DeskError:
                super().leave()
                return
            self.kept.end()
            self.form.set_values({})
            self.go_away()
            self.context.window.say(said, undo=True)
            return
        super().leave()

    def sign(self) -> None:
        """Sign it, after asking: a signed note is never changed."""
        problems = unread(self.form)
        if problems or not str(self.form.values()["body"]).strip():
            self.form.show_problems(problems or {"body": _("There is nothing written yet.")})
            return
        signature = self.context.desk.practice.get().signature
        text = _("It will stand as it is, signed by {who}. Later you can add to it, but not change it.")
        if not ask.confirm(self, _("Sign this note?"), text.format(who=signature), act=_("Sign it"), danger=False):
            return
        self.can_undo = False
        if not self.attempt(self._sign):
            self.can_undo = True

    def _sign(self) -> str:
        self.context.desk.notes.sign(self._keep())
        return _("The note is signed.")

    def _set_aside(self) -> None:
        if self._note is not None:
            set_aside_note(self, self._note.id)


class SignedNoteCard(FormCard):
    """A signed note with what was added to it, and a place to add more."""

    can_undo = False

    def __init__(self, context: Context, client_id: str, note: NoteText) -> None:
        super().__init__(
            context,
            title=_("Note"),
            icon="note",
            kept=("addition", note.id),
            about=shown_client(context, client_id),
        )
        self._note = note
        self.body.insertWidget(0, self._text(note))
        for added in note.additions:
            self.body.insertWidget(self.body.count() - 2, self._text(added))
        self.form.section("")
        self.kind = SegmentsEditor([(kind.value, kind.label) for kind in _ADDITIONS])
        self.form.add("kind", _("&Add"), self.kind)
        self.form.add("body", _("&In your own words"), TextEditor(lines=4), wide=True)
        self.form.set_values({"kind": NoteKind.ADDENDUM})
        self.form.hide()
        self.begin()
        self.add_button = button(_("Sign the addition…"), look="primary", run=self.sign)
        self.open_button = button(_("Add to this note"), icon="plus", run=self.open_addition)
        self._foot.insertWidget(0, link(_("Set aside…"), lambda: set_aside_note(self, note.id)))
        self.set_acts(button(_("Close"), run=self.leave), self.open_button, self.add_button)
        self.add_button.hide()
        if self.kept.is_there:
            self.open_addition()

    def open_addition(self) -> None:
        """Show the place to add: an addendum, a correction or a late entry."""
        self.form.show()
        self.open_button.hide()
        self.add_button.show()
        self.form.editor("body").setFocus()

    def _text(self, note: NoteText) -> QWidget:
        clock = self.context.clock
        at = clock.local(note.written_at)
        heading = label(
            _("{day}, {time}").format(day=day_heading(at.date(), clock.today()), time=clock_time(at)), ink="text2"
        )
        parts: list[QWidget] = [heading]
        if note.kind is not NoteKind.NOTE:
            parts = [line(), label(note.kind.label, Role.NAME), heading]
        parts.append(paragraph(note.body, "text"))
        if note.signed_at:
            signed = clock.local(note.signed_at)
            words = _("Signed {day} at {time} by {who}") if note.signed_by else _("Signed {day} at {time}")
            day = short_day(signed.date(), clock.today())
            said = words.format(day=day, time=clock_time(signed), who=note.signed_by)
            parts.append(StateMark(State.DONE, said, role=Role.SMALL))
        made = stack(*parts, gap=8)
        made.setContentsMargins(px(3), px(4), px(3), px(4))
        return made

    def save(self) -> str:
        """Add to the note. Raises Invalid."""
        values = self.form.values()
        kind = NoteKind(str(values["kind"] or NoteKind.ADDENDUM))
        self.context.desk.notes.add_to(self._note.id, kind, NoteDraft(body=str(values["body"])))
        return _("{kind} signed and added to the note.").format(kind=kind.label)

    def sign(self) -> None:
        """Add it, after asking: it is signed at once."""
        if not str(self.form.values()["body"]).strip():
            self.form.show_problems({"body": _("There is nothing written yet.")})
            return
        text = _("It is signed at once and stands below the note; it can’t be changed or undone.")
        if ask.confirm(self, _("Add this to the signed note?"), text, act=_("Sign and add")):
            self.attempt(self.save)

    def finish(self) -> bool:
        """Ask and then sign: Ctrl+Enter does no more than the button."""
        self.sign()
        return False


def set_aside_note(card: FormCard, note_id: str) -> None:
    """Take a note out of view, after asking why."""
    reason = ask.text(
        card,
        _("Set this note aside?"),
        _("Why"),
        act=_("Set it aside"),
        words=_("It leaves the timeline with your reason; nothing is deleted."),
    )
    if reason is None:
        return

    def act() -> str:
        card.context.desk.notes.set_aside(note_id, reason)
        return _("The note was set aside.")

    card.can_undo = True
    card.attempt(act)


def open_note(context: Context, client_id: str, note_id: str = "", *, encounter_id: str = "") -> FormCard:
    """Open a note over the window: to write it, or if it is signed to read it. Raises NotFound."""
    note = context.desk.notes.read(note_id) if note_id else None
    if note is not None and note.kind is not NoteKind.NOTE and note.amends_id:
        note = context.desk.notes.read(note.amends_id)
    if note is not None:
        context.desk.audit_trail.saw("note", note.id)
    if note is None or note.status is NoteStatus.DRAFT:
        card = NoteCard(context, client_id, note, encounter_id)
        card.show_over(first=card.form.editor("body"))
        return card
    signed = SignedNoteCard(context, client_id, note)
    signed.show_over()
    return signed
