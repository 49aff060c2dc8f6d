"""Looks through the memory of a program that has locked: no key after a soft lock, no word of hers after a hard one.

A program of its own opens a made-up vault offscreen, shows it, types half a note and locks as it was told. The one that
asked looks through its memory from outside, which only Linux allows, and only to root and to who started it.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crisisdesk.paths import VaultPaths
from crisisdesk.selftest.lock_child import VERB
from crisisdesk.vault.keys import MasterKey, Purpose

PASSPHRASE = "walnut-Meadow-carton-Tulip-88"  # noqa: S105  of a vault with made-up words
CANARIES = tuple(f"CANARY{number:02d}QXZVJKWPFH" for number in range(10))
MOST_COVERED = 500.0  # milliseconds until everything is covered
_FLOOR = 64  # KiB of a vault that holds nobody's secrets
_PIECE = 4 * 1024**2  # bytes read at once
_UTF16 = "utf-16-le"


@dataclass
class Found:
    """What was found, by when: how often each kind of secret lay in memory."""

    open_keys: int = 0  # before the lock: else the search itself is broken
    open_words: int = 0
    held: int = 0  # keys that the program kept alive, so that none was gone by chance
    keys_after_soft: int = 0
    words_after_hard: int = 0
    keys_after_hard: int = 0
    covered_ms: float = 0.0
    lost: int = 0  # characters of the half-typed note
    told: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        """Whether it is as promised."""
        is_clean = not (self.keys_after_soft or self.words_after_hard or self.keys_after_hard or self.lost)
        is_seen = self.open_keys > 0 and self.open_words > 0 and self.held > 0
        return is_clean and is_seen and self.covered_ms <= MOST_COVERED

    def line(self) -> str:
        """Return it in one line."""
        return (
            f"open: keys={self.open_keys} words={self.open_words}; soft lock: keys={self.keys_after_soft} of "
            f"{self.held} held; hard lock: keys={self.keys_after_hard} words={self.words_after_hard}; "
            f"covered in {self.covered_ms:.0f} ms; lost={self.lost} characters"
        )


def look(pid: int, secrets: tuple[bytes, ...]) -> int:
    """Return how often the secrets lie in a process's memory. Raises PermissionError."""
    longest = max(len(secret) for secret in secrets)
    return sum(piece.count(secret) for piece in _memory(pid, longest - 1) for secret in secrets)


def _memory(pid: int, overlap: int) -> Iterator[bytes]:
    with Path(f"/proc/{pid}/maps").open(encoding="ascii", errors="replace") as maps:
        spans = [line.split()[:2] for line in maps]
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for span, rights in spans:
            first, last = (int(part, 16) for part in span.split("-"))
            if not rights.startswith("rw") or last >= 1 << 63:
                continue
            at, before = first, b""
            while at < last:
                try:
                    memory.seek(at)
                    read = memory.read(min(_PIECE, last - at))
                except OSError:
                    break  # a page that nobody may read: a guard
                if not read:
                    break
                yield before + read
                before = read[-overlap:] if overlap else b""
                at += len(read)


def key_forms(master: MasterKey) -> tuple[bytes, ...]:
    """Return a vault's keys in the forms in which they might lie in memory: raw, and in hexadecimal."""
    keys = [bytes(master.secret), *(bytes(master.subkey(purpose)) for purpose in Purpose)]
    return tuple(form for key in keys for form in (key, key.hex().encode(), key.hex().upper().encode()))


def word_forms() -> tuple[bytes, ...]:
    """Return the marked words as Python and as Qt hold text."""
    return tuple(form for word in CANARIES for form in (word.encode(), word.encode(_UTF16)))


def _itself() -> tuple[str, ...]:
    """Return what starts the program that locks; a packaged program knows no modules by name, only words."""
    is_packaged = getattr(sys, "frozen", False)
    return (sys.executable, VERB) if is_packaged else (sys.executable, "-m", "crisisdesk", VERB)


class _Child:
    """The program that locks; it does what it is told by lines, and answers by lines."""

    def __init__(self, home: Path, wrapper: tuple[str, ...] = ()) -> None:
        environment = {**os.environ, "CRISISDESK_HOME": str(home), "QT_QPA_PLATFORM": "offscreen"}
        command = [*(wrapper or _itself()), str(home)]
        self._process = subprocess.Popen(  # noqa: S603  ourselves
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.pid = self._process.pid

    def ask(self, act: str, **more: str) -> dict[str, Any]:
        """Tell it something, and return its answer."""
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            raise RuntimeError("it has no pipes")
        stdin.write(json.dumps({"act": act, **more}) + "\n")
        stdin.flush()
        line = stdout.readline()
        if not line:
            raise RuntimeError(f"the program that was to lock has ended at “{act}”")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def end(self) -> None:
        """End it."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._process.terminate()
        self._process.wait()


def campaign(folder: Path, wrapper: tuple[str, ...] = ()) -> Found:
    """Let a program lock softly and then hard, in a folder of its own, and look through its memory each time."""
    from crisisdesk.clock import SystemClock  # noqa: PLC0415  only who looks needs a vault
    from crisisdesk.vault import access  # noqa: PLC0415  as above
    from crisisdesk.vault.recovery import RecoveryCode  # noqa: PLC0415  as above
    from crisisdesk.vault.slots import Cost  # noqa: PLC0415  as above
    from crisisdesk.vault.store import Store  # noqa: PLC0415  as above

    place = VaultPaths(folder / "vault")
    cost = Cost(memory_kib=_FLOOR, passes=1, lanes=1)
    Store.create(place, PASSPHRASE, RecoveryCode.random(), SystemClock(), cost=cost, floor=_FLOOR).close()
    keys = key_forms(access.unlock(place, PASSPHRASE, now=SystemClock().now(), floor=_FLOOR))
    words, found = (*word_forms(), PASSPHRASE.encode(), PASSPHRASE.encode(_UTF16)), Found()
    child = _Child(folder, wrapper)
    try:
        child.ask("open", passphrase=PASSPHRASE, name=CANARIES[0], note=" ".join(CANARIES[1:]))
        found.open_keys, found.open_words = look(child.pid, keys), look(child.pid, words)
        locked = child.ask("soft")
        found.covered_ms, found.held = float(locked["covered_ms"]), int(locked["held"])
        found.keys_after_soft = look(child.pid, keys)
        found.lost = int(child.ask("again")["lost"])
        child.ask("hard")
        found.keys_after_hard, found.words_after_hard = look(child.pid, keys), look(child.pid, words)
    finally:
        child.end()
    return found


def run(options: Any) -> int:  # noqa: ANN401  argparse's namespace
    """Run it once, say what was found, and return 0 if it is as promised."""
    if sys.platform != "linux":
        sys.stderr.write("Only Linux lets one program look through another's memory.\n")
        return 70
    with tempfile.TemporaryDirectory(prefix="crisisdesk-lock-") as scratch:
        found = campaign(Path(scratch))
    if getattr(options, "json", False):
        sys.stdout.write(json.dumps(vars(found)) + "\n")
    else:
        sys.stdout.write(found.line() + "\n")
    return 0 if found.is_good else 1
