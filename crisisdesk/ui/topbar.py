"""The top bar: menu, the program's name, the one search field, the window's standing acts, cover and lock."""

from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from crisisdesk.i18n import _
from crisisdesk.ui import theme
from crisisdesk.ui.commands import Registry
from crisisdesk.ui.theme import px
from crisisdesk.ui.tokens import Role, State
from crisisdesk.ui.widgets.buttons import Button, icon_button, link
from crisisdesk.ui.widgets.labels import label
from crisisdesk.ui.widgets.marks import Badge
from crisisdesk.ui.widgets.search import SearchField

HEIGHT = 48
_FIELD = 520
QUICK = "encounter.quick"
LEAVE = "practice.leave"


C = TypeVar("C")


class TopBar(QWidget):
    """The bar over everything. Quick call-out stands there once a command for it exists."""

    def __init__(self, registry: Registry[C], parent: QWidget | None = None, *, is_practice: bool = False) -> None:
        super().__init__(parent)
        self.setFixedHeight(px(HEIGHT))
        row = QHBoxLayout(self)
        row.setContentsMargins(px(8), 0, px(16), 0)
        row.setSpacing(px(8))
        self.menu_button = icon_button("menu", _("Menu"), self._open_menu)
        row.addWidget(self.menu_button)
        row.addSpacing(px(4) - px(1))
        self._name = label("CrisisDesk", Role.NAME)
        row.addWidget(self._name)
        self.practice = Badge(State.CAUTION)
        row.addWidget(self.practice)
        self.practice.setVisible(is_practice)
        self.leave_practice: Button | None = None
        if is_practice:
            self._say_practice(registry, row)
        row.addSpacing(px(31))
        self.field = SearchField(_("Find a client, service, referral number or command"), key="Ctrl+K")
        self.field.setMaximumWidth(px(_FIELD))
        self.field.setMinimumWidth(px(120))
        row.addWidget(self.field, 100)
        row.addStretch(1)
        self._menu = registry.whole_menu(self)
        self.quick: Button | None = None
        if QUICK in registry:
            self.quick = self._command_button(registry, QUICK)
            row.addWidget(self.quick)
        self.new = Button(_("New"), look="primary", icon="plus")
        self.new.setMenu(registry.menu(self, "new"))
        row.addWidget(self.new)
        self.new.setVisible(any(command.menu == "new" for command in registry))
        row.addSpacing(px(16))
        self.cover = icon_button("cover", _("Cover the window"), lambda: registry.run("cover.show"), key="Ctrl+Shift+H")
        self.lock = icon_button("lock", _("Lock now"), lambda: registry.run("vault.lock"), key="Ctrl+L")
        row.addWidget(self.cover)
        row.addWidget(self.lock)

    def set_narrow(self, *, narrow: bool) -> None:
        """Leave out what the rail or the menu says too."""
        self._name.setVisible(not narrow)
        self.practice.say(State.CAUTION, _("Practice") if narrow else _("Practice, made-up people"), icon="people")

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("frame"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme.colour("line"))
        painter.end()

    def _say_practice(self, registry: Registry[C], row: QHBoxLayout) -> None:
        words = _("Everybody here is made up. When you leave, all that you did here is thrown away.")
        self.practice.setToolTip(words)
        self.practice.setAccessibleDescription(words)
        self.set_narrow(narrow=False)
        if LEAVE in registry:
            self.leave_practice = link(_("Leave"), lambda: registry.run(LEAVE))
            self.leave_practice.setToolTip(words)
            self.leave_practice.setAccessibleName(_(registry.command(LEAVE).title))
            row.addWidget(self.leave_practice)

    def _command_button(self, registry: Registry[C], command_id: str) -> Button:
        command = registry.command(command_id)
        made = Button(_(command.title).replace("…", ""), icon=command.icon, key=command.key)
        made.clicked.connect(lambda _checked=False: registry.run(command_id))
        return made

    def _open_menu(self) -> None:
        self._menu.popup(self.menu_button.mapToGlobal(self.menu_button.rect().bottomLeft()))
        self._menu.setFocus(Qt.FocusReason.PopupFocusReason)
