"""Find clients, services and notes as she types.

What she types never reaches MATCH as it is: 13 of 18 hostile texts raise errors there. It is taken apart into words
and numbers, and each becomes a quoted token.

Clients come in stages, and within a stage with the latest contact first: every word is a whole name; begins a name;
begins any word of hers; begins or sounds like a name. Each stage stops after ``_CANDIDATES`` rows and ranks no more
than those, so that one letter costs as little as a whole name. A number must fit whole, or from four digits on by its
beginning. Services are ranked by bm25, those named so first. Notes come latest first.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice

from sqlalchemy import (
    BindParameter,
    Connection,
    Select,
    String,
    TableClause,
    bindparam,
    column,
    func,
    literal_column,
    select,
    table,
)
from sqlalchemy.orm import Session

from crisisdesk.vault import index
from crisisdesk.vault.index import SEARCH_DOC, Kind
from crisisdesk.vault.spelling import SIGNS, Pieces, Typed, sound

_CANDIDATES = 200  # rows of a stage that are ranked
_PREFIX = 4  # characters of a number from which its beginning is enough; FTS5 keeps these beginnings apart
_WORD = 2  # letters from which all words of a service and the words of notes are looked through
_SOUND = 3  # letters from which a word has a sound of its own
_WEIGHTS = (10.0, 6.0, 1.0, 4.0)  # bm25 of a service's name, agency, other words, numbers
_CLIENT = table("client", column("id", String), column("last_contact_at", String))

# A search asks a dozen questions for each letter that is typed: they are put together once.
_ROWS: BindParameter[list[int]] = bindparam("rows", expanding=True)
_REFS = select(SEARCH_DOC.c.id, SEARCH_DOC.c.ref).where(SEARCH_DOC.c.id.in_(_ROWS))
_LATEST_FIRST = (
    select(SEARCH_DOC.c.ref)
    .join(_CLIENT, _CLIENT.c.id == SEARCH_DOC.c.ref)
    .where(SEARCH_DOC.c.id.in_(_ROWS))
    .order_by(_CLIENT.c.last_contact_at.desc(), SEARCH_DOC.c.id.desc())
)


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
    if what.is_signs:
        return list(_newest(connection, fts, _in("name", _whole(SIGNS))))
    words = _service_words(what)
    return list(_newest(connection, fts, words if _is_telling(what) else _in("name agency", words)))


def service_documents(session: Session) -> dict[int, str]:
    """Return the id of the service behind each of their documents."""
    found = select(SEARCH_DOC.c.id, SEARCH_DOC.c.ref).where(SEARCH_DOC.c.kind == Kind.SERVICE.value)
    return dict(session.connection().execute(found).all())


def _clients(connection: Connection, what: Typed, limit: int) -> list[str]:
    if what.is_signs:
        return _signs(connection, index.CLIENTS.fts, what.text, limit)
    if not what.words:
        return _latest_first(connection, list(islice(_numbered(connection, what), _CANDIDATES)))[:limit]
    numbered = tuple(_numbered(connection, what)) if what.numbers else None
    found: dict[str, None] = {}
    for stage in _stages(what.words):
        rows = _newest(connection, index.CLIENTS.fts, stage)
        if numbered is not None:
            rows = _common(rows, iter(numbered))
        found |= dict.fromkeys(_latest_first(connection, list(islice(rows, _CANDIDATES))))
        if len(found) >= limit:
            break
    return list(found)[:limit]


def _stages(words: Sequence[Pieces]) -> Iterator[str]:
    """Give the questions to put to clients, the narrowest first."""
    yield _in("name", _all(map(_whole_word, words)))
    begun = _all(map(_begun_word, words))
    yield _in("name", begun)
    yield _in("name other", begun)
    yield _all(map(_begun_or_heard, words))


def _begun_or_heard(pieces: Pieces) -> str:
    begun = _in("name", _begun_word(pieces))
    word = "".join(pieces)
    heard = sound(word) if len(word) >= _SOUND else ""
    return f"({begun} OR {_in('sound', _whole(heard))})" if heard else begun


def _numbered(connection: Connection, what: Typed) -> Iterator[int]:
    """Give the rows of the clients who have all the numbers, or the one that they make together, the newest first."""
    together = _number("".join(map("".join, what.numbers)))
    match = f"{together} OR ({_all(map(_own_number, what.numbers))})"
    return _newest(connection, index.NUMBERS.fts, match)


def _own_number(pieces: Pieces) -> str:
    return f"({_number(''.join(pieces))} OR ({_all(map(_number, pieces))}))"


def _latest_first(connection: Connection, rows: Sequence[int]) -> list[str]:
    """Return the clients of these rows, those with the latest contact first, then the newest."""
    return list(connection.execute(_LATEST_FIRST, {"rows": rows}).scalars()) if rows else []


def _services(connection: Connection, what: Typed, limit: int) -> list[str]:
    fts = index.SERVICES.fts
    if what.is_signs:
        return _signs(connection, fts, what.text, limit)
    words = _service_words(what)
    if not _is_telling(what):
        return _refs(connection, list(islice(_newest(connection, fts, _in("name", words)), limit)))
    rows = _best(connection, fts, _in("name", words), limit)
    if len(rows) < limit:
        rows += [row for row in _best(connection, fts, words, limit) if row not in rows]
    return _refs(connection, rows[:limit])


def _service_words(what: Typed) -> str:
    return _all(map(_begun_word, (*what.words, *what.numbers)))


def _best(connection: Connection, fts: TableClause, match: str, limit: int) -> list[int]:
    """Return the rows that match, the best by bm25 first."""
    return list(connection.execute(_best_first(fts), {"match": match, "limit": limit}).scalars())


def _notes(connection: Connection, what: Typed, limit: int) -> list[str]:
    if not _is_telling(what):
        return []
    words = [pieces for pieces in what.words if len("".join(pieces)) >= _WORD]
    figures = map(_begun_word, what.numbers)
    # Whole words first: the beginning of a common word would gather half of all notes before the first is given.
    for match in (_all(map(_whole_word, (*words, *what.numbers))), _all((*map(_begun_word, words), *figures))):
        rows = list(islice(_newest(connection, index.NOTES.fts, match), limit))
        if len(rows) == limit:
            break
    return _refs(connection, rows)


_FINDERS = {Kind.CLIENT: _clients, Kind.SERVICE: _services, Kind.NOTE: _notes}


def _is_telling(what: Typed) -> bool:
    """Whether anything typed is longer than one letter."""
    return any(len("".join(pieces)) >= _WORD for pieces in (*what.words, *what.numbers))


def _refs(connection: Connection, rows: Sequence[int]) -> list[str]:
    """Return the ids behind rows, in their order."""
    refs = dict(connection.execute(_REFS, {"rows": rows}).all()) if rows else {}
    return [refs[row] for row in rows]


@cache
def _matching(fts: TableClause) -> Select[int]:
    return select(fts.c.rowid).where(literal_column(fts.name).op("MATCH")(bindparam("match")))


@cache
def _newest_first(fts: TableClause) -> Select[int]:
    return _matching(fts).order_by(fts.c.rowid.desc())


@cache
def _best_first(fts: TableClause) -> Select[int]:
    rank = func.bm25(literal_column(fts.name), *_WEIGHTS)
    return _matching(fts).order_by(rank).limit(bindparam("limit"))


def _newest(connection: Connection, fts: TableClause, match: str) -> Iterator[int]:
    """Give the rows that match, the newest first, as they are asked for."""
    with connection.execute(_newest_first(fts), {"match": match}) as result:
        yield from result.scalars()


def _common(these: Iterator[int], those: Iterator[int]) -> Iterator[int]:
    """Give the rows that both give; both descend."""
    that = next(those, 0)
    for row in these:
        while that > row:
            that = next(those, 0)
        if that == row:
            yield row


def _signs(connection: Connection, fts: TableClause, typed: str, limit: int) -> list[str]:
    """Return those with a name of nothing but signs that holds what was typed."""
    held = fts.c.name.contains(typed, autoescape=True)
    found = _newest_first(fts).where(held).limit(limit)
    return _refs(connection, list(connection.execute(found, {"match": _whole(SIGNS)}).scalars()))


def _whole(token: str) -> str:
    return f'"{token}"'


def _begun(token: str) -> str:
    return f'"{token}"*'


def _number(token: str) -> str:
    return _begun(token) if len(token) >= _PREFIX else _whole(token)


def _whole_word(pieces: Pieces) -> str:
    return f"({_whole(''.join(pieces))} OR {_all(map(_whole, pieces))})" if len(pieces) > 1 else _whole(pieces[0])


def _begun_word(pieces: Pieces) -> str:
    """Return what finds a word by its beginning: as one, or in its pieces.

    24/7 stands as 24 and 7 in a text, 555-0123 as one number in a list of phones.

    A piece of one letter is common ("'s") and told apart by nothing that could follow it: it must fit whole.
    """
    if len(pieces) == 1:
        return _begun(pieces[0])
    apart = _all(_begun(piece) if len(piece) >= _WORD else _whole(piece) for piece in pieces)
    return f"({_begun(''.join(pieces))} OR ({apart}))"


def _all(questions: Iterable[str]) -> str:
    return " AND ".join(questions)


def _in(columns: str, question: str) -> str:
    return f"{{{columns}}} : ({question})"
