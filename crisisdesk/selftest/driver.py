"""A clinician made of dice: acts through the desk, and writes into a ledger what the desk has acknowledged.

What she types is made up from a seed, so that a run can be repeated. Every act is one that the window does too:
clients, notes, signing, call-outs, next steps, tries, half-typed forms, Undo, locking.
"""

import json
import random
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta

from crisisdesk.clock import Clock
from crisisdesk.desk import Desk
from crisisdesk.desk.clients import ClientDraft
from crisisdesk.desk.encounters import EncounterDraft
from crisisdesk.desk.followups import FollowUpDraft, TryDraft
from crisisdesk.desk.notes import NoteDraft
from crisisdesk.records.choices import StepState, TryResult
from crisisdesk.selftest.ledger import Fact, Ledger, account
from crisisdesk.vault.changes import Changes
from crisisdesk.vault.store import Store

_WORDS = (
    *("walked", "calm", "bridge", "porch", "crying", "sleeps", "pills", "counted", "away", "sister", "drives", "plan"),
    *("café", "señora", "naïve", "talks", "slowly", "asks", "for", "help", "with", "rent", "–", "“not tonight”"),
    *("she", "says;", "back", "at", "5:30", "555-0142", "Tuesday", "heat", "and", "no", "today"),
)
_LONGEST = 400  # words of a note
_OPEN_MOST = 12  # notes and steps that are kept in mind


@dataclass(frozen=True)
class _Act:
    """What is about to be done, what the vault must hold then, and what it must hold again once it is undone."""

    name: str
    facts: tuple[Fact, ...]
    run: Callable[[], str | None]
    undone: tuple[Fact, ...] = ()
    is_undoable: bool = True
    is_written: bool = True  # False for half-typed forms, which Undo never meets


