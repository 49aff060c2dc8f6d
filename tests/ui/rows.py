"""Rows, sources and delegates for the tests of lists and tables."""

from dataclasses import dataclass, replace

from crisisdesk.ui.tables import MORE, Act, Column, Page, Row, RowDelegate, cell, mark, name, words
from crisisdesk.ui.tokens import Role, State


@dataclass(frozen=True)
class Person:
    id: str
    name: str
    flag: str = ""
    step: str = "call"


def people(count, start=0):
    return [Person(f"p{number:05}", f"Person {number:05}") for number in range(start, start + count)]


class Shelf:
    """A source over a list in memory, which counts how often it is asked."""

    def __init__(self, rows):
        self.all = list(rows)
        self.asked = []

    def page(self, after, limit):
        self.asked.append(("page", after, limit))
        start = (
            0 if after is None else next((n + 1 for n, row in enumerate(self.all) if row.id == after[0]), len(self.all))
        )
        rows = self.all[start : start + limit]
        more = start + limit < len(self.all)
        return Page(rows, (rows[-1].id,) if more else None)

    def rows(self, ids):
        self.asked.append(("rows", len(ids)))
        wanted = set(ids)
        return [row for row in self.all if row.id in wanted]

    def rename(self, place, to):
        self.all[place] = replace(self.all[place], name=to)


class Touched:
    """What the store says has changed."""

    def __init__(self, *tables):
        self.tables = set(tables)

    def touches(self, *tables):
        return bool(self.tables & set(tables))


class PersonDelegate(RowDelegate):
    height = 56

    def lay_out(self, item, row: Row) -> None:
        row.acts(Act("try", "Log try"), Act("done", "Done"), MORE)
        row.column(64).line("10:30", role=Role.NAME)
        row.icon("phone")
        text = row.rest()
        text.flow(name(item.name), words(item.step))
        text.flow(mark(State.DANGER, item.flag) if item.flag else None, words("2 tries"), role=Role.SMALL)


COLUMNS = (
    Column("Client", "name", lambda row: cell(name(row.name), "44"), width=200),
    Column("Flag", "", lambda row: mark(State.DANGER, row.flag) if row.flag else "", width=120),
    Column("Next step", "step", lambda row: row.step),
    Column("", acts=lambda _row: (Act("try", "Log try"), MORE), width=140),
)
