"""The door against a plain model: whatever she does, undoes and redoes, the file says what the model says."""

import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import select

from crisisdesk.clock import FixedClock
from crisisdesk.paths import VaultPaths
from crisisdesk.records.clients import Client
from crisisdesk.vault import index
from crisisdesk.vault.search import search
from crisisdesk.vault.store import Store
from tests.stores import NOON, make_vault
from tests.vault.fast import PASSPHRASE, unlock

NAMES = ("Delgado", "Ortiz", "Reyes", "Nguyễn", "O'Neil")
World = dict[str, str]


class Door(RuleBasedStateMachine):
    """Adds, edits and removes clients, several in one act, and goes back and forth."""

    @initialize()
    def open(self):
        self.folder = Path(tempfile.mkdtemp())
        self.paths = VaultPaths(self.folder / "vault")
        shutil.copytree(make_vault(), self.paths.folder)
        self.store = Store.open(self.paths, unlock(self.paths, PASSPHRASE), FixedClock(NOON))
        self.now: World = {}
        self.done: list[World] = []
        self.undone: list[World] = []

    def teardown(self):
        if hasattr(self, "store"):
            self.store.close()
            shutil.rmtree(self.folder)

    def _act(self, after: World) -> None:
        if after != self.now:
            self.done.append(self.now)
            self.undone.clear()
            self.now = after

    @rule(names=st.lists(st.sampled_from(NAMES), min_size=1, max_size=3))
    def add(self, names):
        after = dict(self.now)
        with self.store.write("Add client") as s:
            for name in names:
                after[s.add(Client(number=s.number("client"), last_name=name)).id] = name
        self._act(after)

    @precondition(lambda self: self.now)
    @rule(data=st.data())
    def edit(self, data):
        edits = data.draw(st.dictionaries(st.sampled_from(sorted(self.now)), st.sampled_from(NAMES), min_size=1))
        with self.store.write("Edit client") as s:
            for key, name in edits.items():
                s.get_one(Client, key).last_name = name
        self._act(self.now | edits)

    @precondition(lambda self: self.now)
    @rule(data=st.data(), name=st.sampled_from(NAMES))
    def remove_and_edit(self, data, name):
        key, *others = data.draw(st.permutations(sorted(self.now)))
        after = {each: name if each in others[:1] else self.now[each] for each in others}
        with self.store.write("Remove client") as s:
            s.remove(s.get_one(Client, key))
            for other in others[:1]:
                s.get_one(Client, other).last_name = name
        self._act(after)

    @precondition(lambda self: self.now)
    @rule(data=st.data())
    def fail(self, data):
        key = data.draw(st.sampled_from(sorted(self.now)))
        with suppress(ZeroDivisionError), self.store.write("Edit client") as s:
            s.get_one(Client, key).last_name = "Lost"
            s.add(Client(number="C-0", last_name="Lost"))
            s.execute(select(Client.id))
            raise ZeroDivisionError

    @precondition(lambda self: self.done)
    @rule()
    def undo(self):
        self.store.undo()
        self.undone.append(self.now)
        self.now = self.done.pop()

    @precondition(lambda self: self.undone)
    @rule()
    def redo(self):
        self.store.redo()
        self.done.append(self.now)
        self.now = self.undone.pop()

    @rule()
    def reopen(self):
        self.store.close()
        self.store = Store.open(self.paths, unlock(self.paths, PASSPHRASE), FixedClock(NOON))
        self.done.clear()
        self.undone.clear()

    @invariant()
    def the_file_says_what_the_model_says(self):
        if not hasattr(self, "store"):
            return
        with self.store.read() as s:
            assert dict(s.execute(select(Client.id, Client.last_name)).all()) == self.now
            for name in NAMES:
                found = {hit.ref for hit in search(s, name, (index.Kind.CLIENT,), limit=100)}
                assert found == {key for key, value in self.now.items() if value == name}
        assert (self.store.undo_label is None) == (not self.done)
        assert (self.store.redo_label is None) == (not self.undone)
        assert self.store.verify_audit().is_sound


TestDoor = Door.TestCase
TestDoor.settings = settings(max_examples=6, stateful_step_count=15, deadline=None)
