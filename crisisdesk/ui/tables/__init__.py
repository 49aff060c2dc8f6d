"""Lists and tables: models a page at a time, rows painted from one layout."""

from crisisdesk.ui.tables.delegate import CellDelegate, RowDelegate
from crisisdesk.ui.tables.grouped import GroupedRows
from crisisdesk.ui.tables.model import LEFT, RIGHT, ROW, Cell, Column, Group, Header, RowsModel, cell
from crisisdesk.ui.tables.paged import PAGE, Key, Page, PagedTable, Source
from crisisdesk.ui.tables.pieces import MORE, Act, Piece, Words, badge, link, mark, name, pill, words
from crisisdesk.ui.tables.row import Block, Row
from crisisdesk.ui.tables.view import ListView, TableView

__all__ = [
    "LEFT",
    "MORE",
    "PAGE",
    "RIGHT",
    "ROW",
    "Act",
    "Block",
    "Cell",
    "CellDelegate",
    "Column",
    "Group",
    "GroupedRows",
    "Header",
    "Key",
    "ListView",
    "Page",
    "PagedTable",
    "Piece",
    "Row",
    "RowDelegate",
    "RowsModel",
    "Source",
    "TableView",
    "Words",
    "badge",
    "cell",
    "link",
    "mark",
    "name",
    "pill",
    "words",
]
