"""One service: public facts apart from what only she knows, when it was checked, and what can be done."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from crisisdesk.desk.service_card import Pair, ServiceCard
from crisisdesk.errors import DeskError, NotFound
from crisisdesk.i18n import _
from crisisdesk.records.choices import CheckHow, CheckResult, ServiceStatus
from crisisdesk.ui import ask
from crisisdesk.ui.forms.editors import is_twelve_hour
from crisisdesk.ui.forms.service import PrivateForm, ServiceForm
from crisisdesk.ui.forms.service_check import CheckDialog
from crisisdesk.ui.page import Context, stack
from crisisdesk.ui.theme import px
from crisisdesk.ui.tokens import Role, State
from crisisdesk.ui.widgets.banner import Banner
from crisisdesk.ui.widgets.buttons import button, icon_button, link, small
from crisisdesk.ui.widgets.card import Card
from crisisdesk.ui.widgets.labels import label, paragraph
from crisisdesk.ui.widgets.marks import IconLabel

_LABEL = 104  # pixels for a pair's label


class ResourceCard(QWidget):
    """The card beside the list."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.service_id = ""
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._card: Card | None = None
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_service(self, service_id: str) -> None:
        """Show a service; none leaves the place empty."""
        if self._card is not None:
            self._column.removeWidget(self._card)
            self._card.hide()
            self._card.deleteLater()
            self._card = None
        self.service_id = ""
        if not service_id:
            return
        try:
            shown = self._context.desk.services.card(service_id, twenty_four=not is_twelve_hour())
        except NotFound:
            return
        self.service_id = service_id
        self._card = self._made(shown)
        self._column.addWidget(self._card)

    def _made(self, shown: ServiceCard) -> Card:
        card = Card()
        card.add(self._head(shown))
        if shown.alert or shown.status is not ServiceStatus.ACTIVE:
            card.add(Banner(State.CAUTION, shown.status.label + ".", shown.alert))
        card.add(self._checked(shown))
        card.add_row(self._half(shown, is_private=False))
        card.add_row(self._half(shown, is_private=True))
        card.add_row(self._foot(shown))
        return card

    def _head(self, shown: ServiceCard) -> QWidget:
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(12))
        texts = stack(paragraph(shown.title, "text", Role.STAMP), paragraph(shown.summary), gap=2)
        row.addWidget(texts, 1)
        refer = button(_("Refer here"), look="primary", icon="referrals", run=lambda: self.act(shown.id, "refer"))
        row.addWidget(refer, 0, Qt.AlignmentFlag.AlignTop)
        return made

    def _checked(self, shown: ServiceCard) -> QWidget:
        banner = Banner(State(shown.check.tone.value), shown.check.sentence, shown.check.by)
        banner.add(small(_("Checked today…"), run=lambda: self.act(shown.id, "check")))
        return banner

    def _half(self, shown: ServiceCard, *, is_private: bool) -> QWidget:
        made = QFrame()
        if is_private:
            made.setProperty("look", "sunk")
        column = QVBoxLayout(made)
        column.setContentsMargins(px(16), px(10), px(16), px(12))
        column.setSpacing(px(2))
        row = QHBoxLayout()
        row.setSpacing(px(8))
        if is_private:
            row.addWidget(IconLabel("lock", side=16))
        row.addWidget(label(_("Only for you") if is_private else _("Public"), Role.NAME))
        what = _("never printed, never exported") if is_private else _("goes on handouts")
        row.addWidget(label(what, Role.SMALL, "text3"))
        row.addStretch(1)
        act = "private" if is_private else "edit"
        edit = link(_("Edit"), lambda: self.act(shown.id, act))
        edit.setAccessibleName(_("Edit what only you know") if is_private else _("Edit the public facts"))
        row.addWidget(edit)
        column.addLayout(row)
        pairs = shown.private_pairs if is_private else shown.public_pairs
        for each in _pairs(pairs):
            column.addWidget(each)
        if not pairs:
            column.addWidget(
                paragraph(_("The back line, who answers, what they said no to."), "text3")
                if is_private
                else paragraph(_("Nothing is known yet."), "text3")
            )
        return made

    def _foot(self, shown: ServiceCard) -> QWidget:
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(px(16), px(8), px(16), px(8))
        row.setSpacing(px(8))
        row.addWidget(label(_("Last call:"), ink="text2"))
        for result, words in (
            (CheckResult.WORKED, _("Worked")),
            (CheckResult.DID_NOT, _("Didn’t")),
            (CheckResult.CHANGED, _("Something changed")),
        ):
            icon = "done" if result is CheckResult.WORKED else ""
            row.addWidget(small(words, icon=icon, run=partial(self._last_call, shown.id, result)))
        row.addStretch(1)
        row.addWidget(icon_button("dots", _("More"), lambda: self.act(shown.id, "more"), boxed=True))
        return made

    # Acts ----------------------------------------------------------------------------------------------------------

    def act(self, service_id: str, act: str) -> None:
        """Do something with a service: refer, check, edit, private, aside, read, more."""
        window = self._context.window
        if act == "refer":
            window.go("refer", f"service:{service_id}")
        elif act == "check":
            if ask.run(CheckDialog(self._context, service_id)):
                window.say(_("The check is written down."), undo=True)
        elif act == "edit":
            ServiceForm.open_card(self._context, service_id)
        elif act == "private":
            PrivateForm.open_card(self._context, service_id)
        elif act == "read":
            reader = ResourceCard(self._context)
            window.overlay(reader, width=640)
            reader.show_service(service_id)
        elif act == "aside":
            self._set_aside(service_id)
        elif act == "more":
            self._menu(service_id)

    def _last_call(self, service_id: str, result: CheckResult) -> None:
        try:
            self._context.desk.services.check(service_id, CheckHow.PHONE, result)
        except DeskError as error:
            self._context.window.say(str(error), state=State.CAUTION)
            return
        self._context.window.say(_("Written down: {what}.").format(what=result.label), undo=True)
        if result is CheckResult.CHANGED:
            self.act(service_id, "edit")

    def _set_aside(self, service_id: str) -> None:
        reason = ask.text(
            self._context.window.widget,
            _("Set this service aside?"),
            _("Why"),
            act=_("Set aside"),
            words=_("It is no longer offered when you refer. Past referrals keep it."),
        )
        if reason is not None:
            self._context.desk.services.set_aside(service_id, reason)
            self._context.window.say(_("The service is set aside."), undo=True)

    def _menu_act(self, service_id: str, act: str, _is_on: bool = False) -> None:  # noqa: FBT001, FBT002  Qt's signal
        self.act(service_id, act)

    def _menu(self, service_id: str) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for act, words in (
            ("edit", _("Edit the public facts…")),
            ("private", _("Edit what only you know…")),
            ("check", _("Checked today…")),
            ("aside", _("Set aside…")),
        ):
            menu.addAction(words).triggered.connect(partial(self._menu_act, service_id, act))
        menu.popup(self.mapToGlobal(self.rect().bottomRight()) if self.isVisible() else self.cursor().pos())


def _pairs(pairs: Sequence[Pair]) -> list[QWidget]:
    return [_pair(each) for each in pairs]


def _pair(pair: Pair) -> QWidget:
    made = QWidget()
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(px(12))
    title = label(pair.label, ink="text3")
    title.setFixedWidth(px(_LABEL))
    row.addWidget(title, 0, Qt.AlignmentFlag.AlignTop)
    value = paragraph(pair.value, "text")
    row.addWidget(value, 1)
    return made
