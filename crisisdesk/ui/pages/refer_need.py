"""Refer, first part: what is needed, in one sentence, how soon; and last part: how the client gets there."""

from typing import cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from crisisdesk.desk.referrals import ReferralDraft
from crisisdesk.i18n import _
from crisisdesk.records.choices import HandOff, Need, Urgency
from crisisdesk.ui.forms.editors import CheckEditor, ChipsEditor, LineEditor, SegmentsEditor, TextEditor
from crisisdesk.ui.forms.form import FieldBox, Form
from crisisdesk.ui.pages.refer_words import ReferWords
from crisisdesk.ui.theme import px
from crisisdesk.ui.widgets.card import Card
from crisisdesk.ui.widgets.chips import FlowLayout, Option
from crisisdesk.ui.widgets.segments import Segments

_HAND_OFF_ICONS = {
    HandOff.WARM: "people",
    HandOff.CALL: "phone",
    HandOff.PACKET: "reports",
    HandOff.INFORMATION: "info",
}


class NeedCard(Card):
    """The first card: the need, one sentence, how soon."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__(_("What is needed?"), heading=40)
        self.need = ChipsEditor(Need, many=False)
        self.need.setAccessibleName(_("What is needed"))
        self.sentence = LineEditor(placeholder=_("Needs a room by December 1"))
        self.urgency = SegmentsEditor(Urgency)
        self.add(self.need)
        row = QHBoxLayout()
        row.setSpacing(px(16))
        row.addWidget(FieldBox(_("In one &sentence"), self.sentence, ""), 1)
        row.addWidget(FieldBox(_("How s&oon"), self.urgency, ""))
        holder = QWidget()
        holder.setLayout(row)
        row.setContentsMargins(0, px(4), 0, 0)
        self.add(holder)
        for editor in (self.need, self.sentence, self.urgency):
            editor.changed.connect(self.changed)

    def speak(self, words: ReferWords) -> None:
        """Use the client's pronouns."""
        self.title_label.setText(_(words.need))
        self.need.setAccessibleName(_(words.need))

    def show_draft(self, draft: ReferralDraft) -> None:
        """Show what a referral says."""
        self.need.set_value(draft.need)
        self.sentence.set_value(draft.sentence)
        self.urgency.set_value(draft.urgency)

    @property
    def chosen(self) -> Need | None:
        """The chosen need."""
        return cast("Need | None", self.need.value())

    def fill(self, draft: ReferralDraft) -> None:
        """Write what is shown into a draft."""
        draft.need = self.chosen
        draft.sentence = self.sentence.value()
        draft.urgency = cast("Urgency | None", self.urgency.value()) or Urgency.ROUTINE


class HowCard(Card):
    """How? And what else there is to say, folded."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__(_("How?"), heading=40)
        options = [Option(each.value, each.label, icon=_HAND_OFF_ICONS[each]) for each in HandOff]
        self.hand_off = Segments(options, name=_("How the client gets there"))
        self.add(self.hand_off)
        self.agreed = CheckEditor(_("Client agreed"))
        self.date_in_hand = CheckEditor(_("Date and time in hand"))
        self.ride_solved = CheckEditor(_("Ride solved"))
        checks = QWidget()
        flow = FlowLayout(checks, gap=20)
        for each in (self.agreed, self.date_in_hand, self.ride_solved):
            flow.addWidget(each)
        self.add(checks)
        self.spoke_with = LineEditor(placeholder=_("Renee, intake"))
        self.add(FieldBox(_("Spoke &with"), self.spoke_with, _("whom the paper is for, and whom to ask for")))
        self.story = Form(columns=1)
        self._section = self.story.section(_("What is wanted, what was tried"), folded=True)
        self._fields = {
            "wants": self.story.add("wants", _("&Wants"), TextEditor(lines=2, grows=True)),
            "has": self.story.add("has", _("&Has"), TextEditor(lines=2, grows=True)),
            "tried": self.story.add("tried", _("Was &tried"), TextEditor(lines=2, grows=True)),
        }
        self.add(self.story)
        for editor in (self.hand_off, self.agreed, self.date_in_hand, self.ride_solved, self.spoke_with):
            editor.changed.connect(self.changed)
        self.story.changed.connect(self.changed)

    def speak(self, words: ReferWords) -> None:
        """Use the client's pronouns."""
        self.agreed.setText(_(words.agreed))
        self._section.set_title(_(words.story))
        for name, title in (("wants", words.wants), ("has", words.has)):
            self._fields[name].set_words(_(title))

    def show_draft(self, draft: ReferralDraft) -> None:
        """Show what a referral says."""
        self.hand_off.choose(draft.hand_off.value)
        self.agreed.set_value(draft.client_agreed)
        self.date_in_hand.set_value(draft.date_in_hand)
        self.ride_solved.set_value(draft.ride_solved)
        self.spoke_with.set_value(draft.spoke_with)
        self.story.set_values({"wants": draft.wants, "has": draft.has, "tried": draft.tried})

    def fill(self, draft: ReferralDraft) -> None:
        """Write what is shown into a draft."""
        draft.hand_off = HandOff(self.hand_off.chosen() or HandOff.PACKET)
        draft.client_agreed = self.agreed.value()
        draft.date_in_hand = self.date_in_hand.value()
        draft.ride_solved = self.ride_solved.value()
        draft.spoke_with = self.spoke_with.value()
        values = self.story.values()
        draft.wants, draft.has, draft.tried = (str(values[name] or "") for name in ("wants", "has", "tried"))
