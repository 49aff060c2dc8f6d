"""Put a client under a legal hold, and try to be rid of the chart by every way there is (M14, F24)."""

from collections.abc import Callable
from pathlib import Path

from crisisdesk.desk import Desk
from crisisdesk.desk.clients import ClientDraft
from crisisdesk.desk.holds import Holds
from crisisdesk.desk.notes import NoteDraft
from crisisdesk.errors import DeskError
from crisisdesk.selftest.audit_tamper import FILE, PROGRAM, Attempt
from crisisdesk.selftest.place import Trial
from crisisdesk.vault.connection import connect
from crisisdesk.vault.purge import Order
from crisisdesk.vault.store import Store

_STATEMENTS = {
    "delete client": "DELETE FROM client",
    "delete note": "DELETE FROM note",
    "replace note": "INSERT OR REPLACE INTO note SELECT * FROM note",
    "delete hold": "DELETE FROM legal_hold",
}


def holding(folder: Path) -> list[Attempt]:
    """Try to delete a held chart; return what became of each try. The last must work: the hold is lifted then."""
    trial = Trial.make(folder)
    store = trial.open()
    desk, holds = Desk(store, trial.clock), Holds(store, trial.clock)
    client = desk.clients.add(ClientDraft(first_name="Held"))
    desk.notes.write(client, NoteDraft(body="Nothing of this may go."))
    hold = holds.set(client, "A court asked for it.")
    order = Order(client_id=client, retention_class="adult", reason="trial")
    tried = [
        _refused("purge a held client", PROGRAM, lambda: store.purge(order)),
        _refused("undo a held client", PROGRAM, desk.undo),
    ]
    store.close()
    tried += [_by_sql(trial, name, statement) for name, statement in _STATEMENTS.items()]
    store = trial.open()
    Holds(store, trial.clock).lift(hold, "The court released it.")
    return [*tried, _freed(store, order)]


def _refused(name: str, where: str, act: Callable[[], object]) -> Attempt:
    try:
        act()
    except DeskError:
        return Attempt(name=name, where=where, outcome="blocked")
    return Attempt(name=name, where=where, outcome="missed")


def _by_sql(trial: Trial, name: str, statement: str) -> Attempt:
    raw = connect(trial.paths, trial.key(), maintenance=True)
    try:
        raw.execute(statement)
    except Exception:  # noqa: BLE001  the driver's own errors, which only the vault may import
        return Attempt(name=name, where=FILE, outcome="blocked")
    finally:
        raw.close()
    return Attempt(name=name, where=FILE, outcome="missed")


def _freed(store: Store, order: Order) -> Attempt:
    try:
        store.purge(order)
    except DeskError:
        return Attempt(name="purge after the hold was lifted", where=PROGRAM, outcome="missed")
    finally:
        store.close()
    return Attempt(name="purge after the hold was lifted", where=PROGRAM, outcome="allowed")
