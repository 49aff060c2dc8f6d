"""The cards at the side of a chart: next steps, how to reach the client, open referrals, people around, releases."""

from collections.abc import Callable
from dataclasses import dataclass

from crisisdesk.desk.chart_side import SideCard as CardWords
from crisisdesk.desk.chart_side import SideRow
from crisisdesk.ui.tables import GroupedRows, ListView, Row, RowDelegate, name, words
from crisisdesk.ui.tokens import Role, State
from crisisdesk.ui.widgets.card import Card


@dataclass(frozen=True)
class CardRow:
    """A side card's row with an id of its own: two numbers of a client have none, and one person may stand twice."""

    id: str
    words: SideRow


class CardRowDelegate(RowDelegate):
    """The heavy words, the rest, what stands at the right, and perhaps a second line."""

    def height_of(self, item: CardRow) -> int:
        return 52 if item.words.detail else 33

    def lay_out(self, item: CardRow, row: Row) -> None:
        shown = item.words
        state = State(shown.tone.value)
        aside = words(shown.aside, role=Role.SMALL, ink="text3" if state is State.PLAIN else state.value)
        text = row.rest()
        text.flow(name(shown.lead), words(shown.rest), right=aside if shown.aside else None)
        if shown.detail:
            text.flow(words(shown.detail), role=Role.SMALL)


class SideCard(Card):
    """One card: its rows, or the sentence that stands there without any. ``opened(id)`` by click or Enter."""

    def __init__(
        self, title: str, icon: str, opened: Callable[[str], None], *, keys: dict[str, str] | None = None
    ) -> None:
        super().__init__(title, icon=icon)
        self._opened = opened
        self._model = GroupedRows()
        self.list = ListView(self._model, CardRowDelegate(), name=title, keys=keys)
        self.list.opened.connect(self._open)
        self.list.clicked.connect(lambda index: self._open(self._model.id_at(index.row())))
        self.add_row(self.list)
        self.list.fit()
        self.has_count = True

    def show_words(self, shown: CardWords) -> None:
        """Show a card of the chart's side."""
        self.title_label.setText(shown.title)
        self.setAccessibleName(shown.title)
        self.list.setAccessibleName(shown.title)
        rows = [CardRow(f"{number} {row.id}", row) for number, row in enumerate(shown.rows)]
        self._model.set_rows(rows)
        self.list.setVisible(bool(rows))
        self.list.fit()
        self.set_count(len(rows) if self.has_count else None)
        self.set_empty("" if rows else shown.sentence)

    def record_id(self, row_id: str) -> str:
        """Return which record a row stands for; nothing for a number of the client's own."""
        row = self._model.row(row_id)
        return row.words.id if isinstance(row, CardRow) else ""

    def row_ids(self) -> list[str]:
        """Return the ids of its rows, as they stand."""
        return [str(row.id) for row in self._model.rows]

    def _open(self, row_id: str) -> None:
        row = self._model.row(row_id)
        if isinstance(row, CardRow):
            self._opened(row.words.id)
