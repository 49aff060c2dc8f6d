"""Find clients, services and notes as she types.

What she types never reaches MATCH as it is: 13 of 18 hostile texts raise errors there. It is taken apart into words and numbers, and each
becomes a quoted token.

Clients come in stages, and within a stage with the latest contact first: every word is a whole name; begins a name; begins any word of
hers; sounds like a name. Each stage stops after ``_CANDIDATES`` rows and ranks no more than those, so that one letter costs as little as a
whole name. A number must fit whole, or from four digits on by its beginning. Services are ranked by bm25, those named so first. Notes come
latest first.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Select, String, TableClause, bindparam, column, func, literal_column, select, table
from sqlalchemy.orm import Session

from crisisdesk.vault import index
from crisisdesk.vault.index import SEARCH_DOC, Kind
from crisisdesk.vault.spelling import Typed, sound

_CANDIDATES = 200  # rows of a stage that are ranked
_PREFIX = 4  # characters of a number from which its beginning is enough; FTS5 keeps these beginnings apart
_WORD = 2  # letters from which all words of a service and the words of notes are looked through
_SOUND = 3  # letters from which a word has a sound of its own
_WEIGHTS = (10.0, 6.0, 1.0, 4.0)  # bm25 of a service's name, agency, other words, numbers
_CLIENT = table("client", column("id", String), column("last_contact_at", String))


@dataclass(frozen=True)
class Hit:
    """Something that was found. ``rank`` counts from 0 within its kind."""

    kind: Kind
    ref: str
    rank: int


def search(session: Session, typed: str, kinds: Iterable[Kind] = tuple(Kind), limit: int = 20) -> list[Hit]:
    """Return the best hits for what was typed, at most ``limit`` of each kind, kind by kind in the order asked for."""
    what = Typed.read(typed)
    if not what.text:
        return []
    connection = session.connection()
    found = {kind: _FINDERS[kind](connection, what, limit) for kind in kinds}
    return [Hit(kind, ref, rank) for kind, refs in found.items() for rank, ref in enumerate(refs)]


def fitting_services(session: Session, typed: str) -> list[int]:
    """Return the documents of all services that fit what was typed, in no order: for a list that ranks by itself.

    One letter is looked for in names only. ``service_documents`` says whose documents they are.
    """
    what, fts, connection = Typed.read(typed), index.SERVICES.fts, session.connection()
    if not what.text:
        return []
    if what.is_wordless:
        return _like(connection, fts, "name", what.text, -1)
    tokens = [*map(_begun, what.words), *map(_either, what.numbers)]
    match = _all(tokens) if _is_telling(what) else _in("name agency", tokens)
    return list(connection.execute(_matching(fts, match)).scalars())


def service_documents(session: Session) -> dict[int, str]:
    """Return the id of the service behind each of their documents."""
    found = select(SEARCH_DOC.c.id, SEARCH_DOC.c.ref).where(SEARCH_DOC.c.kind == Kind.SERVICE.value)
    return dict(session.connection().execute(found).tuples())


def _clients(connection: Connection, what: Typed, limit: int) -> list[str]:
    if what.is_wordless:
        return _refs(connection, _like(connection, index.CLIENTS.fts, "name", what.text, limit))
    bearing = _with_numbers(connection, what) if what.numbers else None
    if not what.words:
        return _latest_first(connection, sorted(bearing or (), reverse=True)[:_CANDIDATES])[:limit]
    found: list[str] = []
    for stage in _stages(what.words):
        rows = _candidates(connection, index.CLIENTS.fts, stage, bearing)
        known = set(found)
        found += [ref for ref in _latest_first(connection, rows) if ref not in known]
        if len(found) >= limit:
            break
    return found[:limit]


def _stages(words: Sequence[str]) -> Iterator[str]:
    """Give the questions to put to clients, the narrowest first."""
    yield _in("name", [_whole(word) for word in words])
    begun = [_begun(word) for word in words]
    yield _in("name", begun)
    yield _in("name other", begun)
    yield _all(_begun_or_heard(word) for word in words)


def _begun_or_heard(word: str) -> str:
    begun = _in("name", [_begun(word)])
    heard = sound(word) if len(word) >= _SOUND else ""
    return f"({begun} OR {_in('sound', [_whole(heard)])})" if heard else begun


def _candidates(connection: Connection, fts: TableClause, match: str, bearing: frozenset[int] | None) -> list[int]:
    """Return the newest rows that match, and that bear the numbers if there are any."""
    newest = _matching(fts, match).order_by(fts.c.rowid.desc())
    if bearing is None:
        return list(connection.execute(newest.limit(_CANDIDATES)).scalars())
    rows: list[int] = []
    with connection.execute(newest) as result:
        for row in result.scalars():
            if row in bearing:
                rows.append(row)
                if len(rows) == _CANDIDATES:
                    break
    return rows


def _with_numbers(connection: Connection, what: Typed) -> frozenset[int]:
    """Return the rows of the clients to whom all the numbers belong, or the one number that they make together."""
    each = (
        f"({_number(''.join(pieces))} OR ({_all(_number(piece) for piece in pieces)}))" for pieces in what.numbers
    )
    together = _number("".join("".join(pieces) for pieces in what.numbers))
    match = f"{together} OR ({_all(each)})"
    return frozenset(connection.execute(_matching(index.NUMBERS.fts, match)).scalars())


def _latest_first(connection: Connection, rows: Sequence[int]) -> list[str]:
    """Return the clients of these rows, those with the latest contact first, then the newest."""
    contact = (
        select(SEARCH_DOC.c.ref)
        .join(_CLIENT, _CLIENT.c.id == SEARCH_DOC.c.ref)
        .where(SEARCH_DOC.c.id.in_(rows))
        .order_by(_CLIENT.c.last_contact_at.desc(), SEARCH_DOC.c.id.desc())
    )
    return list(connection.execute(contact).scalars())


def _services(connection: Connection, what: Typed, limit: int) -> list[str]:
    fts = index.SERVICES.fts
    if what.is_wordless:
        return _refs(connection, _like(connection, fts, "name", what.text, limit))
    tokens = [*map(_begun, what.words), *map(_either, what.numbers)]
    rows = _best(connection, fts, _in("name", tokens), limit)
    if len(rows) < limit and _is_telling(what):
        rows += [row for row in _best(connection, fts, _all(tokens), limit) if row not in rows]
    return _refs(connection, rows[:limit])


def _best(connection: Connection, fts: TableClause, match: str, limit: int) -> list[int]:
    """Return the rows that match, the best by bm25 first."""
    rank = func.bm25(literal_column(fts.name), *_WEIGHTS)
    return list(connection.execute(_matching(fts, match).order_by(rank).limit(limit)).scalars())


def _notes(connection: Connection, what: Typed, limit: int) -> list[str]:
    fts = index.NOTES.fts
    if not _is_telling(what):
        return []
    figures = list(map(_either, what.numbers))
    words = [word for word in what.words if len(word) >= _WORD]
    # Whole words first: the beginning of a common word would gather half of all notes before the first is given.
    for tokens in (map(_whole, words), map(_begun, words)):
        match = _all([*tokens, *figures])
        rows = list(connection.execute(_matching(fts, match).order_by(fts.c.rowid.desc()).limit(limit)).scalars())
        if len(rows) == limit:
            break
    return _refs(connection, rows)


_FINDERS = {Kind.CLIENT: _clients, Kind.SERVICE: _services, Kind.NOTE: _notes}


def _is_telling(what: Typed) -> bool:
    """Whether anything typed is longer than one letter."""
    return any(len(each) >= _WORD for each in (*what.words, *map("".join, what.numbers)))


def _refs(connection: Connection, rows: Sequence[int]) -> list[str]:
    """Return the ids behind rows, in their order."""
    found = select(SEARCH_DOC.c.id, SEARCH_DOC.c.ref).where(SEARCH_DOC.c.id.in_(rows))
    refs = {row: ref for row, ref in connection.execute(found)}
    return [refs[row] for row in rows]


def _matching(fts: TableClause, match: str) -> Select[int]:
    return select(fts.c.rowid).where(literal_column(fts.name).op("MATCH")(bindparam("match", match)))


def _like(connection: Connection, fts: TableClause, name: str, typed: str, limit: int) -> list[int]:
    """Return the rows whose name holds the text as typed, letter by letter: for names that are nothing but signs."""
    held = fts.c[name].contains(typed, autoescape=True)
    return list(connection.execute(select(fts.c.rowid).where(held).order_by(fts.c.rowid.desc()).limit(limit)).scalars())


def _whole(token: str) -> str:
    return f'"{token}"'


def _begun(token: str) -> str:
    return f'"{token}"*'


def _number(token: str) -> str:
    return _begun(token) if len(token) >= _PREFIX else _whole(token)


def _either(pieces: Sequence[str]) -> str:
    """Return what finds a number as one or in its pieces: "24/7" stands as 24 and 7 in a text, 555-0123 as one in a list of phones."""
    return f"({_begun(''.join(pieces))} OR ({_all([_begun(piece) for piece in pieces])}))"


def _all(tokens: Iterable[str]) -> str:
    return " AND ".join(tokens)


def _in(columns: str, tokens: Iterable[str]) -> str:
    return f"{{{columns}}} : ({_all(tokens)})"
