"""Refer, second part: which services fit, why, and what to look out for; or any service, found as she types."""

from dataclasses import dataclass, replace
from typing import ClassVar

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem, QWidget

from crisisdesk.desk.matching import ClientFacts, Match
from crisisdesk.i18n import _
from crisisdesk.records.choices import Need
from crisisdesk.ui import theme
from crisisdesk.ui.forms.editors import is_twelve_hour
from crisisdesk.ui.page import Context, beside
from crisisdesk.ui.pages.refer_words import ReferWords, refer_words
from crisisdesk.ui.tables import GroupedRows, ListView, Row, RowDelegate, mark, name
from crisisdesk.ui.tables.model import ROW, Index
from crisisdesk.ui.theme import px
from crisisdesk.ui.tokens import State
from crisisdesk.ui.widgets.buttons import link
from crisisdesk.ui.widgets.card import Card
from crisisdesk.ui.widgets.labels import label, paragraph
from crisisdesk.ui.widgets.search import SearchField

_FEW = 3  # services that are shown before "Show more"
_MORE = 20
_RADIO = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A service that may be chosen."""

    id: str
    match: Match
    is_chosen: bool


class PlaceDelegate(RowDelegate):
    """A service as a radio button with its reasons: name and check, reasons, how it went, warnings."""

    grows: ClassVar[bool] = True
    is_top: ClassVar[bool] = True
    above: ClassVar[int] = 9

    def lay_out(self, item: Place, row: Row) -> None:
        match = item.match
        row.column(_RADIO, gap=10)
        state = State(match.check.tone.value)
        text = row.rest()
        text.flow(name(match.title), right=mark(state, match.check.sentence))
        for line in (match.reasons_line, match.so_far):
            if line:
                text.wrap(line, lines=2)
        for warning in match.warnings:
            text.flow(mark(State.CAUTION, warning))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        item = index.data(ROW)
        is_chosen = isinstance(item, Place) and item.is_chosen
        flag = QStyle.StateFlag.State_Selected
        option.state = (option.state | flag) if is_chosen else (option.state & ~flag)
        super().paint(painter, option, index)
        self._paint_radio(painter, option.rect.left() + px(16), option.rect.top() + px(9), is_on=is_chosen)

    def describe(self, item: object) -> str:
        """Return the whole row in words, with whether it is chosen."""
        said = super().describe(item)
        is_chosen = isinstance(item, Place) and item.is_chosen
        return _("{row}, chosen").format(row=said) if is_chosen else said

    def _paint_radio(self, painter: QPainter, left: int, top: int, *, is_on: bool) -> None:
        side = px(18)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ring = QRectF(left + 0.75, top + px(1) + 0.75, side - 1.5, side - 1.5)
        painter.setPen(QPen(theme.colour("accent" if is_on else "control"), 1.5))
        painter.setBrush(theme.colour("accent" if is_on else "surface"))
        painter.drawEllipse(ring)
        if is_on:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("on_accent"))
            inset = side * 0.3
            painter.drawEllipse(ring.adjusted(inset, inset, -inset, -inset))
        painter.restore()


class WhereCard(Card):
    """Where? ``changed`` when she chooses a service."""

    changed = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__(_("Where?"), heading=44)
        self._context = context
        self._words: ReferWords = refer_words("")
        self._client = ClientFacts()
        self._need: Need | None = None
        self._chosen = ""
        self._shown = _FEW
        self._is_searching = False
        self._fits = label("", ink="text3")
        self._head_row.insertWidget(3, self._fits)
        self.search_link = self.set_act(_("Search all"), self._turn_search)
        self.field = SearchField(_("Name, place or what they do"))
        self.field.typed.connect(self._typed)
        self.field.down.connect(self._into_list)
        self.field.left.connect(self._end_search)
        self._search_box = beside(self.field, gap=0, stretch=False)
        self._search_box.setContentsMargins(px(16), 0, px(16), px(12))
        self.add_row(self._search_box, hairline=False)
        self._search_box.hide()
        self._model = GroupedRows()
        self.list = ListView(self._model, PlaceDelegate(), name=_("Services that fit"), keys={" ": "choose"})
        self.list.fit()
        self.list.clicked.connect(lambda index: self.choose(self._model.id_at(index.row()), told=True))
        self.list.opened.connect(lambda service_id: self.choose(service_id, told=True))
        self.list.acted.connect(self._row_act)
        self.add_row(self.list)
        self._nothing = paragraph("")
        self._nothing.setContentsMargins(0, 0, 0, 0)
        self._nothing_box = beside(self._nothing, stretch=False)
        self._nothing_box.setContentsMargins(px(16), px(10), px(16), px(10))
        self.add_row(self._nothing_box, hairline=False)
        self._more = link("", self._show_more)
        foot: QWidget = beside(self._more)
        foot.setContentsMargins(px(16), px(6), px(16), px(6))
        self._foot = foot
        self.add_row(foot)

    @property
    def service_id(self) -> str | None:
        """The chosen service."""
        return self._chosen or None

    @property
    def need(self) -> Need | None:
        """For what the services are matched."""
        return self._need

    def speak(self, words: ReferWords) -> None:
        """Use the client's pronouns."""
        self._words = words

    def ask(self, client: ClientFacts, need: Need | None) -> None:
        """Match for a person and a need."""
        if need is not self._need:
            self._shown = _FEW
        self._client, self._need = client, need
        self.refresh()

    def choose(self, service_id: str, *, told: bool = False) -> None:
        """Choose a service; ``told``: she did it herself."""
        if not service_id or (service_id == self._chosen and told):
            return
        self._chosen = service_id
        self.refresh()
        if told:
            self.changed.emit()

    def forget(self) -> None:
        """Choose none."""
        self._chosen = ""
        self._shown = _FEW
        self._end_search()

    def search(self) -> None:
        """Find any service as she types."""
        self._is_searching = True
        self._search_box.show()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.refresh()

    def _turn_search(self) -> None:
        if self._is_searching:
            self._end_search()
        else:
            self.search()

    def refresh(self) -> None:
        """Match again."""
        text = self.field.text().strip() if self._is_searching else ""
        is_open_search = self._is_searching and bool(text)
        need = None if is_open_search else self._need
        if need is None and not is_open_search:
            self._show_nothing()
            return
        found = self._context.desk.matching.match(
            self._client, need, text, limit=max(self._shown, _MORE), twenty_four=not is_twelve_hour()
        )
        rows = [Place(id=row.service_id, match=row, is_chosen=row.service_id == self._chosen) for row in found.rows]
        shown = rows[: self._shown if not is_open_search else _MORE]
        self._model.set_rows([*self._apart(shown, rows), *shown])
        self._search_link_says(found.directory)
        if is_open_search:
            self._fits.setText(_("{count} found").format(count=found.total))
        else:
            self._fits.setText(self._words.fits(found.total).format(count=found.total))
        empty = (
            _("No service fits. Another word, or none, finds more.")
            if is_open_search
            else _("No service in the directory is for this. Search all of them, or write one down under Resources.")
        )
        left = found.total - len(shown)
        self._nothing.say("" if rows else empty)
        self._nothing_box.setVisible(not rows)
        self._more.setText(_("Show {count} more").format(count=min(left, _MORE)))
        self._more.updateGeometry()
        self._foot.setVisible(left > 0 and self._shown < _MORE and not is_open_search)

    def _apart(self, shown: list[Place], rows: list[Place]) -> list[Place]:
        """Return the chosen service where it isn't among those that are shown."""
        if not self._chosen or any(row.id == self._chosen for row in shown):
            return []
        found = next((row for row in rows if row.id == self._chosen), None)
        return [found] if found else [place for place in (self._chosen_alone(),) if place]

    def _chosen_alone(self) -> Place | None:
        card = self._context.desk.services.card(self._chosen, twenty_four=not is_twelve_hour())
        known = self._context.desk.matching.match(self._client, None, card.title, limit=_MORE)
        same = next((row for row in known.rows if row.service_id == self._chosen), None)
        if same is None:
            same = Match(
                service_id=card.id,
                title=card.title,
                reasons=(card.hours_now,) if card.hours_now else (),
                so_far="",
                warnings=(card.check.warning,) if card.check.warning else (),
                check=card.check,
            )
        return Place(id=self._chosen, match=replace(same), is_chosen=True)

    def _show_nothing(self) -> None:
        alone = self._chosen_alone() if self._chosen else None
        self._model.set_rows([alone] if alone else [])
        self._fits.setText("")
        directory = self._context.desk.matching.match(self._client, None, "", limit=1).directory
        self._search_link_says(directory)
        self._nothing.say(_("Say what is needed, or search all services."))
        self._nothing_box.setVisible(alone is None)
        self._foot.hide()

    def _search_link_says(self, directory: int) -> None:
        words_of = _("Back to those that fit") if self._is_searching else _("Search all {count}")
        self.search_link.setText(words_of.format(count=directory))
        self.search_link.updateGeometry()

    def _typed(self, _text: str) -> None:
        self.refresh()

    def _row_act(self, service_id: str, act: str) -> None:
        if act == "choose":
            self.choose(service_id, told=True)

    def _into_list(self) -> None:
        if self.list.choose_first():
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_more(self) -> None:
        self._shown = _MORE
        self.refresh()

    def _end_search(self) -> None:
        self._is_searching = False
        self._search_box.hide()
        self.field.clear()
        self.refresh()
