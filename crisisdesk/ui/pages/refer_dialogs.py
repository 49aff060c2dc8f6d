"""What Refer asks in dialogs: a ground to tell without a release, what happened, whom, and a file’s words."""

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from crisisdesk.desk.client_list import ClientFilter, ClientQuery, ClientRow
from crisisdesk.desk.followups import FollowUpDraft
from crisisdesk.desk.words import upper_first
from crisisdesk.desk.workdays import add_workdays
from crisisdesk.errors import Invalid
from crisisdesk.i18n import _
from crisisdesk.records.choices import (
    FINAL_STATES,
    Basis,
    ReferralState,
    StepKind,
    ToldBy,
)
from crisisdesk.ui import ask, half_asked
from crisisdesk.ui.forms.card import FormDialog
from crisisdesk.ui.forms.editors import CheckEditor, ChipsEditor, DateEditor, LineEditor, TextEditor
from crisisdesk.ui.forms.form import Form
from crisisdesk.ui.page import Context, beside
from crisisdesk.ui.tables import GroupedRows, ListView, Row, RowDelegate, name, words
from crisisdesk.ui.theme import px
from crisisdesk.ui.tokens import Role, State
from crisisdesk.ui.widgets.buttons import link
from crisisdesk.ui.widgets.card import Card
from crisisdesk.ui.widgets.dialog import Dialog
from crisisdesk.ui.widgets.labels import label, paragraph
from crisisdesk.ui.widgets.marks import StateMark
from crisisdesk.ui.widgets.search import SearchField

if TYPE_CHECKING:
    from datetime import date

    from crisisdesk.desk.referrals import ReferralFacts

# The grounds on which an agency may be told without a release (domain.md, appendix A).
GROUNDS = (Basis.TREATMENT, Basis.THREAT, Basis.MANDATED, Basis.FAMILY, Basis.PART2_EMERGENCY)
# What a referral can be told to be: all but what only printing makes it.
_TOLD_STATES = tuple(
    state
    for state in ReferralState
    if state not in {ReferralState.DRAFT, ReferralState.SENT, ReferralState.INFORMATION}
)


class AnywayDialog(Dialog):
    """On what ground an agency is told without a release, and why."""

    def __init__(self, parent: QWidget, place: str) -> None:
        super().__init__(
            parent,
            _("Tell {place} without a release?").format(place=place),
            _("The ground and your reason go into the list of what left the office. They are not printed."),
            width=560,
        )
        self.form = Form(columns=1)
        self.form.add(
            "basis", _("On what &ground"), ChipsEditor([(each.value, each.label) for each in GROUNDS], many=False)
        )
        self.form.add("reason", _("&Why"), TextEditor(lines=2))
        before = half_asked.take(self.title)
        if isinstance(before, dict):
            self.form.set_values(before)
        self.add(self.form)
        self.set_acts(act=_("Tell them"), keep=_("Cancel"))

    def reject(self) -> None:
        if self.is_left_for_lock:
            half_asked.keep(self.title, self.form.draft_values())
        super().reject()

    @property
    def basis(self) -> Basis | None:
        """The chosen ground."""
        value = self.form.values()["basis"]
        return Basis(str(value)) if value else None

    @property
    def reason(self) -> str:
        """Why, in her words."""
        return str(self.form.values()["reason"] or "").strip()

    def check(self) -> bool:
        """Take it only with both."""
        problems: dict[str, str] = {}
        if self.basis is None:
            problems["basis"] = _("Choose a ground.")
        if not self.reason:
            problems["reason"] = _("Say why, in a few words.")
        self.form.show_problems(problems)
        return not problems


class HappenedDialog(FormDialog):
    """What happened with a referral, who told us, and what happens next."""

    keeps_on_cancel = False

    def __init__(self, context: Context, referral: "ReferralFacts") -> None:
        super().__init__(context, _("What happened?"), kept=("happened", referral.id))
        self._referral = referral
        practice = context.desk.practice.get()
        due = add_workdays(context.clock.today(), practice.reply_workdays, practice.region)
        told = [(each.value, upper_first(each.label)) for each in ToldBy]
        states = [(each.value, each.label) for each in _TOLD_STATES]
        self.form.add("state", _("&How it stands"), ChipsEditor(states, many=False), wide=True)
        self.form.add("told_by", _("Who &told you"), ChipsEditor(told, many=False), wide=True)
        self.form.add("note", _("&Note"), TextEditor(lines=2), wide=True)
        self.form.section(_("What happens next"))
        self.form.add("kind", _("&What kind"), ChipsEditor(StepKind, many=False), wide=True)
        self.form.add("what", _("What a&bout"), LineEditor(placeholder=_("ask for a date")))
        self.form.add("due_on", _("W&hen"), DateEditor(context.clock))
        self.form.set_values({"kind": StepKind.AGENCY, "due_on": due})
        self.form.changed.connect(self._look)
        self.ends = StateMark(State.DONE, _("This closes the referral: no next step is needed."))
        self.ends.hide()
        self.add(self.ends)
        self.begin(act=_("Write it down"))
        self._look()

    @property
    def state(self) -> ReferralState | None:
        """How it stands now."""
        value = self.form.values()["state"]
        return ReferralState(str(value)) if value else None

    def _look(self, _name: str = "") -> None:
        is_final = self.state in FINAL_STATES
        self.ends.setVisible(is_final)
        for each in ("kind", "what", "due_on"):
            self.form.box(each).setEnabled(not is_final)

    def unread(self) -> dict[str, str]:
        return {} if self.state in FINAL_STATES else super().unread()

    def save(self) -> None:
        """Write it down. Raises Invalid."""
        values, state = self.form.values(), self.state
        if state is None:
            raise Invalid({"state": _("How does it stand?")})
        due = cast("date | None", values["due_on"])
        is_final = state in FINAL_STATES
        if not is_final and due is None:
            raise Invalid({"due_on": _("When? “Tomorrow”, “fri”, “3/4” or “in 2 weeks” will do.")})
        again = FollowUpDraft(
            kind=cast("StepKind | None", values["kind"]) or StepKind.AGENCY,
            what=str(values["what"] or "") or _("ask how it stands"),
            due_on=due,
        )
        self.context.desk.referrals.set_state(
            self._referral.id,
            state,
            told_by=ToldBy(str(values["told_by"])) if values["told_by"] else None,
            note=str(values["note"] or ""),
            again=None if is_final else again,
        )


