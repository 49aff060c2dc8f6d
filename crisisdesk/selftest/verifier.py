"""Opens a vault after a fault and holds it against the ledger (security.md 5, (a) to (f)).

(a) every acknowledged act is there, with the hash of its content; (b) nothing is half there: a row without its
journal, a note without its words in the search, a write without its audit line; (c) the audit chain holds from its
first line to its last, and its end is not before the ledger's; (d) SQLCipher's and SQLite's own checks, references,
FTS5's own check; (e) the same digest twice; (f) at most one act that was not acknowledged.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from crisisdesk.clock import Clock
from crisisdesk.paths import VaultPaths
from crisisdesk.records.base import Base
from crisisdesk.selftest.ledger import Account, Fact, account, settle
from crisisdesk.vault import rows
from crisisdesk.vault.connection import connect
from crisisdesk.vault.digest import digest
from crisisdesk.vault.keys import MasterKey
from crisisdesk.vault.store import Store

if TYPE_CHECKING:
    from crisisdesk.vault.engine import Live, Raw

Ask = Callable[[str], Sequence[Sequence[object]]]

_MANY = 400  # rows asked for at once
_FTS = ("fts_client", "fts_number", "fts_service", "fts_note")
_AUDITED = "'write', 'undo', 'redo', 'load'"  # the kinds of audit line that a step of the journal has
# What belongs to what: each query returns what is there alone.
_BELONGS = {
    "notes without a document": """
        SELECT id FROM note WHERE set_aside_at IS NULL
        AND id NOT IN (SELECT ref FROM search_doc WHERE kind = 'note')""",
    "documents without a note": """
        SELECT ref FROM search_doc WHERE kind = 'note' AND ref NOT IN (SELECT id FROM note)""",
    "documents without words": """
        SELECT id FROM search_doc WHERE kind = 'note' AND id NOT IN (SELECT rowid FROM fts_note)""",
    "words without a document": """
        SELECT rowid FROM fts_note WHERE rowid NOT IN (SELECT id FROM search_doc)""",
    "notes without a journal": """
        SELECT id FROM note WHERE id NOT IN (SELECT row_key FROM journal_row WHERE table_name = 'note')""",
    "steps without rows": """
        SELECT seq FROM journal_step WHERE is_undoable AND seq NOT IN (SELECT step_seq FROM journal_row)""",
}


@dataclass
class Verdict:
    """What the verifier found."""

    acknowledged: int = 0
    lost: list[str] = field(default_factory=list)
    torn: list[str] = field(default_factory=list)
    extra: int = 0
    failures: list[str] = field(default_factory=list)  # of integrity: (b) to (e)
    recovery: float = 0.0  # seconds from the first touch of the file to an open desk
    rows: int = 0

    @property
    def is_good(self) -> bool:
        """Whether nothing is lost, nothing torn, all is sound, and at most one act is extra."""
        return not (self.lost or self.torn or self.failures) and self.extra <= 1


def verify(paths: VaultPaths, master: MasterKey, ledger: Path, clock: Clock) -> Verdict:
    """Hold a vault against its ledger, and write into the ledger how the last act ended. The key is used up."""
    verdict = Verdict()
    spare = MasterKey(bytearray(master.secret))
    began = time.perf_counter()
    store = Store.open(paths, master, clock)
    verdict.recovery = time.perf_counter() - began
    try:
        _against_ledger(store, ledger, verdict)
    finally:
        store.close()
    connection = connect(paths, spare, maintenance=True)
    try:
        verdict.failures += engine_failures(connection)
    finally:
        connection.close()
        spare.wipe()
    return verdict


def engine_failures(connection: "Raw") -> list[str]:
    """Run (d) and (e) on a maintenance connection; return what they complain of."""
    found = [f"cipher: {said}" for (said,) in connection.execute("PRAGMA cipher_integrity_check").fetchall()]
    found += [f"pages: {said}" for (said,) in connection.execute("PRAGMA integrity_check").fetchall() if said != "ok"]
    found += [f"reference: {table}" for table, *_ in connection.execute("PRAGMA foreign_key_check").fetchall()]
    for table in _FTS:
        try:
            connection.execute(f"INSERT INTO {table}({table}) VALUES ('integrity-check')")  # noqa: S608  a name of ours
        except Exception as refused:  # noqa: BLE001  the driver's own error, whose type only the vault may import
            found.append(f"search: {table} {type(refused).__name__}")
    if digest(connection) != digest(connection):
        found.append("digest: two readings differ")
    return found


def _against_ledger(store: Store, path: Path, verdict: Verdict) -> None:
    told = account(path)
    check = store.verify_audit()
    with store.read() as session:
        connection = session.connection()

        def ask(sql: str) -> list[Sequence[object]]:
            return [tuple(row) for row in connection.exec_driver_sql(sql)]

        images = _images(connection, told.facts.values())
        verdict.acknowledged, verdict.rows = told.acknowledged, len(told.facts)
        stray = {at: fact for at, fact in told.facts.items() if not fact.holds(images.get(at))}
        settled = _settle_try(connection, ask, told, stray, verdict)
        for (table, key), fact in stray.items():
            verdict.lost.append(f"{table} {key}: {'should be gone' if not fact.sha else 'missing or other content'}")
        verdict.failures += _half_there(ask)
        step = _whole(ask("SELECT max(seq) FROM journal_step"))
    if not check.is_sound:
        verdict.failures.append(f"audit: line {check.broken_at} does not fit")
    if check.head.seq < told.audit:
        verdict.lost.append(f"audit: ends at {check.head.seq}, the ledger saw {told.audit}")
    settle(path, settled, step=step, audit=check.head.seq)


def _settle_try(
    connection: "Live",
    ask: Ask,
    told: Account,
    stray: dict[tuple[str, str], Fact],
    verdict: Verdict,
) -> list[Fact]:
    """Find out whether the act that was begun last stands whole or never happened; anything between is torn."""
    newer = ask(f"SELECT seq FROM journal_step WHERE seq > {told.step:d} ORDER BY seq")  # noqa: S608  a number
    new_rows = "SELECT table_name, row_key FROM journal_row WHERE before IS NULL AND step_seq > "
    made = ask(f"{new_rows}{told.step:d}")
    verdict.extra = len(newer)
    begun = told.open_try
    if begun is None or not begun.facts:
        return []
    facts = [_found(connection, fact, made) for fact in begun.facts]
    images = _images(connection, facts)
    stands = [fact.holds(images.get((fact.table, fact.key))) for fact in facts]
    if all(stands) and (newer or begun.facts[0].table == "draft"):
        verdict.extra = max(verdict.extra, 1)
        for fact in facts:
            stray.pop((fact.table, fact.key), None)
        return facts
    if newer:
        verdict.torn.append(f"{begun.act} {begun.number}: half of it is there")
    return []


def _found(connection: "Live", fact: Fact, made: Sequence[Sequence[object]]) -> Fact:
    """Return the fact with the key of the row that was made for it, if one was."""
    if fact.key:
        return fact
    keys = [str(key) for table, key in made if table == fact.table]
    images = _images(connection, [fact.with_key(key) for key in keys])
    return next((fact.with_key(key) for key in keys if fact.holds(images.get((fact.table, key)))), fact)


def _half_there(ask: Ask) -> list[str]:
    """Return what is there without what belongs to it (b)."""
    found = [f"half there: {what}: {len(rows_)}" for what, sql in _BELONGS.items() if (rows_ := ask(sql))]
    steps = _whole(ask("SELECT count(*) FROM journal_step"))
    lines = _whole(ask(f"SELECT count(*) FROM audit WHERE kind IN ({_AUDITED})"))  # noqa: S608  our own kinds
    if steps != lines:
        found.append(f"half there: {steps} steps and {lines} audit lines")
    return found


def _images(connection: "Live", facts: Iterable[Fact]) -> dict[tuple[str, str], rows.Image]:
    """Return the rows that facts speak of, as they lie in the vault."""
    keys: dict[str, list[str]] = defaultdict(list)
    for fact in facts:
        if fact.key:
            keys[fact.table].append(fact.key)
    found: dict[tuple[str, str], rows.Image] = {}
    for name, wanted in keys.items():
        of = Base.metadata.tables[name]
        for start in range(0, len(wanted), _MANY):
            for image in rows.read_all(connection, of, wanted[start : start + _MANY]):
                key = rows.key_of([image[column.name] for column in of.primary_key.columns])
                found[name, key] = image
    return found


def _whole(answer: Sequence[Sequence[object]]) -> int:
    value = answer[0][0]
    return value if isinstance(value, int) else 0