class Driver:
    """One user at an open desk. ``act`` does the next thing that the dice say."""

    def __init__(
        self, open_store: Callable[[], Store], clock: Clock, ledger: Ledger, seed: int, *, clients: Iterable[str] = ()
    ) -> None:
        self._open_store = open_store
        self._clock = clock
        self._ledger = ledger
        self._dice = random.Random(seed)  # noqa: S311  repeatable, and no secret
        self._clients = list(clients)
        self._step = account(ledger.path).step
        self._open()

    def _open(self) -> None:
        self.store = self._open_store()
        self.desk = Desk(self.store, self._clock)
        self.store.subscribe(self._heard)
        self._notes: dict[str, str] = {}  # drafts of this sitting that can be edited and signed
        self._steps: dict[str, str] = {}
        self._drafts: dict[tuple[str, str], str] = {}
        self._undo: list[tuple[Fact, ...]] = []

    def _heard(self, changes: Changes) -> None:
        self._step = changes.step or self._step

    def act(self) -> str:
        """Do the next thing and return its name."""
        made = self._choose()()
        self._ledger.intend(made.name, made.facts)
        key = made.run()
        facts = tuple(fact if fact.key else fact.with_key(key or "") for fact in made.facts)
        self._ledger.acknowledge(made.name, facts, step=self._step, audit=self.store.audit_head().seq)
        if made.is_written:
            undone = tuple(fact if fact.key else Fact.gone(fact.table, key or "") for fact in made.undone)
            self._undo = [*self._undo, undone] if made.is_undoable else []
        return made.name

    def lock(self) -> None:
        """Lock and unlock again."""
        self._ledger.intend("lock", ())
        self.store.close()
        self._open()
        self._ledger.acknowledge("lock", (), step=self._step, audit=self.store.audit_head().seq)

    def undo(self) -> bool:
        """Take back the last act, if that can be."""
        if not self._undo:
            return False
        facts = self._undo.pop()
        self._ledger.intend("undo", facts)
        self.desk.undo()
        self._ledger.acknowledge("undo", facts, step=self._step, audit=self.store.audit_head().seq)
        gone = {fact.key for fact in facts}
        for known in (self._notes, self._steps):
            for key in gone & known.keys():
                del known[key]
        self._clients = [each for each in self._clients if each not in gone]
        return True

    def close(self) -> None:
        """Quit."""
        with suppress(Exception):
            self.store.close()
        self._ledger.close()

    # The dice

    def _choose(self) -> Callable[[], _Act]:
        if not self._clients:
            return self._add_client
        chances: list[tuple[int, Callable[[], _Act]]] = [
            (1, self._add_client),
            (4, self._write_note),
            (2, self._record_encounter),
            (2, self._add_step),
            (8, self._keep_draft),
        ]
        if self._notes:
            chances += [(3, self._edit_note), (1, self._sign_note)]
        if self._steps:
            chances += [(2, self._move_step), (2, self._log_try)]
        if self._drafts:
            chances.append((2, self._forget_draft))
        return self._dice.choices([make for _, make in chances], [weight for weight, _ in chances])[0]

    def chance(self, of: float) -> bool:
        """Throw the dice: true in this share of throws."""
        return self._dice.random() < of

    def _client(self) -> str:
        return self._dice.choice(self._clients)

    def _text(self, longest: int = _LONGEST) -> str:
        return " ".join(self._dice.choices(_WORDS, k=self._dice.randint(3, longest)))

    def _day(self) -> date:
        return self._clock.today() + timedelta(days=self._dice.randint(1, 60))

    # The acts

    def _add_client(self) -> _Act:
        draft = ClientDraft(first_name=self._text(3), last_name=self._text(4), goals=self._text(60))
        facts = (Fact.of("client", "", {"last_name": draft.last_name, "goals": draft.goals}),)

        def run() -> str:
            self._clients.append(self.desk.clients.add(draft))
            return self._clients[-1]

        return _Act("add client", facts, run, undone=facts)

    def _write_note(self) -> _Act:
        client, body = self._client(), self._text()
        facts = (Fact.of("note", "", {"body": body, "client_id": client, "status": "draft"}),)

        def run() -> str:
            note = self.desk.notes.write(client, NoteDraft(body=body))
            _remember(self._notes, note, body)
            return note

        return _Act("write note", facts, run, undone=facts)

    def _edit_note(self) -> _Act:
        note, body = self._dice.choice(list(self._notes)), self._text()
        before = (Fact.of("note", note, {"body": self._notes[note]}),)

        def run() -> None:
            self.desk.notes.edit(note, NoteDraft(body=body))
            self._notes[note] = body

        return _Act("edit note", (Fact.of("note", note, {"body": body}),), run, undone=before)

    def _sign_note(self) -> _Act:
        note = self._dice.choice(list(self._notes))
        facts = (Fact.of("note", note, {"body": self._notes[note], "status": "signed"}),)

        def run() -> None:
            self.desk.notes.sign(note)
            del self._notes[note]

        return _Act("sign note", facts, run, is_undoable=False)

    def _record_encounter(self) -> _Act:
        draft = EncounterDraft(began_at=self._clock.now(), narrative=self._text())
        client = self._client()
        facts = (Fact.of("encounter", "", {"narrative": draft.narrative, "client_id": client}),)
        return _Act("record encounter", facts, lambda: self.desk.encounters.record(client, draft), undone=facts)

    def _add_step(self) -> _Act:
        draft = FollowUpDraft(what=self._text(12), due_on=self._day())
        client = self._client()
        facts = (Fact.of("followup", "", {"what": draft.what, "due_on": str(draft.due_on), "client_id": client}),)

        def run() -> str:
            step = self.desk.followups.add(client, draft)
            _remember(self._steps, step, str(draft.due_on))
            return step

        return _Act("add step", facts, run, undone=facts)

    def _move_step(self) -> _Act:
        step, to = self._dice.choice(list(self._steps)), self._day()
        before = (Fact.of("followup", step, {"due_on": self._steps[step], "state": StepState.OPEN.value}),)

        def run() -> None:
            self.desk.followups.move(step, to)
            self._steps[step] = str(to)

        facts = (Fact.of("followup", step, {"due_on": str(to), "state": StepState.OPEN.value}),)
        return _Act("move step", facts, run, undone=before)

    def _log_try(self) -> _Act:
        """Log a try and finish its step: two rows, both or none."""
        step, note = self._dice.choice(list(self._steps)), self._text(30)
        draft = TryDraft(result=TryResult.REACHED, note=note)
        attempt = Fact.of("attempt", "", {"note": note, "followup_id": step})
        before = (attempt, Fact.of("followup", step, {"state": StepState.OPEN.value}))

        def run() -> str:
            made = self.desk.followups.log_try(step, draft, finish=True)
            del self._steps[step]
            return made

        facts = (attempt, Fact.of("followup", step, {"state": StepState.DONE.value}))
        return _Act("log try", facts, run, undone=before)

    def _keep_draft(self) -> _Act:
        ref, values = f"new {self._client()}", {"body": self._text()}

        def run() -> None:
            self.desk.unsaved.keep("note", ref, values)
            self._drafts["note", ref] = values["body"]

        body = json.dumps(values, ensure_ascii=False)
        facts = (Fact.of("draft", _key("note", ref), {"body": body}),)
        return _Act("keep draft", facts, run, is_written=False)

    def _forget_draft(self) -> _Act:
        form, ref = self._dice.choice(list(self._drafts))

        def run() -> None:
            self.desk.unsaved.forget(form, ref)
            del self._drafts[form, ref]

        return _Act("forget draft", (Fact.gone("draft", _key(form, ref)),), run, is_written=False)


def run(driver: Driver, *, until: Callable[[], bool], locks: float = 0.01, undos: float = 0.06) -> None:
    """Act until told to stop; lock and undo in these shares of acts."""
    while not until():
        if driver.chance(locks):
            driver.lock()
        elif not (driver.chance(undos) and driver.undo()):
            driver.act()


def _key(*parts: str) -> str:
    return json.dumps(list(parts), separators=(",", ":"))


def _remember(known: dict[str, str], key: str, value: str) -> None:
    """Keep what was made last in mind, and let the oldest go."""
    known[key] = value
    while len(known) > _OPEN_MOST:
        del known[next(iter(known))]


def clients_of(facts: Sequence[Fact]) -> list[str]:
    """Return the clients that a ledger says are there."""
    return [fact.key for fact in facts if fact.table == "client" and fact.sha]
