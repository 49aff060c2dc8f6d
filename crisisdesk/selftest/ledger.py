"""What was acknowledged, written down outside the vault: the yardstick for "nothing is lost" (security.md 5).

A ledger is a file of JSON lines, each on the disk before the driver goes on:

    {"is": "try", "n": 7, "act": "edit note", "facts": […]}            before the act
    {"is": "ack", "n": 7, "act": …, "facts": […], "step": 41, "audit": 57}   after the desk has returned

A fact says what a row of the vault must hold: its table and key, the columns, and the SHA-256 of their values. A row
that must not be there has "" for its hash. A row that is still to be made has "" for its key. ``step`` is the
journal's last step, ``audit`` the audit log's last line at that moment.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

_BINARY = getattr(os, "O_BINARY", 0)


@dataclass(frozen=True)
class Fact:
    """What one row must hold. No ``sha`` means that the row must not be there, no ``key`` that it is to be made."""

    table: str
    key: str
    columns: tuple[str, ...]
    sha: str

    @classmethod
    def of(cls, table: str, key: str, values: Mapping[str, object]) -> "Fact":
        """Return the fact that a row holds these values."""
        columns = tuple(sorted(values))
        return cls(table, key, columns, _sha([values[name] for name in columns]))

    @classmethod
    def gone(cls, table: str, key: str) -> "Fact":
        """Return the fact that there is no such row."""
        return cls(table, key, (), "")

    def holds(self, image: Mapping[str, object] | None) -> bool:
        """Whether a row, as it lies in the vault, is as the fact says."""
        if image is None or not self.sha:
            return image is None and not self.sha
        return _sha([image.get(name) for name in self.columns]) == self.sha

    def with_key(self, key: str) -> "Fact":
        """Return the fact for a row whose key is known by now."""
        return Fact(self.table, key, self.columns, self.sha)


@dataclass(frozen=True)
class Line:
    """One line of a ledger; see the module."""

    kind: str
    number: int
    act: str
    facts: tuple[Fact, ...]
    step: int = 0
    audit: int = 0

    def plain(self) -> dict[str, object]:
        """Return it as its JSON has it."""
        facts = [[fact.table, fact.key, list(fact.columns), fact.sha] for fact in self.facts]
        return {
            "is": self.kind,
            "n": self.number,
            "act": self.act,
            "facts": facts,
            "step": self.step,
            "audit": self.audit,
        }


class Ledger:
    """A ledger that is being written. It never lies in the vault's own folder."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | _BINARY, 0o600)
        self._number = max((line.number for line in read(path)), default=0)

    def intend(self, act: str, facts: Iterable[Fact]) -> None:
        """Write down what is about to be done."""
        self._number += 1
        self._write(Line("try", self._number, act, tuple(facts)))

    def acknowledge(self, act: str, facts: Iterable[Fact], *, step: int, audit: int) -> None:
        """Write down that it was done: from now on it must never be lost."""
        self._write(Line("ack", self._number, act, tuple(facts), step, audit))

    def close(self) -> None:
        """Close the file."""
        os.close(self._descriptor)

    def _write(self, line: Line) -> None:
        os.write(self._descriptor, json.dumps(line.plain(), separators=(",", ":")).encode("ascii") + b"\n")
        os.fsync(self._descriptor)


@dataclass(frozen=True)
class Account:
    """What a ledger says by now: what each row must hold, and the act that was begun and not acknowledged."""

    facts: Mapping[tuple[str, str], Fact]
    acknowledged: int
    step: int
    audit: int
    open_try: Line | None


def read(path: Path) -> Iterator[Line]:
    """Yield a ledger's lines. A line that was cut off by a kill is left out: it was not acknowledged."""
    if not path.exists():
        return
    for raw in path.read_bytes().split(b"\n")[:-1]:
        plain = json.loads(raw)
        facts = tuple(Fact(table, key, tuple(columns), sha) for table, key, columns, sha in plain["facts"])
        yield Line(plain["is"], plain["n"], plain["act"], facts, plain["step"], plain["audit"])


def account(path: Path) -> Account:
    """Add a ledger up."""
    facts: dict[tuple[str, str], Fact] = {}
    acknowledged = step = audit = 0
    open_try: Line | None = None
    for line in read(path):
        if line.kind == "try":
            open_try = line
            continue
        open_try = None
        acknowledged += line.kind == "ack"
        step, audit = line.step, line.audit
        facts.update({(fact.table, fact.key): fact for fact in line.facts})
    return Account(facts, acknowledged, step, audit, open_try)


def settle(path: Path, facts: Iterable[Fact], *, step: int, audit: int) -> None:
    """Write down what the verifier found after a fault: what was begun stands, or never happened."""
    last = max((line.number for line in read(path)), default=0)
    ledger = Ledger(path)
    ledger._write(Line("settled", last, "settle", tuple(facts), step, audit))  # noqa: SLF001  its own module
    ledger.close()


def _sha(values: list[object]) -> str:
    return hashlib.sha256(json.dumps(values, ensure_ascii=True, separators=(",", ":")).encode("ascii")).hexdigest()
