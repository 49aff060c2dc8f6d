"""Keep each client's line in the lists true: derived again in every write that touches what it is made of."""

from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, text

from crisisdesk.records.choices import ClientStatus, FlagKind, Severity, StepState
from crisisdesk.records.lines import NO_STEP, UNANSWERED_STATES
from crisisdesk.vault.journal import RowChange

SOURCES = {"client": "id", "followup": "client_id", "referral": "client_id", "safety_flag": "client_id"}
_MANY = 500  # ids in one statement

_INSERT = """
INSERT INTO client_line (client_id, is_closed, due_key, list_name, step_id, flag_id, high_concern, waiting)
SELECT client.id,
       client.status = :closed,
       coalesce(step.due_on || ' ' || coalesce(substr(step.due_at, 1, 5), '~'), :no_step),
       client.list_name,
       step.id,
       (SELECT flag.id FROM safety_flag AS flag
         WHERE flag.client_id = client.id AND flag.set_aside_at IS NULL
         ORDER BY flag.severity <> :danger, flag.kind = :high_concern, flag.set_on DESC, flag.id LIMIT 1),
       client.status <> :closed AND EXISTS (
         SELECT 1 FROM safety_flag AS flag
          WHERE flag.client_id = client.id AND flag.set_aside_at IS NULL AND flag.kind = :high_concern),
       client.status <> :closed AND EXISTS (
         SELECT 1 FROM referral
          WHERE referral.client_id = client.id AND referral.set_aside_at IS NULL AND referral.state IN :unanswered)
  FROM client
  LEFT JOIN followup AS step ON step.id = (
         SELECT next.id FROM followup AS next
          WHERE next.client_id = client.id AND next.state = :open AND next.set_aside_at IS NULL
          ORDER BY next.due_on, next.due_at IS NULL, next.due_at, next.id LIMIT 1)
 WHERE client.set_aside_at IS NULL
"""
_FACTS = {
    "closed": ClientStatus.CLOSED.value,
    "no_step": NO_STEP,
    "danger": Severity.DANGER.value,
    "high_concern": FlagKind.HIGH_CONCERN.value,
    "open": StepState.OPEN.value,
    "unanswered": [state.value for state in UNANSWERED_STATES],
}
_ALL = text(_INSERT).bindparams(bindparam("unanswered", expanding=True))
_SOME = text(_INSERT + " AND client.id IN :ids").bindparams(
    bindparam("unanswered", expanding=True), bindparam("ids", expanding=True)
)
_FORGET = text("DELETE FROM client_line WHERE client_id IN :ids").bindparams(bindparam("ids", expanding=True))


def clients_of(changes: Iterable[RowChange]) -> frozenset[str]:
    """Return the ids of the clients whose lines these changes may move."""
    sources = ((change, SOURCES[change.table]) for change in changes if change.table in SOURCES)
    return frozenset(str(image[column]) for change, column in sources for image in change.images())


def refresh(connection: Connection, client_ids: Iterable[str]) -> None:
    """Derive the lines of these clients again, after the flush and before the commit of a write."""
    ids = sorted(client_ids)
    for start in range(0, len(ids), _MANY):
        some = ids[start : start + _MANY]
        connection.execute(_FORGET, {"ids": some})
        connection.execute(_SOME, {**_FACTS, "ids": some})


def rebuild(connection: Connection) -> None:
    """Derive every line again: after a bulk load, and in an upgrade that changes what a line is made of."""
    connection.execute(text("DELETE FROM client_line"))
    connection.execute(_ALL, _FACTS)
