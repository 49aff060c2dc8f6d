"""Damage copies of a vault and of its backup in every way, and see that each damage is found or does no harm (M9).

Found means that the product refuses, in a sentence of its own, or opens with a warning that says how much is missing.
Harmless means that it opens, and that the digest of everything in it is what it was.
"""

import hashlib
import random
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from crisisdesk.errors import VaultError
from crisisdesk.selftest import header
from crisisdesk.selftest.driver import Driver
from crisisdesk.selftest.ledger import Ledger
from crisisdesk.selftest.place import Trial
from crisisdesk.vault import backup
from crisisdesk.vault.checks import Checked, check_copy, look_through
from crisisdesk.vault.keys import MasterKey
from crisisdesk.vault.manifest import Kind
from crisisdesk.vault.store import Store

PAGE = 4096
_ACTS = 60
FOUND, HARMLESS, WARNED, MISSED = "found", "harmless", "warned", "MISSED"


@dataclass(frozen=True)
class Result:
    """What became of one damage; ``said`` is what the product says to it."""

    what: str
    outcome: str
    said: str = ""


@dataclass
class Bench:
    """A vault with a day's work in it, an older copy of it, its backup, and what it says of itself."""

    trial: Trial
    older: Path
    backup: Path
    said: Checked
    master: MasterKey
    dice: random.Random

    @classmethod
    def make(cls, folder: Path, seed: int) -> "Bench":
        """Set one up in a scratch folder."""
        trial = Trial.make(folder / "vault")
        for number in range(2):
            worker = Driver(trial.open, trial.clock, Ledger(folder / "ledger.jsonl"), seed + number)
            for _act in range(_ACTS):
                worker.act()
            made = worker.store.begin_backup(Kind.MANUAL).run()
            worker.close()
            if not number:
                shutil.copytree(trial.paths.folder, folder / "older")
        master = trial.key()
        said = look_through(trial.paths.database, master)
        return cls(trial, folder / "older", made.path, said, master, random.Random(seed))  # noqa: S311  repeatable

    def look(self, path: Path) -> Checked:
        """Look a database through as the product does."""
        return look_through(path, self.master)


