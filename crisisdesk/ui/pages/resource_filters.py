"""The filters beside the directory: everyday needs, insurance, languages, and when it was checked."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from crisisdesk.desk.service_list import Facet, Facets
from crisisdesk.i18n import N_, _, ngettext
from crisisdesk.ui.theme import px
from crisisdesk.ui.tokens import Role
from crisisdesk.ui.widgets.buttons import link
from crisisdesk.ui.widgets.labels import Elided, label

_FEW = 7  # needs that are shown before "6 more"
_GROUPS = (
    ("needs", N_("They need")),
    ("takes", N_("Takes")),
    ("speaks", N_("Speaks")),
    ("checked", N_("Checked")),
)


class _Line(QWidget):
    """A box to tick, its words, and how many services it would show."""

    def __init__(self, facet: Facet) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(px(3), 0, px(4), 0)
        row.setSpacing(px(8))
        self.box = QCheckBox()
        self.box.setAccessibleName(facet.label)
        row.addWidget(self.box)
        self._words = Elided(facet.label)
        row.addWidget(self._words, 1)
        self._count = label("", Role.SMALL, "text3")
        row.addWidget(self._count)
        self.setMinimumHeight(px(28))
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def say(self, facet: Facet) -> None:
        """Show another count."""
        self._count.setText(str(facet.count))
        self.box.setAccessibleDescription(
            ngettext("{count} service", "{count} services", facet.count).format(count=facet.count)
        )

    def mousePressEvent(self, event: object) -> None:
        del event
        self.box.toggle()


class ResourceFilters(QWidget):
    """Ticks by group. ``changed`` after each one."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, px(8), 0)
        self._column.setSpacing(0)
        self._lines: dict[str, dict[str, _Line]] = {group: {} for group, _title in _GROUPS}
        self._labels: dict[tuple[str, str], str] = {}
        self._boxes: dict[str, QVBoxLayout] = {}
        self._titles: dict[str, QWidget] = {}
        self._is_whole = False
        for group, title in _GROUPS:
            heading = label(_(title), Role.NAME)
            heading.setMinimumHeight(px(28))
            self._titles[group] = heading
            self._column.addWidget(heading)
            box = QVBoxLayout()
            box.setSpacing(0)
            self._boxes[group] = box
            self._column.addLayout(box)
            if group == "needs":
                self._more = link("", self._show_all)
                self._column.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
            self._column.addSpacing(px(12))
        self._column.addStretch(1)
        self.setAccessibleName(_("Filters"))

    def chosen(self) -> dict[str, tuple[str, ...]]:
        """Return the codes that are ticked, by group."""
        return {
            group: tuple(code for code, each in lines.items() if each.box.isChecked())
            for group, lines in self._lines.items()
        }

    def on(self) -> list[tuple[str, str, str]]:
        """Return (group, code, words) of what is ticked, for the chips above the list."""
        return [(group, code, self._labels[group, code]) for group, codes in self.chosen().items() for code in codes]

    def turn_off(self, group: str, code: str) -> None:
        """Take a tick away without a signal."""
        box = self._lines[group][code].box
        before = box.blockSignals(True)
        box.setChecked(False)
        box.blockSignals(before)

    def clear(self) -> None:
        """Take all ticks away without a signal."""
        for group, code, _words in self.on():
            self.turn_off(group, code)

    def show_facets(self, facets: Facets) -> None:
        """Show the choices with their counts; what is ticked stays, also at none."""
        for group, _title in _GROUPS:
            self._show_group(group, getattr(facets, group))

    def _show_group(self, group: str, facets: Sequence[Facet]) -> None:
        lines = self._lines[group]
        present = {facet.code for facet in facets}
        for code in [code for code in lines if code not in present]:
            gone = lines.pop(code)
            self._boxes[group].removeWidget(gone)
            gone.deleteLater()
        hidden = 0
        for place, facet in enumerate(facets):
            if facet.code not in lines:
                lines[facet.code] = self._made(group, facet)
            own = lines[facet.code]
            self._boxes[group].insertWidget(place, own)
            own.say(facet)
            is_hidden = group == "needs" and place >= _FEW and not self._is_whole and not own.box.isChecked()
            own.setVisible(not is_hidden)
            hidden += is_hidden
        self._titles[group].setVisible(bool(facets))
        if group == "needs":
            self._more.setText(_("{count} more").format(count=hidden))
            self._more.setVisible(hidden > 0)

    def _made(self, group: str, facet: Facet) -> _Line:
        made = _Line(facet)
        self._labels[group, facet.code] = facet.label
        made.box.toggled.connect(lambda _on: self.changed.emit())
        return made

    def _show_all(self) -> None:
        self._is_whole = True
        self.changed.emit()
