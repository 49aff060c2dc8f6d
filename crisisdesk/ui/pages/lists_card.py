"""The lists of places that came in from elsewhere; each can be taken out whole again."""

from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crisisdesk.desk.directory import DataSetLine
from crisisdesk.desk.when import short_day
from crisisdesk.errors import DeskError
from crisisdesk.i18n import _, ngettext
from crisisdesk.ui import ask
from crisisdesk.ui.forms.card import LargeCard
from crisisdesk.ui.page import Context
from crisisdesk.ui.theme import px
from crisisdesk.ui.tokens import Role, State
from crisisdesk.ui.widgets.buttons import button, small
from crisisdesk.ui.widgets.labels import Elided, label, paragraph


class ListsCard(LargeCard):
    """Which lists came in, and when."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, title=_("Lists that came in"), icon="list")
        self._rows = QVBoxLayout()
        self._rows.setSpacing(px(12))
        self._rows.setContentsMargins(px(7), px(8), px(7), px(8))
        self.body.addLayout(self._rows)
        more = button(_("Bring in a list…"), run=lambda: context.commands.run("directory.import"))
        self.set_acts(more, button(_("Close"), look="primary", run=self.leave))
        self._show()

    @classmethod
    def open_card(cls, context: Context) -> "ListsCard":
        """Show it over the window."""
        made = cls(context)
        made.show_over(width=640)
        return made

    def _show(self) -> None:
        while self._rows.count():
            item = self._rows.takeAt(0)
            gone = item.widget() if item else None
            if gone is not None:
                gone.hide()
                gone.deleteLater()
        lists = self.context.desk.directory.data_sets()
        if not lists:
            self._rows.addWidget(paragraph(_("No list has come in yet. Services that you typed are your own.")))
        for each in lists:
            self._rows.addWidget(self._row(each))

    def _row(self, each: DataSetLine) -> QWidget:
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(12))
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(Elided(each.title, Role.NAME))
        day = short_day(self.context.clock.local(each.imported_at).date(), self.context.clock.today())
        services = ngettext("{count} service", "{count} services", each.services).format(count=f"{each.services:,}")
        texts.addWidget(
            label(
                _("{services}, brought in {day}, {kind}").format(services=services, day=day, kind=each.kind),
                ink="text2",
            )
        )
        row.addLayout(texts, 1)
        row.addWidget(small(_("Take out…"), run=partial(self._take_out, each)))
        return made

    def _take_out(self, each: DataSetLine) -> None:
        directory = self.context.desk.directory
        try:
            would = directory.would_take_out(each.id)
        except DeskError as error:
            self.say(str(error), "danger")
            return
        gone = ngettext("{count} service goes.", "{count} services go.", would.removed).format(
            count=f"{would.removed:,}"
        )
        stays = ngettext(
            "{count} that you have used, checked or edited stays as your own.",
            "{count} that you have used, checked or edited stay as your own.",
            would.kept,
        ).format(count=f"{would.kept:,}")
        sentence = _("{gone} {stays}").format(gone=gone, stays=stays) if would.kept else gone
        if ask.confirm(
            self.context.window.widget,
            _("Take out “{title}”?").format(title=each.title),
            sentence,
            act=_("Take out"),
            keep=_("Keep it"),
            danger=True,
        ):
            directory.take_out(each.id)
            self._show()
            self.context.window.say(_("The list was taken out."), state=State.DONE)