def damage(flips: int, seed: int) -> list[Result]:
    """Try everything and return what became of each."""
    with tempfile.TemporaryDirectory(prefix="crisisdesk-trial-") as scratch:
        bench = Bench.make(Path(scratch) / "whole", seed)
        place = Path(scratch) / "copy"
        place.mkdir()
        results = [
            *_flips("bit in the database", bench.trial.paths.database, place, flips, bench.look, bench),
            *_flips("bit in a backup", bench.backup, place, flips // 2, lambda path: _verified(path, bench), bench),
            *_cuts(bench, place),
            *_pages(bench, place),
            *_files(bench, place),
            *_state(bench, flips // 4),
        ]
        bench.master.wipe()
    return results + [
        Result(f"key file: {each.what}", each.outcome, each.said) for each in header.flips(seed, flips // 4)
    ]


def _flips(
    what: str, whole: Path, place: Path, count: int, look: Callable[[Path], Checked], bench: Bench
) -> Iterator[Result]:
    copy = place / whole.name
    clean = whole.read_bytes()
    for _flip in range(count):
        at, bit = bench.dice.randrange(len(clean)), bench.dice.randrange(8)
        broken = bytearray(clean)
        broken[at] ^= 1 << bit
        copy.write_bytes(broken)
        yield _judge(what, lambda: look(copy), bench)


def _judge(what: str, look: Callable[[], Checked], bench: Bench) -> Result:
    try:
        found = look()
    except VaultError as refused:
        return Result(what, FOUND, str(refused))
    is_same = found.digest == bench.said.digest and found.audit == bench.said.audit
    return Result(what, HARMLESS if is_same else MISSED)


def _verified(path: Path, bench: Bench) -> Checked:
    """Verify a backup; what it holds is the vault's own, up to the lines that the log has got since."""
    backup.verify(path, bench.master)
    return bench.said


def _cuts(bench: Bench, place: Path) -> Iterator[Result]:
    clean = bench.trial.paths.database.read_bytes()
    half = len(clean) // PAGE // 2 * PAGE
    for name, size in (
        ("cut to nothing", 0),
        ("cut to 100 bytes", 100),
        ("cut to a page", PAGE),
        ("cut at a page's end", half),
        ("cut within a page", half + 1000),
        ("cut by a page", len(clean) - PAGE),
        ("cut by a byte", len(clean) - 1),
    ):
        copy = place / "vault.db"
        copy.write_bytes(clean[:size])
        yield _judge(name, partial(bench.look, copy), bench)


def _pages(bench: Bench, place: Path) -> Iterator[Result]:
    """Swap two pages; put one of an older copy back, which only a manifest tells, so that is held against it."""
    copy = place / "vault.db"
    clean, old = bench.trial.paths.database.read_bytes(), (bench.older / "vault.db").read_bytes()
    pages = len(clean) // PAGE
    for first, second in ((1, 2), (2, pages - 1), (pages // 3, pages // 2)):
        broken = bytearray(clean)
        broken[first * PAGE : (first + 1) * PAGE] = clean[second * PAGE : (second + 1) * PAGE]
        broken[second * PAGE : (second + 1) * PAGE] = clean[first * PAGE : (first + 1) * PAGE]
        copy.write_bytes(broken)
        yield _judge("two pages swapped", lambda: bench.look(copy), bench)
    sha256 = hashlib.sha256(clean).hexdigest()
    for page in range(1, len(old) // PAGE):
        span = slice(page * PAGE, (page + 1) * PAGE)
        if old[span] == clean[span]:
            continue
        copy.write_bytes(clean[: span.start] + old[span] + clean[span.stop :])
        # As if the sum over the bytes had been forged too: what the file says must still give it away.
        forged = hashlib.sha256(copy.read_bytes()).hexdigest()
        for name, told in (("an old page", sha256), ("an old page, its sum forged", forged)):
            look = partial(check_copy, copy, bench.master, size=len(clean), sha256=told, said=bench.said)
            yield _judge(name, look, bench)


def _files(bench: Bench, place: Path) -> Iterator[Result]:
    """Put another file in the place of the vault's."""
    other = Trial.make(place / "other")
    plain = b"SQLite format 3\0" + bytes(2 * PAGE - 16)
    for name, content in (
        ("another vault's file", other.paths.database.read_bytes()),
        ("a plain database", plain),
        ("an empty file", b""),
        ("text", b"Not a vault. " * 1000),
    ):
        yield _opened(name, bench, place / name.replace(" ", "-"), content)
    yield _opened("an old file", bench, place / "old", (bench.older / "vault.db").read_bytes())


def _opened(name: str, bench: Bench, place: Path, content: bytes) -> Result:
    """Put a file into a copy of the vault's folder and open that as the window does."""
    paths = replace(bench.trial.paths, folder=shutil.copytree(bench.trial.paths.folder, place))
    paths.database.write_bytes(content)
    before = paths.database.read_bytes()
    try:
        store = Store.open(paths, MasterKey(bytearray(bench.master.secret)), bench.trial.clock)
    except VaultError as refused:
        is_kept = paths.database.read_bytes() == before
        return Result(name, FOUND if is_kept else MISSED, str(refused))
    warning = store.rollback_warning
    store.close()
    if warning is None:
        return Result(name, MISSED)
    return Result(name, WARNED, f"{warning.lines_behind} acts are missing")


def _state(bench: Bench, count: int) -> Iterator[Result]:
    """Damage what may be lost without harm: the vault still opens, and says what it said."""
    state = bench.trial.paths.state
    clean = state.read_bytes()
    spoiled: list[tuple[str, bytes]] = [("state file gone", b""), ("state file is text", b"{" * 10_000)]
    for _flip in range(count):
        broken = bytearray(clean)
        broken[bench.dice.randrange(len(clean))] ^= 1 << bench.dice.randrange(8)
        spoiled.append(("bit in the state file", bytes(broken)))
    for name, content in spoiled:
        state.write_bytes(content)
        store = Store.open(bench.trial.paths, MasterKey(bytearray(bench.master.secret)), bench.trial.clock)
        outcome = HARMLESS if store.verify_audit().is_sound else MISSED
        store.close()
        yield Result(name, outcome)
    state.write_bytes(clean)


def table(results: Iterable[Result]) -> str:
    """Return how many damages of each sort there were and what became of them; a line a sort, the sum in the last."""
    counted: dict[str, dict[str, int]] = {}
    said: dict[str, str] = {}
    for each in results:
        of_sort = counted.setdefault(each.what, dict.fromkeys((FOUND, HARMLESS, WARNED, MISSED), 0))
        of_sort[each.outcome] += 1
        said.setdefault(each.what, each.said)
    lines = [
        f"{what:<34} " + " ".join(f"{name}={count}" for name, count in outcomes.items() if count) + f"  {said[what]}"
        for what, outcomes in counted.items()
    ]
    total = {name: sum(outcomes[name] for outcomes in counted.values()) for name in (FOUND, HARMLESS, WARNED, MISSED)}
    return "\n".join([*lines, " ".join(f"{name.lower()}={count}" for name, count in total.items())])
