"""Rows under headers: Today, Referrals, a timeline."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex

from crisisdesk.ui.tables.model import Group, RowsModel


class GroupedRows(RowsModel):
    """Groups with headers; a group without rows is left out, unless it has a note to say why."""

    def set_groups(self, groups: Sequence[Group]) -> None:
        """Show these groups instead, keeping what stays."""
        rows: list[object] = []
        for group in groups:
            if group.rows or group.note:
                rows.append(group.header())
                rows.extend(group.rows)
        self.replace(rows)

    def set_rows(self, rows: Sequence[object]) -> None:
        """Show rows without headers."""
        self.replace(rows)

    def append(self, rows: Sequence[object]) -> None:
        """Add rows at the end in one go, as the next page of a timeline; nothing above moves."""
        if not rows:
            return
        start = len(self._rows)
        self.beginInsertRows(QModelIndex(), start, start + len(rows) - 1)
        self._set([*self._rows, *rows])
        self.endInsertRows()