class _ClientDelegate(RowDelegate):
    height = 48

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._cover = context.cover

    def lay_out(self, item: ClientRow, row: Row) -> None:
        text = row.rest()
        text.flow(name(self._cover.shown(item.name, item.initials)))
        text.flow(words("" if self._cover.is_on else item.detail), role=Role.SMALL)


class WhoDialog(Dialog):
    """Which client is referred: found as she types."""

    def __init__(self, context: Context) -> None:
        super().__init__(context.window.widget, _("Who is referred?"), width=560)
        self._context = context
        self.client_id = ""
        self.is_new = False
        self.field = SearchField(_("Name, other name, phone, birth date"))
        self.field.typed.connect(self._find)
        self.field.down.connect(self._into_list)
        self.field.left.connect(self.reject)
        self.add(self.field)
        self._model = GroupedRows()
        self.list = ListView(self._model, _ClientDelegate(context), name=_("Clients"))
        self.list.setMinimumHeight(px(6 * 48))
        self.list.chosen.connect(self._choose)
        self.list.opened.connect(self._take)
        card = Card(outside="surface")
        card.add_row(self.list, 1, hairline=False)
        self.add(card, 1)
        self._nobody = paragraph("")
        self.add(self._nobody)
        if "client.new" in context.commands:
            self.add(beside(link(_("Someone new…"), self._new)))
        self.set_acts(act=_("Refer"), keep=_("Cancel"))
        self._find("")
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _find(self, text: str) -> None:
        query = ClientQuery(text=text.strip(), filter=ClientFilter.ALL if text.strip() else ClientFilter.OPEN)
        rows = self._context.desk.client_list.page(query).rows
        self._model.set_rows(rows)
        self._nobody.say("" if rows else _("No client matches “{text}”.").format(text=text.strip()))
        self._nobody.setVisible(not rows)
        if rows and text.strip():
            self.list.choose_first()
        elif not rows:
            self._choose("")
        if self.act_button is not None:
            self.act_button.setEnabled(bool(self.client_id))

    def _choose(self, client_id: str) -> None:
        self.client_id = client_id
        if self.act_button is not None:
            self.act_button.setEnabled(bool(client_id))

    def _take(self, client_id: str) -> None:
        self.client_id = client_id
        self.accept()

    def _into_list(self) -> None:
        if self.field.text().strip() and self.client_id:
            self.accept()
        elif self.list.choose_first():
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _new(self) -> None:
        self.is_new = True
        self.client_id = ""
        self.reject()


class FileDialog(Dialog):
    """The four words that open a saved packet: shown once, until she says that she has them on paper."""

    def __init__(self, parent: QWidget, given: tuple[str, ...]) -> None:
        super().__init__(
            parent,
            _("Save the packet as a file"),
            _("The file opens only with these words. They are shown once and kept nowhere: write them down."),
            width=560,
        )
        self.passphrase = " ".join(given)
        self.is_plain = False
        self.words = label(self.passphrase, Role.STAMP)
        self.words.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByKeyboard | Qt.TextInteractionFlag.TextSelectableByMouse
        )
        self.words.setAccessibleName(_("The words: {words}").format(words=self.passphrase))
        self.add(self.words)
        self.written = CheckEditor(_("I have &written them down"))
        self.written.changed.connect(self._look)
        self.add(self.written)
        self.add(beside(link(_("Without a passphrase…"), self._plain)))
        self.set_acts(act=_("Save the file"), keep=_("Cancel"))
        self._look()
        self.written.setFocus(Qt.FocusReason.OtherFocusReason)

    def _look(self) -> None:
        if self.act_button is not None:
            self.act_button.setEnabled(self.check())

    def check(self) -> bool:
        """Take it only once the words are on paper, or aren't needed."""
        return self.is_plain or self.written.value()

    def _plain(self) -> None:
        if ask.confirm(
            self,
            _("Save it so that anybody can read it?"),
            _("Whoever finds the file, on this computer, a stick or a server, can open it. It can’t be called back."),
            act=_("Save it readable"),
            keep=_("Keep the passphrase"),
            danger=True,
        ):
            self.is_plain = True
            self.accept()
