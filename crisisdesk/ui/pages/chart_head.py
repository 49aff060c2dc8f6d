"""The head of a chart, which never scrolls: who it is, the acts, what to know before going, what worked last time."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QBoxLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from crisisdesk.desk.chart import Banner as BannerWords
from crisisdesk.desk.chart import ChartHead, Plan
from crisisdesk.desk.words import dotted
from crisisdesk.i18n import _
from crisisdesk.ui import paint, theme
from crisisdesk.ui.page import FULL, WIDE, Context
from crisisdesk.ui.theme import px
from crisisdesk.ui.tokens import Role, State
from crisisdesk.ui.widgets.banner import Banner
from crisisdesk.ui.widgets.buttons import Button, icon_button
from crisisdesk.ui.widgets.chips import FlowLayout
from crisisdesk.ui.widgets.labels import Elided
from crisisdesk.ui.widgets.marks import Badge, StateMark

_SHOWN = 3  # banners at full height; the rest are named in one line, as the head must leave room for the timeline
_NAME_ROOM = 300  # pixels at 100 %; with less beside the acts these go below the name


class PlanCard(QAbstractButton):
    """What worked last time, in three lines; pressing it opens its form."""

    def __init__(self, run: Callable[[], object]) -> None:
        super().__init__()
        self._plan: Plan | None = None
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.clicked.connect(lambda _on=False: run())
        self.show_plan(None)

    def show_plan(self, plan: Plan | None) -> None:
        """Show what worked, or that nothing is written down yet."""
        self._plan = plan
        if plan is None:
            said = _("What worked last time: nothing written down yet")
        else:
            said = ". ".join([_("What worked last time"), *(f"{title}: {text}" for title, text in self._lines())])
        self.setAccessibleName(said)
        self.setToolTip(_("Write down what worked"))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        rows = len(self._lines()) if self._plan else 2
        return QSize(px(240), max(px(34), rows * paint.line_height(Role.BODY) + px(14)))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(160), self.sizeHint().height())

    def _lines(self) -> list[tuple[str, str]]:
        plan = self._plan
        if plan is None:
            return []
        pairs = ((_("Opens with"), plan.opens_with), (_("Avoid"), plan.avoid), (_("Ask for"), plan.ask_for))
        return [(title, text) for title, text in pairs if text]

    def paintEvent(self, e: QPaintEvent) -> None:
        del e
        painter = QPainter(self)
        edge = "control" if self.underMouse() or self.isDown() else "line"
        paint.box(painter, self.rect(), "surface", edge, px(8))
        inside = self.rect().adjusted(px(12), px(7), -px(12), -px(7))
        aside = self._paint_aside(painter, inside)
        self._paint_lines(painter, inside.adjusted(0, 0, -aside, 0))
        painter.end()

    def _paint_aside(self, painter: QPainter, inside: QRect) -> int:
        words = [_("What worked"), _("last time"), self._plan.day if self._plan else ""]
        width = max(paint.text_width(text, Role.SMALL) for text in words)
        height = paint.line_height(Role.SMALL)
        for number, text in enumerate(words):
            rect = QRect(inside.right() - width, inside.top() - px(1) + number * height, width + 1, height)
            paint.paint_text(painter, rect, text, Role.SMALL, "text3", paint.Right)
        return width + px(12)

    def _paint_lines(self, painter: QPainter, inside: QRect) -> None:
        height = paint.line_height(Role.BODY)
        if self._plan is None:
            rect = QRect(inside.left(), inside.top(), inside.width(), height)
            paint.paint_text(painter, rect, _("Nothing written down yet."), Role.BODY, "text2")
            rect.translate(0, height)
            paint.paint_text(painter, rect, _("What opens doors, what to avoid, whom to ask for?"), Role.BODY, "text3")
            return
        lines = self._lines()
        column = max(paint.text_width(title, Role.BODY) for title, _text in lines) + px(12)
        top = inside.top() + max(0, (inside.height() - len(lines) * height) // 2)
        for number, (title, text) in enumerate(lines):
            rect = QRect(inside.left(), top + number * height, inside.width(), height)
            paint.paint_text(painter, rect, title, Role.BODY, "text3")
            paint.paint_text(painter, rect.adjusted(column, 0, 0, 0), text, Role.BODY, "text")


class HeadPanel(QWidget):
    """The white band on top of a chart. ``acts`` are its buttons, made by the page."""

    def __init__(self, context: Context, acts: Sequence[QWidget], on_plan: Callable[[], object]) -> None:
        super().__init__()
        self._context = context
        self._column = QVBoxLayout(self)
        self._column.setSpacing(px(10))
        self._top = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._top.setSpacing(px(12))
        self._top.addLayout(self._who(), 1)
        self._acts = QWidget()
        self._flow = FlowLayout(self._acts)
        for act in acts:
            self._flow.addWidget(act)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self._acts.setSizePolicy(policy)
        self._top.addWidget(self._acts, 0, Qt.AlignmentFlag.AlignVCenter)
        self._column.addLayout(self._top)
        self._know = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._know.setSpacing(px(16))
        self._banners = QWidget()
        self._banner_column = QVBoxLayout(self._banners)
        self._banner_column.setContentsMargins(0, 0, 0, 0)
        self._banner_column.setSpacing(px(6))
        self._know.addWidget(self._banners, 1)
        self.plan = PlanCard(on_plan)
        self._know.addWidget(self.plan, 1)
        self._column.addLayout(self._know)
        self._fit()

    def _who(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(px(12))
        row.addWidget(icon_button("chevron-left", _("Back"), self._context.window.back, key="Alt+Left"))
        names = QVBoxLayout()
        names.setSpacing(0)
        self.name = Elided("", Role.TITLE)
        names.addWidget(self.name)
        below = QHBoxLayout()
        below.setSpacing(px(8))
        self.line = Elided("", Role.BODY, "text2")
        self.line.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        below.addWidget(self.line)
        self.status = Badge(State.PLAIN, "")
        below.addWidget(self.status)
        self.hold = Badge(State.PLAIN, _("Legal hold"), icon="lock")
        self.hold.setToolTip(_("Nothing of this chart can be deleted until the hold is lifted."))
        below.addWidget(self.hold)
        below.addStretch(1)
        names.addLayout(below)
        row.addLayout(names, 1)
        return row

    def show_head(self, head: ChartHead) -> None:
        """Show a client."""
        is_covered = self._context.cover.is_on
        self.name.say(head.initials if is_covered else head.name)
        self.line.say(dotted("" if is_covered else head.line, head.number))
        self.status.say(State(head.status.tone.value), head.status.text)
        self.hold.setVisible(head.is_held)
        self._show_banners(head.banners)
        self.plan.show_plan(head.plan)
        self._fit()

    def _show_banners(self, banners: Sequence[BannerWords]) -> None:
        while self._banner_column.count():
            item = self._banner_column.takeAt(0)
            gone = item.widget() if item else None
            if gone is not None:
                gone.hide()
                gone.deleteLater()
        self._banners.setVisible(bool(banners))
        shown = banners if len(banners) <= _SHOWN else banners[: _SHOWN - 1]
        for words in shown:
            self._banner_column.addWidget(_banner(words))
        rest = banners[len(shown) :]
        if rest:
            named = ", ".join(words.mark.text for words in rest)
            loudest = State.DANGER if any(words.mark.tone.value == State.DANGER for words in rest) else State.CAUTION
            self._banner_column.addWidget(StateMark(loudest, _("Also: {flags}").format(flags=named)))
        self._banner_column.addStretch(1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        paint.fill(painter, self.rect(), "surface")
        paint.paint_hairline(painter, self.rect())
        painter.end()

    def _fit(self) -> None:
        side = px(32 if self.window().width() >= WIDE else 24)
        spare = max(0, self.width() - px(FULL) - 2 * side)
        self._column.setContentsMargins(side, px(11), side + spare, px(12))
        directions = QBoxLayout.Direction
        room = self.width() - 2 * side
        acts = self._flow.sizeHint().width()
        is_tight = room < acts + px(_NAME_ROOM) * min(1.4, theme.factor())
        self._top.setDirection(directions.TopToBottom if is_tight else directions.LeftToRight)
        # A flow layout would take any width; beside the name it must keep to one line.
        self._acts.setMinimumWidth(0 if is_tight else acts)
        self._know.setDirection(directions.TopToBottom if room < px(760) else directions.LeftToRight)


def _banner(words: BannerWords) -> Banner:
    reason = words.reason.rstrip(".")
    return Banner(
        State(words.mark.tone.value),
        _("{warning}.").format(warning=words.mark.text),
        _("{reason}.").format(reason=reason) if reason else "",
        words.note,
    )


def act_button(text: str, icon: str, run: Callable[[], object] | None = None, *, look: str = "") -> Button:
    """Return one of the acts of a chart's head."""
    made = Button(text, look=look, icon=icon)
    if run is not None:
        made.clicked.connect(lambda _on=False: run())
    return made
